"""The `srcset` attribute (HTML Living Standard, "Parsing a srcset attribute")."""
from typing import Iterator

BLANKS = " \t\n\r\f"


def candidates(srcset: str) -> Iterator[str]:
    """The addresses in `srcset`, without widths and densities. Commas inside an address belong to it."""
    at, end = 0, len(srcset)
    while True:
        while at < end and srcset[at] in BLANKS + ",":
            at += 1
        if at == end:
            return
        start = at
        while at < end and srcset[at] not in BLANKS:
            at += 1
        address = srcset[start:at]
        yield address.rstrip(",")
        if not address.endswith(","):
            at = _after_descriptors(srcset, at)


def _after_descriptors(srcset: str, at: int) -> int:
    depth = 0
    while at < len(srcset):
        if srcset[at] == "," and depth == 0:
            return at
        depth += {"(": 1, ")": -1}.get(srcset[at], 0)
        at += 1
    return at
