// Mount: puts the survey on the page, in a shadow root or in a frame, and takes it off again.
//
// - The WebAssembly draws the survey in the shadow root of `grapevine-survey`. Where the page's
//   policy forbids WebAssembly, an iframe with the collector's own page shows the same survey.
// - While a modal dialog or full screen keeps visitors from using the survey, a survey that is to
//   open waits, and an open one hides and keeps its text.
// - What the visitor does in another tab closes the survey here, unless it has a score.
// - After a trap in the WebAssembly the survey stays closed until the page is loaded again.

import init, * as survey from "survey-wasm";
import { UNSEEN, isReachable, watchObstruction } from "./obstruction.js";
import { keepEvents, keepRestOfKey } from "./own_events.js";
import { onceRemoved } from "./removal.js";
import { followScheme, pageScheme } from "./scheme.js";
import { onceInView } from "./view_time.js";
import { visitorFields } from "./visitor_fields.js";
import { onceWindowInView } from "./window_view.js";

/** @import { Context, DeliveryState, Files, ResponseMessage, ShowOptions, SurveySettings } from "./types" */
/** @import { createImpression } from "./impression.js" */

/** The collector shortens the path further, at the end of a character. */
const MAX_PATH = 2000;
const FRAME_TIMEOUT_MS = 1e4;
/** Time after which another tab reads what this one has stored. */
const STORED_MS = 500;
/** More than what an impression adds to the dates, in characters. */
const ROOM = "-".repeat(200);
/** Options of `show` that override the settings, besides the language. */
const OPTIONS = /** @type {const} */ (["target", "id", "page", "channel", "mode", "score", "since_ms", "scheme"]);

/**
 * Creates the mount of a page.
 * @param {Context} context
 * @param {(message: ResponseMessage, delayMs?: number) => void} enqueue
 * @param {ReturnType<typeof createImpression>} impression
 */
export const createMount = (context, enqueue, impression) => {
  /** @type {SurveySettings} */
  let settings;
  /** @type {any} the error after which the WebAssembly cannot be called */
  let trap;
  let initialized = false;
  /** Ends that the page does not receive the events of the survey's element. */
  let releaseEvents = () => {};
  let unwatchRemoval = () => {};

  const removeHost = () => {
    unwatchRemoval();
    context.hostElement?.remove();
  };

  // The WebAssembly has trapped, or the page has changed something that the survey needs.
  /** @param {unknown} error */
  const fail = (error) => {
    trap = error;
    context.obstructed = context.closeSurvey = undefined;
    context.barred = "browser"; // until the page is loaded again
    removeHost();
    releaseEvents();
    context.dispatch("error");
  };
  /** @type {<Args extends unknown[]>(callback: (...args: Args) => void) => (...args: Args) => void} */
  const guard =
    (callback) =>
    (...args) => {
      try {
        if (!trap) callback(...args);
      } catch (error) {
        fail(error);
      }
    };

  const parent = () =>
    /** @type {Element} */ (
      settings.target ? context.findElement(settings.target) : document.documentElement
    );

  // A framework that draws the element of an inline survey anew takes the survey off with it. It
  // comes again, unless the visitor has seen or closed it by then. One that was seen was ignored,
  // as it is on a page that the visitor leaves.
  /** @type {(node: HTMLElement, close: () => void, options?: ShowOptions) => void} */
  const place = (node, close, options) => {
    impression.begin();
    context.hostElement = node;
    parent().append(node);
    const comeBack = () => {
      const isUnseen = impression.isUnseen();
      if (!isUnseen) impression.keep();
      context.closeSurvey?.();
      if (!isUnseen) return;
      if (!context.manual) context.armTrigger();
      else if (parent()) context.showSurvey(options, true);
    };
    if (settings.target) unwatchRemoval = onceRemoved(node, guard(comeBack));
    context.closeSurvey = guard(() => {
      unwatchRemoval();
      close();
      impression.withdraw();
    });
  };

  // Other tabs are heard of by an event, and by a look after a time in which the browser may have
  // told nothing. A hosted page stays, since there is nothing else on it.
  const closeIfDone = guard(() => {
    if (context.hostElement?.isConnected && !settings.channel && impression.isDoneElsewhere())
      context.closeSurvey?.();
  });
  for (const name of ["storage", "pageshow", "visibilitychange"]) addEventListener(name, closeIfDone, true);

  // Visible tabs may be due in the same moment. They open one after the other, so that the next one
  // reads the dates of the one before. Only a secure page with an origin has locks.
  const turn = () =>
    new Promise((resolve) => {
      const open = () => {
        resolve(0);
        return new Promise((release) => setTimeout(release, STORED_MS));
      };
      setTimeout(resolve, 2 * STORED_MS); // whatever the other tabs do
      navigator.locks.request(context.outboxKey, open).catch(resolve);
    }).catch(() => {});

  // Storage may have become full since the dates were written. Without room for those of this
  // impression, nothing counts as stored.
  const checkRoom = () => {
    const dates = context.readStore("grapevine");
    context.writeStore("grapevine", { ...dates, room: ROOM });
    context.writeStore("grapevine", dates);
  };

  // Waits until the survey may open by itself, as far as that is a matter of time.
  const comeTo = async () => {
    if (context.manual) return;
    await onceWindowInView(context, settings);
    await turn();
    checkRoom();
  };

  // Whether the survey must not open now. It opens by itself once it may.
  /** @param {ShowOptions} [options] */
  const mustWait = (options) => {
    // The visitor may have answered elsewhere while everything was loading.
    if (!context.manual && (context.getStatus?.() ?? "due") != "due") {
      context.tryShow();
      return true;
    }
    // Nor does it open where nobody sees it, unless by hand. The loader begins again once somebody
    // does.
    if (document.hidden && !context.manual) return (context.unseen = true);
    const probe = document.createElement("div");
    probe.style.cssText =
      "all:initial!important;position:fixed!important;inset:0!important;z-index:2147483647!important;" +
      UNSEEN;
    parent().append(probe);
    probe.popover = "manual";
    probe.showPopover?.();
    if (isReachable(probe)) return probe.remove();
    const unwatch = watchObstruction(
      guard(() => {
        if (!isReachable(probe)) return;
        context.closeSurvey?.();
        if (context.manual) context.showSurvey(options, true);
        else context.tryShow();
      }),
    );
    context.closeSurvey = () => {
      unwatch();
      probe.remove();
      context.obstructed = context.closeSurvey = undefined;
    };
    return (context.obstructed = true);
  };

  // Hides the open survey by `toggle` while visitors could not use it.
  /** @param {(obstructed: boolean) => void} toggle */
  const hideWhileObstructed = (toggle) => {
    const { hostElement: host, closeSurvey: close } = /** @type {Required<Context>} */ (context);
    let obstructed = false;
    const check = guard(() => {
      if (!host.isConnected) stop();
      else if (isReachable(host) == obstructed) {
        context.obstructed = obstructed = !obstructed;
        toggle(obstructed);
      }
    });
    const unwatch = watchObstruction(check);
    const stop = () => {
      unwatch();
      if (context.hostElement == host) context.obstructed = undefined;
    };
    context.closeSurvey = () => {
      stop();
      close();
    };
    check();
  };

  /** @type {(files: Files, options?: ShowOptions) => Promise<void>} */
  const mountShadow = async (files, options) => {
    const [wasm, table] = await Promise.all(files);
    if (!wasm?.ok || !table?.ok) throw 0;
    // Fails where the page's policy forbids WebAssembly.
    const [texts] = await Promise.all([table.json(), init({ module_or_path: wasm })]);
    initialized = true;
    settings.lang = texts.at(-1);
    survey.guard(fail);
    await comeTo();
    if (!context.requested || context.hostElement?.isConnected || mustWait(options)) return;
    const host = document.createElement("grapevine-survey");
    place(host, () => {
      survey.close();
      releaseEvents();
    }, options);
    followScheme(host, settings.scheme);
    // Pages set their typeface on the body, of which a card is no part.
    const textParent = settings.target ? parent() : document.body;
    if (settings.look?.includes("--page-font"))
      host.style.setProperty("--page-font", getComputedStyle(textParent).fontFamily);
    survey.open(host, settings, texts);
    // The page may have closed it by a listener for `grapevine:shown`.
    if (host.isConnected) releaseEvents = keepEvents(host, guard, survey.handle_event);
    if (settings.target) {
      // A hosted page is nothing but the survey, so whoever sees the page sees the survey.
      if (settings.channel) survey.set_visible();
      else onceInView(host, guard(survey.set_visible));
      return;
    }
    hideWhileObstructed((obstructed) => {
      host.toggleAttribute("data-obstructed", obstructed); // styled in styles.css
      // Chromium gives the focus back after a dialog, but not the caret.
      const field = /** @type {any} */ (host.shadowRoot?.activeElement);
      const end = field?.textLength;
      if (end && !field.selectionStart) field.setSelectionRange(end, end);
    });
  };

  // A frame needs only `frame-src` of the page's policy. Its height follows its content.
  /** @type {(options?: ShowOptions) => Promise<void>} */
  const mountFrame = (options) =>
    new Promise((resolve, reject) => {
      if (mustWait(options)) return resolve();
      const { lang, page, channel, id, target, corner = "", scheme = pageScheme() } = settings;
      const mode = target ? "inline" : "frame";
      const node = document.createElement("iframe");
      const { style } = node;
      node.title = context.config.name;
      const fragment = JSON.stringify({ lang, page, channel, id, mode, scheme, ...visitorFields(context) });
      node.src = `${context.collectorUrl}/f/${context.config.site}#${encodeURIComponent(fragment)}`;
      let css = "all:initial!important;display:block!important;border:0!important;inline-size:100%!important;block-size:0!important";
      if (target) css += ";visibility:inherit!important";
      else
        css +=
          ";position:fixed!important;z-index:2147483647!important;max-inline-size:440px!important" +
          ";max-block-size:100%!important" +
          `;inset-block:${corner.startsWith("top") ? "0 auto" : "auto 0"}!important` +
          `;inset-inline:${corner.endsWith("left") ? "0 auto" : "auto 0"}!important`;
      style.cssText = css;
      addEventListener("message", ({ source, data }) => {
        if (source != node.contentWindow) return;
        if (!data) return;
        if (data.height >= 0) style.setProperty("block-size", data.height + "px", "important");
        if (data.grapevine == "closed") {
          removeHost();
          keepRestOfKey();
        }
        if (data.name) context.dispatch(data.name);
        resolve();
      });
      setTimeout(reject, FRAME_TIMEOUT_MS);
      place(node, () => node.remove(), options);
      if (!target)
        hideWhileObstructed((obstructed) => {
          const { blockSize } = style;
          style.cssText = css + (obstructed ? ";" + UNSEEN : "");
          style.setProperty("block-size", blockSize, "important");
        });
    });

  /**
   * Opens the survey, unless it is open already or waits.
   * @param {Files | string} files a string where the page's tag asks for a frame
   * @param {ShowOptions} [options] as the page gave them
   */
  const open = async (files, options) => {
    if (context.hostElement?.isConnected || context.obstructed) return;
    if (trap) throw trap;
    // A page may have broken the whole class for itself; then the frame has its own.
    if (!window.WebAssembly || (window.CSSStyleSheet && !CSSStyleSheet.prototype.replaceSync))
      context.barred = "browser";
    if (context.barred) return;
    const { config } = context;
    /** @type {ShowOptions} */
    const given = { .../** @type {object} */ ({ __proto__: null }), ...options };
    if (given.test) config.test = "true";
    settings = /** @type {SurveySettings} */ ({ ...config, page: location.pathname.slice(0, MAX_PATH) });
    settings.enqueue = (fields, delayMs) => {
      const { variant, lang, page, channel } = settings;
      enqueue({ ...fields, variant, lang, page, channel, ...visitorFields(context) }, delayMs);
    };
    for (const name of OPTIONS)
      if (given[name] !== undefined) settings[name] = /** @type {any} */ (given[name]);
    // A frame has the texts chosen by these tags; otherwise they have been chosen.
    settings.lang = `${[given.lang, config.lang, document.documentElement.lang]}`;
    try {
      if (typeof files == "string") throw 0;
      await mountShadow(files, options);
    } catch (error) {
      removeHost();
      if (/** @type {any} */ (error)?.name == "RuntimeError") trap = error;
      if (trap) throw error;
      await comeTo();
      if (context.requested)
        await mountFrame(options).catch((failure) => {
          removeHost();
          throw failure;
        });
    }
  };

  /** Tells the open survey what became of a message. */
  const reportResult = guard((/** @type {string} */ id, /** @type {DeliveryState} */ state) => {
    if (initialized) survey.delivery_result(id, state);
  });

  return { open, reportResult };
};
