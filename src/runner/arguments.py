"""Named arguments of a job function, converted by annotation. Loaded by the program: imports `os`, `sys` only at first."""
import os
import sys

TRUE = ("1", "true", "yes", "on")
FALSE = ("0", "false", "no", "off")


class ArgumentError(Exception):
    """The arguments don't fit the function; the text says what it takes."""


def call(module, path, given, engine, info):
    """Call `module.path(**given)`; `given` is {name: {"text": …} | {"json": …}}. A coroutine is awaited. Wrong arguments end
    the program with exit code 2 and words on standard error, before any of the function runs."""
    try:
        function = find(module, path)
        positional, named = bind(function, path, given, engine, info)
    except ArgumentError as error:
        sys.stderr.write("%s\n" % error)
        stop = SystemExit(2)
        stop.slingshot = str(error)
        raise stop from None
    result = function(*positional, **named)
    if hasattr(result, "__await__"):
        import asyncio

        result = asyncio.run(_wait(result))
    return result


async def _wait(awaitable):
    return await awaitable


def find(module, path):
    """`name` or `Class.name`; a plain method needs an instance, which nobody can guess."""
    target, owner = module, None
    for part in path.split("."):
        owner = target
        try:
            target = getattr(target, part)
        except AttributeError:
            raise ArgumentError("%s has no function %s. Check the name." % (module.__name__, path)) from None
    if not callable(target):
        raise ArgumentError("%s of %s is not a function but %s." % (path, module.__name__, type(target).__name__))
    if isinstance(owner, type) and type(owner.__dict__.get(path.rpartition(".")[2])).__name__ == "function":
        raise ArgumentError("%s is a method and needs an instance. Write a function that makes one and calls it." % path)
    return target


def bind(function, path, given, engine, info):
    """(positional, named) for the call."""
    import inspect

    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return [], {name: _plain(value) for name, value in given.items()}
    takes = "%s%s" % (path, signature)
    annotations = _annotations(function, signature)
    positional, named, rest = [], {}, dict(given)
    missing, open_ended = [], False
    for name, parameter in signature.parameters.items():
        if parameter.kind is parameter.VAR_POSITIONAL:
            continue
        if parameter.kind is parameter.VAR_KEYWORD:
            open_ended = True
            continue
        annotation = annotations.get(name)
        if name in rest:
            value = convert(rest.pop(name), annotation, name, takes)
        elif engine is not None and engine.is_session(name, annotation):
            value = engine.session(info)
        elif parameter.default is not parameter.empty:
            if parameter.kind is parameter.POSITIONAL_ONLY:
                positional.append(parameter.default)
            continue
        else:
            missing.append((name, annotation))
            continue
        if parameter.kind is parameter.POSITIONAL_ONLY:
            positional.append(value)
        else:
            named[name] = value
    if rest and open_ended:
        named.update({name: _plain(value) for name, value in rest.items()})
    elif rest:
        raise ArgumentError("Unknown argument %s: %s takes no such name." % (", ".join(sorted(rest)), takes))
    if missing:
        raise ArgumentError(_missing(missing, takes))
    return positional, named


def _missing(missing, takes):
    names = [name for name, _ in missing]
    words = "Argument %s missing: %s. Give %s." % (
        ", ".join(names) + (" is" if len(names) == 1 else " are"),
        takes,
        " ".join("--arg %s=…" % name for name in names),
    )
    for name, annotation in missing:
        text = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", "")
        if name == "spark" or text.rpartition(".")[2] == "SparkSession":
            words += " %s is a Spark session, which a target with the backend spark supplies." % name
    return words


def _plain(value):
    return value["json"] if "json" in value else value["text"]


def _annotations(function, signature):
    """{name: object}; a string that can't be evaluated stays a string."""
    found = {name: parameter.annotation for name, parameter in signature.parameters.items()}
    target = getattr(function, "__func__", function)
    while hasattr(target, "__wrapped__"):
        target = target.__wrapped__
    scope = getattr(target, "__globals__", None) or getattr(type(target).__call__, "__globals__", {})
    for name, annotation in list(found.items()):
        if annotation is signature.empty:
            del found[name]
        elif isinstance(annotation, str):
            try:
                found[name] = eval(annotation, dict(scope))
            except Exception:
                pass
    return found


def convert(value, annotation, name, takes):
    """A JSON value is taken as it is, a text by the annotation."""
    if "json" in value:
        return value["json"]
    text = value["text"]
    try:
        return from_text(text, annotation)
    except (ValueError, TypeError, KeyError) as error:
        reason = " (%s)" % error if isinstance(error, ValueError) and str(error) else ""
        wanted = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", None) or str(annotation)
        raise ArgumentError("Argument %s: %r is no %s%s. The function is %s." % (name, text, wanted, reason, takes)) from None


def from_text(text, annotation):
    """`text` as `annotation` says; raises ValueError. Unknown annotations give the text."""
    if annotation in (None, str) or isinstance(annotation, str):
        return _by_name(text, annotation)
    if annotation is type(None):
        if text.lower() in ("", "none", "null"):
            return None
        raise ValueError("it is not none")
    if annotation is bool:
        if text.lower() in TRUE + FALSE:
            return text.lower() in TRUE
        raise ValueError("write true or false")
    if annotation in (int, float, complex):
        return annotation(text.strip())
    if annotation is bytes:
        return text.encode("utf-8", "surrogateescape")
    if annotation in (list, dict, tuple, set, frozenset):
        return _from_json(text, annotation)
    origin = getattr(annotation, "__origin__", None)
    members = getattr(annotation, "__args__", ())
    if type(annotation).__name__ == "UnionType" or str(origin) in ("typing.Union", "<class 'typing.Union'>"):
        return _first(text, members)
    if str(origin) == "typing.Literal":
        for member in members:
            if text == (member if isinstance(member, str) else str(member)):
                return member
        raise ValueError("one of " + ", ".join(str(member) for member in members))
    if hasattr(annotation, "__metadata__"):  # Annotated[X, …]
        return from_text(text, annotation.__origin__)
    if isinstance(origin, type):
        return _from_json(text, origin)
    if hasattr(annotation, "__supertype__"):  # NewType
        return from_text(text, annotation.__supertype__)
    if isinstance(annotation, type):
        return _by_class(text, annotation)
    return text


def _by_name(text, annotation):
    """An annotation that is still a string: only the plain names are understood."""
    known = {"int": int, "float": float, "bool": bool, "dict": dict, "list": list}
    return from_text(text, known[annotation]) if annotation in known else text


def _first(text, members):
    """The first member of a union that takes the text; `None` and `str` come last, as they take the most."""
    members = list(members)
    if type(None) in members and text.lower() in ("none", "null"):
        return None
    for member in sorted(members, key=lambda item: (item is str, item is type(None))):
        try:
            if member is not type(None):
                return from_text(text, member)
        except (ValueError, TypeError, KeyError):
            continue
    raise ValueError("none of its types fits")


def _from_json(text, kind):
    import json

    value = json.loads(text)
    module, name = getattr(kind, "__module__", ""), getattr(kind, "__name__", "")
    if module == "collections.abc":
        kind = dict if "Mapping" in name else list
    wanted = (dict,) if kind is dict else (list,)
    if kind in (list, dict, tuple, set, frozenset) and not isinstance(value, wanted):
        raise ValueError("write JSON such as %s" % ('{"a": 1}' if kind is dict else "[1, 2]"))
    return value if kind in (list, dict) else kind(value) if kind in (tuple, set, frozenset) else value


def _by_class(text, kind):
    names = {base.__name__ for base in kind.__mro__ if base.__module__.split(".")[0] in ("enum", "pathlib", "datetime", "decimal", "uuid", "os")}
    if "Enum" in names:
        if text in kind.__members__:
            return kind.__members__[text]
        for member in kind:
            if str(member.value) == text:
                return member
        raise ValueError("one of " + ", ".join(kind.__members__))
    if "PurePath" in names or "Decimal" in names or "UUID" in names:
        try:
            return kind(text)
        except ArithmeticError:
            raise ValueError("not a number") from None
    if "PathLike" in names:
        return __import__("pathlib").Path(text)
    if "date" in names or "time" in names:
        return kind.fromisoformat(text[:-1] + "+00:00" if text.endswith("Z") and "T" in text else text)
    return text
