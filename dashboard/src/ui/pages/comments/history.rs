//! Other responses of the same user.

use leptos::prelude::*;

use super::row::{age, score_chip};
use super::{Field, Inbox};
use crate::model::{Response, ResponsePage};
use crate::ui::api::{Call, with_parameters};
use crate::ui::remote::Remote;
use crate::ui::status::show;

/// Number of responses that are shown.
const SHOWN: &str = "20";

/// Other responses of the same user, the newest first.
#[component]
pub fn History(
    /// State of the view.
    inbox: Inbox,
    /// Id of the response that is open.
    id: String,
    /// Digest of the user.
    user: Option<String>,
) -> impl IntoView {
    let Some(user) = user else {
        return view! { <p class="soft">"Your page names no user, so there is no history."</p> }.into_any();
    };
    let app = inbox.app;
    let others = Remote::<ResponsePage>::new(app.tick, move || {
        let parameters = [
            ("user", user.clone()),
            ("answered", "true".to_owned()),
            ("marked", "any".to_owned()),
            ("limit", SHOWN.to_owned()),
        ];
        Some(Call::of_site(&app.site.get()?, &with_parameters("responses", parameters)))
    });
    let id = StoredValue::new(id);
    let list = move |page: Signal<ResponsePage>| {
        move || {
            let others: Vec<_> = page.with(|page| {
                page.responses.iter().filter(|other| other.id != id.get_value()).cloned().collect()
            });
            match others.is_empty() {
                true => view! { <p class="soft">"This is the only response of this visitor."</p> }.into_any(),
                false => {
                    let items = others.iter().map(|other| item(inbox, other)).collect_view();
                    view! { <ul class="notes" role="list">{items}</ul> }.into_any()
                }
            }
        }
    };
    show(app, others, 2, list).into_any()
}

fn item(inbox: Inbox, other: &Response) -> impl IntoView + use<> {
    let id = other.id.clone();
    let text = other.comment.clone().unwrap_or_else(|| "No comment".into());
    view! {
        <li>
            {score_chip(other)} {age(inbox.app, other)}
            <button type="button" class="link grow" dir="auto" lang=other.lang.clone()
                on:click=move |_| inbox.open(&id, Field::Heading)><span class="clip">{text}</span></button>
        </li>
    }
}
