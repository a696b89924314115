"""The program as a child process where there is no fork (Windows): a new interpreter, a thread for each pipe.

Cancelling from outside ends the whole process tree there, the supervisor with it; so nothing is lost here by having no signals.
"""
import os
import subprocess
import sys
import time

from records import write_private


def start(folder, message, environment):
    """Start the program; its go message is a private file that is removed when the program has ended."""
    go = os.path.join(folder, "run", "go")
    write_private(go, message)
    words = [sys.executable, os.path.join(sys.path[0], "supervise.py"), "--program", go]
    flags = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
    program = subprocess.Popen(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0, env=environment, creationflags=flags
    )
    program.go = go
    return program


def follow(program, pump, tell):
    """Pump until both pipes are at their end; returns the exit code, negative for a signal. `tell(full)` as in Follower."""
    import queue
    import threading

    pieces = queue.Queue(64)
    for stream, pipe in ((1, program.stdout), (2, program.stderr)):
        threading.Thread(target=_read, args=(pieces, stream, pipe), daemon=True).start()
    open_pipes, quiet = 2, 0
    while open_pipes and quiet < 25:
        try:
            data, stream = pieces.get(timeout=0.2)
        except queue.Empty:
            quiet = quiet + 1 if program.poll() is not None else 0
            continue
        if not data:
            open_pipes -= 1
            continue
        pump.put(data, stream)
        if pump.full:
            tell(True)
            while not pump.write():
                time.sleep(0.2)
            tell(False)
    code = program.wait()
    try:
        os.unlink(program.go)
    except OSError:
        pass
    return code


def _read(pieces, stream, pipe):
    while True:
        data = os.read(pipe.fileno(), 1 << 16)
        pieces.put((data, stream))
        if not data:
            return
