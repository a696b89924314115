/** The page before a launch: what would be sent of what stands on the screen. */
import type { HostMessage, SentView } from "../messages.js";
import { element, iconButton, linkButton, show } from "./dom.js";
import { receive, send } from "./host.js";
import { icon } from "./icons.js";
import { SnapshotTab } from "./snapshotTab.js";

const snapshot = new SnapshotTab(send, { live: true });
const title = element("h1", { class: "title" });
const subtitle = element("span", { class: "muted" });
const busy = element("div", { class: "progress is-idle", role: "progressbar", "aria-label": "Taking the snapshot" }, element("div", { class: "progress-filled" }));
const run = element("button", { class: "button", type: "button" });
run.addEventListener("click", () => send({ type: "sent", act: "run" }));
const refresh = iconButton("rerun", "Refresh", () => send({ type: "sent", act: "refresh" }));
const problem = element("div", { class: "notice notice-error sent-problem", role: "alert" });
const head = element("header", { class: "sent-head" }, element("div", { class: "sent-title" }, title, subtitle), element("div", { class: "actions", role: "toolbar", "aria-label": "Launch" }, refresh, run));
document.body.classList.add("in-editor");
document.body.append(element("main", { class: "page" }, head, busy, problem, snapshot.element));
show(problem, false);

function setSent(view: SentView): void {
  title.textContent = view.title;
  subtitle.textContent = view.target === "" ? "" : `what a run on ${view.target} would send now`;
  run.textContent = view.target === "" ? "Run" : `Run on ${view.target}`;
  run.title = "Launch what stands on the screen";
  busy.classList.toggle("is-idle", !view.busy);
  busy.classList.toggle("is-endless", view.busy);
  show(problem, view.problem !== null);
  if (view.problem === null) return problem.replaceChildren();
  const open = view.problem.file ? linkButton("Open File", "Open the file that this is about", () => send({ type: "sent", act: "openProblem" })) : null;
  problem.replaceChildren(icon("error"), element("span", {}, view.problem.text), ...(open === null ? [] : [open]));
}

function handle(message: HostMessage): void {
  if (message.type === "sent") setSent(message.sent);
  else if (message.type === "snapshot" && message.snapshot !== null) snapshot.set(message.snapshot);
  else if (message.type === "snapshot") snapshot.clear();
  else if (message.type === "chain") snapshot.setChain(message.path, message.steps);
}

receive(handle);
send({ type: "ready", job: null });
