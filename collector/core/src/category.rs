//! Categories of a score as SQL. Their thresholds are in [`Category::scores`].

use nps::Category;

/// Returns SQL of the name of a response's category, null without a score.
pub fn name_sql() -> String {
    let cases =
        Category::ALL.map(|category| format!(" WHEN {} THEN '{}'", is_sql(category, ""), category.as_str()));
    format!("CASE{} END", cases.concat())
}

/// Returns the condition that a response is in a category. `row` is what stands before the name of
/// a column, such as `NEW.`.
pub fn is_sql(category: Category, row: &str) -> String {
    match category.scores() {
        (0, highest) => format!("{row}score <= {highest}"),
        (lowest, 10) => format!("{row}score >= {lowest}"),
        (lowest, highest) => format!("{row}score BETWEEN {lowest} AND {highest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_come_from_the_categories() {
        assert_eq!(
            name_sql(),
            "CASE WHEN score <= 6 THEN 'detractor' WHEN score BETWEEN 7 AND 8 THEN 'passive' \
             WHEN score >= 9 THEN 'promoter' END"
        );
        // Stored triggers of existing sites have this text.
        assert_eq!(is_sql(Category::Detractor, "NEW."), "NEW.score <= 6");
    }
}
