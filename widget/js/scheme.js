// Light or dark: by the owner's setting, else as the page is, else as the visitor's system is set.

/** The initial background, as browsers write it. */
const TRANSPARENT = "rgba(0, 0, 0, 0)";

/**
 * Returns the scheme of the page, if it says one: by the `color-scheme` of its root or in its head,
 * or by the background of its root and body. A page that declares both schemes is as its
 * background.
 */
export const pageScheme = () => {
  const page = document.documentElement;
  const { colorScheme } = getComputedStyle(page);
  const meta = /** @type {HTMLMetaElement | null} */ (document.querySelector('meta[name="color-scheme" i]'));
  const declared = colorScheme == "normal" ? (meta?.content ?? "") : colorScheme;
  const [only, other] = declared.match(/light|dark/gi) ?? [];
  if (only && !other) return only.toLowerCase();
  /** @type {any} */
  let context;
  for (const element of [page, document.body ?? page]) {
    const { backgroundColor } = getComputedStyle(element);
    // Many pages set no background, and making a canvas takes time.
    if (backgroundColor == TRANSPARENT) continue;
    // The browser reads and mixes colours of every notation.
    context ??= document.createElement("canvas").getContext("2d");
    context.fillStyle = backgroundColor;
    context.fillRect(0, 0, 1, 1);
  }
  if (!context) return;
  const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
  // The luma of ITU-R BT.601, in thousandths.
  if (alpha > 127) return red * 299 + green * 587 + blue * 114 < 128e3 ? "dark" : "light";
};

/**
 * Marks the survey's element as dark, now and when the system's scheme changes.
 * @param {HTMLElement} host
 * @param {string} [scheme] the owner's setting
 */
export const followScheme = (host, scheme) => {
  const system = matchMedia("(prefers-color-scheme:dark)");
  const mark = () =>
    host.toggleAttribute("data-dark", (scheme ?? pageScheme() ?? (system.matches && "dark")) == "dark");
  system.addEventListener("change", mark);
  mark();
};
