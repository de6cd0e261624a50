//! Cases that wait for the owner.

use leptos::prelude::*;

use super::alarms::Alarms;
use super::requests;
use crate::model::{Cases, Role};
use crate::range::Range;
use crate::ui::App;
use crate::ui::browser;
use crate::ui::link::Link;
use crate::ui::remote::Remote;
use crate::ui::status::show;
use crate::url_state::{Page, UrlState};
use crate::wording;

/// Cases to do.
#[component]
pub fn ToDoCard(
    /// State of the page.
    app: App,
) -> impl IntoView {
    let cases = Remote::<Cases>::new(app.tick, move || requests::cases(app));
    let list = move |cases: Signal<Cases>| {
        let text = move || cases.with(|cases| wording::to_do(cases, overdue_since(cases)));
        let is_waiting = Memo::new(move |_| cases.with(|cases| cases.open + cases.in_progress > 0));
        // The counts are of all days.
        let to = |url: UrlState| UrlState {
            page: Page::Comments,
            range: Range::All,
            filter: None,
            view: vec![("state".into(), "to_do".into())],
            ..url
        };
        let open = move || {
            (is_waiting.get() && app.role() == Role::Owner).then(|| {
                view! { <p class="sentence go"><Link app=app to=to>"Work through them"</Link></p> }
            })
        };
        view! { <p class="lead">{text}</p> {open} }
    };
    view! {
        <section class="card" aria-labelledby="to-do-title">
            <h2 id="to-do-title">"To do"</h2>
            {show(app, cases, 1, list)}
            <Alarms app=app/>
        </section>
    }
}

/// Returns the minutes since the earliest due time, or until it where negative.
fn overdue_since(cases: &Cases) -> Option<f64> {
    let due = browser::parse_time(cases.next_due_at.as_deref()?);
    due.is_finite().then(|| (browser::now_ms() - due) / 60_000.0)
}
