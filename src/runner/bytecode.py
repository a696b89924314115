"""Bytecode by content: `<cache>/<cache tag>/<sha256>.pyc`, unchecked hash-based, placed in the trees' `__pycache__`.

Which path a module was compiled under does not matter: the import system puts the present one into the code it loads.
What is not cached yet is compiled by the import system as always, and taken over when the job has ended.
"""
import os
import sys

from records import read_bytes, write_private


def cache_tag():
    """Name of the interpreter's bytecode, as in `__pycache__/module.<tag>.pyc`; None where it writes none."""
    tag = sys.implementation.cache_tag
    if tag is None:
        return None
    level = sys.flags.optimize
    return "%s.opt-%d" % (tag, level) if level else tag


def sources(manifest):
    return [entry for entry in manifest["files"] if entry["path"].endswith(".py")]


def pyc_path(root, path, tag):
    folder, _, name = path.rpartition("/")
    return "%s/%s__pycache__/%s.%s.pyc" % (root, folder + "/" if folder else "", name[:-3], tag)


def place(root, manifest, cache):
    """Link cached bytecode into the tree; `__pycache__` stays writable, so that the import system can add to it."""
    tag = cache_tag()
    if tag is None or cache is None:
        return
    folder = os.path.join(cache, tag)
    made = set()
    for entry in sources(manifest):
        target = pyc_path(root, entry["path"], tag)
        parent = target.rpartition("/")[0]
        if parent not in made:
            made.add(parent)
            try:
                os.mkdir(parent, 0o755)
            except OSError:
                pass
        _link(os.path.join(folder, entry["sha256"] + ".pyc"), target)


def _link(source, target):
    try:
        os.link(source, target)
    except (FileNotFoundError, FileExistsError, PermissionError):
        pass
    except OSError:
        try:
            write_private(target, read_bytes(source))
        except OSError:
            pass


def keep(root, manifest, cache, deadline):
    """Cache what is missing, until `deadline` (of time.monotonic): from the tree where the import system compiled it
    already, else by compiling."""
    import time

    tag = cache_tag()
    if tag is None or cache is None:
        return
    folder = os.path.join(cache, tag)
    os.makedirs(folder, 0o700, exist_ok=True)
    for entry in sources(manifest):
        kept = os.path.join(folder, entry["sha256"] + ".pyc")
        if os.path.exists(kept):
            continue
        if time.monotonic() > deadline:
            return
        path = root + "/" + entry["path"]
        placed = pyc_path(root, entry["path"], tag)
        try:
            write_private(kept, _unchecked(path, placed, entry["sha256"]))
        except (SyntaxError, ValueError, OSError, RecursionError):
            continue


def _unchecked(path, placed, sha256):
    import hashlib

    import _frozen_importlib_external as machinery
    import _imp

    source = read_bytes(path)
    # The job has ended: what stands in the tree now may be damaged, and the digest names the bytecode for good.
    if hashlib.sha256(source).hexdigest() != sha256:
        raise ValueError("not the source of that digest")
    source_hash = _imp.source_hash(machinery._RAW_MAGIC_NUMBER, source)
    header = bytearray(machinery.MAGIC_NUMBER) + (1).to_bytes(4, "little") + source_hash
    try:
        present = read_bytes(placed)
        # Only what was written for this very source: by time and size, or with the same hash.
        written = int(os.stat(path).st_mtime) & 0xFFFFFFFF
        stamp = written.to_bytes(4, "little") + (len(source) & 0xFFFFFFFF).to_bytes(4, "little")
        if present[:4] == machinery.MAGIC_NUMBER and present[4:16] == bytes(4) + stamp:
            return bytes(header) + present[16:]
    except OSError:
        pass
    import marshal

    return bytes(header) + marshal.dumps(compile(source, path, "exec", dont_inherit=True))
