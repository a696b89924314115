/** Files of the closure and why each is there: the shortest chain from the entry. */
import type { Reason } from "./manifest.js";

/** Why a file leads to another; `line` is 1-based, 0 where there is none. */
export interface Edge {
  kind: Reason["kind"];
  line: number;
  detail?: string;
}

export class Graph {
  readonly files: string[] = [];
  private readonly numbers = new Map<string, number>();
  // Edges as columns: a closure of ten thousand files has a hundred thousand of them.
  private readonly from: number[] = [];
  private readonly to: number[] = [];
  private readonly lines: number[] = [];
  private readonly kinds: Reason["kind"][] = [];
  private readonly details = new Map<number, string>();

  /** The number of `file`, which joins the closure now if it is new. */
  number(file: string): number {
    let number = this.numbers.get(file);
    if (number === undefined) {
      number = this.files.length;
      this.files.push(file);
      this.numbers.set(file, number);
    }
    return number;
  }

  has(file: string): boolean {
    return this.numbers.has(file);
  }

  /** The file numbered `by` (-1: the launch itself) leads to the file numbered `to`. */
  link(by: number, to: number, edge: Edge): void {
    if (edge.detail !== undefined) this.details.set(this.to.length, edge.detail);
    this.from.push(by);
    this.to.push(to);
    this.lines.push(edge.line);
    this.kinds.push(edge.kind);
  }

  /** The first edge of the shortest chain to each file, by number; `by` is an absolute path. */
  reasons(): Reason[] {
    const { from, to } = this;
    const first = new Int32Array(this.files.length).fill(-1);
    const next = new Int32Array(to.length).fill(-1);
    const found = new Int32Array(this.files.length).fill(-1);
    let wave: number[] = [];
    // Backwards, so that each file's list of edges is in order of discovery.
    for (let edge = to.length - 1; edge >= 0; edge--) {
      const source = from[edge] ?? -1;
      if (source < 0) continue;
      next[edge] = first[source] ?? -1;
      first[source] = edge;
    }
    for (let edge = 0; edge < to.length; edge++) {
      const target = to[edge] ?? 0;
      if ((from[edge] ?? 0) >= 0 || found[target] !== -1) continue;
      found[target] = edge;
      wave.push(target);
    }
    while (wave.length > 0) {
      const after: number[] = [];
      for (const source of wave) {
        for (let edge = first[source] ?? -1; edge >= 0; edge = next[edge] ?? -1) {
          const target = to[edge] ?? 0;
          if (found[target] !== -1) continue;
          found[target] = edge;
          after.push(target);
        }
      }
      wave = after;
    }
    return Array.from(found, (edge) => (edge < 0 ? { kind: "import" } : this.reason(edge)));
  }

  private reason(edge: number): Reason {
    const by = this.files[this.from[edge] ?? -1];
    const line = this.lines[edge] ?? 0;
    const detail = this.details.get(edge);
    return { kind: this.kinds[edge] ?? "import", ...(by === undefined ? {} : { by }), ...(line === 0 ? {} : { line }), ...(detail === undefined ? {} : { detail }) };
  }
}
