"""A docstring of the main script."""
import inspect
import linecache
import sys


class Record:
    """A class of the script."""

    def method(self):
        return 1


def function(a, b=2):
    return a + b


print(__doc__)
print(inspect.getsource(function), inspect.getsource(Record), inspect.getsourcefile(Record), inspect.getmodule(function))
print(repr(linecache.getline(__file__, 9)), inspect.currentframe().f_lineno, function.__code__.co_filename)
print(len(inspect.getsource(sys.modules["__main__"])))
