/** One rule of the search: where it is tried, its pattern, and what a match must be besides. */
import type { ContentKind } from "./secretFinding.js";

export interface TextRule {
  /** A key of `ruleWords`. */
  id: string;
  /** The pattern is tried where one of these stands, in any case; of each the first three characters count. */
  anchors: readonly string[];
  /**
   * Sticky, from the anchor on; what must stand before is looked for backwards. Every repetition is bounded, so that a line
   * of megabytes costs no more than many short ones.
   */
  pattern: RegExp;
  /** Absent: every match counts. `value` is the pattern's group of that name, else the whole match. */
  accepts?(value: string): boolean;
  /** How often the pattern is tried in one text at most: fewer for patterns that look far. */
  tries?: number;
  /** Absent: every kind. */
  kinds?: readonly ContentKind[];
}
