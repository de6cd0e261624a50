// Command line: `node ops/main.js COMMAND …`. It needs no packages. What reads files of a collector
// needs Node 22.16 or newer, which has SQLite; an archive goes over HTTP and needs Node 20.

import { UserError } from "./user_error.js";

const HELP = `Usage: node main.js COMMAND

  backup DATA COPY    Copy the data folder DATA of a collector into the new folder COPY. The collector
                      may go on: each site's copy is of one moment.
  restore COPY DATA   Copy a backup into the new or empty folder DATA, checked. Start a collector with
                      it and with the same GRAPEVINE_SECRET: the ids of sites are signed with that.
  compact DATA        Rewrite every file, so that erased texts are gone from the disk too. The
                      collector must be stopped.

  archive HOST SITE FILE   Write all of one site into a file, from any collector; HOST is its URL. The
                           key is in GRAPEVINE_OWNER_KEY, or the admin token in GRAPEVINE_ADMIN_TOKEN.
  unarchive HOST FILE      Restore an archive into a collector with the same GRAPEVINE_SECRET, where the
                           site was never created. GRAPEVINE_ADMIN_TOKEN is that of this collector. If it
                           is interrupted, run it again.
  help                     Show this.
`;

const COMMANDS = {
  backup: { parameters: ["DATA", "COPY"], run: async () => (await import("./backup.js")).backup },
  restore: { parameters: ["COPY", "DATA"], run: async () => (await import("./restore.js")).restore },
  compact: { parameters: ["DATA"], run: async () => (await import("./compact.js")).compact },
  archive: {
    parameters: ["HOST", "SITE", "FILE"],
    isOverHttp: true,
    run: async () => (await import("./archive.js")).archive,
  },
  unarchive: {
    parameters: ["HOST", "FILE"],
    isOverHttp: true,
    run: async () => (await import("./archive.js")).unarchive,
  },
};

async function main([name, ...values]) {
  if (name === undefined || ["help", "-h", "--help"].includes(name)) return process.stdout.write(HELP);
  if (!Object.hasOwn(COMMANDS, name)) throw new UserError(`There is no command "${name}".\n\n${HELP}`);
  const { parameters, run, isOverHttp = false } = COMMANDS[name];
  if (values.length !== parameters.length) throw new UserError(`Use: node main.js ${[name, ...parameters].join(" ")}`);
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (!isOverHttp && (major < 22 || (major === 22 && minor < 16))) {
    throw new UserError(`This is Node ${process.versions.node}. Use Node 22.16 or newer, which has SQLite.`);
  }
  // SQLite is called experimental by Node; its own tests and ours say otherwise.
  process.removeAllListeners("warning");
  await (await run())(...values, (line) => process.stdout.write(`${line}\n`));
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`${error instanceof UserError ? error.message.trimEnd() : error.stack}\n`);
  process.exitCode = 1;
});
