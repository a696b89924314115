/** Another tool that packs workspaces, in a process of its own (`packagers.py`). */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

export const tools = {
  ray: "Ray's working_dir",
  dask: "Dask's UploadDirectory",
  metaflow: "Metaflow's code package",
} as const;
export type Tool = keyof typeof tools;

export interface Packed {
  ms: number;
  /** What the tool would send. */
  bytes: number;
  /** Python files of the workspace in it. */
  files: number;
}

export class Packager {
  private readonly scratch = mkdtempSync(join(tmpdir(), "slingshot-bench-packager-"));
  private readonly child;
  private readonly answers;

  private constructor(private readonly tool: Tool, python: string, workspace: string) {
    this.child = spawn(python, [resolve(import.meta.dirname, "packagers.py"), tool, workspace, this.scratch], { cwd: workspace, stdio: ["pipe", "pipe", "ignore"] });
    this.answers = createInterface(this.child.stdout)[Symbol.asyncIterator]();
  }

  /** `python`: an interpreter with the tools' packages. Ready means imported. */
  static async start(tool: Tool, python: string, workspace: string): Promise<Packager> {
    const packager = new Packager(tool, python, workspace);
    await packager.answer();
    return packager;
  }

  async pack(): Promise<Packed> {
    this.child.stdin.write("\n");
    const [ms, bytes, files] = (await this.answer()).split(" ").map(Number);
    if (ms === undefined || bytes === undefined || files === undefined) throw new Error(`${this.tool} gave no figures`);
    return { ms, bytes, files };
  }

  dispose(): void {
    this.child.kill();
    rmSync(this.scratch, { recursive: true, force: true });
  }

  private async answer(): Promise<string> {
    const answer = await this.answers.next();
    if (answer.done === true) throw new Error(`${tools[this.tool]} failed: run test/bench/packagers.py by hand to see why`);
    return answer.value;
  }
}
