//! Comments: to read, and to work through.

mod bulk_bar;
mod detail;
mod detail_fields;
mod empty;
mod feed;
mod filters;
mod help;
mod history;
mod keyboard;
mod list;
mod outcome;
mod quotes;
mod row;
mod saver;

use leptos::prelude::*;

use crate::model::{Role, TagList};
use crate::ui::App;
use crate::ui::api::Call;
use crate::ui::remote::Remote;
use detail::Detail;
use feed::{Entry, Feed};
use list::List;
use saver::Saver;

/// State that the parts of this view share.
#[derive(Clone, Copy)]
pub struct Inbox {
    /// State of the page.
    app: App,
    /// The comments that are listed.
    feed: Feed,
    /// Changes under way.
    saver: Saver,
    /// Tags of the site.
    tags: Remote<TagList>,
    /// Field that gets the focus once the detail is there.
    focus: RwSignal<Option<Field>>,
    /// The response that is open, listed or not.
    opened_entry: RwSignal<Option<Entry>>,
    /// Whether the keys are shown.
    has_help: RwSignal<bool>,
}

/// Field of the detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    /// The heading, from which the detail is read.
    Heading,
    /// A new tag.
    Tag,
    /// The person in charge.
    Assignee,
}

impl Field {
    /// Returns the id of the element.
    const fn id(self) -> &'static str {
        match self {
            Self::Heading => "detail-title",
            Self::Tag => "add-tag",
            Self::Assignee => "assignee",
        }
    }
}

impl Inbox {
    /// Returns the id of the response that is open.
    fn opened(self) -> Option<String> {
        self.app.url.with(|url| url.view("response").map(str::to_owned))
    }

    /// Opens a response and moves the focus to a field of it.
    fn open(self, id: &str, field: Field) {
        self.feed.current.set(Some(id.to_owned()));
        self.focus.set(Some(field));
        self.app.navigate(|url| url.set_view("response", id));
    }

    /// Closes the detail and goes back to the row.
    fn close(self) {
        if let Some(id) = untrack(|| self.opened()) {
            self.app.navigate(|url| url.set_view("response", ""));
            crate::ui::browser::focus_soon(row::open_id(&id));
        }
    }
}

/// View of the comments, which need an owner key.
#[component]
pub fn Comments(
    /// State of the page.
    app: App,
) -> impl IntoView {
    let title = move || {
        let name = app.site.with(|site| site.as_ref().map(|site| site.label().to_owned()));
        format!("{} · Comments · Grapevine", name.unwrap_or_default())
    };
    Effect::new(move |_| crate::ui::browser::set_title(&title()));
    let role = Memo::new(move |_| app.role());
    let body = move || match role.get() {
        Role::Owner => view! { <Work app=app/> }.into_any(),
        role => view! { <NoPermission app=app role=role/> }.into_any(),
    };
    view! { <h1 class="hidden-text">"Comments"</h1> {body} }
}

/// Why nothing is shown with this key.
#[component]
fn NoPermission(
    /// State of the page.
    app: App,
    /// Role of the key.
    role: Role,
) -> impl IntoView {
    let text = format!("Comments need an owner key. You are signed in with a {} key.", role.as_str());
    view! {
        <div class="notice">
            <p><strong>"This key does not open comments"</strong></p>
            <p>{text} " It opens the score, and nothing that tells who wrote what."</p>
            <button type="button" class="button" on:click=move |_| app.is_adding.set(true)>
                "Sign in with another key"
            </button>
        </div>
    }
}

/// List and detail.
#[component]
fn Work(
    /// State of the page.
    app: App,
) -> impl IntoView {
    let tags = Remote::<TagList>::new(app.tick, move || {
        let site = app.site.get().filter(|site| site.role == Role::Owner)?;
        Some(Call::of_site(&site, "tags"))
    });
    let inbox = Inbox {
        app,
        feed: Feed::new(app),
        saver: Saver::new(app, tags),
        tags,
        focus: RwSignal::new(None),
        opened_entry: RwSignal::new(None),
        has_help: RwSignal::new(false),
    };
    keyboard::listen(inbox);
    let opened = Memo::new(move |_| inbox.opened());
    let detail = move || opened.get().map(|id| view! { <Detail inbox=inbox id=id/> });
    let known_tags = move || {
        tags.value().with(|list| {
            let tags = list.iter().flat_map(|list| &list.tags);
            tags.map(|tag| view! { <option value=tag.tag.clone()></option> }).collect_view()
        })
    };
    view! {
        <datalist id="known-tags">{known_tags}</datalist>
        <div class="inbox" class:opened=move || opened.with(Option::is_some)>
            <div class="feed">
                <filters::FilterFields inbox=inbox/>
                <List inbox=inbox/>
            </div>
            {detail}
        </div>
        <outcome::OutcomeBar inbox=inbox/>
        <help::Help inbox=inbox/>
    }
}
