/** A span of time for people: `0.4 s`, `12 s`, `3 min 04 s`, `2 h 05 min`, `1 d 3 h`. Takes milliseconds. */
export function durationText(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 59.5) return `${String(Math.round(seconds))} s`;
  const [minutes, restSeconds] = split(Math.round(seconds), 60);
  if (minutes < 60) return `${String(minutes)} min ${twoDigits(restSeconds)} s`;
  const [hours, restMinutes] = split(minutes, 60);
  if (hours < 24) return `${String(hours)} h ${twoDigits(restMinutes)} min`;
  const [days, restHours] = split(hours, 24);
  return `${String(days)} d ${String(restHours)} h`;
}

/** A number of bytes for people, in decimal units: `812 B`, `1.2 kB`, `50 MB`. */
export function sizeText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 9.95 && unit > 0 ? value.toFixed(1) : String(Math.round(value))} ${units[unit] ?? "B"}`;
}

function split(value: number, by: number): [number, number] {
  return [Math.floor(value / by), value % by];
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
