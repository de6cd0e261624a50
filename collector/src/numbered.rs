//! Values that callbacks of the runtime name by numbers.

/// Values that pending work waits for, by numbers which are not used again for long. There are as
/// many as requests at a time, and the latest end first as a rule, so a list is searched from its
/// end.
pub struct Numbered<T> {
    values: Vec<(u32, T)>,
    latest: u32,
}

impl<T> Numbered<T> {
    /// Creates a list without values.
    pub const fn new() -> Self {
        Self { values: Vec::new(), latest: 0 }
    }

    /// Adds a value. Returns its number.
    pub fn add(&mut self, value: T) -> u32 {
        self.latest = self.latest.wrapping_add(1);
        self.values.push((self.latest, value));
        self.latest
    }

    /// Returns the value with a number.
    pub fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        self.values.iter_mut().rev().find(|(known, _)| *known == number).map(|(_, value)| value)
    }

    /// Removes the value with a number.
    pub fn remove(&mut self, number: u32) -> Option<T> {
        let place = self.values.iter().rposition(|(known, _)| *known == number)?;
        Some(self.values.swap_remove(place).1)
    }
}
