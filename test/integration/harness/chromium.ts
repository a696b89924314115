import { existsSync } from "node:fs";

const candidates = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable", "/usr/bin/microsoft-edge",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium"];

/** The path of an installed Chromium; `SLINGSHOT_CHROMIUM` decides where it is set. Throws with the remedy where there is none. */
export function chromiumPath(): string {
  const chosen = process.env["SLINGSHOT_CHROMIUM"];
  const found = chosen ?? candidates.find((path) => existsSync(path));
  if (found === undefined) throw new Error("No Chromium was found. Install one (Debian: apt-get install chromium) or set SLINGSHOT_CHROMIUM to its path.");
  return found;
}

/** Quiet and self-contained: no service of a browser vendor is contacted, and it starts as root and without a graphics card. */
export const chromiumArguments = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
  "--disable-sync", "--disable-features=Translate,OptimizationHints,MediaRouter"];
