/** What a user sees in a real window of VS Code: how long activation takes, and how fast a log arrives in the panel. */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { CDPSession } from "playwright-core";
import { JobsOf } from "../integration/harness/jobsOf.js";
import { runningProcesses } from "../integration/harness/processTree.js";
import { stageExtension } from "../integration/harness/stagedExtension.js";
import { startVsCode } from "../integration/harness/startVsCode.js";
import type { VsCode } from "../integration/harness/vscode.js";
import { Workbench } from "../integration/harness/workbench.js";
import { quantile, type Row } from "./measure.js";
import { readProbe } from "./stalls.js";

const probe = resolve(import.meta.dirname, "stallProbe");

const small = 'if __name__ == "__main__":\n    print("one small line")\n';

const floodLines = 1_000_000;
/** 100 bytes a line, numbered, in blocks, so that the program is never what one waits for. The last line says when it began. */
const flood = `import sys
import time

if __name__ == "__main__":
    began = time.time_ns()
    for first in range(0, ${String(floodLines)}, 1000):
        sys.stdout.write("".join(["%08d %s\\n" % (number, "x" * 90) for number in range(first, first + 1000)]))
    print("the end %d" % began)
`;
const floodMegabytes = floodLines * 100 / 1e6;

/** Milliseconds in which nothing is done, for the host's own unrest; and for the probe to write down its last second. */
const quiet = 5_000;
const settle = 2_500;

/** Activation in `windows` fresh windows. */
export async function benchActivation(windows: number): Promise<Row[]> {
  return [await inVsCode([], (bench) => activation(bench, windows))];
}

/** A log of 100 MB into the panel, `floods` times in one window. */
export async function benchWindow(floods: number): Promise<Row[]> {
  return inVsCode([probe], (bench) => logIntoPanel(bench, floods));
}

interface Bench {
  readonly code: VsCode;
  readonly folder: string;
  readonly jobs: JobsOf;
  readonly probeFile: string;
}

/** A VS Code of its own, with a home of its own, that has the packaged extension and others. */
async function inVsCode<T>(others: readonly string[], measure: (bench: Bench) => Promise<T>): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), "slingshot-bench-"));
  const folder = join(home, "project");
  mkdirSync(folder);
  writeFileSync(join(folder, "small.py"), small);
  writeFileSync(join(folder, "flood.py"), flood);
  const extension = await stageExtension(join(home, "extension"));
  const probeFile = join(home, "stalls.jsonl");
  const code = await startVsCode({ home, extensions: [extension, ...others], environment: { STALL_PROBE_FILE: probeFile } });
  const jobs = new JobsOf(home, extension);
  try {
    return await measure({ code, folder, jobs, probeFile });
  } finally {
    await jobs.cancelAll();
    await code.stop();
    for (const left of runningProcesses().filter((one) => one.command.includes(home))) process.kill(left.pid, "SIGKILL");
    rmSync(home, { recursive: true, force: true });
  }
}

/** What VS Code itself shows under "Running Extensions": loading the code and calling `activate`. */
async function activation({ code, folder }: Bench, windows: number): Promise<Row> {
  const figures: number[] = [];
  for (let n = 0; n < windows; n++) {
    const window = await code.open({ folder });
    const workbench = new Workbench(window.page);
    await workbench.ready();
    await workbench.openFile("small.py");
    await workbench.codeLens(/Run on local/).first().waitFor();
    await workbench.command("Developer: Show Running Extensions");
    const rows = window.page.locator(".runtime-extensions-editor .monaco-list-row");
    await rows.first().waitFor();
    const own = rows.filter({ has: window.page.locator(".name", { hasText: /slingshot/i }) }).first();
    await rows.first().hover();
    while (await own.count() === 0) {
      await window.page.mouse.wheel(0, 200);
      await delay(100);
    }
    const said = await own.locator(".activation-time", { hasText: /\d ?ms/ }).innerText();
    figures.push(Number(/(\d+) ?ms/.exec(said)?.[1]));
    await window.close();
    for (const host of code.extensionHosts()) process.kill(host, "SIGTERM");
  }
  return { what: `activation, as VS Code reports it, ${String(windows)} fresh windows`, ours: figures, theirs: [], unit: "ms", budget: "30 ms", holds: quantile(figures, 0.5) <= 30 };
}

async function logIntoPanel({ code, folder, jobs, probeFile }: Bench, floods: number): Promise<Row[]> {
  const window = await code.open({ folder });
  const workbench = new Workbench(window.page);
  await workbench.ready();
  await workbench.openFile("small.py");
  await workbench.codeLens(/Run on local/).first().click();
  await workbench.logLine("one small line").waitFor();
  await workbench.openFile("flood.py");
  await workbench.codeLens(/Run on local/).first().waitFor();
  await delay(settle);
  const hosts = code.extensionHosts();
  if (hosts.length !== 1) throw new Error(`there are ${String(hosts.length)} extension hosts, so the probe may not share one with Slingshot`);
  const heap = await heapOf(workbench);
  const heapBefore = await heap();
  const quietFrom = Date.now();
  await delay(quiet);
  const quietUntil = Date.now();

  const unseen: Span[] = [];
  const spans: Span[] = [];
  const heaps: number[] = [];
  for (let n = 0; n < floods; n++) {
    unseen.push(await floodUnseen(jobs, join(folder, "flood.py")));
    const known = await jobs.list();
    const last = lastLine(workbench, spans.at(-1)?.from ?? 0);
    await workbench.codeLens(/Run on local/).first().click();
    spans.push(await last);
    await jobs.until((await jobs.next(known)).id);
    await delay(settle);
    heaps.push((await heap() - heapBefore) / 1e6);
  }
  await window.close();

  const record = readProbe(probeFile);
  const idle = record.late(quietFrom, quietUntil);
  const late = spans.flatMap(({ from, until }) => record.late(from, until));
  const lateUnseen = unseen.flatMap(({ from, until }) => record.late(from, until));
  const before = record.resident(quietFrom, quietUntil);
  const grown = spans.map(({ from, until }) => (record.resident(from, until + settle) - before) / 1e6);
  const speed = spans.map(({ from, until }) => floodMegabytes / ((until - from) / 1000));
  const title = `${String(floodMegabytes)} MB of log into the panel`;
  return [
    { what: `${title}: from the program's start to its last line in sight`, ours: speed, theirs: [], unit: "MB/s", budget: "10 MB/s", holds: quantile(speed, 0.5) >= 10 },
    {
      what: `${title}: how long work in the extension host waits meanwhile`, ours: late, theirs: [], unit: "ms",
      budget: `10 ms p99 (idle ${quantile(idle, 0.99).toFixed(1)} p99; the same job not in the panel ${quantile(lateUnseen, 0.99).toFixed(1)} p99; longest ${Math.max(...late).toFixed(0)})`, holds: quantile(late, 0.99) <= 10,
    },
    { what: `${title}: growth of the window's heap, garbage collected`, ours: heaps, theirs: [], unit: "MB", budget: "bounded: 20 MB", holds: Math.max(...heaps) <= 20 },
    { what: `${title}: growth of the extension host in RAM, at most`, ours: grown, theirs: [], unit: "MB", budget: "bounded: 150 MB", holds: Math.max(...grown) <= 150 },
  ];
}

/** Milliseconds since the epoch. */
interface Span {
  from: number;
  until: number;
}

/** The same program, started from a shell and not shown: what the machine's own load does to the extension host. */
async function floodUnseen(jobs: JobsOf, file: string): Promise<Span> {
  const known = await jobs.list();
  await jobs.command("run", "--detach", "--target", "local", file);
  const { id } = await jobs.next(known);
  await jobs.until(id);
  const { size, mtimeMs } = statSync(join(jobs.folder(id), "out.log"));
  const end = jobs.log(id).slice(-40);
  const from = Number(/the end (\d{16,})/.exec(end)?.[1] ?? Number.NaN) / 1e6;
  if (Number.isNaN(from)) throw new Error(`the job's log of ${String(size)} bytes ends with ${end}`);
  await delay(settle);
  return { from, until: mtimeMs };
}

/** The part of the page's document that is looked at there. */
interface Drawn {
  querySelectorAll(selector: string): Iterable<{ textContent: string }>;
}

/** When the flood's program began, and when its last line was drawn, in milliseconds since the epoch; `known`: the beginning of the last flood. */
function lastLine(workbench: Workbench, known: number): Promise<Span> {
  return workbench.webview().locator("body").evaluate((body: Drawn, earlier) => new Promise<Span>((found) => {
    const timer = setInterval(() => {
      for (const row of body.querySelectorAll(".log-viewport .row")) {
        const began = Number(/the end (\d{16,})/.exec(row.textContent)?.[1] ?? 0) / 1e6;
        if (began <= earlier) continue;
        clearInterval(timer);
        found({ from: began, until: Date.now() });
        return;
      }
    }, 10);
  }), known);
}

/** Reads the heap of the page that shows the panel, in bytes, after collecting garbage. */
async function heapOf(workbench: Workbench): Promise<() => Promise<number>> {
  const session = await sessionOf(workbench);
  return async () => {
    await session.send("HeapProfiler.collectGarbage");
    return (await session.send("Runtime.getHeapUsage")).usedSize;
  };
}

/** The panel's frame may have a process of its own, or share the window's. */
async function sessionOf(workbench: Workbench): Promise<CDPSession> {
  const { page } = workbench;
  const body = await workbench.webview().locator("body").elementHandle();
  for (let frame = await body.ownerFrame(); frame !== null; frame = frame.parentFrame()) {
    try {
      return await page.context().newCDPSession(frame);
    } catch {
      // Not the head of its process: its parent is asked.
    }
  }
  return page.context().newCDPSession(page);
}
