"""The engine module for Spark: the JVM beside the program, and what a Python driver needs inside.

In the supervisor `start`, `stop` and `explain`; in the program the rest. The contract is in README.md. `info` carries
from one side to the other where the JVM's address will be (`connection`), how to learn that it is gone (`lock`) and
the Python of the workers (`executorPython`, and `localPython` for workers on this machine).
"""
import os
import sys

class Attached:
    """A driver on the cluster: Spark started Python itself, so JVM, address and secret are in the environment."""

    info = {}

    def stop(self, grace):
        pass

    def explain(self, outcome):
        return None


def start(spec, log_fd):
    if spec["spark"]["properties"] is None:
        return Attached()
    import spark_gateway

    return spark_gateway.Gateway(spec).start(log_fd)


def stop(handle, outcome):
    # A cancelled job's application has to be gone within the job's grace; else Spark may take its time to say goodbye.
    handle.stop(3.0 if outcome == "cancelled" else 10.0)


def explain(handle, outcome):
    return handle.explain(outcome)


def child(info):
    """Before user code. pyspark is not imported here: most of the time until the first line would be its."""
    if not info:
        return
    first, slash, _ = info["executorPython"][2:].partition("/")
    if info["executorPython"].startswith("./") and slash:
        # The relative name must hold in the JVM's directory too: Spark plans some functions there (table functions).
        try:
            os.symlink(info["localPython"][: -len("/bin/python")], first)
        except OSError:
            pass
    actions = {"pyspark.java_gateway": lambda module: _use_gateway(module, info)}
    for name in ("pyspark.core.context", "pyspark.context"):
        actions[name] = lambda module: _use_local_python(module, info)
    sys.meta_path.insert(0, _AfterImport(actions))


def is_session(name, annotation):
    if annotation is None:
        return name == "spark"
    if isinstance(annotation, str):
        return annotation.split(".")[-1] == "SparkSession"
    return getattr(annotation, "__name__", None) == "SparkSession"


def session(info):
    from pyspark.sql import SparkSession

    return SparkSession.builder.getOrCreate()


def preview(value, rows, columns, seconds):
    kinds = type(value).__mro__
    if not any(kind.__name__ == "DataFrame" and kind.__module__.startswith("pyspark.sql.") for kind in kinds):
        return None
    return _load("spark_preview")["preview"](value, rows, columns, seconds)


def _load(name):
    """Names of a module beside this one, without making it importable for the program."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), name + ".py")
    with open(path, "rb") as file:
        code = compile(file.read(), path, "exec")
    names = {"__name__": name, "__file__": path}
    exec(code, names)
    return names


def _use_gateway(module, info):
    """`pyspark.java_gateway`: connect to the JVM that starts beside the program instead of launching another."""
    original = module.launch_gateway

    def launch_gateway(conf=None, popen_kwargs=None):
        port, secret = _load("spark_gateway")["connect"](info)
        # As Spark's PythonRunner does it; taken back, so that no process of the program inherits the secret.
        os.environ["PYSPARK_GATEWAY_PORT"], os.environ["PYSPARK_GATEWAY_SECRET"] = str(port), secret
        try:
            return original(conf, popen_kwargs)
        finally:
            del os.environ["PYSPARK_GATEWAY_PORT"], os.environ["PYSPARK_GATEWAY_SECRET"]

    launch_gateway.__doc__ = original.__doc__
    module.launch_gateway = launch_gateway


def _use_local_python(module, info):
    """`SparkContext.pythonExec`: where the program itself chose `local[…]`, no executor unpacks an archive."""
    context = module.__dict__.get("SparkContext")
    if context is None or context.__module__ != module.__name__:
        return

    def read(self):
        chosen = self.__dict__.get("pythonExec")
        master = getattr(self, "master", "")
        here = master == "local" or master.startswith("local[")
        return info["localPython"] if here and chosen == info["executorPython"] else chosen

    def write(self, value):
        self.__dict__["pythonExec"] = value

    context.pythonExec = property(read, write)


class _AfterImport:
    """A finder that lets a function see a module of a given name right after it was executed."""

    def __init__(self, actions):
        self.actions = actions

    def find_spec(self, name, path=None, target=None):
        action = self.actions.pop(name, None)
        if action is None:
            return None
        import _frozen_importlib_external

        spec = _frozen_importlib_external.PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _LoaderThen(spec.loader, action)
        return spec


class _LoaderThen:
    """A module's own loader, and one thing more."""

    def __init__(self, loader, action):
        self.loader = loader
        self.action = action

    def create_module(self, spec):
        return self.loader.create_module(spec)

    def exec_module(self, module):
        # The module keeps its own loader, as inspect and pickle expect.
        module.__loader__ = module.__spec__.loader = self.loader
        self.loader.exec_module(module)
        self.action(module)
