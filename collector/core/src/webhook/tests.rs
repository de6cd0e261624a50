//! Whole bodies of messages, in both formats.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::report::{DayTotals, Plan, Rows, Totals};
use api::report::{ScoreQuery, ScoreReport};
use api::{Day, Period};
use nps::Histogram;

/// Sunday, 22 November 2026, 14:30 UTC.
const AT: i64 = 1_795_357_800_000;

fn notice(event: EventPayload<'_>) -> WebhookMessage<'_> {
    WebhookMessage { site: "site1", site_name: "Tea & more", owner_page: None, at_ms: AT, event }
}

fn body(event: EventPayload<'_>, format: Format) -> Value {
    serde_json::from_str(&notice(event).body(format)).unwrap()
}

fn slack(event: EventPayload<'_>) -> Value {
    body(event, Format::Slack)
}

fn response() -> Value {
    json!({
        "id": "01936b3e-7c1d-7a52-b0f3-5d4b0a0f9c11", "at": "2026-11-22T14:30:00.000Z", "score": 3,
        "category": "detractor", "comment": "Late.\n<!channel> & cold", "page": "/shop", "contact": "ann@example.org",
        "consents": ["quote", "reference"], "properties": {},
    })
}

/// The report of the week to 2026-11-22; per week the promoters, passives and detractors.
fn report(now: [u64; 3], before: [u64; 3], variant: &str) -> ScoreReport {
    let day = |text, [promoters, passives, detractors]: [u64; 3]| DayTotals {
        day: Day::parse(text).unwrap(),
        totals: Totals {
            scores: Histogram::from_counts([detractors, 0, 0, 0, 0, 0, 0, passives, 0, 0, promoters]),
            shown: 3 * (promoters + passives + detractors),
            answered: promoters + passives + detractors,
            ..Totals::default()
        },
    };
    let week = Period::last_week(Day::parse("2026-11-23").unwrap());
    let (from, to) = (week.first().to_string(), week.last().to_string());
    let query = [("from", from.as_str()), ("to", to.as_str()), ("compare", "previous")];
    let plan = Plan::new(&ScoreQuery::parse(query.into_iter()).unwrap(), week.last(), None, None).unwrap();
    plan.report(Rows::of_days(vec![day("2026-11-18", now), day("2026-11-11", before)]), "UTC", variant)
}

fn line(now: [u64; 3], before: [u64; 3], variant: &str) -> String {
    Digest { report: &report(now, before, variant) }.line()
}

#[test]
fn messages_about_a_response_link_to_it_on_the_owner_s_page() {
    let (response, report) = (response(), report([1, 0, 0], [0, 0, 0], "standard"));
    let event = EventPayload::Detractor(&response);
    let linked = WebhookMessage { owner_page: Some("https://nps.example/feedback"), ..notice(event) };
    let url = "https://nps.example/feedback/?site=site1&view=comments&range=all\
               &response=01936b3e-7c1d-7a52-b0f3-5d4b0a0f9c11";
    let body: Value = serde_json::from_str(&linked.body(Format::Json)).unwrap();
    assert_eq!(body["url"], url);
    let body: Value = serde_json::from_str(&linked.body(Format::Slack)).unwrap();
    let context = body["blocks"][2]["elements"][0]["text"].as_str().unwrap();
    let link = format!("<{}|Open the response>", url.replace('&', "&amp;"));
    assert!(context.ends_with(&link), "{context}");

    let digest = WebhookMessage { event: EventPayload::Digest(Digest { report: &report }), ..linked };
    let body: Value = serde_json::from_str(&digest.body(Format::Json)).unwrap();
    assert_eq!(body.get("url"), None);
}

#[test]
fn json_payloads_have_type_timestamp_site_and_data() {
    let response = response();
    let site = json!({ "id": "site1", "name": "Tea & more" });
    for (event, word) in [
        (EventPayload::Response(&response), "response.created"),
        (EventPayload::Detractor(&response), "response.detractor"),
        (EventPayload::Promoter(&response), "response.promoter"),
        (EventPayload::CaseOverdue(&response), "case.overdue"),
    ] {
        let expected =
            json!({ "type": word, "timestamp": "2026-11-22T14:30:00.000Z", "site": site, "data": response });
        assert_eq!(body(event, Format::Json), expected);
        let again = EventPayload::of_response(event.event(), &response);
        assert_eq!(again.is_some(), word != "case.overdue");
    }
    let report = report([60, 48, 12], [40, 40, 10], "standard");
    let digest = body(EventPayload::Digest(Digest { report: &report }), Format::Json);
    assert_eq!((&digest["type"], &digest["site"]), (&json!("digest.weekly"), &site));
    assert_eq!(
        digest["data"],
        json!({
            "from": "2026-11-16", "to": "2026-11-22", "line": Digest { report: &report }.line(),
            "report": serde_json::to_value(&report).unwrap(),
        })
    );
}

#[test]
fn slack_messages_show_the_response() {
    let text = |text: &str| json!({ "type": "mrkdwn", "text": text, "verbatim": true });
    assert_eq!(
        slack(EventPayload::Detractor(&response())),
        json!({
            "text": "Tea &amp; more: A detractor responded: 3 of 10",
            "blocks": [
                { "type": "section", "text": text("*A detractor responded: 3 of 10*") },
                { "type": "section", "text": text("> Late.\n> &lt;!channel&gt; &amp; cold") },
                {
                    "type": "context",
                    "elements": [text("Tea &amp; more · Page: /shop · Response ID: 01936b3e-7c1d-7a52-b0f3-5d4b0a0f9c11")],
                },
            ],
            "unfurl_links": false,
            "unfurl_media": false,
        })
    );
}

#[test]
fn headlines_omit_unknown_parts() {
    fn head(event: EventPayload<'_>) -> String {
        slack(event)["text"].as_str().unwrap().replace("Tea &amp; more: ", "")
    }
    assert_eq!(head(EventPayload::Response(&json!({ "score": 10 }))), "A promoter responded: 10 of 10");
    assert_eq!(head(EventPayload::Response(&json!({ "score": 7 }))), "A passive responded: 7 of 10");
    assert_eq!(head(EventPayload::Response(&json!({ "score": 11 }))), "Somebody responded without a score");
    assert_eq!(head(EventPayload::Response(&Value::Null)), "Somebody responded without a score");
    for (consents, expected) in [
        (json!(["quote"]), "A promoter agreed to be quoted: 9 of 10"),
        (json!(["reference"]), "A promoter agreed to give a reference: 9 of 10"),
        (json!(["quote", "reference"]), "A promoter agreed to be quoted and to give a reference: 9 of 10"),
        (json!(["publish"]), "A promoter responded: 9 of 10"),
        (json!(null), "A promoter responded: 9 of 10"),
    ] {
        assert_eq!(head(EventPayload::Promoter(&json!({ "score": 9, "consents": consents }))), expected);
    }
    for case in [
        json!({ "id": "r1", "due_at": "2026-11-21", "score": 3, "comment": "Late" }),
        json!({ "id": "c1", "due_at": "2026-11-21", "response": { "id": "r1", "score": 3, "comment": "Late" } }),
        json!({ "id": "c1", "due_at": "2026-11-21", "response": "r1", "score": 3, "comment": "Late" }),
    ] {
        let case = slack(EventPayload::CaseOverdue(&case));
        assert_eq!(case["text"], "Tea &amp; more: A case is overdue since 2026-11-21: 3 of 10");
        assert_eq!(case["blocks"][1]["text"]["text"], "> Late");
        assert_eq!(case["blocks"][2]["elements"][0]["text"], "Tea &amp; more · Response ID: r1");
    }
    assert_eq!(head(EventPayload::CaseOverdue(&json!({}))), "A case is overdue");
}

#[test]
fn the_digest_line_matches_the_report() {
    assert_eq!(
        line([60, 48, 12], [40, 40, 10], "standard"),
        "Last week: NPS 40 (between 27 and 51), 120 responses, response rate 33 %. The week before: 33. \
         The difference is not significant."
    );
    assert_eq!(
        line([0, 0, 100], [100, 0, 0], "stay"),
        "Last week: Score −100 (between −100 and −93), 100 responses, response rate 33 %. The week before: 100. \
         The difference is significant."
    );
    assert_eq!(line([0; 3], [0; 3], "standard"), "No responses last week. No responses in the week before.");
    assert_eq!(line([0; 3], [1, 0, 0], "standard"), "No responses last week. The week before: 100.");
    assert_eq!(
        line([0, 1, 0], [0; 3], "standard"),
        "Last week: NPS 0 (between −60 and 60), 1 response, response rate 33 %. Fewer than 30 responses are a low sample: \
         the score may be far off. No responses in the week before."
    );
    let week = slack(EventPayload::Digest(Digest { report: &report([60, 48, 12], [0; 3], "standard") }));
    assert_eq!(
        week["blocks"][1]["elements"][0]["text"],
        "Tea &amp; more · 2026-11-16 to 2026-11-22 · 60 promoters, 48 passives, 12 detractors"
    );
    assert_eq!(week["blocks"].as_array().unwrap().len(), 2);
}

#[test]
fn long_comments_are_truncated_and_control_characters_removed() {
    let long = json!({ "score": 3, "comment": "<".repeat(5_000) });
    let quote = slack(EventPayload::Detractor(&long))["blocks"][1]["text"]["text"].clone();
    assert_eq!(quote, format!("> {}…", "&lt;".repeat(500)));
    let odd = json!({ "score": 3, "comment": "a\u{202e}b\u{0}c\r\nd" });
    assert_eq!(slack(EventPayload::Detractor(&odd))["blocks"][1]["text"]["text"], "> ab c \n> d");
    let blank = json!({ "score": 3, "comment": " \u{202e}" });
    assert_eq!(slack(EventPayload::Detractor(&blank))["blocks"][1]["text"]["text"], Value::Null);
}

#[test]
fn names_are_one_escaped_line_in_every_slack_message() {
    let name = "Tea <!channel> & <https://evil.example|more>\n> quoted\u{2028}\u{200f}end";
    let escaped = "Tea &lt;!channel&gt; &amp; &lt;https://evil.example|more&gt; &gt; quoted end";
    let (response, report) = (response(), report([60, 48, 12], [0; 3], "standard"));
    let mut bodies: Vec<Value> = [
        EventPayload::Response(&response),
        EventPayload::Detractor(&response),
        EventPayload::Promoter(&response),
        EventPayload::CaseOverdue(&response),
        EventPayload::Digest(Digest { report: &report }),
    ]
    .into_iter()
    .map(|event| {
        WebhookMessage { site: "s", site_name: name, owner_page: None, at_ms: AT, event }.body(Format::Slack)
    })
    .map(|body| serde_json::from_str(&body).unwrap())
    .collect();
    bodies.push(slack_test(name));
    for body in bodies {
        assert!(body["text"].as_str().unwrap().starts_with(&format!("{escaped}: ")), "{body}");
        let context = body["blocks"].as_array().unwrap().last().unwrap();
        assert!(context["elements"][0]["text"].as_str().unwrap().starts_with(escaped), "{body}");
        assert!(!body.to_string().contains('<'), "{body}");
        assert_eq!(body["blocks"][0]["text"]["verbatim"], true, "{body}");
    }
}

proptest! {
    /// Whatever a visitor writes, nothing in the message is a mention or a link, and no block is
    /// too long for Slack.
    #[test]
    fn comments_cannot_inject_slack_markup(comment in any::<String>(), page in any::<String>(), name in any::<String>()) {
        let response = json!({ "score": 3, "comment": comment, "page": page, "id": name });
        let event = EventPayload::Detractor(&response);
        let body = WebhookMessage { site: "s", site_name: &name, owner_page: None, at_ms: AT, event }.body(Format::Slack);
        let body: Value = serde_json::from_str(&body).unwrap();
        let texts = body["blocks"].as_array().unwrap().iter().flat_map(|block| [&block["text"]["text"], &block["elements"][0]["text"]]);
        for text in texts.chain([&body["text"]]).filter_map(Value::as_str) {
            prop_assert!(!text.contains('<') && text.chars().count() <= 3_000 && !text.is_empty());
            prop_assert!(text.lines().all(|line| !line.trim_start_matches('>').contains('>')));
        }
    }
}
