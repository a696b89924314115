"""Cleaning by age, once a day at most, in a process of its own: jobs that have ended, trees, the runner of other versions,
and content that nothing has used for long. What a launch touches is never old."""
import os
import shutil
import time

DAY = 86400
# Days without use.
JOBS = 30
OTHERS = 14


def begin(root, jobs):
    """Fork, where a day has passed since the last time."""
    mark = os.path.join(root, "cleaned")
    try:
        if abs(time.time() - os.stat(mark).st_mtime) < DAY:
            return
    except OSError:
        pass
    with open(mark, "wb"):
        pass
    if os.fork():
        return
    try:
        null = os.open(os.devnull, os.O_RDWR)
        for fd in range(3):
            os.dup2(null, fd)
        # The connection's own pipes: it must not stay open for this.
        os.closerange(3, 64)
        os.setsid()
        os.nice(19)
        clean(root, jobs, time.time())
    finally:
        os._exit(0)


def clean(root, jobs, now):
    used = set()
    for job, path, age in _entries(root, "jobs", now):
        if job.startswith("."):
            if age > DAY:
                _remove(path)
            continue
        state = jobs.state(job)["state"]
        if age > JOBS * DAY and state in ("ended", "dead", "gone"):
            _remove(path)
        else:
            used |= _needs(path)
    for kind in ("trees", "runner"):
        for name, path, age in _entries(root, kind, now):
            if age > OTHERS * DAY and path not in used:
                _remove(path)
    for folder in [entry[1] for entry in _entries(root, "store", now)]:
        for _, path, age in _entries(folder, "", now):
            if age > OTHERS * DAY:
                _quietly(os.unlink, path)
    for folder in [entry[1] for entry in _entries(root, "bytecode", now)]:
        for _, path, age in _entries(folder, "", now):
            if age > JOBS * DAY:
                _quietly(os.unlink, path)


def _entries(root, kind, now):
    """[(name, path, age in seconds)]; an entry's age is the time since it was made or marked as used."""
    folder = os.path.join(root, kind) if kind else root
    found = []
    try:
        for entry in os.scandir(folder):
            found.append((entry.name, entry.path, now - entry.stat(follow_symlinks=False).st_mtime))
    except OSError:
        pass
    return found


def _needs(folder):
    import json

    needed = set()
    for name, key in (("spec.json", "tree"), ("start.json", "runner")):
        try:
            with open(os.path.join(folder, "run", name), "rb") as stream:
                needed.add(json.loads(stream.read().decode("utf-8"))[key])
        except (OSError, ValueError, KeyError):
            continue
    return needed


def _remove(path):
    def again(_action, name, _error):
        _quietly(os.chmod, os.path.dirname(name), 0o700)
        _quietly(os.unlink, name)

    if not os.path.isdir(path) or os.path.islink(path):
        return _quietly(os.unlink, path)
    for folder, _, _ in os.walk(path):
        _quietly(os.chmod, folder, 0o700)
    shutil.rmtree(path, onerror=again)


def _quietly(action, *words):
    try:
        action(*words)
    except OSError:
        pass
