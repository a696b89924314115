/** The files of a snapshot: which of them rules let in, how large they are together, and their bytes, read once. */
import { SlingshotError } from "../base/errors.js";
import { sizeText } from "../base/quantities.js";
import type { Reference } from "./dataReferences.js";
import { statOf, type DiskCache, type DiskFile } from "./diskCache.js";
import type { Graph } from "./graph.js";
import { linkOutside } from "./includes.js";
import type { ManifestFile, Reason } from "./manifest.js";
import type { Naming } from "./naming.js";
import type { Notes } from "./notes.js";
import { byBytes, isInside } from "./paths.js";
import type { ContentSink } from "./request.js";
import type { Rules } from "./rules.js";
import type { OutsideLinks } from "./outsideLinks.js";
import { sizeBreakdown } from "./sizeBreakdown.js";
import type { ViewFile, WorkspaceView } from "./workspaceView.js";

/** Bytes of one referenced data file that are taken along unasked where the project file says nothing. */
export const defaultMaxDataFile = 10_000_000;
/** All of them together may have this many times the bytes of one. */
const dataFilesTogether = 5;

const plain = /^[\x20-\x7e]*$/;

export interface ContentsContext {
  view: WorkspaceView;
  naming: Naming;
  notes: Notes;
  rules: Rules;
  links: OutsideLinks;
  sink: ContentSink;
  disk: DiskCache;
  workspace: string;
  /** Bytes that the snapshot may have. */
  limit: number;
  /** Bytes that one data file may have to go along unasked. */
  dataFileLimit: number;
}

export class Contents {
  private readonly reasons = new Map<string, Reason>();
  private readonly used: ViewFile[] = [];
  /** Files whose known content could not be read again. */
  private readonly lost: string[] = [];
  private referenced = 0;

  constructor(private readonly context: ContentsContext) {}

  /** The closure's files: ignore files don't keep them out, the project file and `.slingshotignore` do. */
  addCode(graph: Graph, entry: string | null): void {
    const { rules, notes, naming } = this.context;
    const reasons = graph.reasons();
    graph.files.forEach((path, index) => {
      const reason = reasons[index] ?? { kind: "import" };
      const ruling = path === entry ? null : rules.ignored(path);
      const own = ruling?.ignored === true && /(^|\/)\.slingshotignore:\d+$/.test(ruling.rule) ? ruling.rule : null;
      const rule = path === entry ? null : (rules.configured(path) ?? own);
      const name = naming.name(path);
      if (rule !== null) {
        rules.excluded.set(name, rule);
        notes.add("excluded-module", name, "warning", `${name} is imported but left out by ${rule}; the job fails where it needs it.`, name);
        return;
      }
      if (path !== entry && this.isForeign(path, name)) return;
      if (ruling?.ignored === true) notes.add("ignored-but-needed", name, "info", `${name} is ignored by ${ruling.rule}, but the job imports it; it is included.`, name);
      this.reasons.set(path, reason);
    });
  }

  /**
   * Whether an import leads through a link to a file outside that is no code. Code behind such a link is the program's;
   * both are said.
   */
  private isForeign(path: string, name: string): boolean {
    const { links, rules, notes } = this.context;
    const link = links.outside(path);
    if (link === null) return false;
    const isCode = isModuleName(link.target) || link.path !== path;
    if (!isCode) rules.excluded.set(name, `a link to ${link.target}`);
    const shown = this.context.naming.name(link.path);
    notes.add("link-outside", shown, isCode ? "info" : "warning", `${shown} is a link to ${link.target}, outside the workspace folder; ${isCode ? "the code behind it is included" : "that is no code, and it is left out"}.`, shown);
    return !isCode;
  }

  addIncluded(path: string, glob: string): void {
    if (!this.reasons.has(path) && !this.context.rules.excluded.has(this.context.naming.name(path))) this.reasons.set(path, { kind: "include", detail: glob });
  }

  /** A data file that a source names: taken along within limits, or said to be left out. */
  addReference({ path, isDirectory, by, line }: Reference): void {
    const { naming, notes, rules, workspace, dataFileLimit } = this.context;
    if (this.reasons.has(path)) return;
    const source = naming.name(by);
    const shown = naming.find(path);
    const note = (severity: "info" | "warning", text: string, subject = shown ?? path): void => {
      notes.add("data-file-reference", subject, severity, `${source}:${String(line)} refers to ${subject}; ${text}`, source, line);
    };
    if (shown === null) {
      note("warning", "it lies outside the workspace folder and is not included.");
      return;
    }
    const never = rules.builtIn(path);
    if (never !== null) {
      note("warning", `it is left out: ${never}.`);
      return;
    }
    if (isDirectory) {
      if ([...this.reasons.keys()].some((file) => !file.endsWith(".py") && isInside(file, path))) return;
      note("info", `folders are not included unasked: add "${shown}/**" to "bundle.include" if the job reads it.`);
      return;
    }
    if (linkOutside(path, workspace, notes, shown)) return;
    const ruling = rules.ignored(path);
    const rule = rules.configured(path) ?? (ruling?.ignored === true ? ruling.rule : null);
    const size = statOf(path)?.size ?? 0;
    if (rule !== null) {
      rules.excluded.set(shown, rule);
      note("warning", `it is left out by ${rule}.`);
    } else if (size > dataFileLimit || this.referenced + size > dataFileLimit * dataFilesTogether) {
      const rule = size > dataFileLimit ? `"bundle.maxDataFile" of ${sizeText(dataFileLimit)}` : `"bundle.maxDataFile": more than ${sizeText(dataFileLimit * dataFilesTogether)} of data files`;
      rules.excluded.set(shown, rule);
      note("warning", `with ${sizeText(size)} it is left out by ${rule}: add it to "bundle.include" if the job reads it, or raise the limit.`);
    } else {
      this.referenced += size;
      this.reasons.set(path, { kind: "data-reference", by, line });
      note("info", "it is included.");
    }
  }

  /** Checks names and sizes, then reads what is not known yet and hands new content to the sink. */
  take(pause: () => void): ManifestFile[] {
    const { naming } = this.context;
    const paths = [...this.reasons].map(([path, reason]) => ({ path, name: naming.name(path), reason })).sort((left, right) => byBytes(left.name, right.name));
    this.checkNames(paths);
    this.checkSizes(paths);
    return paths.map(({ path, name, reason }, index) => {
      if (index % 256 === 0) pause();
      return this.file(path, name, reason);
    });
  }

  /** Files of the disk that the snapshot holds, as they were read. */
  get read(): DiskFile[] {
    return this.used.flatMap(({ disk }) => (disk === null ? [] : [disk]));
  }

  /** Files that are no longer what was read, by absolute path. */
  changed(): string[] {
    return [...this.lost, ...this.read.filter((file) => !this.context.disk.isStill(file)).map(({ path }) => path)];
  }

  private checkNames(paths: readonly { path: string; name: string }[]): void {
    const { notes } = this.context;
    const folded = new Map<string, string>();
    for (const { path, name } of paths) {
      if (/[\n\r]/.test(name)) throw refusal("file-name", `The file name ${JSON.stringify(name)} holds a line break.`, "Rename the file, or leave it out.", path);
      if (name.includes("\ufffd") && statOf(path) === null) throw refusal("file-name", `The file name "${name}" is not valid UTF-8.`, "Rename the file, or leave it out.", path);
      const key = (plain.test(name) ? name : name.normalize("NFC")).toLowerCase();
      const twin = folded.get(key);
      if (twin !== undefined) notes.add("name-collision", name, "warning", `${name} and ${twin} are one file on disks that don't tell their names apart.`, name);
      folded.set(key, name);
    }
  }

  private checkSizes(files: readonly { path: string; name: string }[]): void {
    const { limit, view, rules } = this.context;
    const sizes = files.map(({ path, name }) => ({ path, name, size: view.size(path) }));
    const total = sizes.reduce((sum, { size }) => sum + size, 0);
    if (total <= limit) return;
    const largest = sizes.reduce((most, each) => (each.size > most.size ? each : most));
    const left = [...rules.excluded].slice(0, 5).map(([path, rule]) => `${path} (${rule})`);
    const already = left.length === 0 ? "" : ` Left out already: ${left.join(", ")}${rules.excluded.size > left.length ? ", …" : ""}.`;
    throw refusal("too-large", `The snapshot would have ${sizeText(total)} in ${String(files.length)} files, more than the limit of ${sizeText(limit)}. Largest: ${sizeBreakdown(sizes)}.${already}`, 'Leave files out with "bundle.exclude" or .slingshotignore, or raise "bundle.maxSize" in .vscode/slingshot.json.', largest.path);
  }

  private file(path: string, name: string, reason: Reason): ManifestFile {
    const { view, naming } = this.context;
    const file = view.file(path, false);
    this.used.push(file);
    this.store(file);
    const python = /\.(py|pyw|ipy|ipynb)$/.test(path);
    const said: Reason = reason.by === undefined ? reason : { ...reason, by: naming.name(reason.by) };
    return { path: name, mode: file.executable && !python ? "755" : "644", size: file.size, sha256: file.sha256, origin: file.origin, reason: said };
  }

  private store(file: ViewFile): void {
    const { sink, view, disk: cache } = this.context;
    const { disk } = file;
    if (!sink.has(file.sha256)) {
      const bytes = disk === null ? view.overlayText(file.path) : (disk.bytes ?? cache.reread(disk));
      if (bytes !== null) sink.put(file.sha256, bytes);
      else this.lost.push(file.path);
    }
    if (disk !== null) disk.bytes = null;
  }
}

function isModuleName(path: string): boolean {
  return /\.(pyw?|pyc|pyi|so|pyd|ipynb|ipy)$/.test(path);
}

function refusal(code: string, message: string, remedy: string, file: string | undefined): SlingshotError {
  return new SlingshotError("refused", code, message, remedy, file === undefined ? {} : { file });
}
