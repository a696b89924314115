// Measures, inside the extension host, how long work that falls due at any moment has to wait: ticks fall due on a fixed
// grid, and each that a stall swallowed counts with its own lateness. Each second one JSON line is added to STALL_PROBE_FILE:
// { "resident": bytes, "ticks": [[due, in milliseconds since the epoch, late, in milliseconds], …] }.
const { appendFile } = require("node:fs");

const every = 5;
const writeEvery = 1000;

exports.activate = () => {
  const file = process.env.STALL_PROBE_FILE;
  if (file === undefined) return;
  let due = performance.now() + every;
  let ticks = [];
  const look = () => {
    const now = performance.now();
    for (; due <= now; due += every) ticks.push([performance.timeOrigin + due, now - due]);
    setTimeout(look, Math.ceil(due - now));
  };
  setTimeout(look, every);
  setInterval(() => {
    const line = JSON.stringify({ resident: process.memoryUsage.rss(), ticks });
    ticks = [];
    appendFile(file, `${line}\n`, () => undefined);
  }, writeEvery);
};
