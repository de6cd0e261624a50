//! Storing answers.
//!
//! **Group commit.** Each commit waits for the disk, so answers that come in meanwhile go in together: the first
//! caller of a batch waits one turn of the event loop, takes whatever has gathered, stores it in one statement, and
//! tells every caller how it went. Should the batch fail, each caller's part is stored alone, so that one bad part
//! cannot take others with it.
//!
//! **Merging.** A row gains facts and loses none. Of two scores for one showing the one with the later `elapsed_ms` stays,
//! and so of two comments: whatever order they come in, these end the same. Of language, page, user and a property's
//! value, which do not change during a showing, the first stays.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use futures_channel::oneshot;
use nps::Elapsed;
use nps::import::Answer;
use nps::{Message, ResponseId};
use serde_json::{Value, json};
use worker::{Delay, Response};

use super::settings::Settings;
use super::{Inner, now};
use crate::reply::{self, Outcome, Problem};

/// How far the time in an id may be from ours and still be taken: the message was on its way, the clocks differ.
const BEHIND_MS: i64 = 10 * 60_000;
const AHEAD_MS: i64 = 60_000;
/// SQLite in an object takes values of 2 MB; a batch stays well below.
const BATCH_BYTES: usize = 1_000_000;

/// Answers on their way to the disk.
#[derive(Default)]
pub struct Commits {
    waiting: RefCell<Vec<Waiting>>,
    gathering: Cell<bool>,
}

struct Waiting {
    rows: Vec<String>,
    done: oneshot::Sender<bool>,
}

/// The one who gathers; whatever becomes of it, the next may gather again.
struct Gathering<'a>(&'a Cell<bool>);

impl Drop for Gathering<'_> {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

impl Inner {
    /// Stores messages of a page; answers when they are with the database, whose disk the runtime waits for.
    pub async fn ingest(&self, settings: &Settings, messages: Vec<Message>) -> Outcome<()> {
        let arrived = now();
        let rows = messages.into_iter().map(|message| row(settings, message, arrived)).collect();
        let (done, stored) = oneshot::channel();
        self.commits.waiting.borrow_mut().push(Waiting { rows, done });
        if !self.commits.gathering.replace(true) {
            let gathering = Gathering(&self.commits.gathering);
            Delay::from(Duration::ZERO).await;
            drop(gathering);
            self.commit(self.commits.waiting.take());
        }
        // Cancelled: whoever gathered is gone, and with it what it held.
        if stored.await.unwrap_or(false) { Ok(()) } else { Err(Problem::busy()) }
    }

    fn commit(&self, mut waiting: Vec<Waiting>) {
        while !waiting.is_empty() {
            let mut bytes = 0;
            let fits = waiting.iter().take_while(|part| {
                bytes += part.rows.iter().map(|row| row.len() + 1).sum::<usize>();
                bytes <= BATCH_BYTES
            });
            let later = waiting.split_off(fits.count().max(1));
            let rows: Vec<&str> = waiting.iter().flat_map(|part| &part.rows).map(String::as_str).collect();
            let together = self.merge(&rows).is_ok();
            for Waiting { rows, done } in std::mem::replace(&mut waiting, later) {
                let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
                // A caller who is gone needs no answer.
                let _ = done.send(together || self.merge(&rows).is_ok());
            }
        }
    }

    /// Stores rows in one statement: all of them, or none and an error.
    fn merge(&self, rows: &[&str]) -> Outcome<u64> {
        let batch = format!("[{}]", rows.join(","));
        self.database.run(MERGE, vec![batch.into()])
    }

    /// Stores a page of an import, in as few statements as its size allows. Should one fail, the same page again completes
    /// it.
    pub fn import(&self, body: &str) -> Outcome<Response> {
        let settings = self.settings()?;
        let answers: Vec<Answer> = serde_json::from_str(body).map_err(Problem::internal)?;
        let ids: Vec<String> = answers.iter().map(|answer| hex(answer.message.id)).collect();
        let new = "SELECT json_array(count(DISTINCT unhex(given.value))) FROM json_each(?) AS given
            LEFT JOIN response ON response.id = unhex(given.value) WHERE response.id IS NULL";
        let total = ids.len() as u64;
        let ids = serde_json::to_string(&ids).map_err(Problem::internal)?;
        let [new]: [u64; 1] = self.database.json(new, vec![ids.into()])?;
        let rows: Vec<String> = answers.into_iter().map(|answer| imported(&settings, answer)).collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let mut from = 0;
        while let Some(rest) = rows.get(from..).filter(|rest| !rest.is_empty()) {
            let mut bytes = 0;
            let fits = rest.iter().take_while(|row| {
                bytes += row.len() + 1;
                bytes <= BATCH_BYTES
            });
            let until = from + fits.count().max(1);
            self.merge(rows.get(from..until).unwrap_or(rest)).map_err(|_| Problem::busy())?;
            from = until;
        }
        reply::json(200, &json!({ "stored": new, "already_there": total.saturating_sub(new) }))
    }
}

/// A message from a page as a row. Whatever a page says about a showing, the survey was shown.
fn row(settings: &Settings, message: Message, arrived: i64) -> String {
    let own = message.id.unix_ms().and_then(|ms| i64::try_from(ms).ok());
    let at = own.filter(|own| (arrived - BEHIND_MS..=arrived + AHEAD_MS).contains(own)).unwrap_or(arrived);
    cells(settings, message, at, "page", true)
}

/// An answer from another tool as a row. Nothing is known of its showing, so it has no part in the response rate.
fn imported(settings: &Settings, answer: Answer) -> String {
    cells(settings, answer.message, answer.at, "import", false)
}

/// A row as the statement reads it: one JSON array, in the order of the columns.
fn cells(settings: &Settings, message: Message, at: i64, channel: &str, shown: bool) -> String {
    let timed = message.id.unix_ms().and_then(|ms| i64::try_from(ms).ok()) == Some(at);
    let score_ms = message.score.and(message.elapsed_ms);
    let comment_ms = message.comment.as_ref().and(message.elapsed_ms);
    let properties = match serde_json::to_string(&message.properties) {
        Ok(properties) if !message.properties.is_empty() => Value::String(properties),
        _ => Value::Null,
    };
    let variant = message.variant.unwrap_or_else(|| settings.survey.variant.clone());
    json!([
        hex(message.id),
        at,
        u8::from(timed),
        settings.zone.day_of(at).number(),
        variant,
        channel,
        message.score,
        score_ms,
        score_ms.map(Elapsed::bucket_of),
        message.comment,
        comment_ms,
        u8::from(shown),
        u8::from(message.dismissed),
        message.lang,
        message.page,
        message.user,
        properties,
    ])
    .to_string()
}

fn hex(id: ResponseId) -> String {
    id.bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

// The statement below counts to this.
const _: () = assert!(nps::message::MAX_PROPERTIES == 20);

/// One statement for any number of rows. Where nothing would change, nothing is written. A score or comment with an
/// `elapsed_ms` beats one without, so a bare retry cannot undo a later choice.
const MERGE: &str = "
INSERT INTO response (id, at, timed, day, variant, channel, score, score_ms, bucket, comment, comment_ms, shown, dismissed,
                      lang, page, user, properties)
SELECT unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7,
       value ->> 8, value ->> 9, value ->> 10, value ->> 11, value ->> 12, value ->> 13, value ->> 14, value ->> 15,
       value ->> 16
FROM json_each(?) WHERE true
ON CONFLICT (id) DO UPDATE SET
    score_ms = CASE WHEN excluded.score IS NOT NULL AND (score IS NULL OR ifnull(excluded.score_ms, -1) >= ifnull(score_ms, -1))
               THEN excluded.score_ms ELSE score_ms END,
    bucket = CASE WHEN excluded.score IS NOT NULL AND (score IS NULL OR ifnull(excluded.score_ms, -1) >= ifnull(score_ms, -1))
             THEN excluded.bucket ELSE bucket END,
    score = CASE WHEN excluded.score IS NOT NULL AND (score IS NULL OR ifnull(excluded.score_ms, -1) >= ifnull(score_ms, -1))
            THEN excluded.score ELSE score END,
    comment_ms = CASE WHEN excluded.comment IS NOT NULL AND (comment IS NULL OR ifnull(excluded.comment_ms, -1) >= ifnull(comment_ms, -1))
                 THEN excluded.comment_ms ELSE comment_ms END,
    comment = CASE WHEN excluded.comment IS NOT NULL AND (comment IS NULL OR ifnull(excluded.comment_ms, -1) >= ifnull(comment_ms, -1))
              THEN excluded.comment ELSE comment END,
    shown = max(shown, excluded.shown),
    dismissed = max(dismissed, excluded.dismissed),
    lang = ifnull(lang, excluded.lang),
    page = ifnull(page, excluded.page),
    user = ifnull(user, excluded.user),
    properties = CASE WHEN excluded.properties IS NULL THEN properties WHEN properties IS NULL THEN excluded.properties
                 WHEN (SELECT count(*) FROM json_each(json_patch(excluded.properties, properties))) > 20 THEN properties
                 ELSE json_patch(excluded.properties, properties) END
WHERE (excluded.score IS NOT NULL AND (score IS NULL OR ifnull(excluded.score_ms, -1) >= ifnull(score_ms, -1))
       AND (excluded.score, excluded.score_ms) IS NOT (score, score_ms))
   OR (excluded.comment IS NOT NULL AND (comment IS NULL OR ifnull(excluded.comment_ms, -1) >= ifnull(comment_ms, -1))
       AND (excluded.comment, excluded.comment_ms) IS NOT (comment, comment_ms))
   OR excluded.shown > shown
   OR excluded.dismissed > dismissed
   OR (lang IS NULL AND excluded.lang IS NOT NULL)
   OR (page IS NULL AND excluded.page IS NOT NULL)
   OR (user IS NULL AND excluded.user IS NOT NULL)
   OR (excluded.properties IS NOT NULL
       AND (properties IS NULL
            OR (json_patch(excluded.properties, properties) IS NOT properties
                AND (SELECT count(*) FROM json_each(json_patch(excluded.properties, properties))) <= 20)))";
