/** Types of the data that the loader, the widget entry and the WebAssembly exchange. */

/**
 * The site's settings, as the collector writes them into the loader (`Survey::for_loader` in nps).
 * `delay`, `scroll`, `exit` and `sample` may be missing; a comparison with them is false then.
 */
export interface SiteConfig {
  site: string;
  name: string;
  variant: string;
  /** Days after a response, days after "Not now", impressions without a response, impressions a year. */
  when: [answeredDays: number, dismissedDays: number, maxIgnored: number, maxPerYear: number];
  /** Number of the first page view on which the survey may show. */
  view: number;
  storage?: "consent" | "none";
  /** The trigger is one of the next four, or the page calls `show`. */
  delay: number;
  scroll: number;
  exit: number;
  event?: string;
  /** Share of visitors in the sample, below 1. */
  sample: number;
  /** Regular expression that a path must match. */
  pages?: string;
  /** Properties of `navigator` that opt out. */
  signals?: ("globalPrivacyControl" | "doNotTrack")[];
  /** Names of the declared properties. */
  properties?: string[];
  mode?: string;
  corner?: string;
  target?: string;
  look?: string;
  /** Set to show the survey in a frame even where WebAssembly is allowed. */
  frame?: string;
  lang?: string;
  survey?: object;
}

/** Days on which a survey was scored or dismissed, and impressions since without either. */
export interface SurveyRecord {
  scored?: number;
  dismissed?: number;
  ignored?: number;
}

/**
 * What `localStorage.grapevine` holds: one {@link SurveyRecord} by survey key, and `views`, `shown`
 * (days, newest first), `last` (survey key) and `lot` (the visitor's random number). The page can
 * write there too, so any value may have any type.
 */
export type SurveyDates = Record<string, any>;

/** Options of the command `show`. Those that grapevine.d.ts leaves out are for hosted pages and frames. */
export interface ShowOptions {
  target?: string;
  lang?: string;
  id?: string;
  page?: string | null;
  channel?: string;
  mode?: string;
  score?: number;
}

/**
 * State and functions that the loader shares with the widget entry. The build shortens the names in
 * context_names.json, always alike: a cached loader may import a newer entry.
 */
export interface Context {
  config: SiteConfig;
  collectorOrigin: string;
  /** Key of the survey in {@link SurveyDates}: site id and variant. */
  surveyKey: string;
  /** Key of the outbox in `localStorage`. */
  outboxKey: string;
  /** Path of the current page view; `onPageView` sets it before anything reads it. */
  currentPath?: any;
  userId?: string;
  userProperties: Record<string, unknown>;
  storageAllowed: boolean;
  /** Status that holds for the current page view, whatever the dates say. */
  blocked?: string;
  /** The user whom the collector has reported as not due. */
  refusedUser: unknown;
  /** Whether the survey should be open once everything is loaded. */
  requested?: boolean;
  /** Whether the page has called `show`, rather than a trigger. */
  manual?: boolean;
  /** Whether a modal dialog or full screen keeps the survey from being used. */
  obstructed?: boolean;
  /** The survey's element on the page. */
  hostElement?: HTMLElement;
  closeSurvey?: () => void;
  findElement(selector: string): Element | null | undefined;
  fetchPath(path: string): Promise<Response>;
  /** Fires `grapevine:NAME`. */
  dispatch(name: string): unknown;
  readStore(key: string): Record<string, any>;
  writeStore(key: string, value: Record<string, any>): void;
  /** Returns the visitor's place in the sample, from 0 to 1. */
  drawSample(): number;
  showSurvey(options?: ShowOptions, manual?: boolean): Promise<void>;
  /** Shows the survey if it is due. */
  tryShow(): Promise<unknown>;
}

/** A partial update to one response, as the collector accepts it. */
export interface ResponseMessage {
  id: string;
  [field: string]: unknown;
}

/** What the WebAssembly is given: the site's settings, the options of `show` and the outbox. */
export interface SurveySettings extends SiteConfig, Omit<ShowOptions, "lang" | "target" | "mode"> {
  lang: string;
  /** Stores a message and sends it after the delay; without one, with the next that is sent. */
  enqueue(fields: ResponseMessage, delayMs?: number): void;
}

/**
 * What has become of the newest message of an impression:
 *
 * - `stored` by the collector, or `refused` by it for good
 * - `offline`: the collector could not be reached; the outbox tries again
 * - `limited`: the collector is busy; the outbox tries again
 * - `keep_open`: as the last two, but only this page holds the message
 */
export type DeliveryState = "stored" | "refused" | "offline" | "limited" | "keep_open";

declare global {
  /** The build and the collector replace these tokens. */
  const __SITE__: SiteConfig;

  interface Navigator {
    globalPrivacyControl?: boolean;
  }
}
