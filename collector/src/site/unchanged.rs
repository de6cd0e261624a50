//! Values that were read from the tables and hold until anything is written.

use std::cell::{Cell, RefCell};

use super::database::Database;

/// Values by name. They are forgotten with the first row that is written after them, so they are
/// what a query would return.
///
/// At most `MAX` are kept. When there are so many, all are forgotten.
pub struct Unchanged<T, const MAX: usize> {
    /// Rows that were written when the values were read.
    rows_written: Cell<u64>,
    values: RefCell<Vec<(String, T)>>,
}

impl<T, const MAX: usize> Default for Unchanged<T, MAX> {
    fn default() -> Self {
        Self { rows_written: Cell::new(0), values: RefCell::default() }
    }
}

impl<T: Clone, const MAX: usize> Unchanged<T, MAX> {
    /// Returns a value, unless something was written since it was stored.
    pub fn get(&self, database: &Database, name: &str) -> Option<T> {
        if self.rows_written.get() != database.rows_written() {
            return None;
        }
        self.values.borrow().iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }

    /// Stores a value that was just read.
    pub fn put(&self, database: &Database, name: &str, value: T) {
        let mut values = self.values.borrow_mut();
        let is_outdated = self.rows_written.replace(database.rows_written()) != database.rows_written();
        if is_outdated || values.len() >= MAX {
            values.clear();
        }
        values.push((name.to_owned(), value));
    }
}
