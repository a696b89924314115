"""From the text of a page to its image tags."""
from html.parser import HTMLParser
from typing import Dict, Iterator, List, Optional, Tuple

from tagsources.lazy import lazy_sources
from tagsources.social import social_image

from imagetags.formats import format_of
from imagetags.tag import ImageTag
from imagetags.urls import absolute, candidates

Attributes = Dict[str, str]


def image_tags(page: str, html: str, address: str) -> List[ImageTag]:
    """The images of one page in the order of the page, each address once per tag.

    `page` is the name for the records, `address` the page's own URL. Broken HTML is read as far as it goes.
    """
    parser = _PageParser(page, address)
    parser.feed(html)
    parser.close()
    return parser.found


class _PageParser(HTMLParser):
    def __init__(self, page: str, address: str) -> None:
        super().__init__(convert_charrefs=True)
        self.page = page
        self.base = address
        self.in_picture = False
        self.found: List[ImageTag] = []

    def handle_starttag(self, tag: str, attrs: List[Tuple[str, Optional[str]]]) -> None:
        attributes: Attributes = {}
        for name, value in attrs:
            attributes.setdefault(name, value or "")  # of two attributes of one name the first counts
        if tag == "base" and attributes.get("href"):
            self.base = absolute(self.base, attributes["href"])
        elif tag == "picture":
            self.in_picture = True
        seen = set()
        for written in self.addresses(tag, attributes):
            url = absolute(self.base, written)
            if written.strip() and url not in seen:
                seen.add(url)
                self.add(tag, attributes, url)

    def handle_endtag(self, tag: str) -> None:
        if tag == "picture":
            self.in_picture = False

    def addresses(self, tag: str, attributes: Attributes) -> Iterator[str]:
        """What `tag` names as images, as written."""
        if tag == "img":
            yield attributes.get("src", "")
            yield from candidates(attributes.get("srcset", ""))
            yield from lazy_sources(attributes)
        elif tag == "source" and self.in_picture:
            yield from candidates(attributes.get("srcset", ""))
        elif tag == "input" and attributes.get("type", "").lower() == "image":
            yield attributes.get("src", "")
        elif tag == "video":
            yield attributes.get("poster", "")
        elif tag == "meta":
            yield social_image(attributes)

    def add(self, tag: str, attributes: Attributes, url: str) -> None:
        media_type = attributes.get("type") if tag == "source" else None
        self.found.append(
            ImageTag(
                page=self.page,
                line=self.getpos()[0],
                element=tag,
                url=url,
                format=format_of(url, media_type),
                alt=attributes.get("alt"),
            )
        )
