// Asks the loader, before it is there, to show the survey in the page of the collector that this is on. What the address says of
// who is asked, and how, stands in the script's own tag, as data: the page's policy lets no inline script run.
//
// A score in the address is chosen on the page, and counts when somebody is there: at the first movement, touch or key of a
// person. A program that follows the links of a mail does not vote.
(() => {
  const { user, properties, score, ...options } = JSON.parse(document.currentScript.dataset.options);
  window.grapevine = function () {
    (grapevine.q ??= []).push(arguments);
  };
  const signs = ["pointermove", "pointerdown", "touchstart", "wheel", "keydown"];
  const choose = () => {
    const choice = document.querySelector("grapevine-survey").shadowRoot.getElementById("score" + score);
    const confirm = (event) => {
      if (!event.isTrusted) return;
      for (const sign of signs) removeEventListener(sign, confirm, true);
      if (choice.checked) choice.dispatchEvent(new Event("change", { bubbles: true }));
    };
    choice.checked = true;
    for (const sign of signs) addEventListener(sign, confirm, true);
  };
  if (user != null) grapevine("identify", user);
  if (properties) grapevine("set", properties);
  if (score != null) document.addEventListener("grapevine:shown", choose, { once: true });
  // The path of this page says nothing about where the visitor is.
  const ask = () => grapevine("show", { ...options, target: "main", page: undefined });
  // A page that a browser loads beforehand, or in a tab behind, is not shown to anybody.
  if (document.hidden) document.addEventListener("visibilitychange", ask, { once: true });
  else ask();
})();
