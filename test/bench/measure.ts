/** Paired measurements: A and B in turn, so that a machine whose speed drifts is fair to both. */

export interface Row {
  what: string;
  ours: number[];
  /** The peer or baseline, or empty where the budget is absolute. */
  theirs: number[];
  unit: string;
  /** Budget in words and whether it held. */
  budget: string;
  holds: boolean;
}

/** Runs both sides `times` times in turn after one warm-up each; each returns its figure. */
export async function paired(times: number, ours: () => Promise<number>, theirs: () => Promise<number>): Promise<{ ours: number[]; theirs: number[] }> {
  await ours();
  await theirs();
  const result = { ours: [] as number[], theirs: [] as number[] };
  for (let n = 0; n < times; n++) {
    const oursFirst = n % 2 === 0;
    if (oursFirst) result.ours.push(await ours());
    result.theirs.push(await theirs());
    if (!oursFirst) result.ours.push(await ours());
  }
  return result;
}

export function quantile(figures: readonly number[], q: number): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

export function median(figures: readonly number[]): number {
  return quantile(figures, 0.5);
}

/** The median of the pairwise differences. */
export function medianDifference(ours: readonly number[], theirs: readonly number[]): number {
  return median(ours.map((figure, n) => figure - (theirs[n] ?? Number.NaN)));
}

/** The median of the pairwise ratios. */
export function medianRatio(ours: readonly number[], theirs: readonly number[]): number {
  return median(ours.map((figure, n) => figure / (theirs[n] ?? Number.NaN)));
}

export function printRows(rows: readonly Row[]): void {
  console.log("| what | Slingshot (median, p99) | baseline (median) | ratio | budget | holds |");
  console.log("| --- | --- | --- | --- | --- | --- |");
  for (const row of rows) {
    const ours = `${median(row.ours).toFixed(1)} (${quantile(row.ours, 0.99).toFixed(1)}) ${row.unit}`;
    const theirs = row.theirs.length === 0 ? "" : `${median(row.theirs).toFixed(1)} ${row.unit}`;
    const ratio = row.theirs.length === 0 ? "" : medianRatio(row.ours, row.theirs).toFixed(2);
    console.log(`| ${row.what} | ${ours} | ${theirs} | ${ratio} | ${row.budget} | ${row.holds ? "yes" : "NO"} |`);
  }
}
