import type { Page } from "playwright-core";

/** What a window of VS Code is opened with. Paths are absolute; the settings hold for all windows of this VS Code. */
export interface WindowOptions {
  readonly folder: string;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A window whose extension is loaded from its folder, and in whose extension host a module's `run()` is called. */
export interface HostTests extends WindowOptions {
  readonly extensionDevelopmentPath: string;
  readonly extensionTestsPath: string;
}

export interface VsCodeWindow {
  readonly page: Page;
  close(): Promise<void>;
}

/** A VS Code with its own data folder and installed extensions, whichever way it is had. */
export interface VsCode {
  readonly kind: "served" | "desktop";
  /** The folder that is `HOME`, and holds all state, for this VS Code. */
  readonly home: string;
  /** A window with the installed extensions, for a test to drive. It may be reloaded, and its extension host killed. */
  open(options: WindowOptions): Promise<VsCodeWindow>;
  /** Runs a module in the extension host; 0 where its `run()` resolved. */
  runInHost(options: HostTests): Promise<number>;
  /** Process ids of the extension hosts. */
  extensionHosts(): number[];
  stop(): Promise<void>;
}

export interface VsCodeOptions {
  /** A folder of the test's own, which the caller removes. */
  readonly home: string;
  /** Folders of unpacked extensions to install (`package.json` at the top). */
  readonly extensions: readonly string[];
  /** Added to the environment of VS Code and so of its extension host. */
  readonly environment: Readonly<Record<string, string>>;
}
