// The extension in parts. What a dynamic import names is a file of its own, compiled when it is first needed: activation must be short.
import { build } from "esbuild";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";

const folder = "extension";
const mainName = "extension.js";

/**
 * Writes <dist>/extension.js and <dist>/extension/*.js. esbuild splits only ES modules, while forks of VS Code load only CommonJS, and makes
 * many small files of what is shared. So its parts are packed once more: all that the start needs into the main file, and the
 * later parts, which take what they share with it from there. `libraries` are those that stand in files of their own beside the main file, by name.
 */
export async function buildExtension(dist, options, libraries) {
  const split = { ...options, outdir: dist, entryPoints: ["src/extension.ts"], external: ["vscode", ...Object.keys(libraries)], plugins: [], format: "esm", splitting: true, chunkNames: `${folder}/[name]-[hash]`, write: false, metafile: true, minify: false, supported: {} };
  const { outputFiles, metafile } = await build(split);
  const parts = new Map(outputFiles.map(({ path, text }) => [basename(path), text]));
  const imports = new Map(Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output.imports.filter(({ external }) => external !== true)]));
  const atStart = reachable(mainName, imports);
  const later = [...parts.keys()].filter((name) => !atStart.includes(name));
  const shared = atStart.filter((name) => name !== mainName);
  const exported = shared.map((name, index) => `import * as part${index} from "${name}";\n`).join("")
    + `export * from "${mainName}";\nexport const parts = { ${shared.map((name, index) => `"${name}": part${index}`).join(", ")} };\n`;

  rmSync(join(dist, folder), { recursive: true, force: true });
  mkdirSync(join(dist, folder), { recursive: true });
  const again = { ...options, format: "cjs", write: false, external: ["vscode"] };
  await Promise.all([
    write(join(dist, mainName), { ...again, stdin: { contents: exported, resolveDir: resolve(dist) }, plugins: [from(parts, libraries, ".", (name, kind) => kind === "dynamic-import" ? `./${folder}/${name}` : undefined)] }),
    ...later.map((name) => write(join(dist, folder, name), { ...again, stdin: { contents: `export * from "${name}";`, resolveDir: resolve(dist) },
      plugins: [from(parts, libraries, "..", (other) => other === name || shared.includes(other) ? undefined : `./${other}`, shared)] })),
  ]);
}

async function write(path, options) {
  const { outputFiles: [file] } = await build(options);
  writeFileSync(path, file.contents);
}

/** The parts that are loaded with this one: what it imports other than dynamically, and so on. */
function reachable(name, imports, found = []) {
  if (found.includes(name)) return found;
  found.push(name);
  for (const { path, kind } of imports.get(name) ?? []) if (kind !== "dynamic-import") reachable(basename(path), imports, found);
  return found;
}

/** Gives the parts' text to the second packing. `beside` is the way to the libraries' folder; `apart` names the file for a part that stays one; `ofMain` are those that the main file holds. */
function from(parts, libraries, beside, apart, ofMain = []) {
  return {
    name: "parts",
    setup: ({ onResolve, onLoad }) => {
      onResolve({ filter: /./ }, ({ path, kind }) => {
        if (Object.hasOwn(libraries, path)) return { path: `${beside}/${libraries[path]}.js`, external: true };
        if (path === `../${mainName}`) return { path, external: true };
        const name = basename(path);
        if (!parts.has(name)) return undefined;
        const file = apart(name, kind);
        return file === undefined ? { path: name, namespace: "part" } : { path: file, external: true };
      });
      onLoad({ filter: /./, namespace: "part" }, ({ path }) => ({ contents: ofMain.includes(path) ? `module.exports = require("../${mainName}").parts["${path}"];` : parts.get(path), resolveDir: resolve(".") }));
    },
  };
}
