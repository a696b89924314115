"""Scrapes the image tags of a folder of pages in this process.

    PYTHONPATH=src python jobs/scrape_local.py [pages [limit]]
"""
import sys

from imagetags import image_tags
from imagetags.pages import address_of, read_pages, write_rows


# slingshot: job
def tags(pages: str = "pages", limit: int = 100):
    """At most `limit` image tags of the pages in folder `pages`: a pandas frame, or rows where pandas is missing."""
    found = read_pages(pages)
    print(f"{len(found)} pages in {pages}")
    rows = []
    for number, (name, html) in enumerate(found, 1):
        images = image_tags(name, html, address_of(name))
        print(f"[{number}/{len(found)}] {name}: {len(images)} image{'' if len(images) == 1 else 's'}")
        for image in images:
            row = image.row()
            print(f"    line {row['line']}  {row['label']}")
            rows.append(row)
    rows = rows[:limit]
    write_rows("out.csv", rows)
    print(f"{len(rows)} rows in out.csv")
    try:
        import pandas
    except ImportError:
        return rows
    return pandas.DataFrame(rows)


if __name__ == "__main__":
    tags(*sys.argv[1:2], *map(int, sys.argv[2:3]))
