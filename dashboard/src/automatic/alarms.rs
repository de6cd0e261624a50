//! Notes on a tag or a webhook that has stopped working.

use api::Day;

use super::{AutomaticNote, NoteKey};
use crate::format;
use crate::model::{Usage, Webhook};

const DAY_MS: f64 = api::day::DAY_MS as f64;
/// Time without the tag after which the page asks about it.
const SILENT_MS: f64 = 3.0 * DAY_MS;
/// Reason of a pause that the owner knows.
const OWN_PAUSE: &str = "Paused by the owner.";

/// Returns what to look at, since it has stopped. `time` reads a time of the API as milliseconds.
pub fn alarms(
    usage: &Usage,
    webhooks: &[Webhook],
    now: f64,
    time: impl Fn(&str) -> f64,
) -> Vec<AutomaticNote> {
    let day = |ms: f64| Day::new((ms / DAY_MS).floor() as i32);
    let tag = usage.tag.first().and_then(|tag| {
        let seen = time(&tag.last_seen_at);
        let host = tag.origin.split("://").last().unwrap_or_default();
        (now - seen > SILENT_MS).then(|| AutomaticNote {
            key: NoteKey::tag(&tag.last_seen_at),
            day: day(seen),
            text: format!(
                "The tag was last seen {}, on {host}. Is it still on the page?",
                format::ago(seen, now)
            ),
        })
    });
    let paused = webhooks.iter().filter_map(|webhook| {
        let reason = webhook.paused_why.as_deref().filter(|why| *why != OWN_PAUSE)?;
        let host = webhook.url.split('/').nth(2).unwrap_or_default();
        let name = webhook.name.as_deref().filter(|name| !name.is_empty()).unwrap_or(host);
        let paused_at = webhook.paused_at.as_deref()?;
        Some(AutomaticNote {
            key: NoteKey::webhook(&webhook.id, paused_at),
            day: day(time(paused_at)),
            text: format!("The webhook “{name}” is paused: {}", format::lower_first(reason)),
        })
    });
    tag.into_iter().chain(paused).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::FromJson;

    #[test]
    fn what_has_stopped_is_named() {
        let usage = |seen: &str| -> Usage {
            FromJson::from_json(&json!({ "tag": [
                { "origin": "https://shop.example", "last_seen_at": seen, "listed": true },
            ] }))
            .unwrap()
        };
        let webhook = |name: Option<&str>, why: Option<&str>| -> Webhook {
            FromJson::from_json(&json!({
                "id": "w", "name": name, "url": "https://hooks.example/a", "paused_at": "5", "paused_why": why,
            }))
            .unwrap()
        };
        let time = |text: &str| text.parse().unwrap();
        let now = 10.0 * DAY_MS;
        let late = format!("{}", now - 4.0 * DAY_MS);
        let webhooks = [
            webhook(Some("Slack"), Some("Deliveries failed for three days.")),
            webhook(None, Some("The receiver responded with 410.")),
            webhook(Some("Old"), Some(OWN_PAUSE)),
            webhook(Some("Good"), None),
        ];
        let found = alarms(&usage(&late), &webhooks, now, time);
        let texts: Vec<&str> = found.iter().map(|note| note.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "The tag was last seen 4 days ago, on shop.example. Is it still on the page?",
                "The webhook “Slack” is paused: deliveries failed for three days.",
                "The webhook “hooks.example” is paused: the receiver responded with 410.",
            ]
        );
        assert_eq!([&found[0].key, &found[1].key], [&NoteKey::tag(&late), &NoteKey::webhook("w", "5")]);
        assert_eq!(alarms(&usage(&format!("{now}")), &[], now, time), []);
    }
}
