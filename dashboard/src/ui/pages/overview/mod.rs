//! Overview: the score and how sure it is, whether it has changed, and what waits.

mod alarms;
mod automatic_notes;
mod funnel_card;
mod groups_card;
mod hidden_notes;
mod how_sure;
mod newest_comments;
mod notes;
mod requests;
mod score_card;
mod to_do_card;
mod trend_card;

use leptos::prelude::*;

use crate::format;
use crate::model::{NoteList, Report, ResponsePage, Role};
use crate::picture::{self, Heading, Picture};
use crate::ui::App;
use crate::ui::charts::ShareBar;
use crate::ui::later::later;
use crate::ui::remote::Remote;
use crate::ui::status::show;
use crate::wording;
use funnel_card::FunnelCard;
use groups_card::GroupsCard;
use newest_comments::NewestComments;
use score_card::ScoreCard;
use to_do_card::ToDoCard;
use trend_card::TrendCard;

/// First view of a site.
#[component]
pub fn Overview(
    /// State of the page.
    app: App,
) -> impl IntoView {
    let report = Remote::<Report>::new(app.tick, move || requests::report(app));
    let total = Remote::<Report>::new(app.tick, move || requests::total(app));
    let notes = Remote::<NoteList>::new(app.tick, move || requests::notes(app));
    let newest = Remote::<ResponsePage>::new(app.tick, move || requests::newest(app));
    let scored =
        Memo::new(move |_| total.value().with(|total| total.as_ref().and_then(|total| total.scored)));
    let title = move || {
        let name =
            app.site.with(|site| site.as_ref().map(|site| site.label().to_owned())).unwrap_or_default();
        format!("{name} · Overview · Grapevine")
    };
    Effect::new(move |_| crate::ui::browser::set_title(&title()));
    let role = Memo::new(move |_| app.role());
    let has_cases = move || role.get() != Role::Share;
    // While a score says little, the comments already say much.
    let comments_first = Memo::new(move |_| {
        let is_small = report.value().with(|report| report.as_ref().is_some_and(wording::is_small));
        is_small && newest.value().with(|page| page.as_ref().is_some_and(ResponsePage::has_comment))
    });
    let comments = move || later(move || view! { <NewestComments app=app newest=newest/> }.into_any());
    let numbers = move |report: Signal<Report>| {
        let second = move || {
            let is_empty = Memo::new(move |_| report.with(|report| report.scored == Some(0)));
            let cards = move || {
                (!is_empty.get()).then(|| {
                    view! {
                        <div class="second">
                            <section class="card" aria-labelledby="shares-title">
                                <h2 id="shares-title">"Promoters, passives and detractors"</h2>
                                <ShareBar report=report picture=shares(app, report)/>
                            </section>
                            <FunnelCard report=report/>
                        </div>
                    }
                })
            };
            cards.into_any()
        };
        let side = move || {
            view! {
                <div class="side">
                    {later(move || view! { <ScoreCard app=app report=report total=scored/> }.into_any())}
                    {move || has_cases().then(|| later(move || view! { <ToDoCard app=app/> }.into_any()))}
                </div>
            }
        };
        let trend =
            move || later(move || view! { <TrendCard app=app report=report notes=notes/> }.into_any());
        let first = move || match comments_first.get() {
            true => view! {
                <div class="first few">{comments()} {side()}</div>
                <div class="second">{trend()}</div>
            }
            .into_any(),
            false => view! { <div class="first">{side()} {trend()}</div> }.into_any(),
        };
        view! { {first} {later(second)} }
    };
    view! {
        <h1 class="hidden-text">"Overview"</h1>
        {show(app, report, 8, numbers)}
        {move || has_cases().then(|| view! {
            <div class="second">
                {move || (!comments_first.get()).then(comments)}
                {later(move || view! { <GroupsCard app=app/> }.into_any())}
            </div>
        })}
    }
}

/// Returns the heading of a picture.
fn heading(app: App, what: &str, report: &Report) -> Heading {
    let site = app.site.with_untracked(|site| site.as_ref().map(|site| site.label().to_owned()));
    let (from, to) = (format::day(report.query.from), format::day(report.query.to));
    let responses = report.scored.map(|scored| format!(", {}", format::counted(scored, "response")));
    let filter = report
        .query
        .filter
        .as_ref()
        .map(|filter| format!(", {}: {}", filter.name, filter.value.as_deref().unwrap_or("not given")));
    Heading {
        title: format!("{}: {what}", site.unwrap_or_default()),
        subtitle: format!("{from} to {to}{}{}", responses.unwrap_or_default(), filter.unwrap_or_default()),
    }
}

/// Draws the shares as a picture.
fn shares(app: App, report: Signal<Report>) -> Callback<(), Picture> {
    Callback::new(move |()| {
        report.with_untracked(|report| {
            let counts = report.histogram().map(|it| [it.promoters(), it.passives(), it.detractors()]);
            let heading = heading(app, "promoters, passives and detractors", report);
            picture::shares(&heading, counts.unwrap_or_default())
        })
    })
}
