// Records as text what a page can observe of the survey, since a hostile page may break arrays.
(() => {
    window.noise = '';
    window.events = '';
    const note = (text) => { window.noise += text + '; '; };
    addEventListener('error', (event) => note('error ' + (event.message ?? event.target.outerHTML)), true);
    addEventListener('unhandledrejection', (event) => note('rejection ' + event.reason));
    document.addEventListener('securitypolicyviolation', (event) => note('violation ' + event.violatedDirective + ' ' + event.blockedURI));
    for (const name of ['shown', 'scored', 'submitted', 'dismissed', 'error'])
        document.addEventListener('grapevine:' + name, () => { window.events += name + ' '; });
    for (const name of ['debug', 'log', 'info', 'warn', 'error']) {
        const own = console[name];
        console[name] = (...args) => { note(name + ' ' + args[0]); own.apply(console, args); };
    }
})();
