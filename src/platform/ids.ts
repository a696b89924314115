/** Every name that package.json and the code share. A test compares the two both ways. */

/** Commands that package.json contributes. Those on a job take its id, `{ jobId }`, or nothing (then the user picks one). */
export const commands = {
  runFile: "slingshot.run.file",
  runFunction: "slingshot.run.function",
  runWithArguments: "slingshot.run.arguments",
  runLast: "slingshot.run.last",
  showSent: "slingshot.sent.show",
  chooseTarget: "slingshot.target.choose",
  checkTargets: "slingshot.target.check",
  openProjectFile: "slingshot.project.open",
  setSecret: "slingshot.secret.set",
  forgetSecretDecisions: "slingshot.secret.forget",
  showLog: "slingshot.log.show",
  showJob: "slingshot.job.show",
  openJobLog: "slingshot.job.openLog",
  openOutput: "slingshot.job.openOutput",
  openOutputs: "slingshot.job.openOutputs",
  findInLog: "slingshot.job.find",
  cancelJob: "slingshot.job.cancel",
  rerunJob: "slingshot.job.rerun",
  rerunSnapshot: "slingshot.job.rerunSnapshot",
  forgetJob: "slingshot.job.forget",
  compareWorkspace: "slingshot.job.compareWorkspace",
  compareJob: "slingshot.job.compareJob",
  selectForCompare: "slingshot.job.selectForCompare",
  compareSelected: "slingshot.job.compareSelected",
  restoreSnapshot: "slingshot.job.restore",
} as const;

/** Commands that only our own lenses and walkthrough call; they stand in no menu and no palette. */
export const privateCommands = {
  runEntry: "_slingshot.run.entry",
  entryArguments: "_slingshot.entry.arguments",
  openExample: "_slingshot.example.open",
  editProject: "_slingshot.project.edit",
  stopReadingAhead: "_slingshot.readAhead.stop",
} as const;

export const views = {
  jobsContainer: "slingshot",
  jobs: "slingshot.jobs",
  panelContainer: "slingshotPanel",
  job: "slingshot.job",
} as const;

/** The editor tab that shows what will be sent. */
export const sentPage = "slingshot.sent";

export const settings = {
  targets: "slingshot.targets",
  codeLens: "slingshot.codeLens.enabled",
  snapshotPatience: "slingshot.snapshot.patience",
  imports: "slingshot.imports.enabled",
  historyMaxAge: "slingshot.history.maxAge",
  historyMaxSize: "slingshot.history.maxSize",
} as const;
