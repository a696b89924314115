"""Figures that matplotlib shows become results. Loaded by the program: imports nothing at module level.

When the program imports matplotlib and has not chosen how figures are shown (MPLBACKEND, matplotlibrc, `matplotlib.use`),
they are shown by a module of ours that writes PNG files. Nothing is put into the environment, so the processes that the
program starts find matplotlib as ever.
"""
import os
import sys

NAME = "slingshot_figures"


def install(places):
    """`places`: {"results": folder of the images, "record": file that lists them}."""
    sys.meta_path.insert(0, Finder(places))


class Finder:
    """Finds nothing by itself; completes `matplotlib` once it is loaded, and provides the module that shows figures."""

    def __init__(self, places):
        self.places = places
        self.busy = False

    def find_spec(self, name, path=None, target=None):
        if name == NAME:
            machinery = sys.modules["_frozen_importlib"]
            return machinery.ModuleSpec(NAME, _Shower(self.places), origin="slingshot")
        if name != "matplotlib" or self.busy or "MPLBACKEND" in os.environ:
            return None
        self.busy = True
        try:
            for finder in list(sys.meta_path):
                spec = finder.find_spec(name, path, target) if finder is not self else None
                if spec is not None:
                    if spec.loader is not None and hasattr(spec.loader, "exec_module"):
                        _complete(spec.loader)
                    return spec
            return None
        finally:
            self.busy = False


def _complete(loader):
    """Set the default way of showing, after the package's own code has run and only where nothing was chosen."""
    execute = loader.exec_module

    def exec_module(module):
        execute(module)
        try:
            chosen = dict.__getitem__(module.rcParams, "backend")
            if not isinstance(chosen, str):
                module.rcParams["backend"] = "module://" + NAME
        except Exception:
            pass

    try:
        loader.exec_module = exec_module
    except AttributeError:
        pass


class _Shower:
    """Loader of the module that shows: the Agg renderer, and a `show` that writes files."""

    def __init__(self, places):
        self.places = places

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        from matplotlib.backend_bases import FigureManagerBase
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib._pylab_helpers import Gcf

        places = self.places

        def show(*_, **__):
            for manager in Gcf.get_all_fig_managers():
                save(manager.canvas.figure, places)
            Gcf.destroy_all()

        class FigureManager(FigureManagerBase):
            def show(self):
                save(self.canvas.figure, places)

            @classmethod
            def pyplot_show(cls, *_, **__):
                show()

        class FigureCanvas(FigureCanvasAgg):
            manager_class = FigureManager
            required_interactive_framework = None

        module.FigureCanvas, module.FigureManager, module.show = FigureCanvas, FigureManager, show


def save(figure, places):
    """Write one figure as `figure-<n>.png` and list it with its title; never the program's failure."""
    try:
        number = 1
        while True:
            name = "figure-%d.png" % number
            path = os.path.join(places["results"], name)
            try:
                os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
                break
            except FileExistsError:
                number += 1
        figure.savefig(path, format="png")
        fd = os.open(places["record"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(fd, ("%s\t%s\n" % (name, title(figure))).encode("utf-8", "replace"))
        finally:
            os.close(fd)
    except Exception as error:
        sys.stderr.write("Slingshot could not save a figure: %s\n" % error)


def title(figure):
    suptitle = getattr(figure, "_suptitle", None)
    texts = [suptitle.get_text()] if suptitle is not None else []
    texts += [axes.get_title() for axes in figure.axes]
    return " ".join(next((text for text in texts if text), "").split())
