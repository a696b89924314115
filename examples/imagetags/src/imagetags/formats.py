"""The format of an image, by its media type or its file name. The names stand in formats.json."""
import json
import os.path
from typing import Optional
from urllib.parse import urlsplit

with open(os.path.join(os.path.dirname(__file__), "formats.json"), encoding="utf-8") as file:
    _table = json.load(file)


def format_of(url: str, media_type: Optional[str] = None) -> str:
    """The format that `media_type` names, else the one that `url` shows, else "unknown"."""
    if media_type is None and url[:5].lower() == "data:":
        media_type = url[5:].split(",")[0].split(";")[0]
    if media_type:
        return _table["mediaTypes"].get(media_type.strip().lower(), "unknown")
    try:
        extension = os.path.splitext(urlsplit(url).path)[1]
    except ValueError:  # e.g. `http://[broken`
        return "unknown"
    return _table["extensions"].get(extension.lower(), "unknown")
