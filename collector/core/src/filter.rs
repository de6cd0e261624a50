//! Which responses are meant: the parameters of `GET …/responses` and `GET …/export`.

use api::limits::MAX_USER;
use api::report::CHANNEL;
use api::{Channel, Day, ValidationError};
use nps::Category;

/// The most `filter[NAME]` of one request.
const MAX_PROPERTIES: usize = 5;
/// The longest text to search for, in characters.
const MAX_SEARCH: usize = 100;

const PARAMETERS: &str =
    "category, filter[NAME], tag, state, q, user, answered, dismissed, variant, from, to";

/// Filter of responses. All conditions must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Their category.
    pub category: Option<Category>,
    /// A property and its value; `None` for responses without it.
    pub properties: Vec<(String, Option<String>)>,
    /// A tag that the owner gave.
    pub tag: Option<String>,
    /// State of the case.
    pub state: Option<CaseState>,
    /// Search in the comment.
    pub search: Option<Search>,
    /// The user of the responses.
    pub user: Option<String>,
    /// Whether they have a score.
    pub answered: Option<bool>,
    /// Whether "Not now" was chosen instead of a response.
    pub dismissed: Option<bool>,
    /// The variant of the question.
    pub variant: Option<String>,
    /// The first local day.
    pub from: Option<Day>,
    /// The last local day, which is part of it.
    pub to: Option<Day>,
}

/// State of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseState {
    /// Nobody has begun.
    Open,
    /// Somebody is at it.
    InProgress,
    /// Closed.
    Done,
    /// Open or in progress, and past its deadline.
    Overdue,
}

/// Words to look for in comments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Search {
    /// Each of these must begin a word of the comment. For an index of words.
    Words(Vec<String>),
    /// The comment must hold this text. For writing without spaces, where words cannot be told
    /// apart.
    Text(String),
}

impl CaseState {
    /// Reads `open`, `in_progress`, `done` or `overdue`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "open" => Some(Self::Open),
            "in_progress" => Some(Self::InProgress),
            "done" => Some(Self::Done),
            "overdue" => Some(Self::Overdue),
            _ => None,
        }
    }
}

impl Search {
    /// Parses typed text; `None` if it holds no letter or digit.
    pub fn parse(text: &str) -> Option<Self> {
        if text.chars().any(is_unspaced) {
            return Some(Self::Text(text.trim().to_owned()));
        }
        let words = text.split(|c: char| !c.is_alphanumeric() && !is_mark(c)).filter(|word| !word.is_empty());
        let words: Vec<String> = words.map(str::to_owned).collect();
        (!words.is_empty()).then_some(Self::Words(words))
    }

    /// The query for an FTS5 index of words: each word as a prefix, all of them required.
    pub fn fts(words: &[String]) -> String {
        // A word has letters and digits only, so no quote can end it early.
        words.iter().map(|word| format!("\"{word}\"*")).collect::<Vec<_>>().join(" ")
    }
}

/// Marks that are written over or under the letter before them; the index takes them off.
fn is_mark(c: char) -> bool {
    matches!(u32::from(c), 0x0300..=0x036f)
}

/// Letters of scripts that write without spaces between words: Thai, Lao, Khmer, Burmese, Chinese,
/// Japanese.
fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c), 0x0e00..=0x0eff | 0x1000..=0x109f | 0x1780..=0x17ff | 0x2e80..=0x9fff | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff)
}

impl Filter {
    /// Takes one name and value of a query. `Ok(false)` where the name is none of ours.
    pub fn try_set(&mut self, name: &str, value: &str) -> Result<bool, ValidationError> {
        let wrong = |detail: String| Err(ValidationError::new(name, detail));
        let twice = |given: bool| {
            if given {
                Err(ValidationError::new(name, "Is given more than once; give it once."))
            } else {
                Ok(())
            }
        };
        match name {
            "category" => {
                twice(self.category.is_some())?;
                self.category = Category::parse(value);
                if self.category.is_none() {
                    return wrong("Must be promoter, passive or detractor.".into());
                }
            }
            "tag" => {
                twice(self.tag.is_some())?;
                self.tag = Some(text(name, value, 40)?);
            }
            "state" => {
                twice(self.state.is_some())?;
                self.state = CaseState::parse(value);
                if self.state.is_none() {
                    return wrong("Must be open, in_progress, done or overdue.".into());
                }
            }
            "q" => {
                twice(self.search.is_some())?;
                self.search = Search::parse(&text(name, value, MAX_SEARCH)?);
                if self.search.is_none() {
                    return wrong("Must hold at least one letter or digit.".into());
                }
            }
            "user" => {
                twice(self.user.is_some())?;
                self.user = Some(text(name, value, MAX_USER)?);
            }
            "answered" => {
                twice(self.answered.is_some())?;
                self.answered = Some(yes_or_no(name, value)?);
            }
            "dismissed" => {
                twice(self.dismissed.is_some())?;
                self.dismissed = Some(yes_or_no(name, value)?);
            }
            "variant" => {
                twice(self.variant.is_some())?;
                if !api::slug::is_slug(value) {
                    let max = api::limits::MAX_SLUG;
                    return wrong(format!("Must be 1 to {max} characters of a–z, 0–9, - and _."));
                }
                self.variant = Some(value.to_owned());
            }
            "from" => {
                twice(self.from.is_some())?;
                self.from = Some(day(name, value)?);
            }
            "to" => {
                twice(self.to.is_some())?;
                self.to = Some(day(name, value)?);
            }
            _ => return self.property(name, value),
        }
        Ok(true)
    }

    fn property(&mut self, name: &str, value: &str) -> Result<bool, ValidationError> {
        let Some(property) = name.strip_prefix("filter[").and_then(|rest| rest.strip_suffix(']')) else {
            return Ok(false);
        };
        let wrong = |detail: String| Err(ValidationError::new(name, detail));
        let unfit = |c: char| c.is_control() || matches!(c, '"' | '\\');
        if property.is_empty() || property.chars().count() > 64 || property.contains(unfit) {
            return wrong("Must name a property between the brackets, for example filter[plan]=pro.".into());
        }
        if self.properties.iter().any(|(known, _)| known == property) {
            return wrong("Is given more than once; give it once.".into());
        }
        if self.properties.len() == MAX_PROPERTIES {
            return wrong(format!("Is one too many; at most {MAX_PROPERTIES} properties are filtered by."));
        }
        let value = (!value.is_empty()).then(|| text(name, value, 500)).transpose()?;
        if property == CHANNEL
            && let Some(value) = &value
            && let Err(detail) = Channel::parse(value)
        {
            return wrong(detail);
        }
        self.properties.push((property.to_owned(), value));
        Ok(true)
    }

    /// Says that a name is unknown, given the names that the caller takes besides.
    pub fn unknown(name: &str, others: &str) -> ValidationError {
        ValidationError::new(
            name,
            format!("There is no parameter of this name. The parameters are {others}, {PARAMETERS}."),
        )
    }
}

fn text(name: &str, value: &str, max: usize) -> Result<String, ValidationError> {
    if value.trim().is_empty() || value.chars().count() > max || value.contains('\0') {
        return Err(ValidationError::new(name, format!("Must be text of 1 to {max} characters.")));
    }
    Ok(value.to_owned())
}

fn yes_or_no(name: &str, value: &str) -> Result<bool, ValidationError> {
    match value {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(ValidationError::new(name, "Must be true or false.")),
    }
}

fn day(name: &str, value: &str) -> Result<Day, ValidationError> {
    Day::parse(value)
        .ok_or_else(|| ValidationError::new(name, "Must be a day as YYYY-MM-DD, for example 2026-11-22."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(pairs: &[(&str, &str)]) -> Result<Filter, ValidationError> {
        let mut filter = Filter::default();
        for (name, value) in pairs {
            if !filter.try_set(name, value)? {
                return Err(Filter::unknown(name, "limit"));
            }
        }
        Ok(filter)
    }

    #[test]
    fn every_parameter_is_read() {
        let all = filter(&[
            ("category", "detractor"),
            ("filter[plan]", "pro"),
            ("filter[country]", ""),
            ("tag", "late"),
            ("state", "overdue"),
            ("q", "slow delivery"),
            ("user", "u1"),
            ("answered", "true"),
            ("dismissed", "false"),
            ("variant", "standard"),
            ("from", "2026-01-01"),
            ("to", "2026-01-31"),
        ])
        .unwrap();
        assert_eq!(all.category, Some(Category::Detractor));
        assert_eq!(all.properties, [("plan".into(), Some("pro".into())), ("country".into(), None)]);
        assert_eq!(all.state, Some(CaseState::Overdue));
        assert_eq!(all.search, Some(Search::Words(vec!["slow".into(), "delivery".into()])));
        assert_eq!((all.answered, all.dismissed), (Some(true), Some(false)));
    }

    #[test]
    fn each_invalid_parameter_is_named() {
        let long = "x".repeat(501);
        for (name, value) in [
            ("category", "fan"),
            ("tag", " "),
            ("state", "closed"),
            ("q", "!?"),
            ("user", ""),
            ("answered", "yes"),
            ("dismissed", "1"),
            ("variant", "Ö"),
            ("from", "yesterday"),
            ("to", "2026-02-30"),
            ("filter[]", "x"),
            ("filter[a\"b]", "x"),
            ("filter[channel]", "mail"),
            ("filter[a]", long.as_str()),
            ("colour", "red"),
        ] {
            assert_eq!(filter(&[(name, value)]).unwrap_err().pointer, name);
        }
        assert_eq!(filter(&[("tag", "a"), ("tag", "b")]).unwrap_err().pointer, "tag");
        assert_eq!(filter(&[("filter[a]", "1"), ("filter[a]", "2")]).unwrap_err().pointer, "filter[a]");
    }

    #[test]
    fn words_become_prefix_queries_and_unspaced_scripts_substrings() {
        let Some(Search::Words(words)) = Search::parse("Lieferung \"war\" zu-spät*") else { panic!() };
        assert_eq!(Search::fts(&words), "\"Lieferung\"* \"war\"* \"zu\"* \"spät\"*");
        assert_eq!(Search::parse("配送が遅い"), Some(Search::Text("配送が遅い".into())));
        assert_eq!(Search::parse("ช้ามาก"), Some(Search::Text("ช้ามาก".into())));
        assert_eq!(Search::parse("느린 배송"), Some(Search::Words(vec!["느린".into(), "배송".into()])));
        assert_eq!(Search::parse("spa\u{308}t"), Some(Search::Words(vec!["spa\u{308}t".into()])));
        assert_eq!(Search::parse(" - "), None);
    }
}
