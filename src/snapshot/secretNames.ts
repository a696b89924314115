/** File names that commonly hold secrets; such a file is never sent unasked. */

const names: readonly RegExp[] = [
  /^\.env(\..*)?$/i,
  /\.(pem|key|p12|pfx|jks|keystore|kdbx|ppk|tfstate)$/i,
  /\.tfstate\.backup$/i,
  /^id_(rsa|dsa|ecdsa|ed25519)$/,
  /^[._](netrc|pgpass|pypirc|npmrc|yarnrc|databrickscfg|git-credentials|htpasswd|dockercfg|boto|s3cfg)$/i,
  /^kubeconfig(\..*)?$/i,
  /^credentials?([-_.].*)?\.(json|ya?ml|ini|cfg|toml)$/i,
  /^(client_secret|service[-_]?account).*\.json$/i,
  /^secrets?\.(json|ya?ml|toml|ini|env)$/i,
];
const folders = /(^|\/)(\.aws|\.ssh|\.gnupg|\.kube|\.azure|\.docker|\.git)\//;
/** Templates are meant to be shared. */
const harmless = /\.(example|sample|template|dist)$/i;

/** Why the name of `path` (a manifest path) says that it holds a secret, or null. */
export function secretName(path: string): string | null {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (harmless.test(name)) return null;
  if (folders.test(path)) return "it lies in a folder of credentials";
  return names.some((pattern) => pattern.test(name)) ? "its name is that of a file of credentials" : null;
}
