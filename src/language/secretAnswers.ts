/** Looks for secrets on the other side: in the language server, or in the worker that stands in for it. */
import { ContentStore } from "../bundle/contentStore.js";
import { SecretSearch } from "../snapshot/secrets/secretSearch.js";
import type { SearchedContent } from "../snapshot/secrets/secretFinding.js";
import type { SecretsParams } from "./secretSearches.js";

export class SecretAnswers {
  private search: { stateDir: string; search: SecretSearch; contents: ContentStore } | undefined;

  async answer({ files, stateDir }: SecretsParams): Promise<SearchedContent[]> {
    if (this.search?.stateDir !== stateDir) this.search = { stateDir, search: new SecretSearch(stateDir), contents: new ContentStore(stateDir) };
    const { search, contents } = this.search;
    return search.search(files, (sha256) => contents.read(sha256));
  }
}
