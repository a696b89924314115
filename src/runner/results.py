"""What the program recorded → `results/`: index.json, one file per result, error.json (the structured traceback)."""
import os

from records import read_bytes, to_json, write_private

TABLE = "application/vnd.slingshot.table+json"


def read_records(run):
    """The program's records (marshal files in run/), removed once read."""
    import marshal

    records = {}
    for name in ("exit", "failure", "returned", "result", "figures"):
        path = os.path.join(run, name)
        try:
            data = read_bytes(path)
            records[name] = data.decode("utf-8", "replace") if name == "figures" else marshal.loads(data)
            os.unlink(path)
        except (OSError, ValueError, EOFError, TypeError):
            continue
    return records


def write(folder, root, records):
    """Write the results of a job. `root` is its tree: frames inside get manifest paths and the text of their line."""
    results = os.path.join(folder, "results")
    os.makedirs(results, 0o700, exist_ok=True)
    index = []
    value = records.get("result")
    if value is not None:
        item = _write_value(results, value)
        if item:
            index.append(item)
    for line in records.get("figures", "").splitlines():
        name, _, title = line.partition("\t")
        if os.path.isfile(os.path.join(results, name)):
            index.append({"name": name, "mime": "image/png", "file": name, "title": title or "Figure"})
    if "failure" in records:
        failure = _locate(records["failure"], root, {})
        write_private(os.path.join(results, "error.json"), to_json(failure).encode("utf-8"))
    write_private(os.path.join(results, "index.json"), to_json(index).encode("utf-8"))


def _write_value(results, value):
    kind = value["kind"]
    if kind == "none":
        return None
    title = value.get("title") or "Result"
    if kind == "figure":
        return {"name": "result", "mime": "image/png", "file": value["file"], "title": title}
    if kind == "table":
        table = {key: value[key] for key in ("columns", "rows", "truncated", "source")}
        mime, name, text = TABLE, "result.table.json", to_json(table)
    elif kind == "json":
        mime, name, text = "application/json", "result.json", to_json(value["value"])
    else:
        mime, name, text = "text/plain", "result.txt", value["text"]
    write_private(os.path.join(results, name), text.encode("utf-8", "surrogatepass" if kind == "text" else "strict"))
    return {"name": "result", "mime": mime, "file": name, "title": title}


def _locate(failure, root, texts):
    for frame in failure["frames"] + ([failure["syntax"]] if "syntax" in failure else []):
        path = frame["file"]
        if "text" not in frame:
            frame["text"] = _line(path, frame["line"], texts)
        if path.startswith(root + os.sep):
            frame["file"] = path[len(root) + 1 :].replace(os.sep, "/")
    for key in ("cause", "context"):
        if key in failure:
            _locate(failure[key], root, texts)
    for inner in failure.get("group", []):
        _locate(inner, root, texts)
    return failure


def _line(path, number, texts):
    """Line `number` of a source file without its indent, or None."""
    if path not in texts:
        try:
            texts[path] = read_bytes(path).decode("utf-8", "replace").splitlines() if os.path.isabs(path) else []
        except OSError:
            texts[path] = []
    lines = texts[path]
    return lines[number - 1].strip() if number and 0 < number <= len(lines) else None
