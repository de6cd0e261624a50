// The list of responses. It refreshes the newest page and loads older pages on demand.

import { category, element, moment } from "./show.js";

const PAGE = 12;
const list = document.getElementById("responses");
const more = document.getElementById("more");
const none = document.getElementById("none");
/** Listed responses by id: the text of each, to detect changes, and its list item. */
const listed = new Map();
let cursor = null;
let begun = false;

/** Loads the newest responses into the list. New ones are highlighted, except on the first call. */
export async function refresh(ask) {
  const { responses, next_cursor: next } = await ask(`/owner/responses.json?limit=${PAGE}`);
  for (const response of responses.toReversed()) put(response, begun, (item) => list.prepend(item));
  if (!begun) cursor = next;
  begun = true;
  settle();
}

/** Adds a page of older responses when the button is pressed. */
export function offerMore(ask) {
  more.addEventListener("click", async () => {
    more.disabled = true;
    try {
      const query = new URLSearchParams({ limit: PAGE, cursor });
      const { responses, next_cursor: next } = await ask(`/owner/responses.json?${query}`);
      for (const response of responses) put(response, false, (item) => list.append(item));
      cursor = next;
      more.textContent = "Load more";
    } catch {
      more.textContent = "Loading failed. Try again";
    }
    more.disabled = false;
    settle();
  });
}

function settle() {
  none.textContent = "No responses yet. New responses appear here within two seconds.";
  none.hidden = listed.size > 0;
  more.hidden = cursor === null;
}

/** Adds a response to the list, or renders it again in place if it has changed. */
function put(response, fresh, insert) {
  const text = JSON.stringify(response);
  const known = listed.get(response.id);
  if (known?.text === text) return;
  const item = drawn(response, fresh);
  if (known) known.item.replaceWith(item);
  else insert(item);
  listed.set(response.id, { text, item });
}

function drawn(response, fresh) {
  const { score } = response;
  const scored = score !== null && score !== undefined;
  const kind = scored ? (response.category ?? category(score)) : "unscored";
  const name = scored ? kind[0].toUpperCase() + kind.slice(1) : response.dismissed ? "Not now" : "No score";
  const given = element("span", "given", scored ? String(score) : "–");
  const time = element("time", "", moment(response.at));
  time.dateTime = response.at;
  const item = element("li", fresh ? `${kind} fresh` : kind, given, element("p", "who", name, time));
  if (response.comment) item.append(element("blockquote", "", response.comment));
  const details = Object.entries(response.properties ?? {}).map(([key, value]) => `${key.replaceAll("_", " ")}: ${value}`);
  if (response.channel) details.push(`channel: ${response.channel}`);
  if (details.length) item.append(element("p", "more", details.join(" · ")));
  return item;
}
