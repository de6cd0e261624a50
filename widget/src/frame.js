// The survey in a frame, for pages whose policy forbids WebAssembly. stage.js on such a page makes the frame and reads these
// messages: `ready`, `size` with the height of what is shown, `event` with the name of what happened, and `closed`. None of them
// says who answers or what. From the page, and from nobody else, the frame takes `close`.
//
// Who is asked, and how, stands behind the # of the frame's address, which no browser sends to a server.
(() => {
  const main = document.querySelector("main");
  const tell = (message) => parent.postMessage(message, "*");

  let given;
  try {
    given = JSON.parse(decodeURIComponent(location.hash.slice(1)));
  } catch {}
  const { user, properties, ...options } = given ?? {};
  if (typeof options.lang == "string") document.documentElement.lang = options.lang;

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

  if (user != null) grapevine("identify", user);
  if (properties) grapevine("set", properties);
  grapevine("show", { ...options, target: "main" });
  tell({ grapevine: "ready" });
})();
