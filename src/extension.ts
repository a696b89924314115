/** Builds the objects and registers them; no logic. */
import { join } from "node:path";
import * as vscode from "vscode";
import { Registry } from "./backends/registry.js";
import { errorText } from "./base/errors.js";
import { stateDirectory } from "./base/stateDir.js";
import { ContentStore } from "./bundle/contentStore.js";
import { JobCodeLenses } from "./editor/codeLens.js";
import { cleanDaily } from "./editor/dailyCleaning.js";
import { followJobs } from "./editor/followJobs.js";
import { Folders } from "./editor/folders.js";
import { tellImportNews } from "./editor/importNews.js";
import { Interpreters } from "./editor/interpreters.js";
import { JobContexts } from "./editor/jobContexts.js";
import { registerJobCommands } from "./editor/jobCommands.js";
import { LastRuns } from "./editor/lastRuns.js";
import { Launcher } from "./editor/launcher.js";
import { LaunchMemory } from "./editor/launchMemory.js";
import { Projects } from "./editor/projects.js";
import { askApproval, askEnvironment, reviewSnapshot } from "./editor/questions.js";
import { readAhead } from "./editor/readAhead.js";
import { registerRunCommands } from "./editor/runCommands.js";
import { registerSentCommand } from "./editor/sentCommand.js";
import { registerSnapshotCommands } from "./editor/snapshotCommands.js";
import { TargetChoice } from "./editor/targetChoice.js";
import { registerTargetCommands } from "./editor/targetCommands.js";
import { TargetStatus } from "./editor/targetStatus.js";
import { watchProjects } from "./editor/watchProjects.js";
import { Follower } from "./jobs/follower.js";
import { limitsOf } from "./jobs/cleaning/limits.js";
import { JobStore } from "./jobs/jobStore.js";
import { askWorker } from "./language/askWorker.js";
import { LanguageService } from "./language/client.js";
import { SecretSearches } from "./language/secretSearches.js";
import { registerPanel } from "./panel/registerPanel.js";
import { afterActivation } from "./platform/afterActivation.js";
import { configuration } from "./platform/configuration.js";
import { chosenInterpreter } from "./platform/python.js";
import { Secrets } from "./platform/secrets.js";
import { addTerminalCommand } from "./platform/terminalCommand.js";
import { whenTrusted } from "./platform/trust.js";
import { Approvals } from "./project/approval.js";
import { SecretDecisions } from "./project/secretDecisions.js";
import { registerTree } from "./tree/registerTree.js";

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("Slingshot", { log: true });
  const dist = join(context.extensionPath, "dist");
  const stateDir = stateDirectory();
  const logInfo = (message: string): void => {
    log.info(message);
  };

  const jobs = new JobStore(stateDir);
  const contents = new ContentStore(stateDir);
  const approvals = new Approvals(stateDir);
  const secrets = new Secrets(context.secrets);
  const folders = new Folders(stateDir);
  const interpreters = new Interpreters(stateDir, (folder) => chosenInterpreter(folder, log), () => folders.active);
  const backends = new Registry({ stateDir, runnerDir: join(dist, "runner"), interpreter: (target) => interpreters.of(target), log: logInfo });
  const projects = new Projects(backends.vocabularies, folders);
  const targets = new TargetChoice(context.workspaceState);
  const memory = new LaunchMemory(context.workspaceState);
  const follower = new Follower(jobs, backends, logInfo);
  const lastRuns = new LastRuns(jobs);
  const contexts = new JobContexts({ folders, projects, targets, interpreters, approvals, log: (message) => { log.debug(message); } });
  const language = new LanguageService(join(dist, "server.js"), log, { jobContext: (uri) => contexts.of(uri) });
  const patterns = (document: vscode.TextDocument) => projects.jobPatterns(document.uri);

  const panel = registerPanel({ extensionUri: context.extensionUri, jobs, contents, log });

  const secretDecisions = new SecretDecisions(stateDir);
  const secretSearches = new SecretSearches({
    server: () => language.secrets,
    worker: (params) => askWorker(join(dist, "secretWorker.js"), params),
    patience: () => configuration.snapshotPatience(),
    stateDir,
    log: logInfo,
  });
  const launcher = new Launcher({
    services: {
      jobs,
      contents,
      backends,
      approvals,
      secret: (name) => secrets.value(name),
      secrets: {
        search: (files) => secretSearches.search(files),
        decisions: secretDecisions,
        ask: async (question) => (await import("./editor/secretQuestion.js")).askAboutSecrets(question),
      },
      approve: askApproval,
      review: (manifest, target) => reviewSnapshot(manifest, target, log),
      takeSnapshot: async (request) => {
        const { takeSnapshot } = await import("./language/snapshotService.js");
        return takeSnapshot(request, {
          server: language.snapshot,
          worker: (wire) => askWorker(join(dist, "snapshotWorker.js"), wire),
          patience: configuration.snapshotPatience(),
          stateDir,
          log: logInfo,
        });
      },
    },
    interpreter: (target, folder) => interpreters.of(target, folder),
    folders,
    projects,
    targets,
    memory,
    follower,
    environment: askEnvironment,
    show: ({ id }) => {
      panel.show(id, { preserveFocus: true }).catch((error: unknown) => {
        log.error(`Failed to show the job: ${errorText(error)}`);
      });
    },
  });

  context.subscriptions.push(
    log,
    panel,
    registerTree({ jobs }),
    language,
    lastRuns,
    targets,
    follower,
    new JobCodeLenses({ language, folders, projects, targets, memory, lastRuns, patterns }),
    new TargetStatus(folders, projects, targets),
    watchProjects(targets),
    registerRunCommands({ launcher, memory, patterns }, log),
    registerSentCommand({ launcher, memory, targets, patterns, show: (subject) => panel.showSent(subject) }, log),
    registerJobCommands({ jobs, backends, launcher }, log),
    registerSnapshotCommands({ jobs, contents, preview: (record, signal) => launcher.previewAgain(record, signal) }, log),
    registerTargetCommands({ folders, projects, targets, backends, secrets, approvals, secretDecisions }, log),
    language.startWhenNeeded(),
    readAhead(language),
    tellImportNews(language, targets),
    afterActivation(() => {
      addTerminalCommand(context, join(dist, "cli.js"));
    }),
    whenTrusted(() => followJobs(jobs, follower)),
    whenTrusted(() => cleanDaily({ stateDir, module: join(dist, "cleanWorker.js"), limits: () => limitsOf(configuration.historyMaxAge(), configuration.historyMaxSize()), log })),
  );
}
