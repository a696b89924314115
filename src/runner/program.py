"""The child: waits for the go message, sets up, runs the entry. Until then it loads nothing that plain Python has not."""
import os
import sys

import arguments
import entry
import failure
import figures
import flusher
import modulepath
import values

state = {"flusher": None, "go": None, "engine": None, "failed": False}
runner_dir = os.path.dirname(os.path.abspath(__file__))


def connect(out, err):
    """Descriptors 0, 1 and 2 of the program: end-of-file, and its own two pipes."""
    null = os.open(os.devnull, os.O_RDONLY)
    for fd, wanted in ((null, 0), (out, 1), (err, 2)):
        os.dup2(fd, wanted, True)
        if fd > 2:
            os.close(fd)


def open_channel(name):
    """The go message's source for a renewed process: a descriptor's number, or a file."""
    return int(name) if name.isdigit() else os.open(name, os.O_RDONLY | getattr(os, "O_BINARY", 0))


def receive(channel, initial, renewed):
    """Read the go message and become the job's process. The supervisor gone, or refusing, ends it silently."""
    try:
        message = read_message(channel)
        if message is None:
            os._exit(1)
        if message["renew"] and not renewed:
            renew(channel, message["environment"])
        os.close(channel)
        state["go"] = message
        state["pid"] = os.getpid()
        state["initial"] = initial
        set_up(message)
    except Exception as error:
        os.write(2, ("Slingshot could not set the program up: %s: %s\n" % (type(error).__name__, error)).encode())
        os._exit(1)


def read_message(channel):
    import marshal

    head = read_exactly(channel, 8)
    if len(head) < 8:
        return None
    size = int.from_bytes(head, "little")
    body = read_exactly(channel, size)
    return marshal.loads(body) if len(body) == size else None


def read_exactly(channel, size):
    pieces = []
    while size:
        piece = os.read(channel, min(size, 1 << 20))
        if not piece:
            break
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def renew(channel, environment):
    """Start the interpreter again with the job's environment: some variables are read only then."""
    os.set_inheritable(channel, True)
    words = getattr(sys, "orig_argv", [sys.executable])[:1] + [sys.argv[0], "--program", str(channel)]
    if sys.flags.utf8_mode and "PYTHONUTF8" not in os.environ and environment.get("LC_CTYPE") == os.environ.get("LC_CTYPE"):
        # Python itself put LC_CTYPE there because the locale is C (PEP 538); handed on, it would switch UTF-8 mode off.
        environment = {name: value for name, value in environment.items() if name != "LC_CTYPE"}
    os.execve(sys.executable, words, environment)


def set_up(message):
    environment = message["environment"]
    for name in list(os.environ):
        if name not in environment:
            del os.environ[name]
    for name, value in environment.items():
        if os.environ.get(name) != value:
            os.environ[name] = value
    os.chdir(message["workdir"])
    if message["engine"]:
        state["engine"] = __import__(message["engine"]["module"])
    modulepath.apply(message["tree"], message["manifest"], extra=message["extraPath"])
    forget()
    line_buffered()
    figures.install(message["figures"])
    state["flusher"] = flusher.Flusher()
    state["flusher"].start()
    if state["engine"]:
        state["engine"].child(message["engine"]["info"])


def forget():
    """Leave no trace of the runner in `sys.modules`: the names are the user's."""
    for name, module in list(sys.modules.items()):
        if os.path.dirname(os.path.abspath(getattr(module, "__file__", None) or "")) == runner_dir:
            if name != "__main__":
                del sys.modules[name]
    sys.path_importer_cache.pop(runner_dir, None)
    sys.path_importer_cache.pop(state["go"]["runner"], None)


def line_buffered():
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(line_buffering=True)


def run():
    """Run the entry. Returns, or raises SystemExit, exactly where the interpreter would end a plain script."""
    message = state["go"]
    manifest = message["manifest"]
    interrupt = None
    try:
        code, namespace = entry.prepare(message["tree"], manifest, message["argv"], state["initial"])
        if code is None:
            call(message, manifest)
        else:
            exec(code, namespace)
        join_threads()
        return
    except SystemExit as stop:
        words = getattr(stop, "slingshot", stop.code)
        record("exit", {"text": None if words is None or isinstance(words, int) else str(words)[:4000]})
        raise
    except BaseException as error:
        record("failure", failure.describe(error))
        failure.report(error)
        if isinstance(error, KeyboardInterrupt):
            interrupt = error
    join_threads()
    if interrupt is not None:
        # The interpreter ends itself by SIGINT for this one, whatever the hook did, which has run.
        sys.excepthook = lambda *_: None
        raise interrupt
    raise SystemExit(1)


def call(message, manifest):
    """A function entry: import its module, convert the arguments, call it, keep what it returns."""
    module = entry.load(message["tree"], manifest)
    engine, info = state["engine"], message["engine"] and message["engine"]["info"]
    result = arguments.call(module, manifest["entry"]["function"], message["arguments"], engine, info)
    record("returned", {})
    try:
        value = values.describe(result, message["preview"], engine, message["results"])
    except Exception as error:
        value = {"kind": "note", "text": "No preview: %s: %s" % (type(error).__name__, error)}
    record("result", value)


def join_threads():
    """What the interpreter does next anyway; here the flusher still runs for threads that print."""
    threading = sys.modules.get("threading")
    wait = getattr(threading, "_shutdown", None)
    if wait is not None and getattr(threading, "__file__", "").startswith(os.path.dirname(os.__file__)):
        wait()


def done():
    """Last of all before the interpreter ends."""
    if state["flusher"] is not None:
        state["flusher"].stop()
    finish = getattr(state["engine"], "finish", None)
    if finish is not None:
        try:
            finish(state["go"]["engine"]["info"])
        except Exception:
            pass


def record(name, value):
    """Tell the supervisor: a marshal file in the job's run folder. Never the program's failure."""
    if os.getpid() != state["pid"]:
        return  # a fork of the program that ran to the end of the script
    try:
        import marshal

        path = os.path.join(state["go"]["run"], name)
        fd = os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            view = memoryview(marshal.dumps(value))
            while view:
                view = view[os.write(fd, view) :]
        finally:
            os.close(fd)
        os.replace(path + ".new", path)
    except Exception:
        pass
