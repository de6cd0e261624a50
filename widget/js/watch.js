// What a survey waits for, besides the delay: its element, scrolling and exit intent. A condition
// is watched as long as it may come true, however late the page draws, scrolls or lets scroll.

import { guard } from "./guard.js";

/** @import { Context } from "./types" */

/** Shortest time between two searches for the survey's element. */
const SEARCH_PAUSE_MS = 100;
/** The time between two looks at how far the page is scrolled. */
const LOOK_PAUSE_MS = 1e3;
/**
 * Looks in a row after which a page fits the window for good: while it draws nothing, and in any
 * case. Until then its content may be on the way.
 */
const QUIET_LOOKS = 5;
const MAX_LOOKS = 20;

/**
 * Whether the element scrolls the page: the document itself, or an element of at least half the
 * window's width and height, as applications have whose page fits the window. It may hide the
 * browser's bars and be moved by a script.
 * @param {Element} element
 */
const scrollsPage = (element) =>
  element.scrollHeight > element.clientHeight + 1 &&
  (element == document.scrollingElement ||
    (element.clientHeight * 2 > innerHeight &&
      element.clientWidth * 2 > innerWidth &&
      /auto|scroll|hidden/.test(getComputedStyle(element).overflowY)));

/**
 * Whether so many per cent of the element's content are above its lower edge.
 * @param {Element} element
 * @param {number} percent
 */
const isScrolledTo = ({ scrollTop, clientHeight, scrollHeight }, percent) =>
  scrollTop + clientHeight + 1 >= (scrollHeight * percent) / 100;

/**
 * Returns all elements below a node, also those in open shadow roots.
 * @type {(root: Document | ShadowRoot) => Element[]}
 */
const allElements = (root) =>
  [...root.querySelectorAll("*")].flatMap((element) =>
    element.shadowRoot ? [element, ...allElements(element.shadowRoot)] : element,
  );

/** The part of the element's content that is out of view, in CSS pixels. */
const hiddenHeight = (/** @type {Element} */ element) => element.scrollHeight - element.clientHeight;

/**
 * Returns a function that begins to watch for what the survey waits for by the present state, in
 * place of what it has watched for until then.
 * @param {Context} context
 */
export const createWatch = (context) => {
  let stop = () => {};

  return () => {
    stop();
    const { scroll, exit } = context.config;
    const controller = new AbortController();
    const { signal } = controller;
    stop = () => controller.abort();
    const reached = () => {
      stop();
      context.tryShow();
    };
    /** @type {(target: EventTarget, name: string, isReached: (event: any) => unknown) => void} */
    const listen = (target, name, isReached) =>
      target.addEventListener(
        name,
        guard((event) => isReached(event) && reached()),
        { signal, capture: target == document }, // scrolling does not bubble from an element
      );
    /** @type {(isReached: () => unknown) => void} */
    const look = (isReached) => {
      const clock = setInterval(
        guard(() => (context.getStatus() != "due" ? stop() : isReached() && reached())),
        LOOK_PAUSE_MS,
      );
      signal.addEventListener("abort", () => clearInterval(clock));
    };
    const state = context.getStatus?.(); // a cached loader of an earlier version has none
    if (state == "target") {
      /** @type {ReturnType<typeof setTimeout> | undefined} */
      let timer;
      const search = () => {
        timer = undefined;
        if (context.getStatus() == "target") return;
        stop();
        context.armTrigger();
      };
      const observer = new MutationObserver(() => (timer ??= setTimeout(guard(search), SEARCH_PAUSE_MS)));
      observer.observe(document, { subtree: true, childList: true, attributes: true });
      signal.addEventListener("abort", () => {
        observer.disconnect();
        clearTimeout(timer);
      });
    } else if (state == "due" && scroll) {
      const isScrolled = (/** @type {any} */ { target }) => {
        const element = target.scrollingElement ?? target;
        return element.scrollTop && scrollsPage(element) && isScrolledTo(element, scroll);
      };
      listen(document, "scroll", isScrolled);
      let looks = 0;
      let quietLooks = 0;
      let count = 0;
      // Whether the visitor has scrolled so far, in the element that has the most to scroll.
      // A page that fits the window is seen as a whole.
      look(() => {
        if (document.readyState != "complete") return;
        const elements = allElements(document);
        const scrollers = elements.filter(scrollsPage);
        const [main] = scrollers.sort((one, other) => hiddenHeight(other) - hiddenHeight(one));
        if (main) {
          looks = quietLooks = 0;
          return isScrolledTo(main, scroll);
        }
        quietLooks = count == elements.length ? quietLooks + 1 : 1;
        count = elements.length;
        return quietLooks >= QUIET_LOOKS || ++looks >= MAX_LOOKS;
      });
    } else if (state == "due" && exit)
      listen(document.documentElement, "mouseleave", ({ clientY }) => clientY <= 0);
    // The element has come while this script was loading.
    else if (state == "due" && !context.requested) context.armTrigger();
  };
};
