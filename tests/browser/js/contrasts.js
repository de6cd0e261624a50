// Body of a function that returns the contrast (WCAG 2.2) of each pair of colours of the survey.
const context = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true });
const luminance = (colour) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [r, g, b, alpha] = context.getImageData(0, 0, 1, 1).data;
    if (alpha < 255) throw Error('not opaque: ' + colour);
    const linear = (part) => ((part /= 255) <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4);
    return .2126 * linear(r) + .7152 * linear(g) + .0722 * linear(b);
};
const contrast = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + .05) / (low + .05);
};
const style = (selector) => getComputedStyle(survey.querySelector(selector));
const probe = (variable) => {
    const at = survey.appendChild(document.createElement('i'));
    at.style.color = `var(${variable})`;
    const { color } = getComputedStyle(at);
    at.remove();
    return color;
};
const card = style('section').backgroundColor, chosen = style('input:checked + span'), send = style('.send');
const soft = probe('--soft'), rim = probe('--rim');
return {
    'number on the accent': contrast(chosen.color, chosen.backgroundColor), 'text on the button': contrast(send.color, send.backgroundColor),
    'link on the card': contrast(style('.intro a').color, card), 'tick on the card': contrast(probe('--ink'), card),
    'text of an option': contrast(style('section').color, soft), 'number beside the chosen one': contrast(style('.choice span').color, soft),
    'edge of the button': contrast(rim, card), 'edge of the field': contrast(style('#comment').borderTopColor, card),
    'edge of the chosen number': contrast(rim, card), 'edge of what has focus': contrast(probe('--ink'), card),
};
