/** Import lists of buffers that are half typed: after a stray triple quote the last good list joins in. */
import type { SourceScan } from "./scan/sourceScan.js";

export class LastGood {
  private readonly good = new Map<string, SourceScan>();
  private readonly scans = new Map<string, { sha256: string; scan: SourceScan }>();

  /** The scan of the buffer at `path`; a suspicious one is joined with the last good one of that path, or with the saved one. */
  scan(path: string, sha256: string, make: () => SourceScan, saved: () => SourceScan | null): SourceScan {
    const known = this.scans.get(path);
    if (known?.sha256 === sha256) return known.scan;
    let scan = make();
    if (scan.suspicious === null || scan.suspicious.complete === true) this.good.set(path, scan);
    else scan = joined(scan, this.good.get(path) ?? saved() ?? undefined);
    this.scans.set(path, { sha256, scan });
    return scan;
  }
}

function joined(scan: SourceScan, good: SourceScan | undefined): SourceScan {
  if (good === undefined) return scan;
  const key = (statement: SourceScan["imports"][number]): string => `${".".repeat(statement.level)}${statement.module}:${statement.names?.join(",") ?? ""}`;
  const seen = new Set(scan.imports.map(key));
  return {
    ...scan,
    imports: [...scan.imports, ...good.imports.filter((statement) => !seen.has(key(statement)))],
    dynamic: [...scan.dynamic, ...good.dynamic],
    data: [...scan.data, ...good.data],
    constants: [...good.constants, ...scan.constants],
    pathEdits: scan.pathEdits.length > 0 ? scan.pathEdits : good.pathEdits,
    all: scan.all ?? good.all,
    aliases: { ...good.aliases, ...scan.aliases },
  };
}
