/** Where a job's files lie while its driver runs on the cluster: one folder per job, removed when the job ends. */
import { execFile } from "node:child_process";
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { writeAtomically } from "../../base/files.js";
import { SlingshotError } from "../../base/errors.js";

export interface Stage {
  /** What workers call the job's folder: a path, or an address for Hadoop's file systems. */
  readonly address: string;
  /** Address of a file in it, as Spark's properties want it. */
  uri(name: string): string;
  /** Copies local files into the folder; the keys are their names there, `a/b` in a sub-folder. */
  put(files: Readonly<Record<string, string>>): Promise<void>;
  /**
   * Writes a file that holds secrets: for the user alone; also for the group where the target's `stage` has the
   * set-group-id bit, which is how people say that a group shares it. Absent where the driver reads the stage only with
   * the help of such secrets.
   */
  putPrivate?(name: string, text: string): void;
  /** Copies a file or folder of the stage to a local path; false where it is not there. Throws where that can't be told. */
  get(name: string, path: string): Promise<boolean>;
  remove(): Promise<void>;
}

/** `base` is the target's `stage`; `sparkHome` and `env` are for Hadoop's own commands. */
export function openStage(base: string, job: string, sparkHome: string | null, env: NodeJS.ProcessEnv = process.env): Stage {
  return base.startsWith("file:") ? sharedFolder(join(fileURLToPath(base), job)) : hadoopFolder(`${base}/${job}`, sparkHome, env);
}

/** A folder that this machine and the workers see under the same path. */
function sharedFolder(folder: string): Stage {
  return {
    address: folder,
    uri: (name) => `file://${encodeURI(join(folder, name))}`,
    put(files) {
      for (const [name, path] of Object.entries(files)) {
        const target = join(folder, name);
        // Workers may run as another user, so the files get the rights of any new file here.
        mkdirSync(dirname(target), { recursive: true });
        copyFileSync(path, target);
        chmodSync(target, name.startsWith("driver/bin/") ? 0o755 : 0o644);
      }
      return Promise.resolve();
    },
    putPrivate(name, text) {
      mkdirSync(folder, { recursive: true });
      writeAtomically(join(folder, name), text);
      if ((statSync(dirname(folder)).mode & 0o2000) !== 0) chmodSync(join(folder, name), 0o640);
    },
    get(name, path) {
      const source = join(folder, name);
      if (!existsSync(source)) return Promise.resolve(false);
      cpSync(source, path, { recursive: true, dereference: false, verbatimSymlinks: true });
      return Promise.resolve(true);
    },
    remove() {
      rmSync(folder, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}

/** Through `FsShell`, which comes with every Spark and knows the cluster's configuration. */
export function hadoopFolder(address: string, sparkHome: string | null, env: NodeJS.ProcessEnv): Stage {
  const shell = async (...words: string[]): Promise<void> => {
    if (sparkHome === null) {
      throw new SlingshotError("unavailable", "no-spark", `Files for ${address} are sent by a Spark installation, and there is none.`, "Set `sparkHome` of the target.");
    }
    const settings = configuration(sparkHome, env);
    try {
      await promisify(execFile)(join(sparkHome, "bin", "spark-class"), ["org.apache.hadoop.fs.FsShell", ...words], { env: { ...env, SPARK_HOME: sparkHome, ...settings.env } });
    } finally {
      settings.remove();
    }
  };
  return {
    address,
    uri: (name) => `${address}/${name}`,
    async put(files) {
      // Each command starts a JVM: everything goes in one, as a folder of links.
      const links = mkdtempSync(join(tmpdir(), "slingshot-stage-"));
      try {
        for (const [name, path] of Object.entries(files)) {
          mkdirSync(dirname(join(links, name)), { recursive: true });
          symlinkSync(path, join(links, name));
        }
        await shell("-mkdir", "-p", address);
        await shell("-put", "-f", ...readdirSync(links).map((name) => join(links, name)), address);
      } catch (error) {
        if (error instanceof SlingshotError) throw error;
        throw new SlingshotError("unavailable", "stage", `The job's files could not be put on ${address}: ${lastLine(error)}.`, "Check `stage` of the target and your rights there.", { cause: error });
      } finally {
        rmSync(links, { recursive: true, force: true });
      }
    },
    async get(name, path) {
      try {
        rmSync(path, { recursive: true, force: true });
        await shell("-get", `${address}/${name}`, path);
        return true;
      } catch (error) {
        if (/No such file or directory/.test(lastLine(error))) return false;
        if (error instanceof SlingshotError) throw error;
        throw new SlingshotError("unavailable", "stage", `${address}/${name} could not be fetched: ${lastLine(error)}.`, "Check `stage` of the target and your rights there.", { cause: error });
      }
    },
    async remove() {
      await shell("-rm", "-r", "-f", "-skipTrash", address);
    },
  };
}

/** `FsShell` refuses to run without a core-site.xml on its path; where nobody configured Hadoop, an empty one will do. */
function configuration(sparkHome: string, env: NodeJS.ProcessEnv): { env: Record<string, string>; remove: () => void } {
  const folders = [env["HADOOP_CONF_DIR"], env["SPARK_CONF_DIR"], join(sparkHome, "conf")];
  if (folders.some((folder) => folder !== undefined && existsSync(join(folder, "core-site.xml")))) return { env: {}, remove: () => undefined };
  const folder = mkdtempSync(join(tmpdir(), "slingshot-hadoop-"));
  writeFileSync(join(folder, "core-site.xml"), "<configuration/>\n");
  return {
    env: { HADOOP_CONF_DIR: folder },
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The command's own words: its last line that is no frame of a Java stack. */
function lastLine(error: unknown): string {
  const text = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
  return text.trim().split("\n").filter((line) => !line.startsWith("\tat ")).at(-1) ?? text;
}
