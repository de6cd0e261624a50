//! Trend of the score with its band, the responses of each step, and notes.

use api::Day;
use leptos::prelude::*;
use web_sys::{KeyboardEvent, PointerEvent};

use super::width::observed_width;
use crate::charts::{Flag, Frame, Step, Trend};
use crate::format;
use crate::picture::Picture;
use crate::range::Interval;
use crate::ui::table::DataTable;

/// Columns of the table behind the chart.
const COLUMNS: [&str; 6] = ["From", "To", "Responses", "Score", "Low", "High"];

/// Trend with a cursor that follows the pointer and the arrow keys.
#[component]
pub fn TrendChart(
    /// Steps.
    steps: Signal<Vec<Step>>,
    /// Length of a step.
    interval: Signal<Interval>,
    /// Whether the score of a step is that of the 30 days up to it.
    is_rolling: Signal<bool>,
    /// Notes of the days.
    flags: Signal<Vec<Flag>>,
    /// Opens the comments from a day to another, for those who may read them.
    open: Signal<Option<Callback<(Day, Day)>>>,
    /// Draws the chart as a picture.
    picture: Callback<(), Picture>,
    /// Elements beside the table.
    children: Children,
) -> impl IntoView {
    let (element, width) = observed_width();
    let frame = move || Frame::new(width.get());
    let trend = Memo::new(move |_| steps.with(|steps| Trend::new(steps, frame())));
    let cursor = RwSignal::new(None::<usize>);
    let last = move || steps.with(|steps| steps.len().saturating_sub(1));
    let shown = move || cursor.get().map(|cursor| cursor.min(last()));

    let step_at = move |event: &PointerEvent| {
        let left = element.get_untracked().map_or(0.0, |element| element.get_bounding_client_rect().left());
        trend.with_untracked(|trend| trend.step_at(f64::from(event.client_x()) - left))
    };
    let pointed = move |event: PointerEvent| cursor.set(step_at(&event));
    let open_step = move |step: Option<usize>| {
        let days = steps.with_untracked(|steps| steps.get(step?).map(|step| (step.from, step.to)));
        if let Some((open, days)) = open.get_untracked().zip(days) {
            open.run(days);
        }
    };
    // A finger reads the values with a tap.
    let released = move |event: PointerEvent| {
        if event.pointer_type() == "mouse" && event.button() == 0 {
            open_step(step_at(&event));
        }
    };
    let pressed = move |event: KeyboardEvent| {
        let now = cursor.get_untracked();
        let next = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => now.map_or(last(), |now| now.saturating_sub(1)),
            "ArrowRight" | "ArrowUp" => now.map_or(last(), |now| (now + 1).min(last())),
            "Home" => 0,
            "End" => last(),
            "Enter" => return open_step(now),
            _ => return,
        };
        event.prevent_default();
        cursor.set(Some(next));
    };
    let readout = move || {
        let place = shown()?;
        steps.with(|steps| steps.get(place).map(|step| describe(step, interval.get())))
    };
    let rows = Signal::derive(move || steps.with(|steps| steps.iter().map(row).collect::<Vec<_>>()));
    let legend = move || {
        if steps.with(|steps| steps.iter().all(|step| step.responses == Some(0))) {
            return "No responses in these days.".to_owned();
        }
        let opens = if open.get().is_some() { " Click to read them." } else { "" };
        format!("{}{opens}", legend(interval.get(), is_rolling.get()))
    };
    let name = move || match open.get() {
        Some(_) => "Trend of the score. The arrow keys move through it, and Enter opens the comments.",
        None => "Trend of the score. The arrow keys move through it.",
    };
    view! {
        <p class="readout" aria-hidden="true">{move || readout().unwrap_or_else(legend)}</p>
        <div class="chart" dir="ltr" node_ref=element tabindex="0" role="slider"
            class:opens=move || open.get().is_some() aria-label=name
            aria-valuemin="0" aria-valuemax=last aria-valuenow=move || shown().unwrap_or_else(last)
            aria-valuetext=move || readout().unwrap_or_else(legend)
            on:pointermove=pointed on:pointerdown=pointed on:pointerup=released
            on:pointerleave=move |_| cursor.set(None)
            on:keydown=pressed on:blur=move |_| cursor.set(None)>
            {move || drawing(trend, frame(), steps, flags)}
            {move || cursor_line(trend, frame(), shown())}
        </div>
        <div class="row unfolding">
            <DataTable caption="Trend of the score" columns=&COLUMNS rows=rows picture=picture/>
            {children()}
        </div>
    }
}

/// Draws all but the cursor.
fn drawing(
    trend: Memo<Trend>,
    frame: Frame,
    steps: Signal<Vec<Step>>,
    flags: Signal<Vec<Flag>>,
) -> impl IntoView {
    let Trend { band, line, marks, bars, ticks, labels, places } = trend.get();
    let right = frame.width;
    let grid = ticks.into_iter().map(|(score, y)| {
        view! {
            <line class="grid" class:zero=score == 0.0 x1=frame.left x2=right y1=y y2=y></line>
            <text class="tick" x=frame.left - 8.0 y=y + 4.0>{format::score(score)}</text>
        }
    });
    // One path: a year of days would be as many elements.
    let bars: String =
        bars.iter().map(|[x, y, width, height]| format!("M{x} {y}h{width}v{height}h-{width}z")).collect();
    // Many points would hide the line.
    let is_dense = marks.len() > 60;
    let marks = marks.into_iter().filter(|mark| mark.is_hollow || !is_dense).map(|mark| {
        let radius = if is_dense { 2.0 } else { 3.5 };
        view! { <circle class="mark" class:hollow=mark.is_hollow cx=mark.x cy=mark.y r=radius></circle> }
    });
    let names = steps.with(|steps| {
        let name = |index: usize| steps.get(index).map(|step| step.label(steps));
        labels.iter().map(|(index, x)| (name(*index), *x)).collect::<Vec<_>>()
    });
    let names = names.into_iter().map(|(name, x)| {
        let x = x.min(right - 30.0);
        view! { <text class="day" x=x y=frame.bottom + 18.0>{name}</text> }
    });
    let flags = flags.with(|flags| {
        let place = |flag: &Flag| steps.with(|steps| Trend::step_of(steps, flag.day));
        let places = flags.iter().filter_map(|flag| Some((*places.get(place(flag)?)?, flag.is_automatic)));
        places
            .map(|(x, is_automatic)| {
                let path = format!("M{x} {}V4h9l-3 4 3 4h-9", frame.line_bottom);
                view! { <path class="flag" class:automatic=is_automatic d=path></path> }
            })
            .collect_view()
    });
    view! {
        <svg viewBox=view_box(frame) aria-hidden="true">
            {grid.collect_view()}
            <path class="band" d=band></path>
            {flags}
            <path class="bar" d=bars></path>
            <path class="line" d=line></path>
            {marks.collect_view()}
            {names.collect_view()}
        </svg>
    }
}

fn cursor_line(trend: Memo<Trend>, frame: Frame, step: Option<usize>) -> Option<impl IntoView> {
    let step = step?;
    let (x, y) = trend.with(|trend| {
        let mark = trend.marks.iter().find(|mark| mark.step == step);
        Some((trend.places.get(step).copied()?, mark.map(|mark| mark.y)))
    })?;
    Some(view! {
        <svg class="cursor" viewBox=view_box(frame) aria-hidden="true">
            <line x1=x x2=x y1="6" y2=frame.bottom></line>
            {y.map(|y| view! { <circle cx=x cy=y r="5"></circle> })}
        </svg>
    })
}

/// Returns the coordinates of the picture. On the screen they are pixels; on paper it is scaled.
fn view_box(frame: Frame) -> String {
    format!("0 0 {} {}", frame.width, frame.bottom + 26.0)
}

/// Explains the chart.
fn legend(interval: Interval, is_rolling: bool) -> String {
    let step = match interval {
        Interval::Day => "day",
        Interval::Week => "week",
        Interval::Month => "month",
    };
    let days = if is_rolling { "the 30 days up to each" } else { "each" };
    format!("Line: score of {days} {step}, with its 95% range. Bars: responses a {step}.")
}

/// Describes a step in words.
fn describe(step: &Step, interval: Interval) -> String {
    let days = match interval {
        Interval::Day => format::day(step.to),
        Interval::Week => format!("Week to {}", format::day(step.to)),
        Interval::Month => format::month(step.from),
    };
    let responses = match step.responses {
        Some(responses) => format::counted(responses, "response"),
        None => "too few responses to show".into(),
    };
    let score = match step.value {
        Some(value) => {
            format!("{} ({})", format::score(value.score), format::interval(value.low, value.high))
        }
        None => "no score".into(),
    };
    format!("{days}: {score}, {responses}")
}

fn row(step: &Step) -> Vec<String> {
    let score = |read: fn(&crate::charts::Value) -> f64| {
        step.value.as_ref().map_or_else(String::new, |value| format::score(read(value)))
    };
    vec![
        step.from.to_string(),
        step.to.to_string(),
        step.responses.map_or_else(String::new, |responses| responses.to_string()),
        score(|value| value.score),
        score(|value| value.low),
        score(|value| value.high),
    ]
}
