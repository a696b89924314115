"""The supervisor: the parent of the program, from the spec to run/exit.json. The whole of a job, top to bottom, is in
`Supervisor.supervise`."""
import os
import sys
import time

import modulepath

# Its own standard library, whatever PYTHONPATH says; site-packages for an engine's module.
sys.path[1:] = [path for part in modulepath.split(sys.path) for path in part]

import bytecode
import records
import tree
import workdir
from alarm import Alarm

FULL = "The disk that holds the log is full: the program waits. Free some space and it goes on."


def main(spec_path, child):
    """`child`: (pid, go, out, err) of the forked program, or None where it has to be started. Returns the exit code."""
    return Supervisor(spec_path, child).supervise()


class Refused(Exception):
    """The program never ran; the text says why and what to do."""


class Supervisor:
    def __init__(self, spec_path, child):
        self.alarm = Alarm()
        self.child = child
        self.spec = records.read_json(spec_path)
        self.folder = self.spec["folder"]
        self.engine = None
        self.pump = None
        self.started_at = None
        self.portable = None
        self.laid = {}
        self.note = None
        self.message = None

    def supervise(self):
        spec, manifest = self.spec, None
        try:
            self.report_state(None)
            self.start_engine()
            manifest = records.read_json(spec["manifest"])
            self.prepare_tree(manifest)
            self.prepare_workdir(manifest)
            ending = self.run(manifest)
        except Exception as error:
            self.abandon()
            ending = ("failed", 1, None, _told(error))
        self.finish(ending, manifest)
        if ending[0] != "cancelled" and self.started_at is not None:
            self.keep_bytecode(manifest)
        return 0

    def report_state(self, group):
        """run/supervisor.json (SupervisorState in src/backends/shared/runnerSpec.ts)."""
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
        log = os.open(os.path.join(self.folder, "engine.log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            module = __import__("spark")
            self.engine = (module, module.start(self.spec, log))
        except Exception as error:
            raise Refused(str(error) or type(error).__name__) from error
        finally:
            os.close(log)

    def prepare_tree(self, manifest):
        spec = self.spec

        def place(folder):
            bytecode.place(folder, manifest, spec["bytecode"])

        if os.path.isdir(spec["tree"]) and self.check_tree(manifest):
            place(spec["tree"])
        elif spec["store"]:
            tree.build(spec["tree"], manifest, spec["store"], place)
        else:
            raise Refused("There is no tree at %s. Launch the job again." % spec["tree"])

    def check_tree(self, manifest):
        """False for a tree that was cleaned away while it was looked at; it is built anew then."""
        spec = self.spec
        tree.mark_used(spec["tree"])
        try:
            tree.verify(spec["tree"], manifest, remember=True)
            return True
        except tree.TreeError as error:
            if not spec["store"]:
                raise
            if not os.path.isdir(spec["tree"]):
                return False
            tree.set_aside(spec["tree"])
            tree.drop_damaged(manifest, spec["store"], error.path)
            raise

    def prepare_workdir(self, manifest):
        spec = self.spec
        if spec["prepareWorkdir"]:
            self.laid = workdir.lay_out(spec["tree"], manifest, spec["workdir"])
        elif not os.path.isdir(spec["workdir"]):
            words = "The working directory %s does not exist. Create it, or correct `workdir` of the target."
            raise Refused(words % spec["workdir"])

    def run(self, manifest):
        """Let the program go and follow it to its end; returns (outcome, code, signal, message)."""
        import go
        from pump import Pump

        self.pump = Pump(self.folder, {self.child[2]: 1, self.child[3]: 2} if self.child else {})
        engine = {"module": self.engine[0].__name__, "info": self.engine[1].info} if self.engine else None
        data, variables, renew = go.message(self.spec, manifest, engine)
        if self.alarm.cancelled_at is not None:
            self.abandon()
            return ("cancelled", None, None, "Cancelled before the program was started.")
        self.started_at = time.time()
        if self.child is None:
            return self.run_portable(data, variables)
        go.send(self.child[1], data, renew)
        self.report_state(self.child[0])
        import ending
        from follower import Follower

        memory_kills = ending.oom_kills()
        follower = Follower(self.child[0], self.pump, self.alarm, self.spec["grace"], self.tell_full)
        status = follower.follow()
        self.message = follower.message
        return ending.describe(status, self.read_records(), follower.cancelled, memory_kills)

    def run_portable(self, data, variables):
        import ending
        import portable

        self.portable = portable.start(self.folder, data, variables)
        self.report_state(self.portable.pid)
        code = portable.follow(self.portable, self.pump, self.tell_full)
        return ending.describe_code(code, self.read_records(), False)

    def tell_full(self, full):
        self.note = FULL if full else None
        self.report_state(self.child[0] if self.child else self.portable.pid)

    def read_records(self):
        import results

        self.records = results.read_records(os.path.join(self.folder, "run"))
        return self.records

    def abandon(self):
        """End the program, whether it still waits for its go or not."""
        if self.portable is not None:
            self.portable.kill()
        elif self.child is not None:
            import processes

            processes.kill(self.child[0], 9, {self.child[0]})
            try:
                os.kill(self.child[0], 9)
                os.waitpid(self.child[0], 0)
            except OSError:
                pass

    def finish(self, ending, manifest):
        """Collect everything, then write run/exit.json: whoever reads it finds the rest in the job's folder."""
        import results

        spec, run = self.spec, os.path.join(self.folder, "run")
        outcome, code, signal, message = ending
        report = {
            "outcome": outcome,
            "code": code,
            "signal": signal,
            "message": message or self.message,
            "startedAt": int(self.started_at * 1000) if self.started_at else None,
            "endedAt": int(time.time() * 1000),
            "logBytes": self.pump.offset if self.pump else 0,
        }
        if self.engine:
            report["message"] = self.stop_engine(outcome) or report["message"]
        if self.pump:
            self.pump.close()
        if spec["env"] and os.path.exists(spec["env"]):
            os.unlink(spec["env"])
        written = getattr(self, "records", None) or self.read_records()
        _until_there_is_room(lambda: results.write(self.folder, spec["tree"], written))
        if spec["prepareWorkdir"] and self.started_at is not None:
            _until_there_is_room(lambda: workdir.collect(spec, self.laid, tree.strays(spec["tree"], manifest)))
        _until_there_is_room(lambda: records.write_json(os.path.join(run, "exit.json"), report))

    def stop_engine(self, outcome):
        """End the engine's processes, whatever happens; returns what it says of a failure, or None."""
        module, handle = self.engine
        try:
            module.stop(handle, outcome)
            explain = getattr(module, "explain", None)
            return explain(handle, outcome) if explain else None
        except Exception as error:
            sys.stderr.write("%s: %s\n" % (type(error).__name__, error))
            return None

    def keep_bytecode(self, manifest):
        if hasattr(os, "nice"):
            os.nice(19)
        bytecode.keep(self.spec["tree"], manifest, self.spec["bytecode"], time.monotonic() + 20)


def _start_ticks():
    try:
        stat = records.read_bytes("/proc/self/stat")
        return int(stat[stat.rindex(b")") + 2 :].split()[19])
    except (OSError, ValueError, IndexError):
        return None


def _until_there_is_room(step):
    """A full disk delays the end of the job; any other failure of a step doesn't keep the rest from being told."""
    from pump import FULL_DISK

    while True:
        try:
            return step()
        except Exception as error:
            if not isinstance(error, OSError) or error.errno not in FULL_DISK:
                sys.stderr.write("%s: %s\n" % (type(error).__name__, error))
                return None
            time.sleep(0.5)


def _told(error):
    if isinstance(error, (Refused, tree.TreeError)):
        return str(error)
    if isinstance(error, OSError) and error.filename:
        return "%s: %s. Check the permissions and the space there, then launch again." % (error.filename, error.strerror)
    return "The job could not be prepared: %s: %s. Launch it again." % (type(error).__name__, error)
