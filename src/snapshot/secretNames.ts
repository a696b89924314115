/** File names that commonly hold secrets; such a file is never sent unasked. */

const names: readonly RegExp[] = [
  /^\.env(\..*|rc)?$|\.env$/i,
  /\.(pem|key|p12|pfx|pkcs12|jks|keystore|bks|kdbx?|ppk|agekey|ovpn|tfstate|keytab|credentials)$/i,
  /\.tfstate\.backup$|\.tfvars(\.json)?$|^\.terraformrc$|^terraform\.rc$/i,
  /^(ssh_host_)?id_(rsa|dsa|ecdsa|ed25519)(_sk|_key)?$|^ssh_host_\w+_key$/,
  /^[._](netrc|pgpass|pypirc|npmrc|yarnrc|databrickscfg|git-credentials|htpasswd|dockercfg|dockerconfigjson|boto|s3cfg|vault-token|my\.cnf|mylogin\.cnf|snowsql)$/i,
  /^(.*[-_.])?kubeconfig([-_.].*)?$/i,
  /^credentials?([-_.].*)?(\.(json|ya?ml|ini|cfg|toml))?$/i,
  /^(client_secret|service[-_]?account|application_default_credentials).*\.json$/i,
  /^(.*[-_.])?secrets?\.(json|ya?ml|toml|ini|env|properties)$/i,
  /^(access[-_]?|oauth[-_]?|refresh[-_]?)?tokens?\.json$/i,
];
const folders = /(^|\/)(\.aws|\.ssh|\.gnupg|\.kube|\.azure|\.docker|\.git|\.vscode|\.databricks|gcloud)\//;
/** Templates are meant to be shared, and so are certificates; a private key among them is found by its content. */
const harmless = /\.(example|sample|template|dist|tmpl|j2|pub)$|^(ca|cert|chain|fullchain|public|root)[\w.-]*\.pem$|[-_.](certs?|certificates?|bundle|chain|public|pub)\.pem$/i;
/** Program text is judged by what it holds. */
const source = /\.(py|pyi|pyw|ipy|ipynb)$/i;

/** Why the name of `path` (a manifest path) says that it holds a secret, or null. */
export function secretName(path: string): string | null {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (harmless.test(name) || source.test(name)) return null;
  if (folders.test(path)) return "it lies in a folder of credentials or of the editor's settings";
  return names.some((pattern) => pattern.test(name)) ? "its name is that of a file of credentials" : null;
}
