// The survey on a hosted page: queues the calls for the loader, which arrives after this script.
//
// The options are in a data attribute of the script's tag, since the page's policy allows no inline
// script. Where the survey cannot run, the form in the page's `noscript` takes its place.
//
// - A link without a token counts once a browser and day: the id is stored, and a reload goes on
//   with it. With `?kiosk` each load is a new response.
// - A kiosk starts anew for the next person: by a reload, or where the collector cannot be reached
//   with a new survey on the same page.
// - After the survey was closed, the page says so and offers to answer after all.

import { linkId } from "./link_id.js";

/** The smallest module there is: magic number and version. */
const WASM_HEADER = [0, 97, 115, 109, 1, 0, 0, 0];
/** Time after the thanks, and time without input, until a kiosk starts anew. */
const KIOSK_THANKS_MS = 2e4;
const KIOSK_IDLE_MS = 6e4;
const REACH_TIMEOUT_MS = 1e4;

const { user, user_hash, properties, storage, ...options } = JSON.parse(
  /** @type {string} */ (document.currentScript?.dataset.options),
);
const find = (/** @type {string} */ selector) =>
  /** @type {HTMLElement} */ (document.querySelector(selector));
const survey = find("#survey");
const closed = find("#closed");
const note = find("#preset");
const noteHidden = note.hidden;
const kiosk = !options.id && new URLSearchParams(location.search).has("kiosk");
let scored = false;
let submitted = false;
let failed = false;
/** Whether a new survey is about to take the place of the one that is gone. */
let renewed = false;

/** @type {any} the stub that grapevine.d.ts describes */
const stub = function () {
  (stub.q ??= []).push(arguments);
};
window.grapevine = stub;
if (user != null) stub("identify", user, user_hash);
if (properties) stub("set", properties);

// The path of this page says nothing about where the visitor is, so it is left out.
const show = () => {
  const { id, since_ms } = linkId(options.id, kiosk || !!storage);
  if (!failed)
    window.grapevine("show", { ...options, id: id ?? options.id, since_ms, target: "#survey", page: null });
};

/** Shows the form in place of a survey that cannot run. */
const showForm = () => {
  if (failed || survey.firstChild) return;
  failed = true;
  survey.innerHTML = /** @type {string} */ (find("noscript").textContent);
  closed.hidden = true;
};

/** @type {ReturnType<typeof setTimeout>} */
let timer;
const restartAfter = (/** @type {number} */ delayMs) => {
  clearTimeout(timer);
  if (kiosk) timer = setTimeout(restart, delayMs);
};

/** Starts anew for the next person, unless somebody does something while the page is looked for. */
const restart = async () => {
  const started = timer;
  // Older browsers wait as long as the network does.
  const signal = AbortSignal.timeout?.(REACH_TIMEOUT_MS);
  const response = await fetch(location.href, { cache: "no-store", signal }).catch(() => {});
  if (timer != started) return;
  if (response?.ok) return location.reload();
  if (!failed && (scored || !survey.firstChild)) {
    renewed = true;
    scored = submitted = false;
    note.hidden = noteHidden;
    window.grapevine("hide");
    show();
  }
  restartAfter(KIOSK_IDLE_MS);
};

const on = (/** @type {string} */ name, /** @type {() => void} */ listener) =>
  document.addEventListener("grapevine:" + name, listener);
on("scored", () => {
  scored = true;
  note.hidden = true;
  restartAfter(KIOSK_IDLE_MS);
});
on("submitted", () => {
  submitted = true;
  restartAfter(KIOSK_THANKS_MS);
});
on("error", showForm);
addEventListener("error", ({ target }) => target instanceof HTMLScriptElement && showForm(), true);
const onInput = () => {
  // Only while there is something left to send.
  if (scored && !submitted && survey.firstChild) restartAfter(KIOSK_IDLE_MS);
};
for (const name of ["pointerdown", "keydown", "input"]) addEventListener(name, onInput, true);

new MutationObserver(() => {
  if (survey.firstChild) renewed = false;
  closed.hidden = failed || renewed || !!survey.firstChild;
  if (closed.hidden) return;
  // A response that was sent is not to be repeated.
  find("#closed button").hidden = scored;
  if (!submitted) restartAfter(KIOSK_THANKS_MS);
}).observe(survey, { childList: true });
find("#closed button").addEventListener("click", () => {
  clearTimeout(timer);
  show();
});

try {
  // Throws where the browser or its policy forbids WebAssembly.
  new WebAssembly.Module(Uint8Array.from(WASM_HEADER));
  // Older browsers have no such method.
  new CSSStyleSheet().replaceSync("");
  // A page in a background tab, or one that is prerendered, is not shown to anybody yet.
  if (document.hidden) document.addEventListener("visibilitychange", show, { once: true });
  else show();
} catch {
  showForm();
}
