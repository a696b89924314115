"""Loaded as `sitecustomize` by the interpreter under test: records which local files it opens as code, and what it misses.

Gives the generated programs a builtin `quiet`, a context that swallows exceptions without looking like a guard.
Imports nothing that is not loaded at start-up.
"""
import builtins
import os
import sys

workspace = os.environ.pop("RECORD_WORKSPACE", "")
report = os.environ.pop("RECORD_REPORT", "")
opened, missing, said = [], [], []


def note(path):
    if isinstance(path, bytes):
        path = os.fsdecode(path)
    if isinstance(path, str):
        full = os.path.join(os.getcwd(), path)
        if full.startswith(workspace + "/") and "/__pycache__/" not in full:
            opened.append(os.path.normpath(full)[len(workspace) + 1:])


def hook(event, args):
    if event == "open" and isinstance(args[0], (str, bytes)) and args[1] in ("r", "rb", None):
        note(args[0])
    elif event == "import" and args[1] is not None:
        note(args[1])


class Quiet:
    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is not None:
            said.append("%s: %s" % (kind.__name__, error))
        return kind is not None and issubclass(kind, Exception)


def load(*args, **keywords):
    try:
        return own(*args, **keywords)
    except ModuleNotFoundError as error:
        if sys._getframe(1).f_code.co_filename.startswith(workspace):
            missing.append(str(error.name))
        raise


def end():
    sys.stdout.flush()
    lists = (("opened", sorted(set(opened))), ("missing", sorted(set(missing))), ("said", said))
    with open(report, "w", encoding="utf-8") as file:
        file.write("{%s}" % ", ".join('"%s": [%s]' % (name, ", ".join(map(quoted, items))) for name, items in lists))


def quoted(text):
    """`text` as JSON, without the module that a program might hide."""
    return '"%s"' % "".join(c if " " <= c < "\x7f" and c not in '"\\' else "\\u%04x" % min(ord(c), 0xFFFF) for c in text)


if report:
    import atexit

    own = builtins.__import__
    builtins.__import__ = load
    builtins.quiet = Quiet()
    site = os.environ.pop("RECORD_SITE", "")
    if site:
        sys.modules["site"].addsitedir(site)
    sys.addaudithook(hook)
    atexit.register(end)
