//! Rows of a file of separated values (RFC 4180), with any delimiter and any line break.

use api::ValidationError;

use super::encoding::line_breaks;

/// Row of a file. Its buffers are used again for the next.
#[derive(Debug, Default, Clone)]
pub(super) struct Row {
    text: String,
    /// End of each cell in `text`.
    ends: Vec<usize>,
    /// Number of the line on which it begins; the first is 1.
    pub(super) line: u64,
}

impl Row {
    /// Returns the number of cells.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns a cell; of a missing one, empty text.
    pub(super) fn cell(&self, index: usize) -> &str {
        let end = self.ends.get(index).copied().unwrap_or_default();
        let start =
            index.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        self.text.get(start..end).unwrap_or_default()
    }

    /// Returns the cells.
    pub(super) fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|index| self.cell(index))
    }

    /// Whether every cell is blank.
    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// Position in a file.
#[derive(Debug, Clone)]
pub(super) struct CsvRows {
    delimiter: u8,
    at: usize,
    line: u64,
}

impl CsvRows {
    /// Begins at a byte, which is on that line.
    pub(super) fn new(delimiter: u8, at: usize, line: u64) -> Self {
        Self { delimiter, at, line }
    }

    /// Returns the delimiter.
    pub(super) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// Returns the byte at which the next row begins.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// Whether the last row that was read ends with the file and not with a line break.
    pub(super) fn is_cut_off(&self, text: &str) -> bool {
        self.at >= text.len() && !text.ends_with(['\r', '\n'])
    }

    /// Reads the next row that is no blank line; whether there was one.
    ///
    /// A quote that never ends makes the rest of the file one cell, so it is an error of the file
    /// and not of a line.
    pub(super) fn next(&mut self, text: &str, row: &mut Row) -> Result<bool, ValidationError> {
        row.text.clear();
        row.ends.clear();
        let bytes = text.as_bytes();
        while self.skip_line_break(bytes) {}
        if self.at >= bytes.len() {
            return Ok(false);
        }
        row.line = self.line;
        let mut quotes = 0;
        loop {
            quotes += self.cell(text, row);
            row.ends.push(row.text.len());
            if bytes.get(self.at) == Some(&self.delimiter) {
                self.at += 1;
            } else {
                break;
            }
        }
        self.skip_line_break(bytes);
        if quotes % 2 == 0 { Ok(true) } else { Err(broken(row.line)) }
    }

    /// Reads a cell up to its delimiter or the end of the line. Returns the number of its quotes.
    fn cell(&mut self, text: &str, row: &mut Row) -> usize {
        let bytes = text.as_bytes();
        let mut quotes = 0;
        // A blank before a quoted cell is none of its text.
        let from_here = text.get(self.at..).unwrap_or_default();
        let unpadded = from_here.trim_start_matches(' ');
        if unpadded.starts_with('"') {
            self.at += from_here.len() - unpadded.len();
        }
        while bytes.get(self.at) == Some(&b'"') && (quotes == 0 || quotes % 2 == 0 && self.is_doubled(bytes))
        {
            if quotes > 0 {
                row.text.push('"');
            }
            let rest = bytes.get(self.at + 1..).unwrap_or_default();
            let length = rest.iter().position(|byte| *byte == b'"');
            let start = self.at + 1;
            self.at = start + length.unwrap_or(rest.len());
            let quoted = text.get(start..self.at).unwrap_or_default();
            row.text.push_str(quoted);
            self.line += line_breaks(quoted.as_bytes());
            quotes += 1;
            if length.is_some() {
                self.at += 1;
                quotes += 1;
            }
        }
        let rest = bytes.get(self.at..).unwrap_or_default();
        let is_end = |byte: &u8| *byte == self.delimiter || matches!(byte, b'\r' | b'\n');
        let end = self.at + rest.iter().position(is_end).unwrap_or(rest.len());
        let plain = text.get(self.at..end).unwrap_or_default();
        row.text.push_str(plain);
        self.at = end;
        quotes + plain.bytes().filter(|byte| *byte == b'"').count()
    }

    /// Whether the quote here follows one directly, so that both are one quote of the text.
    fn is_doubled(&self, bytes: &[u8]) -> bool {
        self.at.checked_sub(1).and_then(|before| bytes.get(before)) == Some(&b'"')
    }

    fn skip_line_break(&mut self, bytes: &[u8]) -> bool {
        let length = match bytes.get(self.at..) {
            Some([b'\r', b'\n', ..]) => 2,
            Some([b'\r' | b'\n', ..]) => 1,
            _ => return false,
        };
        self.at += length;
        self.line += 1;
        true
    }
}

fn broken(line: u64) -> ValidationError {
    let detail = format!(
        "The quoting is broken: a quote on line {line} or in the cell that begins there has no end. \
         Write a quote inside a quoted cell twice (\"\")."
    );
    ValidationError::new("", detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(text: &str, delimiter: u8) -> Result<Vec<(u64, Vec<String>)>, ValidationError> {
        let (mut rows, mut row, mut read) = (CsvRows::new(delimiter, 0, 1), Row::default(), Vec::new());
        while rows.next(text, &mut row)? {
            read.push((row.line, row.cells().map(str::to_owned).collect()));
        }
        Ok(read)
    }

    #[test]
    fn lines_are_counted_by_every_line_break_also_in_quotes() {
        for end in ["\n", "\r", "\r\n"] {
            let text = ["a,b", "", "\"x", "y\",1", "", "", "\"\",\"\"\"\"", "c,"].join(end);
            let inner = format!("x{end}y");
            let expected = [(1, ["a", "b"]), (3, [&inner, "1"]), (7, ["", "\""]), (8, ["c", ""])];
            let expected = expected.map(|(line, cells)| (line, cells.map(str::to_owned).to_vec()));
            assert_eq!(rows(&text, b',').unwrap(), expected, "{end:?}");
        }
    }

    #[test]
    fn odd_quotes_break_the_file_and_even_ones_are_text() {
        for text in ["\"", "a\n\"b\n", "\"a\" b\"\n", "9,5\" screen\n"] {
            assert!(rows(text, b',').unwrap_err().detail.contains("quoting"), "{text:?}");
        }
        assert_eq!(rows("a \"b\" c,\"d\" e\n", b',').unwrap()[0].1, ["a \"b\" c", "d e"]);
        assert_eq!(rows("\"a\"\"b\"\"\",\"\"\"\"\n", b',').unwrap()[0].1, ["a\"b\"", "\""]);
    }

    proptest! {
        #[test]
        fn any_table_reads_back_in_any_dialect(
            table in prop::collection::vec(prop::collection::vec("[a,;\t|\"\r\nß ]{0,6}", 3), 1..6),
            delimiter in prop::sample::select(vec![b',', b';', b'\t', b'|']),
            end in prop::sample::select(vec!["\n", "\r", "\r\n"]),
            always_quoted in any::<bool>(),
        ) {
            let write = |cell: &String| match always_quoted || cell.contains(['"', '\r', '\n', delimiter as char]) {
                true => format!("\"{}\"", cell.replace('"', "\"\"")),
                false => cell.clone(),
            };
            let separator = (delimiter as char).to_string();
            let lines: Vec<String> =
                table.iter().map(|row| row.iter().map(write).collect::<Vec<_>>().join(&separator)).collect();
            let read = rows(&lines.join(end), delimiter).unwrap();
            let cells: Vec<Vec<String>> = read.into_iter().map(|(_, cells)| cells).collect();
            prop_assert_eq!(cells, table);
        }

        #[test]
        fn no_text_makes_it_panic(text in "[a,\"\r\né]{0,30}") {
            let _ = rows(&text, b',');
        }
    }
}
