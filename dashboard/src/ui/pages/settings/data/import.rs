//! Import of a file: choose it, see what was found, then store it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::{DragEvent, File};

use super::preview::{Preview, Report};
use crate::api_error::{ApiError, ErrorKind};
use crate::import::{Options, media_type, progress};
use crate::model::{Import, ImportList, Imported};
use crate::ui::App;
use crate::ui::api::{self, Call, with_parameters};
use crate::ui::browser;
use crate::ui::remote::Remote;

/// State of an import.
#[derive(Clone, PartialEq)]
enum Stage {
    /// No file is chosen, or it cannot be read as it is.
    Waiting,
    /// The file is read, and nothing is stored.
    Reading,
    /// The file is read, and the owner decides.
    Found(Imported),
    /// Rows are being stored; with what is known of the import so far.
    Storing(Option<Import>),
    /// All is stored.
    Stored(Imported),
}

/// Choice of a file, and what becomes of it.
#[component]
pub fn ImportFile(
    /// State of the page.
    app: App,
    /// The list, which is loaded again after an import.
    list: Remote<ImportList>,
) -> impl IntoView {
    let file = StoredValue::new_local(None::<File>);
    let (stage, name) = (RwSignal::new(Stage::Waiting), RwSignal::new(String::new()));
    let (options, error) = (RwSignal::new(Options::default()), RwSignal::new(None::<ApiError>));
    let send = move |is_dry: bool| {
        let (Some(site), Some(chosen)) = (app.site.get_untracked(), file.get_value()) else { return };
        let parameters = options.with_untracked(Options::parameters);
        let dry_run = is_dry.then(|| ("dry_run", "1".to_owned()));
        let call = Call::of_site(&site, &with_parameters("import", parameters.into_iter().chain(dry_run)));
        error.set(None);
        stage.set(if is_dry { Stage::Reading } else { Stage::Storing(None) });
        spawn_local(async move {
            let given = chosen.type_();
            let media_type = media_type(&chosen.name(), &given);
            match api::upload::<Imported>(&call.method("POST"), &chosen, media_type).await {
                Ok(read) => {
                    let next = if is_dry { Stage::Found(read) } else { Stage::Stored(read) };
                    let _ = stage.try_set(next);
                }
                Err(problem) => {
                    let _ = (stage.try_set(Stage::Waiting), error.try_set(Some(problem)));
                }
            }
            if !is_dry {
                list.retry();
            }
        });
    };
    let choose = move |chosen: Option<File>| {
        let Some(chosen) = chosen else { return };
        name.set(chosen.name());
        file.set_value(Some(chosen));
        options.set(Options::default());
        send(true);
    };
    watch(app, stage);
    let on_change = move |event: web_sys::Event| {
        let input: web_sys::HtmlInputElement = event_target(&event);
        choose(input.files().and_then(|files| files.get(0)));
    };
    let is_over = RwSignal::new(false);
    let on_drop = move |event: DragEvent| {
        event.prevent_default();
        is_over.set(false);
        choose(event.data_transfer().and_then(|data| data.files()?.get(0)));
    };
    let on_over = move |event: DragEvent| {
        event.prevent_default();
        is_over.set(true);
    };
    let body = move || match stage.get() {
        Stage::Waiting => ().into_any(),
        Stage::Reading => view! { <p role="status">"Reading " <bdi>{name.get()}</bdi> "…"</p> }.into_any(),
        Stage::Found(read) => view! {
            <Preview read=read options=options again=move || send(true)/>
            <p class="row">
                <button type="button" class="button primary" on:click=move |_| send(false)>"Import"</button>
                <button type="button" class="button"
                    on:click=move |_| stage.set(Stage::Waiting)>"Cancel"</button>
            </p>
        }
        .into_any(),
        Stage::Storing(import) => storing(import).into_any(),
        Stage::Stored(result) => view! { <Report result=result/> }.into_any(),
    };
    let problem = move || error.get().map(|error| view! { <Refused error=error/> });
    let is_wrong =
        move || error.with(|error| error.as_ref().is_some_and(|error| error.kind == ErrorKind::Invalid));
    view! {
        <section class="card stack" aria-labelledby="import-title">
            <h2 id="import-title">"Import"</h2>
            <p>
                "CSV or NDJSON, up to 16 MiB: an export of Grapevine, Delighted, Typeform, SurveyMonkey, \
                Qualtrics, Google Forms, Wootric, PostHog or Formbricks, or any table with scores. You \
                see what was found before anything is stored."
            </p>
            <div class="drop" class:over=move || is_over.get() on:drop=on_drop on:dragover=on_over
                on:dragleave=move |_| is_over.set(false)>
                <label for="import-file">"Drop a file here, or choose one"</label>
                <input type="file" id="import-file" accept=".csv,.tsv,.txt,.ndjson,.jsonl,.json"
                    on:change=on_change/>
            </div>
            <div role="alert">{problem}</div>
            {move || is_wrong().then(|| view! { <Corrections options=options again=move || send(true)/> })}
            {body}
        </section>
    }
}

/// Looks every second how far the import is, while the page is seen.
fn watch(app: App, stage: RwSignal<Stage>) {
    browser::poll(1_000, move || {
        if !stage.with_untracked(|stage| matches!(stage, Stage::Storing(_))) {
            return;
        }
        let Some(site) = app.site.get_untracked() else { return };
        spawn_local(async move {
            let newest = api::fetch::<ImportList>(&Call::of_site(&site, "imports?limit=1")).await.ok();
            let running =
                newest.and_then(|list| list.imports.into_iter().find(|it| it.state == "incomplete"));
            // The import may have ended meanwhile.
            let _ = stage.try_update(|stage| {
                if let (Stage::Storing(known), Some(running)) = (stage, running) {
                    *known = Some(running);
                }
            });
        });
    });
}

/// Progress of an import.
fn storing(import: Option<Import>) -> impl IntoView {
    let share = import.as_ref().map(progress);
    let text = share.map_or_else(
        || "Reading the file".to_owned(),
        |share| format!("{} stored", crate::format::percent(share)),
    );
    view! {
        <p role="status">{text} ". Keep this page open until it is done."</p>
        <progress aria-label="Progress of the import"
            max="1" value=share.map(|share| share.to_string())></progress>
    }
}

/// Reasons why a file was refused.
#[component]
fn Refused(
    /// The problem.
    error: ApiError,
) -> impl IntoView {
    let parts = error.parts.iter().filter(|part| part.detail != error.detail).map(|part| {
        let line = part.line.map(|line| format!("Line {line}: "));
        view! { <li>{line} {part.detail.clone()}</li> }
    });
    view! {
        <div class="wrong stack">
            <p><strong>{error.title()}</strong></p>
            <p>{error.explanation()}</p>
            <ul>{parts.collect_view()}</ul>
        </div>
    }
}

/// Form for a file that is not read rightly.
#[component]
pub fn Corrections(
    /// Statements of the owner so far.
    options: RwSignal<Options>,
    /// Reads the file again.
    again: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    type Part = fn(&mut Options) -> &mut String;
    let fields: [(&str, &str, &str, Part); 4] = [
        ("import-score", "Column with the score", "", |it| &mut it.score),
        ("import-at", "Column with the date", "", |it| &mut it.at),
        ("import-comment", "Column with the comment", "", |it| &mut it.comment),
        ("import-format", "Form of the dates", "day/month/year hour:minute", |it| &mut it.at_format),
    ];
    let inputs = fields.map(|(id, label, placeholder, part)| {
        let value = part(&mut options.get_untracked()).clone();
        view! {
            <p>
                <label for=id>{label}</label>
                <input id=id autocomplete="off" placeholder=placeholder prop:value=value
                    on:input=move |event| options.update(|it| *part(it) = event_target_value(&event))/>
            </p>
        }
    });
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        again();
    };
    view! {
        <form class="new-key" on:submit=submit>
            {inputs.collect_view()}
            <button class="button">"Read again"</button>
        </form>
    }
}
