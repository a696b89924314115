"""Run an unpacked bundle: `python .slingshot/run.py [arguments]`, in any directory, with nothing installed.

Checks every file against `.slingshot/manifest.json`, then runs the entry in this process as plain Python would. The
working directory stays the caller's, and so do standard input and output. For a function entry the arguments are
`name=text` and `name:=JSON`. Exit code 3: a file is not what the snapshot holds.
"""
initial = list(globals())  # the names that a script's module has, before it runs

import os
import sys

before = set(sys.modules)
here = os.path.dirname(os.path.abspath(__file__))
runner = os.path.join(here, "runner") if os.path.isdir(os.path.join(here, "runner")) else here


def load():
    """Verify the bundle and set the process up; returns (entry, failure, arguments, absent, manifest, tree)."""
    sys.path.insert(0, runner)
    sys.dont_write_bytecode, kept = True, sys.dont_write_bytecode
    import absent
    import arguments
    import entry
    import failure
    import modulepath
    import records
    import tree

    root = os.path.dirname(here)
    try:
        manifest = records.read_json(os.path.join(here, "manifest.json"))
        tree.verify(root, manifest)
        listed = os.path.join(here, "absent.json")
        left = records.read_json(listed)["files"] if os.path.exists(listed) else []
    except (OSError, ValueError, tree.TreeError) as error:
        text = str(error).replace("Run the job again: its files are unpacked anew.", "Unpack the bundle again.")
        sys.stderr.write("%s\n" % text)
        raise SystemExit(3)
    modulepath.apply(root, manifest)
    failure.entrances.add(os.path.abspath(__file__))
    for name in set(sys.modules) - before:
        del sys.modules[name]
    for folder in (here, runner):
        sys.path_importer_cache.pop(folder, None)
    sys.dont_write_bytecode = kept
    return entry, failure, arguments, absent.Absent(root, left, manifest["excluded"]), manifest, root


def named(words):
    """`name=text`, `name:=JSON` -> the arguments of a function entry."""
    import json

    given = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise SystemExit("%s: write arguments of the function as name=value or name:=JSON" % word)
        given[name.rstrip(":")] = {"json": json.loads(value)} if name.endswith(":") else {"text": value}
    return given


def main():
    entry, failure, arguments, absent, manifest, root = load()
    interrupt = None
    try:
        code, namespace = entry.prepare(root, manifest, sys.argv[1:], initial)
        if code is not None:
            exec(code, namespace)
        else:
            module = entry.load(root, manifest)
            result = arguments.call(module, manifest["entry"]["function"], named(sys.argv[1:]), None, None)
            if result is not None:
                print(result)
        absent.tell()
        return
    except SystemExit:
        absent.tell()
        raise
    except BaseException as error:
        failure.report(error)
        absent.tell()
        interrupt = error if isinstance(error, KeyboardInterrupt) else None
    if interrupt is not None:
        sys.excepthook = lambda *_: None
        raise interrupt
    raise SystemExit(1)


if sys.version_info < (3, 8):
    sys.exit("This bundle needs Python 3.8 or later; this is %d.%d (%s)." % (sys.version_info[0], sys.version_info[1], sys.executable))
main()
