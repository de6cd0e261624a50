//! Fields of the filters, all of which are in the address.

use leptos::prelude::*;
use web_sys::SubmitEvent;

use super::Inbox;
use crate::comments::StateChoice;
use crate::format;
use nps::Category;

/// Segments with their names in the address.
const SEGMENTS: [(Option<Category>, &str); 4] = [
    (None, "All"),
    (Some(Category::Detractor), "Detractors"),
    (Some(Category::Passive), "Passives"),
    (Some(Category::Promoter), "Promoters"),
];

/// Fields of the filters.
#[component]
pub fn FilterFields(
    /// State of the view.
    inbox: Inbox,
) -> impl IntoView {
    let app = inbox.app;
    let parameter = move |name: &'static str| {
        Memo::new(move |_| app.url.with(|url| url.view(name).unwrap_or("").to_owned()))
    };
    let set = move |name: &'static str, value: String| app.navigate(|url| url.set_view(name, &value));
    let category = parameter("category");
    let segments = SEGMENTS.map(|(segment, label)| {
        let name = segment.map_or("", Category::as_str);
        view! {
            <button type="button" class="button" aria-pressed=move || (category.get() == name).to_string()
                on:click=move |_| set("category", name.to_owned())>{label}</button>
        }
    });
    view! {
        <div class="filters" role="group" aria-label="Filters of the comments">
            <div class="segments" role="group" aria-label="Segment">{segments}</div>
            <Search inbox=inbox/>
            <select aria-label="State" on:change=move |event| set("state", event_target_value(&event))>
                {options(parameter("state"), "Any state", move || {
                    StateChoice::ALL.map(|it| (it.as_str().to_owned(), it.label().to_owned())).to_vec()
                })}
            </select>
            <select aria-label="Tag" on:change=move |event| set("tag", event_target_value(&event))>
                {options(parameter("tag"), "Any tag", move || tags(inbox))}
            </select>
            <select aria-label="Language" on:change=move |event| set("lang", event_target_value(&event))>
                {options(parameter("lang"), "Any language", move || languages(inbox))}
            </select>
            <Check inbox=inbox name="contact" value="yes" label="Has a contact"/>
            <Check inbox=inbox name="consent" value="quote" label="May be quoted"/>
        </div>
    }
}

/// Returns the options of a choice: none, those that are known, and the present one.
fn options(
    current: Memo<String>,
    none: &'static str,
    known: impl Fn() -> Vec<(String, String)> + Send + 'static,
) -> impl IntoView {
    move || {
        let (current, mut all) = (current.get(), known());
        if !current.is_empty() && all.iter().all(|(value, _)| *value != current) {
            all.push((current.clone(), current.clone()));
        }
        let listed = std::iter::once((String::new(), none.to_owned())).chain(all);
        listed
            .map(|(value, label)| {
                let is_current = value == current;
                view! { <option value=value selected=is_current>{label}</option> }
            })
            .collect_view()
    }
}

fn tags(inbox: Inbox) -> Vec<(String, String)> {
    let label = |tag: &crate::model::TagCount| format!("{} ({})", tag.tag, format::count(tag.responses));
    inbox.tags.value().with(|list| {
        let tags = list.as_ref().map(|list| list.tags.iter().map(|tag| (tag.tag.clone(), label(tag))));
        tags.map(Iterator::collect).unwrap_or_default()
    })
}

/// Returns the languages of the comments that are listed.
fn languages(inbox: Inbox) -> Vec<(String, String)> {
    let mut found = std::collections::BTreeSet::new();
    inbox.feed.entries.with(|entries| {
        for (_, entry) in entries {
            entry.with_untracked(|item| found.extend(item.response.lang.clone()));
        }
    });
    found.into_iter().map(|lang| (lang.clone(), lang)).collect()
}

/// Search for words.
#[component]
fn Search(
    /// State of the view.
    inbox: Inbox,
) -> impl IntoView {
    let app = inbox.app;
    let words = Memo::new(move |_| app.url.with(|url| url.view("q").unwrap_or("").to_owned()));
    let typed = RwSignal::new(words.get_untracked());
    Effect::new(move |_| typed.set(words.get()));
    let search = move || {
        let typed = typed.get_untracked();
        app.navigate(|url| url.set_view("q", typed.trim()));
    };
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        search();
    };
    view! {
        <form role="search" class="search" on:submit=on_submit>
            <input id="search" type="search" aria-label="Words of the comments" placeholder="Search"
                maxlength="100"
                dir="auto" enterkeyhint="search" prop:value=move || typed.get()
                on:input=move |event| typed.set(event_target_value(&event)) on:change=move |_| search()/>
        </form>
    }
}

/// Filter that is on or off.
#[component]
fn Check(
    /// State of the view.
    inbox: Inbox,
    /// Name in the address.
    name: &'static str,
    /// Value in the address.
    value: &'static str,
    /// Label.
    label: &'static str,
) -> impl IntoView {
    let app = inbox.app;
    let is_on = Memo::new(move |_| app.url.with(|url| url.view(name).is_some()));
    let change = move |event| {
        let value = if event_target_checked(&event) { value } else { "" };
        app.navigate(|url| url.set_view(name, value));
    };
    view! {
        <label class="check">
            <input type="checkbox" prop:checked=move || is_on.get() on:change=change/>
            {label}
        </label>
    }
}
