/** Public certificates in PEM (RFC 7468): what a file is judged by whose name is that of a key. */

const certificateFile = /\.(pem|crt|cer|key)$/i;
const block = /^-----BEGIN ((?:X509 |TRUSTED )?CERTIFICATE|X509 CRL)-----[ \t]*\r?\n(?:[A-Za-z0-9+/=]{1,100}[ \t]*\r?\n)+-----END \1-----[ \t]*$/gm;
/** What may be part of a key, or mark one. */
const keyLike = /-----|[A-Za-z0-9+/=]{40}/;

/** Whether the file at `path` may be certificates, going by its name. */
export function isCertificateFile(path: string): boolean {
  return certificateFile.test(path);
}

/** Whether `text` is certificates and remarks on them, and nothing that could be a key. */
export function holdsOnlyCertificates(text: string): boolean {
  let count = 0;
  const rest = text.replace(block, () => {
    count++;
    return "";
  });
  return count > 0 && !keyLike.test(rest);
}
