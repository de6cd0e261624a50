//! Newest comments of the days and the filter.

use leptos::prelude::*;

use crate::comments;
use crate::format;
use crate::model::{CaseState, Response, ResponsePage};
use crate::session::SignedInSite;
use crate::ui::App;
use crate::ui::browser;
use crate::ui::link::Link;
use crate::ui::remote::Remote;
use crate::ui::status::show;
use crate::url_state::{Page, UrlState};

/// Number of comments that are shown.
const SHOWN: usize = 5;
/// Number of properties that are shown of a response.
const PROPERTIES: usize = 2;

/// Newest comments, which need an owner key.
#[component]
pub fn NewestComments(
    /// State of the page.
    app: App,
    /// The newest responses.
    newest: Remote<ResponsePage>,
) -> impl IntoView {
    // The sample has no view with all comments.
    let is_sample = untrack(move || app.is_sample());
    let list = move |page: Signal<ResponsePage>| {
        let comments = move || {
            page.with(|page| {
                let with_comment = page.responses.iter().filter(|response| response.comment.is_some());
                with_comment.take(SHOWN).cloned().collect::<Vec<_>>()
            })
        };
        let empty = move || {
            comments().is_empty().then(|| {
                view! { <p class="soft">"No comments among the newest responses of these days."</p> }
            })
        };
        let to = |url: UrlState| UrlState { page: Page::Comments, view: Vec::new(), ..url };
        view! {
            <ul class="voices" role="list">
                <For each=comments key=|response| (response.id.clone(), response.comment.clone())
                    let:response>
                    {voice(app, response, is_sample)}
                </For>
            </ul>
            {empty}
            {(!is_sample).then(|| view! {
                <p class="sentence go"><Link app=app to=to>"All comments"</Link></p>
            })}
        }
    };
    let has_comments =
        Memo::new(move |_| app.site.with(|site| site.as_ref().is_some_and(SignedInSite::has_comments)));
    let body = move || match has_comments.get() {
        true => show(app, newest, 5, list).into_any(),
        false => {
            view! { <p class="soft">"Comments need an owner key. You are signed in with a read key."</p> }
                .into_any()
        }
    };
    view! {
        <section class="card" aria-labelledby="voices-title">
            <h2 id="voices-title">"What they say"</h2>
            {body}
        </section>
    }
}

fn voice(app: App, response: Response, is_sample: bool) -> impl IntoView {
    let id = response.id.clone();
    let to = move |url: UrlState| UrlState {
        page: Page::Comments,
        view: vec![("response".into(), id.clone())],
        ..url
    };

    let category = response.category().map(nps::Category::as_str);
    let age = format::ago(browser::parse_time(&response.at), browser::now_ms());
    let properties: Vec<String> =
        response.properties.iter().take(PROPERTIES).map(|(name, value)| format!("{name}: {value}")).collect();
    let due = response.due_at.as_deref().filter(|_| response.state != Some(CaseState::Done)).map(|due| {
        let minutes = (browser::parse_time(due) - browser::now_ms()) / 60_000.0;
        comments::due(minutes)
    });
    let facts: Vec<String> = properties
        .into_iter()
        .chain(due)
        .chain(response.may_be_quoted().then(|| "may be quoted".into()))
        .collect();
    let comment = match is_sample {
        true => response.comment.into_any(),
        false => view! { <Link app=app to=to>{response.comment}</Link> }.into_any(),
    };
    view! {
        <li>
            <p class="facts">
                <span class="chip-score">{response.score} " " <span>{category}</span></span>
                <time datetime=response.at.clone() title=app.exact(&response.at)>{age}</time>
                {facts.into_iter().map(|fact| view! { <bdi>{fact}</bdi> }).collect_view()}
            </p>
            <p class="comment" dir="auto" lang=response.lang>
                {comment}
            </p>
        </li>
    }
}
