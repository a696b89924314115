"""The picture that a page offers for its preview elsewhere."""
from typing import Dict

NAMES = ("og:image", "twitter:image")


def social_image(attributes: Dict[str, str]) -> str:
    """The address in one `meta`, or "" where it is about something else."""
    name = attributes.get("property") or attributes.get("name") or ""
    return attributes.get("content", "") if name.lower() in NAMES else ""
