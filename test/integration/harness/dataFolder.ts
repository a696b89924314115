import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { VsCodeOptions } from "./vscode.js";

/** What each window starts from: nothing pops up, menus and dialogs are drawn by VS Code itself, and typing gives what was typed. */
const settings = {
  "security.workspace.trust.enabled": false,
  "workbench.startupEditor": "none",
  "workbench.colorTheme": "Default Dark Modern",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.reduceMotion": "on",
  "chat.disableAIFeatures": true,
  "window.dialogStyle": "custom",
  "window.menuStyle": "custom",
  "files.autoSave": "off",
  "files.hotExit": "onExit",
  "files.simpleDialog.enable": true,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "extensions.ignoreRecommendations": true,
  "editor.autoClosingBrackets": "never",
  "editor.autoClosingQuotes": "never",
  "editor.autoIndent": "none",
  "editor.quickSuggestions": { other: "off", comments: "off", strings: "off" },
  "editor.suggestOnTriggerCharacters": false,
  "editor.minimap.enabled": false,
  "editor.stickyScroll.enabled": false,
};

/** Writes the user settings of a VS Code whose `--user-data-dir` is `data`; settings of machine scope count from the second file where the window is served. */
export function writeSettings(data: string, own: Readonly<Record<string, unknown>>): void {
  for (const scope of ["User", "Machine"]) {
    mkdirSync(join(data, scope), { recursive: true });
    writeFileSync(join(data, scope, "settings.json"), JSON.stringify({ ...settings, ...own }, undefined, 2));
  }
}

/** Copies an unpacked extension to where VS Code looks for installed ones. */
export function installExtension(source: string, extensions: string): void {
  const manifest = JSON.parse(readFileSync(join(source, "package.json"), "utf8")) as { publisher: string; name: string; version: string };
  cpSync(source, join(extensions, `${manifest.publisher}.${manifest.name}-${manifest.version}`), { recursive: true });
}

/** The environment of VS Code: this process's, without what belongs to its own tools, with a home of the test's own. */
export function ownEnvironment(options: VsCodeOptions): Record<string, string> {
  const inherited = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || /^(XDG_|VSCODE_|ELECTRON_|npm_|NODE_OPTIONS|SLINGSHOT_)/.test(name) ? [] : [[name, value] as const]);
  return { ...Object.fromEntries(inherited), HOME: options.home, ...options.environment };
}
