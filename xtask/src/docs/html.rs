//! HTML from plain text and from the Markdown of descriptions.

use askama::filters::{Html, Safe, escape as escape_for};
use pulldown_cmark::{Event, Parser, Tag, TagEnd, html::push_html};

/// Text escaped for HTML, between tags or in quotes.
pub fn escape(text: &str) -> String {
    match escape_for(text, Html) {
        Ok(escaped) => escaped.to_string(),
        Err(never) => match never {},
    }
}

/// Text in code font.
pub fn code(text: &str) -> String {
    format!("<code>{}</code>", escape(text))
}

/// Markdown as blocks: paragraphs and lists.
pub fn blocks(markdown: &str) -> Safe<String> {
    rendered(events(markdown))
}

/// Markdown of one paragraph, without the paragraph's own tags.
pub fn inline(markdown: &str) -> Safe<String> {
    let is_paragraph =
        |event: &Event| matches!(event, Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph));
    rendered(events(markdown).filter(|event| !is_paragraph(event)))
}

/// Events of the Markdown parser, with raw HTML as text, so that a description never adds markup.
fn events(markdown: &str) -> impl Iterator<Item = Event<'_>> {
    Parser::new(markdown).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        other => other,
    })
}

fn rendered<'a>(events: impl Iterator<Item = Event<'a>>) -> Safe<String> {
    let mut out = String::new();
    push_html(&mut out, events);
    Safe(out)
}

/// Id of an element, unique through its prefix. Only operations have ids without a prefix.
pub fn anchor(prefix: &str, name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
    format!("{prefix}-{}", name.chars().map(plain).collect::<String>())
}

/// List in words: `a, b or c`.
pub fn any_of(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [item] => item.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
