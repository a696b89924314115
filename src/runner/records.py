"""JSON and small private files, without the imports that `json` costs (its `re` alone is some milliseconds)."""
import os


class _Context:
    strict = False
    object_hook = None
    object_pairs_hook = None
    parse_float = float
    parse_int = int
    memo = {}

    @staticmethod
    def parse_constant(name):
        return {"-Infinity": float("-inf"), "Infinity": float("inf"), "NaN": float("nan")}[name]


def parse(text):
    """The value of a JSON document; raises ValueError."""
    try:
        from _json import make_scanner
    except ImportError:
        import json

        return json.loads(text)
    stripped = text.strip(" \t\r\n\ufeff")
    try:
        value, end = make_scanner(_Context)(stripped, 0)
    except StopIteration:
        raise ValueError("not a JSON document") from None
    if end != len(stripped):
        raise ValueError("text after the JSON document")
    return value


def read_json(path):
    """Parse a UTF-8 JSON file; raises OSError or ValueError."""
    return parse(read_bytes(path).decode("utf-8"))


def read_bytes(path):
    """All bytes of a file; unbuffered, as most are small."""
    fd = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        size = os.fstat(fd).st_size
        data = os.read(fd, size + 1)
        if len(data) == size:
            return data
        pieces = [data]
        while pieces[-1]:
            pieces.append(os.read(fd, 1 << 20))
        return b"".join(pieces)
    finally:
        os.close(fd)


def write_all(fd, data):
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def write_private(path, data):
    """Write a 0600 file beside and rename it: readers see the old file or the new one, never a part."""
    beside = "%s.%d.new" % (path, os.getpid())
    fd = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
    try:
        try:
            write_all(fd, data)
        finally:
            os.close(fd)
        os.replace(beside, path)
    except OSError:
        try:
            os.unlink(beside)
        except OSError:
            pass
        raise


def write_json(path, value):
    write_private(path, to_json(value).encode("utf-8"))


def to_json(value):
    """JSON text of plain data (dict with text keys, list, text, numbers, booleans, None); no NaN."""
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, str):
        return _quote(value)
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return float.__repr__(value) if value - value == 0 else "null"
    if isinstance(value, dict):
        return "{" + ",".join(_quote(str(key)) + ":" + to_json(item) for key, item in value.items()) + "}"
    return "[" + ",".join(to_json(item) for item in value) + "]"


def _quote(text):
    try:
        from _json import encode_basestring_ascii
    except ImportError:
        import json

        return json.dumps(text)
    return encode_basestring_ascii(text)
