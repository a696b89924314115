"""Scrapes the image tags of a folder of pages on Spark, as an RDD: the library runs on the executors.

    PYTHONPATH=src spark-submit jobs/scrape_rdd.py [pages]
"""
import sys

from pyspark.sql import SparkSession

from imagetags import image_tags
from imagetags.pages import address_of, read_pages, write_rows


def main(pages="pages"):
    spark = SparkSession.builder.appName("imagetags as RDD").getOrCreate()
    found = read_pages(pages)
    print(f"{len(found)} pages in {pages}")
    images = spark.sparkContext.parallelize(found, 4).flatMap(
        lambda page: image_tags(page[0], page[1], address_of(page[0]))
    )
    for name, count in sorted(images.map(lambda image: image.format).countByValue().items()):
        print(f"    {count:3} {name}")
    rows = images.map(lambda image: image.row()).collect()
    for row in rows:
        print(f"{row['page']} line {row['line']}  {row['label']}")
    write_rows("out.csv", rows)
    print(f"{len(rows)} rows in out.csv")
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:2])
