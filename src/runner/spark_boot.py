"""The driver program of a job whose driver runs on the cluster: Spark's PythonRunner starts it on a worker.

`spark_boot.py STAGE`: STAGE is the job's folder on the stage, a path here or an address of a file system that Spark
knows. Fetches the runner and the layers, builds the tree, lets the supervisor run the program, copies its log to
standard output as it grows, and puts results and outputs on the stage. Ends with the program's exit code.

Spark kills the JVM of a driver, never its Python. So the end of the JVM, our parent, is what cancels the program.
"""
import json
import os
import shutil
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
    follow(os.path.join(home, "job", "out.log"), supervisor, parent)
    code = deliver(stage, home)
    shutil.rmtree(home, ignore_errors=True)
    return code


def remote(stage):
    return "://" in stage or stage.split(":", 1)[0] in ("hdfs", "s3a")


def hadoop(*words):
    """Spark's own copy of Hadoop's file commands. Their words go to standard error, the engine's log."""
    program = os.path.join(os.environ["SPARK_HOME"], "bin", "spark-class")
    command = [program, "org.apache.hadoop.fs.FsShell"] + list(words)
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr.fileno(), check=True)


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
    for key in ("manifest", "tree", "bytecode", "folder"):
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
    prepare_workers(staged, spec)
    for folder in (spec["folder"], os.path.join(spec["folder"], "run")):
        os.makedirs(folder, mode=0o700, exist_ok=True)
    spec["path"] = os.path.join(spec["folder"], "run", "spec.json")
    with open(spec["path"], "w", encoding="utf-8") as file:
        json.dump(spec, file)
    return spec


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


def follow(log, supervisor, parent):
    """Copies the log to standard output until the supervisor has ended; ends it when Spark's JVM is gone."""
    source, told = None, False
    while True:
        ended = supervisor.poll() is not None
        if source is None and os.path.exists(log):
            source = open(log, "rb", buffering=0)
        moved = source is not None and copy(source)
        if ended:
            return
        if not told and os.getppid() != parent:
            told = True
            supervisor.terminate()
        if not moved:
            time.sleep(0.03)


def copy(source):
    moved = False
    for data in iter(lambda: source.read(1 << 18), b""):
        moved = True
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(1, view) :]
        except OSError:
            return False
    return moved


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
    except (OSError, subprocess.CalledProcessError) as error:
        sys.stderr.write("Slingshot: results and outputs could not be put on the stage: %s\n" % error)
    try:
        with open(os.path.join(job, "run", "exit.json"), encoding="utf-8") as file:
            code = json.load(file)["code"]
    except (OSError, ValueError):
        return 1
    return 1 if code is None else code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
