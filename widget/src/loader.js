// The loader: the one script that every page view of a customer's site runs.
//
// It decides from its own few dates whether this visitor is due, without any request. Only for a visitor who is due it loads
// the survey (glue, WebAssembly and texts, side by side) and opens it. It promises the page: one global function, one key
// in localStorage that holds days and a count and nothing else, and no error of ours that the page can see. The commands:
//   grapevine("show")   open the survey now, due or not
//   grapevine("hide")   close it; or, before it showed by itself, keep it from showing on this page view
//   grapevine("reset")  forget the dates
//   grapevine("why")    only say where things stand
// Each returns a promise of where things stand after it: "due", "answered", "dismissed", "ignored" or "open".
//
// This file is a template. The build puts the names of the assets in; the collector puts the site's settings in.
(() => {
  // A visitor who answered is asked again after so many days,
  const ANSWERED_DAYS = 120;
  // one who said "Not now" after so many,
  const DISMISSED_DAYS = 30;
  // and one who neither answered nor said so is not asked more often than this.
  const IGNORED_TIMES = 3;
  const KEY = "grapevine";
  const GLUE = "__GLUE__";
  const WASM = "__WASM__";
  const TEXTS = __TEXTS__; // the file of each language
  const SETTINGS = __SITE__;

  const page = document;
  const script = page.currentScript;
  const stub = window.grapevine;
  const tell = (name) => page.dispatchEvent(new CustomEvent("grapevine:" + name, { bubbles: true, composed: true }));

  let memory = {}; // all that is kept, also where storage is blocked
  let host; // the survey's element
  let loading; // the promise of the survey, once it is wanted
  let timer; // until it shows by itself
  let wanted; // whether it is to open when it has loaded
  let broken; // whether its code has trapped; then it cannot be called again

  const fail = (error) => {
    if (error && error.name == "RuntimeError") broken = error;
    loading = 0;
    if (host) host.remove();
    tell("error");
  };

  // An error that was thrown in the survey's own code, in a click or a timer, ends the survey. It is kept from the console
  // and from those of the page's listeners that came after ours; ones that came before have heard it already.
  const caught = (event) => {
    const error = event.error || event.reason;
    const [thrownIn] = /https?:\S+/.exec(error && error.stack) || [""];
    if (thrownIn.includes(GLUE) || thrownIn.includes(WASM)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      fail(error);
    }
  };

  const today = () => Math.floor(Date.now() / 864e5);

  // What is kept about this site, all of it days since 1970: `answered`, `dismissed`, and the list `ignored`.
  const recall = () => {
    try {
      const text = localStorage.getItem(KEY);
      if (text) memory = { ...JSON.parse(text) };
    } catch {}
    return { ...memory[SETTINGS.site] };
  };
  const keep = (change) => {
    const own = recall();
    memory[SETTINGS.site] = change && { ...own, ...change };
    try {
      localStorage.setItem(KEY, JSON.stringify(memory));
    } catch {}
  };

  const ignored = (own) => [].concat(own.ignored ?? []);

  const why = () => {
    const own = recall();
    // A day ahead of today was written while a clock was wrong; it holds as long as a day in the past would.
    const within = (day, days) => Math.abs(today() - day) < days;
    if (host && host.isConnected) return "open";
    if (within(own.answered, ANSWERED_DAYS)) return "answered";
    if (within(own.dismissed, DISMISSED_DAYS)) return "dismissed";
    return ignored(own).length < IGNORED_TIMES ? "due" : "ignored";
  };

  // The language of the tag, else of the page, else of the visitor; each in full, then without its region; else English.
  const language = () => {
    for (const tag of [script.dataset.lang, page.documentElement.lang, ...navigator.languages])
      for (const name of [tag, tag && tag.split("-")[0]])
        for (const known in TEXTS) if (name && name.toLowerCase() == known.toLowerCase()) return known;
    return "en";
  };

  const load = async () => {
    addEventListener("error", caught, true);
    addEventListener("unhandledrejection", caught, true);
    const { origin } = new URL(script.src);
    const asset = (name) => origin + "/a/" + name;
    const get = async (name) => {
      const response = await fetch(asset(name), { credentials: "omit" });
      if (!response.ok) throw name;
      return response;
    };
    const lang = language();
    const parse = (response) => response.json();
    const [glue, module_or_path, texts] = await Promise.all([import(asset(GLUE)), get(WASM), get(TEXTS[lang]).then(parse)]);
    await glue.default({ module_or_path });
    const settings = { ...SETTINGS, collector: origin };
    return { open: () => glue.open(host, settings, lang, texts), close: glue.close };
  };

  const commands = {
    async show() {
      wanted = 1;
      try {
        if (broken) throw broken;
        const survey = await (loading = loading || load());
        if (wanted && why() != "open") {
          host = page.createElement("grapevine-survey");
          page.documentElement.append(host);
          survey.open();
        }
      } catch (error) {
        fail(error);
      }
    },
    async hide() {
      wanted = timer = 0;
      try {
        if (why() == "open") (await loading).close();
      } catch (error) {
        fail(error);
      }
    },
    reset: () => keep(),
    why() {},
  };

  const grapevine = async (name) => {
    if (!Object.hasOwn(commands, name))
      throw Error(`grapevine: there is no command "${name}", only ${Object.keys(commands).join(", ")}`);
    await commands[name]();
    return why();
  };

  // Shows it by itself, once somebody is looking.
  const arrive = () => {
    if (!timer || why() != "due") return;
    if (page.hidden) page.addEventListener("visibilitychange", arrive, { once: true });
    else grapevine("show");
  };

  // A second script tag on the page changes nothing.
  if (stub && stub.loaded) return;
  try {
    grapevine.loaded = 1;
    window.grapevine = grapevine;
    const on = (name, change) => page.addEventListener("grapevine:" + name, () => keep(change()));
    // A showing counts as ignored until something is said in it.
    on("shown", () => ({ ignored: [...ignored(recall()), today()] }));
    on("scored", () => ({ answered: today(), ignored: [] }));
    on("dismissed", () => ({ dismissed: today(), ignored: [] }));
    const { delay } = script.dataset;
    timer = setTimeout(arrive, Math.min(delay >= 0 ? delay : SETTINGS.survey.delay_seconds, 2e6) * 1e3);
    tell("ready");
    // What the page asked before we were here. Whoever asked then holds no promise, so nobody hears of a wrong name.
    for (const call of (stub && stub.q) || []) grapevine(...call).catch(() => {});
  } catch {
    tell("error");
  }
})();
