// The survey on a hosted page: queues the calls for the loader, which arrives after this script.
//
// The options are in a data attribute of the script's tag, since the page's policy allows no inline
// script.

const { user, properties, ...options } = JSON.parse(
  /** @type {string} */ (document.currentScript?.dataset.options),
);
/** @type {any} the stub that grapevine.d.ts describes */
const stub = function () {
  (stub.q ??= []).push(arguments);
};
window.grapevine = stub;
if (user != null) stub("identify", user);
if (properties) stub("set", properties);
// The path of this page says nothing about where the visitor is, so it is left out.
const show = () => window.grapevine("show", { ...options, target: "main", page: null });
// A page in a background tab, or one that is prerendered, is not shown to anybody yet.
if (document.hidden) document.addEventListener("visibilitychange", show, { once: true });
else show();
