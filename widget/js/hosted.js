// Asks the loader, before it is there, to show the survey in the page of the collector that this is on. What the address says of
// who is asked, and how, stands in the script's own tag, as data: the page's policy lets no inline script run.
(() => {
  const { user, properties, ...options } = JSON.parse(document.currentScript.dataset.options);
  window.grapevine = function () {
    (grapevine.q ??= []).push(arguments);
  };
  if (user != null) grapevine("identify", user);
  if (properties) grapevine("set", properties);
  // The path of this page says nothing about where the visitor is.
  const ask = () => grapevine("show", { ...options, target: "main", page: null });
  // A page that a browser loads beforehand, or in a tab behind, is not shown to anybody.
  if (document.hidden) document.addEventListener("visibilitychange", ask, { once: true });
  else ask();
})();
