// What the runtime loads: the exports of the collector, which is Rust in `collector.js`.
//
// The classes that worker-build makes for objects extend nothing, and the runtime offers RPC to
// those only that extend `DurableObject`.
import { DurableObject } from "cloudflare:workers";

import { Front, Registry as RegistryHandler, Site as SiteHandler } from "./collector.js";

// Writes a line of the log, for `src/log.rs`: JSON takes more bytes in WebAssembly. What a cause
// quotes may be what somebody has sent, so it is left out.
let instance;
globalThis.writeLog = (level, event, request, route, status, subject, cause) => {
  instance ??= Math.random().toString(36).slice(2);
  cause = cause.replace(/"[^"]*"?|`[^`]*`?/g, "…");
  const line = { time: new Date().toISOString(), level, event };
  const known = { request: request && `${instance}-${request}`, route, status, subject, cause };
  for (const name in known) if (known[name]) line[name] = known[name];
  console.error(JSON.stringify(line));
};

const front = new Front();

export default {
  fetch: (request, env) => front.fetch(request, env),
};

export class Registry extends DurableObject {
  constructor(state, env) {
    super(state, env);
    this.handler = new RegistryHandler(state, env);
  }

  handle(command) {
    return this.handler.handle(command);
  }
}

export class Site extends DurableObject {
  constructor(state, env) {
    super(state, env);
    this.handler = new SiteHandler(state, env);
  }

  handle(command, body) {
    return this.handler.handle(command, body);
  }

  alarm() {
    return this.handler.alarm();
  }
}
