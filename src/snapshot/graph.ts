/** Files of the closure and why each is there: the shortest chain from the entry. */
import type { Reason } from "./manifest.js";

export class Graph {
  readonly files: string[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly edges: { from: number; to: number; reason: Reason }[] = [];

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

  /** `by` (a file's number, or -1 for the launch itself) leads to `file`. */
  link(by: number, file: string, reason: Reason): number {
    const to = this.number(file);
    this.edges.push({ from: by, to, reason });
    return to;
  }

  /** The first edge of the shortest chain to each file, by number. */
  reasons(): Reason[] {
    const outgoing: number[][] = this.files.map(() => []);
    const found: (Reason | undefined)[] = this.files.map(() => undefined);
    let wave: number[] = [];
    this.edges.forEach((edge, index) => {
      if (edge.from >= 0) outgoing[edge.from]?.push(index);
      else if (found[edge.to] === undefined) {
        found[edge.to] = edge.reason;
        wave.push(edge.to);
      }
    });
    while (wave.length > 0) {
      const next: number[] = [];
      for (const from of wave) {
        for (const index of outgoing[from] ?? []) {
          const edge = this.edges[index];
          if (edge === undefined || found[edge.to] !== undefined) continue;
          found[edge.to] = edge.reason;
          next.push(edge.to);
        }
      }
      wave = next;
    }
    return found.map((reason) => reason ?? { kind: "import" });
  }
}
