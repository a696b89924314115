/** The catalogue of failures: what failed, why, what to do. Every error that people see is one of these. */

/** Exit codes of the command line (DESIGN 4.6). */
export const exitCodes = { usage: 2, refused: 3, unavailable: 4, lost: 5, cancelled: 130 } as const;

export type ErrorKind = "usage" | "refused" | "unavailable" | "cancelled" | "internal";

/** An error for people: `message` says what failed and why, `remedy` what to do next. */
export class SlingshotError extends Error {
  constructor(
    readonly kind: ErrorKind,
    readonly code: string,
    message: string,
    readonly remedy: string,
    options?: { cause?: unknown; file?: string; line?: number },
  ) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.name = "SlingshotError";
    this.file = options?.file;
    this.line = options?.line;
  }
  readonly file: string | undefined;
  readonly line: number | undefined;

  get exitCode(): number {
    return this.kind === "internal" ? 1 : exitCodes[this.kind];
  }
}

/** `error` as one sentence: message and remedy. */
export function errorText(error: unknown): string {
  if (error instanceof SlingshotError) return error.remedy === "" ? error.message : `${error.message} ${error.remedy}`;
  return error instanceof Error ? error.message : String(error);
}

/** Whether `error` is a file system error of one of these codes; without codes: any file system error. */
export function isErrno(error: unknown, ...codes: string[]): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error && typeof error.code === "string" && (codes.length === 0 || codes.includes(error.code));
}

const systemTroubles: Readonly<Record<string, [what: string, remedy: string]>> = {
  ENOSPC: ["the disk is full", "Free some space and try again."],
  EDQUOT: ["your disk quota is used up", "Free some space and try again."],
  EACCES: ["permission denied", "Mend its permissions, or set SLINGSHOT_STATE_DIR to a folder of yours."],
  EPERM: ["not permitted", "Mend its permissions, or set SLINGSHOT_STATE_DIR to a folder of yours."],
  EROFS: ["the disk is read-only", "Set SLINGSHOT_STATE_DIR to a folder that can be written."],
  ENOTDIR: ["a part of the path is no folder", "Remove the file that is in the way, or set SLINGSHOT_STATE_DIR to a folder of yours."],
  EMFILE: ["too many files are open", "Close some programs, or raise the limit (`ulimit -n`)."],
  ENFILE: ["too many files are open on this machine", "Close some programs and try again."],
  EAGAIN: ["the system starts no more processes now", "Close some programs, or raise the limit (`ulimit -u`)."],
  ENOMEM: ["memory is used up", "Close some programs and try again."],
};

/** A failure of the system that has a remedy, in the words of the catalogue; any other error as it is. */
export function explain(error: unknown): unknown {
  const [what, remedy] = isErrno(error) ? (systemTroubles[error.code ?? ""] ?? []) : [];
  if (!isErrno(error) || what === undefined || remedy === undefined) return error;
  return new SlingshotError("unavailable", "system", `Failed to ${error.syscall ?? "use"} ${error.path ?? "a file"}: ${what}.`, remedy, { cause: error });
}
