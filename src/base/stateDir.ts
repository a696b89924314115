/** Slingshot's state directory: one for VS Code and the command line, so each sees the other's jobs. */
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/**
 * `SLINGSHOT_STATE_DIR` where set; else `$XDG_STATE_HOME/slingshot` or `~/.local/state/slingshot` (XDG Base Directory
 * Specification), `~/Library/Application Support/Slingshot` on macOS, `%LOCALAPPDATA%\Slingshot` on Windows.
 */
export function stateDirectory(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  const own = env["SLINGSHOT_STATE_DIR"];
  if (own !== undefined && isAbsolute(own)) return own;
  const home = homedir();
  if (platform === "darwin") return join(home, "Library", "Application Support", "Slingshot");
  if (platform === "win32") return join(env["LOCALAPPDATA"] ?? join(home, "AppData", "Local"), "Slingshot");
  const xdg = env["XDG_STATE_HOME"];
  return join(xdg !== undefined && isAbsolute(xdg) ? xdg : join(home, ".local", "state"), "slingshot");
}
