// Port of the collector.

import { createServer } from "node:net";

import { UserError } from "./user_error.js";

/**
 * Fails where no program can listen on a port, with what to do.
 * @param {string} host
 * @param {number} port
 * @returns {Promise<void>}
 */
export function checkPort(host, port) {
  return new Promise((free, fail) => {
    const server = createServer();
    server.once("error", (/** @type {NodeJS.ErrnoException} */ { code, message }) => {
      fail(
        new UserError(
          PORT_PROBLEMS[code ?? ""]?.(host, port) ?? `Port ${port} on ${host} cannot be used: ${message}`,
        ),
      );
    });
    server.listen({ host, port, exclusive: true }, () => server.close(() => free()));
  });
}

/** @type {Record<string, (host: string, port: number) => string>} */
const PORT_PROBLEMS = {
  EADDRINUSE: (host, port) =>
    `Port ${port} on ${host} is taken by another program. Choose another with --port, for example ` +
    `--port ${port + 1}.`,
  EACCES: (_, port) => `Port ${port} is reserved for the system. Choose one from 1024 on with --port.`,
  EADDRNOTAVAIL: (host) =>
    `${host} is no address of this machine. Choose one with --host, for example --host 0.0.0.0.`,
  ENOTFOUND: (host) => `${host} is no address. Choose one with --host, for example --host 127.0.0.1.`,
};
