"""How a tag is called in logs and tables: the place to edit when you try out Slingshot."""


def label(tag) -> str:
    """The image's format and what the page says about it, e.g. `PNG: The harbour at dawn`."""
    words = "no description" if tag.alt is None else tag.alt or "decoration"
    return f"{tag.format}: {words}"
