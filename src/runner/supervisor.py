"""The supervisor: the parent of the program, from the spec to run/exit.json. Everything of a job, top to bottom, is in
`Supervisor.supervise`. It ignores hang-ups and interrupts (closing a terminal is no reason to end a job); SIGTERM means cancel."""
import marshal
import os
import sys
import time

import modulepath

sys.path[1:] = [path for part in modulepath.split(sys.path) for path in part]

import bytecode
import processes
import records
import tree
import workdir

# Variables that are read when a process starts: a fork would come too late for them.
AT_START = ("PYTHON", "LD_", "DYLD_", "LC_", "MALLOC_", "GLIBC_")
AT_START_NAMES = {"LANG", "LANGUAGE", "TZ", "HOME", "USERPROFILE"}
LINGER = 5.0


def main(spec_path, child):
    """`child`: (pid, go, out, err) of the forked program, or None where it has to be started. Returns the exit code."""
    return Supervisor(spec_path, child).supervise()


class Refused(Exception):
    """The program never ran; the text says why and what to do."""


class Supervisor:
    def __init__(self, spec_path, child):
        self.cancelled_at = None
        self.killed = None
        self.family = set()
        self.portable = None
        self.memory_kills = None
        self.status = None
        self.wake = _catch_signals(self)
        self.child = child
        self.spec = records.read_json(spec_path)
        self.folder = self.spec["folder"]
        self.started_at = None
        self.engine = None
        self.pump = None
        self.note = None
        self.message = None

    # ---- the flow

    def supervise(self):
        spec = self.spec
        outcome, laid, manifest = None, {}, None
        try:
            self.report_state(None)
            self.start_engine()
            manifest = records.read_json(spec["manifest"])
            self.prepare_tree(manifest)
            if spec["prepareWorkdir"]:
                laid = workdir.lay_out(spec["tree"], manifest, spec["workdir"])
            self.send_go(manifest)
            self.follow()
        except Exception as error:
            outcome = ("failed", 1, None, str(error) if isinstance(error, (Refused, tree.TreeError)) else _told(error))
            self.end_program()
        outcome = self.finish(outcome, laid, manifest)
        if outcome != "cancelled" and manifest is not None and self.started_at is not None:
            self.keep_bytecode(manifest)
        return 0

    def report_state(self, group):
        state = {
            "pid": os.getpid(),
            "startTicks": _start_ticks(),
            "group": group,
            "python": sys.executable,
            "version": "%d.%d.%d" % sys.version_info[:3],
            "startedAt": int((self.started_at or time.time()) * 1000),
        }
        if self.note:
            state["note"] = self.note
        try:
            records.write_json(os.path.join(self.folder, "run", "supervisor.json"), state)
        except OSError:
            if group is None:
                raise

    def start_engine(self):
        if not self.spec.get("spark"):
            return
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        log = os.open(os.path.join(self.folder, "engine.log"), flags, 0o600)
        try:
            module = __import__("spark")
            self.engine = (module, module.start(self.spec, log))
        except Exception as error:
            raise Refused(str(error) or type(error).__name__) from error
        finally:
            os.close(log)

    def prepare_tree(self, manifest):
        spec = self.spec
        place = lambda folder: bytecode.place(folder, manifest, spec["bytecode"])
        if os.path.isdir(spec["tree"]):
            try:
                tree.verify(spec["tree"], manifest)
            except tree.TreeError as error:
                if spec["store"]:
                    tree.set_aside(spec["tree"])
                    tree.drop_damaged(manifest, spec["store"], error.path)
                raise
            place(spec["tree"])
        elif spec["store"]:
            tree.build(spec["tree"], manifest, spec["store"], place)
        else:
            raise Refused("There is no tree at %s. Launch the job again." % spec["tree"])

    def send_go(self, manifest):
        if self.cancelled_at is not None:
            return self.end_program()
        spec = self.spec
        environment, renew = self.environment()
        engine = None
        if self.engine:
            engine = {"module": self.engine[0].__name__, "info": self.engine[1].info}
            environment.update(engine["info"].get("environment", {}))
        workdir_path = spec["workdir"]
        if not os.path.isdir(workdir_path):
            raise Refused("The working directory %s does not exist. Create it, or correct `workdir` of the target." % workdir_path)
        results = os.path.join(self.folder, "results")
        os.makedirs(results, 0o700, exist_ok=True)
        keys = ("workspace", "entry", "importRoots", "fallbackRoots")
        reduced = {key: manifest[key] for key in keys}
        reduced["files"] = [{"path": entry["path"]} for entry in manifest["files"]] if manifest["entry"]["function"] else []
        message = {
            "renew": renew,
            "environment": environment,
            "manifest": reduced,
            "tree": spec["tree"],
            "argv": spec["argv"],
            "arguments": spec["arguments"],
            "workdir": workdir_path,
            "run": os.path.join(self.folder, "run"),
            "results": results,
            "figures": {"results": results, "record": os.path.join(self.folder, "run", "figures")},
            "preview": spec["preview"],
            "engine": engine,
            "extraPath": engine["info"].get("path", []) if engine else [],
            "runner": sys.path[0],
        }
        body = marshal.dumps(message)
        self.started_at = time.time()
        if self.child is None:
            import portable

            self.portable = portable.start(self.folder, body, environment)
            self.child = (self.portable.pid,)
        else:
            try:
                records.write_all(self.child[1], len(body).to_bytes(8, "little") + body)
                if renew:  # read once by the fork, once by the process that it becomes
                    records.write_all(self.child[1], len(body).to_bytes(8, "little") + body)
            except BrokenPipeError:
                pass
            os.close(self.child[1])
        self.report_state(self.child[0])

    def environment(self):
        """The job's environment, and whether it needs a new process. The file with secrets is removed at once."""
        own = dict(os.environ)
        path = self.spec["env"]
        added = {}
        if path is not None:
            try:
                added = records.read_json(path)
            finally:
                try:
                    os.unlink(path)
                except OSError:
                    pass
        changed = [name for name, value in added.items() if own.get(name) != value]
        own.update(added)
        renew = any((name.startswith(AT_START) or name in AT_START_NAMES) and name != "PYTHONPATH" for name in changed)
        return own, renew

    # ---- while the program runs

    def follow(self):
        """Pump until the program has ended and its pipes are at their end, or what it left behind was ended."""
        if self.started_at is None:
            return
        from pump import Pump

        if self.portable is not None:
            import portable

            self.pump = Pump(self.folder, {})
            self.status = portable.follow(self.portable, self.pump, self.tell_full)
            return
        import select

        pid, _, out, err = self.child
        self.memory_kills = _memory_kills()
        self.pump = pump = Pump(self.folder, {out: 1, err: 2})
        poll = select.poll()
        poll.register(self.wake, select.POLLIN)
        for fd in pump.streams:
            poll.register(fd, select.POLLIN)
        ended = None
        while True:
            ready = dict(poll.poll(self.pause(pump, ended)))
            if self.wake in ready:
                _drain(self.wake)
            if pump.full:
                self.tell_full(pump)
            else:
                for fd in [fd for fd in pump.streams if fd in ready]:
                    pump.read(fd)
                    if fd not in pump.streams:
                        poll.unregister(fd)
                    if pump.full:
                        break
            if pump.full:
                for fd in pump.streams:
                    poll.modify(fd, 0)
            elif ready or ended is None:
                for fd in pump.streams:
                    poll.modify(fd, select.POLLIN)
            self.press(pid)
            if self.status is None:
                self.reap(pid)
            if self.status is not None:
                ended = ended or time.monotonic()
                if not pump.full and self.left_behind(pump, pid, ended):
                    return

    def pause(self, pump, ended):
        """Milliseconds until something is due even if nothing happens."""
        if pump.full:
            return 200
        if ended is not None:
            return 30
        return 100 if self.cancelled_at is not None else 60000

    def tell_full(self, pump):
        """Write what a full disk held back, and keep the state's note true."""
        if not pump.write():
            if self.note is None:
                self.note = "The disk that holds the log is full: the program waits. Free some space and it goes on."
                self.report_state(self.child[0])
        elif self.note is not None:
            self.note = None
            self.report_state(self.child[0])

    def press(self, pid):
        """Cancel: SIGTERM to the program and all its children at once, SIGKILL after the grace."""
        if self.cancelled_at is None:
            return
        self.family |= processes.family(pid)
        if self.killed is None:
            self.killed = "SIGTERM"
            processes.kill(pid, 15, self.family)
        elif self.killed == "SIGTERM" and time.monotonic() > self.cancelled_at + self.spec["grace"]:
            self.killed = "SIGKILL"
        if self.killed == "SIGKILL":
            processes.kill(pid, 9, self.family)

    def reap(self, pid):
        try:
            found, status = os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:
            found, status = pid, 0
        if found == pid:
            self.status = status

    def left_behind(self, pump, pid, ended):
        """True once all is read. Processes that the program left behind have a few seconds to end by themselves."""
        gone = not processes.members(pid)
        if gone and not pump.streams:
            return True
        waited = time.monotonic() - ended
        if self.cancelled_at is not None:
            # What is left has had its SIGTERM and gets its SIGKILL; a pipe may be held by what no one can find.
            return gone and (waited > 1 if self.killed == "SIGKILL" else waited > self.spec["grace"] + 1)
        if waited > LINGER and self.message is None:
            self.message = "The program ended; processes that it had left running were ended %d s later." % LINGER
            processes.kill(pid, 15)
        if waited > LINGER + 2:
            processes.kill(pid, 9)
        return waited > LINGER + 3

    def end_program(self):
        """The program never got its go: it ends at the end of that pipe."""
        if self.portable is not None:
            self.portable.kill()
            self.status = self.portable.wait()
        elif self.child is not None and self.started_at is None:
            os.close(self.child[1])
            processes.kill(self.child[0], 9)
            try:
                os.kill(self.child[0], 9)
                os.waitpid(self.child[0], 0)
            except OSError:
                pass
        elif self.child is not None and self.status is None:
            processes.kill(self.child[0], 9)
            try:
                self.status = os.waitpid(self.child[0], 0)[1]
            except OSError:
                pass

    # ---- the end

    def finish(self, outcome, laid, manifest):
        """Collect everything, then write run/exit.json: whoever reads it finds the rest in the job's folder."""
        import ending
        import results

        written = results.read_records(os.path.join(self.folder, "run"))
        cancelled = self.cancelled_at is not None
        if outcome is None and self.status is None:
            outcome = ("cancelled", None, None, "Cancelled before the program was started.")
        if outcome is None:
            describe = ending.describe if self.portable is None else ending.describe_code
            outcome = describe(self.status, written, cancelled, self.memory_kills)
        name, code, signal_name, message = outcome
        message = message or self.message
        if self.engine:
            message = self.stop_engine(name) or message
        if self.spec["env"] and os.path.exists(self.spec["env"]):
            os.unlink(self.spec["env"])
        steps = [lambda: results.write(self.folder, self.spec["tree"], written)]
        if self.spec["prepareWorkdir"] and self.started_at is not None:
            limit = self.spec["outputsLimit"]
            strays = tree.strays(self.spec["tree"], manifest)
            steps.append(lambda: workdir.collect(self.folder, self.spec["workdir"], laid, limit, strays, self.spec["tree"]))
        report = {
            "outcome": name,
            "code": code,
            "signal": signal_name,
            "message": message,
            "startedAt": int(self.started_at * 1000) if self.started_at else None,
            "endedAt": int(time.time() * 1000),
            "logBytes": self.pump.offset if self.pump else 0,
        }
        if self.pump:
            self.pump.close()
        steps.append(lambda: records.write_json(os.path.join(self.folder, "run", "exit.json"), report))
        for step in steps:
            _until_there_is_room(step)
        return name

    def stop_engine(self, outcome):
        """End the engine's processes, whatever happens; what it says of a failure, or None."""
        module, handle = self.engine
        try:
            module.stop(handle, outcome)
            explain = getattr(module, "explain", None)
            return explain(handle, outcome) if explain else None
        except Exception as error:
            sys.stderr.write("%s: %s\n" % (type(error).__name__, error))
            return None

    def keep_bytecode(self, manifest):
        try:
            os.nice(19)
        except (AttributeError, OSError):
            pass
        bytecode.keep(self.spec["tree"], manifest, self.spec["bytecode"], time.monotonic() + 20)


def _catch_signals(supervisor):
    """SIGTERM and the program's end wake the loop through a pipe; returns its reading end."""
    import _signal as signal

    if os.name == "nt":
        return None
    reading, writing = os.pipe()
    for fd in (reading, writing):
        os.set_blocking(fd, False)

    def cancel(*_):
        if supervisor.cancelled_at is None:
            supervisor.cancelled_at = time.monotonic()

    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    signal.signal(signal.SIGTERM, cancel)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("SIGHUP", "SIGCHLD"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN if name == "SIGHUP" else lambda *_: None)
    return reading


def _drain(fd):
    try:
        while len(os.read(fd, 4096)) == 4096:
            pass
    except BlockingIOError:
        pass


def _start_ticks():
    try:
        stat = records.read_bytes("/proc/self/stat")
        return int(stat[stat.rindex(b")") + 2 :].split()[19])
    except (OSError, ValueError, IndexError):
        return None


def _memory_kills():
    from ending import oom_kills

    return oom_kills()


def _until_there_is_room(step):
    """A full disk delays the end of the job; other failures of one step don't keep the rest from being told."""
    from pump import FULL

    while True:
        try:
            step()
            return
        except OSError as error:
            if error.errno not in FULL:
                sys.stderr.write("%s\n" % error)
                return
            time.sleep(0.5)


def _told(error):
    if isinstance(error, OSError) and error.filename:
        return "%s: %s. Check the permissions and the space there, then launch again." % (error.filename, error.strerror)
    return "The job could not be prepared: %s: %s. Launch it again." % (type(error).__name__, error)
