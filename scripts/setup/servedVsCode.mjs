// VS Code as the npm package `code-server` brings it, and the Node that it needs.
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cached } from "./cache.mjs";
import { mustRun, run, SetupError } from "./command.mjs";

const nodePackage = "node@24.21.0";
const serverPackage = "code-server@4.139.1";

/** @returns {Promise<{ folder: string, made: boolean }>} a folder with `bin/node` and `node_modules/code-server` */
export async function setUpServedVsCode() {
  return cached("vscode", ["bin/node", nodePackage, serverPackage, process.platform, process.arch], async (folder) => {
    const runtime = join(folder, "runtime");
    const bin = join(folder, "bin");
    for (const place of [folder, runtime]) {
      mkdirSync(place, { recursive: true });
      writeFileSync(join(place, "package.json"), JSON.stringify({ private: true, name: "slingshot-test-vscode", version: "0.0.0" }));
    }
    const remedy = "Look at the compiler's message above; Debian's libkrb5-dev, libsecret-1-dev, libx11-dev, libxkbfile-dev, pkg-config, g++ and make are needed, and the npm registry.";
    const install = (place, env, ...packages) => mustRun(`VS Code for the window tests (${packages.join(" ")})`, remedy, "npm",
      ["install", "--no-fund", "--no-audit", "--loglevel=error", "--save-exact", ...packages], { cwd: place, env: { ...cleanEnvironment(), ...env }, limitMs: 1_200_000 });
    await install(runtime, {}, nodePackage);
    // The package fetches its program by a nested install, which the next install in the same place may sweep away: so a place of its own, and a copy.
    mkdirSync(bin, { recursive: true });
    copyFileSync(join(runtime, "node_modules", "node", "bin", "node"), join(bin, "node"));
    rmSync(runtime, { recursive: true });
    await install(folder, { PATH: `${bin}:${process.env.PATH}`, ...headers() }, serverPackage);
    await smoke(folder, bin);
  });
}

/** The native modules are compiled against the headers that lie beside this Node, so that none are downloaded; they use Node's stable C interface. */
function headers() {
  const prefix = dirname(dirname(process.execPath));
  return existsSync(join(prefix, "include", "node", "node_api.h")) ? { npm_config_nodedir: prefix } : {};
}

/** npm's own variables of an outer `npm test` would name this project as the place to install to, and its Node as the one in use. */
function cleanEnvironment() {
  const kept = Object.entries(process.env).filter(([name]) => !/^npm_(config_((local_|global_)?prefix|user_agent)|package_|lifecycle_|node_execpath|execpath|command)/i.test(name) && name !== "NODE_OPTIONS" && name !== "INIT_CWD");
  return { ...Object.fromEntries(kept), npm_config_dangerously_allow_all_scripts: "true" };
}

async function smoke(folder, bin) {
  const server = join(folder, "node_modules", "code-server", "lib", "vscode", "out", "server-main.js");
  const home = join(folder, "home");
  mkdirSync(home, { recursive: true });
  const { code, output } = await run(join(bin, "node"), [server, "--version"], { env: { ...process.env, HOME: home }, limitMs: 60_000 });
  if (code !== 0) throw new SetupError(`VS Code for the window tests was installed but does not start: ${output.trim()}`, `Remove ${folder} and try again.`);
}
