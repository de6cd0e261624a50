//! Putting text into a page so that it stays text.

/// Escapes text between tags. Characters that XML forbids are left out.
pub fn escape_text(text: &str) -> String {
    let allowed =
        |c: &char| matches!(c, '\n' | '\t') || !(c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}'));
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars().filter(allowed) {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Text between tags or between the quotes `"` of an attribute.
fn escape_attribute(text: &str) -> String {
    escape_text(text).replace('"', "&quot;")
}

/// The template with each `{{name}}` replaced by its value, which may stand between tags or between
/// quotes, and each `{{&name}}` by its value as it is. A name that has no value leaves nothing.
/// What looks like a name within a value stays as it is.
pub fn render_template(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(template.len() + 1_024);
    let mut pieces = template.split("{{");
    filled.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let (name, rest) = piece.split_once("}}").unwrap_or(("", piece));
        let bare = name.trim_start_matches('&');
        if let Some((_, value)) = values.iter().find(|(own, _)| *own == bare) {
            if bare == name {
                filled.push_str(&escape_attribute(value));
            } else {
                filled.push_str(value);
            }
        }
        filled.push_str(rest);
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_escaped() {
        let hostile = "</title><script>alert(\"1\")</script>{{site}}'&amp;\u{0}\n";
        let filled = render_template(
            "<t>{{name}}</t><a b=\"{{name}}\" c=\"{{site}}\">{{none}}}}",
            &[("name", hostile), ("site", "x")],
        );
        let safe = "&lt;/title&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;{{site}}'&amp;amp;\n";
        assert_eq!(filled, format!("<t>{safe}</t><a b=\"{safe}\" c=\"x\">}}}}"));
        assert_eq!(
            render_template("{{&name}}{{name}}", &[("name", "<&{{name}}")]),
            "<&{{name}}&lt;&amp;{{name}}"
        );
    }

    #[test]
    fn a_template_without_placeholders_is_unchanged() {
        for template in ["", "a { b: c }", "}}", "a}}b"] {
            assert_eq!(render_template(template, &[("", "never")]), template);
        }
    }
}
