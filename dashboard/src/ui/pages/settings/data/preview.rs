//! Preview of a file, and the report about its rows.

use leptos::prelude::*;

use super::import::Corrections;
use crate::api_error::WrongPart;
use crate::import::{
    Options, column_sentence, file_sentence, is_personal, reason_words, result_lines, time_words,
};
use crate::model::{Imported, ImportedColumn, ImportedRow};

/// Mapping, first rows and problems of a file that is not stored yet.
#[component]
pub fn Preview(
    /// Result of reading the file.
    read: Imported,
    /// Statements of the owner about the file.
    options: RwSignal<Options>,
    /// Reads the file again.
    again: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let lines = result_lines(&read).into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    let file = read.file.map(|file| {
        let sentence = file_sentence(&file, read.rows);
        let columns = file.columns.into_iter().map(|it| column(it, options, again)).collect_view();
        view! {
            <p>{sentence}</p>
            <div class="scroll" tabindex="0" role="region" aria-label="Columns">
                <table class="words-table">
                    <thead><tr><th scope="col">"Column"</th><th scope="col">"Becomes"</th></tr></thead>
                    <tbody>{columns}</tbody>
                </table>
            </div>
        }
    });
    view! {
        <div class="stack" role="group" aria-label="What was found">
            <h3>"Nothing is stored yet"</h3>
            {file}
            <details class="more">
                <summary>"Name other columns or dates"</summary>
                <Corrections options=options again=again/>
            </details>
            <h3>"The first rows"</h3>
            <div class="scroll" tabindex="0" role="region" aria-label="The first rows">
                <table class="words-table wide">
                    <thead>
                        <tr>
                            <th scope="col">"Time"</th><th scope="col">"Score"</th>
                            <th scope="col">"Comment"</th><th scope="col">"Properties"</th>
                        </tr>
                    </thead>
                    <tbody>{read.first_rows.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
            <ul role="list">{lines}</ul>
            {wrong_lines(read.errors)}
        </div>
    }
}

fn column(
    column: ImportedColumn,
    options: RwSignal<Options>,
    again: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let sentence = column_sentence(&column);
    let name = column.column;
    let label = format!("Keep it: {name}");
    let kept = name.clone();
    let keep = column.left_out.filter(|reason| is_personal(reason)).map(|_| {
        let keep = move |_| {
            options.update(|options| options.kept.push(kept.clone()));
            again();
        };
        view! { " " <button type="button" class="button" aria-label=label on:click=keep>"Keep it"</button> }
    });
    view! { <tr><th scope="row"><bdi>{name}</bdi></th><td>{sentence} {keep}</td></tr> }
}

fn row(row: ImportedRow) -> impl IntoView {
    let value = |(name, value): (&String, &serde_json::Value)| {
        format!("{name}: {}", value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    };
    let properties: Vec<String> = row.properties.iter().map(value).collect();
    view! {
        <tr>
            <th scope="row">{time_words(&row.at)}</th><td>{row.score}</td>
            <td dir="auto">{row.comment}</td><td dir="auto">{properties.join(", ")}</td>
        </tr>
    }
}

/// Report about the rows of a file.
#[component]
pub fn Report(
    /// The result.
    result: Imported,
) -> impl IntoView {
    let lines = result_lines(&result).into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    let left_out: Vec<String> = result
        .left_out
        .iter()
        .map(|left_out| format!("{} ({})", left_out.column, reason_words(&left_out.reason)))
        .collect();
    let left_out = (!left_out.is_empty()).then(|| view! { <p>"Left out: " {left_out.join(", ")} "."</p> });
    view! {
        <div class="notice" role="status">
            <p><strong>"The import is done"</strong></p>
            <ul role="list">{lines}</ul>
            {left_out}
            {wrong_lines(result.errors)}
        </div>
    }
}

/// Lines that were not taken, and why.
fn wrong_lines(errors: Vec<WrongPart>) -> Option<impl IntoView> {
    (!errors.is_empty()).then(|| {
        let count = errors.len();
        let rows = errors.into_iter().map(|error| {
            view! { <tr><th scope="row">{error.line}</th><td>{error.detail}</td></tr> }
        });
        view! {
            <details class="more" open=count <= 5>
                <summary>"Lines that cannot be read"</summary>
                <div class="scroll" tabindex="0" role="region" aria-label="Lines that cannot be read">
                    <table class="words-table">
                        <thead><tr><th scope="col">"Line"</th><th scope="col">"Reason"</th></tr></thead>
                        <tbody>{rows.collect_view()}</tbody>
                    </table>
                </div>
            </details>
        }
    })
}
