//! Cases that wait for the owner.

use leptos::prelude::*;

use super::requests;
use crate::model::Cases;
use crate::ui::App;
use crate::ui::browser;
use crate::ui::remote::Remote;
use crate::ui::status::show;
use crate::wording;

/// Cases to do.
#[component]
pub fn ToDoCard(
    /// State of the page.
    app: App,
) -> impl IntoView {
    let cases = Remote::<Cases>::new(app.tick, move || requests::cases(app));
    let list = |cases: Signal<Cases>| {
        let text = move || cases.with(|cases| wording::to_do(cases, overdue_since(cases)));
        view! { <p class="lead">{text}</p> }
    };
    view! {
        <section class="card" aria-labelledby="to-do-title">
            <h2 id="to-do-title">"To do"</h2>
            {show(app, cases, 1, list)}
        </section>
    }
}

/// Returns the minutes since the earliest due time, or until it where negative.
fn overdue_since(cases: &Cases) -> Option<f64> {
    let due = browser::parse_time(cases.next_due_at.as_deref()?);
    due.is_finite().then(|| (browser::now_ms() - due) / 60_000.0)
}
