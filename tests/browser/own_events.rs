//! Events of the card and the page around it: what begins in the card ends there, and what begins
//! in the page ends in the page.

use serde_json::{Value, json};
use tests::{Browser, Collector, Engine, PageServer, Window, in_each_engine, key};

use tests::fixture_full_survey::{page, show};
use tests::visitor::choose;

use crate::keyboard::focus;

in_each_engine!(
    no_focus_trap_takes_the_text,
    no_panel_closes_at_a_press_in_the_card,
    what_begins_in_the_page_ends_in_the_page,
    an_element_that_loses_focus_to_the_card_hears_of_it_when_focus_goes_on,
    no_focus_trap_takes_the_text_from_a_frame,
);

/// A dialog with a field, and traps that keep focus in it, as libraries have them. All of them find
/// a target outside of the dialog when it is the survey's element.
const DIALOG: &str = "<div id=dialog role=dialog aria-label=Name><input id=name aria-label=Name></div><p id=text>Some text</p>
    <script>
    const field = document.getElementById('name');
    const outside = (node) => !dialog.contains(node);
    const back = (event) => { if (outside(event.target)) field.focus(); };
    const stop = (event) => { if (outside(event.target)) { event.preventDefault(); event.stopImmediatePropagation(); } };
    const listen = (names, listener, ...phases) => {
        for (const target of [window, document, document.documentElement, document.body])
            for (const name of names.split(' '))
                for (const phase of phases.length ? phases : [false, true]) target.addEventListener(name, listener, phase);
    };
    field.focus();
    </script>";

/// Scripts of traps, by the mechanism. The page loads each before the survey opens, in both phases;
/// a listener in the capture phase of `window` from before the survey cannot be prevented.
const TRAPS: [(&str, &str); 6] = [
    ("focusin", "document.addEventListener('focusin', back); document.addEventListener('focusin', back, true);"),
    ("focus", "document.addEventListener('focus', back, true);"),
    (
        "focusout",
        "for (const phase of [false, true]) document.addEventListener('focusout', ({ relatedTarget }) => {
            if (relatedTarget && outside(relatedTarget)) field.focus();
        }, phase);",
    ),
    (
        "blur",
        "field.addEventListener('blur', ({ relatedTarget }) => { if (relatedTarget) setTimeout(() => field.focus()); });",
    ),
    (
        "keys",
        "for (const name of ['keydown', 'keypress', 'keyup', 'beforeinput', 'input', 'paste', 'copy', 'selectstart'])
            for (const phase of [false, true]) document.addEventListener(name, stop, phase);
        document.addEventListener('keydown', (event) => {
            if (event.key == 'Tab') { event.preventDefault(); field.focus(); }
        }, true);",
    ),
    (
        "presses",
        "for (const name of ['pointerdown', 'mousedown', 'touchstart', 'pointerup', 'mouseup', 'click', 'contextmenu'])
            for (const phase of [false, true]) document.addEventListener(name, stop, { capture: phase, passive: false });",
    ),
];

async fn no_focus_trap_takes_the_text(engine: Engine) {
    let collector = Collector::shared();
    let site = collector.site().await;
    let browser = Browser::open(engine, Window::DESKTOP.still()).await;
    let pages = PageServer::start().await;
    for (name, trap) in TRAPS {
        let path = format!("/{name}");
        let body = format!("{DIALOG}<script>{trap}</script>");
        pages.put(&path, page(&site, "lang=en", "data-delay=3600", &body));
        browser.goto(&pages.url(&path)).await;
        browser.until("window.grapevine?.loaded").await;
        // The trap works.
        if name.starts_with("focus") {
            browser
                .run("const other = document.createElement('input'); document.body.append(other); document.getElementById('name').focus(); other.focus();")
                .await;
            browser.until("document.activeElement.id == 'name'").await;
        }
        show(&browser, "{}").await;
        browser.until_shown().await;
        choose(&browser, 6).await;
        browser.click("#comment").await;
        browser.press("Tea?".chars()).await;
        let written =
            "return [survey.querySelector('#comment').value, document.getElementById('name').value];";
        assert_eq!(browser.survey(written).await, json!(["Tea?", ""]), "{name}");
        // By keys too: on to the buttons.
        browser.press([key::TAB]).await;
        assert_eq!(focus(&browser).await, "leave", "{name}");
        browser.press([key::ENTER]).await;
        browser.until("!survey").await;
        assert_eq!(browser.run("return errors;").await, json!([]), "{name}");
    }
}

async fn no_panel_closes_at_a_press_in_the_card(engine: Engine) {
    let collector = Collector::shared();
    let site = collector.site().await;
    let browser = Browser::open(engine, Window::DESKTOP.still()).await;
    let body = "<div id=panel><input id=address aria-label=Address value='half a form'></div><p id=text>Some text</p>
        <script>
        window.log = [];
        const close = (event) => { if (!panel.contains(event.target)) log.push(event.type); };
        for (const target of [document, document.documentElement, document.body])
            for (const phase of [false, true])
                for (const name of ['pointerdown', 'mousedown', 'touchstart', 'pointerup', 'mouseup', 'touchend', 'click',
                    'dblclick', 'auxclick', 'contextmenu', 'focusin', 'focus', 'keydown', 'dragstart'])
                    target.addEventListener(name, close, phase);
        window.addEventListener('click', close);
        panel.addEventListener('focusout', (event) => {
            if (!panel.contains(event.relatedTarget)) log.push('left for ' + event.relatedTarget?.nodeName);
        });
        address.focus();
        </script>";
    let pages = PageServer::with_page(page(&site, "lang=en", "data-delay=3600", body)).await;
    browser.goto(&pages.url("/")).await;
    browser.until("window.grapevine?.loaded").await;
    show(&browser, "{}").await;
    browser.until_shown().await;
    browser.run("log.length = 0;").await;
    choose(&browser, 6).await;
    browser.click("#comment").await;
    browser.press("A long text".chars()).await;
    // Text is selected by a drag that ends beside the card.
    let comment = "document.querySelector('grapevine-survey').shadowRoot.querySelector('#comment')";
    browser.drag(comment, "document.getElementById('text')").await;
    browser.click("legend").await;
    assert_eq!(browser.run("return log;").await, json!([]));
    // In the page it closes, as ever.
    browser.click_page("#text").await;
    let heard = browser.run("return [...new Set(log)];").await;
    for name in ["pointerdown", "mousedown", "pointerup", "mouseup", "click"] {
        assert!(heard.as_array().unwrap().contains(&json!(name)), "{name} in {heard}");
    }
    // By keys, and when it goes.
    browser.click("#comment").await;
    browser.run("log.length = 0;").await;
    browser.press([key::ESCAPE]).await;
    browser.until("!survey").await;
    assert_eq!(browser.run("return log.filter((name) => !name.startsWith('focus'));").await, json!([]));
    assert_eq!(browser.run("return errors;").await, json!([]));
}

async fn what_begins_in_the_page_ends_in_the_page(engine: Engine) {
    let collector = Collector::shared();
    let site = collector.site().await;
    let browser = Browser::open(engine, Window::DESKTOP.still()).await;
    let body = "<p id=text>Some text</p><input id=last aria-label=Last>
        <script>
        window.log = [];
        for (const name of ['pointerdown', 'pointerup', 'mousedown', 'mousemove', 'mouseup', 'keydown', 'keyup', 'wheel'])
            document.addEventListener(name, (event) => log.push(name));
        document.addEventListener('dragstart', (event) => event.preventDefault());
        </script>";
    let pages = PageServer::with_page(page(&site, "lang=en", "data-delay=3600", body)).await;
    browser.goto(&pages.url("/")).await;
    browser.until("window.grapevine?.loaded").await;
    show(&browser, "{}").await;
    browser.until_shown().await;
    browser.run("log.length = 0;").await;
    let legend = "document.querySelector('grapevine-survey').shadowRoot.querySelector('legend')";
    browser.drag("document.getElementById('text')", legend).await;
    let heard = browser.run("return log.filter((name, index) => name != log[index - 1]);").await;
    let heard: Vec<&str> = heard.as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let without = |name: &str| heard.iter().copied().filter(|it| *it != name).collect::<Vec<_>>();
    assert_eq!(without("mousemove"), ["pointerdown", "mousedown", "pointerup", "mouseup"]);
    assert!(heard.contains(&"mousemove"), "a drag goes on over the card");

    // A key that takes focus to the card goes up there.
    browser.click_page("#last").await;
    browser.run("log.length = 0;").await;
    browser.press([key::TAB]).await;
    assert_eq!(focus(&browser).await, "0");
    assert_eq!(browser.run("return log;").await, json!(["keydown", "keyup"]));
    browser.press([key::SPACE]).await;
    assert_eq!(browser.run("return log;").await, json!(["keydown", "keyup"]));

    let wheel = "survey.querySelector('legend').dispatchEvent(new WheelEvent('wheel', { bubbles: true, composed: true }));
        return log.at(-1);";
    assert_eq!(browser.survey(wheel).await, "wheel");
    assert_eq!(browser.run("return errors;").await, json!([]));
}

async fn an_element_that_loses_focus_to_the_card_hears_of_it_when_focus_goes_on(engine: Engine) {
    let collector = Collector::shared();
    let site = collector.site().await;
    let browser = Browser::open(engine, Window::DESKTOP.still()).await;
    let body = "<input id=first aria-label=First><input id=second aria-label=Second>
        <script>
        window.log = [];
        for (const field of [first, second])
            for (const name of ['focus', 'focusin', 'blur', 'focusout'])
                field.addEventListener(name, ({ type, target, relatedTarget }) => log.push([type, target.id, relatedTarget?.id ?? null].join(' ')));
        </script>";
    let pages = PageServer::with_page(page(&site, "lang=en", "data-delay=3600", body)).await;
    browser.goto(&pages.url("/")).await;
    browser.until("window.grapevine?.loaded").await;
    show(&browser, "{}").await;
    browser.until_shown().await;
    choose(&browser, 6).await;
    browser.click_page("#first").await;
    browser.run("log.length = 0;").await;
    browser.click("#comment").await;
    assert_eq!(browser.run("return log;").await, json!([]));
    // As if it had come straight from one to the other.
    browser.click_page("#second").await;
    let log = browser.run("return log.filter((it) => !it.includes('second ') || !it.endsWith('null')).map((it) => it.trim());").await;
    let log: Vec<&str> = log.as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(log[..2], ["blur first second", "focusout first second"], "{log:?}");
    // Back where it was: nothing was lost.
    browser.run("log.length = 0;").await;
    browser.click("#comment").await;
    browser.press([key::ESCAPE]).await;
    browser.until("!survey").await;
    assert_eq!(browser.run("return document.activeElement.id;").await, "second");
    let lost = browser.run("return log.filter((it) => /^(blur|focusout)/.test(it));").await;
    assert_eq!(lost, json!([]));
    assert_eq!(browser.run("return errors;").await, json!([]));
}

/// A frame has events of its own, so the page receives none of them.
async fn no_focus_trap_takes_the_text_from_a_frame(engine: Engine) {
    let collector = Collector::shared();
    let site = collector.site().await;
    let browser = Browser::open(engine, Window::DESKTOP.still()).await;
    let pages = PageServer::start().await;
    for (name, trap) in TRAPS {
        let path = format!("/{name}");
        let body = format!("{DIALOG}<script>{trap}</script>");
        pages.put(&path, page(&site, "lang=en", "data-delay=3600 data-frame", &body));
        browser.goto(&pages.url(&path)).await;
        browser.until("window.grapevine?.loaded").await;
        show(&browser, "{}").await;
        browser.until("document.querySelector('iframe')").await;
        browser.frame("iframe").await;
        browser.until_shown().await;
        choose(&browser, 6).await;
        browser.click("#comment").await;
        browser.press("Tea?".chars()).await;
        assert_eq!(browser.survey("return survey.querySelector('#comment').value;").await, "Tea?", "{name}");
        browser.parent_frame().await;
        assert_eq!(browser.run("return document.getElementById('name').value;").await, "", "{name}");
        assert_eq!(browser.run("return errors;").await, json!([]), "{name}");
    }
}

/// On a screen that is touched.
#[tokio::test]
async fn no_panel_closes_at_a_touch_of_the_card() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let browser = Browser::open(Engine::Chromium, Window::PHONE.still()).await;
    let body = "<p id=text>Some text</p><script>
        window.log = [];
        for (const phase of [false, true])
            for (const name of ['touchstart', 'touchmove', 'touchend', 'touchcancel', 'pointerdown', 'pointerup', 'mousedown', 'click'])
                document.addEventListener(name, (event) => log.push(name), phase);
        </script>";
    let pages = PageServer::with_page(page(&site, "lang=en", "data-delay=0", body)).await;
    browser.goto(&pages.url("/")).await;
    browser.until_shown().await;
    browser.until_still().await;
    let touch = async |selector: &str| {
        let middle = format!(
            "const box = ({selector}).getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2];"
        );
        let center = browser.survey(&middle).await;
        for (kind, points) in
            [("touchStart", json!([{ "x": center[0], "y": center[1] }])), ("touchEnd", json!([]))]
        {
            browser.cdp("Input.dispatchTouchEvent", json!({ "type": kind, "touchPoints": points })).await;
        }
    };
    touch("survey.querySelector(\"input[value='4'] + span\")").await;
    browser.until("survey.querySelector('input:checked')?.value == 4").await;
    assert_eq!(browser.run("return log;").await, json!([]));
    touch("document.getElementById('text')").await;
    browser.until("log.includes('touchstart') && log.includes('touchend')").await;
}

/// Counts the listeners that an open survey has on `window`: none is left once it is gone, however
/// it goes.
#[tokio::test]
async fn the_listeners_end_with_the_survey() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP.still()).await;
    let body = "<p id=text>Some text</p><script>
        window.capturing = new Map();
        for (const [method, step] of [['addEventListener', 1], ['removeEventListener', -1]]) {
            const original = window[method];
            window[method] = function (name, listener, options) {
                if (options?.capture) capturing.set(name, (capturing.get(name) ?? 0) + step);
                return original.call(window, name, listener, options);
            };
        }
        window.left = () => [...capturing].filter(([, count]) => count).map(([name]) => name);
        </script>";
    let pages = PageServer::with_page(page(&site, "lang=en", "data-delay=3600", body)).await;
    browser.goto(&pages.url("/")).await;
    browser.until("window.grapevine?.loaded").await;
    for way in ["button", "escape", "hide", "removed"] {
        show(&browser, "{}").await;
        browser.until_shown().await;
        assert_ne!(browser.run("return left();").await, json!([]), "{way}");
        match way {
            "button" => browser.click("[value=leave]").await,
            "escape" => {
                browser.click("legend").await;
                browser.press([key::TAB, key::ESCAPE]).await;
            }
            "hide" => drop(browser.run("return grapevine('hide');").await),
            // The next event finds that it is gone.
            _ => {
                browser.run("document.querySelector('grapevine-survey').remove();").await;
                browser.click_page("#text").await;
            }
        }
        browser.until("!survey").await;
        assert_eq!(browser.run("return left();").await, json!([]), "{way}");
    }
    assert_eq!(browser.run("return errors;").await, json!([]));
}
