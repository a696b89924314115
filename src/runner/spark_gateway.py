"""Spark's JVM beside a Python driver: started by the supervisor at once, awaited by the driver only when it is needed.

Spark's own `launch_gateway` starts the JVM when the first session is made and waits for it; spark-submit starts Python
only when the JVM stands. Here both start together. Address and secret come in a file of the job's private folder
(`_PYSPARK_DRIVER_CONN_INFO_PATH`, the way of pyspark itself); the JVM's two streams go to engine.log.

The JVM ends when its standard input closes (PythonGatewayServer), so it never outlives the supervisor. It holds the
write end of a pipe whose read end the driver has: end of file there means that the JVM is gone.
"""
import importlib.util
import os
import re
import select
import signal
import struct
import subprocess
import time


class GatewayError(RuntimeError):
    """Spark's JVM could not be started or ended early. The message says why and what to do."""


class Gateway:
    """A JVM that was started, or the reason why it could not be (`failure`)."""

    def __init__(self, folder):
        self.connection = os.path.join(folder, "run", "gateway")
        self.log = os.path.join(folder, "engine.log")
        self.process = None
        self.life = None
        self.failure = None

    def start(self, spark, environment, directory):
        """Starts spark-submit; returns at once. `environment` is the job's, `directory` where relative paths start."""
        home = spark["sparkHome"] or environment.get("SPARK_HOME") or installed_home()
        if home is None:
            self.failure = "This interpreter has no pyspark. Install it (pip install pyspark), or set sparkHome of the target."
            return self
        env = dict(environment)
        for name in ("PYSPARK_GATEWAY_PORT", "PYSPARK_GATEWAY_SECRET", "PYSPARK_SUBMIT_ARGS"):
            env.pop(name, None)
        env.update(spark["environment"])
        env.update(SPARK_HOME=home, SPARK_CONNECT_MODE="0", _PYSPARK_DRIVER_CONN_INFO_PATH=self.connection)
        os.makedirs(directory, mode=0o700, exist_ok=True)
        log = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.life, ours = os.pipe()
        try:
            self.process = subprocess.Popen(
                [os.path.join(home, "bin", "spark-submit")] + list(spark["submitArgs"]) + ["pyspark-shell"],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env=env,
                cwd=directory,
                pass_fds=(ours,),
                start_new_session=True,
            )
        except OSError as error:
            self.failure = "Spark could not be started: %s. Set sparkHome of the target to a Spark installation." % error
        finally:
            os.close(log)
            os.close(ours)
        return self

    def wait(self):
        """Port and secret of the JVM. Raises GatewayError as soon as it is known that there will be none."""
        pause = 0.002
        while self.failure is None:
            try:
                with open(self.connection, "rb") as file:
                    port, length = struct.unpack("!ii", file.read(8))
                    return port, file.read(length).decode("utf-8")
            except FileNotFoundError:
                pass
            if select.select([self.life], [], [], pause)[0] and not os.path.exists(self.connection):
                self.failure = explain(self.last_lines())
            pause = min(pause * 1.5, 0.05)
        raise GatewayError(self.failure)

    def last_lines(self, count=12, size=16384):
        """The end of the engine's log, without blank lines."""
        try:
            with open(self.log, "rb") as file:
                file.seek(max(0, os.fstat(file.fileno()).st_size - size))
                text = file.read().decode("utf-8", "replace")
        except OSError:
            return []
        return [line.rstrip() for line in text.splitlines() if line.strip()][-count:]

    def leave(self):
        """In the forked driver: the pipe whose end ends the JVM stays the supervisor's alone."""
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()

    def stop(self, grace):
        """Ends the JVM and all that it started: by end of file, after `grace` seconds by SIGTERM, then by SIGKILL."""
        process = self.process
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        for number, seconds in ((None, grace), (signal.SIGTERM, 2.0), (signal.SIGKILL, 2.0)):
            if number is not None:
                signal_group(process.pid, number)
            if ended(process, seconds):
                break
        signal_group(process.pid, signal.SIGKILL)
        try:
            os.unlink(self.connection)
        except OSError:
            pass


def installed_home():
    """Directory of the interpreter's pyspark, which is a SPARK_HOME, or None. pyspark is not imported."""
    spec = importlib.util.find_spec("pyspark")
    places = list(spec.submodule_search_locations or []) if spec is not None else []
    return next((place for place in places if os.path.exists(os.path.join(place, "bin", "spark-submit"))), None)


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


# The Java release of a class file version is the version less 44 (Java Virtual Machine Specification, 4.1).
CLASS_VERSION = re.compile(r"class file version (\d+)\.\d+.*up to (\d+)\.\d+", re.S)


def explain(lines):
    """One message from the last lines of a JVM that ended before it was ready: cause, remedy, the lines themselves."""
    text = "\n".join(lines)
    version = CLASS_VERSION.search(text)
    if version:
        need, have = (int(group) - 44 for group in version.groups())
        cause = "This Spark needs Java %d or later, but Java %d was started. Set javaHome of the target." % (need, have)
    elif "UnsupportedClassVersionError" in text or "Unrecognized option: --add-" in text:
        cause = "This Java is too old for this Spark. Set javaHome of the target to a newer one."
    elif "JAVA_HOME is not set" in text or re.search(r"/java: (No such file|not found)", text) or "java: command not found" in text:
        cause = "Spark found no Java. Install a Java runtime (17 for Spark 4), or set javaHome of the target."
    elif "Could not parse Master URL" in text or "Master must either be" in text:
        cause = "Spark does not understand the master URL. Use local[N], spark://host:port, yarn or k8s://…."
    elif "unresolved dependency" in text.lower() or "UNRESOLVED DEPENDENCIES" in text:
        cause = "Spark could not resolve the target's packages. Check their coordinates and the network."
    else:
        cause = "Spark's JVM ended before it was ready. Check master, conf and javaHome of the target."
    return cause + ("\nThe last lines of the engine's log:\n  " + "\n  ".join(lines) if lines else "")
