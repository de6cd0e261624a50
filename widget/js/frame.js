// The survey in a frame, for pages whose policy forbids WebAssembly. stage.js on such a page makes the frame and reads these
// messages: `ready`, `size` with the height of what is shown, `event` with the name of what happened, and `closed`. None of them
// says who answers or what. From the page, and from nobody else, the frame takes `close`.
//
// Who is asked, and how, stands behind the # of the frame's address, which no browser sends to a server. Anybody can write such
// an address, so nothing of it decides what is asked; and a page that stands alone is not framed by a customer's page.
(() => {
  if (parent == window) return;
  const main = document.querySelector("main");
  const tell = (message) => parent.postMessage(message, "*");

  let given;
  try {
    given = JSON.parse(decodeURIComponent(location.hash.slice(1)));
  } catch {}
  const { lang, page, channel, mode, user, properties, id } = Object(given);
  const is = (kinds, value) => (kinds.includes(typeof value) ? value : undefined);
  const options = {
    lang: is(["string"], lang),
    page: is(["string"], page),
    channel: /^(page|link|mail)$/.test(channel) ? channel : undefined,
    mode: mode == "inline" ? mode : "frame",
    id: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id) ? id : undefined,
    target: "main",
  };
  if (options.lang) document.documentElement.lang = lang;

  window.grapevine = function () {
    (grapevine.q ??= []).push(arguments);
  };
  for (const name of ["shown", "scored", "submitted", "dismissed", "error"])
    document.addEventListener("grapevine:" + name, () => tell({ grapevine: "event", name }));
  new ResizeObserver(() => tell({ grapevine: "size", height: Math.ceil(main.getBoundingClientRect().height) })).observe(main);
  new MutationObserver(() => main.firstChild || tell({ grapevine: "closed" })).observe(main, { childList: true });
  addEventListener("message", ({ source, data }) => {
    if (source == parent && data?.grapevine == "close") grapevine("hide");
  });

  grapevine("identify", is(["string", "number"], user));
  const plain = Object.entries(Object(is(["object"], properties)));
  grapevine("set", Object.fromEntries(plain.filter(([, value]) => is(["string", "number", "boolean"], value) != null)));
  grapevine("show", options);
  tell({ grapevine: "ready" });
})();
