/** The walkthrough's first job: an unsaved document, for a job needs no file. */
import * as vscode from "vscode";

const text = `def squares(count: int = 5):
    return [n * n for n in range(count)]


if __name__ == "__main__":
    print("Hello from a snapshot:", squares())
`;

export async function openExample(): Promise<void> {
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: "python", content: text }));
}
