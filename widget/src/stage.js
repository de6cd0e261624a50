// The stage: what a page needs only when there is something to show or to bring to the collector. The loader imports it.
//
// It opens the survey, drawn by the WebAssembly in a shadow root or, where the page's policy forbids that, by the collector's
// own page in a frame. And it brings what visitors say to the collector: each showing has one id, and its newest message says
// all that is known by then, so a message may be sent twice, late or from another tab, and counts once. A message is kept in
// the browser (where that is allowed) before it is sent, and until the collector has stored or refused it.
import draw, * as survey from "./widget.js";

const WASM_HEADER = [0, 97, 115, 109, 1, 0, 0, 0];
const TEXTS = "__TEXTS__"; // the end of the name of each language's file, then the languages
const MOST = 30; // messages that wait, and properties of one
const LONGEST_VALUE = 200; // as the collector has it
const LONGEST_PAUSE_S = 64;
const LONGEST_WAIT_S = 3600;
const FRAME_PATIENCE_MS = 1e4;

let we; // what the loader shares
let showing = {}; // the settings of what is shown
let broken; // an error after which the survey's code cannot be called
let drawn; // whether the survey's code is there
let timer;
let pause = 1;
let notBefore = 0;
const flying = {}; // messages on their way
const own = {}; // what this page has said and does not know to be stored

// Everything that waits. Two tabs can write over each other, so a page does not rely on storage for what it said itself.
const waiting = () => ({ ...we.recall(we.OUTBOX), ...own });

// The language of the page's wish, of the tag, of the page, of the visitor, else English.
const language = (...wishes) => {
  for (const wish of [...wishes, document.documentElement.lang, ...navigator.languages])
    try {
      const { language, script, region } = new Intl.Locale(wish).maximize();
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
      keepalive: true, // it outlives the page
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
    const { user, properties, ...answer } = JSON.parse(text);
    const again = verdict != "stored" && properties;
    delete box[id];
    delete own[id];
    // Better the answer alone than nothing, where what the page says about its visitor is the trouble.
    if (again) own[id] = box[id] = JSON.stringify(answer);
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

// What the survey says of one showing: kept at once, sent after so many milliseconds.
const say = (facts, after) => {
  const { variant, lang, page, channel } = showing;
  const properties = {};
  const text = (value) => (value == null ? undefined : `${value}`.slice(0, LONGEST_VALUE));
  for (const name of Object.keys(we.known.properties).slice(0, MOST)) properties[name] = text(we.known.properties[name]);
  const user = text(we.known.user);
  own[facts.id] = JSON.stringify({ ...facts, variant, lang, page, channel, user, properties });
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
  we.close = undefined;
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

const place = (node) => {
  we.host = node;
  (showing.target ? document.querySelector(showing.target) : document.documentElement).append(node);
};

// The survey's own code draws it.
const shadow = async (wasm) => {
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
  if (!we.wanted || we.host?.isConnected) return;
  place(document.createElement("grapevine-survey"));
  we.close = safely(survey.close);
  survey.open(we.host, showing, texts);
};

// The same in a frame, which needs nothing of the page's policy but frame-src. It is as high as what is in it.
const frame = () =>
  new Promise((done, failed) => {
    const { lang, page, channel, id, target, corner = "" } = showing;
    const mode = target ? "inline" : "frame";
    const node = document.createElement("iframe");
    const { style } = node;
    node.title = we.set.name;
    node.src = `${we.origin}/f/${we.set.site}#` + encodeURIComponent(JSON.stringify({ lang, page, channel, id, mode, ...we.known }));
    style.cssText = "all:initial!important;border:0!important;inline-size:100%!important;block-size:0!important";
    if (!target)
      style.cssText += `;position:fixed!important;z-index:2147483647!important;max-inline-size:440px!important;max-block-size:100%!important;inset-block:${corner.startsWith("top") ? "0 auto" : "auto 0"}!important;inset-inline:${corner.endsWith("left") ? "0 auto" : "auto 0"}!important`;
    addEventListener("message", ({ source, data }) => {
      if (source != node.contentWindow) return;
      if (data.height >= 0) style.setProperty("block-size", data.height + "px", "important");
      if (data.grapevine == "closed") node.remove();
      if (data.name) we.tell(data.name);
      done();
    });
    setTimeout(failed, FRAME_PATIENCE_MS);
    place(node);
    we.close = () => node.remove();
  });

const open = async (wasm, options) => {
  if (we.host?.isConnected) return;
  if (broken) throw broken;
  showing = { ...we.set, page: location.pathname, ...options, lang: language(options?.lang, we.set.lang), say };
  try {
    if (we.set.frame != null) throw 0;
    await shadow(wasm);
  } catch (error) {
    we.host?.remove();
    // A trap would come again.
    if (error?.name == "RuntimeError") broken = error;
    if (broken) throw error;
    if (we.wanted)
      await frame().catch((failure) => {
        we.host.remove();
        throw failure;
      });
  }
};

// What the loader decides by. A showing counts as ignored until something is said in it.
const remember = ({ type }) => {
  const name = type.slice(10); // after "grapevine:"
  const { survey, dates, note, today } = we;
  const { [survey]: own, shown = "" } = dates();
  const { ignored = 0 } = own ?? {};
  if (name == "shown") note({ [survey]: { ...own, ignored: ignored + 1 }, last: survey, shown: `${today()} ${shown}`.slice(0, 72) });
  else note({ [survey]: { ...own, [name]: today(), ignored: 0 } });
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
