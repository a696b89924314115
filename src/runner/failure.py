"""An exception as plain data, and its report as plain Python prints it. Loaded by the program: imports `os`, `sys` only."""
import os
import sys

here = os.path.dirname(os.path.abspath(__file__))
LONGEST = 200
# Files outside this folder that are the runner's too: `.slingshot/run.py` of an unpacked bundle.
entrances = set()


def own(code):
    """Whether a frame of this code is the runner's."""
    name = code.co_filename
    return name == "<slingshot>" or os.path.dirname(os.path.abspath(name)) == here or name in entrances


def strip(trace):
    """The traceback without the runner's frames: those below the program's first, and hooks of an import further up."""
    while trace is not None and own(trace.tb_frame.f_code):
        trace = trace.tb_next
    inner = trace
    while inner is not None:
        while inner.tb_next is not None and own(inner.tb_next.tb_frame.f_code):
            inner.tb_next = inner.tb_next.tb_next
        inner = inner.tb_next
    return trace


def clean(error, seen=None):
    """Strip `error` and all that it is chained to."""
    seen = set() if seen is None else seen
    if error is None or id(error) in seen:
        return
    seen.add(id(error))
    error.__traceback__ = strip(error.__traceback__)
    clean(error.__cause__, seen)
    clean(error.__context__, seen)
    for inner in getattr(error, "exceptions", None) or ():
        if isinstance(inner, BaseException):
            clean(inner, seen)


def report(error):
    """What the interpreter does with an exception that nobody caught: `sys.last_*`, then `sys.excepthook`."""
    clean(error)
    kind, trace = type(error), error.__traceback__
    sys.last_type, sys.last_value, sys.last_traceback = kind, error, trace
    if sys.version_info >= (3, 12):
        sys.last_exc = error
    hook = getattr(sys, "excepthook", None)
    if hook is None:
        if sys.stderr is not None:
            sys.stderr.write("sys.excepthook is missing\n")
        sys.__excepthook__(kind, error, trace)
        return
    sys.audit("sys.excepthook", hook, kind, error, trace)
    try:
        hook(kind, error, trace)
    except SystemExit:
        raise
    except BaseException as second:
        second.__traceback__ = strip(second.__traceback__)
        second.__context__ = None if second.__context__ is error else second.__context__
        if sys.stdout is not None:
            sys.stdout.flush()
        write = sys.stderr.write if sys.stderr is not None else (lambda text: None)
        write("Error in sys.excepthook:\n")
        sys.__excepthook__(type(second), second, second.__traceback__)
        write("\nOriginal exception was:\n")
        sys.__excepthook__(kind, error, trace)
    for stream in (sys.stderr, sys.stdout):
        try:
            stream.flush()
        except Exception:
            pass


def describe(error, depth=0, seen=None):
    """`error` as a dict of marshal types: type, message, frames (file, line, name), cause or context, notes, group,
    syntax. Files are absolute paths; the supervisor makes them relative to the tree and adds the lines' text."""
    seen = {id(error)} if seen is None else seen | {id(error)}
    kind = type(error)
    module = getattr(kind, "__module__", "builtins")
    data = {
        "type": kind.__qualname__ if module in ("builtins", "__main__") else "%s.%s" % (module, kind.__qualname__),
        "message": _text(error),
        "frames": frames(strip(error.__traceback__)),
    }
    if isinstance(error, SyntaxError) and isinstance(error.filename, str):
        data["syntax"] = {
            "file": error.filename,
            "line": error.lineno if isinstance(error.lineno, int) else None,
            "column": error.offset if isinstance(error.offset, int) else None,
            "text": error.text.rstrip("\n") if isinstance(error.text, str) else None,
        }
        data["message"] = str(error.msg)
    notes = getattr(error, "__notes__", None)
    if isinstance(notes, (list, tuple)) and notes:
        data["notes"] = [str(note) for note in notes[:20]]
    if depth < 10:
        inner = getattr(error, "exceptions", None)
        if "ExceptionGroup" in kind.__name__ and isinstance(inner, (list, tuple)):
            data["group"] = [describe(item, depth + 1, seen) for item in inner[:20] if id(item) not in seen]
        if error.__cause__ is not None:
            if id(error.__cause__) not in seen:
                data["cause"] = describe(error.__cause__, depth + 1, seen)
        elif error.__context__ is not None and not error.__suppress_context__ and id(error.__context__) not in seen:
            data["context"] = describe(error.__context__, depth + 1, seen)
    return data


def frames(trace):
    """Frames from the outermost; of a very deep recursion the first and last."""
    found = []
    while trace is not None:
        code = trace.tb_frame.f_code
        found.append({"file": code.co_filename, "line": trace.tb_lineno or code.co_firstlineno, "name": code.co_name})
        trace = trace.tb_next
    return found if len(found) <= LONGEST else found[: LONGEST // 2] + found[-LONGEST // 2 :]


def _text(error):
    try:
        text = str(error)
    except Exception:
        return "<exception str() failed>"
    return text if len(text) <= 100000 else text[:100000] + "…"
