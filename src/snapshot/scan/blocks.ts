/** The blocks around a statement, known by indentation alone. */
import { scopes } from "./sourceScan.js";

export interface Block {
  indent: number;
  keyword: string;
  parent: Block | null;
  /** Bits of `scopes` that hold inside, those of the parents included. */
  scope: number;
  /** Set on a `try` when one of its handlers takes an ImportError. */
  guards: boolean;
  /** Whether a branch of the same `if` before this one always runs, so that later ones never do. */
  decided: boolean;
}

export class BlockStack {
  top: Block | null = null;
  /** Blocks just closed by a line of the same indentation: `else` and `except` belong to them. */
  private closed: Block | null = null;

  /** A statement starts at `indent`: the blocks that it ends are left. */
  enter(indent: number): void {
    this.closed = null;
    while (this.top !== null && this.top.indent >= indent) {
      this.closed = this.top.indent === indent ? this.top : null;
      this.top = this.top.parent;
    }
  }

  /** The block that ended right before this line at its indentation. */
  get previous(): Block | null {
    return this.closed;
  }

  push(indent: number, keyword: string, added: number, decided: boolean): Block {
    const block = { indent, keyword, parent: this.top, scope: (this.top?.scope ?? 0) | added, guards: false, decided };
    this.top = block;
    return block;
  }
}

/** Whether an import in `block` is guarded: a handler for ImportError stands around it in the same function. */
export function isGuarded(block: Block | null): boolean {
  for (let at = block; at !== null; at = at.parent) {
    if (at.guards) return true;
    if (at.keyword === "def") return false;
  }
  return false;
}

/** What a block of `keyword` adds to the scope of the statements in it. */
export function scopeOf(keyword: string): number {
  if (keyword === "def") return scopes.deferred;
  return keyword === "class" || keyword === "with" ? 0 : scopes.conditional;
}
