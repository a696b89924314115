/** What a launch would send, without launching: nothing is asked, started or sent. */
import { abortable } from "./base/abortable.js";
import { errorText } from "./base/errors.js";
import { asksForSecret, snapshotRequest, type LaunchRequest, type LaunchServices } from "./launch.js";
import { resolveTarget } from "./project/references.js";
import type { Target } from "./project/target.js";
import type { Manifest } from "./snapshot/manifest.js";
import type { InterpreterInfo } from "./snapshot/request.js";
import { judgeSecrets } from "./snapshot/secrets/screenSecrets.js";

export type PreviewServices = Pick<LaunchServices, "approvals" | "backends" | "interpreter" | "takeSnapshot" | "secrets">;

/** The manifest that `launch` would send now. A note says where the launch may know better. */
export async function preview(request: LaunchRequest, services: PreviewServices, signal: AbortSignal): Promise<Manifest> {
  const { interpreter, remark } = await abortable(previewInterpreter(request, services, signal), signal);
  const { manifest } = await abortable(services.takeSnapshot(snapshotRequest(request, interpreter), signal), signal);
  const judged = judgeSecrets(manifest, await abortable(services.secrets.search(manifest.files, signal), signal), services.secrets.decisions);
  const { name } = request.target;
  return remark === null ? judged : { ...judged, notes: [{ kind: "interpreter-assumed", subject: name, severity: "warning", text: remark }, ...judged.notes] };
}

/**
 * The launch's interpreter, as far as that is known without a question: what the project file says of the target counts once
 * it is approved, and an engine whose settings need a secret is not asked. Else the one chosen here.
 */
async function previewInterpreter(
  { project, target }: LaunchRequest, services: PreviewServices, signal: AbortSignal,
): Promise<{ interpreter: InterpreterInfo; remark: string | null }> {
  const { name, settings } = target;
  const backend = await services.backends.get(target.backend);
  const { python } = settings;
  const deciding = backend.interpreter !== undefined ? settings : python === undefined ? {} : { python };
  const here = async (own: Target["settings"]): Promise<InterpreterInfo> => services.interpreter(await resolved(own));
  const resolved = (own: Target["settings"]): Promise<Target> =>
    resolveTarget({ ...target, settings: own }, { workspace: project.workspace, env: process.env, secret: () => Promise.resolve(undefined) });
  const assumed = async (why: string) => ({ interpreter: await here({}), remark: `${why}: this is what would be sent for the interpreter chosen here.` });
  if (Object.keys(deciding).length > 0 && services.approvals.pending(project.workspace, target, services.backends.vocabularies) !== undefined) {
    return assumed(`The settings of "${name}" are not approved on this machine yet`);
  }
  if (asksForSecret(deciding)) return assumed(`"${name}" needs a secret before it says which Python it has`);
  if (backend.interpreter === undefined) return { interpreter: await here(deciding), remark: null };
  try {
    return { interpreter: await backend.interpreter(await resolved(settings), signal), remark: null };
  } catch (error) {
    signal.throwIfAborted();
    return assumed(`"${name}" can't be asked for its Python now (${errorText(error)})`);
  }
}
