// Entry of the owner's page: starts the WebAssembly module with the view of the address, and
// changes to another one when its view is opened.

/** Script and WebAssembly of each view. Several views may be in one module. */
const MODULES = __MODULES__;

/** Those of the sample data, which is no view. */
const SAMPLE = __SAMPLE__;

/** Modules that are loaded or under way, by their scripts. */
const loaded = new Map();
let attempts = 0;
let leave = () => {};

/** Says that the page has stopped. Nothing of it works after a trap in the WebAssembly. */
function fail(error) {
  console.error(error);
  const text = document.createElement("p");
  text.textContent = "The page has stopped because of an error. Reload it to go on.";
  const notice = document.createElement("div");
  notice.className = "notice stopped";
  notice.setAttribute("role", "alert");
  notice.append(text);
  document.body.prepend(notice);
}

/** Loads the module of a view. The promise is of a function that has the module take the page over. */
function load(view) {
  return loadFiles(MODULES[view]).then((module) => (session) => enter(module, session));
}

/** Loads the sample data. The promise is of a function that answers requests of the API. */
function loadSample() {
  return loadFiles(SAMPLE).then((module) => module.respond);
}

function loadFiles([script, wasm]) {
  if (!loaded.has(script)) {
    const forget = (error) => {
      loaded.delete(script);
      throw error;
    };
    loaded.set(script, instantiate(script, wasm).catch(forget));
  }
  return loaded.get(script);
}

async function instantiate(script, wasm) {
  // Browsers remember that an import has failed, so each attempt has its own address.
  const attempt = attempts++ ? `?${attempts}` : "";
  const [module, response] = await Promise.all([
    import(new URL(script + attempt, import.meta.url)),
    fetch(new URL(wasm, import.meta.url)),
  ]);
  module.guard(fail);
  await module.default({ module_or_path: response });
  return module;
}

/** Has a module take the page over. Focus stays on the tab that was pressed. */
function enter(module, session) {
  const isOnTab = document.activeElement?.closest("nav");
  try {
    leave();
    leave = module.stop;
    module.start(load, loadSample, session);
  } catch (error) {
    fail(error);
  }
  if (isOnTab) document.querySelector("nav a[aria-current]")?.focus();
}

const view = new URLSearchParams(location.search).get("view");
// Making the module and drawing the page are a task each.
load(Object.hasOwn(MODULES, view) ? view : "overview").then((start) => setTimeout(start), fail);
