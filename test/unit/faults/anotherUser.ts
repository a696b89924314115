/** Runs `test` as nobody: root may read anything. Another user than root stays who he is. */
export function asAnotherUser(test: () => void): void {
  if (process.geteuid?.() !== 0) {
    test();
    return;
  }
  process.setegid?.(65534);
  process.seteuid?.(65534);
  try {
    test();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
  }
}
