"""Spark's JVM beside a Python driver: started by the supervisor at once, awaited by the driver only when it is needed.

Spark's own `launch_gateway` starts the JVM when the first session is made; spark-submit starts Python only when the JVM
stands. Here both start together. Address and secret come in a file of the job's private folder
(`_PYSPARK_DRIVER_CONN_INFO_PATH`, as pyspark itself asks for them); the JVM's two streams go to engine.log.

The JVM ends when its standard input closes (PythonGatewayServer), so it never outlives the supervisor. It inherits an
open file with a lock on it: who gets that lock knows that the JVM is gone, though it is no child of his.
"""
import os
import time


class GatewayError(RuntimeError):
    """Spark's JVM could not be started or ended early. The message says why and what to do."""


class Gateway:
    """The supervisor's side: a JVM that was started."""

    def __init__(self, spec):
        self.spec = spec
        self.spark = spec["spark"]
        folder = os.path.join(spec["folder"], "run")
        self.log = os.path.join(spec["folder"], "engine.log")
        self.connection = os.path.join(folder, "gateway")
        self.lock = os.path.join(folder, "gateway.lock")
        self.process = None
        self.info = {
            "connection": self.connection,
            "lock": self.lock,
            "log": self.log,
            "properties": self.spark["properties"],
            "executorPython": self.spark["executorPython"],
            "localPython": self.spark["localPython"],
            "environment": {"PYSPARK_PYTHON": self.spark["executorPython"]},
            "path": [],
        }

    def start(self, log_fd):
        """Starts spark-submit and returns at once."""
        try:
            self.launch(log_fd)
        except Exception:
            # Nobody will read them, and they may hold credentials.
            for path in (self.lock, self.spark["properties"]):
                discard(path)
            raise
        return self

    def launch(self, log_fd):
        import fcntl
        import subprocess

        environment = self.environment()
        home = self.spark["sparkHome"] or environment.get("SPARK_HOME") or installed_home()
        if home is None:
            raise GatewayError(
                "This interpreter has no pyspark. Install it (pip install pyspark), or set sparkHome of the target."
            )
        environment["SPARK_HOME"] = home
        put_defaults_first(self.spark["properties"], environment.get("SPARK_CONF_DIR") or os.path.join(home, "conf"))
        if installed_home() is None:
            self.info["path"] = python_packages(home)
        if self.spec["prepareWorkdir"]:
            os.makedirs(self.spec["workdir"], mode=0o700, exist_ok=True)
        elif not os.path.isdir(self.spec["workdir"]):
            words = "The working directory %s does not exist. Create it, or correct `workdir` of the target."
            raise GatewayError(words % self.spec["workdir"])
        lock = os.open(self.lock, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            self.process = subprocess.Popen(
                [os.path.join(home, "bin", "spark-submit"), "--properties-file", self.spark["properties"], "pyspark-shell"],
                stdin=subprocess.PIPE,
                stdout=log_fd,
                stderr=log_fd,
                env=environment,
                cwd=self.spec["workdir"],
                pass_fds=(lock,),
                start_new_session=True,
            )
        except OSError as error:
            raise GatewayError(
                "Spark could not be started: %s. Set sparkHome of the target to a Spark installation." % error
            ) from error
        finally:
            os.close(lock)

    def environment(self):
        """The job's environment is the JVM's too: credentials, HADOOP_CONF_DIR, JAVA_HOME."""
        environment = dict(os.environ)
        try:
            import json

            with open(self.spec["env"], encoding="utf-8") as file:
                environment.update(json.load(file))
        except (OSError, TypeError):
            pass
        for name in ("PYSPARK_GATEWAY_PORT", "PYSPARK_GATEWAY_SECRET", "PYSPARK_SUBMIT_ARGS"):
            environment.pop(name, None)
        environment.update(self.spark["environment"])
        environment.update(SPARK_CONNECT_MODE="0", _PYSPARK_DRIVER_CONN_INFO_PATH=self.connection)
        environment["PYSPARK_PYTHON"] = self.spark["executorPython"]
        return environment

    def stop(self, grace):
        """Ends the JVM and all that it started: by end of file, after `grace` seconds by SIGTERM, then by SIGKILL."""
        import signal

        process = self.process
        if process is not None:
            process.stdin.close()
            for number, seconds in ((None, grace), (signal.SIGTERM, 2.0), (signal.SIGKILL, 2.0)):
                if number is not None:
                    signal_group(process.pid, number)
                if ended(process, seconds):
                    break
            signal_group(process.pid, signal.SIGKILL)
        for path in (self.connection, self.lock, self.spark["properties"]):
            discard(path)

    def explain(self, outcome):
        """After the end: what the engine's log knows better than an exit code."""
        if outcome != "failed":
            return None
        lines = last_lines(self.log, 200)
        if any("All masters are unresponsive" in line for line in lines):
            return "The master did not accept the application. Check that it runs and can reach this machine."
        return None


def connect(info):
    """The driver's side: port and secret of the JVM. Raises GatewayError as soon as there will be none."""
    import struct

    pause = 0.002
    while True:
        gone = is_gone(info["lock"])
        try:
            with open(info["connection"], "rb") as file:
                port, length = struct.unpack("!ii", file.read(8))
                secret = file.read(length).decode("utf-8")
        except FileNotFoundError:
            pass
        else:
            # Read by the JVM before it answered; it may hold credentials.
            discard(info["properties"])
            return port, secret
        if gone:
            raise GatewayError(reason(last_lines(info["log"], 400)))
        time.sleep(pause)
        pause = min(pause * 1.5, 0.03)


def is_gone(lock):
    """Whether every process that inherited the lock has ended."""
    import fcntl

    try:
        handle = os.open(lock, os.O_RDWR)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return True
    except BlockingIOError:
        return False
    finally:
        os.close(handle)


def discard(path):
    try:
        os.unlink(path)
    except OSError:
        pass


def put_defaults_first(path, folder):
    """spark-submit reads no spark-defaults.conf when it is given a file of properties; later lines win."""
    try:
        with open(os.path.join(folder, "spark-defaults.conf"), "rb") as file:
            defaults = file.read()
    except OSError:
        return
    with open(path, "rb") as file:
        own = file.read()
    with open(path, "wb") as file:
        file.write(defaults + b"\n" + own)


def installed_home():
    """Directory of this interpreter's pyspark, which is a SPARK_HOME, or None. pyspark is not imported."""
    import importlib.util

    spec = importlib.util.find_spec("pyspark")
    places = list(spec.submodule_search_locations or []) if spec is not None else []
    return next((place for place in places if os.path.exists(os.path.join(place, "bin", "spark-submit"))), None)


def python_packages(home):
    """Spark's own Python packages, for an interpreter that has none."""
    library = os.path.join(home, "python", "lib")
    names = sorted(os.listdir(library)) if os.path.isdir(library) else []
    return [os.path.join(home, "python")] + [os.path.join(library, name) for name in names if name.startswith("py4j-")]


def signal_group(group, number):
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        pass


def ended(process, seconds):
    deadline = time.monotonic() + seconds
    while process.poll() is None:
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.02)
    return True


def last_lines(path, count, size=32768):
    """The last lines of a log that are neither blank nor frames of a Java stack."""
    try:
        with open(path, "rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - size))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return []
    lines = [line.rstrip() for line in text.splitlines()]
    return [line for line in lines if line and not line.startswith("\tat ")][-count:]


def reason(lines):
    """Why a JVM ended before it was ready: cause, remedy, and the last lines themselves."""
    import re

    text = "\n".join(lines)
    # The Java release of a class file is its version less 44 (Java Virtual Machine Specification, 4.1).
    version = re.search(r"class file version (\d+)\.\d+.*up to (\d+)\.\d+", text, re.S)
    if version:
        need, have = (int(group) - 44 for group in version.groups())
        cause = "This Spark needs Java %d or later, but Java %d was started. Set javaHome of the target." % (need, have)
    elif "UnsupportedClassVersionError" in text or "Unrecognized option: --add-" in text:
        cause = "This Java is too old for this Spark. Set javaHome of the target to a newer one."
    elif re.search(r"JAVA_HOME is not set|java: (No such file|not found|command not found)", text):
        cause = "Spark found no Java. Install a Java runtime (17 for Spark 4), or set javaHome of the target."
    elif "Could not parse Master URL" in text or "Master must either be" in text:
        cause = "Spark does not understand the master URL. Use local[N], spark://host:port, yarn or k8s://…."
    elif "unresolved dependency" in text.lower():
        cause = "Spark could not resolve the target's packages. Check their coordinates and the network."
    else:
        cause = "Spark's JVM ended before it was ready. Check master, conf and javaHome of the target."
    # spark-submit says what it does not accept in one line, before its whole manual.
    refused = [number for number, line in enumerate(lines) if line.startswith("Error: ")][-1:]
    shown = lines[refused[0] :][:2] if refused and refused[0] < len(lines) - 12 else lines[-12:]
    return cause + ("\nThe last lines of the engine's log:\n  " + "\n  ".join(shown) if shown else "")
