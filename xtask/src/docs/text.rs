//! Text into HTML: escaping, and the few marks that the description uses.

/// Text that stands for itself in HTML, between tags or in quotes.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

/// An id that is no other's: the id of an operation stands alone, everything else has its kind in front.
pub fn anchor(kind: &str, name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
    format!("{kind}-{}", name.chars().map(plain).collect::<String>())
}

/// Text with `code` and **bold** as HTML, on one line.
pub fn inline(text: &str) -> String {
    // Every other part between back quotes is code, unless the last quote is alone.
    let parts: Vec<&str> = text.split('`').collect();
    let lone = parts.len().is_multiple_of(2);
    let mut out = String::new();
    for (at, part) in parts.iter().enumerate() {
        if at % 2 == 0 {
            out.push_str(&bold(part));
        } else if lone && at == parts.len() - 1 {
            out.push('`');
            out.push_str(&bold(part));
        } else {
            out.push_str(&format!("<code>{}</code>", escape(part)));
        }
    }
    out
}

fn bold(text: &str) -> String {
    let parts: Vec<&str> = text.split("**").collect();
    let lone = parts.len().is_multiple_of(2);
    let mut out = String::new();
    for (at, part) in parts.iter().enumerate() {
        let part_html = escape(part);
        if at % 2 == 0 {
            out.push_str(&part_html);
        } else if lone && at == parts.len() - 1 {
            out.push_str(&format!("**{part_html}"));
        } else {
            out.push_str(&format!("<strong>{part_html}</strong>"));
        }
    }
    out
}

/// Paragraphs, and lists whose lines begin with `- `, as HTML.
pub fn blocks(text: &str) -> String {
    let mut out = String::new();
    for block in text.split("\n\n").map(str::trim).filter(|block| !block.is_empty()) {
        // Lines of one kind that follow each other belong together; an indented line goes on with the one before.
        let mut parts: Vec<(bool, Vec<String>)> = Vec::new();
        for line in block.lines() {
            let item = line.strip_prefix("- ");
            match parts.last_mut() {
                Some((_, lines)) if item.is_none() && line.starts_with("  ") => match lines.last_mut() {
                    Some(last) => *last = format!("{last} {}", line.trim()),
                    None => lines.push(line.trim().to_owned()),
                },
                Some((list, lines)) if *list == item.is_some() => lines.push(item.unwrap_or(line).to_owned()),
                _ => parts.push((item.is_some(), vec![item.unwrap_or(line).to_owned()])),
            }
        }
        for (list, lines) in parts {
            if list {
                let items: String = lines.iter().map(|line| format!("<li>{}</li>\n", inline(line))).collect();
                out.push_str(&format!("<ul>\n{items}</ul>\n"));
            } else {
                out.push_str(&format!("<p>{}</p>\n", inline(&lines.join(" "))));
            }
        }
    }
    out
}

/// A table that scrolls by itself where the page is narrow, also from the keyboard.
pub fn table(label: &str, columns: &[&str], rows: &str) -> String {
    let head: String = columns.iter().map(|column| format!("<th scope=\"col\">{column}</th>")).collect();
    format!(
        "<div class=\"scroll\" role=\"group\" aria-label=\"{}\" tabindex=\"0\">\n<table>\n<thead><tr>{head}</tr></thead>\n\
         <tbody>\n{rows}</tbody>\n</table>\n</div>\n",
        escape(label)
    )
}

/// Words as a person lists them: `a, b or c`.
pub fn any_of(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// Bytes in base64, as a Content Security Policy writes a hash.
pub fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let number =
            three.iter().fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte)) << (8 * (3 - three.len()));
        for digit in 0..4 {
            let there = digit <= three.len();
            out.push(if there { char::from(DIGITS[number >> (18 - 6 * digit) & 63]) } else { '=' });
        }
    }
    out
}
