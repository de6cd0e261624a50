// Body of a function that returns the contrasts (WCAG 2.2) of the texts of the card, and whether
// the card and the chosen score can be seen.
const context = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true });
const pixel = (colour) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    return context.getImageData(0, 0, 1, 1).data;
};
const luminance = (colour) => {
    const linear = (part) => ((part /= 255) <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4);
    const [r, g, b] = pixel(colour);
    return .2126 * linear(r) + .7152 * linear(g) + .0722 * linear(b);
};
const contrast = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + .05) / (low + .05);
};
const style = (selector) => getComputedStyle(survey.querySelector(selector));
const card = style('section').backgroundColor, chosen = style('input:checked + span'), send = style('.send');
const other = style('.choice input:not(:checked) + span'), track = style('.scale').backgroundColor;
const rim = chosen.boxShadow.match(/rgba?\([^)]*\)|#[0-9a-f]+/)?.[0];
return {
    opaque: pixel(card)[3] == 255 && pixel(send.backgroundColor)[3] == 255 && pixel(chosen.backgroundColor)[3] == 255,
    chosen: chosen.backgroundColor != other.backgroundColor && parseInt(chosen.fontWeight) > parseInt(other.fontWeight),
    contrasts: {
        question: contrast(style('legend').color, card), 'end of the scale': contrast(style('.low').color, card),
        number: contrast(other.color, track), 'chosen number': contrast(chosen.color, chosen.backgroundColor),
        button: contrast(send.color, send.backgroundColor), link: contrast(style('.intro a').color, card),
        'edge of the chosen number': Math.max(contrast(chosen.backgroundColor, card), contrast(rim, card)),
        'edge of the field': contrast(style('#comment').borderTopColor, card),
    },
};
