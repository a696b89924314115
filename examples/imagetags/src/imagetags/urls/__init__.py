"""Addresses as pages write them."""
from .resolve import absolute
from .srcset import candidates

__all__ = ["absolute", "candidates"]
