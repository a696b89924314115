/** Sizes and durations as people write them. */

const units: Record<string, number> = {
  "": 1, b: 1, k: 1024, kb: 1000, kib: 1024, m: 1024 ** 2, mb: 1000 ** 2, mib: 1024 ** 2, g: 1024 ** 3, gb: 1000 ** 3, gib: 1024 ** 3, t: 1024 ** 4, tb: 1000 ** 4, tib: 1024 ** 4,
};

/** Bytes of `100 MB`, `4g`, `1.5 GiB` or a number; undefined where it is none of these. One letter counts in powers of 1024, as engines do. */
export function parseSize(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) && value >= 0 ? Math.round(value) : undefined;
  const match = typeof value === "string" ? /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(value) : null;
  const factor = units[match?.[2]?.toLowerCase() ?? "?"];
  return match === null || factor === undefined ? undefined : Math.round(Number(match[1]) * factor);
}

/** Seconds of `HH:MM:SS`, `D-HH:MM:SS`, `90m`, `2h`, `45s` or a number of seconds. */
export function parseDuration(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) && value > 0 ? value : undefined;
  if (typeof value !== "string") return undefined;
  const clock = /^(?:(\d+)-)?(\d+):(\d{2}):(\d{2})$/.exec(value.trim());
  if (clock !== null) return Number(clock[1] ?? 0) * 86400 + Number(clock[2]) * 3600 + Number(clock[3]) * 60 + Number(clock[4]);
  const short = /^(\d+(?:\.\d+)?)\s*([smhd])$/.exec(value.trim());
  const factor = { s: 1, m: 60, h: 3600, d: 86400 }[short?.[2] ?? ""];
  return short === null || factor === undefined ? undefined : Number(short[1]) * factor;
}
