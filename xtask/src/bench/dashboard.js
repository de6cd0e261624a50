// Watches the owner's page: when the score and the trend are on screen and the page is idle again,
// and how long its longest task was.

window.longest = 0;
new PerformanceObserver((list) => {
  for (const task of list.getEntries()) window.longest = Math.max(window.longest, task.duration);
}).observe({ type: "longtask", buffered: true });

/** Resolves with the time at which the trend of so many steps is drawn and input is handled. */
window.drawn = (steps) =>
  new Promise((done) => {
    const look = () => {
      const number = document.querySelector(".number")?.textContent ?? "";
      const last = document.querySelector("[role=slider]")?.getAttribute("aria-valuemax");
      const line = document.querySelector(".chart .line")?.getAttribute("d");
      if (!/\d/.test(number) || !line || last !== String(steps - 1)) return requestAnimationFrame(look);
      requestAnimationFrame(() => setTimeout(() => done(performance.now())));
    };
    look();
  });
