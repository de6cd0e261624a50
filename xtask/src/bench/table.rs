//! Table of the measured figures and their goals.

use std::fmt;

/// Table that is printed at the end. Adjacent rows with the same number of columns are aligned.
#[derive(Default)]
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Adds a figure without a goal.
    pub fn note(&mut self, what: &str, measured: String) {
        self.row([what.to_owned(), measured, String::new(), String::new()]);
    }

    /// Adds a figure with a goal, and whether it is met.
    pub fn goal(&mut self, what: &str, measured: String, goal: &str, met: bool) {
        self.row([what.to_owned(), measured, goal.to_owned(), verdict(met).to_owned()]);
    }

    /// Adds a row of any number of columns: subject, figures, goal and verdict.
    pub fn row(&mut self, cells: impl Into<Vec<String>>) {
        self.rows.push(cells.into());
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for block in self.rows.chunk_by(|one, next| one.len() == next.len()) {
            let wide = |column: usize| block.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
            for row in block {
                let mut line = String::new();
                for (column, cell) in row.iter().enumerate() {
                    // Figures are aligned on the right, text on the left.
                    let figure = column > 0 && column + 2 < row.len();
                    let width = wide(column);
                    line += &if figure { format!("{cell:>width$}  ") } else { format!("{cell:<width$}  ") };
                }
                writeln!(f, "{}", line.trim_end())?;
            }
        }
        Ok(())
    }
}

/// Returns the text for a goal that is met or missed.
pub fn verdict(met: bool) -> &'static str {
    if met { "met" } else { "MISSED" }
}

/// Formats a whole number with commas between the thousands.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned() {
        let mut table = Table::default();
        table.goal("import", format!("{} rows/s", count(31_240)), ">= 20,000", true);
        table.note("memory", "9 MB".to_owned());
        assert_eq!(table.to_string(), "import  31,240 rows/s  >= 20,000  met\nmemory           9 MB\n");
        // Rows with another number of columns have their own widths.
        table.row(["bytes", "9", "1–9", "< 10", "met"].map(str::to_owned));
        assert!(table.to_string().ends_with(" 9 MB\nbytes  9  1–9  < 10  met\n"), "{table}");
        assert_eq!((count(0), count(999), count(1_000_000)), ("0".into(), "999".into(), "1,000,000".into()));
    }
}
