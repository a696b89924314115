import sys
import traceback


def hook(kind, value, trace):
    print("hooked", kind, value, [frame.name for frame in traceback.extract_tb(trace)], sys.last_value is value, file=sys.stderr)


sys.excepthook = hook
raise ValueError("seen by the hook")
