"""The job's working directory: the bundle's other files at their paths, and afterwards what the program made there."""
import os

from records import write_json
from tree import checked_parts, copy

CODE = (".py", ".pyw", ".pyi", ".pyc", ".pyo", ".so", ".pyd")
SKIPPED = {"__pycache__", ".ipynb_checkpoints"}


def belongs(entry):
    """Whether a manifest file is laid out: not Python's own, and of the workspace."""
    path = entry["path"]
    return not path.endswith(CODE) and not path.startswith(".slingshot/")


def lay_out(root, manifest, workdir):
    """Copy the bundle's other files below `workdir`, writable. Returns {path: signature} for `changed`."""
    os.makedirs(workdir, 0o700, exist_ok=True)
    laid = {}
    for entry in manifest["files"]:
        if not belongs(entry):
            continue
        parts = checked_parts(entry["path"])
        target = os.path.join(workdir, *parts)
        os.makedirs(os.path.dirname(target), 0o700, exist_ok=True)
        if os.path.lexists(target):
            os.unlink(target)
        copy(root + "/" + entry["path"], target, 0o700 if entry["mode"] == "755" else 0o600)
        laid[entry["path"]] = signature(os.stat(target))
    return laid


def signature(status):
    return (status.st_size, status.st_mtime_ns, status.st_ino)


def changed(workdir, laid):
    """[(path, size)] of regular files below `workdir` that are new or were written to, sorted. Links are not followed."""
    found = []
    _walk(workdir, "", laid, found)
    return sorted(found)


def _walk(folder, prefix, laid, found):
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        path = prefix + entry.name
        try:
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in SKIPPED:
                    _walk(entry.path, path + "/", laid, found)
            elif entry.is_file(follow_symlinks=False):
                status = entry.stat(follow_symlinks=False)
                if laid.get(path) != signature(status):
                    found.append((path, status.st_size))
        except OSError:
            continue


def collect(spec, laid, strays=()):
    """Write run/outputs.json and place the outputs below `outputs/`, up to the spec's limit of bytes in all, small ones
    first. `strays` are files that the program left in its tree: they are moved to the working directory first."""
    workdir, folder = spec["workdir"], spec["folder"]
    for path in strays:
        _move(os.path.join(spec["tree"], path), os.path.join(workdir, path))
    files = changed(workdir, laid)
    taken, collected = 0, set()
    for path, size in sorted(files, key=lambda item: item[1]):
        if taken + size > spec["outputsLimit"]:
            break
        if _take(os.path.join(workdir, path), os.path.join(folder, "outputs", path)):
            taken += size
            collected.add(path)
    listed = [{"path": _readable(path), "size": size, "collected": path in collected} for path, size in files]
    write_json(os.path.join(folder, "run", "outputs.json"), listed)
    return listed


def _take(source, target):
    try:
        os.makedirs(os.path.dirname(target), 0o700, exist_ok=True)
        if os.path.lexists(target):
            os.unlink(target)
        try:
            os.link(source, target, follow_symlinks=False)
        except (OSError, NotImplementedError):
            copy(source, target, 0o600)
        return True
    except OSError:
        return False


def _move(source, target):
    try:
        os.makedirs(os.path.dirname(target), 0o700, exist_ok=True)
        if not os.path.lexists(target):
            copy(source, target, 0o600)
        os.unlink(source)
    except OSError:
        pass


def _readable(path):
    """A name that is not UTF-8 is listed with replacement characters."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
