/** The search for secrets as the extension asks for it: in another process, and only for contents that it has not asked about before. */
import { errorText } from "../base/errors.js";
import { within } from "../base/within.js";
import { contentKind, type SearchedContent, type SearchFile } from "../snapshot/secrets/secretFinding.js";

/** What crosses to the server or the worker; the answer is one `SearchedContent` for each file. */
export interface SecretsParams {
  files: SearchFile[];
  stateDir: string;
}

export type AskSecrets = (params: SecretsParams) => Promise<SearchedContent[]>;

export interface SecretSources {
  /** Undefined while no server runs. */
  server(): AskSecrets | undefined;
  worker: AskSecrets;
  /** Milliseconds that the server has before the worker is asked as well. */
  patience(): number;
  stateDir: string;
  log(message: string): void;
}

/** Answers that are kept. */
const kept = 50_000;

export class SecretSearches {
  private readonly known = new Map<string, SearchedContent>();

  constructor(private readonly sources: SecretSources) {}

  /** One answer for each file, in order. Rejects where neither server nor worker could look: then nothing may be sent. */
  async search(files: readonly SearchFile[]): Promise<SearchedContent[]> {
    const keys = files.map(({ path, sha256 }) => `${contentKind(path)} ${sha256}`);
    const unknown = new Map<string, SearchFile>();
    files.forEach(({ path, sha256 }, index) => {
      const key = keys[index] ?? "";
      if (!this.known.has(key)) unknown.set(key, { path, sha256 });
    });
    if (unknown.size > 0) {
      if (this.known.size + unknown.size > kept) this.known.clear();
      const answers = await this.ask([...unknown.values()]);
      [...unknown.keys()].forEach((key, index) => {
        const answer = answers[index];
        if (answer !== undefined) this.known.set(key, answer);
      });
    }
    return keys.map((key) => {
      const answer = this.known.get(key);
      if (answer === undefined) throw new Error("the search for secrets gave no answer for a file");
      return answer;
    });
  }

  private async ask(files: SearchFile[]): Promise<SearchedContent[]> {
    const { sources } = this;
    const params: SecretsParams = { files, stateDir: sources.stateDir };
    const server = sources.server();
    if (server === undefined) return sources.worker(params);
    const answer = server(params);
    try {
      const inTime = await within(answer, sources.patience());
      if (inTime !== undefined) return inTime;
      sources.log("The language server is still looking for secrets; a worker does so as well.");
    } catch (error) {
      sources.log(`The language server could not look for secrets (${errorText(error)}); a worker does.`);
      return sources.worker(params);
    }
    return Promise.any([answer, sources.worker(params)]);
  }
}
