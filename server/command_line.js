// Command line: `grapevine COMMAND …`.

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { hasSqlite, runWithSqlite } from "./node_with_sqlite.js";
import { UserError } from "./user_error.js";

const HELP = `Usage: grapevine [COMMAND] [OPTION …]

  start               Start the collector with the owner's page on this machine. This is the default.
                        --port PORT   port (8787); 0 takes any free one
                        --host HOST   address to listen on (127.0.0.1); 0.0.0.0 lets other machines in
                        --data DIR    data folder (grapevine-data), with the responses and the secrets
                        --demo        add a site with a year of sample responses
  doctor              Check this machine, the data folder and the collector. Takes --port, --host and --data.
  env                 Print lines that set HOST, SITE, OWNER_KEY and READ_KEY, for the examples in the docs:
                      eval "$(grapevine env)". Takes --port, --host and --data.
  deploy              Deploy the collector to your Cloudflare account with wrangler.
                        --name NAME   name of the Worker (grapevine)
                        --data DIR    folder that keeps the secrets (grapevine-data)
                        --dry-run     upload nothing, and need no account

  backup DATA COPY    Copy the data folder DATA into the new folder COPY. The collector may go on: each
                      site's copy is of one moment.
  restore COPY DATA   Copy a backup into the new or empty folder DATA, checked.
  compact DATA        Rewrite every file, so that erased texts are gone from the disk too. The collector
                      must be stopped.

  archive HOST SITE FILE   Write all of one site into a file, from any collector; HOST is its URL. The
                           key is in GRAPEVINE_OWNER_KEY, or the admin token in GRAPEVINE_ADMIN_TOKEN.
  unarchive HOST FILE      Restore an archive into a collector with the same GRAPEVINE_SECRET, where the
                           site was never created. GRAPEVINE_ADMIN_TOKEN is that of this collector. If it
                           is interrupted, run it again.

  --help, --version
`;

const OPTIONS = /** @type {const} */ ({
  port: { type: "string" },
  host: { type: "string" },
  data: { type: "string" },
  demo: { type: "boolean" },
  name: { type: "string" },
  "dry-run": { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
});

/** @typedef {{ [name in keyof typeof OPTIONS]?: string | boolean }} Given Options as they were given. */
/** @typedef {(line: string) => void} Print */

/**
 * @typedef {object} Command
 * @property {string[]} parameters
 * @property {(keyof typeof OPTIONS)[]} options
 * @property {boolean} [needsSqlite]
 * @property {(values: string[], given: Given) => Promise<unknown>} run
 */

/** @type {Print} */
const print = (line) => process.stdout.write(`${line}\n`);

/** @type {Record<string, Command>} */
const COMMANDS = {
  start: {
    parameters: [],
    options: ["port", "host", "data", "demo"],
    run: async (_, given) => {
      const options = { ...listenOptions(given), isDemo: given.demo === true };
      await (await import("./commands/start.js")).start(options, print);
    },
  },
  doctor: {
    parameters: [],
    options: ["port", "host", "data"],
    run: async (_, given) => (await import("./commands/doctor.js")).doctor(listenOptions(given), print),
  },
  env: {
    parameters: [],
    options: ["port", "host", "data"],
    run: async (_, given) => (await import("./commands/env.js")).env(listenOptions(given), print),
  },
  deploy: {
    parameters: [],
    options: ["name", "data", "dry-run"],
    run: async (_, given) => (await import("./commands/deploy.js")).deploy(deployment(given), print),
  },
  backup: {
    parameters: ["DATA", "COPY"],
    options: [],
    needsSqlite: true,
    run: async ([data, copy]) => (await import("./commands/backup.js")).backup(data, copy, print),
  },
  restore: {
    parameters: ["COPY", "DATA"],
    options: [],
    needsSqlite: true,
    run: async ([copy, data]) => (await import("./commands/restore.js")).restore(copy, data, print),
  },
  compact: {
    parameters: ["DATA"],
    options: [],
    needsSqlite: true,
    run: async ([data]) => (await import("./commands/compact.js")).compact(data, print),
  },
  archive: {
    parameters: ["HOST", "SITE", "FILE"],
    options: [],
    run: async ([host, site, file]) =>
      (await import("./commands/archive.js")).archive(host, site, file, print),
  },
  unarchive: {
    parameters: ["HOST", "FILE"],
    options: [],
    run: async ([host, file]) => (await import("./commands/unarchive.js")).unarchive(host, file, print),
  },
};

/**
 * Runs a command, and sets the exit code of the process.
 * @param {string[]} args
 */
export async function main(args) {
  // Whoever reads the output may stop, as `head` does; a collector goes on all the same.
  process.stdout.on("error", () => {});
  try {
    await run(args);
  } catch (error) {
    process.stderr.write(`${error instanceof UserError ? error.message.trimEnd() : error.stack}\n`);
    process.exitCode = 1;
  }
}

/** @param {string[]} args */
async function run(args) {
  const { values: given, positionals } = parse(args);
  const [name = "start", ...values] = positionals;
  if (given.help || name === "help") return void process.stdout.write(HELP);
  if (given.version) return print(version());
  if (!Object.hasOwn(COMMANDS, name)) throw new UserError(`There is no command "${name}".\n\n${HELP}`);
  const command = COMMANDS[name];
  const usage = `Use: grapevine ${[name, ...command.parameters].join(" ")}`;
  const foreign = Object.keys(given).find((option) => !command.options.some((known) => known === option));
  if (foreign) throw new UserError(`"--${foreign}" is no option of ${name}. ${usage}`);
  if (values.length !== command.parameters.length) throw new UserError(usage);
  if (command.needsSqlite && !hasSqlite()) {
    process.exitCode = runWithSqlite(args);
    return;
  }
  // SQLite is called experimental by Node; its own tests and ours say otherwise.
  process.removeAllListeners("warning");
  await command.run(values, given);
}

/** @param {string[]} args */
function parse(args) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UserError(`${error.message}\n\n${HELP}`);
  }
}

/**
 * Returns where the collector listens and has its data.
 * @param {Given} given
 */
function listenOptions({ host = "127.0.0.1", data = "grapevine-data", port: text = "8787" }) {
  const port = /^\d{1,5}$/.test(String(text)) ? Number(text) : Infinity;
  if (port > 65_535) throw new UserError(`"${text}" is no port. Use --port with a number from 0 to 65535.`);
  return { host: String(host), data: String(data), port };
}

/**
 * Returns what is deployed.
 * @param {Given} given
 */
function deployment({ name = "grapevine", data = "grapevine-data", "dry-run": isDryRun = false }) {
  return { name: String(name), data: String(data), isDryRun: isDryRun === true };
}

/** @returns {string} */
function version() {
  return JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8")).version;
}
