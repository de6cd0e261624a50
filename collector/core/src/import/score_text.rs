//! Scores as tools and people write them.
//!
//! A cell is a score only if it has one whole number from 0 to 10 and beside it at most the scale
//! (`9/10`) or a label (`10 - Extremely likely`, `Not at all likely - 0`). A second number, as in
//! `7 or 8`, is no label.

use api::validation::quoted;
use nps::Score;

use super::month_names::is_month;
use super::word_list;

/// The zeros of the decimal digits of Unicode; nine more digits follow each.
const ZEROS: [u32; 42] = [
    0x0030, 0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66,
    0x0de6, 0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50,
    0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x1d7ce, 0x1d7d8,
    0x1d7e2, 0x1d7ec, 0x1d7f6,
];
/// Words between a score and its scale, as in `9 out of 10`.
const OUT_OF: &str = "out of|of|von|sur|de|su|di|van|av";

/// Parses a score.
pub(super) fn parse(cell: &str) -> Result<Score, String> {
    let score = match cell.as_bytes() {
        [digit @ b'0'..=b'9'] => Score::new(digit - b'0'),
        b"10" => Score::new(10),
        _ => {
            let value = value(unbracketed(plain(cell).trim())).map_err(|scale| {
                format!("The score {} is on a scale to {scale}; a score is from 0 to 10.", excerpt(cell))
            })?;
            u8::try_from(value).ok().and_then(Score::new)
        }
    };
    score.ok_or_else(|| {
        let date = match is_date(cell) {
            true => " but a date, which a spreadsheet makes of scores such as 9/10",
            false => "",
        };
        format!("The score {} is not a whole number from 0 to 10{date}.", excerpt(cell))
    })
}

/// Whether a cell that is no score is the date that a spreadsheet makes of `9/10`.
pub(super) fn is_date(cell: &str) -> bool {
    cell.contains(char::is_numeric) && (is_month(cell) || cell.contains(['月', '월']))
}

fn excerpt(cell: &str) -> String {
    quoted(&cell.chars().take(40).collect::<String>().into())
}

/// Text with plain digits, blanks and punctuation.
fn plain(cell: &str) -> String {
    cell.chars().filter_map(plain_char).collect()
}

fn plain_char(c: char) -> Option<char> {
    let code = u32::from(c);
    Some(match c {
        ' '..='~' => c,
        // Joiners, direction marks, the byte order mark, and what makes a digit a picture.
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            return None;
        }
        '\u{feff}' | '\u{fe0f}' | '\u{20e3}' => return None,
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '٫' => '.',
        '、' => ',',
        // The full-width forms of ASCII.
        '！'..='～' => char::from_u32(code - 0xfee0).unwrap_or(c),
        c if c.is_whitespace() => ' ',
        c => {
            let zero = ZEROS.iter().find(|zero| (**zero..**zero + 10).contains(&code));
            zero.and_then(|zero| char::from_digit(code - zero, 10)).unwrap_or(c)
        }
    })
}

fn unbracketed(text: &str) -> &str {
    let within = |open, close| text.strip_prefix(open)?.strip_suffix(close);
    within('(', ')').or(within('[', ']')).or(within('"', '"')).map_or(text, str::trim)
}

/// A number that cannot be a score.
const NONE: u32 = u32::MAX;

/// Returns the number of a text, [`NONE`] if it has none that can be a score, or the scale as an
/// error if that does not end with 10.
fn value(text: &str) -> Result<u32, u32> {
    let Some(first) = text.find(|c: char| c.is_ascii_digit()) else { return Ok(NONE) };
    let (label, rest) = text.split_at(first);
    let Some((value, rest)) = number(rest) else { return Ok(NONE) };
    let rest = scaled(rest)?;
    let fits = match label {
        "" => rest.trim_end_matches('.').is_empty() || is_label_after(rest),
        _ => is_label_before(label) && rest.trim_end_matches([')', ']', '.', ' ']).is_empty(),
    };
    Ok(if fits { value } else { NONE })
}

/// Splits a number from the front of a text; [`NONE`] for one that is not whole.
fn number(text: &str) -> Option<(u32, &str)> {
    let split = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(split(text));
    let whole: u32 = digits.parse().ok()?;
    let fraction = rest.strip_prefix(['.', ',']).map(|after| after.split_at(split(after)));
    match fraction {
        Some((fraction, rest)) if !fraction.is_empty() => {
            Some((if fraction.bytes().all(|digit| digit == b'0') { whole } else { NONE }, rest))
        }
        _ => Some((whole, rest)),
    }
}

/// Takes a scale off the front of a text; an error for one that does not end with 10.
fn scaled(text: &str) -> Result<&str, u32> {
    let scale = text.find(|c: char| c.is_ascii_digit()).and_then(|at| {
        let (between, scale) = text.split_at(at);
        let (is_separate, word) = (between.starts_with(' '), between.trim());
        (word == "/" || is_separate && word_list::has(OUT_OF, word)).then_some(scale)
    });
    match scale.and_then(number) {
        Some((10, rest)) => Ok(rest),
        Some((scale, _)) => Err(scale),
        None => Ok(text),
    }
}

/// Whether a text can be the label that follows a score.
fn is_label_after(text: &str) -> bool {
    let mut chars = text.chars();
    let is_separate = match chars.next() {
        Some(' ' | '-' | '=' | ':' | '(' | ')' | ';' | '|' | '[') => true,
        Some('.' | ',') => chars.next() == Some(' '),
        _ => false,
    };
    is_separate && is_label(text)
}

/// Whether a text can be the label before a score. A dash right before the number, and not right
/// after the label, is a sign.
fn is_label_before(text: &str) -> bool {
    is_label(text) && text.ends_with([' ', '-', '=', ':', '(', '[', '|']) && !text.ends_with(" -")
}

fn is_label(text: &str) -> bool {
    text.chars().any(char::is_alphabetic) && !text.chars().any(char::is_numeric) && !is_month(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn whole_numbers_are_read_in_every_form() {
        for (cell, score) in [
            ("0", 0),
            ("10", 10),
            (" 9", 9),
            ("09", 9),
            ("9.", 9),
            ("9.0", 9),
            ("9,0", 9),
            ("9.00", 9),
            ("10,000", 10),
            ("9/10", 9),
            ("9 / 10", 9),
            ("10/10", 10),
            ("9,0/10,0", 9),
            ("9 out of 10", 9),
            ("9 von 10", 9),
            ("9 sur 10", 9),
            ("10 - Extremely likely", 10),
            ("10 (extremely likely)", 10),
            ("0 = not at all likely", 0),
            ("10: Äußerst", 10),
            ("10 – Très probable", 10),
            ("10 Extremely likely", 10),
            ("9) likely", 9),
            ("9. Likely", 9),
            ("9/10 (likely)", 9),
            ("Not at all likely - 0", 0),
            ("Extremely likely — 10", 10),
            ("Extremely likely (10)", 10),
            ("Score: 9", 9),
            ("10 - Maybe", 10),
            ("3 (not decent)", 3),
            ("10 - 毎月", 10),
            ("10 Marvellous", 10),
            ("Extremely likely = 10/10", 10),
            ("とても (10)", 10),
            ("(9)", 9),
            ("[9]", 9),
            ("\"9\"", 9),
            ("\u{a0}9", 9),
            ("9\u{202f}", 9),
            ("\u{200e}9", 9),
            ("９", 9),
            ("１０", 10),
            ("９／１０", 9),
            ("９．０", 9),
            ("１０（とても）", 10),
            ("٩", 9),
            ("۱۰", 10),
            ("९", 9),
            ("๙", 9),
            ("𝟗", 9),
            ("9\u{fe0f}\u{20e3}", 9),
        ] {
            assert_eq!(parse(cell), Ok(Score::new(score).unwrap()), "{cell:?}");
        }
    }

    #[test]
    fn other_numbers_are_refused_with_the_reason() {
        for (cell, reason) in [
            ("11", "whole number"),
            ("-1", "whole number"),
            ("−1", "whole number"),
            ("7.5", "whole number"),
            ("7,5", "whole number"),
            ("9/5", "scale to 5"),
            ("80/100", "scale to 100"),
            ("4 out of 5", "scale to 5"),
            ("9/", "whole number"),
            ("7 or 8", "whole number"),
            ("9-10", "whole number"),
            ("7 - 8", "whole number"),
            ("eight", "whole number"),
            ("", "whole number"),
            ("1e1", "whole number"),
            ("10th", "whole number"),
            ("90%", "whole number"),
            ("9%", "whole number"),
            ("likely -1", "whole number"),
            ("Q1: 9", "whole number"),
            ("v9", "whole number"),
            ("99999999999", "whole number"),
            ("9,9", "whole number"),
            ("½", "whole number"),
            ("9½", "whole number"),
            ("2026-01-05", "whole number"),
            ("10:30", "whole number"),
            ("5 stars, 2 people", "whole number"),
            ("NaN", "whole number"),
            ("10-Sep", "but a date"),
            ("Sep-09", "but a date"),
            ("10. Okt", "but a date"),
            ("10.Okt", "but a date"),
            ("10-oct.", "but a date"),
            ("10-août", "but a date"),
            ("10-MRZ", "but a date"),
            ("10-set", "but a date"),
            ("Sep 10", "but a date"),
            ("10 September", "but a date"),
            ("10 de set.", "but a date"),
            ("10-paź", "but a date"),
            ("10-Eyl", "but a date"),
            ("10 сен", "but a date"),
            ("szept. 10", "but a date"),
            ("10-Sep-2026", "but a date"),
            ("9月10日", "but a date"),
            ("10월 9일", "but a date"),
        ] {
            let detail = parse(cell).expect_err(cell);
            assert!(detail.contains(reason), "{cell:?}: {detail}");
        }
    }

    proptest! {
        #[test]
        fn no_number_that_is_written_is_read_as_another(number in -20.0..20.0f64, label in "[a-z ]{1,8}") {
            for cell in [format!("{number:.1}"), format!("{number:.2} - x{label}"), format!("x{label}: {number:.1}")] {
                if let Ok(score) = parse(&cell) {
                    let written: String = cell.chars().filter(|c| c.is_ascii_digit() || *c == '.' || *c == '-').collect();
                    let written: f64 = written.trim_end_matches('-').parse().unwrap();
                    prop_assert_eq!(f64::from(score.get()), written, "{}", cell);
                }
            }
        }

        #[test]
        fn no_text_makes_it_panic(cell in ".{0,20}", digits in "[0-9/.,() -]{0,10}") {
            let _ = parse(&cell);
            let _ = parse(&digits);
        }
    }
}
