"""What runs: a file as `python file.py` would, a module as `python -m` would. Loaded by the program: `os`, `sys` only."""
import os
import sys


def path_in(root, path):
    return os.path.join(root, *path.split("/"))


def new_main(initial):
    """A fresh `__main__` with the names, in the order, that this interpreter gives to a script's module."""
    main = type(sys)("__main__")
    namespace = main.__dict__
    namespace.clear()
    for name in initial:
        namespace[name] = None
    namespace["__name__"] = "__main__"
    if "__annotations__" in namespace:
        namespace["__annotations__"] = {}
    namespace["__builtins__"] = sys.modules["builtins"]
    sys.modules["__main__"] = main
    return main


def set_argv(first, argv, words=None):
    """`sys.argv`, and `sys.orig_argv` as the command line that plain Python would have had."""
    sys.argv = [first] + list(argv)
    if hasattr(sys, "orig_argv"):
        sys.orig_argv = sys.orig_argv[:1] + (words or [first]) + list(argv)


def prepare(root, manifest, argv, initial=("__name__", "__doc__", "__package__", "__loader__", "__spec__", "__annotations__", "__builtins__", "__file__", "__cached__")):
    """Make `__main__` for the manifest's entry and return (code, namespace) for `exec`. A module entry is a call of what
    `python -m` calls. Raises SyntaxError as plain Python does, without a frame of ours once the caller has cut it."""
    entry = manifest["entry"]
    main = new_main(initial)
    if entry["module"] is not None and entry["function"] is None:
        return _module(entry["module"], argv)
    path = path_in(root, entry["file"])
    set_argv(path, argv)
    namespace = main.__dict__
    if entry["function"] is not None:
        namespace.pop("__file__", None)
        return None, namespace
    if entry.get("folder"):
        return _folder(os.path.dirname(path), argv)
    machinery = sys.modules["_frozen_importlib_external"]
    loader = machinery.SourceFileLoader("__main__", path)
    namespace["__loader__"] = loader
    namespace["__file__"] = path
    return compile_file(loader.get_data(path), path), namespace


def compile_file(source, path):
    """Code of a script. Bytes that are not UTF-8 get the words that the interpreter has for a file rather than a text."""
    try:
        return compile(source, path, "exec", 0, True)
    except SyntaxError:
        refused = _undecodable(source, path)
        if refused is None:
            raise
    raise refused


def _undecodable(source, path):
    if source.startswith(b"\xef\xbb\xbf") or any(b"coding" in line for line in source.split(b"\n", 2)[:2]):
        return None
    try:
        source.decode("utf-8")
        return None
    except UnicodeDecodeError as error:
        line, byte = source.count(b"\n", 0, error.start) + 1, source[error.start]
    if sys.version_info[:2] == (3, 10):
        line += 1  # as that version counts
    page = "https://peps.python.org/pep-0263/" if sys.version_info >= (3, 11) else "https://python.org/dev/peps/pep-0263/"
    if sys.version_info < (3, 9):
        page = page.replace("https", "http")
    words = "Non-UTF-8 code starting with '\\x%02x' in file %s on line %d, but no encoding declared; see %s for details"
    refused = SyntaxError(words % (byte, path, line, page))
    if sys.version_info < (3, 9):
        refused.filename, refused.lineno = path, line
    return refused


def _module(name, argv):
    """`runpy` is what `python -m` runs; it finds the module on `sys.path`, sets `__main__` and `sys.argv[0]`."""
    set_argv("-m", argv, ["-m", name])
    import runpy

    code = compile("run(name)", "<slingshot>", "exec")
    return code, {"run": runpy._run_module_as_main, "name": name}


def _folder(path, argv):
    """What `python folder/` runs: `runpy` finds `__main__.py` in the folder, which is the first import root."""
    set_argv(path, argv)
    import runpy

    return compile("run(name, False)", "<slingshot>", "exec"), {"run": runpy._run_module_as_main, "name": "__main__"}


def dotted_names(path, manifest):
    """Names under which a file of the tree can be imported, best first: by the root above its outermost package, then
    by the longest name, so that relative imports and pickles have the package that the project gave them."""
    files = {entry["path"] for entry in manifest["files"]}
    fallback = manifest["fallbackRoots"]
    parts = path[: -len(".py")].split("/")
    if parts[-1] == "__init__":
        parts.pop()
    top = len(parts) - 1
    while top > 0 and "/".join(parts[:top]) + "/__init__.py" in files:
        top -= 1
    names = []
    for root in manifest["importRoots"] + fallback["declared"] + fallback["guessed"]:
        depth = 0 if root == "." else root.count("/") + 1
        if (root == "." or path.startswith(root + "/")) and depth < len(parts):
            name = parts[depth:]
            if all(part.isidentifier() for part in name):
                names.append((depth != top, -len(name) if depth <= top else len(parts), ".".join(name)))
    ordered = []
    for _, _, name in sorted(names):
        if name not in ordered:
            ordered.append(name)
    return ordered


def load(root, manifest):
    """Import the entry's module for a function entry and return it."""
    entry = manifest["entry"]
    path = path_in(root, entry["file"])
    names = [entry["module"]] if entry["module"] else dotted_names(entry["file"], manifest)
    for name in names:
        __import__(name)
        module = sys.modules[name]
        found = getattr(module, "__file__", None)
        if found is not None and os.path.normcase(found) == os.path.normcase(path):
            return module
    # Another module has the name (a shadowed file, or no root above it): load this file by its path.
    name = names[0] if names else os.path.basename(path)[: -len(".py")]
    machinery = sys.modules["_frozen_importlib_external"]
    spec = machinery.spec_from_file_location(name, path)
    module = sys.modules["_frozen_importlib"].module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
