import sys


class Odd(Exception):
    def __str__(self):
        raise ValueError("no text")


if sys.version_info >= (3, 11):
    error = ValueError("one")
    error.add_note("a note")
    raise ExceptionGroup("several", [error, TypeError("two")])
raise Odd
