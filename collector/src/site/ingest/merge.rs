//! Merging rows into the table of responses.
//!
//! A response gains facts and loses none. Of two scores of one impression the score with the later
//! `elapsed_ms` stays, and so of two comments: in whatever order they come, the result is the same.
//! Language, page, user and the value of a property do not change during an impression, so the
//! first value stays. Consents add up, and of the answers to a follow-up the last stays. Many
//! messages add up to no more properties and answers than one message may have, so a row has an
//! end.

use std::sync::LazyLock;

use api::limits::{MAX_ANSWERS, MAX_PROPERTIES};

use super::wire_row::WireRow;
use crate::http::ApiResult;
use crate::site::clock::now_ms;
use crate::site::state::SiteState;

/// Stores rows, with commas between, in one statement: all of them, or none and an error.
pub fn merge(site: &SiteState, rows: &str) -> ApiResult<u64> {
    let (settings, now_ms) = (site.settings()?, now_ms());
    let (change, before, after) = settings.zone.around(now_ms);
    let values = vec![
        format!("[{rows}]").into(),
        now_ms.into(),
        settings.survey.variant.as_str().into(),
        change.into(),
        before.into(),
        after.into(),
    ];
    site.database.run(&MERGE, values)
}

/// Inserts or updates any number of rows in one statement. Where nothing would change, nothing is
/// written. A score or comment with an `elapsed_ms` beats one without, so a bare retry cannot undo
/// a later choice.
///
/// An id of version 7 dates its response where its time is at most ten minutes behind and one
/// minute ahead of ours: the message was on its way, and clocks differ. The local day comes from
/// the two offsets around the nearest change of the site's clock.
///
/// Numbers come from JavaScript as REAL, hence the CAST. A row is parsed once (`jsonb`) instead of
/// once for each of its cells.
static MERGE: LazyLock<String> = LazyLock::new(|| {
    let conditions = [
        ("{newer_score}", NEWER_SCORE),
        ("{newer_comment}", NEWER_COMMENT),
        ("{merged_properties}", MERGED_PROPERTIES),
        ("{merged_answers}", MERGED_ANSWERS),
    ];
    let template = conditions
        .into_iter()
        .fold(MERGE_TEMPLATE.to_owned(), |template, (name, sql)| template.replace(name, sql));
    WireRow::statement("v", &template)
});

/// Whether the message has a score that beats the stored score.
const NEWER_SCORE: &str = "excluded.score IS NOT NULL
        AND (score IS NULL OR ifnull(excluded.score_ms, -1) >= ifnull(score_ms, -1))";
/// Whether the message has a comment that beats the stored comment.
const NEWER_COMMENT: &str = "excluded.comment IS NOT NULL
        AND (comment IS NULL OR ifnull(excluded.comment_ms, -1) >= ifnull(comment_ms, -1))";
const MERGED_PROPERTIES: &str = "json_patch(excluded.properties, properties)";
const MERGED_ANSWERS: &str = "json_patch(ifnull(answers, '{}'), excluded.answers)";

const MERGE_TEMPLATE: &str = "
INSERT INTO response (
    id, at, timed, day, variant, channel,
    score, score_ms, bucket, comment, comment_ms, shown, dismissed,
    lang, page, user, properties, answers, consents, number)
SELECT
    unhex({id}), at, at IS {id_time},
    ifnull({day}, CAST((at + iif(at < ?4, ?5, ?6) * 1000) / 86400000 AS INTEGER)),
    ifnull({variant}, ?3), {channel},
    {score}, {score_ms}, {bucket}, {comment}, {comment_ms}, {shown}, {dismissed},
    {lang}, {page}, {user}, {properties}, {answers}, {consents}, {search_rowid}
FROM (SELECT v, ifnull({at}, iif({id_time} BETWEEN ?2 - 600000 AND ?2 + 60000, {id_time}, ?2)) AS at
      FROM (SELECT jsonb(value) AS v FROM json_each(?1) LIMIT -1) LIMIT -1) WHERE true
ON CONFLICT (id) DO UPDATE SET
    score_ms = CASE WHEN {newer_score} THEN excluded.score_ms ELSE score_ms END,
    bucket = CASE WHEN {newer_score} THEN excluded.bucket ELSE bucket END,
    score = CASE WHEN {newer_score} THEN excluded.score ELSE score END,
    comment_ms = CASE WHEN {newer_comment} THEN excluded.comment_ms ELSE comment_ms END,
    comment = CASE WHEN {newer_comment} THEN excluded.comment ELSE comment END,
    shown = max(shown, excluded.shown),
    dismissed = max(dismissed, excluded.dismissed),
    lang = ifnull(lang, excluded.lang),
    page = ifnull(page, excluded.page),
    user = ifnull(user, excluded.user),
    properties = CASE
        WHEN excluded.properties IS NULL THEN properties
        WHEN properties IS NULL THEN excluded.properties
        WHEN (SELECT count(*) FROM json_each({merged_properties})) > 20 THEN properties
        ELSE {merged_properties} END,
    answers = CASE
        WHEN excluded.answers IS NULL THEN answers
        WHEN (SELECT count(*) FROM json_each({merged_answers})) > 5 THEN answers
        ELSE {merged_answers} END,
    consents = CASE WHEN excluded.consents IS NULL THEN consents ELSE (
        SELECT json_group_array(word) FROM (
            SELECT value AS word FROM json_each(ifnull(consents, '[]'))
            UNION SELECT value FROM json_each(excluded.consents))) END
WHERE (channel <> 'import' OR excluded.channel = 'import') AND (
      ({newer_score} AND (excluded.score, excluded.score_ms) IS NOT (score, score_ms))
   OR ({newer_comment} AND (excluded.comment, excluded.comment_ms) IS NOT (comment, comment_ms))
   OR excluded.shown > shown
   OR excluded.dismissed > dismissed
   OR (lang IS NULL AND excluded.lang IS NOT NULL)
   OR (page IS NULL AND excluded.page IS NOT NULL)
   OR (user IS NULL AND excluded.user IS NOT NULL)
   OR (excluded.answers IS NOT NULL AND {merged_answers} IS NOT answers
       AND (SELECT count(*) FROM json_each({merged_answers})) <= 5)
   OR EXISTS (SELECT value FROM json_each(excluded.consents) EXCEPT SELECT value FROM json_each(consents))
   OR (excluded.properties IS NOT NULL
       AND (properties IS NULL
            OR ({merged_properties} IS NOT properties
                AND (SELECT count(*) FROM json_each({merged_properties})) <= 20))))";

// The statement above has these limits as numbers.
const _: () = assert!(MAX_PROPERTIES == 20 && MAX_ANSWERS == 5);
