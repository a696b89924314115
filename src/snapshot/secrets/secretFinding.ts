/** What the search for secrets answers: places, never texts. Plain data: it crosses process boundaries and lies in caches. */

/** How a file's content is read: as program text, as a notebook, or as settings, where values stand without quotes. */
export const contentKinds = ["code", "notebook", "settings"] as const;
export type ContentKind = (typeof contentKinds)[number];

export interface SecretFinding {
  /** A key of `ruleWords`. */
  rule: string;
  /** 1-based; 0 where the whole file is meant. */
  line: number;
  /** SHA-256 of the lines (of the file, where the whole file is meant): a decision holds while this stays. */
  digest: string;
}

/** What is known of one content: `unsearched` says why (part of) it was not looked into. */
export interface SearchedContent {
  findings: SecretFinding[];
  unsearched?: "binary" | "long";
  /** It is public certificates and nothing else: a name that tells of a key is wrong. */
  certificates?: true;
}

/** A file with findings; `path` is its manifest path. */
export interface FileSecrets {
  path: string;
  sha256: string;
  findings: SecretFinding[];
}

export interface SecretReport {
  /** Only files with findings, in the manifest's order. */
  files: FileSecrets[];
  /** Files that were not looked into, or only in part. */
  unsearched: { path: string; why: "binary" | "long" }[];
}

/** The part of a manifest's file that the search needs. */
export interface SearchFile {
  path: string;
  sha256: string;
}

export function contentKind(path: string): ContentKind {
  if (path.endsWith(".ipynb")) return "notebook";
  const name = path.slice(path.lastIndexOf("/") + 1);
  const settings = /^\.?env(\..*)?$|^[^.]+$|^\.[^.]+$|\.(env|ini|cfg|conf|config|properties|ya?ml|toml|tf|tfvars|sh|bash|zsh|fish|service|netrc|npmrc|pypirc)$/i;
  return settings.test(name) ? "settings" : "code";
}
