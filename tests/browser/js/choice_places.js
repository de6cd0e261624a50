// Body of a function that returns the place and the look of the choices and their labels.
const box = (at) => { const { left, right, top, bottom } = at.getBoundingClientRect(); return { left, right, top, bottom }; };
return { choices: [...survey.querySelectorAll('.choice')].map(box), low: box(survey.querySelector('.low')),
    high: box(survey.querySelector('.high')),
    looks: [...survey.querySelectorAll('.choice input:not(:checked) + span')].map((at) => {
        const { backgroundColor, color, borderColor } = getComputedStyle(at);
        return [backgroundColor, color, borderColor].join(); }) };
