//! Patch of a site's settings, other than its survey.
//!
//! A change is a JSON merge patch (RFC 7396): what is absent stays, and `null` takes a setting back
//! to its default. Two settings are special: `name` has no default, so it cannot be `null`, and
//! `null` months of retention mean for ever.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::ValidationError;
use crate::limits::{
    MAX_CONTACT_DAYS, MAX_DECLARED, MAX_HIDDEN_NOTES, MAX_NOTE_KEY, MAX_PROPERTY_NAME, MAX_RETENTION_MONTHS,
    MAX_SITE_NAME, MAX_TEXT_MB_PER_DAY,
};
use crate::slug::object_name_error;
use crate::validation::{self, Errors, ObjectReader};

/// The property that every site has without declaring it: the way on which a response came.
pub const CHANNEL: &str = "channel";
/// Default retention of responses, in months.
const RETENTION_MONTHS: u16 = 24;
/// Default retention of contacts, in days.
const CONTACT_DAYS: u16 = 90;
/// Default megabytes of new text that a site takes in a day.
pub const DEFAULT_TEXT_MB_PER_DAY: u16 = 200;
/// The time zone by default.
const TIMEZONE: &str = "UTC";

/// Names of the two rules by which users count: by their id alone, or only with a proof.
const IDENTITIES: [&str; 2] = ["open", "signed"];

/// Retention of a site's responses and contacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention {
    /// Responses: so many months, 1 to [`MAX_RETENTION_MONTHS`]; `None` for ever.
    pub months: Option<u16>,
    /// Retention of contacts in days, 1 to [`MAX_CONTACT_DAYS`].
    pub contact_days: u16,
}

impl Default for Retention {
    fn default() -> Self {
        Self { months: Some(RETENTION_MONTHS), contact_days: CONTACT_DAYS }
    }
}

/// Settings to change. `None` leaves a setting as it is; a setting that was reset has its default
/// here.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SitePatch {
    /// The name that visitors know.
    pub name: Option<String>,
    /// The name of the time zone. Whether there is such a zone, the runtime knows.
    pub timezone: Option<String>,
    /// The origins whose pages may send responses, as they were given.
    pub origins: Option<Value>,
    /// The declared properties: those by which scores are counted, at most
    /// [`MAX_DECLARED`].
    pub properties: Option<Vec<String>>,
    /// Whether anybody may see the score, as a badge.
    pub badge: Option<bool>,
    /// Whether anybody may see the notes on what was changed.
    pub public_notes: Option<bool>,
    /// Keys of the automatic notes that the owner's page does not show, at most
    /// [`MAX_HIDDEN_NOTES`].
    pub hidden_notes: Option<Vec<String>>,
    /// Retention of responses: `Some(None)` for ever, `Some(Some(n))` for n months.
    pub retention_months: Option<Option<u16>>,
    /// Retention of contacts in days, 1 to [`MAX_CONTACT_DAYS`].
    pub contact_days: Option<u16>,
    /// Megabytes of new text that the site takes in a day, 1 to [`MAX_TEXT_MB_PER_DAY`].
    pub text_mb_per_day: Option<u16>,
    /// Whether a user counts only with a proof.
    pub signed_identity: Option<bool>,
}

impl SitePatch {
    /// Reads a change from untrusted JSON, validated whole: each problem is named by its path.
    pub fn read(value: &Value) -> Result<Self, Vec<ValidationError>> {
        let mut found = Errors::default();
        let errors = &mut found;
        let names = [
            "name",
            "timezone",
            "origins",
            "properties",
            "badge",
            "public_notes",
            "hidden_notes",
            "retention",
            "text_mb_per_day",
            "identity",
        ];
        let reader = &ObjectReader::new(Some(value), "", &names, errors);
        let (retention_months, contact_days) = retention(reader, errors);
        let change = Self {
            name: name(reader, errors),
            timezone: timezone(reader, errors),
            origins: changed(reader, "origins", || {
                reader.get("origins").cloned().unwrap_or_else(|| json!([]))
            }),
            properties: changed(reader, "properties", || PROPERTIES.read(reader, errors)),
            badge: changed(reader, "badge", || reader.bool(errors, "badge")),
            public_notes: changed(reader, "public_notes", || reader.bool(errors, "public_notes")),
            hidden_notes: changed(reader, "hidden_notes", || HIDDEN_NOTES.read(reader, errors)),
            retention_months,
            contact_days,
            text_mb_per_day: changed(reader, "text_mb_per_day", || {
                let range = (1..=MAX_TEXT_MB_PER_DAY, " of megabytes");
                reader.integer_or(errors, "text_mb_per_day", range, DEFAULT_TEXT_MB_PER_DAY)
            }),
            signed_identity: changed(reader, "identity", || {
                reader.one_of(errors, "identity", &IDENTITIES) == Some(1)
            }),
        };
        let settled = found.finish(change);
        settled.map_err(|mut errors| {
            for survey in errors.iter_mut().filter(|problem| problem.pointer == "/survey") {
                survey.detail =
                    "The survey has its own address: send it whole with PUT to /v1/sites/SITE/survey.".into();
            }
            errors
        })
    }
}

/// Returns the new value of a setting if the patch has the setting at all.
fn changed<T>(reader: &ObjectReader, name: &str, read: impl FnOnce() -> T) -> Option<T> {
    (reader.get(name).is_some() || reader.is_null(name)).then(read)
}

fn name(reader: &ObjectReader, errors: &mut Errors) -> Option<String> {
    let detail =
        "Must be the name that visitors know you by, 1 to 100 characters: it stands in the question.";
    let name = changed(reader, "name", || reader.get("name").and_then(Value::as_str).map(str::trim))?;
    let name = name.filter(|name| {
        (1..=MAX_SITE_NAME).contains(&name.chars().count()) && !name.contains(char::is_control)
    });
    if name.is_none() {
        reader.error(errors, "name", detail);
    }
    name.map(str::to_owned)
}

fn timezone(reader: &ObjectReader, errors: &mut Errors) -> Option<String> {
    let zone = changed(reader, "timezone", || reader.get("timezone").map_or(Some(TIMEZONE), Value::as_str))?;
    if zone.is_none() {
        reader.error(errors, "timezone", "Must be an IANA name, for example Europe/Warsaw.");
    }
    zone.map(str::to_owned)
}

/// List of names, each of which is given once.
struct Names {
    field: &'static str,
    max: usize,
    max_chars: usize,
    /// Error of a blank name.
    blank: &'static str,
    /// Returns the error of another name that the list does not take.
    check: fn(&str) -> Option<String>,
}

const PROPERTIES: Names = Names {
    field: "properties",
    max: MAX_DECLARED,
    max_chars: MAX_PROPERTY_NAME,
    blank: "Must be the name of a property, 1 to 64 characters.",
    check: |name| {
        if name.contains(['"', '\\']) {
            return Some("Must be without \" and \\, which a query cannot hold.".into());
        }
        if name == CHANNEL {
            return Some("Every site has this property; leave it out.".into());
        }
        object_name_error(name)
    },
};

const HIDDEN_NOTES: Names = Names {
    field: "hidden_notes",
    max: MAX_HIDDEN_NOTES,
    max_chars: MAX_NOTE_KEY,
    blank: "Must be the key of a note, 1 to 64 characters, for example survey.3.",
    check: |_| None,
};

impl Names {
    fn read(&self, reader: &ObjectReader, errors: &mut Errors) -> Vec<String> {
        let mut names = Vec::new();
        for (index, value) in reader.array(errors, self.field, self.max).iter().enumerate() {
            let path = format!("{}/{index}", reader.pointer_to(self.field));
            let before = errors.len();
            match validation::string(errors, value, &path, self.max_chars) {
                None if errors.len() == before => errors.push(&path, self.blank),
                None => {}
                Some(name) => match (self.check)(&name) {
                    Some(error) => errors.push(&path, &error),
                    None if names.contains(&name) => errors.push(&path, "Is there already; give it once."),
                    None => names.push(name),
                },
            }
        }
        names
    }
}

fn retention(reader: &ObjectReader, errors: &mut Errors) -> (Option<Option<u16>>, Option<u16>) {
    if reader.is_null("retention") {
        return (Some(Some(RETENTION_MONTHS)), Some(CONTACT_DAYS));
    }
    let given = reader.object(errors, "retention", &["months", "contact_days"]);
    let months = changed(&given, "months", || {
        let range = (1..=MAX_RETENTION_MONTHS, " of months");
        (!given.is_null("months")).then(|| given.integer_or(errors, "months", range, RETENTION_MONTHS))
    });
    let range = (1..=MAX_CONTACT_DAYS, " of days");
    let days =
        changed(&given, "contact_days", || given.integer_or(errors, "contact_days", range, CONTACT_DAYS));
    (months, days)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(change: Value) -> SitePatch {
        SitePatch::read(&change).unwrap()
    }

    #[test]
    fn absent_fields_change_nothing() {
        assert_eq!(read(json!({})), SitePatch::default());
        assert_eq!(read(json!({ "retention": {} })), SitePatch::default());
    }

    #[test]
    fn every_field_can_be_changed() {
        let change = read(json!({
            "name": " Tea shop ", "timezone": "Europe/Warsaw", "origins": ["https://tea.example"],
            "properties": ["plan", "ціна"], "badge": true, "public_notes": true,
            "retention": { "months": 120, "contact_days": 730 }, "text_mb_per_day": 10_000,
            "identity": "signed", "hidden_notes": ["survey.3"],
        }));
        let expected = SitePatch {
            name: Some("Tea shop".into()),
            timezone: Some("Europe/Warsaw".into()),
            origins: Some(json!(["https://tea.example"])),
            properties: Some(vec!["plan".into(), "ціна".into()]),
            badge: Some(true),
            public_notes: Some(true),
            hidden_notes: Some(vec!["survey.3".into()]),
            retention_months: Some(Some(120)),
            contact_days: Some(730),
            text_mb_per_day: Some(10_000),
            signed_identity: Some(true),
        };
        assert_eq!(change, expected);
    }

    #[test]
    fn null_resets_a_setting_to_its_default() {
        let change = read(json!({
            "timezone": null, "origins": null, "properties": null, "badge": null, "public_notes": null,
            "retention": null, "text_mb_per_day": null, "identity": null, "hidden_notes": null,
        }));
        let expected = SitePatch {
            name: None,
            timezone: Some("UTC".into()),
            origins: Some(json!([])),
            properties: Some(vec![]),
            badge: Some(false),
            public_notes: Some(false),
            hidden_notes: Some(vec![]),
            retention_months: Some(Some(24)),
            contact_days: Some(90),
            text_mb_per_day: Some(200),
            signed_identity: Some(false),
        };
        assert_eq!(change, expected);
    }

    #[test]
    fn null_months_keep_responses_for_ever() {
        let change = read(json!({ "retention": { "months": null } }));
        assert_eq!((change.retention_months, change.contact_days), (Some(None), None));
        let change = read(json!({ "retention": { "contact_days": null } }));
        assert_eq!((change.retention_months, change.contact_days), (None, Some(90)));
    }

    #[test]
    fn each_invalid_change_is_named() {
        let nine: Vec<_> = (0..9).map(|n| format!("p{n}")).collect();
        for (wrong, pointers) in [
            (json!([]), vec![""]),
            (json!(null), vec![""]),
            (json!({ "colour": 1, "a/b": 2 }), vec!["/a~1b", "/colour"]),
            (json!({ "survey": {}, "badge": 1 }), vec!["/badge", "/survey"]),
            (json!({ "name": null }), vec!["/name"]),
            (json!({ "name": "  " }), vec!["/name"]),
            (json!({ "name": 7 }), vec!["/name"]),
            (json!({ "name": "é".repeat(101) }), vec!["/name"]),
            (json!({ "name": "Tea\nshop" }), vec!["/name"]),
            (json!({ "timezone": 2 }), vec!["/timezone"]),
            (json!({ "properties": "plan" }), vec!["/properties"]),
            (json!({ "properties": nine }), vec!["/properties"]),
            (json!({ "properties": ["plan", "plan"] }), vec!["/properties/1"]),
            (
                json!({ "properties": ["channel", "", 7, "a\"b", "a\\b", "a\tb", "x".repeat(65), "ok"] }),
                vec![
                    "/properties/0",
                    "/properties/1",
                    "/properties/2",
                    "/properties/3",
                    "/properties/4",
                    "/properties/5",
                    "/properties/6",
                ],
            ),
            (json!({ "badge": "yes", "public_notes": 1 }), vec!["/badge", "/public_notes"]),
            (json!({ "hidden_notes": "survey.3" }), vec!["/hidden_notes"]),
            (
                json!({ "hidden_notes": (0..101).map(|n| n.to_string()).collect::<Vec<_>>() }),
                vec!["/hidden_notes"],
            ),
            (
                json!({ "hidden_notes": ["ok", "", 7, "ok", "x".repeat(65), "a\tb", "é".repeat(64)] }),
                vec![
                    "/hidden_notes/1",
                    "/hidden_notes/2",
                    "/hidden_notes/3",
                    "/hidden_notes/4",
                    "/hidden_notes/5",
                ],
            ),
            (json!({ "retention": 24 }), vec!["/retention"]),
            (json!({ "retention": { "months": 0 } }), vec!["/retention/months"]),
            (json!({ "retention": { "months": 121 } }), vec!["/retention/months"]),
            (
                json!({ "retention": { "months": 1.5, "days": 3 } }),
                vec!["/retention/days", "/retention/months"],
            ),
            (json!({ "retention": { "contact_days": 731 } }), vec!["/retention/contact_days"]),
            (json!({ "text_mb_per_day": 0 }), vec!["/text_mb_per_day"]),
            (json!({ "text_mb_per_day": 10_001 }), vec!["/text_mb_per_day"]),
            (json!({ "text_mb_per_day": 1.5 }), vec!["/text_mb_per_day"]),
            (json!({ "identity": "closed" }), vec!["/identity"]),
            (json!({ "identity": true }), vec!["/identity"]),
            (json!({ "retention": { "contact_days": "90" } }), vec!["/retention/contact_days"]),
        ] {
            let errors = SitePatch::read(&wrong).unwrap_err();
            let mut found: Vec<_> = errors.iter().map(|problem| problem.pointer.as_str()).collect();
            found.sort_unstable();
            assert_eq!(found, pointers, "{wrong}");
            assert!(errors.iter().all(|problem| problem.detail.ends_with('.')), "{errors:?}");
        }
    }
}
