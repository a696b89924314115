"""One image on one page."""
from dataclasses import asdict, dataclass
from typing import Dict, Optional, Union

from imagetags.label import label


@dataclass(frozen=True)
class ImageTag:
    """A record that pickles, so that Spark can move it between machines."""

    page: str
    line: int  # of the tag in the page, from 1
    element: str  # what named the image: `img`, `source`, `video`, `input`, `meta`
    url: str  # absolute; data URIs are cut to their head
    format: str  # as in formats.json, or "unknown"
    alt: Optional[str]  # None: the tag has no `alt`; "": it says that the image is decoration

    def row(self) -> Dict[str, Union[str, int, None]]:
        """The record as one row of a table, with its label."""
        return {**asdict(self), "label": label(self)}
