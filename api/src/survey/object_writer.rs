//! Writing settings: in full for the owner, or as little as will be read back the same for the
//! loader.

use serde_json::{Map, Value};

/// The members of an object that is being written.
pub(super) struct ObjectWriter {
    /// Whether members at their default are written too.
    pub(super) complete: bool,
    written: Vec<(&'static str, Value)>,
}

impl ObjectWriter {
    /// None yet.
    pub(super) fn new(complete: bool) -> Self {
        Self { complete, written: Vec::new() }
    }

    /// Writes a member in any case.
    pub(super) fn always(&mut self, name: &'static str, value: impl Into<Value>) {
        self.written.push((name, value.into()));
    }

    /// Writes a member, unless it is at its default and only what differs is written.
    pub(super) fn put(&mut self, name: &'static str, value: impl Into<Value>, default: impl Into<Value>) {
        let value = value.into();
        if self.complete || value != default.into() {
            self.written.push((name, value));
        }
    }

    /// Writes a text, `null` where there is none.
    pub(super) fn text(&mut self, name: &'static str, text: Option<&str>) {
        self.put(name, text, Value::Null);
    }

    /// Writes an array, empty by default.
    pub(super) fn list(&mut self, name: &'static str, items: impl Iterator<Item = Value>) {
        self.put(name, items.collect::<Vec<_>>(), Vec::<Value>::new());
    }

    /// Writes an object of such members, empty by default.
    pub(super) fn within(&mut self, name: &'static str, write: impl FnOnce(&mut ObjectWriter)) {
        let inner = self.object(write);
        self.put(name, inner, Map::new());
    }

    /// An object of such members.
    pub(super) fn object(&self, write: impl FnOnce(&mut ObjectWriter)) -> Value {
        let mut inner = ObjectWriter::new(self.complete);
        write(&mut inner);
        inner.into_value()
    }

    /// Returns the members in the order of writing.
    pub(super) fn into_list(self) -> Vec<(&'static str, Value)> {
        self.written
    }

    /// Returns the members as an object.
    pub(super) fn into_value(self) -> Value {
        Value::Object(self.written.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }
}
