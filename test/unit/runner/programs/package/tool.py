from . import helper
from .helper import VALUE
import sys
print(__name__, __package__, __spec__.name, __file__, sys.argv, VALUE, sorted(set(sys.modules) & {"runpy", "package", "package.helper"}))
print([(n, type(v).__name__) for n, v in list(globals().items())], getattr(sys, "orig_argv", [])[1:])


class C:
    pass


import pickle
print(pickle.dumps(C))
if len(sys.argv) > 1:
    helper.fail()
