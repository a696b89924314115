"""The driver program of a job whose driver runs on the cluster: Spark's PythonRunner starts it on a worker.

`spark_boot.py STAGE`: STAGE is the job's folder on the stage, a path here or an address of a file system that Spark
knows. Fetches the runner and the layers, builds the tree, lets the supervisor run the program, copies its log to
standard output as it grows, and puts results and outputs on the stage. Ends with the program's exit code.

Spark kills the JVM of a driver, never its Python. So the end of the JVM, our parent, is what cancels the program.
"""
import json
import os
import shutil
import struct
import subprocess
import sys
import tarfile
import time


def main(stage):
    parent = os.getppid()
    home = os.path.join(os.getcwd(), "slingshot")
    os.makedirs(home, mode=0o700)
    fetch(stage, home)
    spec = unpack(home)
    put(stage, home, "driver.json", json.dumps({"driver": os.path.basename(os.getcwd())}))
    supervisor = subprocess.Popen(
        [sys.executable, os.path.join(home, "runner", "supervise.py"), spec["path"]], stdin=subprocess.DEVNULL
    )
    killed = follow(os.path.join(home, "job"), supervisor, parent)
    # After a kill nobody waits for results, and the stage may be cleaned up already.
    code = 1 if killed else deliver(stage, home)
    shutil.rmtree(home, ignore_errors=True)
    return code


def remote(stage):
    return "://" in stage or stage.split(":", 1)[0] in ("hdfs", "s3a")


def hadoop(*words):
    """Spark's own copy of Hadoop's file commands. Both streams of this process are the program's log, so they speak only where they fail."""
    program = os.path.join(os.environ["SPARK_HOME"], "bin", "spark-class")
    command = [program, "org.apache.hadoop.fs.FsShell"] + list(words)
    environment = dict(os.environ)
    folders = [environment.get("HADOOP_CONF_DIR"), environment.get("SPARK_CONF_DIR")]
    if not any(folder and os.path.exists(os.path.join(folder, "core-site.xml")) for folder in folders):
        # It refuses to run without this file; where nobody configured Hadoop, an empty one will do.
        folder = environment["HADOOP_CONF_DIR"] = os.path.join(os.getcwd(), "slingshot", "hadoop")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "core-site.xml"), "w") as file:
            file.write("<configuration/>\n")
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment)
    if done.returncode != 0:
        said = [line for line in done.stdout.decode("utf-8", "replace").splitlines() if line and not line.startswith("\tat ")]
        raise OSError("%s: %s" % (" ".join(words), said[-1] if said else "exit code %d" % done.returncode))


def fetch(stage, home):
    staged = os.path.join(home, "staged")
    if remote(stage):
        hadoop("-get", stage, staged)
    else:
        os.symlink(os.path.abspath(stage), staged)


def put(stage, home, name, text):
    path = os.path.join(home, name)
    with open(path, "w") as file:
        file.write(text)
    if remote(stage):
        hadoop("-put", "-f", path, stage + "/" + name)
    else:
        shutil.copyfile(path, os.path.join(stage, name + ".new"))
        os.rename(os.path.join(stage, name + ".new"), os.path.join(stage, name))


def unpack(home):
    """Runner, manifest and tree below `home`; returns the spec with this machine's paths."""
    staged = os.path.join(home, "staged")
    with tarfile.open(os.path.join(staged, "job.tar")) as archive:
        extract(archive, home, lambda name: True)
    with open(os.path.join(home, "manifest.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    with open(os.path.join(home, "spec.json"), encoding="utf-8") as file:
        spec = json.load(file)
    for key in ("manifest", "tree", "folder"):
        spec[key] = os.path.join(home, spec[key])
    spec["workdir"] = os.path.join(home, spec["workdir"])
    wanted = dict((entry["path"], entry) for entry in manifest["files"])
    for name in sorted(os.listdir(staged)):
        if name.startswith("ssl_") and name.endswith(".tar"):
            with tarfile.open(os.path.join(staged, name)) as archive:
                extract(archive, spec["tree"], wanted.__contains__)
    os.makedirs(spec["tree"], exist_ok=True)
    for path, entry in wanted.items():
        place = os.path.join(spec["tree"], *path.split("/"))
        if os.path.exists(place):
            os.chmod(place, 0o555 if entry["mode"] == "755" else 0o444)
    spec["env"] = take_environment(staged, home)
    prepare_workers(staged, spec)
    for folder in (spec["folder"], os.path.join(spec["folder"], "run")):
        os.makedirs(folder, mode=0o700, exist_ok=True)
    spec["path"] = os.path.join(spec["folder"], "run", "spec.json")
    with open(spec["path"], "w", encoding="utf-8") as file:
        json.dump(spec, file)
    return spec


def take_environment(staged, home):
    """The job's variables, from the stage's private file to one of this driver; they stay on the stage no longer than needed."""
    source, path = os.path.join(staged, "env.json"), os.path.join(home, "env.json")
    if not os.path.exists(source):
        return None
    try:
        with open(source, "rb") as file:
            content = file.read()
    except PermissionError:
        sys.exit(
            "Slingshot: %s can't be read: this worker runs as another user. Give the stage to a group of both users"
            " (chgrp, then chmod g+s)." % os.path.realpath(source)
        )
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    for name in ("env.json", "spark.properties"):
        try:
            os.unlink(os.path.join(staged, name))
        except OSError:
            pass
    return path


def prepare_workers(staged, spec):
    """The workers' Python under its relative name here too: Spark plans some functions in the driver's own directory."""
    for name in os.listdir(staged):
        if name.startswith("ss_") and name.endswith(".tgz"):
            root = os.path.abspath(name[: -len(".tgz")])
            with tarfile.open(os.path.join(staged, name)) as archive:
                extract(archive, root, lambda name: True)
            with open(os.path.join(root, ".slingshot", "layers.json"), "w") as file:
                json.dump({"tree": spec["tree"], "layers": []}, file)


def extract(archive, folder, wanted):
    """Regular files only, below `folder` only."""
    for member in archive:
        parts = member.name.split("/")
        if not member.isreg() or ".." in parts or member.name.startswith("/") or not wanted(member.name):
            continue
        path = os.path.join(folder, *parts)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            shutil.copyfileobj(archive.extractfile(member), file)
        os.chmod(path, 0o755 if member.mode & 0o100 else 0o644)


def follow(folder, supervisor, parent):
    """Copies the log to standard output until the supervisor has ended; ends it when Spark's JVM is gone, and says so."""
    merge, killed = Merge(folder), False
    while True:
        ended = supervisor.poll() is not None
        merge.read()
        if ended:
            merge.finish()
            return killed
        if not killed and os.getppid() != parent:
            killed = True
            supervisor.terminate()
        time.sleep(0.03)


class Merge:
    """Both streams of out.log as one, by whole lines: a line of one stream never stands within a line of the other."""

    PATIENCE = 0.4  # seconds that an unfinished line is kept back
    RECORD = struct.Struct("<QQII")  # of out.idx: offset, time, length, stream

    def __init__(self, folder):
        self.folder = folder
        self.files = None
        self.rest = b""
        self.open_lines = {}
        self.since = time.monotonic()

    def read(self):
        if self.files is None:
            paths = [os.path.join(self.folder, name) for name in ("out.log", "out.idx")]
            if not all(map(os.path.exists, paths)):
                return
            self.files = [open(path, "rb") for path in paths]
        log, index = self.files
        data = self.rest + index.read()
        whole = len(data) - len(data) % self.RECORD.size
        self.rest = data[whole:]
        for offset, _, length, stream in self.RECORD.iter_unpack(data[:whole]):
            log.seek(offset)
            text = self.open_lines.pop(stream, b"") + log.read(length)
            end = text.rfind(b"\n") + 1
            if end:
                write(text[:end])
            if text[end:]:
                self.open_lines[stream] = text[end:]
            self.since = time.monotonic()
        if self.open_lines and time.monotonic() - self.since > self.PATIENCE:
            self.finish()

    def finish(self):
        for stream in list(self.open_lines):
            write(self.open_lines.pop(stream))


def write(data):
    """To the pipe of Spark's JVM; once that is gone nobody reads any more."""
    view = memoryview(data)
    try:
        while view:
            view = view[os.write(1, view) :]
    except OSError:
        pass


def deliver(stage, home):
    """Results, outputs and report to the stage; returns the exit code as a shell would say it."""
    job, out = os.path.join(home, "job"), os.path.join(home, "out")
    os.makedirs(os.path.join(out, "run"))
    for name in ("results", "outputs"):
        if os.path.isdir(os.path.join(job, name)):
            shutil.copytree(os.path.join(job, name), os.path.join(out, name))
    for name in ("outputs.json", "exit.json"):
        if os.path.exists(os.path.join(job, "run", name)):
            shutil.copyfile(os.path.join(job, "run", name), os.path.join(out, "run", name))
    try:
        if remote(stage):
            hadoop("-put", out, stage + "/out")
        else:
            shutil.copytree(out, os.path.join(stage, "out.new"))
            os.rename(os.path.join(stage, "out.new"), os.path.join(stage, "out"))
    except OSError as error:
        sys.stderr.write("Slingshot: results and outputs could not be put on the stage: %s\n" % error)
    try:
        with open(os.path.join(job, "run", "exit.json"), encoding="utf-8") as file:
            code = json.load(file)["code"]
    except (OSError, ValueError):
        return 1
    return 1 if code is None else code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
