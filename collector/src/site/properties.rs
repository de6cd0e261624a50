//! Declared properties: their sums begin to be kept, in pages over what there is already.

use serde::Deserialize;
use serde_json::{Value, json};
use worker::SqlStorageValue;

use super::Inner;
use super::clock::now;
use super::due::Task;
use super::schema::sums::FILLED;
use crate::reply::Outcome;

/// How many responses are counted at once.
const PAGE: i32 = 1_000;

/// A property whose sums are kept.
#[derive(Debug, Clone, Deserialize)]
pub struct Property {
    pub slot: i32,
    pub name: String,
    /// Whether every response is counted.
    pub filled: bool,
}

impl Inner {
    /// The properties whose sums are kept, the channel first.
    pub fn properties(&self) -> Outcome<Vec<Property>> {
        self.database.json(
            "SELECT json_group_array(json_object('slot', slot, 'name', name, 'filled', json(iif(length(upto) > 16, 'true', 'false'))))
             FROM (SELECT * FROM property ORDER BY slot)",
            vec![],
        )
    }

    /// Begins to keep the sums of these properties, and of no others.
    pub fn declare(&self, names: &[String]) -> Outcome<()> {
        let known = self.properties()?;
        for gone in known.iter().filter(|known| known.slot > 0 && !names.contains(&known.name)) {
            // The property last: should it break, the same request again completes it.
            for statement in [
                "DELETE FROM day WHERE property = ?",
                "DELETE FROM value WHERE property = ?",
                "DELETE FROM property WHERE slot = ?",
            ] {
                self.database.run(statement, vec![gone.slot.into()])?;
            }
            self.cancel(Task::Fill, &gone.name)?;
        }
        for name in names.iter().filter(|name| known.iter().all(|known| known.name != **name)) {
            // An `upto` below every id: what comes in meanwhile is counted when the filling gets there.
            self.database.run(
                "INSERT INTO property (name, path, upto) VALUES (?, ?, x'')",
                vec![name.as_str().into(), format!("$.\"{name}\"").into()],
            )?;
            self.note_due(Task::Fill, name, now())?;
        }
        Ok(())
    }

    /// Counts one more page of responses for a property.
    pub fn fill(&self, name: &str) -> Outcome<()> {
        let next = "SELECT json_array((SELECT lower(hex(id)) FROM response
                WHERE id > (SELECT upto FROM property WHERE name = ?) ORDER BY id LIMIT 1 OFFSET ?))";
        let [next]: [Option<String>; 1] = self.database.json(next, vec![name.into(), (PAGE - 1).into()])?;
        let (upto, more) = match next {
            Some(id) => (crate::row::id_of(&id).bytes().to_vec(), true),
            None => (FILLED.to_vec(), false),
        };
        self.database.run(
            "UPDATE property SET upto = ? WHERE name = ?",
            vec![SqlStorageValue::Blob(upto), name.into()],
        )?;
        if more { self.postpone(Task::Fill, name, now()) } else { self.cancel(Task::Fill, name) }
    }

    /// Moves a page of responses to the day on which they fall in the present time zone.
    pub fn move_days(&self) -> Outcome<()> {
        let after = self.meta("zone_upto")?.unwrap_or_default();
        let page = "SELECT json_group_array(json_array(hex(id), at)) FROM
            (SELECT id, at FROM response WHERE id > unhex(?) ORDER BY id LIMIT ?)";
        let rows: Vec<(String, i64)> = self.database.json(page, vec![after.into(), PAGE.into()])?;
        let zone = &self.settings()?.zone;
        let days: Vec<Value> = rows.iter().map(|(id, at)| json!([id, zone.day_of(*at).number()])).collect();
        self.database.run(
            "UPDATE response SET day = given.value ->> 1 FROM json_each(?) AS given
             WHERE response.id = unhex(given.value ->> 0) AND response.day IS NOT given.value ->> 1",
            vec![Value::Array(days).to_string().into()],
        )?;
        match rows.last().filter(|_| rows.len() == PAGE as usize) {
            Some((last, _)) => {
                self.set_meta("zone_upto", last)?;
                self.postpone(Task::Zone, "", now())
            }
            None => {
                self.set_meta("zone_upto", "")?;
                self.cancel(Task::Zone, "")
            }
        }
    }
}
