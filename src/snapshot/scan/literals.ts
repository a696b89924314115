/** The value of a string literal's text. */

const simple: Record<string, string> = { n: "\n", t: "\t", r: "\r", "\\": "\\", "'": "'", '"': '"', a: "\x07", b: "\b", f: "\f", v: "\v" };

/** `text` between the quotes with its escapes resolved as in a `str` literal; unknown escapes stay as they are. */
export function unescape(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(/\\(\r\n|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[\s\S])/g, (all: string, escape: string) => {
    if (escape === "\r\n" || escape === "\n" || escape === "\r") return "";
    if (/^[0-7]/.test(escape)) return String.fromCodePoint(parseInt(escape, 8));
    if (escape.length > 1) {
      const point = parseInt(escape.slice(1), 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : all;
    }
    return simple[escape] ?? all;
  });
}
