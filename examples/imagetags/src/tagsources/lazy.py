"""Images that a script loads late: the address waits in an attribute of the script's own."""
from typing import Dict, Iterator

ATTRIBUTES = ("data-src", "data-original", "data-lazy-src")


def lazy_sources(attributes: Dict[str, str]) -> Iterator[str]:
    """The waiting addresses of one `img`."""
    for name in ATTRIBUTES:
        if name in attributes:
            yield attributes[name]
