//! Storing answers.
//!
//! **Group commit.** Each commit waits for the disk, so answers that come in meanwhile go in together: the first
//! caller of a batch waits one turn of the event loop, takes whatever has gathered, stores it in one statement, and
//! tells every caller how it went. Should the batch fail, each caller's part is stored alone, so that one bad part
//! cannot take others with it.
//!
//! **Merging.** A row gains facts and loses none. Of two scores for one showing the one with the later `elapsed_ms` stays,
//! and so of two comments: whatever order they come in, these end the same. Of language, page, user and a property's
//! value, which do not change during a showing, the first stays. Consents add up, and of an answer to a follow-up the last stays.
//! Many messages add up to no more properties and answers than one may have, so a row has an end.
//!
//! **Imported responses** are changed by their owner only. The id of one is often a digest of its line, without a key, so that
//! the same file counts once. Anybody who knows or guesses the line can work it out.
//! - A message under such an id changes nothing: not the row, not the contact, and no webhook is told. Its sender reads `stored`, as
//!   for any message that comes again. To refuse it would tell strangers which lines were imported, and no browser shows the
//!   survey under such an id.
//! - Where a message was first, the import replaces what it left.
//!
//! **How to reach a person** goes to a table of its own, just before the response: should that then fail, the message is not
//! acknowledged and comes again.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use futures_channel::oneshot;
use serde_json::json;
use worker::{Delay, Response, SqlStorageValue};

use super::Inner;
use super::asked::Asked;
use super::clock::now;
use crate::reply::{self, Outcome, Problem};

/// SQLite in an object takes values of 2 MB; a batch stays well below.
const BATCH_BYTES: usize = 1_000_000;

/// Answers on their way to the disk.
#[derive(Default)]
pub struct Commits {
    waiting: RefCell<Vec<Waiting>>,
    gathering: Cell<bool>,
}

/// The rows of one caller, with commas between.
struct Waiting {
    rows: String,
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
    /// Takes messages of a page; answers when they are with the database, whose disk the runtime waits for.
    pub async fn ingest(&self, asked: &Asked) -> Outcome<Response> {
        let settings = self.settings()?;
        if let Some(foreign) = asked.origin.as_ref().filter(|origin| !settings.admits(origin)) {
            return Err(Problem::foreign_origin(foreign));
        }
        self.limit_visitor(asked, asked.count)?;
        if asked.contacts {
            self.database.run(CONTACTS, vec![asked.body.as_str().into(), now().into()])?;
        }
        let (done, stored) = oneshot::channel();
        self.commits.waiting.borrow_mut().push(Waiting { rows: bare(&asked.body).to_owned(), done });
        if !self.commits.gathering.replace(true) {
            let gathering = Gathering(&self.commits.gathering);
            Delay::from(Duration::ZERO).await;
            drop(gathering);
            self.commit(self.commits.waiting.take());
        }
        // Cancelled: whoever gathered is gone, and with it what it held.
        if !stored.await.unwrap_or(false) {
            return Err(Problem::busy());
        }
        if self.hears() {
            self.database.run(TELL, vec![asked.body.as_str().into(), now().into()])?;
            self.arm_overdue()?;
            self.arm().await?;
        }
        // The hottest answer of all; the Worker in front knows what to say.
        Ok(Response::empty()?)
    }

    fn commit(&self, mut waiting: Vec<Waiting>) {
        while !waiting.is_empty() {
            let mut bytes = 0;
            let fits = waiting.iter().take_while(|part| {
                bytes += part.rows.len() + 1;
                bytes <= BATCH_BYTES
            });
            let later = waiting.split_off(fits.count().max(1));
            let rows: Vec<&str> = waiting.iter().map(|part| part.rows.as_str()).collect();
            let together = self.merge(&rows.join(",")).is_ok();
            for Waiting { rows, done } in std::mem::replace(&mut waiting, later) {
                // A caller who is gone needs no answer.
                let _ = done.send(together || self.merge(&rows).is_ok());
            }
        }
    }

    /// Stores rows in one statement: all of them, or none and an error.
    fn merge(&self, rows: &str) -> Outcome<u64> {
        let (settings, now) = (self.settings()?, now());
        let (change, before, after) = settings.zone.around(now);
        let values: Vec<SqlStorageValue> = vec![
            format!("[{rows}]").into(),
            now.into(),
            settings.survey.variant.as_str().into(),
            change.into(),
            before.into(),
            after.into(),
        ];
        self.database.run(MERGE, values)
    }

    /// Stores a page of an import, whose local days are of that zone. Should it fail, the same page again completes it.
    pub fn import(&self, zone: &str, body: &str) -> Outcome<Response> {
        // Days of another zone would stay wrong where the moving of days has already passed.
        if zone != self.settings()?.zone.name() {
            let detail = "The site's time zone was changed while this file was read. Send the file again; what is stored counts once.";
            return Err(Problem::conflict(detail));
        }
        self.replace_strangers(body)?;
        let new = "SELECT json_array(count(*), count(DISTINCT unhex(value ->> 0)) FILTER (WHERE response.id IS NULL))
            FROM json_each(?) LEFT JOIN response ON response.id = unhex(value ->> 0)";
        let [total, new]: [u64; 2] = self.database.json(new, vec![body.into()])?;
        self.merge(bare(body)).map_err(|_| Problem::busy())?;
        reply::json(200, &json!({ "stored": new, "already_there": total.saturating_sub(new) }))
    }
}

impl Inner {
    /// Erases what strangers have stored under the ids of imported answers. What an import stored before stays.
    fn replace_strangers(&self, body: &str) -> Outcome<()> {
        self.database.run(STRANGE_CONTACTS, vec![body.into()])?;
        let strangers: Vec<String> = self.database.json(STRANGERS, vec![body.into()])?;
        if strangers.is_empty() { Ok(()) } else { self.erase_all(&strangers) }
    }
}

/// An array without its brackets.
fn bare(array: &str) -> &str {
    array.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(array)
}

/// How people can be reached; the later word counts.
const CONTACTS: &str = "INSERT INTO contact (id, contact, at)
    SELECT unhex(value ->> 0), value ->> 20, ?2 FROM json_each(?1) WHERE value ->> 20 IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM response WHERE id = unhex(value ->> 0) AND channel = 'import')
    ON CONFLICT (id) DO UPDATE SET contact = excluded.contact WHERE contact <> excluded.contact";

/// Responses that did not come by an import and have the id of an answer that does; see `row::Stranger`.
const STRANGERS: &str = "SELECT json_group_array(lower(hex(response.id)))
    FROM json_each(?) JOIN response ON response.id = unhex(value ->> 0)
    WHERE channel <> 'import' AND (value ->> 21 = 1 OR (value ->> 21 = 2 AND at <> value ->> 2))";

/// A contact may be there before its response. One that goes with a digest of a line is nobody's.
const STRANGE_CONTACTS: &str = "DELETE FROM contact
    WHERE id IN (SELECT unhex(value ->> 0) FROM json_each(?) WHERE value ->> 21 = 1)";

/// Plans to tell webhooks of an answer: ten seconds after its comment, or forty after its score, so that both are told at once.
/// What has been told is not told again, unless a promoter has agreed to be named since (see `webhooks::events`).
const TELL: &str = "INSERT INTO due (kind, subject, at)
    SELECT 'response', lower(value ->> 0), ?2 + iif(value ->> 9 IS NULL, 40000, 10000)
    FROM json_each(?1) JOIN response ON response.id = unhex(value ->> 0)
    WHERE (value ->> 6 IS NOT NULL OR value ->> 9 IS NOT NULL OR value ->> 18 IS NOT NULL)
      AND channel <> 'import'
      AND (told & 1 = 0 OR (told & 2 = 0 AND consents IS NOT NULL AND score >= 9))
    ON CONFLICT (kind, subject) DO UPDATE SET at = min(at, excluded.at)";

/// One statement for any number of rows. Where nothing would change, nothing is written. A score or comment with an
/// `elapsed_ms` beats one without, so a bare retry cannot undo a later choice.
///
/// An id of version 7 dates its response where its time is at most ten minutes behind and one minute ahead of ours: the message was on
/// its way, the clocks differ. Its local day comes from the two offsets around the nearest change of the site's clock.
///
/// Numbers come from JavaScript as REAL, hence the CAST. The row is taken from its text once (`jsonb`), and not for each of its cells.
const MERGE: &str = "
INSERT INTO response (id, at, timed, day, variant, channel, score, score_ms, bucket, comment, comment_ms, shown, dismissed,
                      lang, page, user, properties, answers, consents, number)
SELECT unhex(v ->> 0), at, at IS v ->> 1, ifnull(v ->> 3, CAST((at + iif(at < ?4, ?5, ?6) * 1000) / 86400000 AS INTEGER)),
       ifnull(v ->> 4, ?3), v ->> 5, v ->> 6, v ->> 7, v ->> 8, v ->> 9, v ->> 10, v ->> 11, v ->> 12, v ->> 13, v ->> 14,
       v ->> 15, v ->> 16, v ->> 17, v ->> 18, v ->> 19
FROM (SELECT v, ifnull(v ->> 2, iif(v ->> 1 BETWEEN ?2 - 600000 AND ?2 + 60000, v ->> 1, ?2)) AS at
      FROM (SELECT jsonb(value) AS v FROM json_each(?1) LIMIT -1) LIMIT -1) WHERE true
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
                 ELSE json_patch(excluded.properties, properties) END,
    answers = CASE WHEN excluded.answers IS NULL THEN answers
              WHEN (SELECT count(*) FROM json_each(json_patch(ifnull(answers, '{}'), excluded.answers))) > 5 THEN answers
              ELSE json_patch(ifnull(answers, '{}'), excluded.answers) END,
    consents = CASE WHEN excluded.consents IS NULL THEN consents ELSE (
        SELECT json_group_array(word) FROM (
            SELECT value AS word FROM json_each(ifnull(consents, '[]')) UNION SELECT value FROM json_each(excluded.consents))) END
WHERE (channel <> 'import' OR excluded.channel = 'import') AND (
      (excluded.score IS NOT NULL AND (score IS NULL OR ifnull(excluded.score_ms, -1) >= ifnull(score_ms, -1))
       AND (excluded.score, excluded.score_ms) IS NOT (score, score_ms))
   OR (excluded.comment IS NOT NULL AND (comment IS NULL OR ifnull(excluded.comment_ms, -1) >= ifnull(comment_ms, -1))
       AND (excluded.comment, excluded.comment_ms) IS NOT (comment, comment_ms))
   OR excluded.shown > shown
   OR excluded.dismissed > dismissed
   OR (lang IS NULL AND excluded.lang IS NOT NULL)
   OR (page IS NULL AND excluded.page IS NOT NULL)
   OR (user IS NULL AND excluded.user IS NOT NULL)
   OR (excluded.answers IS NOT NULL AND json_patch(ifnull(answers, '{}'), excluded.answers) IS NOT answers
       AND (SELECT count(*) FROM json_each(json_patch(ifnull(answers, '{}'), excluded.answers))) <= 5)
   OR EXISTS (SELECT value FROM json_each(excluded.consents) EXCEPT SELECT value FROM json_each(consents))
   OR (excluded.properties IS NOT NULL
       AND (properties IS NULL
            OR (json_patch(excluded.properties, properties) IS NOT properties
                AND (SELECT count(*) FROM json_each(json_patch(excluded.properties, properties))) <= 20))))";

// The statement above counts to these.
const _: () = assert!(api::limits::MAX_PROPERTIES == 20 && api::limits::MAX_ANSWERS == 5);
