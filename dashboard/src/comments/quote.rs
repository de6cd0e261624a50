//! Comments that may be quoted, to paste elsewhere. Nothing in them tells who wrote them.

use crate::markup::escape;
use crate::model::Response;

/// Returns a quote as text; `month` is when it was written.
pub fn as_text(response: &Response, month: &str) -> String {
    let comment = response.comment.as_deref().unwrap_or_default().trim();
    format!("“{comment}” ({})", source(response, month))
}

/// Returns a quote as HTML; `month` is when it was written.
pub fn as_html(response: &Response, month: &str) -> String {
    let comment = escape(response.comment.as_deref().unwrap_or_default().trim()).replace('\n', "<br>");
    let lang = response.lang.as_deref().map(|lang| format!(" lang=\"{}\"", escape(lang))).unwrap_or_default();
    let source = escape(&source(response, month));
    format!(
        "<blockquote{lang} dir=\"auto\"><p>{comment}</p><footer lang=\"en\">{source}</footer></blockquote>"
    )
}

fn source(response: &Response, month: &str) -> String {
    match response.score {
        Some(score) => format!("{score} of 10, {month}"),
        None => month.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::response;
    use super::*;

    #[test]
    fn a_quote_has_the_words_the_score_and_the_month_only() {
        let quoted = response(json!({
            "comment": " Staff knew\nexactly. ", "score": 9, "contact": "ann@shop.example", "lang": "en-GB",
        }));
        assert_eq!(as_text(&quoted, "Nov 2026"), "“Staff knew\nexactly.” (9 of 10, Nov 2026)");
        assert_eq!(
            as_html(&quoted, "Nov 2026"),
            "<blockquote lang=\"en-GB\" dir=\"auto\"><p>Staff knew<br>exactly.</p>\
            <footer lang=\"en\">9 of 10, Nov 2026</footer></blockquote>"
        );
    }

    #[test]
    fn markup_in_a_quote_is_text() {
        let sly = response(json!({ "comment": "<script>'\"&</script>", "lang": "\"><b>" }));
        let html = as_html(&sly, "Nov 2026");
        assert!(html.contains("<p>&lt;script&gt;&#39;&quot;&amp;&lt;/script&gt;</p>"), "{html}");
        assert!(html.contains("lang=\"&quot;&gt;&lt;b&gt;\""), "{html}");
    }
}
