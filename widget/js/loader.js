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

/**
 * Attributes of the tag that say whether and when the survey shows, each with its accepted form.
 * The others are in attributes.js.
 */
const ATTRIBUTES =
  /^(delay=\d{1,6}(\.\d+)?|view=\d{1,6}|target=[^]+|frame=(true)?|test=(true)?)$/;

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
/** @type {string | undefined} path and route of the current page view */
let currentView;
/** @type {boolean | undefined} whether the trigger has happened on this page view */
let triggered;

const dispatch = guard((/** @type {string} */ name) =>
  document.dispatchEvent(new CustomEvent("grapevine:" + name, { bubbles: true })),
);

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
      context.manual || (context.blocked = "browser"); // until the next page view
      dispatch("error");
    }
  };

const fetchPath = (/** @type {string} */ path) =>
  fetch(collectorUrl + path, { referrerPolicy: "origin" }).catch(() => {});

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

/** @type {Context["showSurvey"]} */
const show = report((options, manual) => {
  if (context.barred) return;
  context.requested = true;
  context.manual = manual;
  // The collector chooses the language of the texts by the tags.
  const tags = [options?.lang, script.dataset.lang, document.documentElement.lang, navigator.languages];
  const files = config.frame ?? [
    fetchPath("/a/__WASM__"),
    fetchPath("/a/widget-__HASH__.json?l=" + encodeURIComponent(/** @type {any} */ (tags))),
  ];
  return importEntry(files, options);
});

/**
 * Imports the entry, which begins to watch for what the survey waits for, and with files opens it.
 * @type {(files?: unknown, options?: unknown) => Promise<any>}
 */
const importEntry = report(async (files, options) =>
  (await import(collectorUrl + "/a/__GLUE__")).begin(context, files, options),
);

const hide = () => {
  context.requested = false;
  context.closeSurvey?.();
};

/** Shows the survey if it is still due: for an identified user, by the collector too. */
const ask = report(async () => {
  const user = context.userId;
  if (user) {
    const response = /** @type {Response} */ (
      await fetchPath(`/v1/sites/${config.site}/due?user=` + encodeURIComponent(user) + context.userProof)
    );
    if (!(await response.json()).due) context.refusedUser = user;
  }
  armTrigger(true);
});

/** Shows the survey as soon as it is due and the page is seen. */
const tryShow = () => {
  triggered = true;
  armTrigger();
};

/**
 * Waits for the survey's trigger if the survey is due, and for its element if it is due but for
 * that. After the trigger it shows the survey once the collector was asked.
 */
const armTrigger = guard((/** @type {boolean | void} */ asked) => {
  clearTimeout(timer);
  const state = getStatus();
  if (state == "due") {
    if (triggered) asked ? show() : ask();
    else if (config.delay >= 0) timer = setTimeout(tryShow, config.delay * 1e3);
    else if (config.scroll || config.exit) importEntry();
  } else if (state == "target") importEntry();
});

/**
 * Begins a page view: the first, a new path in a single-page application, or a page from the
 * back-forward cache. A route behind `#/` or `#!/` belongs to the path, an anchor does not.
 *
 * The page view counts once somebody sees it, and the trigger is waited for from then on: anew each
 * time that the visitor comes back to the page, who may have done in another tab what makes the
 * survey due. A page inside another that shows the survey counts none.
 */
const onPageView = guard((/** @type {{ persisted?: boolean, type?: string } | void} */ event) => {
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
  if (document.hidden || isFramed(onPageView)) return;
  if (context.unseen) {
    context.unseen = false;
    const { views } = readDates();
    // A visitor who comes from another page of the site has had a page view already.
    if (!(views >= config.view))
      updateDates({ views: 1 + (views ?? (isOwn(document.referrer) && parent == window)) });
  } else if (event?.type != "visibilitychange") return;
  armTrigger();
});

/** @type {Record<string, (...args: any[]) => unknown>} */
const commands = {
  // @ts-expect-error: names such as `toString` are no commands
  __proto__: null,
  reset() {
    writeStore("grapevine", {});
    onPageView({ persisted: true });
  },
  on: (name, listener) => document.addEventListener("grapevine:" + name, listener),
  hide() {
    context.blocked = "hidden";
    hide();
  },
  why() {},
  identify(user, hash = "") {
    context.userProof = "&user_hash=" + hash;
    context.userId = parseUser(user);
    armTrigger();
  },
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
    onPageView({ persisted: true });
  },
  off: (name, listener) => document.removeEventListener("grapevine:" + name, listener),
  event: (name) => name && name == config.event && tryShow(),
  show: (options) => show(options, true),
  set: (properties) => Object.assign(context.userProperties, properties),
};

const command = /** @type {any} */ (
  async (/** @type {string} */ name, /** @type {any[]} */ ...args) => {
    if (!commands[name]) throw Error("Grapevine ignores " + name);
    await commands[name](...args);
    return getStatus();
  }
);

/** @type {Context} */
const context = {
  barred: barrier(config.origins, script?.src),
  refusedUser: {},
  isFramed,
  surveyKey: config.site + config.variant,
  userProperties: {},
  findElement: guard((selector) => document.querySelector(selector)),
  readStore,
  showSurvey: show,
  dispatch,
  config,
  storageAllowed: !config.storage,
  tryShow,
  beginsVisit,
  // Draws a visitor's number once for all surveys. A user id makes it the same on all devices.
  drawSample() {
    if (!(context.userId || readDates().lot)) updateDates({ lot: (1 + Math.random() * 1e4) | 0 });
    return sampleValue((context.userId || readDates().lot) + context.surveyKey);
  },
  armTrigger,
  getStatus,
  writeStore,
  script,
  collectorUrl,
  outboxKey: "grapevine-" + config.site,
  unseen: true,
};

// A second tag changes nothing. Without its tag, the script does not know the collector.
if (collectorUrl && !existing.loaded)
  report(() => {
    (window.grapevine = command).loaded = 1;
    for (const name of /** @type {string[]} */ (ATTRIBUTES.source.match(/\w+(?==)/g))) {
      const text = script.dataset[name];
      if (text == null) continue;
      if (ATTRIBUTES.test(`${name}=${text}`)) /** @type {any} */ (config)[name] = text;
      else warn(`data-${name}="${text}"`);
    }
    commands.identify(script.dataset.user, script.dataset.userHash);
    for (const name of ["pageshow", "popstate", "visibilitychange"])
      addEventListener(name, /** @type {EventListener} */ (onPageView), true);
    window.navigation?.addEventListener?.("currententrychange", /** @type {any} */ (onPageView));
    onPageView();
    // The page holds no promise of its earlier calls, so a wrong command is not reported.
    for (const call of existing.q ?? []) command(...call).catch(() => {});
    if (Object.keys(readStore(context.outboxKey))[0]) importEntry();
    dispatch("ready");
    // A page may have frozen `history`.
    for (const name of /** @type {const} */ (["pushState", "replaceState"]))
      guard(() => {
        const original = history[name];
        history[name] = function (/** @type {any[]} */ ...args) {
          args = /** @type {any} */ (original.apply(this, /** @type {any} */ (args)));
          onPageView();
          return /** @type {any} */ (args);
        };
      })();
  })();
