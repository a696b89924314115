"""The folder of pages, and the table that comes out of it."""
import csv
import os
import re
from typing import Any, Dict, Iterable, List, Tuple

SITE = "https://harbour.example/"  # where the shipped pages would stand
COLUMNS = ["page", "line", "element", "format", "url", "alt", "label"]

_charset = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)


def read_pages(folder: str) -> List[Tuple[str, str]]:
    """(name, text) of every `.html` file in `folder`, sorted by name. `FileNotFoundError` if there is no such folder."""
    names = sorted(name for name in os.listdir(folder) if name.lower().endswith(".html"))
    return [(name, _text(os.path.join(folder, name))) for name in names]


def address_of(name: str) -> str:
    """The URL of the page called `name`."""
    return SITE + name


def write_rows(path: str, rows: Iterable[Dict[str, Any]]) -> None:
    """Writes `rows` as CSV (UTF-8, `\\n`) with a header."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def _text(path: str) -> str:
    with open(path, "rb") as file:
        content = file.read()
    named = _charset.search(content[:1024])
    try:
        return content.decode(named.group(1).decode("ascii") if named else "utf-8-sig", "replace")
    except LookupError:  # a charset that Python does not know
        return content.decode("utf-8-sig", "replace")
