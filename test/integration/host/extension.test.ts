import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";

interface PackageJson {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, unknown>> } | readonly { readonly properties: Readonly<Record<string, unknown>> }[];
  };
}

function slingshot(): vscode.Extension<unknown> {
  const extension = vscode.extensions.all.find((one) => /\.slingshot$/i.test(one.id));
  assert.ok(extension, "VS Code has loaded the extension");
  return extension;
}

function packageJson(): PackageJson {
  return JSON.parse(readFileSync(join(slingshot().extensionPath, "package.json"), "utf8")) as PackageJson;
}

describe("the extension", () => {
  it("is activated by a Python file, without a word from the user", async () => {
    const document = await vscode.workspace.openTextDocument({ language: "python", content: "print(1)\n" });
    await vscode.window.showTextDocument(document);
    for (const deadline = Date.now() + 30_000; !slingshot().isActive;) {
      assert.ok(Date.now() < deadline, "the extension is still not active");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });

  it("registers every command that it contributes", async () => {
    await slingshot().activate();
    const known = new Set(await vscode.commands.getCommands(true));
    const missing = packageJson().contributes.commands.map(({ command }) => command).filter((command) => !known.has(command));
    assert.ok(missing.length === 0, `not registered: ${missing.join(", ")}`);
  });

  it("has a default for each of its settings", () => {
    const { configuration } = packageJson().contributes;
    const groups = "properties" in configuration ? [configuration] : configuration;
    const names = groups.flatMap(({ properties }) => Object.keys(properties));
    assert.ok(names.length > 0);
    for (const name of names) assert.notEqual(vscode.workspace.getConfiguration().inspect(name)?.defaultValue, undefined, `${name} has no default`);
  });

  it("offers lenses on the guard and on job functions of text that is on no disk", async () => {
    const content = "from pyspark.sql import SparkSession\n\ndef rows(spark: SparkSession):\n    return spark.range(3)\n\nif __name__ == '__main__':\n    print(1)\n";
    const document = await vscode.workspace.openTextDocument({ language: "python", content });
    await vscode.window.showTextDocument(document);
    const lensLines = async (): Promise<number[]> => {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", document.uri, 50);
      return [...new Set(lenses.filter((lens) => /slingshot/.test(lens.command?.command ?? "")).map((lens) => lens.range.start.line))].sort((a, b) => a - b);
    };
    for (const deadline = Date.now() + 30_000; ; await new Promise((resolve) => setTimeout(resolve, 100))) {
      const lines = await lensLines();
      if (lines.length === 2 && lines[0] === 2 && lines[1] === 5) return;
      assert.ok(Date.now() < deadline, `lenses stand on the lines ${lines.join(", ")} (from 0), not on 2 and 5`);
    }
  });
});
