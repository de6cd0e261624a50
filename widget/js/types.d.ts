/** Types of the data that the loader, the widget entry and the WebAssembly exchange. */

/**
 * The site's settings, as the collector writes them into the loader (`LoaderConfig` in api).
 * `delay`, `scroll`, `exit` and `sample` may be missing; a comparison with them is false then.
 */
export interface SiteConfig {
  site: string;
  name: string;
  variant: string;
  /**
   * Days after a response, days after "Not now", impressions without a response, impressions a
   * year, days after an ignored impression.
   */
  when: [
    answeredDays: number,
    dismissedDays: number,
    maxIgnored: number,
    maxPerYear: number,
    ignoredDays: number,
  ];
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
  /** Globs, one of which a path must match; every path does if there are none. */
  include?: string[];
  /** Globs, none of which a path may match. */
  exclude?: string[];
  /** Patterns of the origins whose pages may ask; every page may if there are none. */
  origins?: string[];
  /** Properties of `navigator` that opt out. */
  signals?: ("globalPrivacyControl" | "doNotTrack")[];
  /** Names of the declared properties. */
  properties?: string[];
  mode?: string;
  corner?: string;
  target?: string;
  /** Light or dark; missing where the survey follows the page. */
  scheme?: string;
  look?: string;
  /** Set to show the survey in a frame even where WebAssembly is allowed. */
  frame?: string;
  /** Set where the page is only tried out: its responses are marked as tests. */
  test?: string;
  lang?: string;
  survey?: object;
}

/** Days on which a survey was scored or dismissed, and impressions since without either. */
export interface SurveyRecord {
  /** Time of the last impression, in days with four decimals. */
  shown?: number;
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
  /** Milliseconds for which the response has existed already. */
  since_ms?: number;
  scheme?: string;
  test?: boolean;
}

/**
 * State and functions that the loader shares with the widget entry. The build shortens the names in
 * context_names.json, always alike: a cached loader may import a newer entry.
 */
export interface Context {
  config: SiteConfig;
  /** The tag. */
  script?: HTMLScriptElement;
  /** URL of the collector, without a slash at the end. */
  collectorUrl: string;
  /** Key of the survey in {@link SurveyDates}: site id and variant. */
  surveyKey: string;
  /** Key of the outbox in `localStorage`. */
  outboxKey: string;
  /** Why the survey cannot show on any page view, if it cannot. */
  barred?: string | false;
  /** Whether nobody has seen the page view so far. */
  unseen?: boolean;
  /** Whether the visit of the site began with this page, as far as that shows. */
  beginsVisit?: boolean;
  /** Path of the current page view; `onPageView` sets it before anything reads it. */
  currentPath?: any;
  userId?: string;
  /** The owner's proof of the id as it follows in a query, `&user_hash=HASH`; empty without one. */
  userProof?: string;
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
  /** Whether a window around this one shows the survey in place of it. */
  isFramed(): boolean | undefined;
  /** Returns the state that the page is told. */
  getStatus(): string;
  findElement(selector: string): Element | null | undefined;
  /** Fires `grapevine:NAME`. */
  dispatch(name: string): unknown;
  readStore(key: string): Record<string, any>;
  writeStore(key: string, value: Record<string, any>): void;
  /** Returns the visitor's place in the sample, from 0 to 1. */
  drawSample(): number;
  showSurvey(options?: ShowOptions, manual?: boolean): Promise<void>;
  /** Shows the survey as soon as it is due and the page is seen. */
  tryShow(): void;
  /** Waits for the survey's trigger if the survey is due. */
  armTrigger(): void;
}

/** Responses with the WebAssembly and the texts; nothing in place of one that could not be fetched. */
export type Files = Promise<Response | void>[];

/** A partial update to one response, as the collector accepts it. */
export interface ResponseMessage {
  id: string;
  [field: string]: unknown;
}

/** What the WebAssembly is given: the site's settings, the options of `show` and the outbox. */
export interface SurveySettings extends SiteConfig, Omit<ShowOptions, "lang" | "target" | "mode" | "scheme" | "test"> {
  /** Tag of the texts. */
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
