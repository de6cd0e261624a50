// The loader: the one script that every page view of a customer's site runs.
//
// It decides from its own few dates whether this visitor is due, without any request. Only for a visitor who is due, or who
// has said something that is not with the collector yet, it loads the rest (stage.js and the WebAssembly, side by side). It
// promises the page: one global function, one key of dates in localStorage (a second one only while an answer waits), no
// timer and no listener that nobody needs, and no error of ours that the page can see. grapevine.d.ts describes the commands.
//
// This file is a template. The build puts the names of the assets in; the collector puts the site's settings in.
(() => {
  const page = document;
  const stub = window.grapevine;
  // What the owner has set; the attributes of the tag that FORMS lists are stronger.
  const set = __SITE__;
  const script = page.currentScript ?? page.querySelector(`script[src*="${set.site}"]`); // a module does not know its tag
  // A second script tag on the page changes nothing, and without one nobody knows where the collector is.
  if (stub?.loaded || !script?.src) return;

  // The form of each attribute of the tag, `data-user` aside.
  const FORMS = {
    delay: /^\d{1,6}(\.\d+)?$/,
    view: /^\d{1,6}$/,
    lang: /^[a-z]{2,3}([-_]\w+)*$/i,
    mode: /^(card|bar|inline|tab)$/,
    corner: /^(top|bottom)-(left|right)$/,
    target: /./,
    frame: /^(true)?$/,
  };
  // What templates write where nobody is signed in, and what is longer than the collector takes. (The cases of the former
  // are in api/tests/cases/user_placeholders.json.)
  const NOBODY = /^(undefined|null|none|nan|\[object object\]|true|false|anonymous|guest|0|-1)$|^.{1001}/isu;
  const [ANSWERED_DAYS, DISMISSED_DAYS, IGNORED_TIMES, PER_YEAR] = set.when;
  const origin = new URL(script.src).origin;
  const survey = set.site + set.variant;
  const OUTBOX = "grapevine-" + set.site;
  const known = { properties: {} }; // what the page says about its visitor
  const memory = {}; // all that is kept, also where storage is blocked

  let stored = !set.storage; // whether the browser's storage may be used
  let blocked; // why it may not show on this page view, whatever the dates say
  let refused = {}; // the user whom the collector has asked us to leave alone
  let path;
  let warned;
  let loading;
  let stop = () => {}; // ends the waiting for what makes it show

  // For all that the page or the browser calls: nothing of ours throws there.
  const guard =
    (act) =>
    (...given) => {
      try {
        return act(...given);
      } catch {}
    };
  const get = (path) => fetch(origin + path, { referrerPolicy: "origin" });
  const tell = guard((name) => page.dispatchEvent(new CustomEvent("grapevine:" + name, { bubbles: 1 })));
  const warn = (what) => what == warned || console.warn("Grapevine ignores " + (warned = what));
  const find = guard((selector) => page.querySelector(selector)); // nothing, where that is no selector
  // The user that the page names, as text; nothing where that is nobody.
  const person = (user) => {
    const text = `${user ?? ""}`.trim();
    if (!NOBODY.test(text)) return text;
    warn(`user="${text}"`);
  };
  const today = () => (Date.now() / 864e5) | 0;

  const load = guard((key) => (memory[key] = { ...JSON.parse(localStorage[key] || "{}") }));
  const recall = (key) => (stored && load(key)) || memory[key] || {};
  const keep = (key, value) => {
    memory[key] = value;
    try {
      const text = JSON.stringify(value);
      if (stored) text == "{}" ? delete localStorage[key] : (localStorage[key] = text);
    } catch {
      stored = 0; // full or blocked: from now on only here
    }
  };
  const dates = () => recall("grapevine");
  const note = (change) => keep("grapevine", { ...dates(), ...change });

  // A number from 0 to 1, drawn once for each visitor and survey: whoever is below the share is asked.
  const lot = () => {
    if (!known.user && !dates().lot) note({ lot: Math.ceil(Math.random() * 1e4) });
    let hash = 0;
    for (const letter of (known.user || dates().lot) + survey) hash = Math.imul(hash ^ letter.codePointAt() ^ (hash >>> 15), 0x5bd1e995);
    return hash / 2 ** 32 + 0.5;
  };

  const elsewhere = () => set.pages && !RegExp(set.pages).test(path.slice(0, 300));

  const why = () => {
    const all = dates();
    const own = { ...all[survey] };
    // A day ahead of today was written while a clock was wrong; it holds as long as a day in the past would.
    const within = (day, days) => Math.abs(today() - day) < days;
    const shown = `${all.shown}`.split(" ");
    return (
      (shared.away && "dialog") ||
      (shared.host?.isConnected && "open") ||
      blocked ||
      (known.user == refused && "user") ||
      (set.signals?.some((name) => navigator[name] == 1) && "privacy") ||
      (set.storage == "consent" && !stored && "consent") ||
      (elsewhere() && "page") ||
      (set.target && !find(set.target) && "target") ||
      (set.sample < 1 && lot() >= set.sample && "sample") ||
      (within(own.scored, ANSWERED_DAYS) && "answered") ||
      (within(own.dismissed, DISMISSED_DAYS) && "dismissed") ||
      (own.ignored >= IGNORED_TIMES && "ignored") ||
      (all.last != survey && within(shown[0], DISMISSED_DAYS) && "other") ||
      (within(shown[PER_YEAR - 1], 365) && "year") || // the newest come first
      (all.views >= set.view ? "due" : "view")
    );
  };

  // The rest of us, loaded once.
  const stage = () => (loading = loading || import(origin + "/a/__GLUE__").then((code) => code.begin(shared)));

  const show = async (options, byHand) => {
    shared.wanted = 1;
    shared.byHand = byHand;
    try {
      const wasm = set.frame ?? get("/a/__WASM__").catch(() => {});
      const { open } = await stage();
      await open(wasm, options);
    } catch {
      loading = 0;
      tell("error");
    }
  };
  const hide = () => {
    shared.wanted = 0;
    shared.close?.();
  };

  // Shows it by itself, once somebody is looking; a user whom the page knows only where the collector agrees.
  const arrive = async () => {
    stop();
    if (page.hidden) return page.addEventListener("visibilitychange", arrive, { once: 1 });
    try {
      if (why() == "due" && known.user) {
        const answer = await get(`/v1/sites/${set.site}/due?user=` + encodeURIComponent(known.user));
        if (!(await answer.json()).due) refused = known.user;
      }
      if (why() == "due") show();
    } catch {
      tell("error");
    }
  };

  // Waits for what makes it show, if this visitor is due here.
  const arm = () => {
    stop();
    if (why() != "due") return;
    const on = (target, name, test) => {
      const listener = guard((event) => test(event) && arrive());
      target.addEventListener(name, listener);
      stop = () => target.removeEventListener(name, listener);
    };
    if (set.delay >= 0) {
      const timer = setTimeout(arrive, set.delay * 1e3);
      stop = () => clearTimeout(timer);
    }
    if (set.scroll) on(window, "scroll", () => scrollY + innerHeight >= (page.documentElement.scrollHeight * set.scroll) / 100);
    if (set.exit) on(page.documentElement, "mouseleave", (event) => event.clientY <= 0);
  };

  // A page view: the first, or a new path in an application that stays.
  const view = () => {
    if (path == location.pathname) return;
    path = location.pathname;
    blocked = 0;
    const { views } = dates();
    // Who comes from another page of the site has seen one.
    if (!(views >= set.view)) note({ views: 1 + (views ?? +page.referrer.startsWith(location.origin + "/")) });
    if (elsewhere() && !shared.byHand) hide();
    arm();
  };

  const again = () => {
    path = 0;
    view();
  };
  const viewed = guard(view);

  const commands = {
    __proto__: null,
    show: (options) => show(options, 1),
    hide() {
      blocked = "hidden";
      hide();
    },
    reset() {
      keep("grapevine", {});
      again();
    },
    identify(user) {
      known.user = person(user);
      arm();
    },
    set: (properties) => Object.assign(known.properties, properties),
    consent(given = true) {
      if (set.storage != "consent" || (given && stored)) return;
      const { views, ...said } = dates(); // what was said before it counts after it
      stored = 1;
      if (given) note(said);
      else for (const key of ["grapevine", OUTBOX]) keep(key, {});
      stored = given;
      again();
    },
    event: (name) => name && name == set.event && arrive(),
    on: (name, listener) => page.addEventListener("grapevine:" + name, listener),
    off: (name, listener) => page.removeEventListener("grapevine:" + name, listener),
    why() {},
  };
  const grapevine = async (name, ...given) => {
    if (!commands[name]) throw Error("no command " + name);
    await commands[name](...given);
    return why();
  };

  const shared = { find, get, OUTBOX, set, origin, known, recall, keep, tell, show, arrive };

  try {
    grapevine.loaded = 1;
    window.grapevine = grapevine;
    for (const [name, form] of Object.entries(FORMS)) {
      const text = script.dataset[name];
      if (text == null) continue;
      if (form.test(text)) set[name] = text;
      else warn(`data-${name}="${text}"`);
    }
    known.user = person(script.dataset.user);
    addEventListener("popstate", viewed);
    page.addEventListener("DOMContentLoaded", guard(arm)); // an element that is to hold the survey may come only now
    view();
    // What the page asked before we were here. Whoever asked then holds no promise, so nobody hears of a wrong name.
    for (const call of stub?.q ?? []) grapevine(...call).catch(() => {});
    // What was said on an earlier page and has not arrived.
    if (Object.keys(recall(OUTBOX))[0]) stage().catch(() => {});
    tell("ready");
    // Last, since a page may have frozen them.
    for (const name of ["pushState", "replaceState"]) {
      const original = history[name];
      history[name] = function (...given) {
        const result = original.apply(this, given);
        viewed();
        return result;
      };
    }
  } catch {
    tell("error");
  }
})();
