"""Reads JSON lines {"path": …} or {"source": base64} and answers each with what CPython's `ast` finds, or null."""
import ast
import base64
import json
import sys
import warnings

warnings.simplefilter("ignore")
CALLS = ("import_module", "__import__")


class Finder(ast.NodeVisitor):
    def __init__(self):
        self.imports = []
        self.calls = []
        self.functions = 0

    def add(self, node, level, module, names):
        self.imports.append([level, module, names, node.lineno, node.end_lineno, self.functions > 0])

    def visit_Import(self, node):
        for alias in node.names:
            self.add(node, 0, alias.name, None)

    def visit_ImportFrom(self, node):
        self.add(node, node.level, node.module or "", [alias.name for alias in node.names])

    def visit_FunctionDef(self, node):
        for part in node.decorator_list:
            self.visit(part)
        self.visit(node.args)
        self.functions += 1
        for part in node.body:
            self.visit(part)
        self.functions -= 1
        if node.returns:
            self.visit(node.returns)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Call(self, node):
        func = node.func
        name = func.id if isinstance(func, ast.Name) else func.attr if isinstance(func, ast.Attribute) else None
        own = isinstance(func, ast.Attribute) and dotted(func) is None
        own = own or isinstance(func, ast.Attribute) and dotted(func).startswith(("self.", "cls."))
        if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Call) and dotted(func.value.func) == "__import__":
            own = False
        given = node.args[:1] + [keyword.value for keyword in node.keywords if keyword.arg == "name"]
        if name in CALLS and not own and given:
            first = given[-1]
            if isinstance(first, ast.JoinedStr) and all(isinstance(part, ast.Constant) for part in first.values):
                first = ast.Constant("".join(part.value for part in first.values))
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                self.calls.append([name, first.value])
        self.generic_visit(node)


def dotted(node):
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = dotted(node.value)
        return base and base + "." + node.attr
    return None


sys.setrecursionlimit(20000)
for line in sys.stdin:
    task = json.loads(line)
    try:
        if "path" in task:
            with open(task["path"], "rb") as file:
                source = file.read()
        else:
            source = base64.b64decode(task["source"])
        finder = Finder()
        finder.visit(ast.parse(source))
        answer = {"imports": finder.imports, "calls": finder.calls}
    except (SyntaxError, ValueError, MemoryError, RecursionError, UnicodeDecodeError):
        answer = None
    sys.stdout.write(json.dumps(answer) + "\n")
