// Trend chart: one point per month, a line through adjacent months, and a band for their intervals.
// A month without responses interrupts both. A long gap is drawn short, so that the rest stays
// readable.

import { month, number, range, several } from "./show.js";

const WIDTH = 760;
const HEIGHT = 270;
const EDGE = { left: 44, right: 22, top: 12, bottom: 34 };
/** Longest gap in months that is drawn to scale. */
const SILENCE = 3;
/** A point with fewer responses is hollow. */
const LOW_SAMPLE = 30;

/** Draws `series` as an SVG element. */
export function trend(series) {
  const { placed, silences, width } = place(series);
  const inner = WIDTH - EDGE.left - EDGE.right;
  const x = (slot) => EDGE.left + (width < 1 ? inner / 2 : (slot / width) * inner);
  const y = (score) => EDGE.top + ((100 - score) / 200) * (HEIGHT - EDGE.top - EDGE.bottom);

  const svg = node("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": summary(placed) });
  for (const score of [100, 50, 0, -50, -100]) {
    const at = { x1: EDGE.left, x2: WIDTH - EDGE.right, y1: y(score), y2: y(score) };
    svg.append(node("line", { class: score ? "rule" : "rule zero", ...at }));
    svg.append(node("text", { x: EDGE.left - 8, y: y(score) + 4, "text-anchor": "end" }, number(score, 0)));
  }
  for (const run of runs(placed)) {
    const known = run.filter(({ entry }) => entry.interval95);
    const high = known.map(({ slot, entry }) => `${x(slot)},${y(entry.interval95.high)}`);
    const low = known.map(({ slot, entry }) => `${x(slot)},${y(entry.interval95.low)}`);
    if (known.length > 1) svg.append(node("polygon", { class: "band", points: [...high, ...low.reverse()].join(" ") }));
    for (const { slot, entry } of known.length === 1 ? known : []) {
      const { low, high } = entry.interval95;
      svg.append(node("line", { class: "whisker", x1: x(slot), x2: x(slot), y1: y(low), y2: y(high) }));
    }
    const line = run.map(({ slot, entry }) => `${x(slot)},${y(entry.score)}`).join(" ");
    svg.append(node("polyline", { class: "path", points: line }));
  }
  for (const { slot, entry } of placed) {
    const low = entry.scored < LOW_SAMPLE;
    const point = node("circle", { class: low ? "low" : "", cx: x(slot), cy: y(entry.score), r: 4 });
    point.append(node("title", {}, describeMonth(entry)));
    svg.append(point);
  }
  for (const { slot, months } of silences) {
    const label = node("text", { x: x(slot), y: y(0) - 8, "text-anchor": "middle" }, "⋯");
    label.append(node("title", {}, `${several(months, "month")} without responses`));
    svg.append(label);
  }
  for (const { slot, entry, anchor } of labels(placed, x)) {
    svg.append(node("text", { x: x(slot), y: HEIGHT - 10, "text-anchor": anchor }, month(entry.from)));
  }
  return svg;
}

/** Describes a month as text. */
export const describeMonth = (entry) =>
  `${month(entry.from)}: ${number(entry.score, 1)}, 95% interval ${range(entry.interval95)}, ${several(entry.scored, "response")}`;

/** Assigns a slot to each month with responses, and shortens long gaps. */
function place(series) {
  const placed = [];
  const silences = [];
  let slot = 0;
  let last = -1;
  series.forEach((entry, index) => {
    if (entry.score === null) return;
    if (placed.length) {
      const silent = index - last - 1;
      if (silent > SILENCE) silences.push({ slot: slot + (SILENCE + 1) / 2, months: silent });
      slot += Math.min(silent, SILENCE) + 1;
    }
    placed.push({ slot, entry, index });
    last = index;
  });
  return { placed, silences, width: slot };
}

/** Splits the months into runs of adjacent months. */
function runs(placed) {
  const found = [];
  for (const point of placed) {
    const run = found.at(-1);
    if (run && run.at(-1).index === point.index - 1) run.push(point);
    else found.push([point]);
  }
  return found;
}

/** Returns the months to label: the last one, and from the left as many as fit. */
function labels(placed, x) {
  const last = placed.at(-1);
  if (!last) return [];
  const ends = x(last.slot) > WIDTH - 60;
  const chosen = [];
  for (const point of placed) {
    const before = chosen.at(-1);
    if (x(last.slot) - x(point.slot) < 115) break;
    if (!before || x(point.slot) - x(before.slot) > 118) chosen.push({ ...point, anchor: "middle" });
  }
  return [...chosen, { ...last, anchor: ends ? "end" : "middle" }];
}

function summary(placed) {
  if (!placed.length) return "No month has responses yet.";
  return `Score by month, ${several(placed.length, "month")} with responses. Latest: ${describeMonth(placed.at(-1).entry)}.`;
}

function node(name, attributes, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}
