//! Rules of the page for importing a file: how it is sent, and what is said about the result.

mod dates;
mod listed;

use crate::format::{count, counted};
use crate::model::{Imported, ImportedColumn, ImportedFile};
pub use dates::time_words;
use dates::{date_form, dates_sentence};
pub use listed::{progress, summary};

/// Statements of the owner about a file that the collector does not read rightly by itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// Column with the score.
    pub score: String,
    /// Column with the date.
    pub at: String,
    /// Column with the comment.
    pub comment: String,
    /// Form of the dates, such as `day/month/year`.
    pub at_format: String,
    /// Columns that are kept although they look personal.
    pub kept: Vec<String>,
}

impl Options {
    /// Returns the parameters of the import.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let columns = [("score", &self.score), ("at", &self.at), ("comment", &self.comment)];
        let named = columns.iter().filter(|(_, theirs)| !theirs.trim().is_empty());
        let columns: Vec<String> =
            named.map(|(ours, theirs)| format!("{ours}:{}", quoted(theirs.trim()))).collect();
        let kept: Vec<String> = self.kept.iter().map(|column| quoted(column)).collect();
        let parameters = [
            ("columns", columns.join(",")),
            ("keep", kept.join(",")),
            ("at_format", date_form(&self.at_format)),
        ];
        parameters.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }
}

/// Returns the name of a column as the API takes it.
fn quoted(name: &str) -> String {
    if name.contains([',', '"', ' ']) { format!("\"{}\"", name.replace('"', "\"\"")) } else { name.into() }
}

/// Returns the media type of a file by its name. `given` is that of the browser, which explains
/// itself in the error where it is one of a spreadsheet.
pub fn media_type<'a>(name: &str, given: &'a str) -> &'a str {
    let name = name.to_ascii_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    match given {
        _ if ends(&[".ndjson", ".jsonl", ".json"]) => "application/x-ndjson",
        _ if ends(&[".csv", ".tsv", ".txt"]) => "text/csv",
        "" => "text/csv",
        given => given,
    }
}

/// Returns what was found in a file.
pub fn file_sentence(file: &ImportedFile, rows: u64) -> String {
    let delimiter = match file.delimiter.as_deref() {
        Some(",") => " with commas",
        Some(";") => " with semicolons",
        Some("\t") => " with tabs",
        Some(_) => " with bars (|)",
        None => "",
    };
    let tool = file.tool.as_ref().map(|tool| format!(" of {tool}")).unwrap_or_default();
    let dates = dates_sentence(file.date_form.as_deref());
    let (format, encoding) = (file.format.to_uppercase(), file.encoding.to_uppercase());
    format!("{format}{tool}{delimiter}, {encoding}, {}. {dates}", counted(rows, "row"))
}

/// Returns what becomes of a column.
pub fn column_sentence(column: &ImportedColumn) -> String {
    match (&column.field, &column.property, &column.left_out) {
        (Some(field), ..) => match field.as_str() {
            "at" => "Time".into(),
            "lang" => "Language".into(),
            field => capital(field),
        },
        (_, Some(property), _) => format!("Property {property}"),
        (_, _, Some(reason)) => format!("Left out: {}", reason_words(reason)),
        _ => "Not brought back".into(),
    }
}

/// Whether the owner may keep a column that is left out.
pub fn is_personal(reason: &str) -> bool {
    matches!(reason, "email_address" | "ip_address" | "person_name" | "phone_number")
}

/// Returns the reason why a column is left out.
pub fn reason_words(reason: &str) -> &str {
    match reason {
        "email_address" => "email addresses",
        "ip_address" => "IP addresses",
        "person_name" => "names of people",
        "phone_number" => "telephone numbers",
        "unnamed" => "a column without a name",
        "too_many" => "more than 20 properties",
        "nested" => "a list within a value",
        "technical" => "data of the tool about itself",
        other => other,
    }
}

/// Returns what a file would store, or has stored.
pub fn result_lines(imported: &Imported) -> Vec<String> {
    let is_stored = imported.file.is_none();
    let of_rows =
        |number: u64, text: &str| (number > 0).then(|| format!("{} {text}", counted(number, "row")));
    let first = if is_stored {
        format!("{} stored.", counted(imported.stored.unwrap_or(0), "new response"))
    } else {
        let valid = imported.rows.saturating_sub(imported.rejected);
        format!("{} of {} can be read.", count(valid), counted(imported.rows, "row"))
    };
    let late =
        of_rows(imported.older_than_kept, "older than your retention, which erases them within a day.");
    let lines = [
        of_rows(imported.changed.unwrap_or(0), "changed, because the content is another than before."),
        of_rows(imported.already_there.unwrap_or(0), "already there, so nothing was added."),
        of_rows(imported.erased_before.unwrap_or(0), "erased before, so nothing was added."),
        of_rows(imported.same_id.count, "with the id of another row. The last row of an id is kept."),
        of_rows(imported.marked, "marked as tests or spam, as in the tool. They are in no figure."),
        of_rows(imported.rejected, if is_stored { "rejected." } else { "would be rejected." }),
        of_rows(imported.without_score, "without a score. Those with a comment are kept."),
        of_rows(imported.without_date, "without a date, which get the present time."),
        of_rows(imported.cut.count, "with a text that is too long. Its beginning is kept."),
        late,
    ];
    std::iter::once(first).chain(lines.into_iter().flatten()).collect()
}

/// Returns a word with a capital letter in front.
fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::model::FromJson;

    #[test]
    fn names_with_commas_and_quotes_are_quoted() {
        let options = Options {
            score: " How likely, from 0? ".into(),
            at: "date".into(),
            at_format: "day/month/year".into(),
            kept: vec!["Name".into(), "say \"hi\"".into()],
            ..Options::default()
        };
        assert_eq!(
            options.parameters(),
            [
                ("columns", "score:\"How likely, from 0?\",at:date".to_owned()),
                ("keep", "Name,\"say \"\"hi\"\"\"".into()),
                ("at_format", "%d/%m/%Y".into()),
            ]
        );
        assert!(Options::default().parameters().is_empty());
    }

    #[test]
    fn the_media_type_follows_the_name_before_the_browser() {
        for (name, given, expected) in [
            ("a.csv", "application/vnd.ms-excel", "text/csv"),
            ("A.NDJSON", "", "application/x-ndjson"),
            ("b.jsonl", "text/plain", "application/x-ndjson"),
            ("c.xlsx", "application/x-excel", "application/x-excel"),
            ("export", "", "text/csv"),
        ] {
            assert_eq!(media_type(name, given), expected, "{name}");
        }
    }

    #[test]
    fn every_reason_of_the_api_has_words_of_its_own() {
        let document: Value = serde_json::from_str(include_str!("../../collector/openapi.json")).unwrap();
        let reasons = document.pointer("/components/schemas/LeftOutReason/enum").unwrap();
        for reason in reasons.as_array().unwrap() {
            let reason = reason.as_str().unwrap();
            assert_ne!(reason_words(reason), reason);
        }
    }

    #[test]
    fn a_file_and_its_result_are_said_in_sentences() {
        let read: Imported = FromJson::from_json(&json!({
            "rows": 1200, "without_score": 3, "without_date": 0, "rejected": 2, "older_than_kept": 0,
            "left_out": [], "marked": 4, "same_id": { "count": 2, "lines": [5, 6] }, "cut": { "count": 1, "lines": [4] }, "errors": [], "tool": null,
            "file": { "format": "csv", "encoding": "utf-8", "delimiter": ";", "tool": "typeform",
                "columns": [], "date_form": "%d/%m/%Y" },
        }))
        .unwrap();
        let file = read.file.as_ref().unwrap();
        assert_eq!(
            file_sentence(file, read.rows),
            "CSV of typeform with semicolons, UTF-8, 1,200 rows. Dates are read as day/month/year, \
             such as 24/12/2026."
        );
        assert_eq!(
            result_lines(&read),
            [
                "1,198 of 1,200 rows can be read.",
                "2 rows with the id of another row. The last row of an id is kept.",
                "4 rows marked as tests or spam, as in the tool. They are in no figure.",
                "2 rows would be rejected.",
                "3 rows without a score. Those with a comment are kept.",
                "1 row with a text that is too long. Its beginning is kept.",
            ]
        );
        let stored = Imported {
            file: None,
            stored: Some(1),
            erased_before: Some(3),
            same_id: crate::model::Cut { count: 0 },
            without_score: 0,
            marked: 0,
            cut: crate::model::Cut { count: 0 },
            ..read
        };
        let lines = result_lines(&stored);
        let erased = "3 rows erased before, so nothing was added.";
        assert_eq!(lines, ["1 new response stored.", erased, "2 rows rejected."]);
    }

    #[test]
    fn columns_say_what_becomes_of_them() {
        let column = |more: Value| {
            let mut column = json!({ "column": "x" });
            column.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            column_sentence(&FromJson::from_json(&column).unwrap())
        };
        assert_eq!(column(json!({ "field": "at" })), "Time");
        assert_eq!(column(json!({ "field": "score" })), "Score");
        assert_eq!(column(json!({ "property": "plan" })), "Property plan");
        assert_eq!(column(json!({ "left_out": "person_name" })), "Left out: names of people");
        assert_eq!(column(json!({})), "Not brought back");
    }
}
