//! Delimiter of a file, and the line that Excel reads it from.

use super::csv_rows::{CsvRows, Row};

/// Delimiters that are recognized by the header.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Returns a reader that is at the header.
///
/// The delimiter is that of a first line `sep=;`, or the one with which the header has a known
/// name, as many cells as the next row, and more cells than with others.
pub(super) fn detect(text: &str, is_known: impl Fn(&str) -> bool) -> CsvRows {
    if let Some(rows) = after_sep_line(text) {
        return rows;
    }
    let fit = |delimiter| {
        let (mut rows, mut header, mut next) =
            (CsvRows::new(delimiter, 0, 1), Row::default(), Row::default());
        // A broken quote is found again where the rows are read.
        let _ = rows.next(text, &mut header).and_then(|_| rows.next(text, &mut next));
        let knows = header.cells().any(|name| is_known(name.trim()));
        (knows, header.len() > 1 && header.len() == next.len(), header.len())
    };
    let best = DELIMITERS.into_iter().rev().max_by_key(|delimiter| fit(*delimiter));
    CsvRows::new(best.unwrap_or(b','), 0, 1)
}

fn after_sep_line(text: &str) -> Option<CsvRows> {
    let line = text.split(['\r', '\n']).next()?;
    let quoted = line.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let (name, delimiter) = quoted.unwrap_or(line).split_at_checked(4)?;
    let &[delimiter] = delimiter.as_bytes() else { return None };
    let is_sep = name.eq_ignore_ascii_case("sep=") && delimiter.is_ascii() && delimiter != b'"';
    // The line break stays for the reader to skip and count.
    is_sep.then(|| CsvRows::new(delimiter, line.len(), 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_are_found_by_the_header() {
        for (text, delimiter) in [
            ("score,at\n9,x\n", b','),
            ("score;at\n9;x\n", b';'),
            ("score\tat\r9\tx\r", b'\t'),
            ("at|score\n9|x\n", b'|'),
            ("score\n9\n", b','),
            ("score\n9,Good\n", b','),
            ("score;\"How likely, honestly, are you, all in all?\";at\n9;1;2\n", b';'),
            ("score;How likely, honestly, are you, all in all?\n9;1,2,3\n", b';'),
            ("\"a;b;c\",score\n1,9\n", b','),
            ("Score;a,b,c,d\n9;x\n", b';'),
            ("sep=;\r\nscore,x;at\r\n", b';'),
            ("SEP=\t\nscore\n", b'\t'),
            ("\"sep=|\"\nscore\n", b'|'),
        ] {
            assert_eq!(
                detect(text, |name| name.eq_ignore_ascii_case("score")).delimiter(),
                delimiter,
                "{text:?}"
            );
        }
    }

    #[test]
    fn the_sep_line_is_passed_over_and_counted() {
        let text = "sep=;\r\nscore;at\r\n9;x\r\n";
        let (mut rows, mut row) = (detect(text, |_| false), Row::default());
        assert!(rows.next(text, &mut row).unwrap());
        assert_eq!((row.line, row.cells().collect::<Vec<_>>()), (2, vec!["score", "at"]));
    }
}
