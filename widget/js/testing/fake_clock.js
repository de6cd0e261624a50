// A clock for tests: timers and `performance.now` that advance only when a test says so.

export class FakeClock {
  now = 0;
  timers = new Map();
  nextId = 1;

  /** Puts the clock in place of the global timers, until the test ends. */
  install(test) {
    const globals = { setTimeout, clearTimeout, performance };
    globalThis.setTimeout = (callback, delayMs = 0) => {
      this.timers.set(this.nextId, { at: this.now + delayMs, callback });
      return this.nextId++;
    };
    globalThis.clearTimeout = (id) => this.timers.delete(id);
    Object.defineProperty(globalThis, "performance", {
      value: { now: () => this.now },
      configurable: true,
      writable: true,
    });
    test.after(() => {
      Object.assign(globalThis, { setTimeout: globals.setTimeout, clearTimeout: globals.clearTimeout });
      Object.defineProperty(globalThis, "performance", {
        value: globals.performance,
        configurable: true,
        writable: true,
      });
    });
    return this;
  }

  /** Advances the time, and calls each timer when its time has come. */
  async advance(ms) {
    const end = this.now + ms;
    for (;;) {
      const due = [...this.timers]
        .filter(([, timer]) => timer.at <= end)
        .sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      const [id, timer] = due;
      this.timers.delete(id);
      this.now = timer.at;
      timer.callback();
      await settle();
    }
    this.now = end;
    await settle();
  }
}

/** Waits until every pending promise has settled. */
export const settle = async () => {
  for (let turn = 0; turn < 50; turn++) await null;
};
