print([(name, type(value).__name__) for name, value in list(globals().items())])
import sys
print(__name__, __doc__, __file__, __spec__, __package__, __loader__.name, __loader__.path, __loader__.get_source("__main__")[:20])
print(sys.argv, getattr(sys, "orig_argv", None), sys.executable, sys.flags)
print(sys.path)
print(sorted(sys.modules))
print(sys.modules["__main__"].__dict__ is globals(), sys.modules["__main__"])
print(sorted(sys.path_importer_cache)[:0], sys.path_hooks, sys.meta_path[-3:])
import os
print(sorted(name for name in os.environ), os.getppid() > 0, os.umask(0o22))
for stream in (sys.stdin, sys.stdout, sys.stderr):
    print(stream.name, stream.mode, stream.encoding, stream.errors, stream.isatty(), stream.newlines, type(stream))
import threading, signal, gc, atexit
print(threading.enumerate() == [threading.main_thread()], threading.active_count(), threading.current_thread().name)
print([signal.getsignal(number) for number in sorted(signal.valid_signals())])
print(sys.getrecursionlimit(), sys.getswitchinterval(), gc.get_threshold(), sys.excepthook, sys.displayhook, sys.gettrace())
print(sys.dont_write_bytecode, sys.pycache_prefix, sys.warnoptions, sys._xoptions)
