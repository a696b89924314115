/**
 * Signs without which no rule of the library can match: its rules pass over a text one after the other, and most texts hold
 * none of these. A test holds each of its rules against them.
 */
import type { TextRule } from "./textRule.js";

export const librarySign = "library";

const sign = (anchors: readonly string[], pattern: RegExp): TextRule => ({ id: librarySign, anchors, pattern });

export const librarySigns: readonly TextRule[] = [
  sign(["PRIVATE KEY"], /PRIVATE KEY/y),
  sign(["secret"], /secret_?access_?key/iy),
  sign([":_authToken", ":x-oauth-basic@"], /:(?:_authToken|x-oauth-basic@)/y),
  sign(["://"], /:\/\/[^:/\s]{1,256}:[^@/\s]{1,256}@/y),
  sign(["hooks.slack.com"], /hooks\.slack\.com/iy),
  sign(["xox", "xapp-", "glpat-"], /(?:xox[a-z]|xapp|glpat)-/y),
  sign(["sk-"], /sk-(?:proj|svcacct|admin|ant|[A-Za-z0-9]{20}T3)/y),
  sign(["SG."], /SG\.\w/y),
  sign(["hvs.", "hvb.", "hvr."], /hv[sbr]\.[\w-]{20}/y),
  sign(["dapi"], /dapi[A-Fa-f0-9]{16}/y),
  sign(
    ["npm_", "shppa_", "shpca_", "shpat_", "shpss_", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glc_", "glsa_", "gsk_", "hf_", "lin_api_", "ntn_", "ops_", "vcp_", "vci_", "vca_", "vcr_", "vck_", "dckr_pat_", "figd_"],
    /(?:npm|shp(?:pa|ca|at|ss)|gh[pousr]|github_pat|glc|glsa|gsk|hf|lin_api|ntn|ops|vc[piakr]|dckr_pat|figd)_[A-Za-z0-9_]{6}/y,
  ),
];
