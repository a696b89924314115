"""From an address in a page to one that stands on its own."""
from urllib.parse import urljoin

DATA_HEAD = 40  # characters of a data URI that are kept


def absolute(base: str, address: str) -> str:
    """`address` seen from `base`. What can't be joined stays as it was written; data URIs are cut short."""
    address = address.strip()
    if address[:5].lower() == "data:":
        return address if len(address) <= DATA_HEAD else address[:DATA_HEAD] + "…"
    try:
        return urljoin(base, address)
    except ValueError:  # e.g. `http://[broken`
        return address
