"""Packs a workspace as another tool does before it sends it, once for each line of standard input.

Prints for each the milliseconds that it took, the bytes that the tool would send, and the number of Python files of the workspace in them.

Arguments: the tool (ray, dask, metaflow), the folder of the workspace, a folder for what the tool writes.
"""
import io
import logging
import os
import sys
import tarfile
import time
import zipfile
from pathlib import Path

tool, workspace, scratch = sys.argv[1:]
logging.disable(logging.CRITICAL)
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
os.environ["METAFLOW_HOME"] = scratch


def ray():
    """What `ray.init(runtime_env={"working_dir": …})` and `ray job submit --working-dir` do up to the upload."""
    from ray._private import ray_constants
    from ray._private.runtime_env.packaging import create_package, get_uri_for_directory

    excludes = ray_constants.get_runtime_env_default_excludes()

    def pack():
        uri = get_uri_for_directory(workspace, include_gitignore=True, excludes=excludes)
        target = Path(scratch, uri.rsplit("/", 1)[1])
        create_package(workspace, target, include_gitignore=True, excludes=excludes)
        content = target.read_bytes()
        target.unlink()
        return content

    return pack


def dask():
    """What `client.register_plugin(UploadDirectory(…))` sends to the scheduler."""
    from distributed.diagnostics.plugin import UploadDirectory

    return lambda: UploadDirectory(workspace).data


def metaflow():
    """The code package of a flow that lies in the workspace."""
    sys.argv[0] = os.path.join(workspace, "job.py")
    from metaflow import FlowSpec, step
    from metaflow.metaflow_environment import MetaflowEnvironment
    from metaflow.package import MetaflowPackage

    class Flow(FlowSpec):
        @step
        def start(self):
            self.next(self.end)

        @step
        def end(self):
            pass

    flow = Flow(use_cli=False)

    def pack():
        return bytes(MetaflowPackage(flow, MetaflowEnvironment(flow), print).blob)

    return pack


def names(content):
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.namelist()
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        return archive.getnames()


pack = {"ray": ray, "dask": dask, "metaflow": metaflow}[tool]()
sources = {str(path.relative_to(workspace)) for path in Path(workspace).rglob("*.py")}
print("ready", file=answers, flush=True)
for _ in sys.stdin:
    started = time.perf_counter()
    content = pack()
    milliseconds = (time.perf_counter() - started) * 1000
    # Dask puts the workspace's own name first.
    top = os.path.basename(workspace) + "/"
    packed = {name[len(top):] if tool == "dask" else name for name in names(content)}
    print(milliseconds, len(content), len(sources & packed), file=answers, flush=True)
