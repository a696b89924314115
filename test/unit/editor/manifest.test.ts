import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { commands, privateCommands, settings, views } from "../../../src/platform/ids.js";

interface MenuItem {
  command: string;
  when?: string;
}
interface PackageJson {
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
  contributes: {
    commands: { command: string; title: string }[];
    menus: Record<string, MenuItem[]>;
    keybindings: MenuItem[];
    views: Record<string, { id: string }[]>;
    viewsContainers: Record<string, { id: string }[]>;
    viewsWelcome: { view: string; contents: string }[];
    configuration: { properties: Record<string, { scope?: string; default?: unknown }> }[];
  };
}

const text = readFileSync("package.json", "utf8");
const { contributes, capabilities } = JSON.parse(text) as PackageJson;
const texts = JSON.parse(readFileSync("package.nls.json", "utf8")) as Record<string, string>;
const sorted = (values: Iterable<string>): string[] => [...new Set(values)].sort();

/** Who may set each setting: one that names programs or hosts never comes from a workspace. */
const scopes: Record<string, string> = {
  [settings.targets]: "machine",
  [settings.codeLens]: "resource",
  [settings.snapshotPatience]: "window",
  [settings.imports]: "window",
  [settings.historyMaxAge]: "machine",
  [settings.historyMaxSize]: "machine",
};

describe("package.json and the code", () => {
  it("name the same commands", () => {
    assert.deepEqual(sorted(contributes.commands.map((one) => one.command)), sorted(Object.values(commands)));
    assert.equal(contributes.commands.length, Object.values(commands).length);
  });

  it("name the same views and containers", () => {
    assert.deepEqual(sorted(Object.values(contributes.views).flatMap((list) => list.map((one) => one.id))), sorted([views.jobs, views.job]));
    assert.deepEqual(sorted(Object.values(contributes.viewsContainers).flatMap((list) => list.map((one) => one.id))), sorted([views.jobsContainer, views.panelContainer]));
  });

  it("name the same settings, each with a scope that was thought about and a default", () => {
    const properties = Object.assign({}, ...contributes.configuration.map((section) => section.properties)) as PackageJson["contributes"]["configuration"][0]["properties"];
    assert.deepEqual(sorted(Object.keys(properties)), sorted(Object.values(settings)));
    assert.deepEqual(Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, value.scope])), scopes);
    for (const [key, value] of Object.entries(properties)) assert.notEqual(value.default, undefined, `${key} has no default`);
    assert.ok(capabilities.untrustedWorkspaces.restrictedConfigurations.includes(settings.targets));
  });

  it("say for every command whether the palette shows it", () => {
    assert.deepEqual(sorted((contributes.menus["commandPalette"] ?? []).map((one) => one.command)), sorted(Object.values(commands)));
  });

  it("use only commands that exist in menus, keys and welcome texts", () => {
    const known = new Set<string>(Object.values(commands));
    for (const [menu, items] of Object.entries(contributes.menus)) {
      for (const { command } of items) assert.ok(known.has(command), `${menu} has ${command}`);
    }
    for (const { command } of contributes.keybindings) assert.ok(known.has(command), `a key has ${command}`);
    for (const { contents } of contributes.viewsWelcome) {
      const shown = texts[contents.slice(1, -1)] ?? contents;
      for (const [, command] of shown.matchAll(/\(command:([\w.]+)/g)) assert.ok(command?.startsWith("workbench.") === true || known.has(command ?? ""), `a welcome text has ${String(command)}`);
    }
  });

  it("link only to commands that exist in the walkthrough", () => {
    const known = new Set<string>([...Object.values(commands), ...Object.values(privateCommands)]);
    const links = [...Object.values(texts).join(" ").matchAll(/\(command:([\w.]+)\)/g), ...text.matchAll(/"onCommand:([\w.]+)"/g)].map((match) => match[1] ?? "");
    assert.ok(links.length > 6);
    for (const link of links) assert.ok(known.has(link) || link.startsWith("workbench."), link);
  });

  it("show run commands on Python files only", () => {
    for (const menu of ["editor/context", "explorer/context", "editor/title/context", "editor/title/run"]) {
      for (const { command, when } of contributes.menus[menu] ?? []) {
        assert.match(when ?? "", /resourceLangId == python|resourceExtname == \.py/, `${command} in ${menu}`);
      }
    }
  });

  it("have a text for every placeholder and no text without one", () => {
    const used = [...text.matchAll(/"%([^%]+)%"/g)].map((match) => match[1] ?? "");
    assert.deepEqual(sorted(used), sorted(Object.keys(texts)));
  });
});
