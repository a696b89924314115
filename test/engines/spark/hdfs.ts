/** A real HDFS on free ports: one name node, one data node. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../../src/base/freePort.js";
import { askJson } from "../../../src/backends/spark/http.js";
import type { SparkPython } from "./sparkPython.js";

const nameNode = "org.apache.hadoop.hdfs.server.namenode.NameNode";
const dataNode = "org.apache.hadoop.hdfs.server.datanode.DataNode";

export class Hdfs {
  private readonly folder = mkdtempSync(join(tmpdir(), "slingshot-hdfs-"));
  private readonly processes: ChildProcess[] = [];
  address = "";

  constructor(
    private readonly python: SparkPython,
    private readonly jar: string,
  ) {}

  static async start(python: SparkPython, jar: string): Promise<Hdfs> {
    const hdfs = new Hdfs(python, jar);
    hdfs.address = `hdfs://127.0.0.1:${String(await freePort())}`;
    const page = `127.0.0.1:${String(await freePort())}`;
    hdfs.configure(page);
    const formatted = spawnSync("java", hdfs.argv(nameNode, "-format", "-nonInteractive"), { encoding: "utf8", cwd: hdfs.folder });
    if (formatted.status !== 0) throw new Error(`the name node could not be made: ${formatted.stderr}`);
    hdfs.run(nameNode, "name");
    hdfs.run(dataNode, "data");
    for (let tries = 0; (await dataNodes(page)) === 0; tries++) {
      if (tries > 480) {
        const log = hdfs.log("name") + hdfs.log("data");
        await hdfs.stop();
        throw new Error(`HDFS did not come up:\n${log}`);
      }
      await sleep(250);
    }
    return hdfs;
  }

  /** Paths below the root, one a line, as the file system's own command lists them. */
  list(): string[] {
    const { stdout, stderr, status } = spawnSync("java", this.argv("org.apache.hadoop.fs.FsShell", "-ls", "-R", "-C", `${this.address}/`), { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    return stdout.split("\n").filter((line) => line.startsWith("hdfs:")).map((line) => line.slice(this.address.length));
  }

  async stop(): Promise<void> {
    const alive = this.processes.filter((child) => child.exitCode === null && child.signalCode === null);
    const gone = alive.map((child) => new Promise((resolve) => child.once("exit", resolve)));
    for (const child of alive) child.kill("SIGKILL");
    await Promise.all(gone);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** `page`: where the name node tells of itself. */
  private configure(page: string): void {
    const own = "127.0.0.1:0";
    const write = (name: string, settings: Record<string, string>): void => {
      const properties = Object.entries(settings).map(([key, value]) => `<property><name>${key}</name><value>${value}</value></property>`);
      writeFileSync(join(this.folder, "conf", name), `<configuration>${properties.join("")}</configuration>\n`);
    };
    mkdirSync(join(this.folder, "conf"));
    write("core-site.xml", { "fs.defaultFS": this.address });
    write("hdfs-site.xml", {
      "dfs.namenode.name.dir": `file://${this.folder}/names`, "dfs.datanode.data.dir": `file://${this.folder}/blocks`, "dfs.replication": "1", "dfs.permissions.enabled": "false",
      "dfs.namenode.http-address": page, "dfs.datanode.address": own, "dfs.datanode.http.address": own, "dfs.datanode.ipc.address": own,
    });
  }

  private argv(main: string, ...rest: string[]): string[] {
    const path = [join(this.folder, "conf"), this.jar, join(this.python.home, "jars", "*")].join(":");
    return ["--add-opens=java.base/java.lang=ALL-UNNAMED", "--add-opens=java.base/java.nio=ALL-UNNAMED", "-Xmx256m", "-cp", path, main, ...rest];
  }

  private run(main: string, name: string): void {
    const log = openSync(join(this.folder, `${name}.log`), "a");
    this.processes.push(spawn("java", this.argv(main), { cwd: this.folder, stdio: ["ignore", log, log] }));
  }

  private log(name: string): string {
    return readFileSync(join(this.folder, `${name}.log`), "utf8");
  }
}

/** How many data nodes the name node knows; 0 while it does not answer. */
async function dataNodes(page: string): Promise<number> {
  interface Beans { beans: { NumLiveDataNodes: number }[] }
  const state = await askJson<Beans>(`http://${page}/jmx?qry=Hadoop:service=NameNode,name=FSNamesystemState`, { timeout: 3000 }).catch(() => undefined);
  return state?.beans[0]?.NumLiveDataNodes ?? 0;
}
