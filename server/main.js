#!/usr/bin/env node
// Program `grapevine`. The machine is checked before anything else is loaded, so that an old Node
// or a system without workerd gets a sentence and not a stack.

import { machine, unsupported } from "./system.js";

const problem = unsupported(machine());
if (problem) {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
} else {
  import("./command_line.js").then(({ main }) => main(process.argv.slice(2)));
}
