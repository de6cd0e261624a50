// Body of a function that returns every text of the survey that is not the owner's.
const section = survey.querySelector('section'), texts = {};
for (const [name, selector] of Object.entries({
    question: '#question', low: '.low', high: '.high', open: '.tab', privacy: '.intro a', prompt: '.comment label', optional: '#optional',
    thanks: '#thanks', last: '#step3 legend', contact: '#step3 .words span', quote: '#step3 .option', leave: '[value=leave]',
    back: '[value=back]', next: '[value=next]' }))
    texts[name] = survey.querySelector(selector).textContent;
const digits = [...survey.querySelectorAll('.choice span')].map((at) => at.textContent);
const values = [...survey.querySelectorAll('.choice input')].map((at) => at.value);
const names = [...survey.querySelectorAll('[aria-label]')].map((at) => at.getAttribute('aria-label'));
return { lang: section.lang, dir: section.dir, host: survey.host.dir, side: getComputedStyle(section).direction, texts, names, digits, values,
    all: section.textContent };
