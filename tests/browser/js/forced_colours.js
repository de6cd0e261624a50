// Body of a function that returns, for each element, whether its border is visible and its colours.
const look = (selector) => [...survey.querySelectorAll(selector)].map((at) => {
    const style = getComputedStyle(at);
    const border = parseFloat(style.borderTopWidth) > 0 && style.borderTopStyle != 'none'
        && style.borderTopColor != style.backgroundColor && !/^rgba.*, 0\)$/.test(style.borderTopColor);
    return [border, style.backgroundColor, style.color];
});
const probe = document.body.appendChild(document.createElement('p'));
probe.style.cssText = 'forced-color-adjust: none; background: Highlight; color: HighlightText';
const { backgroundColor, color } = getComputedStyle(probe);
probe.remove();
return { system: [backgroundColor, color], section: look('section'), scale: look('.scale'), area: look('#comment'),
    button: look('button:not([hidden]):not(.tab)'), option: look('#step1 .option'),
    chosen: look('input:checked + span'), other: look('.choice input:not(:checked) + span') };
