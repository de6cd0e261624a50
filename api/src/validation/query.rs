//! Reader of a query string.

use super::{Errors, ValidationError};
use crate::Day;

/// Query parameters that are being read. A parameter that is unknown or given twice is an error.
pub struct QueryReader<'a> {
    values: Vec<Option<&'a str>>,
    names: &'a [&'static str],
    bracketed: Vec<(&'a str, &'a str)>,
    errors: Errors,
}

impl<'a> QueryReader<'a> {
    /// Takes decoded names and values. `names` are all that there are; `NAME[…]` among them stands
    /// for a family such as `filter[plan]`.
    pub fn new(pairs: &mut dyn Iterator<Item = (&'a str, &'a str)>, names: &'a [&'static str]) -> Self {
        let mut reader =
            Self { values: vec![None; names.len()], names, bracketed: Vec::new(), errors: Errors::default() };
        for (name, value) in pairs {
            reader.insert(name, value);
        }
        reader
    }

    fn insert(&mut self, name: &'a str, value: &'a str) {
        const TWICE: &str = "Given more than once; give it once.";
        if let Some(member) = name.split_once('[').and_then(|(family, rest)| {
            let known = self.names.iter().any(|name| name.strip_suffix("[NAME]") == Some(family));
            rest.strip_suffix(']').filter(|_| known)
        }) {
            if self.bracketed.iter().any(|(known, _)| *known == member) {
                return self.errors.push(name, TWICE);
            }
            return self.bracketed.push((member, value));
        }
        let index = self.names.iter().position(|known| *known == name);
        match index.and_then(|index| self.values.get_mut(index)) {
            None => {
                let family = name.split('[').next().unwrap_or_default();
                let detail = if self.names.iter().any(|name| name.strip_suffix("[NAME]") == Some(family)) {
                    format!("Must have a name in brackets, for example {family}[plan]=pro.")
                } else {
                    let shown: String = name.chars().take(40).collect();
                    format!("Unknown parameter `{shown}`. Expected one of: {}.", self.names.join(", "))
                };
                self.errors.push(name, &detail);
            }
            Some(Some(_)) => self.errors.push(name, TWICE),
            Some(slot) => *slot = Some(value),
        }
    }

    /// Returns the value of a parameter.
    pub fn get(&self, name: &str) -> Option<&'a str> {
        let index = self.names.iter().position(|known| *known == name)?;
        self.values.get(index).copied().flatten()
    }

    /// Returns the names in brackets with their values, in the order of the query.
    pub fn bracketed(&self) -> &[(&'a str, &'a str)] {
        &self.bracketed
    }

    /// Adds an error at a parameter.
    pub fn error(&mut self, name: &str, detail: &str) {
        self.errors.push(name, detail);
    }

    /// Reads a parameter with `parse`, or adds the error that it `Must be` what is expected, with
    /// the value that was given.
    pub fn parse<T>(
        &mut self,
        name: &str,
        expected: &str,
        parse: impl FnOnce(&'a str) -> Option<T>,
    ) -> Option<T> {
        let value = self.get(name)?;
        let parsed = parse(value);
        if parsed.is_none() {
            self.reject(name, expected, value);
        }
        parsed
    }

    /// Adds the error of [`parse`](Self::parse), whatever type it reads.
    #[inline(never)]
    fn reject(&mut self, name: &str, expected: &str, value: &str) {
        let shown: String = value.chars().take(40).collect();
        self.error(name, &format!("Must be {expected}. Given: `{shown}`."));
    }

    /// Reads a parameter with `parse`, or adds the error that it returns.
    pub fn try_parse<T>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&'a str) -> Result<T, String>,
    ) -> Option<T> {
        match parse(self.get(name)?) {
            Ok(parsed) => Some(parsed),
            Err(detail) => {
                self.error(name, &detail);
                None
            }
        }
    }

    /// Reads a parameter that is a day.
    pub fn day(&mut self, name: &str) -> Option<Day> {
        self.parse(name, "a day as YYYY-MM-DD, for example 2026-11-22", Day::parse)
    }

    /// Whether there are no errors so far.
    pub fn is_valid(&self) -> bool {
        self.errors.is_empty()
    }

    /// Returns `value` if there are no errors.
    pub fn finish<T>(self, value: T) -> Result<T, Vec<ValidationError>> {
        self.errors.finish(value)
    }
}
