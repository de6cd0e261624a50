//! What the owner does about a response: tags, a note, and how far the case is.

use api::ValidationError;
use api::validation::pointer;
use serde_json::{Map, Value, json};
use worker::{Response, SqlStorageValue};

use super::super::keys::short;
use super::blob;
use super::listed::STATES;
use crate::reply::{self, Outcome};
use crate::row::{hex, id_of};
use crate::site::Inner;
use crate::site::asked::Asked;
use crate::site::clock::{iso_of, now};

const MAX_TAGS: usize = 20;
const MAX_TAG: usize = 40;
const MAX_NOTE: usize = 2_000;
const FIELDS: [&str; 4] = ["tags", "note", "state", "assignee"];

impl Inner {
    pub fn one(&self, asked: &Asked, id: &str) -> Outcome<Response> {
        reply::tagged(self.response(id)?, asked.if_none_match.as_deref())
    }

    /// Changes what is named and leaves the rest, as JSON Merge Patch (RFC 7396) has it: `null` takes away.
    pub fn patch(&self, asked: &Asked, id: &str) -> Outcome<Response> {
        let before = self.response(id)?;
        asked.seen(&reply::tag_of(&before))?;
        let given = asked.json()?;
        let Value::Object(fields) = &given else {
            return Err(
                ValidationError::new("", "Must be an object, for example {\"state\": \"done\"}.").into()
            );
        };
        if let Some(unknown) = fields.keys().find(|name| !FIELDS.contains(&name.as_str())) {
            let detail = format!("There is no field of this name. The fields are {}.", FIELDS.join(", "));
            return Err(ValidationError::new(pointer("", unknown), detail).into());
        }
        let (mut set, mut values): (Vec<&str>, Vec<SqlStorageValue>) = (vec![], vec![]);
        if fields.contains_key("tags") {
            set.push("tags = ?");
            values.push(tags(fields)?.into());
        }
        if fields.contains_key("note") {
            set.push("note = ?");
            values.push(note(fields)?.into());
        }
        if fields.contains_key("assignee") {
            set.push("assignee = ?");
            values.push(short(fields, "assignee", 100)?.into());
        }
        if let Some(state) = fields.get("state") {
            let state = STATES.iter().position(|word| state == word);
            let state =
                state.ok_or_else(|| ValidationError::new("/state", "Must be open, in_progress or done."))?;
            let scored = "SELECT 'yes' FROM response WHERE id = ? AND score IS NOT NULL";
            if self.database.text(scored, vec![blob(id_of(id))])?.is_none() {
                return Err(
                    ValidationError::new("/state", "Only a response with a score can be a case.").into()
                );
            }
            let state = i32::try_from(state).unwrap_or(0);
            // The first step away from open is the first contact.
            set.push("state = ?, contacted = CASE WHEN ? > 0 THEN ifnull(contacted, ?) ELSE contacted END");
            set.push("due = CASE WHEN state IS NULL AND score <= 6 THEN at + 86400000 ELSE due END");
            values.extend([state.into(), state.into(), now().into()]);
        }
        if !set.is_empty() {
            values.push(blob(id_of(id)));
            let change = format!("UPDATE response SET {} WHERE id = ?", set.join(", "));
            self.database.run(&change, values)?;
            self.arm_overdue()?;
        }
        reply::tagged(self.response(id)?, None)
    }

    /// How many cases there are and how soon people hear from the owner.
    pub fn cases(&self) -> Outcome<Response> {
        // The median is the middle one, or the mean of the two in the middle.
        let query = format!(
            "WITH waited AS (SELECT contacted - at AS ms FROM response WHERE state IS NOT NULL AND contacted IS NOT NULL),
                middle AS (SELECT ms FROM waited ORDER BY ms LIMIT 2 - (SELECT count(*) FROM waited) % 2
                           OFFSET (SELECT (count(*) - 1) / 2 FROM waited))
            SELECT json_object(
                'open', count(*) FILTER (WHERE state = 0),
                'in_progress', count(*) FILTER (WHERE state = 1),
                'done', count(*) FILTER (WHERE state = 2),
                'overdue', count(*) FILTER (WHERE state < 2 AND due < ?),
                'next_due_at', {},
                'contacted', (SELECT count(*) FROM waited),
                'median_hours_to_first_contact', (SELECT avg(ms) / 3600000.0 FROM middle))
            FROM response WHERE state IS NOT NULL",
            iso_of("min(due) FILTER (WHERE state < 2)")
        );
        self.database.answer(200, &query, vec![now().into()])
    }

    /// Erases one response and all that hangs on it.
    pub fn erase(&self, id: &str) -> Outcome<Response> {
        self.response(id)?;
        self.erase_all(&[hex(id_of(id))])?;
        reply::empty(204)
    }

    /// Erases responses, given as hexadecimal ids: what goes last is the response, so that an erasure which is broken
    /// off can be asked for again.
    pub fn erase_all(&self, ids: &[String]) -> Outcome<()> {
        let list = json!(ids).to_string();
        for statement in [
            "DELETE FROM delivery WHERE subject IN (SELECT lower(value) FROM json_each(?))",
            "DELETE FROM due WHERE kind = 'response' AND subject IN (SELECT lower(value) FROM json_each(?))",
            "DELETE FROM contact WHERE id IN (SELECT unhex(value) FROM json_each(?))",
            "DELETE FROM response WHERE id IN (SELECT unhex(value) FROM json_each(?))",
        ] {
            self.database.run(statement, vec![list.as_str().into()])?;
        }
        self.forget_values()
    }

    /// Forgets the values of properties that no response has any more. Their numbers stay taken.
    pub fn forget_values(&self) -> Outcome<()> {
        let forget = "UPDATE value SET text = NULL
            WHERE property > 0 AND text IS NOT NULL
              AND property IN (SELECT slot FROM property WHERE length(upto) > 16)
              AND (property, number) NOT IN (SELECT DISTINCT property, value FROM day)";
        self.database.run(forget, vec![]).map(|_| ())
    }
}

/// Tags as the JSON text that is kept; `None` for none.
fn tags(fields: &Map<String, Value>) -> Result<Option<String>, ValidationError> {
    let wrong = |at: String, detail: String| Err(ValidationError::new(at, detail));
    let given = match fields.get("tags") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Array(given)) if given.len() <= MAX_TAGS => given,
        Some(_) => {
            return wrong("/tags".into(), format!("Must be an array of at most {MAX_TAGS} tags."));
        }
    };
    let mut tags: Vec<&str> = Vec::new();
    for (at, tag) in given.iter().enumerate() {
        let tag = tag.as_str().map(str::trim).unwrap_or_default();
        if tag.is_empty() || tag.chars().count() > MAX_TAG || tag.chars().any(char::is_control) {
            return wrong(format!("/tags/{at}"), format!("Must be text of 1 to {MAX_TAG} characters."));
        }
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    Ok((!tags.is_empty()).then(|| json!(tags).to_string()))
}

fn note(fields: &Map<String, Value>) -> Result<Option<String>, ValidationError> {
    match fields.get("note") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(note)) if note.chars().count() <= MAX_NOTE && !note.contains('\0') => {
            Ok((!note.trim().is_empty()).then(|| note.clone()))
        }
        Some(_) => {
            Err(ValidationError::new("/note", format!("Must be text of at most {MAX_NOTE} characters.")))
        }
    }
}
