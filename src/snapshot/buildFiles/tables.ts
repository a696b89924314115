/** Values of unknown shape out of build files. */

export type Table = Record<string, unknown>;

export function table(value: unknown): Table {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Table) : {};
}

/** The table at `keys` below `value`; empty where it is not there. */
export function at(value: unknown, ...keys: string[]): Table {
  return keys.reduce<Table>((current, key) => table(current[key]), table(value));
}

export function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

export function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

/** Import name that a distribution's name suggests. */
export function importName(distribution: string): string {
  return distribution.trim().toLowerCase().replace(/[-.\s]+/g, "_");
}
