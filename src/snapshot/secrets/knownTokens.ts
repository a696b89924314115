/** Secrets that tell by their form whose they are, and addresses with a password. */
import { entropy, isPlaceholder } from "./realLiteral.js";
import type { TextRule } from "./textRule.js";

/** A token of nothing but `x` is a form to fill in. */
const drawn = (value: string): boolean => entropy(value) >= 2.5 && !/example|x{6}/i.test(value);
const rule = (id: string, anchors: string[], form: string): TextRule => ({ id, anchors, pattern: new RegExp(`(?<![\\w-])(?<value>${form})(?![\\w-])`, "y"), accepts: drawn });

export const knownTokens: readonly TextRule[] = [
  rule("aws-key-id", ["AKIA", "ASIA"], "(?:AKIA|ASIA)[A-Z2-7]{16}"),
  rule("google-key", ["AIza", "GOCSPX-", "ya29."], "AIza[\\w-]{35}|GOCSPX-[\\w-]{28}|ya29\\.[\\w-]{60,300}"),
  { id: "azure-key", anchors: ["key=", "value="], pattern: /(?:(?<=Account|SharedAccess)Key|(?<=SharedSecret)Value)=[A-Za-z0-9+/]{40,120}={0,2}/y },
  rule("huggingface-token", ["hf_", "api_org_"], "(?:hf|api_org)_[A-Za-z0-9]{30,40}"),
  rule("pypi-token", ["pypi-"], "pypi-AgE[\\w-]{50,300}"),
  rule("model-provider-key", ["sk-", "r8_", "gsk_", "xai-"], "sk-(?:proj-|svcacct-|admin-|or-v1-)?[A-Za-z0-9_-]{40,200}|sk-ant-[a-z0-9]{2,10}-[\\w-]{60,200}|r8_[A-Za-z0-9]{37,40}|gsk_[A-Za-z0-9]{50,56}|xai-[A-Za-z0-9]{60,100}"),
  rule("stripe-key", ["sk_", "rk_", "whsec_"], "(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,200}|whsec_[A-Za-z0-9+/]{32,80}"),
  rule("chat-token", ["xox"], "xox[a-z]-[A-Za-z0-9-]{20,200}"),
  { id: "chat-token", anchors: [":AA"], pattern: /(?<=(?<!\d)\d{8,10}):AA[\w-]{33}(?![\w-])/y },
  { id: "chat-token", anchors: ["webhooks/"], pattern: /(?<=discord(?:app)?\.com\/api\/)webhooks\/\d{10,25}\/[\w-]{60,100}/y },
  rule("json-web-token", ["eyJ"], "eyJ[\\w-]{10,2000}\\.eyJ[\\w-]{10,4000}\\.[\\w-]{16,1000}"),
  rule("cloud-token", ["doo_", "dop_", "dor_"], "do[opr]_v1_[a-f0-9]{64}"),
  rule("cloud-token", ["pul-", "ATATT3", "NRAK-", "dp.pt.", "pscale_", "AKCp"], "pul-[a-f0-9]{40}|ATATT3[\\w=-]{50,300}|NRAK-[A-Z0-9]{27}|dp\\.pt\\.\\w{40,50}|pscale_(?:pw|tkn|oauth)_[\\w.-]{32,64}|AKCp[A-Za-z0-9]{60,100}"),
  { id: "cloud-token", anchors: [".atlasv1."], pattern: /(?<=(?<!\w)\w{14})\.atlasv1\.[\w-]{60,100}/y },
  {
    id: "url-password",
    anchors: ["://"],
    pattern: /(?<=\b[a-z][a-z0-9+.-]{1,20}):\/\/[^\s:/@"'`<>{}$%]{0,64}:(?<value>[^\s/@"'`<>{}]{4,128})@[\w[]/iy,
    accepts: (value) => !isPlaceholder(value),
  },
];
