/** What a launch after a one-line edit costs, against the tools that pack the whole workspace: time, bytes, and how both grow. */
import { EditedLibrary } from "./editedLibrary.js";
import { median, medianRatio, paired, type Row } from "./measure.js";
import { Packager, tools, type Packed, type Tool } from "./packager.js";
import { generateWorkspace } from "./workspaces.js";

const sizes = [100, 1000, 10_000, 50_000];
/** Modules that the job reaches. */
const reached = 200;
/** Sizes for which the budget speaks: in smaller workspaces the job needs nearly all there is. */
const judged = 10_000;
/** Launches that a user's long-lived process has behind it. */
const warmUp = 10;

/** `python`: an interpreter with the tools' packages. Both sides are warm. */
export async function benchPeers(times: number, python: string): Promise<Row[]> {
  const rows: Row[] = [];
  const growth = new Map<Tool, { ours: Packed; theirs: Packed }[]>();
  for (const size of sizes) {
    const library = new EditedLibrary();
    try {
      const modules = Math.min(size, reached);
      generateWorkspace(library.workspace, size, modules);
      library.edit("pkg0/m3.py");
      for (const tool of Object.keys(tools) as Tool[]) {
        const packager = await Packager.start(tool, python, library.workspace);
        try {
          const found = await compared(library, packager, size >= judged ? Math.ceil(times / 2) : times, { ours: modules + 1, theirs: size + 1 });
          rows.push(...rowsOf(`${String(size)} files, closure of ${String(modules)}`, tool, found, size >= judged));
          growth.set(tool, [...(growth.get(tool) ?? []), { ours: middle(found.ours), theirs: middle(found.theirs) }]);
        } finally {
          packager.dispose();
        }
      }
    } finally {
      library.bench.dispose();
    }
  }
  return [...rows, ...[...growth].flatMap(([tool, figures]) => growthRows(tool, figures))];
}

export interface Comparison {
  /** After an edit. */
  ours: Packed[];
  theirs: Packed[];
  /** A first launch. */
  first: Packed;
}

/** Both sides in turn, each after an edit. `files`: how many each has to take in, where that is known. */
export async function compared(library: EditedLibrary, packager: Packager, times: number, files?: { ours: number; theirs: number }): Promise<Comparison> {
  const first = await library.whole();
  for (let n = 0; n < warmUp; n++) await library.changed();
  const result: Comparison = { ours: [], theirs: [], first };
  await paired(times, async () => {
    const packed = await library.changed();
    expect("Slingshot", packed.files, files?.ours);
    result.ours.push(packed);
    return packed.ms;
  }, async () => {
    library.save();
    const packed = await packager.pack();
    expect("the peer", packed.files, files?.theirs);
    result.theirs.push(packed);
    return packed.ms;
  });
  // The first of each has warmed up.
  result.ours.shift();
  result.theirs.shift();
  return result;
}

export function rowsOf(where: string, tool: Tool, { ours, theirs, first }: Comparison, judges: boolean): Row[] {
  const pick = (key: "ms" | "bytes"): { ours: number[]; theirs: number[] } => ({ ours: ours.map((one) => one[key]), theirs: theirs.map((one) => one[key]) });
  const time = pick("ms");
  const bytes = pick("bytes");
  const kilobytes = { ours: bytes.ours.map((one) => one / 1000), theirs: bytes.theirs.map((one) => one / 1000) };
  const budgeted = judges && tool !== "metaflow";
  const faster = 1 / medianRatio(time.ours, time.theirs);
  const share = first.bytes / median(bytes.theirs);
  return [
    { what: `${where}, ready to send after a one-line edit; against ${tools[tool]}`, ...time, unit: "ms", budget: `${budgeted ? "10 times faster" : "none"} (${faster.toFixed(0)} times)`, holds: !budgeted || faster >= 10 },
    { what: `${where}, to send after a one-line edit; against ${tools[tool]}`, ...kilobytes, unit: "kB", budget: "the changed layer only", holds: median(bytes.ours) < median(bytes.theirs) },
    { what: `${where}, to send the first time; against ${tools[tool]}`, ours: [first.bytes / 1000], theirs: [median(kilobytes.theirs)], unit: "kB", budget: `${budgeted ? "a tenth" : "none"} (${share.toFixed(3)})`, holds: !budgeted || share <= 0.1 },
  ];
}

/** From the smallest workspace in which the closure is whole to the largest. */
function growthRows(tool: Tool, figures: readonly { ours: Packed; theirs: Packed }[]): Row[] {
  const [from, to] = [sizes.findIndex((size) => size > reached), sizes.length - 1];
  const times = (side: "ours" | "theirs", key: "ms" | "bytes"): number[] => [(figures[to]?.[side][key] ?? Number.NaN) / (figures[from]?.[side][key] ?? Number.NaN)];
  return (["ms", "bytes"] as const).map((key) => ({
    what: `growth of ${key === "ms" ? "time" : "bytes"} from ${String(sizes[from])} to ${String(sizes[to])} files; against ${tools[tool]}`,
    ours: times("ours", key), theirs: times("theirs", key), unit: "times", budget: "none", holds: true,
  }));
}

function middle(figures: readonly Packed[]): Packed {
  return { ms: median(figures.map(({ ms }) => ms)), bytes: median(figures.map(({ bytes }) => bytes)), files: figures[0]?.files ?? 0 };
}

/** A side that leaves files out is not measured. */
function expect(what: string, found: number, wanted: number | undefined): void {
  if (wanted !== undefined && found !== wanted) throw new Error(`${what} took ${String(found)} Python files, not ${String(wanted)}`);
}
