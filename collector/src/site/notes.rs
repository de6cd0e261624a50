//! Dated notes: what the owner changed, and how the score was before and after.

use api::report::BeforeAfter;
use api::validation::pointer;
use api::{Day, Period, ValidationError};
use collector_core::report;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use worker::Response;

use super::Inner;
use super::asked::Asked;
use super::clock::{iso, now};
use super::score::Sums;
use crate::random;
use crate::reply::{self, Outcome, Problem};

const MAX_NOTES: u64 = 500;
const MAX_TEXT: usize = 500;
/// The days on either side that are compared.
const DAYS: u16 = 30;
const MAX_DAYS: u16 = 366;

/// A note, as it is kept.
#[derive(Deserialize)]
struct Row(String, i32, String, bool, i64);

/// A note as the owner sees it.
#[derive(Serialize)]
struct Listed {
    id: String,
    day: Day,
    text: String,
    public: bool,
    created_at: String,
    effect: BeforeAfter,
}

impl Inner {
    /// The notes, or the one of that id, each with the score before and after.
    fn notes(&self, id: Option<&str>, all: bool, days: u16) -> Outcome<Vec<Listed>> {
        // A row each: together they may be too large for one value.
        let query = "SELECT json_array(id, day, text, json(iif(public, 'true', 'false')), created) FROM note
            WHERE (?1 IS NULL OR id = ?1) AND (?2 OR public) ORDER BY day DESC, created DESC";
        let rows = self.database.texts(query, vec![id.map(str::to_owned).into(), i32::from(all).into()])?;
        let rows: Vec<Row> = rows
            .iter()
            .map(|row| serde_json::from_str(row).map_err(Problem::internal))
            .collect::<Outcome<_>>()?;
        let settings = self.settings()?;
        let today = self.today(&settings);
        // The days around all of them are read at once.
        let span = |row: &Row| report::before_after_span(Day::new(row.1), days, today);
        let first = rows.iter().map(|row| span(row).first()).min();
        let last = rows.iter().map(|row| span(row).last()).max();
        let whole = first.zip(last).and_then(|(first, last)| Period::new(first, last));
        let totals = match whole {
            Some(whole) => self.days(&Sums::total(&settings.survey.variant, whole))?,
            None => Vec::new(),
        };
        let listed = rows.into_iter().map(|Row(id, day, text, public, created)| {
            let day = Day::new(day);
            let effect = report::before_after(day, days, today, &totals);
            Listed { id, day, text, public, created_at: iso(created), effect }
        });
        Ok(listed.collect())
    }

    /// One note as the owner sees it.
    fn note(&self, id: &str) -> Outcome<String> {
        let note = self.notes(Some(id), true, DAYS)?.into_iter().next();
        serde_json::to_string(&note.ok_or_else(|| Problem::not_found("note of this id"))?)
            .map_err(Problem::internal)
    }

    /// The notes, newest day first, each with the score before and after; without `all` those that are public.
    pub fn list_notes(&self, asked: &Asked, all: bool) -> Outcome<Response> {
        let mut given = None;
        for (name, value) in asked.query() {
            match name.as_str() {
                "days" => Asked::once(&mut given, "days", value)?,
                // A link carries its key.
                "key" => {}
                _ => {
                    return Err(ValidationError::new(
                        name,
                        "There is no parameter of this name. There is only days.",
                    )
                    .into());
                }
            }
        }
        let days = given.map_or(Ok(DAYS), |text| {
            let number = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
            let wrong =
                || ValidationError::new("days", format!("Must be a number of days from 1 to {MAX_DAYS}."));
            number.filter(|days| (1..=MAX_DAYS).contains(days)).ok_or_else(wrong)
        })?;
        let notes = serde_json::to_string(&self.notes(None, all, days)?).map_err(Problem::internal)?;
        reply::json_text(200, format!("{{\"notes\":{notes},\"days\":{days}}}").into_bytes())
    }

    /// What everybody may read, where the owner wants that: the notes that are public.
    pub fn public_notes(&self) -> Outcome<Response> {
        let settings = self.settings()?;
        if !settings.public_notes {
            return Err(Problem::not_found("page or endpoint"));
        }
        let query = "SELECT json_object('day', date(day * 86400, 'unixepoch'), 'text', text) FROM note
            WHERE public = 1 ORDER BY day DESC, created DESC";
        let notes = self.database.texts(query, vec![])?;
        let name = Value::from(settings.name.as_str());
        reply::public(format!("{{\"name\":{name},\"notes\":[{}]}}", notes.join(",")))
    }

    pub fn create_note(&self, asked: &Asked) -> Outcome<Response> {
        let given = asked.json()?;
        let fields = fields(&given)?;
        let today = self.today(&*self.settings()?);
        let id = collector_core::id::new_id(&random()?);
        let text = text(fields)?.ok_or_else(wrong_text)?;
        let (day, public) = (day(fields)?.unwrap_or(today).number(), public(fields)?.unwrap_or(false));
        if self.database.number("SELECT json_array(count(*)) FROM note", vec![])? >= MAX_NOTES {
            return Err(Problem::conflict(format!(
                "A site has at most {MAX_NOTES} notes. Delete one first."
            )));
        }
        self.database.run(
            "INSERT INTO note (id, day, text, public, created) VALUES (?, ?, ?, ?, ?)",
            vec![id.as_str().into(), day.into(), text.into(), i32::from(public).into(), now().into()],
        )?;
        reply::json_text(201, self.note(&id)?.into_bytes())
    }

    /// Changes what is named and leaves the rest.
    pub fn patch_note(&self, asked: &Asked, id: &str) -> Outcome<Response> {
        self.note(id)?;
        let given = asked.json()?;
        let fields = fields(&given)?;
        self.database.run(
            "UPDATE note SET day = ifnull(?, day), text = ifnull(?, text), public = ifnull(?, public) WHERE id = ?",
            vec![
                day(fields)?.map(Day::number).into(),
                text(fields)?.into(),
                public(fields)?.map(i32::from).into(),
                id.into(),
            ],
        )?;
        reply::json_text(200, self.note(id)?.into_bytes())
    }

    pub fn delete_note(&self, id: &str) -> Outcome<Response> {
        self.note(id)?;
        self.database.run("DELETE FROM note WHERE id = ?", vec![id.into()])?;
        reply::empty(204)
    }
}

fn fields(given: &Value) -> Result<&Map<String, Value>, ValidationError> {
    let Value::Object(fields) = given else {
        return Err(ValidationError::new(
            "",
            "Must be an object, for example {\"day\": \"2026-11-22\", \"text\": \"Free returns\"}.",
        ));
    };
    match fields.keys().find(|name| !["day", "text", "public"].contains(&name.as_str())) {
        None => Ok(fields),
        Some(unknown) => Err(ValidationError::new(
            pointer("", unknown),
            "There is no field of this name. The fields are day, text, public.",
        )),
    }
}

fn day(fields: &Map<String, Value>) -> Result<Option<Day>, ValidationError> {
    match fields.get("day") {
        None => Ok(None),
        Some(value) => value.as_str().and_then(Day::parse).map(Some).ok_or_else(|| {
            ValidationError::new("/day", "Must be a day as YYYY-MM-DD, for example 2026-11-22.")
        }),
    }
}

fn text(fields: &Map<String, Value>) -> Result<Option<String>, ValidationError> {
    match fields.get("text") {
        None => Ok(None),
        Some(Value::String(text)) if !text.trim().is_empty() && text.chars().count() <= MAX_TEXT => {
            Ok(Some(text.trim().to_owned()))
        }
        Some(_) => Err(wrong_text()),
    }
}

fn wrong_text() -> ValidationError {
    ValidationError::new("/text", format!("Must be text of 1 to {MAX_TEXT} characters."))
}

fn public(fields: &Map<String, Value>) -> Result<Option<bool>, ValidationError> {
    match fields.get("public") {
        None => Ok(None),
        Some(Value::Bool(public)) => Ok(Some(*public)),
        Some(_) => Err(ValidationError::new("/public", "Must be true or false.")),
    }
}
