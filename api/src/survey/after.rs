//! What comes after the answer: thanks with a link, permission to be quoted, a way to be reached.

use serde_json::Value;

use super::Members;
use super::words::Words;
use crate::fields::{Fields, Problems};
use nps::Category;

/// The longest address, in characters.
pub const MAX_URL: usize = 500;
/// The longest label of a link, in characters.
const MAX_LABEL: usize = 100;

/// The categories in the order in which they are written.
const CATEGORIES: [(Category, &str); 3] =
    [(Category::Promoter, "promoter"), (Category::Passive, "passive"), (Category::Detractor, "detractor")];

/// Some of the three categories, at least one; by default all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Categories([bool; 3]);

impl Default for Categories {
    fn default() -> Self {
        Self([true; 3])
    }
}

impl Categories {
    /// Those for which `has` holds; `None` where it holds for none.
    pub fn of(has: impl Fn(Category) -> bool) -> Option<Self> {
        let has = CATEGORIES.map(|(category, _)| has(category));
        has.contains(&true).then_some(Self(has))
    }

    /// Whether this one is among them.
    pub fn has(self, category: Category) -> bool {
        CATEGORIES.iter().zip(self.0).any(|((other, _), has)| has && *other == category)
    }

    /// Reads the member `for`.
    pub(super) fn read(fields: &Fields, problems: &mut Problems) -> Self {
        if fields.get("for").is_none() {
            return Self::default();
        }
        let before = problems.count();
        let given = fields.list(problems, "for", 3);
        for (index, word) in given.iter().enumerate() {
            if !CATEGORIES.iter().any(|(_, known)| word == known) {
                let at = format!("{}/{index}", fields.at("for"));
                problems.note(&at, "Must be promoter, passive or detractor.");
            }
        }
        let some = CATEGORIES.map(|(_, known)| given.iter().any(|word| word == known));
        if !some.contains(&true) && problems.count() == before {
            fields.wrong(problems, "for", "Names nobody; name a category, or leave it out for all three.");
        }
        Self(some)
    }

    /// Writes the member `for`.
    pub(super) fn write(self, out: &mut Members) {
        let words = |those: Self| {
            let words = CATEGORIES.iter().zip(those.0).filter(|(_, has)| *has).map(|((_, word), _)| *word);
            words.collect::<Vec<_>>()
        };
        out.put("for", words(self), words(Self::default()));
    }
}

/// A link under the thanks: to a review page, a shop, a support form.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// Where it leads; [`is_url`] holds.
    pub url: String,
    /// What the visitor reads.
    pub label: Words,
}

/// The link that each category finds under its thanks. What they read above it is among [`Texts`](super::Texts).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Thanks {
    /// For promoters.
    pub promoter: Option<Link>,
    /// For passives.
    pub passive: Option<Link>,
    /// For detractors.
    pub detractor: Option<Link>,
}

impl Thanks {
    /// The link for a category.
    pub const fn of(&self, category: Category) -> Option<&Link> {
        match category {
            Category::Promoter => self.promoter.as_ref(),
            Category::Passive => self.passive.as_ref(),
            Category::Detractor => self.detractor.as_ref(),
        }
    }

    pub(super) fn read(fields: &Fields, problems: &mut Problems) -> Self {
        let thanks = fields.object(problems, "thanks", &["promoter", "passive", "detractor"]);
        let [promoter, passive, detractor] = CATEGORIES.map(|(_, word)| {
            let link = thanks.object(problems, word, &["link"]);
            link.get("link")?;
            let link = link.object(problems, "link", &["url", "label"]);
            if !link.is_there() {
                return None;
            }
            let before = problems.count();
            let url = url(&link, problems, "url");
            if url.is_none() && problems.count() == before {
                link.wrong(problems, "url", "Must be given: the address to which the link leads.");
            }
            let label = Words::read(&link, problems, "label", MAX_LABEL);
            Some(Link { url: url?, label: label? })
        });
        Self { promoter, passive, detractor }
    }

    pub(super) fn write(&self, out: &mut Members) {
        out.within("thanks", |out| {
            for (category, word) in CATEGORIES {
                let link = self.of(category).map(|link| {
                    out.object(|out| {
                        out.always("url", link.url.as_str());
                        out.always("label", &link.label);
                    })
                });
                out.within(word, |out| out.put("link", link, Value::Null));
            }
        });
    }
}

/// What promoters are offered to agree to. Nothing is published without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Consents {
    /// To be quoted.
    pub quote: bool,
    /// To give a reference.
    pub reference: bool,
}

impl Consents {
    pub(super) fn read(fields: &Fields, problems: &mut Problems) -> Self {
        let consents = fields.object(problems, "consents", &["quote", "reference"]);
        Self { quote: consents.flag(problems, "quote"), reference: consents.flag(problems, "reference") }
    }

    pub(super) fn write(self, out: &mut Members) {
        out.within("consents", |out| {
            out.put("quote", self.quote, false);
            out.put("reference", self.reference, false);
        });
    }
}

/// Whether a visitor may leave a way to be reached. It is kept apart from the answer, and for a shorter time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Contact {
    /// Whether the field is there at all.
    pub ask: bool,
    /// Who finds it.
    pub audience: Categories,
}

impl Contact {
    pub(super) fn read(fields: &Fields, problems: &mut Problems) -> Self {
        let contact = fields.object(problems, "contact", &["ask", "for"]);
        Self { ask: contact.flag(problems, "ask"), audience: Categories::read(&contact, problems) }
    }

    pub(super) fn write(self, out: &mut Members) {
        out.within("contact", |out| {
            out.put("ask", self.ask, false);
            self.audience.write(out);
        });
    }
}

/// A member that is an address.
pub(super) fn url(fields: &Fields, problems: &mut Problems, name: &str) -> Option<String> {
    let url = fields.line(problems, name, MAX_URL)?;
    if !is_url(&url) {
        let detail = "Must be an address such as https://shop.example/review, without a user name. \
                      Only localhost and 127.0.0.1 may do without https.";
        fields.wrong(problems, name, detail);
        return None;
    }
    Some(url)
}

/// Whether a visitor may be sent there: an absolute `https` address without a user name and without spaces, or an
/// `http` one of the own machine, so that an owner can try it out.
pub fn is_url(text: &str) -> bool {
    let (rest, own_machine_only) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
        (Some(rest), _) => (rest, false),
        (None, Some(rest)) => (rest, true),
        (None, None) => return false,
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    let label =
        |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || "-_".contains(c));
    let own_machine = ["localhost", "127.0.0.1"].contains(&host);
    host.split('.').all(label)
        && (own_machine || !own_machine_only)
        && port.is_none_or(|port| !port.starts_with('+') && port.parse::<u16>().is_ok())
        && !text.contains(|c: char| c.is_control() || c.is_whitespace() || "\"<>\\^`{|}".contains(c))
}
