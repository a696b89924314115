// Builds what runs: the extension, its language server and worker, the command line, the webview, and the runner's Python.
import { build } from "esbuild";
import { cpSync, existsSync, rmSync } from "node:fs";
import { buildExtension } from "./scripts/build/extension.mjs";

const minify = !process.argv.includes("--debug");
const node = { bundle: true, platform: "node", target: "node20", format: "cjs", mainFields: ["module", "main"], minify, sourcemap: minify ? false : "inline", logLevel: "warning", legalComments: "none" };
// Libraries that are imported when first needed stand in files of their own: compiling them must not slow the activation.
const apart = { "vscode-languageclient/node": "languageClient", archiver: "archiver", "@secretlint/secretlint-rule-preset-recommend": "secretlint" };
const keepApart = {
  name: "keep-apart",
  setup: ({ onResolve }) => {
    onResolve({ filter: /./ }, ({ path, kind }) => (kind === "dynamic-import" && path in apart ? { path: `./${apart[path]}.js`, external: true } : undefined));
  },
};
Object.assign(node, { plugins: [keepApart], supported: { "dynamic-import": false } });
const entries = [
  { entryPoints: ["src/language/server.ts"], outfile: "dist/server.js" },
  { entryPoints: ["src/language/snapshotWorker.ts"], outfile: "dist/snapshotWorker.js" },
  { entryPoints: ["src/language/secretWorker.ts"], outfile: "dist/secretWorker.js" },
  { entryPoints: ["src/jobs/cleaning/cleanWorker.ts"], outfile: "dist/cleanWorker.js" },
  { entryPoints: ["src/cli.ts"], outfile: "dist/cli.js", banner: { js: "#!/usr/bin/env node" } },
].filter((entry) => existsSync(entry.entryPoints[0]));
entries.push(...Object.entries(apart).map(([library, name]) => ({ entryPoints: [library], outfile: `dist/${name}.js`, external: ["vscode"] })));
const pages = { panel: "src/panel/webview/main.ts", sent: "src/panel/webview/sent.ts" };
const webview = Object.entries(pages).filter(([, page]) => existsSync(page))
  .map(([name, page]) => build({ entryPoints: [page], outfile: `dist/${name}.js`, bundle: true, platform: "browser", target: "es2022", format: "iife", minify, logLevel: "warning" }));

await Promise.all([buildExtension("dist", node, apart), ...entries.map((entry) => build({ ...node, ...entry })), ...webview]);
rmSync("dist/runner", { recursive: true, force: true });
cpSync("src/runner", "dist/runner", { recursive: true, filter: (path) => !path.includes("__pycache__") && !path.endsWith(".md") });
