"""The go message: what the waiting program is told. Its form is eight bytes of length and a marshal dict."""
import marshal
import os
import sys

import records

# Variables that are read when a process starts: for them a fork comes too late, and the program starts anew.
AT_START = ("PYTHON", "LD_", "DYLD_", "LC_", "MALLOC_", "GLIBC_")
AT_START_NAMES = {"LANG", "LANGUAGE", "TZ", "HOME", "USERPROFILE"}


def environment(path, more):
    """The program's environment, and whether it needs a new process. `path`: the job's private file, removed at once;
    `more`: what the engine adds."""
    own = dict(os.environ)
    added = {}
    if path is not None:
        try:
            added = records.read_json(path)
        finally:
            try:
                os.unlink(path)
            except OSError:
                pass
    added.update(more)
    changed = [name for name, value in added.items() if own.get(name) != value]
    own.update(added)
    return own, any((name.startswith(AT_START) or name in AT_START_NAMES) and name != "PYTHONPATH" for name in changed)


def message(spec, manifest, engine):
    """(bytes, environment, renew). `engine`: {"module", "info"} or None."""
    info = engine["info"] if engine else {}
    variables, renew = environment(spec["env"], info.get("environment", {}))
    if "PWD" in variables:
        variables["PWD"] = spec["workdir"]
    reduced = {key: manifest[key] for key in ("workspace", "entry", "importRoots", "fallbackRoots")}
    reduced["files"] = [{"path": entry["path"]} for entry in manifest["files"]] if manifest["entry"]["function"] else []
    run, results = (os.path.join(spec["folder"], name) for name in ("run", "results"))
    os.makedirs(results, 0o700, exist_ok=True)
    body = marshal.dumps(
        {
            "renew": renew,
            "environment": variables,
            "manifest": reduced,
            "tree": spec["tree"],
            "argv": spec["argv"],
            "arguments": spec["arguments"],
            "workdir": spec["workdir"],
            "run": run,
            "results": results,
            "figures": {"results": results, "record": os.path.join(run, "figures")},
            "preview": spec["preview"],
            "engine": engine,
            "extraPath": info.get("path", []),
            "runner": sys.path[0],
        }
    )
    return len(body).to_bytes(8, "little") + body, variables, renew


def send(channel, data, renew):
    """Write the message: once more for the new process that the fork becomes. The program may have died by now."""
    try:
        for _ in range(2 if renew else 1):
            records.write_all(channel, data)
    except BrokenPipeError:
        pass
    os.close(channel)
