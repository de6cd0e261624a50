// Body of a function that returns the targets of the survey that are too small, and what scrolls
// sideways.
const wrong = [];
for (const at of survey.querySelectorAll('a, button, textarea, label.choice, label.option')) {
    if (!at.checkVisibility()) continue;
    const { width, height } = at.getBoundingClientRect();
    const least = at.matches('.choice, .option, button, .thanks a') ? 44 : 24;
    if (width < 23.99 || height < least - .01) wrong.push(`${width} × ${height}: ${at.outerHTML.slice(0, 90)}`);
}
const page = document.documentElement, section = survey.querySelector('section');
if (page.scrollWidth > innerWidth) wrong.push(`the page scrolls sideways: ${page.scrollWidth}`);
if (section.scrollWidth > section.clientWidth) wrong.push(`the card scrolls sideways: ${section.scrollWidth}`);
return wrong;
