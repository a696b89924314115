"""What a Python driver needs inside, before the user's first line: the way to the JVM and the executors' Python.

`pyspark` is not imported here, since most of the time until the first line would be its. A finder on `sys.meta_path` waits for two of
its modules and gives `launch_gateway` the JVM that already starts, and `SparkContext` the Python of its workers.
"""
import importlib.machinery
import os
import sys


def prepare(gateway, spark, directory):
    """In the driver's process. `directory` is the driver's working directory, `spark` the job's SparkSpec."""
    os.environ["PYSPARK_PYTHON"] = spark["executorPython"]
    link_shim(spark, directory)
    if spark["sparkHome"]:
        use_home(spark["sparkHome"])
    finder = AfterImport(
        {
            "pyspark.java_gateway": lambda module: use_gateway(module, gateway),
            "pyspark.core.context": lambda module: use_local_python(module, spark),
            "pyspark.context": lambda module: use_local_python(module, spark),
        }
    )
    sys.meta_path.insert(0, finder)


def link_shim(spark, directory):
    """The relative name of the executors' Python must hold in the JVM's directory too: Spark plans some functions there."""
    first, slash, _ = spark["executorPython"][2:].partition("/")
    if spark["executorPython"].startswith("./") and slash:
        try:
            os.symlink(spark["localPython"][: -len("/bin/python")], os.path.join(directory, first))
        except FileExistsError:
            pass


def use_home(home):
    """Spark's own Python packages, where the interpreter has none."""
    library = os.path.join(home, "python", "lib")
    zips = sorted(name for name in os.listdir(library) if name.startswith("py4j-")) if os.path.isdir(library) else []
    for entry in [os.path.join(library, name) for name in zips] + [os.path.join(home, "python")]:
        if os.path.exists(entry) and entry not in sys.path:
            sys.path.append(entry)


def use_gateway(module, gateway):
    """`pyspark.java_gateway`: connect to the JVM of the job instead of launching another one."""
    original = module.launch_gateway

    def launch_gateway(conf=None, popen_kwargs=None):
        port, secret = gateway.wait()
        # As PythonRunner of Spark does it; taken back, so that no process of the program inherits the secret.
        os.environ["PYSPARK_GATEWAY_PORT"], os.environ["PYSPARK_GATEWAY_SECRET"] = str(port), secret
        try:
            return original(conf, popen_kwargs)
        finally:
            del os.environ["PYSPARK_GATEWAY_PORT"], os.environ["PYSPARK_GATEWAY_SECRET"]

    launch_gateway.__doc__ = original.__doc__
    module.launch_gateway = launch_gateway


def use_local_python(module, spark):
    """`SparkContext.pythonExec`: where the program itself chose `local[…]`, no executor unpacks an archive."""
    context = module.__dict__.get("SparkContext")
    if context is None or context.__module__ != module.__name__:
        return

    def read(self):
        chosen = self.__dict__.get("pythonExec")
        if chosen == spark["executorPython"] and runs_here(getattr(self, "master", "")):
            return spark["localPython"]
        return chosen

    def write(self, value):
        self.__dict__["pythonExec"] = value

    context.pythonExec = property(read, write)


def runs_here(master):
    return master == "local" or master.startswith("local[")


class AfterImport:
    """A finder that calls a function right after a module of a given name was executed."""

    def __init__(self, actions):
        self.actions = actions

    def find_spec(self, name, path=None, target=None):
        action = self.actions.pop(name, None)
        if action is None:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = LoaderThen(spec.loader, action)
        return spec


class LoaderThen:
    """A loader that does what the module's own does, and then one thing more."""

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
