"""The agent of a host: one process at the other end of one ssh connection, which takes content in, starts jobs that
outlive it, and tells of them. It reads requests and writes replies (agent_wire.py), one loop, no threads; jobs are
files in the state directory, so an agent that dies takes nothing with it."""
import json
import os
import select
import sys
import time

import agent_cleaning
import agent_log
import agent_process
import agent_store
from agent_jobs import Jobs
from agent_wire import Fault, Wire

# Seconds without a word after which the other end is taken for gone; it says something every few seconds.
SILENCE = 120


class Agent:
    def __init__(self, wire):
        self.wire = wire
        self.steps = {}
        self.jobs = None
        self.store = None
        self.busy_until = 0.0

    def serve(self):
        heard = time.monotonic()
        while True:
            ready = select.select([self.wire.source], [], [], self.pause())[0]
            now = time.monotonic()
            if ready:
                messages = self.wire.read()
                if messages is None:
                    return
                heard = now
                for header, body in messages:
                    self.handle(header, body)
            elif now - heard > SILENCE:
                return
            for number, step in list(self.steps.items()):
                self.advance(number, step, time.monotonic())

    def pause(self):
        """Seconds to the next look at the files of jobs that somebody watches: short while things happen."""
        if not self.steps:
            return 30
        return 0.01 if time.monotonic() < self.busy_until else 0.05

    def handle(self, header, body):
        number = header["n"]
        try:
            answer = getattr(self, "do_" + header["do"])(header, body)
        except Exception as error:
            self.fail(number, error)
            return
        if callable(answer):
            self.steps[number] = answer
            self.advance(number, answer, time.monotonic())
        else:
            self.reply(number, *(answer if isinstance(answer, tuple) else (answer, b"")))

    def advance(self, number, step, now):
        try:
            answer = step(now)
        except Exception as error:
            self.steps.pop(number, None)
            self.fail(number, error)
            return
        if answer is not None:
            self.steps.pop(number, None)
            self.busy_until = now + 1
            self.reply(number, *answer)

    def reply(self, number, header, body=b""):
        self.wire.send(dict(header, n=number), body)

    def fail(self, number, error):
        known = error if isinstance(error, Fault) else Fault("agent", "%s: %s" % (type(error).__name__, error))
        self.wire.send(dict(known.more, n=number, fault=known.code, text=str(known)))

    def do_open(self, header, _body):
        """The state directory: `stateDir` or the user's own. Before anything else but `ping` and `interpreter`."""
        root = state_directory(header["stateDir"])
        with agent_store.full_disk_told(root):
            for name in ("", "/jobs", "/store", "/trees", "/runner"):
                os.makedirs(root + name, 0o700, exist_ok=True)
        status = os.stat(root)
        if status.st_uid != os.geteuid():
            raise Fault("state-dir", "%s belongs to another user." % root)
        if status.st_mode & 0o077:
            os.chmod(root, 0o700)
        if not os.access(root, os.W_OK | os.X_OK):
            raise Fault("state-dir", "%s can't be written." % root)
        space = os.statvfs(root)
        self.store = agent_store.Store(root)
        self.jobs = Jobs(root, self.store, sys.executable)
        agent_cleaning.begin(root, self.jobs)
        return {"root": root, "free": space.f_bavail * space.f_frsize, "node": agent_process.node()}

    def do_ping(self, _header, _body):
        return {"time": time.time()}

    def do_interpreter(self, _header, _body):
        import importlib.machinery

        names = set(getattr(sys, "stdlib_module_names", ())) | set(sys.builtin_module_names)
        return {
            "executable": sys.executable,
            "version": list(sys.version_info[:3]),
            "cacheTag": sys.implementation.cache_tag,
            "extensionSuffixes": importlib.machinery.EXTENSION_SUFFIXES,
            "stdlib": sorted(names) if hasattr(sys, "stdlib_module_names") else [],
        }

    def do_put(self, header, body):
        self.store.put(header["items"], body)
        return {}

    def do_part(self, header, body):
        return {"whole": self.store.part(header["sha256"], header["offset"], header["size"], body)}

    def do_submit(self, header, body):
        self.busy_until = time.monotonic() + 2
        return self.jobs.submit(header, body)

    def do_find(self, header, _body):
        return {"found": os.path.isdir(self.jobs.folder(header["id"]))}

    def do_watch(self, header, _body):
        return self.jobs.watch(header)

    def do_cancel(self, header, _body):
        self.busy_until = time.monotonic() + 2
        return self.jobs.cancel(header)

    def do_forget(self, header, _body):
        """Stop waiting for the answer to an earlier request."""
        self.steps.pop(header["request"], None)
        return {}

    def do_remove(self, header, _body):
        return self.jobs.remove(header)

    def do_files(self, header, _body):
        return {"files": agent_log.files(self.jobs.folder(header["id"]))}

    def do_read(self, header, _body):
        return {}, agent_log.read_file(self.jobs.folder(header["id"]), header["path"], header["offset"], header["length"])


def state_directory(given):
    """`<state directory>/host`: apart from what Slingshot itself may keep there for a user of this machine."""
    if given is None:
        home = os.environ.get("XDG_STATE_HOME", "")
        given = os.path.join(home if os.path.isabs(home) else os.path.expanduser("~/.local/state"), "slingshot")
    given = os.path.expanduser(given)
    if not os.path.isabs(given):
        raise Fault("state-dir", "%s is no absolute path on the host." % given)
    return os.path.join(os.path.normpath(given), "host")


def main(nonce):
    # Its own pipes, so that nothing else can write into them.
    source, sink = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)
    hello = {"python": "%d.%d.%d" % sys.version_info[:3], "executable": sys.executable}
    os.write(sink, ("\nslingshot %s %s\n" % (nonce, json.dumps(hello))).encode("ascii"))
    try:
        Agent(Wire(source, sink)).serve()
    except (BrokenPipeError, KeyboardInterrupt):
        pass
