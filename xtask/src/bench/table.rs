//! What was measured, beside what it should be.

use std::fmt;

/// A table that is printed at the end.
#[derive(Default)]
pub struct Table {
    rows: Vec<[String; 4]>,
}

impl Table {
    /// A figure without a goal.
    pub fn note(&mut self, what: &str, measured: String) {
        self.rows.push([what.to_owned(), measured, String::new(), String::new()]);
    }

    /// A figure with a goal, and whether it is met.
    pub fn goal(&mut self, what: &str, measured: String, goal: &str, met: bool) {
        let verdict = if met { "met" } else { "MISSED" };
        self.rows.push([what.to_owned(), measured, goal.to_owned(), verdict.to_owned()]);
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wide = |column: usize| self.rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let (what, measured, goal) = (wide(0), wide(1), wide(2));
        for [name, figure, aim, verdict] in &self.rows {
            let line = format!("{name:<what$}  {figure:>measured$}  {aim:<goal$}  {verdict}");
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// A whole number with commas between the thousands.
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
    fn figures_stand_below_each_other() {
        let mut table = Table::default();
        table.goal("import", format!("{} rows/s", count(31_240)), ">= 20,000", true);
        table.note("memory", "9 MB".to_owned());
        assert_eq!(table.to_string(), "import  31,240 rows/s  >= 20,000  met\nmemory           9 MB\n");
        assert_eq!((count(0), count(999), count(1_000_000)), ("0".into(), "999".into(), "1,000,000".into()));
    }
}
