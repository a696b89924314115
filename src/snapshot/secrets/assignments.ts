/** Secrets that are given a name: assignments, arguments, dictionary keys, settings, options. */
import { isPassword, isPlaceholder, isToken } from "./realLiteral.js";
import type { TextRule } from "./textRule.js";

const passwordAnchors = ["pass", "pwd"];
const passwordName = "(?:pass_?words?|passwd|pass_?phrase|pass_?code|pwd|(?<![a-z])pass)";
const tokenAnchors = ["secret", "token", "cred", "auth", "key"];
const keyOwners = "api|access|secret|auth|account|private|encryption|signing|master|subscription|shared|storage|service|session|jwt|license|hmac";
const tokenName = `(?:secret|token|credentials?|auth|(?<=(?:${keyOwners})[_-]?)key)`;
/** What may follow a name that is still that name: `PASSWORD_PROD`, `token2`. */
const tail = "(?:_?(?:value|text|string|str|b64|base64|prod|dev|live|staging|default|plain|base|\\d{1,3}))?";
/** From the name to the value: closers of a key, an annotation, the sign, a wrapper, the string's prefix. */
const toValue =
  "[\"'`]?[ \\t]{0,8}\\]?[ \\t]{0,8}(?::[ \\t]{0,8}[\\w.\\[\\]| ]{1,40})?(?:=>|:=|=(?!=)|:(?!:))[ \\t]{0,40}(?:(?:\\w{1,20}\\.)?(?:Secret|SecretStr|SecretBytes|b64decode|bytes|str)\\([ \\t]{0,8})?[rbu]{0,2}";
const quoted = "(?<quote>[\"'`])(?<value>(?:(?!\\k<quote>)[^\\s\\\\]|\\\\[^\\s]){6,400})\\k<quote>";
const inEnvironmentCall = "(?<=(?:getenv|environ\\.get|environ\\.setdefault|config\\.get|\\benv)\\([ \\t]{0,8}[\"']\\w{0,60})";
const atLineStart = "(?<=^[ \\t]{0,80}(?:export[ \\t]{1,8}|set[ \\t]{1,8}|-[ \\t]{1,8})?[\"']?[\\w.-]{0,60})";
/** The whole rest of a line of settings. */
const bare = "[\"']?[ \\t]{0,40}[:=][ \\t]{0,40}[\"']?(?<value>[^\\s\"'#;,]{6,400})[\"']?[ \\t]{0,40}(?:[#;].{0,400})?\\r?$";

const password = (value: string): boolean => isPassword(value);
const token = (value: string): boolean => isToken(value);

export const assignments: readonly TextRule[] = [
  { id: "password", anchors: passwordAnchors, pattern: new RegExp(`${passwordName}${tail}${toValue}${quoted}`, "iy"), accepts: password },
  { id: "password", anchors: passwordAnchors, pattern: new RegExp(`${inEnvironmentCall}${passwordName}${tail}["'],[ \\t]{0,8}${quoted}`, "iy"), accepts: password },
  { id: "password", anchors: passwordAnchors, pattern: new RegExp(`${atLineStart}${passwordName}${tail}${bare}`, "imy"), accepts: password, kinds: ["settings"] },
  { id: "password", anchors: ["auth"], pattern: new RegExp(`(?<!\\w)auth=(?:\\w{1,20}\\.){0,3}(?:HTTP\\w{2,20}Auth)?\\([ \\t]{0,8}["'][^"'\\s]{1,100}["'],[ \\t]{0,8}${quoted}`, "iy"), accepts: password },
  // An element of XML.
  { id: "password", anchors: ["pass", "secret"], pattern: /(?<=<(?:\w{1,20}:)?)(?:password|passwd|secret)>[ \t]{0,8}(?<value>[^<>\s]{6,200})[ \t]{0,8}<\//iy, accepts: password },
  // A variable of a container, name and value on lines of their own.
  {
    id: "password",
    anchors: ["pass", "secret", "token", "key"],
    pattern: /(?<=name:[ \t]{0,8}["']?\w{0,60})(?:PASS|PASSWORD|PASSWD|SECRET|TOKEN|KEY)\w{0,20}["']?[ \t]{0,8}\r?\n[ \t]{0,80}value:[ \t]{0,8}["']?(?<value>[^\s"'#]{6,400})/iy,
    accepts: (value) => isPassword(value) || isToken(value),
    kinds: ["settings"],
  },
  { id: "token", anchors: tokenAnchors, pattern: new RegExp(`${tokenName}${tail}${toValue}${quoted}`, "iy"), accepts: token },
  { id: "token", anchors: tokenAnchors, pattern: new RegExp(`${inEnvironmentCall}${tokenName}${tail}["'],[ \\t]{0,8}${quoted}`, "iy"), accepts: token },
  { id: "token", anchors: tokenAnchors, pattern: new RegExp(`${atLineStart}${tokenName}${tail}${bare}`, "imy"), accepts: token, kinds: ["settings"] },
  {
    id: "command-password",
    anchors: ["pass", "token", "secret", "key"],
    pattern: /(?<=--(?:api-|access-|secret-)?)(?:password|passwd|pass|token|secret|key)(?:=|[ \t]{1,8}|["'],\s{0,80}["'])["']?(?<value>[^\s"'`,;)\]$<{-][^\s"'`,;)\]]{5,200})/y,
    accepts: password,
  },
  { id: "connection-password", anchors: passwordAnchors, pattern: /(?<=[;"'])(?:password|pwd)=(?<value>[^;"'\s]{6,200})(?=[;"'])/iy, accepts: password },
  { id: "url-token", anchors: ["token", "key", "sig=", "password"], pattern: /(?<=[?&](?:access_|auth_|api_?)?)(?:token|key|sig|password)=(?<value>[A-Za-z0-9%_.~+/=-]{16,200})/iy, accepts: token },
  {
    id: "authorization-header",
    anchors: ["authorization"],
    pattern: /authorization["']?[ \t]{0,8}[:=,][ \t]{0,8}[rbuf]{0,2}["']?(?:bearer|basic|token)[ \t]{1,4}(?<value>[A-Za-z0-9_.~+/=-]{16,2000})/iy,
    accepts: (value) => !isPlaceholder(value) && /[0-9]/.test(value) && new Set(value).size >= 8,
  },
];
