//! Commands and events of the page's interface: promises, events, a single global name.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::client::send;
use tests::{Browser, Collector, Engine, PageServer, ServedPage, Site, Window};

use tests::fixture_clock_page::{STUB, no_errors, shop, stored, tagged, why};

async fn site(collector: &Collector) -> Site {
    let survey = json!({ "delay_seconds": 3600, "recontact": { "first_view": 1 } });
    collector.create_site(json!({ "name": "Tea shop", "survey": survey })).await
}

#[tokio::test]
async fn each_command_resolves_to_the_state() {
    let collector = Collector::shared();
    let site = site(&collector).await;
    let pages = shop(&site, "").await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&pages.url("/")).await;
    for (command, expected) in [
        ("'why'", "due"),
        ("'identify', 'ann'", "due"),
        ("'identify', null", "due"),
        ("'set', { plan: 'pro' }", "due"),
        ("'event', 'order-paid'", "due"),
        ("'consent'", "due"),
        ("'on', 'scored', () => {}", "due"),
        ("'off', 'scored', () => {}", "due"),
        ("'show'", "open"),
        ("'why'", "open"),
        ("'hide'", "hidden"),
        ("'show'", "open"),
        ("'hide'", "hidden"),
        ("'reset'", "due"),
    ] {
        let script = format!(
            "const state = grapevine({command}); return state instanceof Promise ? state : 'no promise';"
        );
        assert_eq!(browser.run(&script).await, expected, "grapevine({command})");
    }
    // An unknown command rejects the promise of its call and reports nothing elsewhere.
    for wrong in ["sing", "toString", "constructor", "__proto__", ""] {
        let message = browser
            .run(&format!("return grapevine('{wrong}').then(() => 'done', (error) => error.message);"))
            .await;
        assert_eq!(message, format!("Grapevine ignores {wrong}"));
    }
    no_errors(&browser).await;
}

#[tokio::test]
async fn events_bubble_and_carry_no_data_about_the_visitor() {
    let collector = Collector::shared();
    let site = site(&collector).await;
    let notes = "<script>window.received = [];
        const names = ['ready', 'shown', 'scored', 'submitted', 'dismissed', 'error'];
        for (const name of names) for (const at of [document, window]) at.addEventListener('grapevine:' + name, (event) => {
            const own = Object.getOwnPropertyNames(event).filter((name) => name != 'isTrusted');
            received.push([at == document ? 'document' : 'window', name, event.detail, event.bubbles, event.target.localName ?? 'document', own]);
        });</script>";
    let pages = PageServer::with_page(tagged(&site, notes, "", "")).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&pages.url("/")).await;
    browser
        .run(
            "window.called = 0; window.listener = () => called++;
        return Promise.all([grapevine('on', 'scored', listener), grapevine('on', 'dismissed', listener)]);",
        )
        .await;
    browser.run("return grapevine('show');").await;
    // A second score is no second event.
    browser.click("input[value='3'] + span").await;
    browser.click("input[value='9'] + span").await;
    browser.until("survey.querySelector('textarea').checkVisibility()").await;
    browser.click("button.send").await;
    browser.until("survey.activeElement?.id == 'thanks'").await;
    assert_eq!(browser.run("return called;").await, 1);
    browser.click("button[value=leave]").await;
    browser.until("!survey").await;
    browser.run("return grapevine('show');").await;
    browser.click("button[value=leave]").await;
    browser.until("!survey").await;
    assert_eq!(browser.run("return called;").await, 2);
    let both =
        |name: &str, target: &str| ["document", "window"].map(|at| json!([at, name, null, true, target, []]));
    let card = "grapevine-survey";
    let mut expected = Vec::new();
    for (name, target) in [
        ("ready", "document"),
        ("shown", card),
        ("scored", card),
        ("submitted", card),
        ("shown", card),
        ("dismissed", card),
    ] {
        expected.extend(both(name, target));
    }
    assert_eq!(browser.run("return received;").await, json!(expected));
    // A removed listener is not called.
    browser.run("return Promise.all([grapevine('off', 'scored', listener), grapevine('off', 'dismissed', listener)]);").await;
    browser.run("return grapevine('show');").await;
    browser.click("button[value=leave]").await;
    browser.until("!survey").await;
    assert_eq!(browser.run("return called;").await, 2);
    no_errors(&browser).await;

    // A listener that throws is the page's own trouble and stops nothing.
    let scripts = format!(
        "{STUB}<script>for (const name of ['ready', 'shown', 'scored']) {{
            grapevine('on', name, () => {{ throw Error('of the page: ' + name); }});
        }}</script>"
    );
    let pages = PageServer::with_page(tagged(&site, &scripts, "", "")).await;
    browser.goto(&pages.url("/")).await;
    assert_eq!(browser.run("return grapevine('show');").await, "open");
    browser.click("input[value='9'] + span").await;
    site.score_when("a second score", |score| score["scored"] == 2).await;
    let errors = browser.run("return errors;").await;
    assert!(
        errors
            .as_array()
            .is_some_and(|all| all.len() == 3 && all.iter().all(|it| it.to_string().contains("of the page"))),
        "{errors}"
    );
}

#[tokio::test]
async fn a_second_tag_on_a_page_is_ignored() {
    let collector = Collector::shared();
    let (tea, books) = (site(&collector).await, site(&collector).await);
    let notes = "<script>window.received = []; for (const name of ['ready', 'shown'])
        document.addEventListener('grapevine:' + name, () => received.push(name));</script>";
    let again = format!(
        "<script async src='{}' data-delay=0></script><script async src='{}?again'></script><script async src='{}' data-delay=0></script>",
        tea.loader_url(),
        tea.loader_url(),
        books.loader_url()
    );
    // The first is no `async` one, so that it is known which is the first.
    let first = format!("{notes}<script src='{}'></script>", tea.loader_url());
    let pages = PageServer::with_page(tagged(&tea, &first, "", &again)).await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&pages.url("/shop/a")).await;
    assert_eq!(why(&browser).await, "due");
    assert_eq!(stored(&browser).await, json!({ "grapevine": { "views": 1 } }));
    assert_eq!(browser.run("return grapevine('show');").await, "open");
    assert_eq!(
        browser.run("return [received, document.querySelectorAll('grapevine-survey').length];").await,
        json!([["ready", "shown"], 1])
    );
    no_errors(&browser).await;
}

#[tokio::test]
async fn the_tag_adds_one_global_name_and_nothing_else() {
    let collector = Collector::shared();
    let site = site(&collector).await;
    // Everything that a page could stumble over: names, and what there is on shared objects.
    let look = "<script>window.look = () => {
            const all = { window, document, navigator, history, 'Object.prototype': Object.prototype, 'Array.prototype': Array.prototype,
                'Element.prototype': Element.prototype, 'String.prototype': String.prototype, Promise, Math, JSON, customElements };
            return Object.entries(all).flatMap(([name, of]) => Reflect.ownKeys(of).map((key) => name + ' ' + String(key)));
        };
        window.before = null; window.before = new Set(look());</script>";
    let added = async |browser: &Browser| -> BTreeSet<String> {
        let names = browser.run("return look().filter((name) => !before.has(name));").await;
        names
            .as_array()
            .expect("names")
            .iter()
            .map(|name| name.as_str().unwrap_or_default().to_owned())
            .collect()
    };
    let pages = PageServer::with_page(tagged(&site, look, "", "")).await;
    pages.put(
        "/without",
        ServedPage::html(format!("<!doctype html><html lang=en><title>A page</title>{look}<p>Tea.")),
    );
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    // Names that the driver of the browser adds to any page.
    browser.goto(&pages.url("/without")).await;
    browser.click_page("p").await;
    let drivers = added(&browser).await;
    // `pushState` and `replaceState` become the object's own properties; calling them works as
    // before.
    let expected = ["history pushState", "history replaceState", "window grapevine"].map(str::to_owned);
    let expected: BTreeSet<String> = drivers.into_iter().chain(expected).collect();
    browser.goto(&pages.url("/")).await;
    browser.click_page("h1").await;
    assert_eq!(added(&browser).await, expected);
    assert_eq!(browser.run("return grapevine('show');").await, "open");
    browser.click("input[value='9'] + span").await;
    browser.until("survey.querySelector('textarea').checkVisibility()").await;
    assert_eq!(added(&browser).await, expected, "while the survey is open");
    browser.click("button[value=leave]").await;
    browser.until("!survey").await;
    assert_eq!(added(&browser).await, expected, "afterwards");
    let left =
        "return [document.documentElement.getAttributeNames(), document.documentElement.children.length,
        document.head.querySelectorAll('style, link').length, document.adoptedStyleSheets.length];";
    assert_eq!(browser.run(left).await, json!([["lang"], 2, 0, 0]));
    no_errors(&browser).await;
}

/// Returns the quoted names after a marker in the declarations.
fn named(declarations: &str, before: &str) -> BTreeSet<String> {
    let found = declarations.split(before).skip(1);
    found.filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

#[tokio::test]
async fn the_type_declarations_match_the_script() {
    let collector = Collector::shared();
    let site = site(&collector).await;
    let file = send(collector.http().get(collector.url() + "/e/grapevine.d.ts")).await;
    assert_eq!(file.status, 200, "{file}");
    let text = String::from_utf8(file.body).unwrap();
    let commands = named(&text, "(command: \"");
    let events = named(&text, "\n  \"grapevine:");
    let states: BTreeSet<String> =
        named(text.split("type GrapevineEvent").next().unwrap_or_default(), "| \"");
    let all = |names: &[&str]| -> BTreeSet<String> { names.iter().map(ToString::to_string).collect() };
    assert_eq!(
        commands,
        all(&["show", "hide", "reset", "why", "identify", "set", "event", "consent", "on", "off"])
    );
    assert_eq!(events, all(&["ready", "shown", "scored", "submitted", "dismissed", "error"]));
    // Every declared state must occur in the script.
    let script = send(collector.http().get(site.loader_url())).await;
    let script = String::from_utf8(script.body).unwrap();
    for state in &states {
        assert!(script.contains(&format!("\"{state}\"")), "{state} is declared and never returned");
    }
    assert_eq!(states.len(), 21, "{states:?}");
    let pages = shop(&site, "").await;
    let browser = Browser::open(Engine::Chromium, Window::DESKTOP).await;
    browser.goto(&pages.url("/")).await;
    for command in commands {
        let state = browser
            .run(&format!("return grapevine('{command}', '', () => {{}}).catch((error) => error.message);"))
            .await;
        assert!(state.as_str().is_some_and(|state| states.contains(state)), "{command}: {state}");
    }
    assert_ne!(why(&browser).await, Value::Null);
}
