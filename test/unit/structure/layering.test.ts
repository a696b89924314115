/** The layering of the sources: who may import whom, who knows VS Code, and how long a file may be. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, resolve } from "node:path";
import ts from "typescript";

const root = resolve(__dirname, "../../..");
const longest = 400;
const core = ["base", "snapshot", "project", "bundle", "backends", "jobs"];

/** For each folder of `src` (or file at its top) what it may import: folders, or single contract files. Itself always. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  base: [],
  snapshot: ["base"],
  project: ["base", "snapshot/manifest.ts", "snapshot/request.ts"],
  bundle: ["base", "snapshot"],
  // A backend turns what an engine says into events of a job; it neither stores jobs nor shows them.
  backends: ["base", "snapshot", "project", "bundle", "jobs/job.ts", "jobs/jobPaths.ts", "jobs/logIndex.ts"],
  jobs: ["base", "snapshot", "project", "bundle", "backends/backend.ts", "backends/registry.ts"],
  "launch.ts": core,
  "preview.ts": [...core, "launch.ts"],
  cli: [...core, "launch.ts"],
  "cli.ts": [...core, "launch.ts", "cli"],
  platform: ["base", "project", "snapshot"],
  language: ["base", "snapshot", "project", "bundle", "platform"],
  editor: [...core, "launch.ts", "preview.ts", "language", "platform"],
  // Views read jobs and never call a backend.
  tree: ["base", "snapshot", "project", "bundle", "jobs", "platform"],
  panel: ["base", "snapshot", "project", "bundle", "jobs", "platform"],
  "extension.ts": [...core, "launch.ts", "language", "editor", "tree", "panel", "platform"],
};

const knowsVsCode = (file: string): boolean => /^(extension\.ts$|(editor|tree|panel|platform)\/|language\/client\.ts$)/.test(file) && !file.startsWith("panel/webview/");

interface Import { readonly from: string; readonly to: string; readonly typeOnly: boolean }

function sources(folder: string, ...endings: string[]): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)) && !/node_modules|__pycache__/.test(entry.parentPath))
    .map((entry) => posix.relative(join(root, folder), join(entry.parentPath, entry.name))).sort();
}

/** Imports of each kind: static, re-exported, dynamic, `require`, and of types. */
function imports(file: string): Import[] {
  const text = readFileSync(join(root, "src", file), "utf8");
  const found = ts.preProcessFile(text, true, true).importedFiles;
  return found.map(({ fileName, pos }) => {
    const statement = text.slice(Math.max(text.lastIndexOf("import", pos), text.lastIndexOf("export", pos)), pos);
    const to = fileName.startsWith(".") ? `src/${posix.normalize(posix.join(dirname(file), fileName)).replace(/\.js$/, ".ts")}` : fileName;
    return { from: file, to, typeOnly: /^(import|export) type\b/.test(statement) };
  });
}

const files = sources("src", ".ts");
const all = files.flatMap(imports);
const layerOf = (file: string): string => file.split("/")[0] ?? file;

describe("the layering of src", () => {
  it("is stated for every folder", () => {
    const unknown = [...new Set(files.map(layerOf))].filter((layer) => mayImport[layer] === undefined);
    assert.ok(unknown.length === 0, `Say in this test what ${unknown.join(", ")} may import.`);
  });

  it("holds: imports run one way along the flow", () => {
    const wrong = all.flatMap(({ from, to }) => {
      if (!to.startsWith("src/")) return [];
      const target = to.slice("src/".length);
      const [layer, allowed] = [layerOf(from), mayImport[layerOf(from)] ?? []];
      const ok = layerOf(target) === layer || allowed.some((entry) => entry === target || entry === layerOf(target));
      return ok ? [] : [`${from} imports ${target}, but ${layer} may import only ${allowed.join(", ") || "nothing of ours"}.`];
    });
    assert.ok(wrong.length === 0, wrong.join("\n"));
  });

  it("lets only the editor's side know VS Code", () => {
    const wrong = all.filter(({ from, to }) => /^vscode($|-languageclient)/.test(to) && !knowsVsCode(from))
      .map(({ from, to }) => `${from} imports ${to}, but only extension.ts, editor, tree, panel, platform and language/client.ts may.`);
    assert.ok(wrong.length === 0, wrong.join("\n"));
  });

  it("keeps the backends apart", () => {
    const engine = (path: string): string | undefined => /^(?:src\/)?backends\/(?!shared\/)([^/]+)\//.exec(path)?.[1];
    const wrong = all.flatMap(({ from, to }) => {
      const [own, other] = [engine(from), engine(to)];
      if (other === undefined || other === own || from === "backends/registry.ts") return [];
      return [`${from} imports ${to}: ${own === undefined ? "only the registry names a backend" : "a backend never imports another; what both need lies in backends/shared"}.`];
    });
    assert.ok(wrong.length === 0, wrong.join("\n"));
  });

  it("keeps the webview's script free of the extension host, however far it imports", () => {
    const reached = new Set(files.filter((file) => file.startsWith("panel/webview/")));
    const wrong: string[] = [];
    for (const file of reached) {
      for (const { to, typeOnly } of all.filter(({ from }) => from === file)) {
        if (typeOnly) continue;
        if (/^(node:|vscode)/.test(to)) wrong.push(`${file} imports ${to}, and the webview, which runs in a browser, loads ${file}.`);
        else if (to.startsWith("src/")) reached.add(to.slice("src/".length));
      }
    }
    assert.ok(reached.size > 0 && wrong.length === 0, wrong.join("\n"));
  });
});

describe("the size of files", () => {
  it(`is at most ${String(longest)} lines each`, () => {
    const wrong = [["src", ".ts", ".py"], ["test", ".ts", ".py"], ["scripts", ".mjs", ".cjs"]].flatMap(([folder = "", ...endings]) =>
      sources(folder, ...endings).filter((file) => !file.startsWith("fixtures/")).flatMap((file) => {
        const lines = readFileSync(join(root, folder, file), "utf8").split("\n").length - 1;
        return lines > longest ? [`${folder}/${file} has ${String(lines)} lines; ${String(longest)} are the most that one reads in one sitting: split it.`] : [];
      }));
    assert.ok(wrong.length === 0, wrong.join("\n"));
  });

  it("names no file for what it is not", () => {
    const wrong = [...files, ...sources("test", ".ts")].filter((file) => /(^|\/)(utils?|helpers?|misc|common)(\.ts|\/)/i.test(file)).map((file) => `${file}: name it for its main export.`);
    assert.ok(wrong.length === 0, wrong.join("\n"));
  });
});
