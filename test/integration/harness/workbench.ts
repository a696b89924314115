import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { errors, type FrameLocator, type Locator, type Page } from "playwright-core";

/** How long a busy machine may take until something shows; nothing here asserts a time. */
const patience = 180_000;

/** What a user does in a window of VS Code: keys and clicks only. Works on both kinds of window. */
export class Workbench {
  constructor(readonly page: Page) {
    page.setDefaultTimeout(patience);
  }

  /** Resolves when the window is drawn and its status bar shows. */
  async ready(): Promise<void> {
    await this.page.locator(".monaco-workbench .part.statusbar").waitFor();
    await this.page.locator(".explorer-folders-view .monaco-list-row").first().waitFor();
  }

  /** Opens a file of the workspace by quick open; `path` is relative to the folder. */
  async openFile(path: string): Promise<void> {
    const name = path.split("/").at(-1) ?? path;
    await this.page.keyboard.press("Control+P");
    const input = this.page.locator(".quick-input-widget input.input");
    await input.waitFor();
    await this.page.keyboard.type(path);
    const label = this.page.locator(".label-name", { hasText: new RegExp(`^${escaped(name)}$`) });
    await this.page.locator(".quick-input-list .monaco-list-row.focused", { has: label }).waitFor();
    await this.page.keyboard.press("Enter");
    await this.page.locator(`.tabs-container .tab.active[data-resource-name="${name}"]`).waitFor();
    await this.editor().waitFor();
  }

  /** Runs a command by its title in the command palette. */
  async command(title: string): Promise<void> {
    await this.page.keyboard.press("F1");
    await this.page.locator(".quick-input-widget input.input").waitFor();
    await this.page.keyboard.type(title);
    await this.page.locator(".quick-input-list .monaco-list-row .label-name", { hasText: new RegExp(`^${escaped(title)}$`) }).click();
  }

  /** Chooses an entry of the quick pick that is open. */
  async pick(text: string): Promise<void> {
    await this.page.locator(".quick-input-list .monaco-list-row", { hasText: text }).first().click();
  }

  /** Selects line `number` (from 1) of the active editor, without its end, and types over it. */
  async retypeLine(number: number, text: string): Promise<void> {
    await this.goToLine(number);
    await this.page.keyboard.press("End");
    await this.page.keyboard.press("Shift+Home");
    await this.page.keyboard.press("Shift+Home");
    await this.page.keyboard.type(text);
  }

  async goToLine(number: number): Promise<void> {
    await this.page.keyboard.press("Control+G");
    await this.page.locator(".quick-input-widget input.input").waitFor();
    await this.page.keyboard.type(String(number));
    await this.page.keyboard.press("Enter");
    await this.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  }

  tab(name: string): Locator {
    return this.page.locator(`.tabs-container .tab[data-resource-name="${name}"]`);
  }

  /** Whether the tab carries the mark of unsaved edits. */
  async isDirty(name: string): Promise<boolean> {
    return ((await this.tab(name).first().getAttribute("class")) ?? "").split(" ").includes("dirty");
  }

  editor(): Locator {
    return this.page.locator(".part.editor .monaco-editor[role='code'] .view-lines").first();
  }

  codeLens(text: string | RegExp): Locator {
    return this.page.locator(".part.editor .codelens-decoration a", { hasText: text });
  }

  /** Right click, then the entry of the menu; again where VS Code took the click for part of the opening one, as it does for a moment. */
  async contextMenu(where: Locator, entry: string): Promise<void> {
    await where.click({ button: "right" });
    const item = this.menuEntry(entry);
    await item.waitFor();
    for (let open = true; open; open = await item.isVisible()) {
      await this.page.waitForTimeout(300);
      await item.click({ timeout: 2_000 }).catch((error: unknown) => {
        if (!(error instanceof errors.TimeoutError)) throw error;
      });
      await item.waitFor({ state: "hidden", timeout: 2_000 }).catch((error: unknown) => {
        if (!(error instanceof errors.TimeoutError)) throw error;
      });
    }
  }

  menuEntry(text: string): Locator {
    return this.page.locator(".monaco-menu .action-label", { hasText: new RegExp(`^${escaped(text)}$`) });
  }

  explorerRow(name: string): Locator {
    return this.page.locator(".explorer-folders-view .monaco-list-row", { hasText: new RegExp(`^${escaped(name)}$`) });
  }

  /** An action of the editor's title bar, by its tooltip. */
  titleAction(label: string): Locator {
    return this.page.locator(".part.editor .editor-actions .action-label", { hasText: label }).or(this.page.locator(`.part.editor .editor-actions [aria-label^="${label}"]`)).first();
  }

  statusBarItem(text: string | RegExp): Locator {
    return this.page.locator(".part.statusbar .statusbar-item", { hasText: text });
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator(".notification-toast, .notifications-list-container .monaco-list-row", { hasText: text }).first();
  }

  dialogButton(text: string): Locator {
    return this.page.locator(".monaco-dialog-box .monaco-button", { hasText: text });
  }

  /** The document of the extension's webview that shows; a webview lies two frames deep. */
  webview(): FrameLocator {
    return this.page.frameLocator("iframe.webview.ready:visible").first().frameLocator("iframe#active-frame");
  }

  /** A line of the job's log in the panel, by its whole text. */
  logLine(text: string): Locator {
    return this.webview().getByText(text, { exact: true }).first();
  }

  /** The window again from scratch, as "Developer: Reload Window" does. Unsaved edits come back from VS Code's own backups. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent("load");
    await this.command("Developer: Reload Window");
    await loaded;
    await this.ready();
  }

  /** A picture of the window in the folder of this run's pictures; returns its path. */
  async screenshot(name: string): Promise<string> {
    const folder = process.env["SLINGSHOT_TEST_PICTURES"] ?? join(tmpdir(), "slingshot-pictures");
    mkdirSync(folder, { recursive: true });
    const path = join(folder, `${name}.png`);
    await this.page.screenshot({ path });
    return path;
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
