/** Texts that look like secrets, drawn when a test runs: none of them stands in this repository. */
import { generateKeyPairSync } from "node:crypto";

const alphabets = {
  lower: "abcdefghijklmnopqrstuvwxyz",
  letters: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
  alnum: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
  upper: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
  hex: "0123456789abcdef",
  digits: "0123456789",
} as const;

let state = 12345;

/** The same sequence in every run. */
function next(below: number): number {
  state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
  return (state >>> 8) % below;
}

export function drawn(length: number, alphabet: keyof typeof alphabets = "alnum"): string {
  const characters = alphabets[alphabet];
  const text = Array.from({ length }, () => characters[next(characters.length)] ?? "").join("");
  // A token without a digit or without a letter would test another thing.
  return alphabet === "alnum" && length > 4 ? `${text.slice(0, -3)}q7Z` : text;
}

/** What people choose: letters, digits and a sign. */
export function password(): string {
  return `${drawn(4, "lower")}${drawn(3, "letters")}-${drawn(3, "digits")}!x`;
}

const marker = (which: string, kind: string): string => `${"-".repeat(5)}${which} ${kind}PRIVATE${" "}KEY${"-".repeat(5)}`;

/** A key in PEM form; `end`: whether its last line is there. */
export function pem({ kind = "RSA ", lines = 8, end = true, join = "\n" } = {}): string {
  const body = Array.from({ length: lines }, () => drawn(64));
  return [marker("BEGIN", kind), ...body, ...(end ? [marker("END", kind)] : [])].join(join);
}

export function jwt(): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return [part({ alg: "HS256", typ: "JWT" }), part({ sub: "1234", name: "A" }), drawn(43)].join(".");
}

/** A key that a program could load. */
export function realKey(): string {
  return generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey.export({ type: "pkcs1", format: "pem" }).toString();
}

function onePassword(): string {
  // The length makes the last brace end as the rule wants it.
  const account = { email: "a@1passwordserviceaccounts.lcl", muk: { k: drawn(43) }, secretKey: drawn(30), srpX: drawn(64, "hex"), signInAddress: "a.org", userAuth: { salt: drawn(22) } };
  for (let pad = ""; ; pad += "a") {
    const text = Buffer.from(JSON.stringify({ ...account, userAuth: { salt: account.userAuth.salt + pad } })).toString("base64");
    if (/fQ={0,2}$/.test(text)) return text;
  }
}

/** For each rule of the library, by its short id: a text that it finds. */
export function libraryTexts(): Record<string, string> {
  const openAi = ["T3Bl", "bkFJ"].join("");
  return {
    aws: `aws_secret_access_key = ${drawn(40)}`,
    privatekey: realKey(),
    npm: `//${["registry", "npmjs", "org"].join(".")}/:_authToken=${["npm", drawn(36)].join("_")}`,
    basicauth: `https://harbour:${drawn(12)}@data.harbour.org/x`,
    slack: ["xoxb", drawn(12, "digits"), drawn(12, "digits"), drawn(24)].join("-"),
    sendgrid: ["SG", drawn(22), drawn(43)].join("."),
    shopify: ["shpat", drawn(32, "hex")].join("_"),
    github: ["ghp", drawn(36)].join("_"),
    gitlab: ["glpat", drawn(20)].join("-"),
    grafana: ["glsa", drawn(32), drawn(8, "hex")].join("_"),
    openai: ["sk", `${drawn(20)}${openAi}${drawn(20)}`].join("-"),
    anthropic: ["sk", "ant", "api03", `${drawn(93)}AA`].join("-"),
    groq: ["gsk", drawn(52)].join("_"),
    huggingface: ["hf", drawn(34, "letters")].join("_"),
    linear: ["lin", "api", drawn(40)].join("_"),
    notion: ["ntn", `${drawn(11, "digits")}${drawn(35)}`].join("_"),
    "1password": ["ops", onePassword()].join("_"),
    "database-connection-string": `postgres://harbour:${drawn(12)}@db.harbour.org/x`,
    "hashicorp-vault": ["hvs", drawn(95)].join("."),
    vercel: ["vcp", drawn(24)].join("_"),
    databricks: `dapi${drawn(32, "hex")}`,
    docker: ["dckr", "pat", drawn(27)].join("_"),
    figma: ["figd", drawn(43)].join("_"),
  };
}
