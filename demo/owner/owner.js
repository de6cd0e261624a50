// The owner page. It polls the score every two seconds, and loads the responses when the score has
// changed.

import { offerMore, refresh } from "./responses.js";
import { category, count, element, month, number, range, several } from "./show.js";
import { trend } from "./trend.js";

const EVERY = 2000;
const NEWS_LASTS = 8000;
const at = (id) => document.getElementById(id);
let before = null;
let beforeText = "";
let newsTimer;

/** Gets JSON from the demo server. An error contains the reason from the response. */
async function ask(path) {
  const response = await fetch(path, { signal: AbortSignal.timeout(8000), cache: "no-store" });
  const body = await response.json().catch(() => null);
  if (!response.ok || body === null) throw new Error(body?.detail ?? `The server replied with status ${response.status}.`);
  return body;
}

async function look() {
  try {
    const now = await ask("/owner/score.json?range=all&interval=month");
    const text = JSON.stringify(now, null, 2);
    if (text !== beforeText) {
      await refresh(ask);
      draw(now);
      at("raw").textContent = text;
      tell(now);
      [before, beforeText] = [now, text];
    }
    trouble("");
  } catch (error) {
    const reason = error instanceof TypeError ? "The demo server cannot be reached." : error.message;
    const shown = before ? "You see the last data it returned." : "";
    trouble(`${reason} ${shown} Trying again every two seconds.`);
    if (!before) {
      document.body.dataset.state = "failed";
      at("score").replaceChildren(element("span", "waiting", "No connection yet"));
      at("none").textContent = "Not loaded yet.";
    }
  }
}

/** Shows an error. The element is a live region, so its text is set only when it changes. */
function trouble(text) {
  if (at("trouble").textContent !== text) at("trouble").textContent = text;
}

function draw(now) {
  document.body.dataset.state = now.score === null ? "empty" : "ready";
  if (now.score === null) {
    at("score").replaceChildren(element("span", "waiting", "No responses yet"));
    at("interval").textContent = "No visitor has chosen a score yet, so there is no NPS. It is not zero.";
  } else {
    const [whole, part] = number(now.score, 2).split(".");
    at("score").replaceChildren(whole, element("small", "", `.${part}`));
    at("interval").textContent = `95% confidence interval ${range(now.interval95)}`;
  }
  at("sample").textContent = sample(now);
  scale(now);

  const counts = now.counts;
  const bars = at("shares").children;
  ["promoters", "passives", "detractors"].forEach((name, index) => {
    at(name).textContent = count(counts[name]);
    bars[index].style.flexGrow = counts[name];
  });
  const most = Math.max(1, ...now.distribution);
  at("distribution").replaceChildren(...now.distribution.map((chosen, score) => {
    const bar = element("span", "bar");
    bar.style.height = `${(chosen / most) * 84}%`;
    const digit = element("span", "number", String(score));
    return element("li", category(score), element("span", "column", count(chosen), bar), digit);
  }));

  at("trend").replaceChildren(trend(now.series));
  if (!before) at("trend").scrollLeft = at("trend").scrollWidth;
  const rows = now.series.filter((entry) => entry.score !== null).toReversed().map((entry) => {
    const head = element("th", "", month(entry.from));
    head.scope = "row";
    const cells = [number(entry.score, 1), range(entry.interval95), count(entry.scored)];
    return element("tr", "", head, ...cells.map((cell) => element("td", "", cell)));
  });
  at("months").querySelector("tbody").replaceChildren(...rows);
}

function sample(now) {
  const parts = [several(now.scored, "response")];
  if (now.commented) parts.push(`${count(now.commented)} with a comment`);
  if (now.dismissed) parts.push(`${count(now.dismissed)} dismissed`);
  if (now.low_sample && now.scored) parts.push("small sample, so read the score with care");
  return parts.join(", ");
}

/** Draws the score and its interval on the scale from −100 to 100. */
function scale(now) {
  const [band, mark] = at("scale").children;
  const percent = (score) => `${(score + 100) / 2}%`;
  mark.style.left = percent(now.score ?? 0);
  if (now.interval95) {
    band.style.left = percent(now.interval95.low);
    band.style.width = `${(now.interval95.high - now.interval95.low) / 2}%`;
  }
}

/** Shows for a while which scores are new. The highlights in the list end at the same time. */
function tell(now) {
  if (!before) return;
  const arrived = now.distribution.flatMap((chosen, score) => {
    const more = chosen - before.distribution[score];
    return more > 0 ? [more > 1 ? `${more} times ${score}` : `a ${score}`] : [];
  });
  if (arrived.length) at("news").textContent = `Just now: ${arrived.join(", ")}`;
  clearTimeout(newsTimer);
  newsTimer = setTimeout(() => {
    at("news").textContent = "";
    for (const item of document.querySelectorAll(".fresh")) item.classList.remove("fresh");
  }, NEWS_LASTS);
}

offerMore(ask);
for (;;) {
  if (!document.hidden) await look();
  await new Promise((resolve) => setTimeout(resolve, EVERY));
}
