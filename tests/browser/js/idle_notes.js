// Records everything that a script begins to wait for, long tasks and console lines.
window.waits = [];
for (const name of ['setTimeout', 'setInterval', 'requestAnimationFrame', 'requestIdleCallback', 'queueMicrotask']) {
    const own = window[name];
    window[name] = function (...given) {
        waits.push([name, given[1] ?? null, Error().stack.includes('/e/') ? 'ours' : 'others']);
        return own.apply(this, given);
    };
}
window.messages = [];
for (const name of Object.keys(console))
    if (typeof console[name] == 'function') console[name] = (...given) => messages.push([name, ...given.map(String)]);
for (const name of ['error', 'unhandledrejection', 'securitypolicyviolation', 'messageerror'])
    addEventListener(name, (event) => messages.push([name, String(event.message ?? event.reason)]), true);
new ReportingObserver((reports) => reports.forEach((report) => messages.push([report.type, report.url]))).observe();
window.long = [];
new PerformanceObserver((list) => {
    for (const frame of list.getEntries())
        for (const script of frame.scripts) if (script.duration > 50) long.push(new URL(script.sourceURL, location).pathname);
}).observe({ type: 'long-animation-frame', buffered: true });
window.tasks = 0;
new PerformanceObserver((list) => (tasks += list.getEntries().length)).observe({ type: 'longtask', buffered: true });
