//! Hostile host pages. Whatever a page does to its styles, its scripts and its browser, the survey
//! works or stays away, and the page receives no error of ours.

use serde_json::Value;
use tests::{PageServer, ServedPage};

use tests::fixture_host_page::{Host, LISTENER, assert_same_styles, command, computed_styles, each, page};

/// Styles that reach for everything.
const STYLES: [(&str, &str); 9] = [
    ("unset", "* { all: unset !important; }"),
    (
        "block",
        "@keyframes turn { to { color: red; background: yellow; letter-spacing: 9px; } }
        *, *::before, *::after { display: block !important; animation: turn 1s infinite !important;
            transition: all 9s !important; }",
    ),
    // What a design system may call its own.
    (
        "variables",
        "* { --card: #000 !important; --text: #000 !important; --quiet: #000; --accent: #000 !important; --line: #f00; --radius: 99px; --space: 400px; }",
    ),
    // Common where a page has its own custom elements.
    ("undefined", ":not(:defined) { display: none; visibility: hidden; opacity: 0; }"),
    (
        "element",
        "grapevine-survey { display: none !important; position: static !important; width: 1px !important; font-size: 90px !important; pointer-events: none !important; }",
    ),
    (
        "clipped",
        "html, body { overflow: hidden !important; height: 100%; } body { max-height: 200px; contain: strict; }",
    ),
    (
        "body",
        "body { transform: scale(.5); filter: blur(1px); perspective: 9px; opacity: .1; height: 4000px; will-change: transform; }",
    ),
    (
        "rem",
        "html { font-size: 62.5%; line-height: 9; letter-spacing: 9px; word-spacing: 9px; text-transform: uppercase; cursor: none; visibility: visible; } :root { color: red; zoom: 1; }",
    ),
    (
        "inherit",
        "html, body, main { color: red; font: italic 40px/3 cursive; text-align: right; white-space: nowrap; user-select: none; word-break: break-all; direction: ltr; }",
    ),
];

#[tokio::test]
async fn page_styles_do_not_reach_the_survey() {
    let host = Host::start().await;
    let _plain = host.visit("/plain", page("", &host.tag("async"))).await;
    let right = computed_styles(&host.browser).await;
    each(&host, STYLES, |host, name, style| {
        let right = right.clone();
        async move {
            let path = format!("/{name}");
            let _pages =
                host.visit(&path, page(&format!("<style>{style}</style>"), &host.tag("async"))).await;
            assert_same_styles(name, &right, &computed_styles(&host.browser).await);
            host.answer(&path, 4).await;
            host.silence(name).await;
        }
    })
    .await;
}

#[tokio::test]
async fn page_elements_do_not_cover_the_survey() {
    let host = Host::start().await;
    let pages = [
        ("later", ""),
        // A page whose root is moved takes what is fixed along with it.
        ("root", "<style>html { transform: translateZ(0); } body { height: 3000px; }</style>"),
    ];
    each(&host, pages, |host, name, before| async move {
        let path = format!("/{name}");
        let _pages = host.visit(&path, page(before, &host.tag("async"))).await;
        host.browser.until_shown().await;
        // A banner, a chat and a layer over all of it, each as high as it goes, come after us.
        host.browser
            .run(
                "for (let nth = 0; nth < 3; nth++) {
                    const layer = document.createElement('div');
                    layer.style.cssText = 'position: fixed; inset: 0; z-index: 2147483647; background: #0003';
                    document.body.append(layer);
                }",
            )
            .await;
        let seen = host
            .browser
            .survey("const box = survey.querySelector('section').getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight;")
            .await;
        assert_eq!(seen, true, "{name}: it is not in the window");
        host.answer(&path, 9).await;
        host.silence(name).await;
    })
    .await;
}

/// Scripts of a page that change what every script relies on.
const SCRIPTS: [(&str, &str); 10] = [
    (
        "queue",
        "window.grapevine = function () { (grapevine.q = grapevine.q || []).push(arguments) };
        grapevine('set', { plan: 'pro' });
        Array.prototype.map = () => { throw Error('not map'); };",
    ),
    (
        "arrays",
        "Array.prototype.extra = function () {}; Array.prototype.last = 9;
        for (const name of ['forEach', 'map', 'reduce', 'includes', 'flat']) Array.prototype[name] = () => { throw Error('not ' + name); };",
    ),
    // As an old library has it, whose users are still there.
    (
        "to-json",
        "Array.prototype.toJSON = function () { return '[' + this.join() + ']'; }; String.prototype.toJSON = function () { return String(this); };",
    ),
    ("objects", "Object.prototype.extra = function () { return 1; }; Object.prototype.each = {};"),
    (
        "elements",
        "const define = customElements.define, make = Document.prototype.createElement, attach = Element.prototype.attachShadow;
        customElements.define = function (name, ...rest) { return define.call(customElements, name, ...rest); };
        Document.prototype.createElement = function (...given) { const made = make.apply(this, given); made.upgraded = true; return made; };
        Element.prototype.attachShadow = function (how) { const root = attach.call(this, how); root.polyfilled = true; return root; };
        customElements.polyfillWrapFlushCallback = (flush) => flush();",
    ),
    ("sheets", "Object.defineProperty(Document.prototype, 'adoptedStyleSheets', { value: Object.freeze([]) });"),
    ("navigation", "var navigation = { items: [] };"),
    ("word", "window.grapevine = 'a plant';"),
    ("own", "Object.defineProperty(window, 'grapevine', { value: 'a plant' });"),
    ("timers", "const wait = setTimeout; window.setTimeout = (call, ms, ...rest) => wait(() => typeof call == 'function' && call(...rest), ms); window.requestIdleCallback = undefined;"),
];

#[tokio::test]
async fn changed_builtins_do_not_affect_the_survey() {
    let host = Host::start().await;
    each(&host, SCRIPTS, |host, name, script| async move {
        let path = format!("/{name}");
        let _pages = host.visit(&path, page(&format!("<script>{script}</script>"), &host.tag("async"))).await;
        host.answer_by_script(&path, 7).await;
        assert_eq!(host.events().await, "shown scored submitted ", "{name}");
        host.silence(name).await;
    })
    .await;
}

#[tokio::test]
async fn an_extended_object_prototype_loads_nothing() {
    let host = Host::start().await;
    let script = "<script>Object.prototype.extra = function () { return 1; };</script>";
    let _pages = host.visit("/extra", page(script, &host.tag("async data-delay=3600"))).await;
    assert_eq!(command(&host.browser, "why").await, "due");
    // What it would load would be on its way by then.
    host.browser.run("return new Promise((next) => requestIdleCallback(() => setTimeout(next, 300)));").await;
    let loader = host.site.loader_url();
    let origin = loader.split("/e/").next().unwrap();
    let asked = host.browser.requests(origin).await;
    assert_eq!(asked.len(), 1, "{asked:?}");
    host.silence("extra").await;
}

#[tokio::test]
async fn an_element_named_grapevine_does_no_harm() {
    let host = Host::start().await;
    let _pages =
        host.visit("/clobbered", page("<form id=grapevine name=loaded></form>", &host.tag("async"))).await;
    host.answer("/clobbered", 7).await;
    host.silence("clobbered").await;
}

/// Replacements for `fetch` as other tools install them.
const WRAPPED: [(&str, &str); 3] = [
    (
        "clones",
        "window.fetch = async function (...given) { const answer = await own.apply(this, given); return answer.clone(); };",
    ),
    // As those do who follow a request through their machines.
    (
        "headers",
        "window.fetch = (what, how = {}) => own(what, { ...how, headers: { ...how.headers, traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' } });",
    ),
    (
        "promises",
        "window.fetch = (...given) => ({ then: (...next) => own(...given).then(...next), catch: (next) => own(...given).catch(next) });",
    ),
];

#[tokio::test]
async fn a_wrapped_fetch_still_works() {
    let host = Host::start().await;
    each(&host, WRAPPED, |host, name, wrapped| async move {
        let path = format!("/{name}");
        let script = format!("<script>const own = window.fetch; {wrapped}</script>");
        let _pages = host.visit(&path, page(&script, &host.tag("async"))).await;
        host.answer(&path, 6).await;
        host.silence(name).await;
    })
    .await;
}

#[tokio::test]
async fn a_failed_fetch_is_repeated_at_the_next_show() {
    let host = Host::start().await;
    let failures = [
        ("rejects", "return Promise.reject(TypeError('no network'));"),
        ("throws", "throw TypeError('not now');"),
        ("nothing", "return undefined;"),
    ];
    each(&host, failures, |host, name, failure| async move {
        let wrapped = format!(
            "<script>const own = window.fetch; let times = 0;
            window.fetch = function (...given) {{ if (times++ == 0) {{ {failure} }} return own.apply(this, given); }};</script>"
        );
        let path = format!("/{name}");
        let _pages = host.visit(&path, page(&wrapped, &host.tag("async"))).await;
        // The survey reports an error, or shows in a frame, which has its own fetch.
        host.browser.until("window.events").await;
        if host.events().await == "shown " {
            assert_eq!(command(&host.browser, "hide").await, "hidden");
        } else {
            assert_eq!(host.events().await, "error ", "{name}");
        }
        let left = host.browser.run("return document.querySelector('grapevine-survey, iframe');").await;
        assert_eq!(left, Value::Null, "{name}");
        host.silence(name).await;
        // Its own page view, so that the row is of one impression.
        host.browser.run("history.pushState({}, '', location.pathname + '-again');").await;
        assert_eq!(command(&host.browser, "show").await, "open", "{name}");
        host.answer(&(path + "-again"), 6).await;
        host.silence(name).await;
    })
    .await;
}

#[tokio::test]
async fn the_tag_works_at_any_place_in_the_page() {
    let host = Host::start().await;
    let injected = format!(
        "<script>const tag = document.createElement('script'); tag.src = '{}'; tag.dataset.view = 1; tag.dataset.delay = 0; document.head.append(tag);</script>",
        host.site.loader_url()
    );
    let at_the_end =
        format!("<!doctype html><html lang=en><title>A page</title><p>Some text</p>{}", host.tag(""));
    let quirks =
        format!("<title>A page</title><center><font size=7>Some text</font></center>{}", host.tag("async"));
    let elsewhere = "<base href='http://127.0.0.1:9/elsewhere/' target=_blank>";
    let all = [
        ("sync", page("", &host.tag(""))),
        ("defer", page("", &host.tag("defer"))),
        ("module", page("", &host.tag("type=module"))),
        ("twice", page("", &(host.tag("async") + &host.tag("async")))),
        ("injected", page("", &injected)),
        ("end", ServedPage::html(at_the_end)),
        ("quirks", ServedPage::html(quirks)),
        ("base", page(elsewhere, &host.tag("async"))),
    ];
    each(&host, all, |host, name, page| async move {
        let path = format!("/{name}");
        let _pages = host.visit(&path, page).await;
        host.answer(&path, 10).await;
        assert_eq!(host.events().await, "shown scored submitted ", "{name}");
        host.silence(name).await;
    })
    .await;
}

#[tokio::test]
async fn trusted_types_may_be_enforced() {
    let host = Host::start().await;
    let strict = [("trusted", "require-trusted-types-for 'script'; trusted-types 'none'")];
    each(&host, strict, |host, name, policy| async move {
        let page = page("", &host.tag("async")).with("content-security-policy", policy);
        let _pages = host.visit("/trusted", page).await;
        host.answer("/trusted", 8).await;
        host.silence(name).await;
    })
    .await;
}

#[tokio::test]
async fn a_sandboxed_frame_without_storage_stores_its_answer() {
    let host = Host::start().await;
    let boxes = [("boxed", "allow-scripts"), ("boxed-form", "allow-scripts allow-forms allow-popups")];
    each(&host, boxes, |host, name, sandbox| async move {
        let path = format!("/{name}");
        let pages = PageServer::start().await;
        // The listener of the tab is not in its frames.
        pages.put(&path, page(&format!("<script>{LISTENER}</script>"), &host.tag("async")));
        pages.put("/favicon.ico", ServedPage::new("image/x-icon", ""));
        pages.put(
            "/",
            ServedPage::html(format!(
                "<!doctype html><html lang=en><title>Around</title>
             <iframe title=Boxed referrerpolicy=no-referrer sandbox='{sandbox}' src='{path}' width=900 height=700></iframe>"
            )),
        );
        host.browser.goto(&pages.url("/")).await;
        host.browser.frame("iframe").await;
        let storage = "try { localStorage; return 'there'; } catch (error) { return error.name; }";
        assert_eq!(host.browser.run(storage).await, "SecurityError");
        host.answer(&path, 5).await;
        assert_eq!(command(&host.browser, "hide").await, "hidden");
        host.silence(name).await;
    })
    .await;
}

/// A page that contains the pasted script instead of its tag has no survey, and no error either.
#[tokio::test]
async fn a_loader_pasted_without_its_tag_does_nothing() {
    let host = Host::start().await;
    let loader = reqwest::get(host.site.loader_url()).await.unwrap().text().await.unwrap();
    each(&host, [("classic", ""), ("module", "type=module")], |host, name, kind| {
        let pasted = format!("<script {kind}>{loader}</script>");
        async move {
            let _pages = host.visit("/pasted", page("", &pasted)).await;
            assert_eq!(host.browser.run("return typeof window.grapevine;").await, "undefined", "{name}");
            host.silence(name).await;
        }
    })
    .await;
}

/// A browser that cached the loader before an update of the collector requests files that are gone.
#[tokio::test]
async fn an_outdated_loader_still_shows_the_survey() {
    let host = Host::start().await;
    let loader = reqwest::get(host.site.loader_url()).await.unwrap().text().await.unwrap();
    let parts: Vec<&str> = loader.split("/a/widget-").collect();
    assert_eq!(parts.len(), 4, "the loader names a script, the WebAssembly and the texts: {loader}");
    let earlier = |part: &str| format!("/a/widget-0123456789abcdef{}", &part[16..]);
    let stale = [parts[0].to_owned(), earlier(parts[1]), earlier(parts[2]), earlier(parts[3])].concat();
    // It finds its tag by the address, as a module does.
    let tag = host.tag("type=text/plain") + &format!("<script type=module>{stale}</script>");
    let _pages = host.visit("/stale", page("", &tag)).await;
    host.answer("/stale", 8).await;
    assert_eq!(host.events().await, "shown scored submitted ");
    host.silence("stale").await;
}
