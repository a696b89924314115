import { rmSync } from "node:fs";

/** Removes a test's folder. A supervisor keeps bytecode for some seconds after its job has ended, so it is tried again. */
export function removeFolder(path: string): void {
  for (let tries = 0; ; tries++) {
    try {
      rmSync(path, { recursive: true, force: true });
      return;
    } catch (error) {
      if (tries === 100) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
}
