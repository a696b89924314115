/** The line to the extension host: typed, checked in both directions. */
import { parseHostMessage, type HostMessage, type WebviewMessage } from "../messages.js";

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

const api = acquireVsCodeApi();

export function send(message: WebviewMessage): void {
  api.postMessage(message);
}

export function receive(handle: (message: HostMessage) => void): void {
  let complained = false;
  window.addEventListener("message", (event: MessageEvent<unknown>) => {
    const message = parseHostMessage(event.data);
    if (message !== null) return handle(message);
    if (!complained) console.warn("Slingshot: the panel ignores a message that it does not know.");
    complained = true;
  });
}

/** The job that this panel showed before the window was reloaded, or null. */
export function rememberedJob(): string | null {
  const state = api.getState();
  return typeof state === "object" && state !== null && "job" in state && typeof state.job === "string" ? state.job : null;
}

export function rememberJob(job: string): void {
  if (rememberedJob() !== job) api.setState({ job });
}
