// Events of the card: what begins in the survey's element ends there.
//
// Focus traps would take the focus back from the card, and panels that close at a press outside of
// them would close at a press in it. They listen on the document in either phase, so the shadow
// root is too late: one capture listener for each type on `window` comes before them. It passes the
// event to the survey and stops it. Default actions go on: typing, checking, following a link. A
// listener that the page has added to the same phase of `window` before still receives the event.
//
// - The end of a press or a key belongs to where it began, wherever the pointer or focus is by
//   then. So does the rest of the key that has closed the survey.
// - A page's element that loses focus to the card keeps it as far as the page knows, until another
//   element of the page has focus.
// - Movement of the pointer passes: the page may be dragging. So does the wheel, unless the card
//   scrolls by it: a page that scrolls by a script would take the wheel from the card.

import { guard as silently } from "./guard.js";

// Types that leave a shadow root. Of them, only those of a key or an input may be cancelled by the
// survey, so touch and the wheel stay passive.
const TYPES =
  "pointerdown pointerup pointercancel mousedown mouseup click dblclick auxclick contextmenu " +
  "touchstart touchmove touchend touchcancel dragstart drag dragenter dragover dragleave drop dragend " +
  "keydown keypress keyup beforeinput input compositionstart compositionupdate compositionend " +
  "cut copy paste selectstart focus focusin blur focusout wheel";
/** Types of which the survey also handles events that stay in its shadow root. */
const ROOT_TYPES = "change submit input";

/**
 * Keeps the rest of the key that has closed the survey from the page, where the focus is by now. It
 * ends when the key goes up or another one goes down.
 * @param {string} [code] the key; without one it is the first that goes up
 */
export const keepRestOfKey = (code) => {
  const names = ["keydown", "keypress", "keyup"];
  const listener = silently((/** @type {any} */ event) => {
    const isNext = event.type == "keydown" && !event.repeat;
    if (!isNext) event.stopImmediatePropagation();
    if (isNext || (event.type == "keyup" && event.code == (code ?? event.code)))
      for (const name of names) removeEventListener(name, listener, true);
  });
  for (const name of names) addEventListener(name, listener, true);
};

/**
 * Whether the wheel scrolls the element. With Ctrl it zooms.
 * @param {WheelEvent} event
 * @param {Element | null} element
 */
const scrolls = ({ ctrlKey, deltaY }, element) => {
  if (ctrlKey || !element) return false;
  const { scrollTop, clientHeight, scrollHeight } = element;
  return deltaY < 0 ? scrollTop > 0 : deltaY > 0 && scrollTop + clientHeight + 1 < scrollHeight;
};

/**
 * Keeps the events of the survey's element from the page until the element is removed. Returns a
 * function that ends that at once.
 * @param {HTMLElement} host
 * @param {(callback: (event: any) => void) => (event: any) => void} guard
 * @param {(event: Event, target: EventTarget) => void} handle receives each event with its target
 *   inside the shadow root
 */
export const keepEvents = (host, guard, handle) => {
  /** @type {Record<string, boolean>} whether the last press or key began in the card */
  const began = {};
  /** @type {string | undefined} key that is down since it began in the card */
  let held;
  /** @type {EventTarget | undefined} element of the page that has lost focus to the card */
  let left;
  const listener = guard((event) => {
    if (!host.isConnected) return release();
    const { type, relatedTarget } = event;
    const [target] = event.composedPath();
    // Outside of the shadow root, its host stands for whatever is in it.
    const inside = event.target == host;
    let ours = inside;
    const kind = type.slice(0, 3);
    if (type.endsWith("down") && !event.repeat) began[kind] = inside;
    if (kind == "key") held = type != "keyup" && began.key ? event.code : undefined;
    if (/(up|cancel)$/.test(type)) ours = began[kind] ?? inside;
    if (type == "wheel")
      ours &&= scrolls(event, target.closest("textarea")) || scrolls(event, target.closest("section"));
    // The click of a press that ends outside goes to an element around both places.
    if (type.endsWith("click")) ours ||= began.mou && target.contains?.(host);
    if (/^dr[ao]/.test(type)) ours &&= began.mou;
    if (/blur|out/.test(type)) {
      if (relatedTarget == host) {
        ours = true;
        left = target;
      }
    } else if (left && !inside && target.tagName && /focus/.test(type)) {
      const from = left;
      left = undefined;
      if (from != target)
        for (const name of ["blur", "focusout"])
          from.dispatchEvent(
            new FocusEvent(name, { bubbles: name != "blur", composed: true, relatedTarget: target }),
          );
    }
    if (!ours) return;
    event.stopImmediatePropagation();
    if (inside) handle(event, target);
    if (!host.isConnected) release();
  });
  const each = (/** @type {"addEventListener" | "removeEventListener"} */ method) => {
    for (const type of TYPES.split(" "))
      window[method](type, listener, { capture: true, passive: /^(touch|wheel)/.test(type) });
  };
  const release = () => {
    each("removeEventListener");
    if (held != undefined) keepRestOfKey(held);
    held = undefined;
  };
  each("addEventListener");
  for (const type of ROOT_TYPES.split(" "))
    host.shadowRoot?.addEventListener(
      type,
      guard((event) => {
        event.stopPropagation();
        handle(event, event.target);
      }),
    );
  return release;
};
