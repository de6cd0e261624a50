//! Columns of a stored response: the one list from which its wire row, its INSERT and merge, its
//! JSON and CSV, and the columns of an import are generated.

mod cells;
mod column;
mod export;
mod formula;
mod imported_response;
mod merge;
#[cfg(test)]
mod tests;
mod texts;

use self::cells::object_text;
pub use self::cells::{NewResponse, search_rowid, statement};
use self::column::Export::{Flag, Number, Object, Properties, Text, TextOf, Time, Words};
pub(crate) use self::column::Import;
use self::column::Merge::{First, FirstMembers, LastMembers, Max, Newest};
use self::column::{Cell, Column, Merge, computed, exported, stored};
pub use self::export::{csv_header, csv_paths, csv_row, json, size};
pub(crate) use self::formula::is_guarded;
pub use self::imported_response::{IdSource, ImportedResponse};
use self::imported_response::{set_mark, set_variant};
pub use self::merge::merge_statement;
pub use self::texts::{new_text_query, without_new_text_query};
use crate::case_state;
use crate::{category, stored_names};
use api::limits::{MAX_ANSWERS, MAX_COMMENT, MAX_LANG, MAX_PAGE, MAX_PROPERTIES, MAX_SLUG};

/// Of two scores the one with the later time stays, together with its time and bucket.
const SCORE: Merge = Newest { of: "score", by: "score_ms" };
/// Of two comments the one with the later time stays, together with its time. Its cell may be
/// empty: the visitor has taken the comment back.
const COMMENT: Merge = Newest { of: "comment", by: "comment_ms" };
/// Of two lists of consents the one with the later time stays, together with its time. It may be
/// empty: the visitor has taken all back.
const CONSENTS: Merge = Newest { of: "consents", by: "consents_ms" };

/// The longest cell of an imported mark, in characters: any text may be in a column of that name.
const MAX_MARK: usize = 5_000;

/// Columns in the order of a CSV, which ends with the properties.
///
/// - `stored`: what a message brings. Its value crosses to the object as a cell of that name, and
///   is inserted as it is, or as the SQL of [`Column::inserted`], where `{name}` is a cell.
/// - `computed`: inserted as SQL over the cells.
/// - `exported`: what no message brings, such as what the owner adds or what follows from other
///   columns.
///
/// A message never changes a column without [`Column::merged`]. A column without
/// [`Column::with_export`] is in no export. A column without [`Column::imported`] is ignored where
/// an export is imported.
#[rustfmt::skip]
static COLUMNS: &[Column] = &[
    stored("id", |r| r.update.id.to_hex().into()).inserted("unhex({id})").with_export(TextOf(export::uuid)).imported(Import::Id),
    stored("at", |r| r.at().into()).inserted("at").with_export(Time("at")).imported(Import::At),
    stored("score", |r| r.update.score.map(nps::Score::get).into()).merged(SCORE)
        .with_export(Number("score")).imported(Import::Score),
    stored("comment", |r| r.update.comment.clone().into()).inserted("nullif({comment}, '')").merged(COMMENT)
        .with_export(Text).imported(Import::Text(MAX_COMMENT, |to, text| { to.comment = Some(text); Ok(()) })),
    stored("variant", |r| r.update.variant.clone().into()).inserted("ifnull({variant}, ?3)")
        .with_export(Text).imported(Import::Text(MAX_SLUG, set_variant)),
    stored("lang", |r| r.update.lang.clone().into()).merged(First)
        .with_export(Text).imported(Import::Text(MAX_LANG, |to, text| { to.lang = Some(text); Ok(()) })),
    stored("page", |r| r.update.page.clone().into()).merged(First)
        .with_export(Text).imported(Import::Text(MAX_PAGE, |to, text| { to.page = Some(text); Ok(()) })),
    exported("category", TextOf(category::name_sql)),
    stored("shown", |r| r.shown_flag().into()).merged(Max).with_export(Flag("shown")),
    stored("dismissed", |r| u8::from(r.update.dismissed).into()).merged(Max).with_export(Flag("dismissed AND score IS NULL")),
    exported("seconds", Number("score_ms / 1000.0")),
    stored("channel", |r| r.channel().stored().into()).with_export(TextOf(stored_names::channel_sql)),
    stored("user", |r| r.update.user.clone().into()).merged(First).with_export(Text).imported(Import::User),
    stored("consents", |r| r.consents()).inserted("nullif({consents}, '[]')").merged(CONSENTS).with_export(Words),
    exported("contact", TextOf(export::contact)),
    exported("tags", Words),
    exported("note", Text),
    exported("state", TextOf(case_state::name_sql)),
    exported("assignee", Text),
    exported("due_at", Time("due")),
    exported("contacted_at", Time("contacted")),
    stored("mark", |r| r.update.mark.map(api::Mark::number).into()).merged(First)
        .with_export(TextOf(export::mark)).imported(Import::Text(MAX_MARK, set_mark)),
    stored("answers", |r| object_text(&r.update.answers)).merged(LastMembers(MAX_ANSWERS)).with_export(Object),
    stored("properties", |r| object_text(&r.update.properties)).merged(FirstMembers(MAX_PROPERTIES)).with_export(Properties),
    // What the collector counts and searches by.
    computed("timed", "at IS {id_time}"),
    stored("day", |r| r.day().into()).inserted(merge::LOCAL_DAY),
    stored("score_ms", |r| r.score_ms().into()).merged(SCORE),
    stored("bucket", |r| r.score_ms().map(nps::TimeToAnswer::bucket_of).into()).merged(SCORE),
    stored("comment_ms", |r| r.comment_ms().into()).merged(COMMENT),
    stored("consents_ms", |r| r.consents_ms().into()).merged(CONSENTS),
    stored("number", |r| r.search_rowid().into()).inserted("ifnull({number}, ?7 + nth)"),
];

/// Cells that are no columns of a response: the time in its id, the contact, which has a table of
/// its own, and what an imported row is known by.
static OTHER_CELLS: &[(&str, Cell)] = &[
    ("id_time", |r| r.update.id.unix_ms().into()),
    ("contact", |r| r.update.contact.clone().into()),
    ("row_key", |r| r.row_key().into()),
    ("earlier_id", |r| r.earlier_id().into()),
    ("visitor_rule", |r| r.visitor_rule().into()),
    ("dated_at", |r| r.dated_at().into()),
];

/// Columns of an imported response that a later import may change. Not its variant: responses to
/// two wordings of the question are never pooled, so a response does not move between them.
pub const IMPORTED_CONTENT: [&str; 6] = ["score", "comment", "lang", "page", "user", "properties"];

/// Returns the columns that an import reads.
pub(crate) fn imported_columns() -> impl Iterator<Item = (&'static str, Import)> {
    COLUMNS.iter().filter_map(|column| Some((column.name, column.import?)))
}

/// Whether an export has a column of that name that an import does not read.
pub(crate) fn is_export_only(name: &str) -> bool {
    COLUMNS.iter().any(|column| column.name == name && column.export.is_some() && column.import.is_none())
}

/// Whether these are the columns of an export of ours.
pub(crate) fn is_export<T: AsRef<str>>(names: &[T]) -> bool {
    ["due_at", "contacted_at", "properties"].iter().all(|own| names.iter().any(|name| name.as_ref() == *own))
}
