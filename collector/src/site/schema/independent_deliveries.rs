//! Step to deliveries that are independent of each other: each has its own schedule of retries.

use crate::http::ApiResult;
use crate::site::database::Database;

/// Adds what a delivery and its webhook need. Of rows only those of webhooks change, of which a
/// site has at most 20, and the delivery that each of them was trying. The others that wait behind
/// it are due by the default of `next`.
pub fn run(database: &Database) -> ApiResult<()> {
    for statement in STATEMENTS {
        database.run(statement, vec![])?;
    }
    Ok(())
}

const STATEMENTS: [&str; 14] = [
    // Time of the first failure since the last success.
    "ALTER TABLE webhook ADD COLUMN failing_since INTEGER",
    // Time until which the receiver wants no requests.
    "ALTER TABLE webhook ADD COLUMN held_until INTEGER",
    "ALTER TABLE webhook ADD COLUMN paused_by TEXT",
    // `state` is pending, sending, delivered, failed or summarized. `next` is the time of the next
    // attempt; while sending, the time at which the attempt counts as lost.
    "ALTER TABLE delivery ADD COLUMN next INTEGER NOT NULL DEFAULT 0",
    // Number of attempts since the event or the last replay.
    "ALTER TABLE delivery ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0",
    // Category of the response; null for other events.
    "ALTER TABLE delivery ADD COLUMN category TEXT",
    // 1 for the test of a paused webhook.
    "ALTER TABLE delivery ADD COLUMN probe INTEGER NOT NULL DEFAULT 0",
    // Delivery of the summary that counts this one.
    "ALTER TABLE delivery ADD COLUMN summary INTEGER",
    // Why it is failed or summarized.
    "ALTER TABLE delivery ADD COLUMN reason TEXT",
    // Has all columns that choose the next delivery, so that no body is read for it.
    "CREATE INDEX delivery_queue ON delivery (webhook, next, state, attempts, category, event, probe) \
        WHERE state IN ('pending', 'sending')",
    "UPDATE delivery SET \
        attempts = (SELECT failures FROM webhook WHERE id = delivery.webhook), \
        next = ifnull((SELECT at FROM due WHERE kind = 'webhook' AND subject = delivery.webhook), 0) \
     WHERE id IN (SELECT (SELECT min(id) FROM delivery AS d WHERE d.webhook = webhook.id AND state = 'pending') \
        FROM webhook WHERE failures > 0)",
    "UPDATE webhook SET failing_since = (SELECT min(at) FROM attempt WHERE delivery = \
        (SELECT min(id) FROM delivery AS d WHERE d.webhook = webhook.id AND state = 'pending')) \
     WHERE failures > 0",
    "UPDATE webhook SET paused_by = CASE \
        WHEN paused_why = 'Paused by the owner.' THEN 'owner' \
        WHEN paused_why LIKE '%410 Gone%' THEN 'receiver' \
        ELSE 'collector' END \
     WHERE paused IS NOT NULL",
    // What waited behind a failure goes out now.
    "UPDATE due SET at = 0 WHERE kind = 'webhook'",
];
