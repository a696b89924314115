"""What an unpacked bundle was asked for and does not hold although the workspace has it: told at the end of the run.

`.slingshot/absent.json` lists the files beside the bundle's code that were not taken along; where there are none, nothing is
watched. Else modules that nobody found come by as the last finder of `sys.meta_path`, files through an audit hook.
Imports `os`, `sys` only.
"""
import os
import sys

MOST = 5


class Absent:
    def __init__(self, root, paths, excluded):
        self.root = os.path.join(root, "")
        self.paths = set(paths)
        self.excluded = {entry["path"]: entry["rule"] for entry in excluded}
        self.asked = {}
        if self.paths:
            sys.meta_path.append(self)
            sys.addaudithook(self.hook)

    def find_spec(self, name, path=None, target=None):
        """Finds nothing: takes note where a file of the list would have been the module."""
        last = name.rpartition(".")[2]
        for folder in list(sys.path if path is None else path):
            if isinstance(folder, str) and (self.ask(os.path.join(folder, last, "__init__.py"), name) or self.ask(os.path.join(folder, last + ".py"), name)):
                break
        return None

    def hook(self, event, args):
        if event == "open" and isinstance(args[0], str) and args[0].startswith(self.root):
            self.ask(args[0], None)

    def ask(self, place, module):
        path = os.path.normpath(place)[len(self.root) :].replace(os.sep, "/") if place.startswith(self.root) else None
        if path not in self.paths:
            return False
        self.asked[path] = module
        return True

    def tell(self):
        """Names them on standard error, once."""
        paths = [path for path, module in list(self.asked.items()) if module not in sys.modules]
        self.asked = {}
        lines = []
        for path in paths[:MOST]:
            rule = self.excluded.get(path)
            why = "was not sent: no import that can be read leads to it" if rule is None else "was left out by %s" % rule
            lines.append('slingshot: %s is in the workspace but %s. Add "%s" to "bundle.include" (or --include) and bundle again.\n' % (path, why, path))
        if len(paths) > MOST:
            lines.append("slingshot: and %d more files.\n" % (len(paths) - MOST))
        if lines and sys.stderr is not None:
            sys.stderr.write("".join(lines))
