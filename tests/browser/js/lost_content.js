// Body of a function that returns which parts of the survey are cut off, overlap or cannot be
// reached.
const section = survey.querySelector('section'), card = section.getBoundingClientRect(), wrong = [];
const seen = (at) => at.checkVisibility() && !at.closest('.unseen');
const within = (a, b, slack = 1) => a.left >= b.left - slack && a.right <= b.right + slack
    && a.top >= b.top - slack && a.bottom <= b.bottom + slack;
if (!within(card, { left: 0, top: 0, right: innerWidth, bottom: innerHeight })) wrong.push('the card leaves the window');
if (section.scrollWidth > section.clientWidth) wrong.push('the card scrolls sideways');
const texts = [], walker = document.createTreeWalker(section, NodeFilter.SHOW_TEXT);
for (let node; (node = walker.nextNode()); ) {
    const at = node.parentElement;
    if (!node.data.trim() || !seen(at)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const holder = at.closest('button, .choice, .option') ?? at, box = holder.getBoundingClientRect();
    for (const rect of range.getClientRects()) {
        // A line may be less high than its letters.
        if (!within(rect, box, 4)) wrong.push(`it leaves its box: ${node.data}`);
        texts.push([node, rect]);
    }
}
for (const [one, a] of texts) for (const [other, b] of texts)
    if (one != other && Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
        && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 5) wrong.push(`${one.data} lies on ${other.data}`);
for (const at of section.querySelectorAll('a, button, textarea, .choice, .option, legend, h2, .low, .high, p, .comment label')) {
    if (!seen(at) || !at.getClientRects().length) continue;
    at.scrollIntoView({ block: 'nearest' });
    const box = at.getBoundingClientRect(), now = section.getBoundingClientRect();
    // What is higher than the card is read bit by bit.
    if (box.height <= now.height && !within(box, now, 8)) wrong.push(`out of reach: ${at.outerHTML.slice(0, 80)}`);
    const x = (box.left + box.right) / 2, y = (box.top + box.bottom) / 2;
    if (at.matches('a, button, textarea, .choice, .option') && !at.contains(survey.elementFromPoint(x, y)))
        wrong.push(`it cannot be pressed: ${at.outerHTML.slice(0, 80)}`);
}
section.scrollTop = 0;
return [...new Set(wrong)];
