// Runs the oracle below CPython compiled to WebAssembly: `node newestOracle.mjs FOLDER ORACLE` answers JSON lines as the oracle does.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";

const [folder, oracle] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(join(folder, "package", "pyodide.mjs")));
const python = await loadPyodide();
python.globals.set("tasks", await text(process.stdin));
python.globals.set("program", readFileSync(oracle, "utf8"));
process.stdout.write(python.runPython(`
import io, sys
sys.stdin, kept, sys.stdout = io.StringIO(tasks), sys.stdout, io.StringIO()
exec(compile(program, "oracle", "exec"), {"__name__": "oracle"})
sys.stdout.getvalue()
`));
