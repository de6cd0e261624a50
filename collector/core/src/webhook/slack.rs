//! A message for people, as an incoming webhook of Slack takes it.
//!
//! A visitor wrote some of the text, and must not be able to call a channel together or to set a
//! link under another's name. What Slack reads as more than text stands in `<…>`, so `&`, `<` and
//! `>` are escaped; `verbatim` keeps it from making links, channels and mentions of plain words;
//! and nothing is unfurled. Text is cut to a length that can be read in a channel: the whole
//! response is with the collector.
//!
//! A contact that a visitor left is not shown: a channel is no place for it, and would keep it
//! longer than the collector does.

use serde_json::{Value, json};

use super::{Digest, EventPayload, WebhookMessage};
use api::response_update::Consent;
use nps::{Category, Score};

/// The longest comment that is shown, in characters.
const MAX_COMMENT: usize = 500;
/// The longest address of a response.
const MAX_URL: usize = 2_000;
/// The longest of anything else: a page, an id, a name.
const MAX_OTHER: usize = 200;

/// The body for one event: a headline, the comment, and where it came from.
pub(super) fn body(notice: &WebhookMessage<'_>) -> Value {
    let (headline, quote, mut from) = match &notice.event {
        EventPayload::Response(it) | EventPayload::Detractor(it) => (responded(it), comment(it), origin(it)),
        EventPayload::Promoter(it) => (agreed(it), comment(it), origin(it)),
        EventPayload::CaseOverdue(it) => (overdue(it), comment(it), origin(it)),
        EventPayload::Digest(digest) => {
            return message(notice.site_name, &escape(&digest.line(), MAX_COMMENT), None, week(digest));
        }
    };
    // Of ours alone: the operator's address, the site and the id of the response.
    from.extend(notice.response_url().map(|url| format!("<{}|Open the response>", escape(&url, MAX_URL))));
    let title = format!("*{headline}*");
    let mut body = message(notice.site_name, &headline, quote, from);
    if let Some(text) = body.pointer_mut("/blocks/0/text/text") {
        *text = title.into();
    }
    body
}

/// Returns the body of a test message, given the site's name.
pub fn test(site_name: &str) -> Value {
    message(site_name, "This is a test from Grapevine.", None, Vec::new())
}

/// Returns a message of a headline, a quotation and details, all escaped, with the site's name.
pub(super) fn message(
    site_name: &str,
    headline: &str,
    quote: Option<String>,
    mut details: Vec<String>,
) -> Value {
    let site_name = inline(site_name);
    let text = |text: &str| json!({ "type": "mrkdwn", "text": text, "verbatim": true });
    let mut blocks = vec![json!({ "type": "section", "text": text(headline) })];
    blocks.extend(quote.map(|quote| json!({ "type": "section", "text": text(&quote) })));
    let fallback = format!("{site_name}: {headline}");
    details.insert(0, site_name);
    details.retain(|part| !part.is_empty());
    if !details.is_empty() {
        blocks.push(json!({ "type": "context", "elements": [text(&details.join(" · "))] }));
    }
    json!({ "text": fallback, "blocks": blocks, "unfurl_links": false, "unfurl_media": false })
}

/// "A detractor responded: 3 of 10".
fn responded(response: &Value) -> String {
    match score(response) {
        None => "Somebody responded without a score".into(),
        Some(score) => {
            let who = match score.category() {
                Category::Detractor => "A detractor",
                Category::Passive => "A passive",
                Category::Promoter => "A promoter",
            };
            format!("{who} responded: {} of 10", score.get())
        }
    }
}

/// "A promoter agreed to be quoted: 10 of 10".
fn agreed(response: &Value) -> String {
    let consents = field(response, "consents").and_then(Value::as_array);
    let gave = |consent: Consent| {
        consents.is_some_and(|given| given.iter().any(|word| word.as_str() == Some(consent.as_str())))
    };
    let to = match (gave(Consent::Quote), gave(Consent::Reference)) {
        (true, true) => "to be quoted and to give a reference",
        (true, false) => "to be quoted",
        (false, true) => "to give a reference",
        (false, false) => return responded(response),
    };
    let score = score(response).map(|score| format!(": {} of 10", score.get()));
    format!("A promoter agreed {to}{}", score.unwrap_or_default())
}

/// "A case is overdue since 2026-11-22T14:30:00.000Z: 3 of 10".
fn overdue(case: &Value) -> String {
    let since = text(case, "due_at").map(|due| format!(" since {}", inline(due)));
    let score = score(case).map(|score| format!(": {} of 10", score.get()));
    format!("A case is overdue{}{}", since.unwrap_or_default(), score.unwrap_or_default())
}

/// The comment as a quotation.
fn comment(it: &Value) -> Option<String> {
    let comment = text(it, "comment")?;
    let lines: Vec<String> = escape(comment, MAX_COMMENT).lines().map(|line| format!("> {line}")).collect();
    Some(lines.join("\n")).filter(|quote| !quote.is_empty())
}

fn origin(it: &Value) -> Vec<String> {
    let page = text(it, "page").map(|page| format!("Page: {}", inline(page)));
    let id = it.get("response").and_then(|response| text(response, "id")).or_else(|| text(it, "response"));
    let id = id.or_else(|| text(it, "id")).map(|id| format!("Response ID: {}", inline(id)));
    [page, id].into_iter().flatten().collect()
}

fn week(digest: &Digest<'_>) -> Vec<String> {
    let counts = digest.report.counts.map(|counts| {
        format!(
            "{} promoters, {} passives, {} detractors",
            counts.promoters, counts.passives, counts.detractors
        )
    });
    let days = format!("{} to {}", digest.report.query.from, digest.report.query.to);
    [Some(days), counts].into_iter().flatten().collect()
}

fn score(it: &Value) -> Option<Score> {
    field(it, "score").and_then(Value::as_u64).and_then(|score| u8::try_from(score).ok()).and_then(Score::new)
}

fn text<'a>(it: &'a Value, name: &str) -> Option<&'a str> {
    field(it, name).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
}

/// A member of a response, or of a case or the response in it.
fn field<'a>(it: &'a Value, name: &str) -> Option<&'a Value> {
    it.get(name).filter(|value| !value.is_null()).or_else(|| it.get("response")?.get(name))
}

/// Returns a name or another text of others as one line.
fn inline(text: &str) -> String {
    escape(text, MAX_OTHER).replace('\n', " ")
}

/// Text of others: cut, without characters that do something, and with those escaped that Slack
/// reads.
fn escape(text: &str, max: usize) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (at, c) in text.trim().chars().enumerate() {
        if at == max {
            escaped.push('…');
            break;
        }
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\n' => escaped.push(c),
            // Marks that turn the direction of what follows them.
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            // Other ends of lines, which are no control characters.
            '\u{2028}' | '\u{2029}' => escaped.push(' '),
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}
