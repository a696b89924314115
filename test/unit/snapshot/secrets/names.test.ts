/** File names that tell of credentials. */
import assert from "node:assert/strict";
import { secretName } from "../../../../src/snapshot/secretNames.js";

describe("names of files of credentials", () => {
  it("are known, wherever the file lies", () => {
    const names = [
      ".env", ".env.production", "prod.env", ".envrc", "server.key", "a.pem", "x.p12", "x.pfx", "x.jks", "id_rsa", "id_ed25519", ".netrc", "_netrc", ".pgpass", ".pypirc", ".npmrc", ".aws/credentials", ".kube/config",
      "kubeconfig", "kubeconfig.yaml", "prod-kubeconfig", ".ssh/config", ".git/config", "infra.tfstate", "terraform.tfvars", "credentials.json", "credentials", "credentials-prod.yaml", ".databrickscfg", ".vscode/settings.json",
      "client_secret_1.json", "service-account.json", "application_default_credentials.json", "secrets.toml", ".streamlit/secrets.toml", "app.secrets.yaml", "token.json", ".vault-token", "me.keytab", ".docker/config.json",
    ];
    for (const name of names) for (const path of [name, `conf/${name}`]) assert.notEqual(secretName(path), null, path);
  });

  it("are not those of templates, certificates, sources and data", () => {
    const names = [".env.example", "secrets.yaml.template", "cacert.pem", "ca-bundle.pem", "server.cert.pem", "id_rsa.pub", "credentials.py", "secrets.py", "tokenizer.json", "tokens.csv", "environment.yml", "keys.csv", "secret_santa.txt", "monkey.txt", "conf/a.yaml"];
    for (const name of names) assert.equal(secretName(name), null, name);
  });
});
