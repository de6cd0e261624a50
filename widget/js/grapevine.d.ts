/**
 * Commands and events of Grapevine in the page. The tag
 * `<script async src="https://HOST/e/SITE.js"></script>` defines the one global function.
 *
 * To call it before the script has loaded, put this in front of the tag. It queues the calls:
 *
 *     <script>
 *       typeof grapevine == "function" || (window.grapevine = function () {
 *         (grapevine.q = grapevine.q || []).push(arguments);
 *       });
 *     </script>
 */

/** Current state: the survey is open, it is due, or the first reason why it is not. */
type GrapevineState =
  // Generated from why.json.
  /** The survey opens when a modal dialog or full screen ends; until then nobody could use it. */
  | "dialog"
  /** The survey is on the page. */
  | "open"
  /** The page has called `hide` on this page view. */
  | "hidden"
  /** The browser is too old for the survey, or the survey has failed on this page. */
  | "browser"
  /** The page's origin is not among the origins of the site. */
  | "origin"
  /** The page is in a frame of another page of the same origin, which asks in its place. */
  | "frame"
  /** Nobody has seen the page so far: it is in a background tab, in a frame out of sight, or prepared for a later navigation. */
  | "background"
  /** The collector reports that the identified user was asked recently, perhaps on another device. */
  | "user"
  /** The browser sends Global Privacy Control or Do Not Track, and the site respects it. */
  | "privacy"
  /** The survey waits for the visitor's consent to storage: `grapevine("consent")`. */
  | "consent"
  /** The site's page rules exclude this path. */
  | "page"
  /** The visitor is not in the sample. */
  | "sample"
  /** The visitor has responded recently. */
  | "answered"
  /** The visitor has chosen "Not now" recently. */
  | "dismissed"
  /** The visitor has ignored the survey recently, or too often. */
  | "ignored"
  /** Another survey was shown recently. */
  | "other"
  /** The visitor has seen the highest number of surveys in 365 days. */
  | "year"
  /** Nothing can be stored, and the visit of the site did not begin with this page. */
  | "visit"
  /** The visitor has had too few page views. */
  | "view"
  /** The page has no element that matches the target, so far. */
  | "target"
  /** The survey shows on its trigger. */
  | "due";

type GrapevineEvent = "ready" | "shown" | "scored" | "submitted" | "dismissed" | "error";

type GrapevineListener = (event: CustomEvent<null>) => void;

type GrapevineProperties = Record<string, string | number | boolean | null>;

interface GrapevineShow {
  /** CSS selector of the element to show the survey in. By default the site's settings apply. */
  target?: string;
  /** Language of the survey, a BCP 47 tag. */
  lang?: string;
}

interface Grapevine {
  /** Opens the survey now, whether due or not. */
  (command: "show", options?: GrapevineShow): Promise<GrapevineState>;
  /** Closes the survey, and keeps it from showing by itself on this page view. */
  (command: "hide"): Promise<GrapevineState>;
  /** Deletes all dates, so that the visitor is treated like a new one. */
  (command: "reset"): Promise<GrapevineState>;
  /** Returns the current state. */
  (command: "why"): Promise<GrapevineState>;
  /**
   * Identifies the visitor by your own id of 1 to 1,000 characters. The collector stores only a
   * keyed digest of it, and limits how often the user is asked across devices. `null` removes the
   * id. A site with signed identity also needs `hash`, the HMAC of the id from your server.
   */
  (command: "identify", user: string | null, hash?: string): Promise<GrapevineState>;
  /**
   * Sets properties of the visitor or the page, such as plan or country. They are sent with the
   * next response. `null` removes a property.
   */
  (command: "set", properties: GrapevineProperties): Promise<GrapevineState>;
  /** Reports an event of the page. A survey with that trigger shows if it is due. */
  (command: "event", name: string): Promise<GrapevineState>;
  /** Grants (by default) or withdraws consent to storage, for the storage mode `consent`. */
  (command: "consent", given?: boolean): Promise<GrapevineState>;
  /** Adds a listener for an event. */
  (command: "on", name: GrapevineEvent, listener: GrapevineListener): Promise<GrapevineState>;
  /** Removes a listener. */
  (command: "off", name: GrapevineEvent, listener: GrapevineListener): Promise<GrapevineState>;
  /** Whether the script has loaded. */
  loaded?: 1;
}

declare const grapevine: Grapevine;

interface Window {
  grapevine: Grapevine;
}

/**
 * Events bubble from the survey's element, or start at the document. They contain nothing of the
 * response.
 */
interface DocumentEventMap {
  /** The script has run. */
  "grapevine:ready": CustomEvent<null>;
  /** The survey is on the page. */
  "grapevine:shown": CustomEvent<null>;
  /** The visitor has chosen a first score. */
  "grapevine:scored": CustomEvent<null>;
  /** The visitor has pressed Send and was thanked. */
  "grapevine:submitted": CustomEvent<null>;
  /** The visitor has chosen "Not now", without a score. */
  "grapevine:dismissed": CustomEvent<null>;
  /** The survey could not be shown, or a response was refused. */
  "grapevine:error": CustomEvent<null>;
}
