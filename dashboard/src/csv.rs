//! Tables as CSV for the clipboard (RFC 4180).

/// Returns rows as CSV. A field that a spreadsheet would take for a formula begins with an
/// apostrophe.
pub fn csv(rows: &[Vec<String>]) -> String {
    let mut text = String::new();
    for row in rows {
        let fields: Vec<String> = row.iter().map(|field| quoted(field)).collect();
        text.push_str(&fields.join(","));
        text.push_str("\r\n");
    }
    text
}

fn quoted(field: &str) -> String {
    let is_number = field.replace('−', "-").parse::<f64>().is_ok();
    let field = if is_number { field.replace('−', "-") } else { field.to_owned() };
    let is_formula = !is_number && field.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let field = if is_formula { format!("'{field}") } else { field };
    if field.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_and_formulas_defused() {
        let rows = [
            vec!["plan".to_owned(), "say \"tea\", please".into(), "−5".into()],
            vec!["=1+1".into(), "-3.5".into(), "+cmd|x".into()],
        ];
        assert_eq!(csv(&rows), "plan,\"say \"\"tea\"\", please\",-5\r\n'=1+1,-3.5,'+cmd|x\r\n");
    }
}
