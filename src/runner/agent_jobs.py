"""Jobs of a host: `<root>/jobs/<id>/`, laid out as a job's folder is everywhere. The folder comes into being in one
rename, and `run/starting` is made by whoever starts the supervisor, so that a job sent twice runs once."""
import errno
import json
import os
import shutil
import time

import agent_log
import agent_process
from agent_store import full_disk_told, quietly, write_all
from agent_wire import Fault

# Seconds that a supervisor is given to say its first word.
STARTING = 30


class Jobs:
    """`python`: absolute path of the interpreter that runs the jobs."""

    def __init__(self, root, store, python):
        self.root = root
        self.store = store
        self.python = python
        self.children = {}

    def folder(self, job):
        if len(job) != 26 or not job.isalnum():
            raise Fault("usage", "%r is no id of a job." % job)
        return os.path.join(self.root, "jobs", job)

    def submit(self, header, listed):
        """Start a job once all its content is here; else say what is missing. A job that is here already is adopted."""
        job, folder = header["id"], self.folder(header["id"])
        if os.path.isdir(folder):
            self.start(job)
            return {"adopted": True}
        tree = os.path.join(self.root, "trees", header["tree"])
        count, always = len(listed) // 40, header["always"]
        present = os.path.isdir(tree)
        if not present and count == always and header["files"] > 0:
            return {"list": True}
        missing = self.store.missing(listed, 0, always if present else count)
        if missing:
            return {"missing": missing}
        with full_disk_told(self.root):
            if present:
                quietly(os.utime, tree)
            self.lay_out(header, folder, tree)
            self.start(job)
        return {"started": True}

    def lay_out(self, header, folder, tree):
        runner = self.install_runner(header["runner"])
        spec = dict(header["spec"])
        own = spec.pop("workdir", None)
        if own is not None:
            own = os.path.expanduser(own)
            if not os.path.isabs(own):
                raise Fault("usage", "The working directory %s is no absolute path on the host." % own)
        spec.update(
            version=1, job=header["id"], manifest=folder + "/manifest.json", tree=tree, store=self.store.folder,
            bytecode=os.path.join(self.root, "bytecode"), env=folder + "/run/env.json", folder=folder,
            workdir=own or folder + "/work", prepareWorkdir=own is None, spark=None,
        )  # fmt: skip
        beside = os.path.join(self.root, "jobs", ".%s.%d" % (header["id"], os.getpid()))
        shutil.rmtree(beside, ignore_errors=True)
        try:
            os.makedirs(beside + "/run", 0o700)
            write_private(beside + "/run/env.json", json.dumps(header["env"]))
            write_private(beside + "/run/spec.json", json.dumps(spec))
            write_private(beside + "/run/start.json", json.dumps({"runner": runner, "python": self.python}))
            link_or_copy(self.store.path(header["manifest"]), beside + "/manifest.json")
            os.rename(beside, folder)
        except OSError as error:
            shutil.rmtree(beside, ignore_errors=True)
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise

    def install_runner(self, runner):
        """The runner's files in a folder of their own, named by their digest. Returns its path."""
        folder = os.path.join(self.root, "runner", runner["digest"])
        if os.path.isdir(folder):
            quietly(os.utime, folder)
            return folder
        beside = "%s.%d.new" % (folder, os.getpid())
        shutil.rmtree(beside, ignore_errors=True)
        os.makedirs(beside, 0o700)
        for name, digest in runner["files"]:
            if "/" in name or not name.endswith(".py"):
                raise Fault("usage", "%r is no file of the runner." % name)
            link_or_copy(self.store.path(digest), os.path.join(beside, name))
        try:
            os.rename(beside, folder)
        except OSError:
            shutil.rmtree(beside, ignore_errors=True)
            if not os.path.isdir(folder):
                raise
        return folder

    def start(self, job):
        """Start the supervisor, unless somebody has."""
        folder = self.folder(job)
        mark = folder + "/run/starting"
        try:
            fd = os.open(mark, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return
        mine = {"node": agent_process.node(), "boot": agent_process.boot(), "pid": None, "ticks": None}
        write_all(fd, json.dumps(mine).encode())
        os.close(fd)
        how = read_json(folder + "/run/start.json")
        words = [how["python"], how["runner"] + "/supervise.py", folder + "/run/spec.json"]
        try:
            pid = agent_process.spawn(words, folder, folder + "/run/supervisor.err")
        except OSError:
            # Nothing was started: as if it had never come.
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self.children[job] = pid
        quietly(write_private, mark, json.dumps(dict(mine, pid=pid, ticks=agent_process.ticks(pid))))

    def state(self, job):
        """{"state": waiting | starting | running | ended | dead | elsewhere | gone, …}. Who asks for it reads the log afterwards."""
        folder = self.folder(job)
        mark = read_json(folder + "/run/starting")
        supervisor = read_json(folder + "/run/supervisor.json")
        alive = self.alive(job, mark, supervisor, folder)
        # Read after the question whether it lives: a supervisor that has ended had written its report before.
        report = read_json(folder + "/run/exit.json")
        if report is not None:
            return {"state": "ended", "exit": report}
        if alive == "waiting":
            return {"state": "waiting" if os.path.isdir(folder) else "gone"}
        if alive == "elsewhere":
            return {"state": "elsewhere", "node": mark["node"]}
        if not alive:
            quietly(os.unlink, folder + "/run/env.json")
            cancelled = os.path.exists(folder + "/run/cancel")
            rebooted = mark is not None and mark["boot"] != agent_process.boot()
            return {"state": "dead", "cancelled": cancelled, "rebooted": rebooted, "words": last_words(folder)}
        return {"state": "running" if supervisor and supervisor.get("group") else "starting", "note": (supervisor or {}).get("note")}

    def alive(self, job, mark, supervisor, folder):
        """True, False, "waiting" before its start, or "elsewhere" where another machine with the same home runs it."""
        child = self.children.get(job)
        if child is not None:
            try:
                if os.waitpid(child, os.WNOHANG)[0] == child:
                    del self.children[job]
                    child = None
            except OSError:
                del self.children[job]
        if mark is None:
            # Somebody is about to start it, or died over it.
            age = file_age(folder + "/run/starting")
            return "waiting" if age is None or age < STARTING else False
        if mark["node"] != agent_process.node():
            return "elsewhere"
        if mark["boot"] != agent_process.boot():
            return False
        pid, ticks = (supervisor["pid"], supervisor["startTicks"]) if supervisor else (mark["pid"], mark["ticks"])
        if pid is not None:
            return agent_process.running(pid, ticks)
        age = file_age(folder + "/run/starting")
        return age is not None and age < STARTING

    def watch(self, header):
        """A step function: the reply once there is log beyond the offset, another state than the known one, or the time is over."""
        job, known = header["id"], header.get("known")
        folder = self.folder(job)
        if os.path.isdir(folder):
            with full_disk_told(self.root):
                self.start(job)
        over = time.monotonic() + header["wait"]
        seen = [None, 0.0]

        def step(now):
            signature = agent_log.signature(folder)
            if signature == seen[0] and now < min(over, seen[1] + 1):
                return None
            seen[:] = signature, now
            state = self.state(job)
            final = state["state"] in ("ended", "dead", "gone")
            pieces, data, whole = agent_log.read(folder, header["log"], final, header["most"])
            if not pieces and state["state"] == known and now < over and not final:
                return None
            return dict(state, pieces=pieces, whole=whole), data

        return step

    def cancel(self, header):
        """A step function: SIGTERM to the supervisor, which sees to the rest; the reply once it is gone, or late."""
        job, folder = header["id"], self.folder(header["id"])
        if not os.path.isdir(folder):
            return lambda now: ({"confirmed": True}, b"")
        try:
            os.close(os.open(folder + "/run/starting", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            report = {"outcome": "cancelled", "code": None, "signal": None, "message": None, "startedAt": None}
            report.update(endedAt=int(time.time() * 1000), logBytes=0)
            write_private(folder + "/run/exit.json", json.dumps(report))
            quietly(os.unlink, folder + "/run/env.json")
        except FileExistsError:
            pass
        deadline = time.monotonic() + header["grace"] + 5
        told = []

        def step(now):
            state = self.state(job)
            if state["state"] == "elsewhere":
                text = "The job runs on %s, but %s answered. Set `host` of the target to %s." % (state["node"], agent_process.node(), state["node"])
                return {"confirmed": False, "message": text}, b""
            if state["state"] in ("ended", "dead", "gone", "waiting"):
                if state["state"] == "dead" and not state["rebooted"]:
                    agent_process.kill_group((read_json(folder + "/run/supervisor.json") or {}).get("group"))
                return {"confirmed": True}, b""
            pid = (read_json(folder + "/run/supervisor.json") or read_json(folder + "/run/starting") or {}).get("pid")
            if not told and pid is not None:
                told.append(pid)
                quietly(write_private, folder + "/run/cancel", "")
                agent_process.terminate(pid)
            if now > deadline:
                return {"confirmed": False, "message": "Process %s on %s has not ended yet." % (pid, agent_process.node())}, b""
            return None

        return step

    def remove(self, header):
        folder = self.folder(header["id"])
        if self.state(header["id"])["state"] in ("starting", "running"):
            raise Fault("running", "The job has not ended.")
        aside = os.path.join(self.root, "jobs", ".%s.%d.removed" % (header["id"], os.getpid()))
        quietly(os.rename, folder, aside)
        shutil.rmtree(aside, ignore_errors=True)
        return {}


def read_json(path):
    """The value in a JSON file, or None where there is none (yet)."""
    try:
        with open(path, "rb") as stream:
            return json.loads(stream.read().decode("utf-8"))
    except (OSError, ValueError):
        return None


def file_age(path):
    """Seconds since the file was written, or None where there is none."""
    try:
        return abs(time.time() - os.stat(path).st_mtime)
    except OSError:
        return None


def write_private(path, text):
    beside = "%s.%d.new" % (path, os.getpid())
    fd = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        write_all(fd, text.encode("utf-8"))
    finally:
        os.close(fd)
    os.rename(beside, path)


def link_or_copy(source, target):
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def last_words(folder):
    try:
        with open(folder + "/run/supervisor.err", "rb") as stream:
            stream.seek(max(0, os.fstat(stream.fileno()).st_size - 2000))
            return " ".join(stream.read().decode("utf-8", "replace").strip().split("\n")[-3:])
    except OSError:
        return ""
