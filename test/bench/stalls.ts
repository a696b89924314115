/** What the probe in the extension host (`stallProbe/`) wrote down. */
import { readFileSync } from "node:fs";

interface Second {
  resident: number;
  ticks: [due: number, late: number][];
}

export interface ProbeRecord {
  /** Milliseconds that the ticks between two moments (milliseconds since the epoch) came late. */
  late(from: number, until: number): number[];
  /** The most bytes in RAM between the two moments. */
  resident(from: number, until: number): number;
}

/** Throws where the probe has written nothing: it did not run. */
export function readProbe(file: string): ProbeRecord {
  const seconds = readFileSync(file, "utf8").trim().split("\n").map((line) => JSON.parse(line) as Second);
  const within = (from: number, until: number) => ([due]: [number, number]): boolean => due >= from && due <= until;
  return {
    late: (from, until) => some(seconds.flatMap(({ ticks }) => ticks.filter(within(from, until)).map(([, late]) => late)), from),
    resident: (from, until) => Math.max(...some(seconds.filter(({ ticks }) => ticks.some(within(from, until))).map(({ resident }) => resident), from)),
  };
}

function some(figures: number[], from: number): number[] {
  if (figures.length === 0) throw new Error(`The probe in the extension host has no figure from ${new Date(from).toISOString()} on.`);
  return figures;
}
