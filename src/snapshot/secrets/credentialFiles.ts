/** Contents of files of credentials, wherever they stand: keys, logins, Kubernetes' own. */
import { isPlaceholder } from "./realLiteral.js";
import type { TextRule } from "./textRule.js";

/** What may stand between two lines of a key, also where it is part of a string of a program or of JSON. */
const between = "(?:\\\\[nr]|[\\s\"',]){1,24}";
/** Up to the next document of a YAML file. */
const sameDocument = "(?:(?!^---)[^]){0,2000}?";
const kindSecret = "kind:[ \\t]{0,8}[\"']?Secret[\"']?[ \\t]{0,8}\\r?$";
/** A mapping of at least one value that is no template; all its lines belong to the match. */
const secretData =
  "^(?:data|stringData):[ \\t]{0,8}\\r?\\n(?:[ \\t]{1,80}#[^\\n]{0,400}\\n){0,4}[ \\t]{1,80}[\\w.-]{1,100}:[ \\t]{0,8}(?![\"'|>]?\\{\\{)[^\\s$][^\\n]{1,4000}(?:\\n[ \\t]{1,80}[^\\n]{0,4000}){0,100}";

export const credentialFiles: readonly TextRule[] = [
  {
    // A key that was cut off counts: its end is not waited for. The first marker alone is none.
    id: "private-key",
    tries: 5000,
    anchors: ["-----BEGIN"],
    pattern: new RegExp(`-----BEGIN (?:[A-Z0-9]{2,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:${between}[A-Za-z-]{4,20}: [^\\n]{1,80}){0,4}${between}(?<value>[A-Za-z0-9+/=]{32,})(?:${between}[A-Za-z0-9+/=]{4,}){0,400}`, "y"),
    accepts: (value) => /[a-z]/.test(value) && /[A-Z]/.test(value) && new Set(value).size > 10,
  },
  { id: "private-key", anchors: ["PuTTY-User-Key-File"], pattern: /PuTTY-User-Key-File-\d: [^]{1,4000}?Private-Lines: \d{1,4}(?:\s{1,4}[A-Za-z0-9+/=]{16,}){1,40}/y },
  { id: "private-key", anchors: ["AGE-SECRET-KEY-"], pattern: /AGE-SECRET-KEY-1[0-9A-Z]{50,60}/y },
  { id: "netrc", anchors: ["machine", "default"], pattern: /(?<!\S)(?:machine\s{1,40}\S{1,200}|default)\s{1,40}login\s{1,40}\S{1,200}\s{1,40}password\s{1,40}(?<value>\S{3,200})/y, accepts: (value) => !isPlaceholder(value) },
  { id: "kubeconfig-key", anchors: ["client-key-data"], pattern: /client-key-data["']?:[ \t]{0,8}["']?[A-Za-z0-9+/]{60}/y },
  { id: "kubernetes-secret", tries: 1000, anchors: ["kind:"], pattern: new RegExp(`(?<=^)${kindSecret}${sameDocument}${secretData}`, "my") },
  { id: "kubernetes-secret", tries: 1000, anchors: ["data:", "stringData:"], pattern: new RegExp(`${secretData}${sameDocument}^${kindSecret}`, "my") },
  { id: "docker-login", tries: 1000, anchors: ['"auths"'], pattern: /"auths"[^]{0,600}?"(?:auth|identitytoken)"\s{0,8}:\s{0,8}"[A-Za-z0-9+/=._-]{8}/y },
  { id: "npm-login", anchors: [":_auth", ":_password"], pattern: /:_(?:authToken|auth|password)[ \t]{0,8}=[ \t]{0,8}["']?(?<value>[^\s"'$]{8,400})/y, accepts: (value) => !isPlaceholder(value) },
  { id: "curl-password", tries: 5000, anchors: ["curl"], pattern: /(?<!\w)curl\b[^\n]{0,300}?[ \t](?:-u|--user|--proxy-user)[ =]?["']?[^\s:"'$]{1,100}:(?<value>[^\s"'$]{4,200})/y, accepts: (value) => !isPlaceholder(value) },
];
