import type { Locator, Page } from "playwright-core";

/** "What Will Be Sent" as a person sees and hears it. The page lies two frames deep in its tab. */
export class SentPage {
  constructor(private readonly page: Page) {}

  get tree(): Locator {
    return this.inPage("[role='tree']");
  }

  rows(kind: "section" | "change" | "file" | "step" | "excluded"): Locator {
    return this.inPage(`.tree-${kind}`);
  }

  section(name: "changes" | "files" | "excluded"): Locator {
    const title = { changes: "Changed since", files: "Files", excluded: "Left out" }[name];
    return this.inPage(`.tree-section[aria-label^="${title}"]`);
  }

  file(path: string): Locator {
    return this.inPage(`.tree-file[aria-label^="${path},"]`);
  }

  note(text: RegExp): Locator {
    return this.inPage(".notice").filter({ hasText: text }).first();
  }

  /** What a screen reader says of a file's row. */
  async spoken(path: string): Promise<string> {
    return (await this.file(path).getAttribute("aria-label")) ?? "";
  }

  async spokenRows(kind: Parameters<SentPage["rows"]>[0]): Promise<string[]> {
    return spokenOf(this.rows(kind));
  }

  /** Paths of the files that carry the mark. */
  async unsaved(): Promise<string[]> {
    return (await spokenOf(this.inPage(".tree-file:has(.unsaved)"))).map((words) => words.split(",")[0] ?? "").sort();
  }

  async totals(): Promise<string> {
    return this.inPage(".totals").innerText();
  }

  async filter(text: string): Promise<void> {
    await this.inPage(".filter-bar input").fill(text);
  }

  async run(): Promise<void> {
    await this.inPage(".sent-head .button").click();
  }

  private inPage(selector: string): Locator {
    return this.page.frameLocator(tab).frameLocator("iframe#active-frame").locator(`body.in-editor ${selector}`);
  }
}

/** The webview of an editor's tab; those of views say so in their address. */
const tab = 'iframe.webview.ready:visible:not([src*="purpose=webviewView"])';

async function spokenOf(rows: Locator): Promise<string[]> {
  return Promise.all((await rows.all()).map(async (row) => (await row.getAttribute("aria-label")) ?? ""));
}
