//! A commit of messages: all rows of a batch, with what belongs to them.

use std::sync::LazyLock;

use collector_core::category;
use collector_core::stored_response::statement;
use nps::Category;

use super::merge::{Source, merge};
use super::{strip_brackets, text_limit};
use crate::http::ApiResult;
use crate::metrics::{self, Counter};
use crate::site::clock::now_ms;
use crate::site::state::SiteState;

/// A batch of messages.
pub struct Batch {
    /// JSON array of the rows.
    pub rows: String,
    /// Whether at least one message has contact details.
    pub has_contact: bool,
    /// Bytes of text in all messages, of which some may be stored already.
    pub text_bytes: i64,
    /// Number of messages.
    pub count: u64,
}

/// Result of a commit.
pub enum Committed {
    Whole,
    /// The new texts of some messages are left out; a JSON array of their positions.
    Deferred(String),
}

impl Batch {
    /// Joins batches into one.
    pub fn join<'a>(batches: impl Iterator<Item = &'a Self>) -> Self {
        let mut joined = Self { rows: "[".to_owned(), has_contact: false, text_bytes: 0, count: 0 };
        for batch in batches {
            if joined.rows.len() > 1 {
                joined.rows.push(',');
            }
            joined.rows.push_str(strip_brackets(&batch.rows));
            joined.has_contact |= batch.has_contact;
            joined.count += batch.count;
            joined.text_bytes = joined.text_bytes.saturating_add(batch.text_bytes);
        }
        joined.rows.push(']');
        joined
    }
}

/// Commits a batch: all of it, or none and an error. Where the site takes no more text today, new
/// texts are left out.
pub fn commit(site: &SiteState, batch: &Batch) -> ApiResult<Committed> {
    if commit_whole(site, batch)? {
        return Ok(Committed::Whole);
    }
    let deferred = text_limit::without_new_text(site, &batch.rows)?;
    insert(site, &deferred.rows, batch)?;
    Ok(match deferred.positions.as_str() {
        "[]" => Committed::Whole,
        _ => Committed::Deferred(deferred.positions),
    })
}

/// Commits a batch with its texts. Returns false, and stores nothing, where the site takes no more
/// text today.
pub fn commit_whole(site: &SiteState, batch: &Batch) -> ApiResult<bool> {
    site.database.check_sole_writer()?;
    let Some(new_text) = text_limit::admit(site, batch.text_bytes, &batch.rows)? else { return Ok(false) };
    insert(site, &batch.rows, batch)?;
    text_limit::count(site, new_text)?;
    Ok(true)
}

/// Stores rows, their contact details, and the tasks that send their webhooks.
fn insert(site: &SiteState, rows: &str, batch: &Batch) -> ApiResult<()> {
    let source = Source::Messages(batch.count);
    let written = match batch.has_contact {
        true => site.transaction(|| {
            site.database.run(&UPSERT_CONTACTS, vec![rows.into(), now_ms().into()])?;
            site.database.run(DROP_EMPTY_CONTACTS, vec![rows.into()])?;
            merge(site, rows, &source)
        })?,
        false => merge(site, rows, &source)?,
    };
    let changed = match (written, batch.count) {
        (0, _) => 0,
        (_, 1) => 1,
        _ => site.database.changes()?.min(batch.count),
    };
    metrics::add(Counter::AcceptedMessages, changed);
    metrics::add(Counter::DuplicateMessages, batch.count - changed);
    if rows.contains(WITHDRAWN) {
        site.database.run(DROP_WITHDRAWN, vec![rows.into()])?;
    }
    if site.webhooks.has_any() {
        site.database.run(&SCHEDULE_EVENTS, vec![rows.into(), now_ms().into()])?;
    }
    Ok(())
}

/// Form of a withdrawn answer in a row: a null in the JSON text of a cell.
const WITHDRAWN: &str = r#"\":null"#;

/// Drops answers that were taken back before the first of their messages came. Of a stored response
/// the merge removes them.
const DROP_WITHDRAWN: &str = "UPDATE response SET answers = nullif(json_patch('{}', answers), '{}') \
    WHERE answers LIKE '%:null%' AND id IN (SELECT unhex(value ->> 0) FROM json_each(?1))";

/// Stores contact details; the latest ones count, and an empty one removes them.
static UPSERT_CONTACTS: LazyLock<String> = LazyLock::new(|| {
    statement(
        "value",
        "INSERT INTO contact (id, contact, at) \
    SELECT unhex({id}), {contact}, ?2 FROM json_each(?1) WHERE {contact} IS NOT NULL \
      AND NOT EXISTS (SELECT 1 FROM response WHERE id = unhex({id}) AND channel = 'import') \
    ON CONFLICT (id) DO UPDATE SET contact = excluded.contact WHERE contact <> excluded.contact",
    )
});

/// The id of a response is the first cell of its row.
const DROP_EMPTY_CONTACTS: &str = "DELETE FROM contact \
    WHERE contact = '' AND id IN (SELECT unhex(value ->> 0) FROM json_each(?1))";

/// Schedules the webhook events of responses: ten seconds after a comment, or forty after a score,
/// so that one event has both. An event that was sent is not sent again, unless a promoter has
/// agreed to be named since (see `webhooks::events`).
static SCHEDULE_EVENTS: LazyLock<String> = LazyLock::new(|| {
    let is_promoter = category::is_sql(Category::Promoter, "response.");
    let template = "INSERT INTO due (kind, subject, at) \
    SELECT 'response', lower({id}), ?2 + iif({comment} IS NULL, 40000, 10000) \
    FROM json_each(?1) JOIN response ON response.id = unhex({id}) \
    WHERE ({score} IS NOT NULL OR {comment} IS NOT NULL OR {consents} IS NOT NULL) \
      AND channel <> 'import' AND response.mark IS NULL \
      AND (told & 1 = 0 OR (told & 2 = 0 AND response.consents IS NOT NULL AND {is_promoter})) \
    ON CONFLICT (kind, subject) DO UPDATE SET at = min(at, excluded.at)";
    statement("value", &template.replace("{is_promoter}", &is_promoter))
});
