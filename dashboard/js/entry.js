// Entry of the owner's page: starts the WebAssembly beside this file.

import start, { guard } from "dashboard-wasm";

/** Says that the page has stopped. Nothing of it works after a trap in the WebAssembly. */
function stop(error) {
  console.error(error);
  const text = document.createElement("p");
  text.textContent = "The page has stopped because of an error. Reload it to go on.";
  const notice = document.createElement("div");
  notice.className = "notice stopped";
  notice.setAttribute("role", "alert");
  notice.append(text);
  document.body.prepend(notice);
}

guard(stop);
await start({ module_or_path: new URL("__WASM__", import.meta.url) }).catch(stop);
