// The survey inside a frame, for pages whose policy forbids WebAssembly. mount.js makes the frame.
//
// Messages to the page: `{ grapevine: "ready" }`, `size` with the height of the content, `event`
// with the name of an event, and `closed`. None contains the response. The only message
// that the frame accepts is `close`, from the page that holds it.
//
// The options are in the fragment of the frame's URL, which browsers do not send to a server.
// Anyone can write such a URL, so it never decides what the survey asks.

if (parent != window) {
  const main = /** @type {HTMLElement} */ (document.querySelector("main"));
  const post = (/** @type {object} */ message) => parent.postMessage(message, "*");

  let parsed;
  try {
    parsed = JSON.parse(decodeURIComponent(location.hash.slice(1)));
  } catch {}
  const { lang, page, channel, mode, scheme, user, user_hash, properties, id, test } = Object(parsed);
  /** @type {(types: string[], value: any) => any} */
  const ofType = (types, value) => (types.includes(typeof value) ? value : undefined);
  const options = {
    lang: ofType(["string"], lang),
    page: ofType(["string"], page),
    channel: /^(web|link|email|interview)$/.test(channel) ? channel : undefined,
    mode: mode == "inline" ? mode : "frame",
    scheme: /^(light|dark)$/.test(scheme) ? scheme : undefined,
    id: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id) ? id : undefined,
    test: test == true,
    target: "main",
  };

  /** @type {any} the stub that grapevine.d.ts describes */
  const stub = function () {
    (stub.q ??= []).push(arguments);
  };
  window.grapevine = stub;
  document.addEventListener("grapevine:shown", () => {
    document.documentElement.lang = /** @type {HTMLElement} */ (main.firstElementChild).lang;
  });
  for (const name of ["shown", "scored", "submitted", "dismissed", "error"])
    document.addEventListener("grapevine:" + name, () => post({ grapevine: "event", name }));
  new ResizeObserver(() =>
    post({ grapevine: "size", height: Math.ceil(main.getBoundingClientRect().height) }),
  ).observe(main);
  new MutationObserver(() => main.firstChild || post({ grapevine: "closed" })).observe(main, {
    childList: true,
  });
  addEventListener("message", ({ source, data }) => {
    if (source == parent && data?.grapevine == "close") window.grapevine("hide");
  });

  stub("identify", ofType(["string", "number"], user), ofType(["string"], user_hash));
  const simple = Object.entries(Object(ofType(["object"], properties))).filter(
    ([, value]) => ofType(["string", "number", "boolean"], value) != null,
  );
  stub("set", Object.fromEntries(simple));
  stub("show", options);
  post({ grapevine: "ready" });
}
