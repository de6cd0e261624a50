//! A page of the documentation: its sections and their code.

use std::fs;

use tests::{Collector, Site};

/// Text of a page in `docs/`.
pub struct Document {
    name: String,
    text: String,
}

impl Document {
    /// Reads a page.
    pub fn open(name: &str) -> Self {
        let path = xtask::root().join("docs").join(name);
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self { name: name.to_owned(), text }
    }

    /// Returns the whole page.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the text of a section, which ends with the next heading of that level.
    pub fn section(&self, heading: &str) -> &str {
        let (_, rest) = self
            .text
            .split_once(&format!("\n## {heading}\n"))
            .unwrap_or_else(|| panic!("no section {heading:?} in {}", self.name));
        rest.split_once("\n## ").map_or(rest, |(section, _)| section)
    }

    /// Returns the code in a language from a section, in order.
    pub fn code(&self, heading: &str, language: &str) -> Vec<&str> {
        let code = blocks(self.section(heading), language);
        assert!(!code.is_empty(), "no {language} in {heading:?} of {}", self.name);
        code
    }

    /// Returns all code of the page in a language, in order.
    pub fn blocks(&self, language: &str) -> Vec<&str> {
        blocks(&self.text, language)
    }

    /// Returns the first code in a language in front of all sections.
    pub fn introduction(&self, language: &str) -> &str {
        let before = self.text.split("\n## ").next().unwrap_or_default();
        blocks(before, language).first().unwrap_or_else(|| panic!("no {language} in front of {}", self.name))
    }
}

/// Returns the code in a language, in order.
fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    text.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap_or_default()).collect()
}

/// Puts a collector and a site into the places of `https://HOST` and `SITE`.
pub fn filled(code: &str, collector: &Collector, site: &Site) -> String {
    assert!(code.contains("https://HOST") && code.contains("SITE"), "both are named: {code}");
    code.replace("https://HOST", &collector.url()).replace("SITE", &site.id)
}
