// What the package needs of the machine.

/** Oldest glibc that workerd is linked against. */
const GLIBC = "2.35";
const OLDEST_NODE = 20;
/** Systems and processors that workerd is published for. */
const WORKERD = ["linux x64", "linux arm64", "darwin x64", "darwin arm64", "win32 x64"];

/**
 * @typedef {object} Machine
 * @property {string} node Version of Node.
 * @property {string} platform
 * @property {string} arch
 * @property {string | undefined} glibc Version; none on other systems, and on Linux with musl.
 */

/** @returns {Machine} */
export function machine() {
  const { node } = process.versions;
  const { platform, arch } = process;
  // Names of network interfaces take seconds on some machines.
  Object.assign(process.report, { excludeNetwork: true });
  const { header } = /** @type {any} */ (process.report.getReport());
  return { node, platform, arch, glibc: header.glibcVersionRuntime };
}

/**
 * Returns why Grapevine cannot run on a machine; nothing where it can.
 * @param {Machine} machine
 * @returns {string | undefined}
 */
export function unsupported({ node, platform, arch, glibc }) {
  if (Number.parseInt(node, 10) < OLDEST_NODE) {
    return `This is Node ${node}. Grapevine needs Node ${OLDEST_NODE} or newer: https://nodejs.org`;
  }
  if (!WORKERD.includes(`${platform} ${arch}`)) {
    return `There is no workerd for ${platform} on ${arch}. Grapevine runs on: ${WORKERD.join(", ")}.`;
  }
  if (platform !== "linux") return undefined;
  if (glibc === undefined) {
    return (
      "This Linux has musl in place of glibc, as Alpine does, and workerd needs glibc. Use a system " +
      "with glibc, for " +
      'example the image "node:22-slim" in place of "node:22-alpine".'
    );
  }
  if (isOlder(glibc, GLIBC)) {
    return (
      `This Linux has glibc ${glibc}, and workerd needs ${GLIBC} or newer. Use Debian 12, Ubuntu ` +
      "22.04, Fedora 36, " +
      "or newer."
    );
  }
  return undefined;
}

/**
 * Whether a version of two numbers is older than another.
 * @param {string} version
 * @param {string} than
 */
export function isOlder(version, than) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [otherMajor = 0, otherMinor = 0] = than.split(".").map(Number);
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}
