// Builds the VSIX and checks it: only what runs is in it, and it stays within its budget.
//   node scripts/package.mjs [--keep]     `--keep` leaves the VSIX in the project's folder
import { mkdtempSync, readFileSync, copyFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createVSIX, listFiles, PackageManager } from "@vscode/vsce";
import { root } from "./setup.mjs";
import { mustRun } from "./setup/command.mjs";

const budget = 2 * 1024 * 1024;
const runs = [/^package\.json$/, /^package\.nls(\.[a-z-]+)?\.json$/, /^(README|CHANGELOG)\.md$/, /^LICENSE(\.txt)?$/, /^dist\/(extension|server|languageClient|archiver|snapshotWorker|secretWorker|secretlint|cli|panel|sent)\.(js|css)$/,
  /^dist\/extension\/[\w-]+\.js$/, /^dist\/runner\/[\w./-]+\.(py|sh)$/, /^media\/[\w./-]+\.(svg|png|css|json|md)$/, /^l10n\/[\w.-]+\.json$/];

await mustRun("build", "Mend what esbuild says.", process.execPath, ["esbuild.mjs"], { cwd: root });
const files = (await listFiles({ cwd: root, packageManager: PackageManager.None })).map((path) => path.replaceAll("\\", "/")).sort();
const foreign = files.filter((path) => !runs.some((pattern) => pattern.test(path)));
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const missing = [manifest.main, ...Object.values(manifest.bin), "package.nls.json"].map((path) => path.replace(/^\.\//, "")).filter((path) => !files.includes(path));
const out = mkdtempSync(join(tmpdir(), "slingshot-vsix-"));
const vsix = join(out, `${manifest.name}-${manifest.version}.vsix`);
await createVSIX({ cwd: root, packagePath: vsix, dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false, skipLicense: true });
const { size } = statSync(vsix);
console.log(`VSIX: ${files.length} files, ${(size / 1024).toFixed(0)} kB of ${budget / 1024} kB allowed`);
if (process.argv.includes("--keep")) copyFileSync(vsix, join(root, `${manifest.name}-${manifest.version}.vsix`));
rmSync(out, { recursive: true, force: true });
const wrong = [
  ...foreign.map((path) => `${path} is in the VSIX but nothing of the extension runs or shows it: leave it out in .vscodeignore, or list it in scripts/package.mjs.`),
  ...missing.map((path) => `${path} is not in the VSIX although package.json names it: allow it in .vscodeignore.`),
  ...(size > budget ? [`The VSIX has ${size} bytes; ${budget} are allowed.`] : []),
];
for (const sentence of wrong) console.error(sentence);
process.exitCode = wrong.length > 0 ? 1 : 0;
