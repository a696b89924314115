// One job of the example on the embedded target `local`, with an edit that is not saved. Needs Node 20 and a Python 3.8.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { root, setUp } from "./setup.mjs";
import { mustRun, SetupError } from "./setup/command.mjs";

const example = join(root, "examples", "imagetags");
const job = "jobs/scrape_local.py";
const edited = "src/imagetags/label.py";
const onDisk = 'f"{tag.format}: {words}"';
const onScreen = 'f"{tag.format} as typed a moment ago: {words}"';
const mark = "as typed a moment ago";

const temporary = mkdtempSync(join(tmpdir(), "slingshot-demo-"));
try {
  process.exitCode = await demo();
} catch (error) {
  console.error(error instanceof SetupError ? `${error.message}\nWhat to do: ${error.remedy}` : error);
  process.exitCode = 1;
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

async function demo() {
  await setUp(["node"]);
  await mustRun("build", "Mend what esbuild says.", process.execPath, ["esbuild.mjs"], { cwd: root });
  const file = join(example, edited);
  const before = stateOf(file);
  const text = readFileSync(file, "utf8");
  if (!text.includes(onDisk)) throw new Error(`${edited} no longer holds ${onDisk}, which the demonstration edits.`);
  const buffer = join(temporary, "label.py");
  writeFileSync(buffer, text.replace(onDisk, onScreen));

  say(`The job ${job} prints one label for each image it finds. ${edited} makes the labels.`);
  say(`On the screen, not saved:   ${onScreen}`);
  say(`On disk:                    ${onDisk}`);
  const argv = ["run", job, "--target", "local", "--overlay", `${edited}=${buffer}`];
  console.log(`\n$ cd ${relative(process.cwd(), example) || "."} && slingshot ${argv.slice(0, -1).join(" ")} ${edited}=<the unsaved text>\n`);
  const { code, output } = await launch(argv);

  const after = stateOf(file);
  const labels = output.split("\n").filter((line) => line.includes(mark));
  console.log();
  say(`The job ended with ${code}; ${labels.length} lines of its log carry the unsaved edit, such as "${(labels[0] ?? "").trim()}".`);
  say(`${edited} on disk is ${before === after ? "as it was" : "CHANGED"}: sha256 ${after.split(" ")[0].slice(0, 16)}…, and ${existsSync(join(example, "out.csv")) ? "out.csv WAS WRITTEN into the project" : "out.csv went to the job's outputs, not into the project"}.`);
  return code === 0 && labels.length > 0 && before === after ? 0 : 1;
}

/** The real command line; its log goes to the terminal as it comes. */
function launch(argv) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, "dist", "cli.js"), ...argv], { cwd: example, stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    child.stdout.on("data", (bytes) => { output += bytes; process.stdout.write(bytes); });
    child.once("error", reject);
    child.once("close", (code) => { resolve({ code: code ?? 1, output }); });
  });
}

function stateOf(file) {
  return `${createHash("sha256").update(readFileSync(file)).digest("hex")} ${statSync(file, { bigint: true }).mtimeNs}`;
}

function say(sentence) {
  console.log(`demo: ${sentence}`);
}
