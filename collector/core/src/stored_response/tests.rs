use super::column::Export;
use super::export::{MAX_MEMBERS, exported};
use super::*;

#[test]
fn no_column_is_listed_twice() {
    let mut names: Vec<&str> = COLUMNS.iter().map(|column| column.name).collect();
    names.extend(OTHER_CELLS.iter().map(|(name, _)| *name).filter(|name| *name != "contact"));
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn json_objects_are_joined_after_a_member_that_is_no_object() {
    let exports: Vec<Export> = exported().map(|(_, export)| export).collect();
    for chunk in exports.chunks(MAX_MEMBERS).rev().skip(1) {
        assert!(!matches!(chunk.last(), Some(Export::Object | Export::Properties)));
    }
}

#[test]
fn every_cell_of_a_statement_is_replaced() {
    let merge = merge_statement(false);
    let names = COLUMNS.iter().map(|column| column.name).chain(OTHER_CELLS.iter().map(|(name, _)| *name));
    for name in names {
        assert!(!merge.contains(&format!("{{{name}}}")), "{name}");
    }
}
