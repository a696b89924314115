"""Scrapes the image tags of a folder of pages on Spark, as a DataFrame with a UDF.

    PYTHONPATH=src spark-submit jobs/scrape_dataframe.py [pages]
"""
import sys

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import explode, udf

from imagetags import image_tags
from imagetags.pages import COLUMNS, address_of, read_pages, write_rows


IMAGE = "struct<line: int, element: string, format: string, url: string, alt: string, label: string>"


def images_of(page, html):
    return [image.row() for image in image_tags(page, html, address_of(page))]


def scrape(spark: SparkSession, pages: str = "pages") -> DataFrame:
    """One row for each image tag of the pages in folder `pages`."""
    found = spark.createDataFrame(read_pages(pages), "page string, html string")
    print(f"{found.count()} pages in {pages}")
    find = udf(images_of, f"array<{IMAGE}>")
    images = found.select("page", explode(find("page", "html")).alias("image"))
    return images.select("page", "image.*").select(*COLUMNS)


if __name__ == "__main__":
    session = SparkSession.builder.appName("imagetags as DataFrame").getOrCreate()
    rows = [row.asDict() for row in scrape(session, *sys.argv[1:2]).collect()]
    for row in rows:
        print(f"{row['page']} line {row['line']}  {row['label']}")
    write_rows("out.csv", rows)
    print(f"{len(rows)} rows in out.csv")
    session.stop()
