/** The panel's webview: puts its parts together and hands each message to the part that it is for. */
import type { HostMessage, JobView, Tab } from "../messages.js";
import { element, linkButton, show } from "./dom.js";
import { FailureCard } from "./failureCard.js";
import { Header } from "./header.js";
import { receive, rememberedJob, rememberJob, send } from "./host.js";
import { LogView } from "./logView.js";
import { OutputsView } from "./outputsView.js";
import { ResultsView } from "./resultsView.js";
import { SnapshotTab } from "./snapshotTab.js";
import { Tabs } from "./tabs.js";

const header = new Header(send);
const failure = new FailureCard(send);
const log = new LogView(send);
const results = new ResultsView(send);
const outputs = new OutputsView(send);
const snapshot = new SnapshotTab(send);
const tabs = new Tabs(selectTab);
const logTab = element("div", { class: "tab-log" }, failure.element, log.element);
tabs.add("log", "Log", logTab);
tabs.add("results", "Results", results.element);
tabs.add("outputs", "Outputs", outputs.element);
tabs.add("snapshot", "Snapshot", snapshot.element);

const bar = element("nav", { class: "bar" }, tabs.element, log.tools);
const page = element("main", { class: "page" }, header.element, bar, logTab, results.element, outputs.element, snapshot.element);
const welcome = element(
  "div",
  { class: "welcome" },
  element("p", {}, "Run a Python file, or choose a job in the Slingshot view, to see its log here."),
  linkButton("Show the newest job", "", () => send({ type: "action", action: "showNewest" })),
);
document.body.append(page, welcome);
show(page, false);
show(welcome, false);

let job: JobView | null = null;

function selectTab(tab: Tab): void {
  show(log.tools, tab === "log");
  if (tab !== "log") send({ type: "tab", tab });
}

function setJob(next: JobView | null, now: number): void {
  const other = next?.id !== job?.id;
  job = next;
  show(page, next !== null);
  show(welcome, next === null);
  if (other) {
    failure.set(null);
    results.clear();
    outputs.clear();
    snapshot.clear();
  }
  if (next !== null) {
    rememberJob(next.id);
    header.setJob(next, now);
    tabs.setCount("results", next.results);
    tabs.setCount("outputs", next.outputs);
    tabs.setCount("snapshot", next.files);
  }
  log.setJob(next);
  if (other && next !== null) tabs.select("log");
}

function handle(message: HostMessage): void {
  switch (message.type) {
    case "job":
      return setJob(message.job, message.now);
    case "failure":
      return failure.set(message.failure);
    case "extent":
    case "rows":
    case "found":
    case "match":
      return log.receive(message);
    case "results":
    case "resultText":
    case "resultTable":
    case "resultImage":
    case "resultProblem":
      return results.receive(message);
    case "outputs":
      return outputs.set(message.items, message.total);
    case "snapshot":
      return snapshot.set(message.snapshot);
    case "chain":
      return snapshot.setChain(message.path, message.steps);
    case "sent":
      return;
    case "find":
      tabs.select("log");
      return log.openFind();
    case "tab":
      return tabs.select(message.tab);
  }
}

receive(handle);
send({ type: "ready", job: rememberedJob() });
