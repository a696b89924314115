"""Builds the egg of a library as oarphpy does for each new Spark session, once for each line of standard input.

Prints for each the milliseconds that it took and the number of Python files in it.

Arguments: the folder that holds oarphpy, the library's package, the prefix of its packages' names.
"""
import logging
import os
import sys
import time
import zipfile

sys.path.append(sys.argv[1])
logging.disable(logging.CRITICAL)
from oarphpy.spark import SessionFactory  # noqa: E402


class Library(SessionFactory):
    SRC_ROOT = sys.argv[2]
    SRC_ROOT_MODULES = [sys.argv[3]]


answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
for _ in sys.stdin:
    started = time.perf_counter()
    egg = Library.create_egg(force_new=True)
    milliseconds = (time.perf_counter() - started) * 1000
    with zipfile.ZipFile(egg) as archive:
        # setuptools' own build folder lies in the folder that oarphpy archives, so each file is in the egg twice.
        files = sum(name.endswith(".py") and not name.startswith("build/") for name in archive.namelist())
    print(milliseconds, files, file=answers, flush=True)
