"""A job function's return value as plain data for the panel. Loaded by the program: imports nothing at module level."""
import os
import sys

LONGEST_TEXT = 1 << 20
LONGEST_CELL = 2000


def describe(value, bounds, engine, folder):
    """`value` as a dict of marshal types: kind table | json | text | figure | note | none, see results.py. `bounds`:
    {"rows", "columns", "seconds"} of a data frame's preview, or None for no preview."""
    if value is None:
        return {"kind": "none"}
    table = frame(value, bounds, engine)
    if table is not None:
        return table
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        size = value.nbytes if isinstance(value, memoryview) else len(value)
        return {"kind": "note", "text": "%d bytes" % size, "title": "Bytes"}
    drawn = figure(value, folder)
    if drawn is not None:
        return drawn
    if isinstance(value, (bool, int, float, dict, list, tuple, set, frozenset)) or _scalar(value) is not value:
        try:
            return {"kind": "json", "value": plain(value)}
        except (ValueError, RecursionError):
            pass
    return _text(repr(value))


def _text(text):
    if len(text) > LONGEST_TEXT:
        text = text[:LONGEST_TEXT] + "\n… (%d characters in all)" % len(text)
    return {"kind": "text", "text": text.encode("utf-8", "replace").decode("utf-8")}


def plain(value, budget=None, inside=()):
    """JSON-safe copy; raises ValueError for what holds itself or has more than 200,000 items."""
    budget = [200000] if budget is None else budget
    budget[0] -= 1
    if budget[0] < 0 or id(value) in inside:
        raise ValueError("too large, or holds itself")
    value = _scalar(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if value - value == 0 else None
    if isinstance(value, str):
        return str(value).encode("utf-8", "replace").decode("utf-8")
    within = inside + (id(value),)
    if isinstance(value, dict):
        return {str(key): plain(item, budget, within) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item, budget, within) for item in value]
    return str(value)[:LONGEST_CELL]


def _scalar(value):
    """A NumPy scalar as Python's own number; a small array as lists; everything else as it is."""
    module = type(value).__module__
    if module == "numpy" and hasattr(value, "tolist") and getattr(value, "size", 1) <= 100000:
        return value.tolist()
    return value


def cell(value):
    """One table cell, JSON-safe and short."""
    value = _scalar(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value) if -(2 ** 53) < value < 2 ** 53 else str(value)
    if isinstance(value, float):
        return float(value) if value - value == 0 else None if value != value else str(value)
    if isinstance(value, (bytes, bytearray)):
        return "%d bytes: %s%s" % (len(value), bytes(value[:32]).hex(), "…" if len(value) > 32 else "")
    if type(value).__name__ in ("NaTType", "NAType"):
        return None
    if isinstance(value, (dict, list, tuple)):
        try:
            return _short(_compact(plain(value)))
        except (ValueError, RecursionError):
            pass
    isoformat = getattr(value, "isoformat", None)
    return _short(isoformat() if callable(isoformat) else str(value))


def _compact(value):
    import json

    return json.dumps(value, ensure_ascii=False)


def _short(text):
    text = str(text).encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= LONGEST_CELL else text[:LONGEST_CELL] + "…"


def frame(value, bounds, engine):
    """A data frame's first rows and columns, or None when `value` is no frame."""
    kind = type(value)
    package = kind.__module__.split(".")[0]
    if bounds is None:
        if engine is None and package not in ("pandas", "polars", "pyarrow"):
            return None
        return {"kind": "note", "text": "%s (previews are switched off)" % kind.__name__} if kind.__name__ in ("DataFrame", "Table", "Series") else None
    rows, columns = bounds["rows"], bounds["columns"]
    if package == "pandas" and kind.__name__ in ("DataFrame", "Series"):
        return _pandas(value, rows, columns)
    if package == "polars" and kind.__name__ in ("DataFrame", "LazyFrame", "Series"):
        return _polars(value, rows, columns)
    if package == "pyarrow" and kind.__name__ in ("Table", "RecordBatch"):
        return _arrow(value, rows, columns)
    preview = getattr(engine, "preview", None)
    table = preview(value, rows, columns, bounds["seconds"]) if preview else None
    if table is None:
        return None
    return _table(table["columns"], table["rows"], table["truncated"], table["source"])


def _table(columns, rows, truncated, source):
    return {
        "kind": "table",
        "columns": [{"name": str(column["name"]), "type": str(column["type"])} for column in columns],
        "rows": [[cell(item) for item in row] for row in rows],
        "truncated": bool(truncated),
        "source": source,
        "title": "Result",
    }


def _pandas(value, rows, columns):
    if value.ndim == 1:
        value = value.to_frame(name="value" if value.name is None else value.name)
    truncated = len(value.index) > rows or len(value.columns) > columns
    part = value.iloc[:rows, :columns]
    names = [{"name": str(name), "type": str(kind)} for name, kind in zip(part.columns, part.dtypes)]
    items = [part.iloc[:, number].tolist() for number in range(len(part.columns))]
    plain_index = type(value.index).__name__ == "RangeIndex" and value.index.name is None
    if not plain_index:
        levels = part.index.names
        names = [{"name": str(name) if name is not None else "index", "type": "index"} for name in levels] + names
        items = [part.index.get_level_values(number).tolist() for number in range(len(levels))] + items
    return _table(names, zip(*items) if items else [], truncated, "pandas")


def _polars(value, rows, columns):
    if type(value).__name__ == "Series":
        value = value.to_frame()
    value = value.head(rows + 1)
    if type(value).__name__ == "LazyFrame":
        value = value.collect()
    names = list(value.columns)
    truncated = value.height > rows or len(names) > columns
    part = value.head(rows).select(names[:columns])
    described = [{"name": name, "type": str(kind)} for name, kind in zip(part.columns, part.dtypes)]
    return _table(described, part.rows(), truncated, "polars")


def _arrow(value, rows, columns):
    names = value.schema.names
    part = value.slice(0, rows).select(list(range(min(len(names), columns))))
    described = [{"name": field.name, "type": str(field.type)} for field in part.schema]
    items = [part.column(number).to_pylist() for number in range(len(described))]
    return _table(described, zip(*items) if items else [], value.num_rows > rows or len(names) > columns, "arrow")


def figure(value, folder):
    """A matplotlib figure, axes or a list of either, or a Pillow image, saved as PNG; None when `value` is none of these."""
    package = type(value).__module__.split(".")[0]
    target = getattr(value, "figure", None) if package in ("matplotlib", "seaborn") else None
    target = value if hasattr(value, "savefig") else getattr(value, "fig", None) or target
    path = os.path.join(folder, "result.png")
    if target is not None and hasattr(target, "savefig"):
        target.savefig(path, format="png", bbox_inches="tight")
    elif package == "PIL" and hasattr(value, "save"):
        value.save(path, "PNG")
    else:
        return None
    return {"kind": "figure", "file": "result.png", "title": "Figure"}
