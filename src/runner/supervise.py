"""What a backend starts: `python supervise.py SPEC`, in a session of its own.

Forks first thing: the child becomes the user's program and has loaded nothing that `python file.py` would not have; the
parent becomes the supervisor. So the program costs no second start of the interpreter, and the supervisor's imports,
the check of the tree and the program's own set-up run side by side. `--program` is the child where it has to be a new
process: where an environment variable is read only when a process starts, and on systems without fork.

This file alone must be understood by Python 2.7 and every 3.x, so that an old interpreter is refused in words.
"""
initial = list(globals())  # the names that a script's module has, before it runs

import os
import sys


def refuse(spec_path):
    """Write run/exit.json: this Python is too old."""
    import io
    import json
    import time

    words = "This is Python %d.%d (%s); jobs need Python 3.8 or later. Set `python` of the target to a newer interpreter."
    now = int(time.time() * 1000)
    report = {
        "outcome": "failed",
        "code": 1,
        "signal": None,
        "message": words % (sys.version_info[0], sys.version_info[1], sys.executable),
        "startedAt": None,
        "endedAt": now,
        "logBytes": 0,
    }
    with io.open(spec_path, encoding="utf-8") as stream:
        spec = json.load(stream)
    if spec.get("env") and os.path.exists(spec["env"]):
        os.remove(spec["env"])
    path = os.path.join(spec["folder"], "run", "exit.json")
    handle = os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.write(handle, json.dumps(report).encode("utf-8"))
    os.close(handle)
    os.rename(path + ".new", path)


def start():
    """Return the program, in the program's process; the supervisor's process ends in here."""
    if sys.argv[1] == "--program":
        import program

        program.receive(program.open_channel(sys.argv[2]), initial, renewed=True)
        return program
    if not hasattr(os, "fork"):
        import supervisor

        os._exit(supervisor.main(sys.argv[1], None))
    go, out, err = os.pipe(), os.pipe(), os.pipe()
    pid = os.fork()
    if pid:
        for fd in (go[0], out[1], err[1]):
            os.close(fd)
        import supervisor

        os._exit(supervisor.main(sys.argv[1], (pid, go[1], out[0], err[0])))
    os.setsid()
    for fd in (go[1], out[0], err[0]):
        os.close(fd)
    import program

    program.connect(out[1], err[1])
    program.receive(go[0], initial, renewed=False)
    return program


if sys.version_info < (3, 8):
    refuse(sys.argv[1])
else:
    here = os.path.dirname(os.path.abspath(__file__))
    if sys.path[:1] != [here]:
        sys.path.insert(0, here)  # PYTHONSAFEPATH leaves the script's folder out
    program = start()
    try:
        program.run()
    finally:
        program.done()
