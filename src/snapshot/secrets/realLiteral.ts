/** Tells a secret from what merely stands where one could: a placeholder, a name, a reference, a path. */

/** Words that placeholders are made of. */
const placeholders = new Set(
  (
    "password passwd passphrase pass pwd secret secrets token key api apikey access auth credential credentials test testing tests tester dummy fake mock sample example examples " +
    "placeholder change changeme changeit me my your yours the an a here insert enter replace replaceme with todo fixme tbd none null nil undefined true false default value string text " +
    "foo bar baz qux abc xyz admin administrator root user username name guest login localhost host postgres postgresql mysql mariadb redis mongo mongodb rabbitmq minio minioadmin neo " +
    "airflow database db server client demo temp tmp letmein qwerty hidden redacted masked removed empty unused not set unset invalid wrong bad some something any random only for local " +
    "dev development prod production env environment variable var field id type required optional is in to of or and no yes on off new old this that it goes please fill"
  ).split(" "),
);

/** Words that tell what a text is about rather than hide something. */
const telling = /^(password|passwd|secret|token|key|name|field|label|prompt|hint|error|message|reset|forgot|input|form|page|path|file|type)s?$/i;

/** Bits per character, by Shannon. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** Whether `value` is none that anybody could use: a placeholder, a template, a reference to a variable, a path, a name of a constant. */
export function isPlaceholder(value: string): boolean {
  if (new Set(value).size <= 3) return true;
  if (/^\$|\$[{(]|\{\{|\}\}|\{\w*\}|%\(\w+\)|^%\w*%?$|%s|^<.*>$|^\[.*\]$|^\{.*\}$|\*{3}|\.{3}|…|x{4}/i.test(value)) return true;
  if (/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(value)) return true;
  if (/^(\.{0,2}\/|~\/|[A-Za-z]:\\)|:\/\//.test(value)) return true;
  if (/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)+$/.test(value) && !/\d{2}/.test(value)) return true;
  if (/\.(txt|json|ya?ml|pem|key|toml|ini|cfg|env|py|html?|js|csv)$/i.test(value)) return true;
  return wordsOf(value).every((word) => placeholders.has(word));
}

/** Whether `value` may be a password that somebody uses. */
export function isPassword(value: string): boolean {
  if (value.length < 6 || isPlaceholder(value)) return false;
  if (/[0-9!@#$%^&*+=?~;]/.test(value)) return /\p{L}/u.test(value) || new Set(value).size > 6;
  // Letters alone: a sentence of words with separators, or one long run.
  const parts = value.split(/[-_./:,|]+/).filter((part) => part !== "");
  if (parts.length > 1) return parts.length >= 4 && !parts.some((part) => telling.test(part));
  return value.length >= 16 || (value.length >= 10 && /\p{Ll}\p{Lu}.*\p{Lu}/u.test(value));
}

/** Whether `value` may be a token or key, which a machine has drawn. */
export function isToken(value: string): boolean {
  if (value.length < 10 || isPlaceholder(value) || entropy(value) < 3) return false;
  if (!/[A-Za-z]/.test(value) || !/[0-9]/.test(value)) return value.length >= 24 && entropy(value) >= 4 && !/[-_./: ]/.test(value) && !/^[a-z]+$/i.test(value);
  if (/^\d{4}-\d\d-\d\d/.test(value) || /^v?\d+(\.\d+)+/.test(value)) return false;
  // A name with numbers in it: every part a word, a number or both.
  return !value.split(/[-_./:,|]+/).every((part) => part === "" || /^\d{1,4}$/.test(part) || /^[a-z]+\d{0,4}$/i.test(part));
}

/** The words of a text in lower case, numbers and signs left out: `My_Password1` is `my`, `password`. */
function wordsOf(value: string): string[] {
  return (value.match(/\p{Lu}?\p{Ll}+|\p{Lu}+(?!\p{Ll})/gu) ?? []).map((word) => word.toLowerCase());
}
