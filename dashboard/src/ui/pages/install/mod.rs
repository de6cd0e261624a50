//! Install: the tag, where it goes, and whether it works.

mod live_check;

use leptos::prelude::*;

use crate::install::{Platform, Recipe, Tag, reasons};
use crate::model::Role;
use crate::ui::App;
use crate::ui::browser;
use crate::ui::copy::CodeBlock;
use crate::ui::sample::LookAround;
use crate::ui::tabs::Tabs;
use live_check::LiveCheck;

/// View that brings the tag onto a page.
#[component]
pub fn Install(
    /// State of the page.
    app: App,
) -> impl IntoView {
    browser::set_title("Install · Grapevine");
    let site = Memo::new(move |_| app.site.with(|site| site.as_ref().map(|site| site.site.clone())));
    let role = Memo::new(move |_| app.role());
    let body = move || {
        let tag = Tag::new(&browser::address(), &site.get()?);
        let check = move || match role.get() {
            Role::Owner => view! { <LiveCheck app=app/> }.into_any(),
            _ => view! { <p class="soft">"The check needs an owner key."</p> }.into_any(),
        };
        let tabs = Platform::ALL.map(|platform| (platform.label(), recipe(platform.recipe(&tag)).into_any()));
        Some(view! {
            <section class="card stack" aria-labelledby="tag-title">
                <h2 id="tag-title">"Add the tag"</h2>
                <p>"One line on your page is all. It asks a visitor only when the rules of your survey \
                allow it."</p>
                <Tabs id="recipe" label="Kind of site" tabs=tabs.into()/>
            </section>
            <section class="card stack" aria-labelledby="check-title">
                <h2 id="check-title">"Does it work?"</h2>
                {check}
                <Why/>
                <TryIt hosted=tag.hosted_page()/>
            </section>
            <Policy tag=tag.clone()/>
            <Consent tag=tag/>
        })
    };
    view! {
        <div class="column">
            <h1>"Install"</h1>
            <LookAround app=app/>
            {body}
        </div>
    }
}

fn recipe(recipe: Recipe) -> impl IntoView {
    let steps = recipe.steps.into_iter().map(|step| view! { <li>{step}</li> }).collect_view();
    view! {
        <div class="stack">
            <ol class="steps">{steps}</ol>
            <CodeBlock label=recipe.label code=recipe.code/>
            <p class="soft">{recipe.note}</p>
        </div>
    }
}

/// Reasons why the survey does not open.
#[component]
fn Why() -> impl IntoView {
    let entry = |word: String, sentence: &str| {
        view! { <div><dt><code>{word}</code></dt><dd>{with_code(sentence)}</dd></div> }
    };
    let list = reasons().into_iter().map(|reason| entry(reason.word, &reason.sentence)).collect_view();
    view! {
        <details class="more">
            <summary>"Why don't I see it?"</summary>
            <div class="stack">
                <p>
                    "Open your page, then the console of the browser (F12), and run this. It returns one \
                    of the words below. The survey rests after you have answered or closed it, and it \
                    waits for the second page view, so a first visit alone often shows nothing."
                </p>
                <CodeBlock label="Question to the survey" code="await grapevine(\"why\")".into()/>
                <dl class="words">{list}</dl>
            </div>
        </details>
    }
}

/// Ways to see the survey at once.
#[component]
fn TryIt(
    /// Address of the page with the survey alone.
    hosted: String,
) -> impl IntoView {
    view! {
        <details class="more">
            <summary>"Show it to me now"</summary>
            <div class="stack">
                <p>
                    "Run this in the console of your page. The survey opens at once, due or not. The \
                    second line forgets that you have seen it."
                </p>
                <CodeBlock label="Commands" code="grapevine(\"show\")\ngrapevine(\"reset\")".into()/>
                <p>
                    "Responses that you give this way count. Add " <code>"data-test"</code> " to the tag \
                    while you try: they are then marked as tests and are in no figure."
                </p>
                <p>
                    <a class="button" href=hosted target="_blank"
                        rel="noopener">"Open the survey on a page of its own"</a>
                </p>
            </div>
        </details>
    }
}

/// Sources that a Content Security Policy needs.
#[component]
fn Policy(
    /// The tag.
    tag: Tag,
) -> impl IntoView {
    view! {
        <section class="card stack" aria-labelledby="policy-title">
            <h2 id="policy-title">"Content Security Policy"</h2>
            <p>"A page without a policy needs nothing. To a policy add these sources:"</p>
            <CodeBlock label="Policy" code=tag.policy()/>
            <p>
                "If you do not want to allow WebAssembly, the same survey opens in a frame. Add "
                <code>"data-frame"</code> " to the tag and these sources to the policy:"
            </p>
            <CodeBlock label="Policy for a frame" code=tag.frame_policy()/>
        </section>
    }
}

/// Recipe for a consent to storage.
#[component]
fn Consent(
    /// The tag.
    tag: Tag,
) -> impl IntoView {
    view! {
        <section class="card stack" aria-labelledby="consent-title">
            <h2 id="consent-title">"Consent"</h2>
            <p>
                "The survey sets no cookie. It keeps a few dates in the browser, so that nobody is asked \
                too often. Where even these need a consent, set \
                " <code>"\"storage\": \"consent\""</code> " in the survey, and let your consent \
                tool call these functions. Until then nothing is stored and nobody is asked."
            </p>
            <CodeBlock label="Tag with consent" code=tag.consent_html()/>
            <p class="soft">
                "With " <code>"\"storage\": \"none\""</code> " nothing is ever stored. The survey then \
                opens by itself only on the first page of a visit."
            </p>
        </section>
    }
}

/// Returns a sentence whose parts between backticks are code.
fn with_code(sentence: &str) -> impl IntoView + use<> {
    let part = |(index, part): (usize, &str)| {
        let part = part.to_owned();
        if index % 2 == 1 { view! { <code>{part}</code> }.into_any() } else { part.into_any() }
    };
    sentence.split('`').enumerate().map(part).collect::<Vec<_>>()
}
