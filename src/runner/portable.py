"""The program as a child process where there is no fork (Windows): a new interpreter, a thread for each pipe.

Cancelling from outside ends the whole process tree there, the supervisor with it; so nothing is lost here by having no signals.
"""
import os
import subprocess
import sys

from records import write_private


def start(folder, body, environment):
    """Start the program; its go message is a private file that is removed when the program has ended."""
    go = os.path.join(folder, "run", "go")
    write_private(go, len(body).to_bytes(8, "little") + body)
    words = [sys.executable, os.path.join(sys.path[0], "supervise.py"), "--program", go]
    flags = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
    program = subprocess.Popen(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0, env=environment, creationflags=flags
    )
    program.go = go
    return program


def follow(program, pump, tick):
    """Pump until both pipes are at their end; returns the exit code, negative for a signal. `tick(pump)` is called at
    least every 200 ms and writes what a full disk held back."""
    import queue
    import threading

    pieces = queue.Queue(64)
    for stream, pipe in ((1, program.stdout), (2, program.stderr)):
        threading.Thread(target=_read, args=(pieces, stream, pipe), daemon=True).start()
    open_pipes, quiet = 2, 0
    while open_pipes and quiet < 25:
        tick(pump)
        if pump.full:
            _pause()
            continue
        try:
            data, stream = pieces.get(timeout=0.2)
        except queue.Empty:
            quiet = quiet + 1 if program.poll() is not None else 0
            continue
        if data:
            pump.put(data, stream)
        else:
            open_pipes -= 1
    while pump.full:
        tick(pump)
        _pause()
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


def _pause():
    import time

    time.sleep(0.2)
