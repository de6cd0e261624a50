// Loader: the script that every page view of a customer's site runs.
//
// It checks without a request whether the visitor is eligible. Only for an eligible visitor, or to
// send a response that is still in the outbox, it imports the widget entry. It promises the page:
//
// - one global function, `window.grapevine`, whose commands grapevine.d.ts describes
// - one key in `localStorage`, and a second one while responses wait to be sent
// - no timer and no listener without a use
// - no exception: the event `grapevine:error` reports what failed
//
// This file is a template. The build inserts the names of the assets, the collector the site's
// settings.

import { DAY_MS, isPathExcluded, sampleValue, status } from "./eligibility.js";
import { parseUser } from "./user.js";
import { warn } from "./warn.js";

/** @import { Context, SurveyDates } from "./types" */

/** Accepted form of each attribute of the tag that overrides a setting. */
const ATTRIBUTES = {
  delay: /^\d{1,6}(\.\d+)?$/,
  view: /^\d{1,6}$/,
  lang: /^[a-z]{2,3}([-_]\w+)*$/i,
  mode: /^(card|bar|inline|tab)$/,
  corner: /^(top|bottom)-(left|right)$/,
  target: /./,
  frame: /^(true)?$/,
};

/** @type {any} the page's stub with the calls before this script, or an earlier loader */
const existing = window.grapevine;
const config = __SITE__;
// A module has no `currentScript`.
const script = /** @type {HTMLScriptElement} */ (
  document.currentScript ?? document.querySelector(`script[src*="${config.site}"]`)
);
const origin = /** @type {string} */ (script?.src && new URL(script.src).origin);
/** @type {Record<string, Record<string, any>>} everything stored, also where storage is blocked */
const memory = {};
/** @type {Promise<{ open: Function }> | null} */
let importing;
/** Cancels the armed trigger. */
let disarm = () => {};

/**
 * Wraps a callback of the page or the browser, so that it throws nothing.
 * @type {<Args extends any[], Result>(callback: (...args: Args) => Result) =>
 *   (...args: Args) => Result | undefined}
 */
const guard =
  (callback) =>
  (...args) => {
    try {
      return callback(...args);
    } catch {}
  };

const fetchPath = (/** @type {string} */ path) => fetch(origin + path, { referrerPolicy: "origin" });

const dispatch = guard((/** @type {string} */ name) =>
  document.dispatchEvent(new CustomEvent("grapevine:" + name, { bubbles: true })),
);

/** Finds an element; nothing where the text is not a selector. */
const findElement = guard((/** @type {string} */ selector) => document.querySelector(selector));

const load = guard(
  (/** @type {string} */ key) => (memory[key] = { ...JSON.parse(localStorage[key] || "{}") }),
);

/** @type {Context["readStore"]} */
const readStore = (key) => (context.storageAllowed && load(key)) || memory[key] || {};

/** @type {Context["writeStore"]} */
const writeStore = (key, value) => {
  memory[key] = value;
  try {
    const text = JSON.stringify(value);
    if (context.storageAllowed) text == "{}" ? delete localStorage[key] : (localStorage[key] = text);
  } catch {
    context.storageAllowed = false; // full or blocked: from now on only in memory
  }
};

const readDates = () => readStore("grapevine");

const updateDates = (/** @type {SurveyDates} */ change) =>
  writeStore("grapevine", { ...readDates(), ...change });

/** Draws a visitor's number once for all surveys. A user id makes it the same on all devices. */
const drawSample = () => {
  if (!context.userId && !readDates().lot) updateDates({ lot: Math.ceil(Math.random() * 1e4) });
  return sampleValue((context.userId || readDates().lot) + context.surveyKey);
};

const getStatus = () => status(context, readDates(), (Date.now() / DAY_MS) | 0);

const importEntry = () =>
  (importing ||= import(origin + "/a/__GLUE__").then((entry) => entry.begin(context)));

/** @type {Context["showSurvey"]} */
const show = async (options, manual) => {
  context.requested = true;
  context.manual = manual;
  try {
    const wasm = config.frame ?? fetchPath("/a/__WASM__").catch(() => {});
    const { open } = await importEntry();
    await open(wasm, options);
  } catch {
    importing = null;
    dispatch("error");
  }
};

const hide = () => {
  context.requested = false;
  context.closeSurvey?.();
};

/** Shows the survey once the page is visible, if it is due: for an identified user, by the collector too. */
const tryShow = async () => {
  disarm();
  if (document.hidden) return document.addEventListener("visibilitychange", tryShow, { once: true });
  try {
    const user = context.userId;
    if (getStatus() == "due" && user) {
      const response = await fetchPath(`/v1/sites/${config.site}/due?user=` + encodeURIComponent(user));
      if (!(await response.json()).due) context.refusedUser = user;
    }
    if (getStatus() == "due") show();
  } catch {
    dispatch("error");
  }
};

/** Waits for the survey's trigger, if the survey is due. */
const armTrigger = () => {
  disarm();
  if (getStatus() != "due") return;
  /** @type {(target: EventTarget, name: string, isTriggered: (event: any) => boolean) => void} */
  const listen = (target, name, isTriggered) => {
    const listener = guard((event) => isTriggered(event) && tryShow());
    target.addEventListener(name, listener);
    disarm = () => target.removeEventListener(name, listener);
  };
  if (config.delay >= 0) {
    const timer = setTimeout(tryShow, config.delay * 1e3);
    disarm = () => clearTimeout(timer);
  }
  if (config.scroll)
    listen(
      window,
      "scroll",
      () => scrollY + innerHeight >= (document.documentElement.scrollHeight * config.scroll) / 100,
    );
  if (config.exit) listen(document.documentElement, "mouseleave", (event) => event.clientY <= 0);
};

/** Counts a page view: the first, or a new path in a single-page application. */
const onPageView = () => {
  if (context.currentPath == location.pathname) return;
  context.currentPath = location.pathname;
  context.blocked = "";
  const { views } = readDates();
  // A visitor who comes from another page of the site has had a page view already.
  if (!(views >= config.view))
    updateDates({ views: 1 + (views ?? +document.referrer.startsWith(location.origin + "/")) });
  if (isPathExcluded(context) && !context.manual) hide();
  armTrigger();
};
const onNavigation = guard(onPageView);

const restart = () => {
  context.currentPath = 0;
  onPageView();
};

/** @type {Record<string, (...args: any[]) => unknown>} */
const commands = {
  // @ts-expect-error: names such as `toString` are no commands
  __proto__: null,
  show: (options) => show(options, true),
  hide() {
    context.blocked = "hidden";
    hide();
  },
  reset() {
    writeStore("grapevine", {});
    restart();
  },
  identify(user) {
    context.userId = parseUser(user);
    armTrigger();
  },
  set: (properties) => Object.assign(context.userProperties, properties),
  consent(given = true) {
    if (config.storage != "consent" || (given && context.storageAllowed)) return;
    const { views, ...dates } = readDates(); // dates from before the consent count after it
    context.storageAllowed = true;
    if (given) updateDates(dates);
    else for (const key of ["grapevine", context.outboxKey]) writeStore(key, {});
    context.storageAllowed = given;
    restart();
  },
  event: (name) => name && name == config.event && tryShow(),
  on: (name, listener) => document.addEventListener("grapevine:" + name, listener),
  off: (name, listener) => document.removeEventListener("grapevine:" + name, listener),
  why() {},
};

const grapevine = /** @type {any} */ (
  async (/** @type {string} */ name, /** @type {any[]} */ ...args) => {
    if (!commands[name]) throw Error("no command " + name);
    await commands[name](...args);
    return getStatus();
  }
);

/** @type {Context} */
const context = {
  config,
  collectorOrigin: origin,
  surveyKey: config.site + config.variant,
  outboxKey: "grapevine-" + config.site,
  userProperties: {},
  storageAllowed: !config.storage,
  refusedUser: {},
  findElement,
  fetchPath,
  dispatch,
  readStore,
  writeStore,
  drawSample,
  showSurvey: show,
  tryShow,
};

// A second tag changes nothing. Without its tag, the script does not know the collector.
if (origin && !existing?.loaded)
  try {
    grapevine.loaded = 1;
    window.grapevine = grapevine;
    for (const [name, pattern] of Object.entries(ATTRIBUTES)) {
      const text = script.dataset[name];
      if (text == null) continue;
      if (pattern.test(text)) /** @type {any} */ (config)[name] = text;
      else warn(`data-${name}="${text}"`);
    }
    context.userId = parseUser(script.dataset.user);
    addEventListener("popstate", onNavigation);
    document.addEventListener("DOMContentLoaded", guard(armTrigger)); // the target may be parsed only now
    onPageView();
    // The page holds no promise of its earlier calls, so a wrong command is not reported.
    for (const call of existing?.q ?? []) grapevine(...call).catch(() => {});
    if (Object.keys(readStore(context.outboxKey))[0]) importEntry().catch(() => {});
    dispatch("ready");
    // The last step, since a page may have frozen `history`.
    for (const name of /** @type {const} */ (["pushState", "replaceState"])) {
      const original = history[name];
      history[name] = function (...args) {
        const result = original.apply(this, args);
        onNavigation();
        return result;
      };
    }
  } catch {
    dispatch("error");
  }
