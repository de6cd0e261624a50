//! Dated notes on what the owner changed, with the score before and after.

use api::report::BeforeAfter;
use api::{Day, Period, ValidationError};
use collector_core::id::new_id;
use collector_core::report::{before_after, before_after_span};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::clock::{iso, now_ms};
use super::fields::{known_fields, optional_bool};
use super::published;
use super::request::{ApiRequest, KEY_PARAMETER, parse_digits};
use super::score::{self, TotalsQuery};
use super::state::SiteState;
use crate::environment::random;
use crate::http::problem::quoted;
use crate::http::{ApiResult, Problem, Response, response};

/// The most notes of a site.
const MAX_NOTES: u64 = 500;
/// The longest text of a note, in characters.
const MAX_TEXT: usize = 500;
/// Days before and after a note that are compared by default.
const DEFAULT_DAYS: u16 = 30;
const MAX_DAYS: u16 = 366;

/// Row of a note, as the database returns it: id, day, text, whether it is public, time of
/// creation.
#[derive(Deserialize)]
struct NoteRow(String, i32, String, bool, i64);

/// Note as the owner sees it.
#[derive(Serialize)]
struct NoteView {
    id: String,
    day: Day,
    text: String,
    public: bool,
    created_at: String,
    effect: BeforeAfter,
}

/// `GET …/notes`: the notes, newest day first, each with the score before and after.
pub fn list(site: &SiteState, request: &ApiRequest, with_private: bool) -> ApiResult<Response> {
    let [days, _] = request.parameters(["days", KEY_PARAMETER])?;
    let days = days.map_or(Ok(DEFAULT_DAYS), |text| {
        let invalid = || {
            let detail = format!("{} is not a number of days from 1 to {MAX_DAYS}.", quoted(&text));
            ValidationError::new("days", detail)
        };
        parse_digits(&text).filter(|days| (1..=MAX_DAYS).contains(days)).ok_or_else(invalid)
    })?;
    let notes = read(site, None, with_private, days)?;
    let notes = serde_json::to_string(&notes).map_err(Problem::internal)?;
    Ok(response::json_text(200, format!("{{\"notes\":{notes},\"days\":{days}}}")))
}

/// `GET …/changes`: the public notes for everybody, where the owner publishes them.
pub fn list_public(site: &SiteState) -> ApiResult<Response> {
    let settings = site.settings()?;
    if !settings.public_notes {
        return Err(Problem::unknown_path());
    }
    let query = "SELECT json_object('day', date(day * 86400, 'unixepoch'), 'text', text) FROM note \
        WHERE public = 1 ORDER BY day DESC, created DESC";
    let notes = site.database.texts(query, vec![])?;
    let name = Value::from(settings.name.as_str());
    Ok(response::public_json(format!("{{\"name\":{name},\"notes\":[{}]}}", notes.join(","))))
}

/// `POST …/notes`
pub fn create(site: &SiteState, request: &ApiRequest) -> ApiResult<Response> {
    let given = request.json()?;
    let fields = note_fields(&given)?;
    let today = site.today()?;
    let id = new_id(&random()?);
    let text = text(fields)?.ok_or_else(invalid_text)?;
    let (day, public) = (day(fields)?.unwrap_or(today), optional_bool(fields, "public")?.unwrap_or(false));
    if site.database.count("SELECT json_array(count(*)) FROM note", vec![])? >= MAX_NOTES {
        return Err(Problem::conflict(format!("A site has at most {MAX_NOTES} notes. Delete one first.")));
    }
    site.database.run(
        "INSERT INTO note (id, day, text, public, created) VALUES (?, ?, ?, ?, ?)",
        vec![id.as_str().into(), day.number().into(), text.into(), i32::from(public).into(), now_ms().into()],
    )?;
    request.set_created(&id);
    Ok(response::json_text(201, read_one(site, &id)?))
}

/// `PATCH …/notes/ID`: changes the fields that are given and leaves the others.
pub fn patch(site: &SiteState, request: &ApiRequest, id: &str) -> ApiResult<Response> {
    read_one(site, id)?;
    let given = request.json()?;
    let fields = note_fields(&given)?;
    site.database.run(
        "UPDATE note SET day = ifnull(?, day), text = ifnull(?, text), public = ifnull(?, public) \
            WHERE id = ?",
        vec![
            day(fields)?.map(Day::number).into(),
            text(fields)?.into(),
            optional_bool(fields, "public")?.map(i32::from).into(),
            id.into(),
        ],
    )?;
    Ok(response::json_text(200, read_one(site, id)?))
}

/// `DELETE …/notes/ID`
pub fn delete(site: &SiteState, id: &str) -> ApiResult<Response> {
    read_one(site, id)?;
    site.database.run("DELETE FROM note WHERE id = ?", vec![id.into()])?;
    Ok(response::empty(204))
}

/// Returns the notes, or the note with that id, each with the score before and after. Who does not
/// see private notes does not see unpublished figures either.
fn read(site: &SiteState, id: Option<&str>, with_private: bool, days: u16) -> ApiResult<Vec<NoteView>> {
    // A row each: together they may be too large for one value.
    let query = "SELECT json_array(id, day, text, json(iif(public, 'true', 'false')), created) FROM note \
        WHERE (?1 IS NULL OR id = ?1) AND (?2 OR public) ORDER BY day DESC, created DESC";
    let values = vec![id.map(str::to_owned).into(), i32::from(with_private).into()];
    let rows = site.database.texts(query, values)?;
    let rows = rows.iter().map(|row| serde_json::from_str(row).map_err(Problem::internal));
    let rows: Vec<NoteRow> = rows.collect::<ApiResult<_>>()?;
    let (settings, today) = (site.settings()?, site.today()?);
    // The days around all of them are read at once.
    let span = |row: &NoteRow| before_after_span(Day::new(row.1), days, today);
    let first = rows.iter().map(|row| span(row).first()).min();
    let last = rows.iter().map(|row| span(row).last()).max();
    let whole = first.zip(last).and_then(|(first, last)| Period::new(first, last));
    let totals = match whole {
        Some(_) if !with_private => published::days(site)?,
        Some(whole) => score::days(&site.database, &TotalsQuery::all(&settings.survey.variant, whole))?,
        None => Vec::new(),
    };
    let views = rows.into_iter().map(|NoteRow(id, day, text, public, created_ms)| {
        let day = Day::new(day);
        let effect = before_after(day, days, today, &totals);
        NoteView { id, day, text, public, created_at: iso(created_ms), effect }
    });
    Ok(views.collect())
}

/// Returns one note as JSON.
fn read_one(site: &SiteState, id: &str) -> ApiResult<String> {
    let note = read(site, Some(id), true, DEFAULT_DAYS)?.into_iter().next();
    let note = note.ok_or_else(|| Problem::not_found("note with this id"))?;
    serde_json::to_string(&note).map_err(Problem::internal)
}

fn note_fields(given: &Value) -> Result<&Map<String, Value>, ValidationError> {
    let example = r#"{"day": "2026-11-22", "text": "Free returns"}"#;
    known_fields(given, &["day", "text", "public"], example)
}

fn day(fields: &Map<String, Value>) -> Result<Option<Day>, ValidationError> {
    let invalid =
        || ValidationError::new("/day", "`day` must be a day as YYYY-MM-DD, for example 2026-11-22.");
    match fields.get("day") {
        None => Ok(None),
        Some(value) => value.as_str().and_then(Day::parse).map(Some).ok_or_else(invalid),
    }
}

fn text(fields: &Map<String, Value>) -> Result<Option<String>, ValidationError> {
    match fields.get("text") {
        None => Ok(None),
        Some(Value::String(text)) if !text.trim().is_empty() && text.chars().count() <= MAX_TEXT => {
            Ok(Some(text.trim().to_owned()))
        }
        Some(_) => Err(invalid_text()),
    }
}

fn invalid_text() -> ValidationError {
    ValidationError::new("/text", format!("`text` must be text of 1 to {MAX_TEXT} characters."))
}
