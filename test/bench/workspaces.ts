/** Generated workspaces for the measurements. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Deterministic numbers below `below`, from the seed in `state`. */
function dice(seed: string): (below: number) => number {
  let state = 0x811c9dc5;
  for (const char of seed) state = Math.imul(state ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 8) % below;
  };
}

const syllables = ["ba", "co", "der", "fil", "ga", "in", "key", "lo", "map", "no", "or", "pa", "que", "row", "set", "ta", "use", "val", "win", "zip"];
const words = Array.from({ length: 400 }, (_, n) => `${syllables[n % 20] ?? ""}${syllables[Math.floor(n / 20)] ?? ""}${n % 3 === 0 ? (syllables[(n * 7) % 20] ?? "") : ""}`);

/** A module of about 2.5 kB, as compressible as real code, that imports `imports` and defines a few functions. */
export function moduleText(name: string, imports: readonly string[]): string {
  const roll = dice(name);
  // A module speaks of few things, again and again.
  const own = Array.from({ length: 10 }, () => words[roll(words.length)] ?? "");
  const word = (): string => own[roll(own.length)] ?? "";
  const functions = Array.from({ length: 9 }, (_, n) => {
    const [first, second, third] = [`${word()}s`, word(), `${word()}_all`];
    const call = `${first}_${word()}`;
    return `def ${call}${String(n)}(${first}, ${second}=${String(roll(100))}):\n    """${[word(), word(), word(), word(), word()].join(" ")}."""\n    ${third} = ${first}.${word()}(${second}, ${String(roll(1000))})\n`
      + `    for ${word()} in ${third}:\n        if ${second} > ${String(roll(50))}:\n            ${first} = ${word()}(${third})\n    return {"${word()}": ${first}, "${word()}": ${second}}\n\n\n`;
  });
  return `"""Module ${name}."""\nimport os\nimport sys\n${imports.map((one) => `import ${one}\n`).join("")}\n${functions.join("")}`;
}

/**
 * `total` Python files in packages of 50 modules below `folder`; `job.py` reaches `reached` of them (a chain within each
 * package and one import for each package) and prints the time in nanoseconds once they are imported.
 */
export function generateWorkspace(folder: string, total: number, reached: number): { entry: string; library: string } {
  const perPackage = 50;
  mkdirSync(folder, { recursive: true });
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
