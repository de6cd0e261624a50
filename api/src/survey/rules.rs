//! Who is asked, when and how often.

use super::Members;
use super::glob::Glob;
use super::words::words;
use crate::fields::{Fields, Problems};
use crate::message::shorten;

/// The most globs of either list of [`Pages`].
pub const MAX_GLOBS: usize = 50;
/// The longest name of an event, in characters.
pub const MAX_EVENT: usize = 60;

/// What makes the survey show by itself, to a visitor who is due. The page can open it by hand under each of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Trigger {
    /// The visitor has been on the page for [`Survey::delay_seconds`](super::Survey::delay_seconds).
    #[default]
    Delay,
    /// The visitor has scrolled that far.
    Scroll {
        /// How much of the page has been above the window's lower edge, 1–100 per cent.
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
    const WORDS: [&'static str; 5] = ["delay", "scroll", "exit", "event", "manual"];

    pub(super) fn read(fields: &Fields, problems: &mut Problems) -> Self {
        let trigger = fields.object(problems, "trigger", &["kind", "percent", "name"]);
        let before = problems.count();
        let kind = trigger.word(problems, "kind", &Self::WORDS);
        if problems.count() > before {
            // What else belongs there depends on the kind.
            return Self::Delay;
        }
        for (name, of, detail) in [
            ("percent", 1, "Belongs to the trigger scroll; leave it out, or set \"kind\": \"scroll\"."),
            ("name", 3, "Belongs to the trigger event; leave it out, or set \"kind\": \"event\"."),
        ] {
            if kind != Some(of) && trigger.get(name).is_some() {
                trigger.wrong(problems, name, detail);
            }
        }
        match kind {
            Some(1) => {
                if trigger.get("percent").is_none() {
                    trigger.wrong(problems, "percent", "Must be given: how far to scroll, 1 to 100.");
                }
                Self::Scroll { percent: trigger.whole(problems, "percent", (1..=100, ""), 100) }
            }
            Some(2) => Self::Exit,
            Some(3) => Self::Event { name: event(&trigger, problems).unwrap_or_default() },
            Some(4) => Self::Manual,
            _ => Self::Delay,
        }
    }

    pub(super) fn write(&self, out: &mut Members) {
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

fn event(trigger: &Fields, problems: &mut Problems) -> Option<String> {
    let name = trigger.needed_line(problems, "name", MAX_EVENT)?;
    if !name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.:-".contains(&b)) {
        trigger.wrong(problems, "name", "Must be made of a–z, A–Z, 0–9, _, ., : and - only.");
        return None;
    }
    Some(name)
}

/// On which pages the survey may show.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pages {
    /// Only on those; empty means on every page.
    pub include: Vec<Glob>,
    /// But never on those.
    pub exclude: Vec<Glob>,
}

impl Pages {
    /// Whether the survey may show on the page of that path. See [`Glob::matches`] for what a path is.
    pub fn admit(&self, path: &str) -> bool {
        let any = |globs: &[Glob]| globs.iter().any(|glob| glob.matches(path));
        (self.include.is_empty() || any(&self.include)) && !any(&self.exclude)
    }

    pub(super) fn read(fields: &Fields, problems: &mut Problems) -> Self {
        let pages = fields.object(problems, "pages", &["include", "exclude"]);
        let [include, exclude] = ["include", "exclude"].map(|name| {
            let mut globs = Vec::new();
            for (index, glob) in pages.list(problems, name, MAX_GLOBS).iter().enumerate() {
                let parsed = match glob.as_str() {
                    Some(text) => Glob::parse(text),
                    None => Err("Must be text such as /shop/**."),
                };
                match parsed {
                    Ok(glob) => globs.push(glob),
                    Err(detail) => problems.note(&format!("{}/{index}", pages.at(name)), detail),
                }
            }
            globs
        });
        Self { include, exclude }
    }

    pub(super) fn write(&self, out: &mut Members) {
        out.within("pages", |out| {
            out.list("include", self.include.iter().map(|glob| glob.as_str().into()));
            out.list("exclude", self.exclude.iter().map(|glob| glob.as_str().into()));
        });
    }
}

/// How long a visitor is left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recontact {
    /// Days after an answer, 90–730.
    pub answered_days: u16,
    /// Days after "Not now", 7–365.
    pub dismissed_days: u16,
    /// After so many showings in a row without a word the visitor is not asked again, 1–10.
    pub ignored_times: u16,
    /// The most showings in 365 days, 1–12.
    pub per_year: u16,
    /// The first page view on which the survey may show, 1–20: somebody who has just come has nothing to say yet.
    pub first_view: u16,
}

impl Default for Recontact {
    fn default() -> Self {
        Self { answered_days: 120, dismissed_days: 30, ignored_times: 3, per_year: 4, first_view: 2 }
    }
}

impl Recontact {
    pub(super) fn read(fields: &Fields, problems: &mut Problems) -> Self {
        let names = ["answered_days", "dismissed_days", "ignored_times", "per_year", "first_view"];
        let given = fields.object(problems, "recontact", &names);
        let default = Self::default();
        let mut whole = |name, range, of, default| given.whole(problems, name, (range, of), default);
        Self {
            answered_days: whole("answered_days", 90..=730, " of days", default.answered_days),
            dismissed_days: whole("dismissed_days", 7..=365, " of days", default.dismissed_days),
            ignored_times: whole("ignored_times", 1..=10, "", default.ignored_times),
            per_year: whole("per_year", 1..=12, "", default.per_year),
            first_view: whole("first_view", 1..=20, "", default.first_view),
        }
    }

    pub(super) fn write(self, out: &mut Members) {
        let default = Self::default();
        out.within("recontact", |out| {
            out.put("answered_days", self.answered_days, default.answered_days);
            out.put("dismissed_days", self.dismissed_days, default.dismissed_days);
            out.put("ignored_times", self.ignored_times, default.ignored_times);
            out.put("per_year", self.per_year, default.per_year);
            out.put("first_view", self.first_view, default.first_view);
        });
    }
}

words! {
    /// What may be kept in the visitor's browser.
    #[derive(Default)]
    Storage {
        /// One key with dates and counts, which is what it takes not to ask too often.
        #[default]
        Essential = "essential",
        /// Nothing before the page says that the visitor agreed.
        Consent = "consent",
        /// Nothing at all. The survey then forgets whom it has asked when the page is left.
        None = "none",
    }
}

/// Reads the member `sampling`.
pub(super) fn sampling(fields: &Fields, problems: &mut Problems) -> f64 {
    let Some(value) = fields.get("sampling") else { return 1.0 };
    value.as_f64().filter(|share| (0.0..=1.0).contains(share)).unwrap_or_else(|| {
        let not = shorten(value);
        let detail = format!("Must be a number from 0, nobody is asked, to 1, everybody is, not {not}.");
        fields.wrong(problems, "sampling", &detail);
        1.0
    })
}
