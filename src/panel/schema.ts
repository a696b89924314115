/** Checks of untrusted values. Only own properties count; what is not named is ignored; every text and list has a bound. */

export type Schema<T> = (value: unknown) => value is T;
export type Infer<S> = S extends Schema<infer T> ? T : never;

export const text =
  (limit = 4096): Schema<string> =>
  (value): value is string =>
    typeof value === "string" && value.length <= limit;

/** A whole number from `low` to `high`. */
export const whole =
  (low = 0, high = Number.MAX_SAFE_INTEGER): Schema<number> =>
  (value): value is number =>
    Number.isSafeInteger(value) && Number(value) >= low && Number(value) <= high;

export const number: Schema<number> = (value): value is number => typeof value === "number" && Number.isFinite(value);

export const flag: Schema<boolean> = (value): value is boolean => typeof value === "boolean";

export const bytes =
  (limit: number): Schema<ArrayBuffer> =>
  (value): value is ArrayBuffer =>
    value instanceof ArrayBuffer && value.byteLength <= limit;

export const oneOf =
  <const T extends readonly string[]>(...values: T): Schema<T[number]> =>
  (value): value is T[number] =>
    typeof value === "string" && values.includes(value);

export const nullable =
  <T>(schema: Schema<T>): Schema<T | null> =>
  (value): value is T | null =>
    value === null || schema(value);

export const list =
  <T>(schema: Schema<T>, limit = 1000): Schema<T[]> =>
  (value): value is T[] =>
    Array.isArray(value) && value.length <= limit && value.every((item) => schema(item));

type Shape = Record<string, Schema<unknown>>;

export const object =
  <S extends Shape>(shape: S): Schema<{ [K in keyof S]: Infer<S[K]> }> =>
  (value): value is { [K in keyof S]: Infer<S[K]> } => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
    const found = new Map<string, unknown>(Object.entries(value));
    return Object.entries(shape).every(([name, schema]) => schema(found.get(name)));
  };

/** One message of several, told apart by its `type`; `shapes` gives the other properties of each. */
export function message<S extends Record<string, Shape>>(
  shapes: S,
): (value: unknown) => { [K in keyof S & string]: { type: K } & { [P in keyof S[K]]: Infer<S[K][P]> } }[keyof S & string] | null {
  type Message = { [K in keyof S & string]: { type: K } & { [P in keyof S[K]]: Infer<S[K][P]> } }[keyof S & string];
  const schemas = new Map(Object.entries(shapes).map(([type, shape]) => [type, object(shape)]));
  const isMessage = (value: unknown): value is Message => {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, "type") || !("type" in value)) return false;
    return typeof value.type === "string" && schemas.get(value.type)?.(value) === true;
  };
  return (value) => (isMessage(value) ? value : null);
}
