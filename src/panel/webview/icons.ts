/** Icons of the panel: 16 × 16, drawn with lines of the text's colour. */

const shapes = {
  close: ["M4 4l8 8", "M12 4l-8 8"],
  up: ["M8 13V3.500", "M4 7.300 8 3.300l4 4"],
  down: ["M8 3v9.500", "M4 8.700l4 4 4-4"],
  stop: ["M4 4h8v8H4Z"],
  rerun: ["M13 8a5 5 0 1 1-1.600-3.700", "M13.200 1.800v2.900h-2.900"],
  history: ["M3 8a5 5 0 1 0 1.600-3.700", "M2.800 1.800v2.900h2.900", "M8 5.200V8.200l2 1.300"],
  external: ["M9.500 2.500h4v4", "M13.300 2.700 7.500 8.500", "M11.500 9.500v4h-9v-9h4"],
  follow: ["M8 2v7.500", "M4.500 6.300 8 9.800l3.500-3.500", "M3 13.200h10"],
  clock: ["M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Z", "M8 4.800V8l2.200 1.600"],
  engine: ["M3 4.500h10v7H3Z", "M5.500 2.500v2M8 2.500v2M10.500 2.500v2M5.500 11.500v2M8 11.500v2M10.500 11.500v2", "M6 7h4v2H6Z"],
  check: ["M8 1.800a6.200 6.200 0 1 0 0 12.400A6.200 6.200 0 0 0 8 1.800Z", "M5.200 8.300l2 2 3.700-4.400"],
  error: ["M8 1.800a6.200 6.200 0 1 0 0 12.400A6.200 6.200 0 0 0 8 1.800Z", "M5.700 5.700l4.600 4.600M10.300 5.700l-4.600 4.600"],
  slash: ["M8 1.800a6.200 6.200 0 1 0 0 12.400A6.200 6.200 0 0 0 8 1.800Z", "M3.700 3.700l8.600 8.600"],
  question: ["M8 1.800a6.200 6.200 0 1 0 0 12.400A6.200 6.200 0 0 0 8 1.800Z", "M6.200 6.300c0-2.300 3.600-2.300 3.600-.1 0 1.400-1.800 1.500-1.800 2.900", "M8 11.300v.2"],
  spinner: ["M8 2a6 6 0 1 1-5.700 4.200"],
  warning: ["M8 2.200 14.200 13.500H1.800Z", "M8 6.200v3.600", "M8 11.600v.2"],
  info: ["M8 1.800a6.200 6.200 0 1 0 0 12.400A6.200 6.200 0 0 0 8 1.800Z", "M8 7.300v4", "M8 4.800v.2"],
  save: ["M8 2v7.500", "M4.500 6.300 8 9.800l3.500-3.500", "M2.500 10.500v3h11v-3"],
  compare: ["M2.500 2.500h4.300v11H2.500Z", "M9.200 2.500h4.300v11H9.200Z", "M11.400 6v4M9.900 8h3"],
  file: ["M3.500 1.800h6l3 3v9.400h-9Z", "M9.300 2v3h3"],
  expand: ["M6 3.500 10.500 8 6 12.500"],
  filter: ["M2.500 4h11", "M4.500 8h7", "M6.500 12h3"],
  sort: ["M2.500 4h8", "M2.500 8h6", "M2.500 12h4", "M12 6v7", "M9.800 10.800 12 13l2.200-2.200"],
  unsaved: ["M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z"],
} as const;

export type IconName = keyof typeof shapes;

const namespace = "http://www.w3.org/2000/svg";

export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(namespace, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  for (const shape of shapes[name]) {
    const path = document.createElementNS(namespace, "path");
    path.setAttribute("d", shape);
    svg.append(path);
  }
  return svg;
}
