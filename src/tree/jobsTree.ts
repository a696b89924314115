/** The history of jobs as a tree: days, and in them jobs, newest first. */
import * as vscode from "vscode";
import type { JobRecord, JobStatus } from "../jobs/job.js";
import { commands } from "../platform/ids.js";
import { dayOf, escapedMarkdown, jobItem } from "./jobItem.js";

export interface ListedJob {
  record: JobRecord;
  status: JobStatus;
}

/** Reads jobs; `jobs/jobStore.ts` is one. */
export interface JobList {
  /** Newest first. */
  list(): ListedJob[];
  get(id: string): ListedJob | undefined;
  onDidChange(listener: (ids: readonly string[]) => void): { dispose(): void };
}

export interface DayNode {
  day: string;
  jobs: string[];
}

/** What the commands of a job get from the tree. */
export interface JobNode {
  jobId: string;
}

export type TreeNode = DayNode | JobNode;

export class JobsTree implements vscode.TreeDataProvider<TreeNode> {
  private readonly changed = new vscode.EventEmitter<TreeNode | TreeNode[] | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly nodes = new Map<string, JobNode>();
  private days: DayNode[] = [];
  /** All jobs of all days; nodes exist only for those whose day was opened. */
  private listed: ReadonlySet<string> = new Set();

  constructor(private readonly jobs: JobList) {}

  /** Draws again what has changed: known jobs alone, everything where jobs came or went. */
  refresh(ids: readonly string[]): void {
    const same = ids.every((id) => this.listed.has(id) === (this.jobs.get(id) !== undefined));
    const drawn = ids.flatMap((id) => this.nodes.get(id) ?? []);
    if (!same) this.changed.fire(undefined);
    else if (drawn.length > 0) this.changed.fire(drawn);
  }

  getChildren(parent?: TreeNode): TreeNode[] {
    if (parent === undefined) return this.root();
    return "day" in parent ? parent.jobs.map((id) => this.node(id)) : [];
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return "day" in node ? undefined : this.days.find((day) => day.jobs.includes(node.jobId));
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    return "day" in node ? this.dayItem(node) : this.jobTreeItem(node.jobId);
  }

  dispose(): void {
    this.changed.dispose();
  }

  private root(): DayNode[] {
    const days = new Map<string, DayNode>();
    const now = Date.now();
    const present = new Set<string>();
    for (const { record } of this.jobs.list()) {
      const name = dayOf(record.createdAt, now);
      const day = days.get(name) ?? { day: name, jobs: [] };
      day.jobs.push(record.id);
      days.set(name, day);
      present.add(record.id);
    }
    for (const id of this.nodes.keys()) if (!present.has(id)) this.nodes.delete(id);
    this.listed = present;
    this.days = [...days.values()];
    return this.days;
  }

  private node(id: string): JobNode {
    const node = this.nodes.get(id) ?? { jobId: id };
    this.nodes.set(id, node);
    return node;
  }

  private dayItem({ day, jobs }: DayNode): vscode.TreeItem {
    const first = this.days[0]?.day === day;
    const item = new vscode.TreeItem(day, first ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed);
    item.id = `day ${day}`;
    item.contextValue = "day";
    item.accessibilityInformation = { label: `${day}, ${String(jobs.length)} ${jobs.length === 1 ? "job" : "jobs"}` };
    return item;
  }

  private jobTreeItem(id: string): vscode.TreeItem {
    const job = this.jobs.get(id);
    if (job === undefined) return new vscode.TreeItem(id);
    const { label, description, tooltip, spoken, icon, context } = jobItem(job);
    const item = new vscode.TreeItem(label);
    item.id = id;
    item.description = description;
    item.iconPath = new vscode.ThemeIcon(icon.id, icon.color === null ? undefined : new vscode.ThemeColor(icon.color));
    item.contextValue = context;
    item.accessibilityInformation = { label: spoken };
    item.tooltip = new vscode.MarkdownString(tooltip.map(escapedMarkdown).join("\n\n"));
    item.command = { command: commands.showJob, title: "Show Job", arguments: [{ jobId: id }] };
    return item;
  }
}
