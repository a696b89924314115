/** The encoding of a Python source (PEP 263). */
import { byteClass, classes } from "./bytes.js";

const cookie = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/;
const utf8 = /^(utf-?8|utf_8|utf-8-sig|u8|cp65001|ascii|us-ascii|646)$/;

/** Codec names of Python that TextDecoder knows under another label. */
const labels: Record<string, string> = {
  "latin-1": "latin1", latin_1: "latin1", "iso-latin-1": "latin1", "iso8859-1": "latin1", "8859": "latin1", cp932: "shift_jis", sjis: "shift_jis", shift_jis: "shift_jis", "shift-jis": "shift_jis",
  cp936: "gbk", gb2312: "gbk", cp949: "euc-kr", cp950: "big5", eucjp: "euc-jp", euc_jp: "euc-jp", euckr: "euc-kr", euc_kr: "euc-kr", cp1252: "windows-1252", cp1251: "windows-1251", cp1250: "windows-1250", "koi8-r": "koi8-r", koi8_r: "koi8-r", mac_roman: "macintosh",
};

/** Name of the declared encoding in lower case, or null: UTF-8. */
export function declaredEncoding(bytes: Uint8Array): string | null {
  if (!mayDeclare(bytes)) return null;
  let line = "";
  let lines = 0;
  for (let at = 0; at < bytes.length && at < 1024; at++) {
    const byte = bytes[at] ?? 0;
    if (classes[byte] !== byteClass.newline) {
      line += String.fromCharCode(byte);
      continue;
    }
    if (byte === 0x0d && bytes[at + 1] === 0x0a) at++;
    const found = cookie.exec(line.replace(/^\xef\xbb\xbf/, ""));
    if (found !== null) return normal(found[1] ?? "");
    if (++lines === 2 || !/^(\xef\xbb\xbf)?[ \t\f]*(#.*)?$/.test(line)) return null;
    line = "";
  }
  const found = cookie.exec(line.replace(/^\xef\xbb\xbf/, ""));
  return found === null ? null : normal(found[1] ?? "");
}

/** Whether one of the first two lines is a comment that could hold the declaration. */
function mayDeclare(bytes: Uint8Array): boolean {
  let at = bytes[0] === 0xef ? 3 : 0;
  for (let line = 0; line < 2; line++) {
    while (classes[bytes[at] ?? 0] === byteClass.blank) at++;
    if (bytes[at] === 0x23) return true;
    if (classes[bytes[at] ?? 0] !== byteClass.newline) return false;
    at += bytes[at] === 0x0d && bytes[at + 1] === 0x0a ? 2 : 1;
  }
  return false;
}

function normal(name: string): string | null {
  const lower = name.toLowerCase();
  return utf8.test(lower) || lower.startsWith("utf-8-") ? null : lower;
}

/** `bytes` as UTF-8, or null where this machine has no decoder for the declared encoding. */
export function toUtf8(bytes: Uint8Array, encoding: string): Uint8Array | null {
  const label = labels[encoding] ?? encoding.replace(/^iso(\d)/, "iso-$1").replace(/_/g, "-");
  try {
    return Buffer.from(new TextDecoder(label).decode(bytes), "utf8");
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
