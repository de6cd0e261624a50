//! Targeting: the visitors who are asked, when and how often.

use super::glob::Glob;
use super::object_writer::ObjectWriter;
use super::string_enum::string_enum;
use crate::limits::{MAX_EVENT, MAX_GLOBS};
use crate::validation::quoted;
use crate::validation::{Errors, ObjectReader};

/// Trigger that shows the survey to an eligible visitor. The page can also open it by hand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Trigger {
    /// The visitor has been on the page for
    /// [`Survey::delay_seconds`](super::Survey::delay_seconds).
    #[default]
    Delay,
    /// The visitor has scrolled that far.
    Scroll {
        /// Share of the page above the window's lower edge, 1–100 per cent.
        percent: u16,
    },
    /// The visitor is about to leave: the pointer leaves the window at the top.
    Exit,
    /// The page said `grapevine("event", NAME)`.
    Event {
        /// Which event: 1–60 of `a–z A–Z 0–9 _ . : -`.
        name: String,
    },
    /// Only when the page opens it.
    Manual,
}

impl Trigger {
    const NAMES: [&'static str; 5] = ["delay", "scroll", "exit", "event", "manual"];

    pub(super) fn read(reader: &ObjectReader, errors: &mut Errors) -> Self {
        let trigger = reader.object(errors, "trigger", &["kind", "percent", "name"]);
        let before = errors.len();
        let kind = trigger.one_of(errors, "kind", &Self::NAMES);
        if errors.len() > before {
            // What else belongs there depends on the kind.
            return Self::Delay;
        }
        for (name, of, detail) in [
            ("percent", 1, "Belongs to the trigger scroll; leave it out, or set \"kind\": \"scroll\"."),
            ("name", 3, "Belongs to the trigger event; leave it out, or set \"kind\": \"event\"."),
        ] {
            if kind != Some(of) && trigger.get(name).is_some() {
                trigger.error(errors, name, detail);
            }
        }
        match kind {
            Some(1) => {
                if trigger.get("percent").is_none() {
                    trigger.error(errors, "percent", "Must be given: how far to scroll, 1 to 100.");
                }
                Self::Scroll { percent: trigger.integer_or(errors, "percent", (1..=100, ""), 100) }
            }
            Some(2) => Self::Exit,
            Some(3) => Self::Event { name: event(&trigger, errors).unwrap_or_default() },
            Some(4) => Self::Manual,
            _ => Self::Delay,
        }
    }

    pub(super) fn write(&self, out: &mut ObjectWriter) {
        let (kind, percent, name) = match self {
            Self::Delay => ("delay", None, None),
            Self::Scroll { percent } => ("scroll", Some(*percent), None),
            Self::Exit => ("exit", None, None),
            Self::Event { name } => ("event", None, Some(name.as_str())),
            Self::Manual => ("manual", None, None),
        };
        out.within("trigger", |out| {
            out.put("kind", kind, "delay");
            out.put("percent", percent, None::<u16>);
            out.text("name", name);
        });
    }
}

fn event(trigger: &ObjectReader, errors: &mut Errors) -> Option<String> {
    let name = trigger.required_string(errors, "name", MAX_EVENT)?;
    if !name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.:-".contains(&b)) {
        trigger.error(errors, "name", "Must be made of a–z, A–Z, 0–9, _, ., : and - only.");
        return None;
    }
    Some(name)
}

/// On which pages the survey may show.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageRules {
    /// Only on those; empty means on every page.
    pub include: Vec<Glob>,
    /// But never on those.
    pub exclude: Vec<Glob>,
}

impl PageRules {
    pub(super) fn read(reader: &ObjectReader, errors: &mut Errors) -> Self {
        let pages = reader.object(errors, "pages", &["include", "exclude"]);
        let [include, exclude] = ["include", "exclude"].map(|name| {
            let mut globs = Vec::new();
            for (index, glob) in pages.array(errors, name, MAX_GLOBS).iter().enumerate() {
                let parsed = match glob.as_str() {
                    Some(text) => Glob::parse(text),
                    None => Err("Must be text such as /shop/**."),
                };
                match parsed {
                    Ok(glob) => globs.push(glob),
                    Err(detail) => errors.push(&format!("{}/{index}", pages.pointer_to(name)), detail),
                }
            }
            globs
        });
        Self { include, exclude }
    }

    pub(super) fn write(&self, out: &mut ObjectWriter) {
        out.within("pages", |out| {
            out.list("include", self.include.iter().map(|glob| glob.as_str().into()));
            out.list("exclude", self.exclude.iter().map(|glob| glob.as_str().into()));
        });
    }
}

/// Pauses before a visitor is asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recontact {
    /// Days after a response, 90–730.
    pub answered_days: u16,
    /// Days after "Not now", 7–365.
    pub dismissed_days: u16,
    /// After so many impressions in a row without a word the visitor is not asked again, 1–10.
    pub ignored_times: u16,
    /// Days after an impression that was ignored before the next one, 0–365.
    pub ignored_days: u16,
    /// The most impressions in 365 days, 1–12.
    pub per_year: u16,
    /// The first page view on which the survey may show, 1–20: somebody who has just come has
    /// nothing to say yet.
    pub first_view: u16,
}

impl Default for Recontact {
    fn default() -> Self {
        Self {
            answered_days: 120,
            dismissed_days: 30,
            ignored_times: 3,
            ignored_days: 1,
            per_year: 4,
            first_view: 2,
        }
    }
}

impl Recontact {
    pub(super) fn read(reader: &ObjectReader, errors: &mut Errors) -> Self {
        let names =
            ["answered_days", "dismissed_days", "ignored_times", "ignored_days", "per_year", "first_view"];
        let given = reader.object(errors, "recontact", &names);
        let default = Self::default();
        let mut whole = |name, range, of, default| given.integer_or(errors, name, (range, of), default);
        Self {
            answered_days: whole("answered_days", 90..=730, " of days", default.answered_days),
            dismissed_days: whole("dismissed_days", 7..=365, " of days", default.dismissed_days),
            ignored_times: whole("ignored_times", 1..=10, "", default.ignored_times),
            ignored_days: whole("ignored_days", 0..=365, " of days", default.ignored_days),
            per_year: whole("per_year", 1..=12, "", default.per_year),
            first_view: whole("first_view", 1..=20, "", default.first_view),
        }
    }

    pub(super) fn write(self, out: &mut ObjectWriter) {
        let default = Self::default();
        out.within("recontact", |out| {
            out.put("answered_days", self.answered_days, default.answered_days);
            out.put("dismissed_days", self.dismissed_days, default.dismissed_days);
            out.put("ignored_times", self.ignored_times, default.ignored_times);
            out.put("ignored_days", self.ignored_days, default.ignored_days);
            out.put("per_year", self.per_year, default.per_year);
            out.put("first_view", self.first_view, default.first_view);
        });
    }
}

string_enum! {
    /// Storage allowed in the visitor's browser.
    #[derive(Default)]
    Storage {
        /// A single key with dates and counts: the least that keeps a visitor from being asked too
        /// often.
        #[default]
        Essential = "essential",
        /// Nothing before the page says that the visitor agreed.
        Consent = "consent",
        /// Nothing at all. The survey then forgets whom it has asked when the page is left.
        None = "none",
    }
}

/// Reads the member `sampling`.
pub(super) fn sampling(reader: &ObjectReader, errors: &mut Errors) -> f64 {
    let Some(value) = reader.get("sampling") else { return 1.0 };
    value.as_f64().filter(|share| (0.0..=1.0).contains(share)).unwrap_or_else(|| {
        let not = quoted(value);
        let detail = format!("Must be a number from 0, nobody is asked, to 1, everybody is, not {not}.");
        reader.error(errors, "sampling", &detail);
        1.0
    })
}
