/**
 * The page's side of Grapevine: the one global function that the tag
 * `<script async src="https://HOST/e/SITE.js"></script>` brings, and the events that the survey fires.
 *
 * To call it before the script has loaded, put this in front of the tag; what is asked then is done when it has:
 * `<script>window.grapevine = window.grapevine || function () { (grapevine.q = grapevine.q || []).push(arguments) }</script>`
 */

/** What is so right now: the survey is open, it is due, or the first reason why it is not. */
type GrapevineState =
  /** It waits until a modal dialog closes, or what is in full screen: nobody could press it there. Then it comes by itself. */
  | "dialog"
  /** The survey is on the page. */
  | "open"
  /** It will show as soon as its trigger says so. */
  | "due"
  /** The page has called `hide` on this page view. */
  | "hidden"
  /** The collector says that this user, whom the page named, was asked not long ago, perhaps on another device. */
  | "user"
  /** The visitor's browser sends Global Privacy Control or Do Not Track, and the owner heeds it. */
  | "privacy"
  /** Nothing may be stored before the page says that the visitor agreed: `grapevine("consent")`. */
  | "consent"
  /** The owner's rules leave this path out. */
  | "page"
  /** The element that should hold the survey is not there. */
  | "target"
  /** This visitor is not in the share that is asked. */
  | "sample"
  /** Answered not long ago. */
  | "answered"
  /** Said "Not now" not long ago. */
  | "dismissed"
  /** Saw it as often as it may be ignored. */
  | "ignored"
  /** Another survey was shown not long ago. */
  | "other"
  /** Saw as many surveys in 365 days as there may be. */
  | "year"
  /** It is too early: not enough page views yet. */
  | "view";

type GrapevineEvent = "ready" | "shown" | "scored" | "submitted" | "dismissed" | "error";

interface GrapevineShow {
  /** The CSS selector of the element in which to show it; without one as the owner has set. */
  target?: string;
  /** Its language, a BCP 47 tag. */
  lang?: string;
}

interface Grapevine {
  /** Opens the survey now, whether due or not. */
  (command: "show", options?: GrapevineShow): Promise<GrapevineState>;
  /** Closes it, and keeps it from showing by itself on this page view. */
  (command: "hide"): Promise<GrapevineState>;
  /** Forgets all dates: this visitor is as a new one. */
  (command: "reset"): Promise<GrapevineState>;
  /** Only says how things stand. */
  (command: "why"): Promise<GrapevineState>;
  /** Names the visitor, by your own id of 1 to 1,000 characters; the collector keeps only a keyed digest of it, and asks nobody
   * too often, on whatever device. `null` takes it back. */
  (command: "identify", user: string | null): Promise<GrapevineState>;
  /** Says what is known of the visitor or the page (plan, country); it goes with the next answer. `null` takes one back. */
  (command: "set", properties: Record<string, string | number | boolean | null>): Promise<GrapevineState>;
  /** Something happened on the page. Where the survey is set to that event, it shows to whoever is due. */
  (command: "event", name: string): Promise<GrapevineState>;
  /** The visitor agrees to dates being kept in the browser (by default `true`), or no longer. For the storage mode `consent`. */
  (command: "consent", given?: boolean): Promise<GrapevineState>;
  /** Calls the listener at each event of that name, from now on. */
  (command: "on", name: GrapevineEvent, listener: (event: CustomEvent<null>) => void): Promise<GrapevineState>;
  /** No more. */
  (command: "off", name: GrapevineEvent, listener: (event: CustomEvent<null>) => void): Promise<GrapevineState>;
  /** Whether the script has loaded. */
  loaded?: 1;
}

declare const grapevine: Grapevine;

interface Window {
  grapevine: Grapevine;
}

/** The events bubble from the survey's element (or start at the document) and say nothing of what was answered. */
interface DocumentEventMap {
  /** The script has run. */
  "grapevine:ready": CustomEvent<null>;
  /** The survey is on the page. */
  "grapevine:shown": CustomEvent<null>;
  /** A first score was chosen. */
  "grapevine:scored": CustomEvent<null>;
  /** The visitor pressed Send and was thanked. */
  "grapevine:submitted": CustomEvent<null>;
  /** "Not now", without a score. */
  "grapevine:dismissed": CustomEvent<null>;
  /** The survey could not be shown, or an answer was refused. */
  "grapevine:error": CustomEvent<null>;
}
