// The stage: what a page needs only when there is something to show or to bring to the collector. The loader imports it.
//
// It opens the survey, drawn by the WebAssembly in a shadow root or, where the page's policy forbids that, by the collector's
// own page in a frame. And it brings what visitors say to the collector: each showing has one id, and its newest message says
// all that is known by then, so a message may be sent twice, late or from another tab, and counts once. A message is kept in
// the browser (where that is allowed) before it is sent, and until the collector has stored or refused it.
import draw, * as survey from "./widget.js";

const WASM_HEADER = [0, 97, 115, 109, 1, 0, 0, 0];
const TEXTS = "__TEXTS__"; // the end of the name of each language's file, then the languages
const MOST = 30; // messages that wait
const MOST_PROPERTIES = 20; // as the collector has it
const LONGEST_VALUE = 200; // likewise
const LONGEST_PAGE = 2000; // the collector cuts it where a character ends
const KEEPALIVE_BYTES = 6e4; // browsers refuse to keep more alive
const LONGEST_PAUSE_S = 64;
const LONGEST_WAIT_S = 3600;
const FRAME_PATIENCE_MS = 1e4;
const OPTIONS = ["target", "id", "page", "channel", "mode", "score"]; // of what is shown, beside the language

let we; // what the loader shares
let showing = {}; // the settings of what is shown
let broken; // an error after which the survey's code cannot be called
let drawn; // whether the survey's code is there
let timer;
let pause = 1;
let notBefore = 0;
const flying = {}; // messages on their way
const own = {}; // what this page has said and does not know to be stored

// Leaves of an element a line that nobody sees, so that it can still be found out whether a press would reach it.
const UNSEEN = "opacity:0!important;clip-path:inset(0 calc(50% - 1px))!important";

// Everything that waits. Two tabs can write over each other, so a page does not rely on storage for what it said itself.
const waiting = () => ({ ...we.recall(we.OUTBOX), ...own });

// The language of the page's wish, of the tag, of the page, of the visitor, else English.
const language = (...wishes) => {
  for (const wish of [...wishes, document.documentElement.lang, ...navigator.languages])
    try {
      const { language, script, region } = new Intl.Locale(wish.replace(/_/g, "-")).maximize();
      return RegExp(` (${language.replace(/^n[no]$/, "nb")}(-${script}|-${region}|-PT)?) `).exec(TEXTS)[1];
    } catch {}
  return "en";
};

// Sends a message and notes what became of it.
const post = async (id) => {
  const text = waiting()[id];
  let verdict;
  let wait = 0;
  if (flying[id] == text) return;
  flying[id] = text;
  try {
    const response = await fetch(`${we.origin}/v1/sites/${we.set.site}/responses`, {
      method: "POST",
      body: text,
      keepalive: new Blob([text]).size < KEEPALIVE_BYTES, // it outlives the page
      credentials: "omit",
      referrerPolicy: "origin",
      signal: AbortSignal.timeout(1e4),
    });
    // In seconds; a date is passed over.
    wait = Math.min(parseInt(response.headers.get("retry-after")) || 0, LONGEST_WAIT_S);
    // Something between us and the collector may have answered in its place, in words of its own: that is tried again.
    if (response.status < 500 && response.status != 429) verdict = (await response.json()).results?.[0].status ?? "refused";
  } catch {}
  delete flying[id];
  const box = waiting();
  if (!verdict || verdict == "retry") {
    notBefore = performance.now() + wait * 1e3;
    later(Math.max(pause, wait) * (1e3 + Math.random() * 500));
    pause = Math.min(pause * 2, LONGEST_PAUSE_S);
  } else if (box[id] == text) {
    const { user, properties, page, lang, channel, ...answer } = JSON.parse(text);
    const bare = JSON.stringify(answer);
    const again = verdict != "stored" && bare != text;
    delete box[id];
    delete own[id];
    // Better the answer alone than nothing, where what the page says about itself is the trouble.
    if (again) own[id] = box[id] = bare;
    we.keep(we.OUTBOX, box);
    pause = 1;
    if (again) post(id);
    else settled(id, verdict == "stored");
  }
};
const flush = () => {
  const wait = notBefore - performance.now();
  // A page that is hidden may be gone in a moment, so then it is tried whatever the collector has asked for.
  if (wait > 0 && !document.hidden) later(wait);
  else for (const id of Object.keys(waiting())) post(id);
};
const later = (milliseconds) => {
  clearTimeout(timer);
  timer = setTimeout(flush, milliseconds);
};

// What the page says about its visitor, as far as the collector takes it: the declared properties first.
const visitor = () => {
  const { user, properties: given } = we.known;
  const properties = {};
  let count = 0;
  for (const name of new Set([...(we.set.properties ?? []), ...Object.keys(given)]))
    try {
      if (given[name] == null || count == MOST_PROPERTIES) continue;
      properties[name] = [...`${given[name]}`].slice(0, LONGEST_VALUE).join("");
      count++;
    } catch {} // a value without a text
  return { user: user || undefined, properties };
};

// What the survey says of one showing: kept at once, sent after so many milliseconds.
const say = (facts, after) => {
  const { variant, lang, page, channel } = showing;
  own[facts.id] = JSON.stringify({ ...facts, variant, lang, page, channel, ...visitor() });
  const box = waiting();
  const ids = Object.keys(box);
  // Where too much waits, showings without a score go first, then the newest.
  if (ids.length > MOST) {
    const needless = ids.find((id) => !box[id].includes('"score"')) ?? ids.pop();
    delete box[needless];
    delete own[needless];
  }
  we.keep(we.OUTBOX, box);
  if (after && !document.hidden) later(after);
  else flush();
};

// The survey's code has trapped, or a page's own changes to the browser have broken it: it ends, and the page goes on.
const fail = (error) => {
  broken = error;
  we.away = we.close = undefined;
  we.host?.remove();
  we.tell("error");
};
const safely =
  (call) =>
  (...given) => {
    try {
      if (!broken) call(...given);
    } catch (error) {
      fail(error);
    }
  };
const settled = safely((...given) => drawn && survey.settled(...given));

// Whether a press in the middle of an element of ours reaches it: a modal dialog excludes all that is not in it.
const reaches = (node) => {
  const full = document.fullscreenElement;
  const outside = !!full && !full.contains(node);
  // What lies over a film in full screen is not to be found by keys either.
  if (node.inert != outside) node.inert = outside;
  const { left, top, right, bottom } = node.getBoundingClientRect();
  const middle = (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2;
  // What has no place cannot be pressed, and so does no harm.
  return !outside && (left == right || top == bottom || document.elementFromPoint((left + right) / 2, middle) == node);
};

// Looks again whenever a dialog may have opened or closed, until it is called off.
const watch = (look) => {
  const names = ["fullscreenchange", "focusin"];
  const observer = new MutationObserver(look);
  observer.observe(document, { subtree: true, attributeFilter: ["open", "inert"] });
  const clock = setInterval(look, 1e3); // a dialog within a closed shadow root opens without a sign
  for (const name of names) document.addEventListener(name, look);
  return () => {
    observer.disconnect();
    clearInterval(clock);
    for (const name of names) document.removeEventListener(name, look);
  };
};

const home = () => (showing.target ? we.find(showing.target) : document.documentElement);

const place = (node) => {
  we.host = node;
  home().append(node);
};

// Whether nobody could press the survey now. Then it waits and begins anew once somebody can.
const excluded = (options) => {
  const probe = document.createElement("div");
  probe.style.cssText = `all:initial!important;position:fixed!important;inset:0!important;z-index:2147483647!important;${UNSEEN}`;
  home().append(probe);
  probe.popover = "manual";
  probe.showPopover?.();
  if (reaches(probe)) return probe.remove();
  const off = watch(
    safely(() => {
      if (!reaches(probe)) return;
      we.close();
      if (we.byHand) we.show(options, 1);
      else we.arrive();
    }),
  );
  we.close = () => {
    off();
    probe.remove();
    we.away = we.close = undefined;
  };
  return (we.away = true);
};

// While nobody could press the open survey, it is not to be seen; what is written in it stays.
const stepAside = (hide) => {
  const node = we.host;
  const { close } = we;
  let away = false;
  const look = safely(() => {
    if (!node.isConnected) off();
    else if (reaches(node) == away) {
      we.away = away = !away;
      hide(away);
    }
  });
  const stop = watch(look);
  const off = () => {
    stop();
    if (we.host == node) we.away = undefined;
  };
  we.close = () => {
    off();
    close();
  };
  look();
};

// The survey's own code draws it.
const shadow = async (wasm, options) => {
  // Throws where the page's policy forbids WebAssembly.
  new WebAssembly.Module(Uint8Array.from(WASM_HEADER));
  const get = async (asked) => {
    const response = await asked;
    if (!response.ok) throw response.url;
    return response;
  };
  const table = get(we.get(`/a/${showing.lang}${TEXTS.split(" ")[0]}`)).then((response) => response.json());
  const [module_or_path, texts] = await Promise.all([get(wasm), table]);
  await draw({ module_or_path });
  drawn = true;
  survey.guard(fail);
  if (!we.wanted || we.host?.isConnected || excluded(options)) return;
  place(document.createElement("grapevine-survey"));
  we.close = safely(survey.close);
  survey.open(we.host, showing, texts);
  const { host } = we;
  if (showing.target) return;
  stepAside((away) => {
    host.toggleAttribute("data-away", away); // the style sheet knows it
    // Chromium gives the focus back from a dialog, but not the caret.
    const field = host.shadowRoot.activeElement;
    const end = field?.textLength;
    if (end && !field.selectionStart) field.setSelectionRange(end, end);
  });
};

// The same in a frame, which needs nothing of the page's policy but frame-src. It is as high as what is in it.
const frame = (options) =>
  new Promise((done, failed) => {
    if (excluded(options)) return done();
    const { lang, page, channel, id, target, corner = "" } = showing;
    const mode = target ? "inline" : "frame";
    const node = document.createElement("iframe");
    const { style } = node;
    node.title = we.set.name;
    node.src = `${we.origin}/f/${we.set.site}#` + encodeURIComponent(JSON.stringify({ lang, page, channel, id, mode, ...visitor() }));
    let looks = "all:initial!important;border:0!important;inline-size:100%!important;block-size:0!important";
    if (!target)
      looks += `;position:fixed!important;z-index:2147483647!important;max-inline-size:440px!important;max-block-size:100%!important;inset-block:${corner.startsWith("top") ? "0 auto" : "auto 0"}!important;inset-inline:${corner.endsWith("left") ? "0 auto" : "auto 0"}!important`;
    style.cssText = looks;
    addEventListener("message", ({ source, data }) => {
      if (source != node.contentWindow) return;
      if (!data) return;
      if (data.height >= 0) style.setProperty("block-size", data.height + "px", "important");
      if (data.grapevine == "closed") node.remove();
      if (data.name) we.tell(data.name);
      done();
    });
    setTimeout(failed, FRAME_PATIENCE_MS);
    place(node);
    we.close = () => node.remove();
    if (!target)
      stepAside((away) => {
        const { blockSize } = style;
        style.cssText = looks + (away ? ";" + UNSEEN : "");
        style.setProperty("block-size", blockSize, "important");
      });
  });

const open = async (wasm, options) => {
  if (we.host?.isConnected || we.away) return;
  if (broken) throw broken;
  const given = { __proto__: null, ...options };
  showing = { ...we.set, page: location.pathname.slice(0, LONGEST_PAGE), say };
  for (const name of OPTIONS) if (given[name] !== undefined) showing[name] = given[name];
  showing.lang = language(given.lang, we.set.lang);
  try {
    if (we.set.frame != null) throw 0;
    await shadow(wasm, options);
  } catch (error) {
    we.host?.remove();
    // A trap would come again.
    if (error?.name == "RuntimeError") broken = error;
    if (broken) throw error;
    if (we.wanted)
      await frame(options).catch((failure) => {
        we.host.remove();
        throw failure;
      });
  }
};

// What the loader decides by. A showing counts as ignored until something is said in it.
const remember = ({ type }) => {
  const name = type.slice(10); // after "grapevine:"
  const survey = we.set.site + we.set.variant;
  const today = (Date.now() / 864e5) | 0;
  const dates = we.recall("grapevine");
  const { [survey]: own, shown = "" } = dates;
  const { ignored = 0 } = own ?? {};
  if (name == "shown") Object.assign(dates, { [survey]: { ...own, ignored: ignored + 1 }, last: survey, shown: `${today} ${shown}`.slice(0, 72) });
  else dates[survey] = { ...own, [name]: today, ignored: 0 };
  we.keep("grapevine", dates);
};

// Called by the loader, and again where something failed in between: a listener that is there is not added twice. What was said on an earlier page and has not arrived goes out now.
export const begin = (shared) => {
  we = shared;
  for (const name of ["shown", "scored", "dismissed"]) document.addEventListener("grapevine:" + name, remember);
  addEventListener("online", flush);
  document.addEventListener("visibilitychange", flush);
  flush();
  return { open };
};
