// What the runtime loads: the exports of the collector, which is Rust in `collector.js`.
//
// The classes that worker-build makes for objects extend nothing, and the runtime offers RPC to
// those only that extend `DurableObject`.
import { DurableObject } from "cloudflare:workers";

import { Front, Registry as RegistryHandler, Site as SiteHandler } from "./collector.js";

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
