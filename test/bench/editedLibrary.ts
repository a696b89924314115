/** A workspace in which one file is edited again and again, and a long-lived process that makes it ready to be sent each time. */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packBundle } from "../../src/bundle/pack.js";
import type { Manifest } from "../../src/snapshot/manifest.js";
import { SecretSearch } from "../../src/snapshot/secrets/secretSearch.js";
import { Workbench } from "../contract/workbench.js";
import type { Packed } from "./packager.js";

export class EditedLibrary {
  readonly bench = new Workbench({ backend: "local" });
  private readonly search = new SecretSearch(this.bench.stateDir);
  /** Relative to the workspace. */
  private file = "";
  private text = "";
  private edits = 0;

  get workspace(): string {
    return this.bench.workspace;
  }

  /** From now on `file`, relative to the workspace, is what is edited. */
  edit(file: string): void {
    this.file = file;
    this.text = readFileSync(join(this.workspace, file), "utf8");
  }

  /** The next edit, not saved, and what it leaves to send: the changed layer, written. */
  async changed(): Promise<Packed> {
    this.edits += 1;
    const started = performance.now();
    const manifest = await this.snapshot({ [this.file]: this.next() });
    const bundle = packBundle(manifest, this.bench.contents);
    const changing = bundle.layers.find((layer) => layer.name === "changing");
    const archive = changing === undefined ? null : await bundle.archive(changing, "tar");
    const ms = performance.now() - started;
    return { ms, bytes: archive === null ? 0 : statSync(archive).size, files: manifest.files.length };
  }

  /** All layers of the saved workspace, as a first launch sends them. */
  async whole(): Promise<Packed & { manifest: Manifest }> {
    const started = performance.now();
    const manifest = await this.snapshot({});
    const bundle = packBundle(manifest, this.bench.contents);
    let bytes = 0;
    for (const layer of bundle.layers) bytes += statSync(await bundle.archive(layer, "tar")).size;
    return { ms: performance.now() - started, bytes, files: manifest.files.length, manifest };
  }

  /** The next edit, saved: for tools that read the disk. */
  save(): void {
    this.edits += 1;
    writeFileSync(join(this.workspace, this.file), this.next());
  }

  /** As a launch takes it: looked through for secrets. */
  private async snapshot(overlays: Record<string, string>): Promise<Manifest> {
    const manifest = await this.bench.snapshot({ entry: "job.py", overlays });
    await this.search.search(manifest.files, (sha256) => this.bench.contents.read(sha256));
    return manifest;
  }

  private next(): string {
    return `${this.text}# edit ${String(this.edits)}\n`;
  }
}
