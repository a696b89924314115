import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { stopTree } from "./processTree.js";

const startLimitMs = 180_000;

/** A Spark standalone master with its workers on this machine, on free loopback ports. */
export interface StandaloneCluster {
  /** `spark://127.0.0.1:<port>` */
  readonly master: string;
  /** What the master's page says as JSON. */
  state(): Promise<{ readonly workers: readonly { state: string }[]; readonly activeapps: readonly { id: string; name: string }[] }>;
  stop(): Promise<void>;
}

/** Starts master and workers from the `pyspark` package of an interpreter; each worker offers `cores` slots. */
export async function startStandaloneCluster(python: string, folder: string, { workers = 2, cores = 2 } = {}): Promise<StandaloneCluster> {
  const home = execFileSync(python, ["-c", "import os, pyspark; print(os.path.dirname(pyspark.__file__))"], { encoding: "utf8" }).trim();
  const [port, page] = [await freePort(), await freePort()];
  const master = `spark://127.0.0.1:${String(port)}`;
  const children: ChildProcess[] = [];
  const start = (...argv: string[]): void => {
    children.push(spawn(join(home, "bin", "spark-class"), argv, { cwd: folder, detached: true, stdio: "ignore",
      env: { ...process.env, SPARK_HOME: home, SPARK_LOCAL_IP: "127.0.0.1", SPARK_PUBLIC_DNS: "127.0.0.1", SPARK_CONF_DIR: folder, SPARK_LOCAL_DIRS: join(folder, "local") } }));
  };
  const state: StandaloneCluster["state"] = async () => {
    const answer = await fetch(`http://127.0.0.1:${String(page)}/json/`);
    return await answer.json() as Awaited<ReturnType<StandaloneCluster["state"]>>;
  };
  const stop = async (): Promise<void> => { await Promise.all(children.map((child) => stopTree(child))); };
  mkdirSync(folder, { recursive: true });
  start("org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", String(port), "--webui-port", String(page));
  for (let number = 1; number <= workers; number++) {
    start("org.apache.spark.deploy.worker.Worker", master, "--host", "127.0.0.1", "--port", "0", "--webui-port", "0", "--cores", String(cores), "--memory", "2g", "--work-dir", join(folder, `worker-${String(number)}`));
  }
  for (const deadline = Date.now() + startLimitMs; ; await delay(300)) {
    const alive = await state().then((said) => said.workers.filter((worker) => worker.state === "ALIVE").length, () => 0);
    if (alive === workers) return { master, state, stop };
    if (Date.now() > deadline) {
      await stop();
      throw new Error(`The Spark master has ${String(alive)} of ${String(workers)} workers after ${String(startLimitMs / 1000)} s.`);
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject).listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => { resolve(port); });
    });
  });
}
