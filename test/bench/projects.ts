/** Real projects: a cold closure against `ruff analyze graph`, a launch after an edit against the tools that pack everything. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closureRows } from "./closure.js";
import { EditedLibrary } from "./editedLibrary.js";
import type { Row } from "./measure.js";
import { Packager, type Tool } from "./packager.js";
import { compared, rowsOf } from "./peers.js";

/** Package → the job, and the file of the package that is edited. */
const projects: Readonly<Record<string, { job: string; edited: string }>> = {
  django: { job: "import django\nfrom django.core.management import execute_from_command_line\n", edited: "django/core/management/base.py" },
  sympy: { job: "from sympy import symbols, solve\n", edited: "sympy/core/expr.py" },
  sklearn: { job: "from sklearn.linear_model import LinearRegression\n", edited: "sklearn/linear_model/_base.py" },
  pandas: { job: "import pandas as pd\n", edited: "pandas/core/frame.py" },
  homeassistant: { job: "from homeassistant.bootstrap import async_setup_hass\n", edited: "homeassistant/core.py" },
};
const against: readonly Tool[] = ["ray", "dask"];

/** `packages`: folder that the projects are installed in; `python` has the tools' packages, `ruff` is the program. */
export async function benchProjects(times: number, packages: string, python: string, ruff: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [name, { job, edited }] of Object.entries(projects)) {
    const library = new EditedLibrary();
    const state = mkdtempSync(join(tmpdir(), "slingshot-bench-state-"));
    try {
      cpSync(join(packages, name), join(library.workspace, name), { recursive: true, filter: (path) => !path.endsWith("__pycache__") });
      writeFileSync(join(library.workspace, "job.py"), job);
      library.bench.write({ ".vscode/slingshot.json": '{ "bundle": { "maxSize": "1 GB" } }\n' });
      rows.push(...(await closureRows(`${name}: closure of job.py`, times * 2, library.workspace, state, ruff, "none")));
      library.edit(edited);
      for (const tool of against) {
        const packager = await Packager.start(tool, python, library.workspace);
        try {
          const found = await compared(library, packager, times);
          rows.push(...rowsOf(`${name}, closure of ${String(found.first.files)} files`, tool, found, false));
        } finally {
          packager.dispose();
        }
      }
    } finally {
      rmSync(state, { recursive: true, force: true });
      library.bench.dispose();
    }
  }
  return rows;
}
