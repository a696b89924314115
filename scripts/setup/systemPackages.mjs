// Programs and libraries of the operating system that some suites need.
import { existsSync } from "node:fs";
import { mustRun, run } from "./command.mjs";

/** What each suite needs, with a way to see it and the Debian package that brings it. */
const needs = [
  { what: "ps", debian: "procps", suites: ["unit", "contract", "engines", "integration"], present: () => onPath("ps") },
  { what: "Java 17", debian: "openjdk-17-jre-headless", suites: ["engines", "integration"], present: () => onPath("java") || process.env.JAVA_HOME !== undefined },
  { what: "ssh", debian: "openssh-client", suites: ["contract", "engines"], present: () => onPath("ssh") },
  { what: "sshd", debian: "openssh-server", suites: ["contract", "engines"], present: () => existsSync("/usr/sbin/sshd") || onPath("sshd") },
  // Login shells of the hosts that the ssh suite logs in to.
  { what: "fish", debian: "fish", suites: ["engines"], present: () => onPath("fish") },
  { what: "tcsh", debian: "tcsh", suites: ["engines"], present: () => onPath("tcsh") },
  { what: "Chromium", debian: "chromium", suites: ["integration"], present: () => chromium() },
  { what: "a C compiler", debian: "gcc", suites: ["contract", "engines", "integration"], present: () => onPath("gcc") || onPath("cc") },
  { what: "a C++ compiler", debian: "g++", suites: ["integration"], present: () => onPath("g++") || onPath("c++") },
  { what: "make", debian: "make", suites: ["integration"], present: () => onPath("make") },
  { what: "pkg-config", debian: "pkg-config", suites: ["integration"], present: () => onPath("pkg-config") },
  ...["libkrb5-dev", "libsecret-1-dev", "libx11-dev", "libxkbfile-dev"].map((debian) =>
    ({ what: debian, debian, suites: ["integration"], present: () => process.platform !== "linux" || installed(debian) })),
];

/**
 * Installs what is missing where that is allowed (root, `CI`, or `install`) and the system is a Debian; else leaves it.
 * @returns {Promise<Map<string, string>>} for each suite that can't run: what is missing and how to get it
 */
export async function setUpSystem(install) {
  let missing = await missingNeeds();
  const allowed = install || process.getuid?.() === 0 || Boolean(process.env.CI);
  if (missing.length > 0 && allowed && await onPath("apt-get")) {
    const packages = missing.map((need) => need.debian);
    console.log(`set-up: system: installing ${packages.join(" ")}`);
    const root = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
    const aptGet = (...argv) => { const [program, ...rest] = [...root, "apt-get", "-q", "-y", ...argv];
      return mustRun("Debian packages", `Install them by hand: apt-get install ${packages.join(" ")}`, program, rest, { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } }); };
    await aptGet("update");
    await aptGet("install", "--no-install-recommends", ...packages);
    missing = await missingNeeds();
  }
  const suites = new Map();
  for (const suite of new Set(missing.flatMap((need) => need.suites))) {
    const lacking = missing.filter((need) => need.suites.includes(suite));
    suites.set(suite, `${lacking.map((need) => need.what).join(", ")} missing; apt-get install ${lacking.map((need) => need.debian).join(" ")}, or npm test -- --install`);
  }
  return suites;
}

async function missingNeeds() {
  const present = await Promise.all(needs.map((need) => need.present()));
  return needs.filter((_, index) => !present[index]);
}

async function onPath(program) {
  return (process.env.PATH ?? "").split(":").some((folder) => folder !== "" && existsSync(`${folder}/${program}`));
}

async function chromium() {
  const found = await Promise.all(["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"].map((name) => onPath(name)));
  return process.env.SLINGSHOT_CHROMIUM !== undefined || found.includes(true) || existsSync("/Applications/Google Chrome.app");
}

async function installed(debian) {
  if (!await onPath("dpkg-query")) return true;
  return (await run("dpkg-query", ["-W", "-f", "${Status}", debian])).output.includes("ok installed");
}
