/** Values of `${secret:NAME}`, in the editor's secret storage: asked for once, never shown, never written elsewhere. */
import * as vscode from "vscode";

const prefix = "slingshot.secret.";

export class Secrets {
  constructor(private readonly storage: vscode.SecretStorage) {}

  /** The stored value, else what the user enters now; undefined where they don't. */
  async value(name: string): Promise<string | undefined> {
    return (await this.stored(name)) ?? (await this.set(name));
  }

  async stored(name: string): Promise<string | undefined> {
    return this.storage.get(prefix + name);
  }

  /** Asks for a value and keeps it. `name` absent: asks for that as well. */
  async set(name?: string): Promise<string | undefined> {
    const wanted = name ?? (await vscode.window.showInputBox({ title: "Set Secret", prompt: "Name, as in ${secret:NAME}", ignoreFocusOut: true }));
    if (wanted === undefined || wanted === "") return undefined;
    const value = await vscode.window.showInputBox({
      title: `Secret ${wanted}`,
      prompt: "The value is kept in the editor's secret storage on this machine.",
      password: true,
      ignoreFocusOut: true,
    });
    if (value === undefined) return undefined;
    await this.storage.store(prefix + wanted, value);
    return value;
  }
}
