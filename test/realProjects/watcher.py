"""Loaded as `sitecustomize` beside a real program: records which files below a folder it opens as code, and who asked for them."""
import os
import sys

top = os.environ.pop("WATCH_TREE", "")
report = os.environ.pop("WATCH_REPORT", "")
opened = {}
busy = []


def hook(event, args):
    if busy:
        return
    path = args[0] if event == "open" else args[1] if event == "import" else None
    if event == "open" and args[1] not in ("r", "rb", None) or not isinstance(path, str):
        return
    if not path.startswith(top) or not path.endswith((".py", ".so")) or path in opened:
        return
    frame, places = sys._getframe(1), []
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith(top):
            places.append("%s:%d" % (name[len(top):], frame.f_lineno))
        frame = frame.f_back
    # Linters read sources, too: only what the import system asks for counts.
    if event == "import" or sys._getframe(1).f_code.co_filename.startswith("<frozen "):
        opened[path] = places


def end():
    busy.append(True)
    import json

    with open(report, "w", encoding="utf-8") as file:
        json.dump({path[len(top):]: places for path, places in sorted(opened.items())}, file)


if report:
    import atexit

    top = os.path.join(top, "")
    sys.addaudithook(hook)
    atexit.register(end)
