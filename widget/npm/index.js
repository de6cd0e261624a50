// Loading of the survey by a web app, in place of the tag in its HTML.
//
// The app adds the tag and nothing else. The loader itself comes from your collector, with the
// settings of your site, so this package never has to be updated for them.

/** Milliseconds that the report of a policy may come after the event of the script that it stops. */
const REPORT_MS = 100;
/** Milliseconds that a tag of the HTML may take, which may have failed before. */
const EXISTING_MS = 15_000;

/**
 * Where the survey comes from, and settings that override those of the site on this page. The
 * collector ignores a setting that it cannot read, with a warning in the console.
 * @typedef {object} LoadOptions
 * @property {string} host URL of your collector, with a path where a proxy adds one.
 * @property {string} site Id of your site.
 * @property {number} [delay] Seconds on the page before the survey opens.
 * @property {number} [view] First page view on which it may open.
 * @property {string} [lang] Language of the survey, a BCP 47 tag.
 * @property {string | null} [user] Your id of the visitor; only a keyed digest is stored.
 * @property {string} [userHash] Proof of the user from your server, for sites with signed identity.
 * @property {"card" | "bar" | "inline" | "tab"} [mode]
 * @property {"bottom-right" | "bottom-left" | "top-right" | "top-left"} [corner]
 * @property {string} [target] CSS selector of the element that holds an inline survey.
 * @property {boolean} [frame] Open the survey in a frame at once.
 * @property {boolean} [test] Store responses with the mark `test`, and in no figure.
 * @property {string} [nonce] Nonce of your Content Security Policy.
 */

/** @type {{ url: string, loading: Promise<Grapevine> } | undefined} the survey of this page */
let current;

/**
 * Adds the tag of the survey to the page, once, and resolves with the function of its commands. On
 * a server, where there is no page, it does nothing and resolves with `undefined`.
 *
 * It rejects where the script cannot be loaded, with the reason as far as the browser tells it; the
 * next call tries again.
 * @param {LoadOptions} options
 * @returns {Promise<Grapevine | undefined>}
 */
export async function load(options) {
  if (typeof window === "undefined" || typeof document === "undefined") return undefined;
  const url = scriptUrl(options);
  if (current && current.url !== url) {
    throw new Error(`Grapevine shows one survey a page, and ${current.url} was loaded before ${url}.`);
  }
  current ??= { url, loading: loadOnce(url, options) };
  try {
    return await current.loading;
  } catch (error) {
    current = undefined;
    throw error;
  }
}

/**
 * Returns the address of the loader.
 * @param {LoadOptions} options
 */
function scriptUrl({ host, site }) {
  if (typeof site !== "string" || !/^[\w-]+$/.test(site)) {
    throw new TypeError(
      `Grapevine: \`site\` is ${JSON.stringify(site)}. Use the id of your site, as in its tag.`,
    );
  }
  try {
    const base = new URL(host, document.baseURI);
    if (typeof host === "string" && /^https?:$/.test(base.protocol))
      return `${base.href.replace(/\/+$/, "")}/e/${site}.js`;
  } catch {
    // Reported below.
  }
  throw new TypeError(
    `Grapevine: \`host\` is ${JSON.stringify(host)}. Use the URL of your collector, like ` +
      "https://nps.example.",
  );
}

/**
 * @param {string} url
 * @param {LoadOptions} options
 * @returns {Promise<Grapevine>}
 */
async function loadOnce(url, options) {
  // The page may have the tag in its HTML.
  const existing = Array.from(document.scripts).find((script) => script.src === url);
  if (window.grapevine?.loaded) {
    if (existing) return window.grapevine;
    throw new Error(`Grapevine shows one survey a page, and another one was loaded before ${url}.`);
  }
  const script = existing ?? createScript(url, options);
  let isForbidden = false;
  const onViolation = (/** @type {SecurityPolicyViolationEvent} */ { blockedURI }) => {
    isForbidden ||= url.startsWith(blockedURI) && /^https?:/.test(blockedURI);
  };
  document.addEventListener("securitypolicyviolation", onViolation);
  try {
    await new Promise((resolve, reject) => {
      script.addEventListener("load", resolve);
      script.addEventListener("error", reject);
      // A tag of the HTML may have run or failed before; the loader reports that it has run.
      document.addEventListener("grapevine:ready", resolve);
      if (existing) setTimeout(reject, EXISTING_MS);
      else document.head.append(script);
    });
  } catch {
    await new Promise((resolve) => setTimeout(resolve, REPORT_MS));
    script.remove();
    throw new Error(`Grapevine: ${url} was not loaded. ${isForbidden ? FORBIDDEN(url) : BLOCKED}`);
  } finally {
    document.removeEventListener("securitypolicyviolation", onViolation);
  }
  if (window.grapevine?.loaded) return window.grapevine;
  script.remove();
  throw new Error(
    `Grapevine: ${url} is no survey. Is \`host\` the URL of your collector? Was the site deleted?`,
  );
}

const FORBIDDEN = (/** @type {string} */ url) =>
  `The Content Security Policy of the page forbids it: add ${new URL(url).origin} to script-src, or ` +
  "pass a nonce.";
const BLOCKED =
  "Check in the network tab of your browser whether `host` is right and the collector responds. If " +
  "it does, an ad blocker has stopped it.";

/**
 * @param {string} url
 * @param {LoadOptions} options
 */
function createScript(url, { host: _host, site: _site, nonce, ...attributes }) {
  const script = document.createElement("script");
  script.async = true;
  script.src = url;
  if (nonce) script.nonce = nonce;
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) script.dataset[name] = String(value);
  }
  return script;
}
