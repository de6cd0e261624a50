// Body of a function that returns an element once a pointer can hit it. `wanted` is the element,
// `name` the expression that found it.
if (!wanted) throw Error(`there is no ${name}`);
// A person waits until the target has stopped. A test need not: an animation that ends by itself
// is put forward to its end. Everything else that moves is waited for below.
for (let node = wanted; node; node = node.assignedSlot ?? node.parentNode ?? node.host) {
  const running = (node.getAnimations?.() ?? []).filter((it) => it.playState == "running");
  for (const animation of running)
    if (animation.effect?.getComputedTiming().endTime < Infinity) animation.finish();
}
wanted.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
let box, before;
do {
  before = box;
  await new Promise((next) => requestAnimationFrame(next));
  box = wanted.getClientRects()[0];
  if (!box) throw Error(`nothing is visible of ${name}`);
} while (!before || ["x", "y", "width", "height"].some((side) => box[side] != before[side]));
// The centre of the part inside the window, where WebDriver moves the pointer.
const middle = (from, to, size) => (Math.max(0, from) + Math.min(size, to)) / 2;
const x = middle(box.left, box.right, innerWidth);
const y = middle(box.top, box.bottom, innerHeight);
// An element below another cannot be pressed.
let hit = document.elementFromPoint(x, y);
for (let inside; (inside = hit?.shadowRoot?.elementFromPoint(x, y)) && inside != hit; ) hit = inside;
if (!wanted.contains(hit)) throw Error(`something covers ${name}: ${hit?.cloneNode().outerHTML}`);
return wanted;
