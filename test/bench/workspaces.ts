/** Generated workspaces for the measurements. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A module of about 3 kB that imports `imports` and defines a few functions. */
export function moduleText(name: string, imports: readonly string[]): string {
  const functions = Array.from({ length: 12 }, (_, n) => `def f${String(n)}(x, y=${String(n)}):\n    """Works on x for ${name}."""\n    total = 0\n    for item in range(y):\n        total += item * ${String(n)}\n    if total > 100:\n        return [x, total]\n    return {"x": x, "total": total}\n\n`);
  return `"""Module ${name}."""\nimport os\nimport sys\n${imports.map((one) => `import ${one}\n`).join("")}\n${functions.join("")}`;
}

/**
 * `total` Python files in packages of 50 modules below `folder`; `job.py` reaches `reached` of them (a chain within each
 * package and one import for each package) and prints the time in nanoseconds once they are imported.
 */
export function generateWorkspace(folder: string, total: number, reached: number): { entry: string; library: string } {
  const perPackage = 50;
  const packages = Math.ceil(total / perPackage);
  for (let p = 0; p < packages; p++) {
    const name = `pkg${String(p)}`;
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, "__init__.py"), "");
    const count = Math.min(perPackage - 1, total - p * perPackage - 1);
    for (let m = 0; m < count; m++) {
      const next = m + 1 < count ? [`${name}.m${String(m + 1)}`] : [];
      writeFileSync(join(folder, name, `m${String(m)}.py`), moduleText(`${name}.m${String(m)}`, next));
    }
  }
  const firsts = Array.from({ length: Math.max(0, Math.ceil(reached / perPackage)) }, (_, p) => `import pkg${String(p)}.m0`);
  writeFileSync(join(folder, "job.py"), `${firsts.join("\n")}\nimport time\nprint(time.time_ns(), flush=True)\n`);
  return { entry: join(folder, "job.py"), library: join(folder, "pkg0", "m3.py") };
}
