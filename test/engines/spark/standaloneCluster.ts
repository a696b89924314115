/** A real standalone cluster from the pyspark package: a master with its REST server and workers, on free ports. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { freePort } from "../../../src/base/freePort.js";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { askJson } from "../../../src/backends/spark/http.js";
import type { SparkPython } from "./sparkPython.js";

export interface MasterState {
  workers: { id: string; state: string; cores: number; webuiaddress: string }[];
  activeapps: { id: string; name: string }[];
  activedrivers: { id: string; state: string }[];
}

export class StandaloneCluster {
  readonly folder = mkdtempSync(join(tmpdir(), "slingshot-spark-"));
  private readonly processes: ChildProcess[] = [];
  master = "";
  rest = "";
  ui = "";

  static async start(python: SparkPython, workers = 2, cores = 2): Promise<StandaloneCluster> {
    const cluster = new StandaloneCluster();
    const [port, restPort, uiPort] = [await freePort(), await freePort(), await freePort()];
    cluster.master = `spark://127.0.0.1:${String(port)}`;
    cluster.rest = `http://127.0.0.1:${String(restPort)}`;
    cluster.ui = `http://127.0.0.1:${String(uiPort)}`;
    const options = `-Dspark.master.rest.enabled=true -Dspark.master.rest.port=${String(restPort)}`;
    cluster.run(python, "master", ["org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", String(port), "--webui-port", String(uiPort)], { SPARK_MASTER_OPTS: options });
    for (let n = 1; n <= workers; n++) {
      const folder = join(cluster.folder, `worker${String(n)}`);
      mkdirSync(folder);
      cluster.run(python, `worker${String(n)}`, ["org.apache.spark.deploy.worker.Worker", cluster.master, "-h", "127.0.0.1", "-c", String(cores), "-m", "2g", "-d", folder, "--webui-port", "0"], {});
    }
    for (let tries = 0; ; tries++) {
      const state = await cluster.state().catch(() => undefined);
      if (state?.workers.filter((worker) => worker.state === "ALIVE").length === workers) return cluster;
      if (tries > 720) {
        const log = readFileSync(join(cluster.folder, "master.log"), "utf8");
        await cluster.stop();
        throw new Error(`the cluster did not come up:\n${log}`);
      }
      await sleep(250);
    }
  }

  async state(): Promise<MasterState> {
    const state = await askJson<MasterState>(`${this.ui}/json/`, { timeout: 3000 });
    if (state === undefined) throw new Error("the master's page does not answer");
    return state;
  }

  async stop(): Promise<void> {
    for (const child of this.processes) child.kill("SIGKILL");
    const alive = this.processes.filter((child) => child.exitCode === null && child.signalCode === null);
    await Promise.all(alive.map((child) => new Promise((resolve) => child.once("exit", resolve))));
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private run(python: SparkPython, name: string, args: string[], env: Record<string, string>): void {
    const log = openSync(join(this.folder, `${name}.log`), "a");
    const child = spawn(join(python.home, "bin", "spark-class"), args, {
      cwd: this.folder,
      // A worker's page gives a log in its JVM's character set: question marks for what the C locale lacks.
      env: { ...process.env, LC_ALL: "C.UTF-8", SPARK_HOME: python.home, ...env },
      stdio: ["ignore", log, log],
    });
    this.processes.push(child);
  }
}
