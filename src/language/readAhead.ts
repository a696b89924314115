/** Reads ahead for a launch, so that the first click is as fast as later ones. One program at a time; a later wish replaces the earlier. */
import { errorText } from "../base/errors.js";
import { DocumentImports, type JobSettings, type KeptForDocuments } from "../snapshot/documentImports.js";
import type { Overlay } from "../snapshot/request.js";
import type { ReadingAhead } from "./protocol.js";
import { inSlices } from "./slices.js";

/** Milliseconds after which it is told, and between two reports. */
const untold = 1000;
const pace = 500;

export class ReadAhead {
  private running: AbortController | undefined;

  constructor(
    private readonly kept: KeptForDocuments,
    /** Progress of what takes long; null once it is over. */
    private readonly tell: (progress: ReadingAhead | null) => void,
    private readonly log: (message: string) => void,
  ) {}

  /** Follows `path` as a launch would; keeps scans and digests, nothing of the result. Never rejects. */
  async read(path: string, settings: JobSettings, overlays: readonly Overlay[]): Promise<void> {
    this.stop();
    const control = new AbortController();
    this.running = control;
    const begin = (): void => { this.kept.disk.begin(false, () => true); };
    let timer: NodeJS.Timeout | undefined;
    const state = { told: false };
    try {
      begin();
      const imports = new DocumentImports(this.kept, path, true, settings, overlays);
      const report = (): void => {
        state.told = true;
        this.tell({ file: imports.shown(path), modules: imports.found });
        timer = setTimeout(report, pace);
      };
      timer = setTimeout(report, untold);
      await inSlices(imports.follow(), begin, control.signal);
    } catch (error) {
      this.log(`Could not read ahead for ${path}: ${errorText(error)}`);
    } finally {
      clearTimeout(timer);
      // A successor that has something to tell does so itself.
      if (state.told) this.tell(null);
      if (this.running === control) this.running = undefined;
    }
  }

  stop(): void {
    this.running?.abort();
  }
}
