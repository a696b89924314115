/** The directories that modules are looked up in before anything is known of the program's own edits. */
import type { SearchDirectory } from "./modules.js";

export interface RootPlan {
  /** `sys.path` of a real run, without the standard library and site-packages. */
  imports: SearchDirectory[];
  /** Package directories that build files and editable installs name. */
  declared: SearchDirectory[];
  /** Installed packages. */
  site: SearchDirectory[];
  /** `src/` and the workspace folder, where no build file says anything. */
  guessed: SearchDirectory[];
  /** Whether `site` is what the job will really have; false where no interpreter is known. */
  siteKnown: boolean;
}
