/** From the click to the bundle, in a process that has seen the workspace before. */
import { EditedLibrary } from "./editedLibrary.js";
import { quantile, type Row } from "./measure.js";
import { generateWorkspace } from "./workspaces.js";

const sizes = [100, 1000, 10_000, 50_000];
const reached = 200;
/** The size that the budget speaks of, and its milliseconds. */
const judged = 10_000;
const budget = { median: 15, p99: 40 };
const warmUp = 3;

/** One edit each time, not saved; the changed layer is written. */
export async function benchSnapshot(times: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const size of sizes) {
    const library = new EditedLibrary();
    try {
      const modules = Math.min(size, reached);
      generateWorkspace(library.workspace, size, modules);
      library.edit("pkg0/m3.py");
      const figures: number[] = [];
      for (let n = 0; n < times + warmUp; n++) figures.push((await library.changed()).ms);
      const ours = figures.slice(warmUp);
      const holds = size !== judged || (quantile(ours, 0.5) <= budget.median && quantile(ours, 0.99) <= budget.p99);
      rows.push({
        what: `click to bundle ready, warm, ${String(size)} files, closure of ${String(modules)}, one edit`, ours, theirs: [], unit: "ms",
        budget: size === judged ? `${String(budget.median)} ms median, ${String(budget.p99)} ms p99` : "none", holds,
      });
    } finally {
      library.bench.dispose();
    }
  }
  return rows;
}
