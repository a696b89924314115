/** Submit to the first printed line's arrival here, against `ssh host python script`, on a real sshd of this machine. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Workbench } from "../contract/workbench.js";
import { SshServer } from "../engines/ssh/sshServer.js";
import { medianDifference, paired, type Row } from "./measure.js";

const cli = resolve(import.meta.dirname, "../../dist/cli.js");

/** Milliseconds to the first byte of the program's standard output. */
async function firstByte(command: string, argv: string[], cwd: string, env: NodeJS.ProcessEnv = process.env): Promise<number> {
  const start = performance.now();
  const child = spawn(command, argv, { cwd, env, stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(child, "close");
  await once(child.stdout, "data");
  const elapsed = performance.now() - start;
  child.stdout.resume();
  await closed;
  return elapsed;
}

export async function benchSsh(times: number): Promise<Row[]> {
  const server = await SshServer.start();
  const bench = new Workbench(server.target());
  try {
    bench.write({ "lib.py": "WORD = 'hello'\n", "job.py": "import lib\nprint(lib.WORD, flush=True)\n", ".git/HEAD": "ref: refs/heads/main\n" });
    let edits = 0;
    const ours = async (edit: boolean): Promise<number> => {
      if (edit) edits += 1;
      const record = await bench.start({ entry: "job.py", overlays: { "lib.py": `WORD = 'hello'\n# edit ${String(edits)}\n` } });
      const begun = (bench.submitStarted ?? 0) - performance.timeOrigin;
      const ending = bench.end(record);
      const log = bench.jobs.paths(record.id).log();
      while (!existsSync(log) || statSync(log).size === 0) await sleep(1);
      const elapsed = performance.now() - begun;
      await ending;
      return elapsed;
    };
    const theirs = (): Promise<number> => firstByte("ssh", ["-F", join(server.folder, "config"), "box", "python3", join(bench.workspace, "job.py")], bench.workspace);
    const rows: Row[] = [];
    for (const edit of [false, true]) {
      const figures = await paired(times, () => ours(edit), theirs);
      const more = medianDifference(figures.ours, figures.theirs);
      rows.push({ what: `first line on ssh from submit, connection made, ${edit ? "after a one-line edit" : "again"}; against ssh host python file.py`, ...figures, unit: "ms", budget: `no slower (${more.toFixed(1)})`, holds: more <= 0 });
    }
    const config = join(bench.folder, "config");
    mkdirSync(join(config, "slingshot"), { recursive: true });
    writeFileSync(join(config, "slingshot", "targets.json"), JSON.stringify({ box: server.target() }));
    const env = { ...process.env, SLINGSHOT_STATE_DIR: bench.stateDir, XDG_CONFIG_HOME: config };
    const figures = await paired(times, () => firstByte(process.execPath, [cli, "run", "--quiet", "job.py", "--target", "box"], bench.workspace, env), theirs);
    const more = medianDifference(figures.ours, figures.theirs);
    rows.push({ what: "first line through slingshot run on ssh, cold process and no connection; against ssh host python file.py", ...figures, unit: "ms", budget: `none: for information (${more.toFixed(1)} more)`, holds: true });
    return rows;
  } finally {
    bench.dispose();
    await server.close();
  }
}
