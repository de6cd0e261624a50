// Loader: the script that every page view of a customer's site runs.
//
// It checks without a request whether the visitor is eligible. Only for an eligible visitor, or to
// send a response that is still in the outbox, it imports the widget entry. What rules a visitor
// out is here; what the survey waits for is in the entry, but for the delay. It promises the page:
//
// - one global function, `window.grapevine`, whose commands grapevine.d.ts describes
// - one key in `localStorage`, and a second one while responses wait to be sent
// - no timer for a visitor who is not eligible
// - no exception: the event `grapevine:error` reports what failed
//
// This file is a template. The build inserts the names of the assets, the collector the site's
// settings.

import { DAY_MS, isPathExcluded, sampleValue, status } from "./eligibility.js";
import { guard } from "./guard.js";
import { barrier, beginsVisit, isFramed, isOwn } from "./surroundings.js";
import { parseUser } from "./user.js";
import { warn } from "./warn.js";

/** @import { Context, SurveyDates } from "./types" */

/** Attributes of the tag that override a setting, each with its accepted form. */
const ATTRIBUTES =
  /^(view=\d{1,6}|mode=(card|bar|inline|tab)|lang=\w{2,3}([-_]\w+)*|frame=(true)?|test=(true)?|delay=\d{1,6}(\.\d+)?|target=[^]+|corner=(top|bottom)-(left|right))$/;

/** @type {any} the page's stub with the calls before this script, or an earlier loader */
const existing = typeof grapevine == "function" && grapevine; // not an element of that id
const config = __SITE__;
// A module has no `currentScript`.
const script = /** @type {HTMLScriptElement} */ (
  document.currentScript ?? document.querySelector(`script[src*="${config.site}"]`)
);
/** URL of the collector: what stands before `/e/` in the tag, with a path where a proxy adds one. */
const collectorUrl = /** @type {string} */ (script?.src.split("/e/" + config.site)[0]);
/** @type {Record<string, Record<string, any>>} everything stored, also where storage is blocked */
const memory = {};
/** @type {ReturnType<typeof setTimeout>} */
let timer;
/** Path and route of the current page view. */
let currentView = "";
/** Whether the trigger has happened on this page view. */
let triggered = false;

const fetchPath = (/** @type {string} */ path) => fetch(collectorUrl + path, { referrerPolicy: "origin" });

const dispatch = guard((/** @type {string} */ name) =>
  document.dispatchEvent(new CustomEvent("grapevine:" + name, { bubbles: true })),
);

/** @type {Context["readStore"]} */
const readStore = (key) => {
  try {
    if (context.storageAllowed) memory[key] = JSON.parse(localStorage[key] || null);
  } catch {} // blocked, or changed by the page
  return { ...memory[key] };
};

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

const getStatus = () => status(context, readDates(), Date.now() / DAY_MS);

/**
 * Wraps what may fail, so that the page hears of it by an event.
 * @type {<Args extends any[], Result>(callback: (...args: Args) => Result | Promise<Result>) =>
 * (...args: Args) => Promise<Result | undefined>}
 */
const report =
  (callback) =>
  async (...args) => {
    try {
      return await callback(...args);
    } catch {
      dispatch("error");
    }
  };

/** The entry also begins to watch for what the survey waits for. */
const importEntry = report(async () => (await import(collectorUrl + "/a/__GLUE__")).begin(context));

/** @type {Context["showSurvey"]} */
const show = report(async (options, manual) => {
  if (context.barred) return;
  context.requested = true;
  context.manual = manual;
  const wasm = config.frame ?? fetchPath("/a/__WASM__").catch(() => {});
  await (await importEntry())?.open(wasm, options);
});

const hide = () => {
  context.requested = false;
  context.closeSurvey?.();
};

/** Shows the survey if it is due: for an identified user, by the collector too. */
const ask = report(async () => {
  const user = context.userId;
  if (user) {
    const response = await fetchPath(
      `/v1/sites/${config.site}/due?user=` + encodeURIComponent(user) + context.userProof,
    );
    if (!(await response.json()).due) context.refusedUser = user;
  }
  if (triggered && getStatus() == "due") show();
  else armTrigger();
});

/** Waits for the survey's trigger if the survey is due, and for its element if it is due but for that. */
const armTrigger = guard(() => {
  clearTimeout(timer);
  const state = getStatus();
  if (state == "due") {
    if (triggered) ask();
    else if (config.delay >= 0) timer = setTimeout(tryShow, config.delay * 1e3);
    else if (config.scroll || config.exit) importEntry();
  } else if (state == "target") importEntry();
});

/** Shows the survey as soon as it is due and the page is seen. */
const tryShow = () => {
  triggered = true;
  armTrigger();
};

/**
 * Begins a page view: the first, a new path in a single-page application, or a page from the
 * back-forward cache. A route behind `#/` or `#!/` belongs to the path, an anchor does not.
 *
 * The page view counts once somebody sees it, and the trigger is waited for from then on. A page
 * inside another that shows the survey counts none.
 */
const onPageView = guard((/** @type {{ persisted?: boolean } | void} */ event) => {
  context.currentPath = location.pathname;
  const view = context.currentPath + location.hash.match(/^#!?\/[^?#]*/);
  if (currentView != view || event?.persisted) {
    currentView = view;
    context.unseen = true;
    context.blocked = "";
    triggered = false;
    clearTimeout(timer);
    if (isPathExcluded(context) && !context.manual) hide();
  }
  if (!context.unseen || document.hidden || isFramed(onPageView)) return;
  context.unseen = false;
  const { views } = readDates();
  // A visitor who comes from another page of the site has had a page view already.
  if (!(views >= config.view)) updateDates({ views: 1 + (views ?? +(/** @type {any} */ (parent == window && isOwn(document.referrer)))) });
  armTrigger();
});

const restart = () => {
  currentView = "";
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
  identify(user, hash = "") {
    context.userProof = "&user_hash=" + hash;
    context.userId = parseUser(user);
    armTrigger();
  },
  set: (properties) => Object.assign(context.userProperties, properties),
  consent(given = true) {
    if (config.storage != "consent" || (given && context.storageAllowed)) return;
    const { views, ...dates } = readDates(); // dates from before the consent count after it
    context.storageAllowed = true;
    if (given) updateDates(dates);
    else {
      writeStore("grapevine", {});
      writeStore(context.outboxKey, {});
    }
    context.storageAllowed = given;
    restart();
  },
  event: (name) => name && name == config.event && tryShow(),
  on: (name, listener) => document.addEventListener("grapevine:" + name, listener),
  off: (name, listener) => document.removeEventListener("grapevine:" + name, listener),
  why() {},
};

const command = /** @type {any} */ (
  async (/** @type {string} */ name, /** @type {any[]} */ ...args) => {
    if (!commands[name]) throw Error("no command " + name);
    await commands[name](...args);
    return getStatus();
  }
);

/** @type {Context} */
const context = {
  writeStore,
  config,
  storageAllowed: !config.storage,
  armTrigger,
  showSurvey: show,
  tryShow,
  barred: barrier(config.origins, script?.src),
  // Draws a visitor's number once for all surveys. A user id makes it the same on all devices.
  drawSample() {
    if (!(context.userId || readDates().lot)) updateDates({ lot: (1 + Math.random() * 1e4) | 0 });
    return sampleValue((context.userId || readDates().lot) + context.surveyKey);
  },
  findElement: guard((selector) => document.querySelector(selector)),
  getStatus,
  readStore,
  dispatch,
  isFramed,
  outboxKey: "grapevine-" + config.site,
  surveyKey: config.site + config.variant,
  fetchPath,
  userProperties: {},
  beginsVisit,
  collectorUrl,
  refusedUser: {},
  unseen: true,
};

// A second tag changes nothing. Without its tag, the script does not know the collector.
if (collectorUrl && !existing.loaded)
  report(() => {
    command.loaded = 1;
    window.grapevine = command;
    for (const name of /** @type {string[]} */ (ATTRIBUTES.source.match(/\w+(?==)/g))) {
      const text = script.dataset[name];
      if (text == null) continue;
      if (ATTRIBUTES.test(`${name}=${text}`)) /** @type {any} */ (config)[name] = text;
      else warn(`data-${name}="${text}"`);
    }
    commands.identify(script.dataset.user, script.dataset.userHash);
    for (const name of ["popstate", "pageshow", "visibilitychange"])
      addEventListener(name, /** @type {EventListener} */ (onPageView), true);
    onPageView();
    // The page holds no promise of its earlier calls, so a wrong command is not reported.
    for (const call of existing.q ?? []) command(...call).catch(() => {});
    if (Object.keys(readStore(context.outboxKey))[0]) importEntry();
    dispatch("ready");
    // The last step, since a page may have frozen `history`.
    for (const name of /** @type {const} */ (["pushState", "replaceState"])) {
      const original = history[name];
      history[name] = function (/** @type {any[]} */ ...args) {
        args = /** @type {any} */ (original.apply(this, /** @type {any} */ (args)));
        onPageView();
        return /** @type {any} */ (args);
      };
    }
  })();
