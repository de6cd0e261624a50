//! Email to a visitor who left an address.

use crate::model::Response;

/// Returns a `mailto:` address (RFC 6068) with a subject and the comment quoted; `None` where the
/// contact is no email address.
pub fn mailto(response: &Response, site: &str) -> Option<String> {
    let contact = response.contact.as_deref()?.trim();
    let (name, host) = contact.split_once('@')?;
    let is_plain = |text: &str| !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c == '@');
    (is_plain(name) && is_plain(host) && host.contains('.')).then_some(())?;
    let subject = format!("Your feedback on {site}");
    let mut body = String::from("Hello,\n\nthank you for your feedback.\n\n");
    if let Some(comment) = &response.comment {
        body.push_str("You wrote:\n");
        comment.lines().for_each(|line| body.extend(["> ", line, "\n"]));
    }
    Some(format!("mailto:{}?subject={}&body={}", escape(contact), escape(&subject), escape(&body)))
}

/// Escapes a text as percent-encoded UTF-8, with line breaks as CR LF (RFC 6068, section 5).
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'@' => {
                out.push(char::from(byte))
            }
            b'\n' => out.push_str("%0D%0A"),
            byte => {
                let digit =
                    |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0').to_ascii_uppercase();
                out.extend(['%', digit(byte >> 4), digit(byte & 15)]);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::response;
    use super::*;

    #[test]
    fn an_address_is_written_to_with_the_comment_quoted() {
        let written = response(json!({ "contact": "ann+tea@shop.example", "comment": "Zu spät\n& kalt?" }));
        assert_eq!(
            mailto(&written, "Kettle Row").unwrap(),
            "mailto:ann%2Btea@shop.example?subject=Your%20feedback%20on%20Kettle%20Row\
            &body=Hello%2C%0D%0A%0D%0Athank%20you%20for%20your%20feedback.%0D%0A%0D%0A\
            You%20wrote%3A%0D%0A%3E%20Zu%20sp%C3%A4t%0D%0A%3E%20%26%20kalt%3F%0D%0A"
        );
    }

    #[test]
    fn other_contacts_are_no_addresses() {
        for contact in ["+49 30 1234", "@ann", "ann@", "a b@shop.example", "javascript:alert(1)", "a@b@c.de"]
        {
            assert_eq!(mailto(&response(json!({ "contact": contact })), "x"), None, "{contact}");
        }
        assert_eq!(mailto(&response(json!({})), "x"), None);
        let sly = mailto(&response(json!({ "contact": "a?bcc=b@c.de&body=x" })), "x").unwrap();
        assert!(sly.starts_with("mailto:a%3Fbcc%3Db@c.de%26body%3Dx?subject="), "{sly}");
    }
}
