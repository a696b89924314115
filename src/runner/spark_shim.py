"""The Python that Spark's executors start: `bin/python` of a tree hands every call over to this file.

Standard library only, Python 3.8 and later: it travels to machines that have nothing of ours.

    <root>/bin/python            #!/bin/sh, finds an interpreter from `bin/interpreter` and runs this file
    <root>/bin/interpreter       candidates, one a line
    <root>/bin/spark_shim.py     this file
    <root>/bin/modulepath.py     the runner's, so that driver and executors have one rule for sys.path
    <root>/.slingshot/manifest.json
    <root>/.slingshot/layers.json  {"tree": "/abs" | null, "layers": ["ssl_<digest>", ...]}

`<root>` is unpacked by Spark (`spark.archives`) in the executor's directory, and so is each layer, beside it. Once per
executor, under a lock, every file is checked against its digest, moved into `<root>` and made read-only. With `tree`
set, the files are on this machine already, checked by the runner.

A tree that is not what it should be is never imported from. Spark shows people only what a worker says through its own
protocol, so the refusal is told there, as the exception of the task.
"""
import fcntl
import hashlib
import importlib
import json
import os
import runpy
import stat
import struct
import sys

import modulepath

# pyspark.serializers.SpecialLengths.PYTHON_EXCEPTION_THROWN: equal in all releases of Spark.
EXCEPTION_THROWN = -2


class Refused(Exception):
    """The tree is incomplete or not what was sent. The message says which file."""


def main():
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    tree, manifest, refusal = root, None, None
    try:
        manifest, layers = read_plan(root)
        if layers["tree"] is None:
            assemble(root, manifest, layers["layers"])
        else:
            tree = layers["tree"]
            if not os.path.isdir(tree):
                raise Refused("its tree %s is not on this machine" % tree)
    except (Refused, OSError, ValueError, KeyError) as error:
        manifest = None
        refusal = "Slingshot refuses to run this code on %s: %s. Nothing of it was imported. Run the job again." % (
            os.uname().nodename,
            error,
        )
    if refusal is None:
        set_search_path(tree, manifest)
    else:
        del sys.path[0]
    del sys.modules["modulepath"]
    run(sys.argv[1:], refusal)


def read_plan(root):
    with open(os.path.join(root, ".slingshot", "manifest.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    with open(os.path.join(root, ".slingshot", "layers.json"), encoding="utf-8") as file:
        return manifest, json.load(file)


def assemble(root, manifest, layers):
    """Builds the tree in `root` from the layers beside it; whoever comes second waits and finds it done."""
    marker = os.path.join(root, ".slingshot", "ready")
    if os.path.exists(marker):
        return
    with open(os.path.join(root, ".slingshot", "lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if os.path.exists(marker):
            return
        sources = [os.path.join(os.path.dirname(root), name) for name in layers]
        folders = {root}
        for entry in manifest["files"]:
            target = os.path.join(root, *entry["path"].split("/"))
            folder = os.path.dirname(target)
            if folder not in folders:
                os.makedirs(folder, exist_ok=True)
                folders.add(folder)
            place(entry, target, sources)
        for folder in folders - {root}:
            os.chmod(folder, 0o555)
        with open(marker, "w"):
            pass


def place(entry, target, sources):
    """Checks one file and moves it into the tree. A tree left half built by a killed process is checked as it stands."""
    candidates = [os.path.join(source, *entry["path"].split("/")) for source in sources] + [target]
    found = next((path for path in candidates if os.path.lexists(path)), None)
    if found is None:
        raise Refused("%s did not arrive" % entry["path"])
    if not stat.S_ISREG(os.lstat(found).st_mode):
        raise Refused("%s is no regular file" % entry["path"])
    digest = hashlib.sha256()
    with open(found, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    if digest.hexdigest() != entry["sha256"]:
        raise Refused("%s has the digest %s… instead of %s…" % (entry["path"], digest.hexdigest()[:12], entry["sha256"][:12]))
    os.chmod(found, 0o555 if entry["mode"] == "755" else 0o444)
    if found != target:
        os.rename(found, target)


def set_search_path(tree, manifest):
    """The manifest's order. PYTHONPATH is Spark's own here, and Spark may lie in a virtual environment of the workspace."""
    given = os.environ.get("PYTHONPATH", "")
    modulepath.apply(tree, manifest)
    entries = [entry for entry in given.split(os.pathsep) if entry]
    moved = modulepath.python_path(tree, os.path.normpath(manifest["workspace"]), given)
    for entry, place in zip(entries, moved):
        if entry != place and os.path.exists(entry) and not os.path.exists(place):
            sys.path[:] = [entry if item == place else item for item in sys.path]
    if given:
        os.environ["PYTHONPATH"] = given


def run(arguments, refusal):
    """Runs `-m module …` or `file …` as the interpreter itself would."""
    if refusal is not None:
        sys.stderr.write(refusal + "\n")
        refuse_tasks(arguments, refusal)
    if arguments[:1] == ["-m"]:
        sys.argv[:] = arguments[1:]
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
    elif arguments:
        sys.argv[:] = arguments
        runpy.run_path(arguments[0], run_name="__main__")
    else:
        sys.exit("Slingshot: Spark gave its Python nothing to run")


def refuse_tasks(arguments, refusal):
    """Makes every task of this executor's workers fail with `refusal`."""
    if arguments[:2] != ["-m", "pyspark.daemon"]:
        sys.exit(1)
    text = ("RuntimeError: %s" % refusal).encode("utf-8")

    def refuse(_infile, outfile):
        outfile.write(struct.pack("!ii", EXCEPTION_THROWN, len(text)) + text)
        outfile.flush()
        sys.exit(1)

    importlib.import_module(arguments[2] if len(arguments) > 2 else "pyspark.worker").main = refuse


if __name__ == "__main__":
    main()
