"""Finds the images that HTML pages show."""
from imagetags.parser import image_tags
from imagetags.tag import ImageTag

__all__ = ["ImageTag", "image_tags"]
