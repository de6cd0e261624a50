// Says when the eleven choices are on screen, by the page's own clock. It runs before all else on
// the page and costs it next to nothing: it only looks when something has changed, into the page
// and into each survey's shadow root.
(() => {
  let done;
  window.onScreen = new Promise((resolve) => (done = resolve));
  // After the frame that shows them, not before it.
  const painted = () =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => done(performance.now());
      port2.postMessage(0);
    });
  if (location.pathname == "/empty") return addEventListener("load", painted);

  const isSeen = (choice) => {
    const { width, top, bottom, left, right } = choice.getBoundingClientRect();
    return width > 0 && top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth;
  };
  const roots = new Set([document]);
  const all = { childList: true, subtree: true, attributes: true };
  const observer = new MutationObserver(() => {
    for (const { shadowRoot } of document.querySelectorAll("grapevine-survey, [class*=PostHogSurvey]")) {
      if (!shadowRoot) continue;
      if (!roots.has(shadowRoot)) observer.observe(shadowRoot, all);
      roots.add(shadowRoot);
      const choices = [...shadowRoot.querySelectorAll("label.choice, .ratings-number")];
      if (choices.length == 11 && choices.every(isSeen)) {
        observer.disconnect();
        return painted();
      }
    }
  });
  observer.observe(document, all);
})();
