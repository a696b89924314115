"""`sys.path` in the manifest's order. Loaded by the program: imports nothing but `os` and `sys`."""
import os
import sys


def split(path):
    """`sys.path` as the interpreter made it → (standard library, site-packages). What stands before the standard library
    is the script's folder and PYTHONPATH."""
    library = os.path.dirname(os.path.abspath(os.__file__))
    archive = "python%d%d.zip" % sys.version_info[:2]
    standard, site = [], []
    for entry in path:
        if entry == library or os.path.basename(entry) == archive or _is_dynamic(entry):
            standard.append(entry)
        elif standard:
            site.append(entry)
    return standard, site


def _is_dynamic(entry):
    return os.path.basename(entry) == "lib-dynload" and "python%d.%d" % sys.version_info[:2] in entry


def within(path, folder):
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def in_tree(root, roots):
    """Manifest paths of directories → absolute paths below the tree."""
    return [root if entry == "." else os.path.join(root, *entry.split("/")) for entry in roots]


def python_path(root, workspace, text):
    """Entries of PYTHONPATH; what lies in the workspace is meant as the snapshot has it, so it names the tree."""
    entries = []
    for entry in text.split(os.pathsep):
        if not entry:
            continue
        path = os.path.normpath(entry if os.path.isabs(entry) else os.path.join(workspace, entry))
        if within(path, workspace) and os.path.basename(path) not in ("site-packages", "dist-packages"):
            path = root if path == workspace else os.path.join(root, os.path.relpath(path, workspace))
        entries.append(path)
    return entries


def job_path(root, manifest, environ, extra=()):
    """The program's `sys.path`: import roots, PYTHONPATH, standard library, declared fallback roots, `extra` (an
    engine's own), site-packages, guessed fallback roots. Site entries that lead into the workspace (editable installs)
    are left out: code of the workspace comes from the tree or not at all."""
    workspace = os.path.normpath(manifest["workspace"])
    ahead = python_path(root, workspace, environ.get("PYTHONPATH", ""))
    standard, site = split(sys.path)
    fallback = manifest["fallbackRoots"]
    wanted = in_tree(root, manifest["importRoots"]) + ahead + standard + in_tree(root, fallback["declared"]) + list(extra)
    wanted += [entry for entry in site if not editable(entry, workspace)] + in_tree(root, fallback["guessed"])
    path = []
    for entry in wanted:
        if entry not in path:
            path.append(entry)
    return path


def editable(entry, workspace):
    return within(entry, workspace) and os.path.basename(entry) not in ("site-packages", "dist-packages")


def apply(root, manifest, *, extra=()):
    """Set `sys.path`, and PYTHONPATH for the Pythons that the program starts."""
    workspace = os.path.normpath(manifest["workspace"])
    own = os.environ.get("PYTHONPATH")
    path = job_path(root, manifest, os.environ, extra)
    if own is not None:
        os.environ["PYTHONPATH"] = os.pathsep.join(python_path(root, workspace, own))
    sys.path[:] = path
    for finder in list(sys.meta_path):
        _drop_workspace(finder, workspace)


def _drop_workspace(finder, workspace):
    """Take the workspace's packages out of the finders that setuptools installs for editable installs."""
    module = sys.modules.get(getattr(finder, "__module__", None) or "")
    for name in ("MAPPING", "NAMESPACES"):
        mapping = getattr(module, name, None)
        if not isinstance(mapping, dict) or not getattr(module, "__name__", "").startswith("__editable__"):
            continue
        for package, place in list(mapping.items()):
            places = [place] if isinstance(place, str) else place
            if any(within(str(item), workspace) for item in places):
                del mapping[package]
