/** Progress where people look for it: in the status bar at once, as a notification with "Cancel" when it takes long. */
import * as vscode from "vscode";

const longAfter = 3_000;

export async function withProgress<T>(title: string, work: (report: (text: string) => void, signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  let latest = title;
  const listeners = new Set<(text: string) => void>();
  const report = (text: string): void => {
    latest = text;
    for (const listener of listeners) listener(text);
  };
  const task = work(report, abort.signal);
  const settled = task.then(
    () => undefined,
    () => undefined,
  );
  const show = (location: vscode.ProgressLocation): void => {
    void vscode.window.withProgress({ location, title: "Slingshot", cancellable: true }, async (progress, token) => {
      token.onCancellationRequested(() => {
        abort.abort();
      });
      progress.report({ message: latest });
      listeners.add((message) => {
        progress.report({ message });
      });
      await settled;
    });
  };
  show(vscode.ProgressLocation.Window);
  const timer = setTimeout(show, longAfter, vscode.ProgressLocation.Notification);
  try {
    return await task;
  } finally {
    clearTimeout(timer);
  }
}
