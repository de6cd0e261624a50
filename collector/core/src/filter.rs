//! Which responses are meant: the parameters of `GET …/responses` and `GET …/export`.

use api::limits::{MAX_PROPERTY_NAME, MAX_USER};
use api::report::CHANNEL;
use api::slug::{SLUG_CHARACTERS, is_slug};
use api::validation::QueryReader;
use api::{CaseState, Channel, Day, Mark};
use nps::Category;

/// The most `filter[NAME]` of one request.
const MAX_PROPERTIES: usize = 5;
/// The longest text to search for, in characters.
const MAX_SEARCH: usize = 100;

/// The longest tag, in characters.
const MAX_TAG: usize = 40;
/// The longest id of an import, in characters.
const MAX_IMPORT: usize = 40;
/// The longest value of a property, in characters.
const MAX_VALUE: usize = 500;

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
    pub state: Option<StateFilter>,
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
    /// Id of the import that created them.
    pub import: Option<String>,
    /// Their marks.
    pub marked: Marked,
    /// The first local day.
    pub from: Option<Day>,
    /// The last local day, which is part of it.
    pub to: Option<Day>,
}

/// Condition on the mark of a response.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Marked {
    /// With this mark.
    Is(Mark),
    /// Without one.
    No,
    /// With or without.
    #[default]
    Any,
}

/// Condition on the state of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateFilter {
    /// In this state.
    Is(CaseState),
    /// Not done, and past its deadline.
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

impl StateFilter {
    /// Reads the name of a state, or `overdue`.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "overdue" { Some(Self::Overdue) } else { CaseState::parse(text).map(Self::Is) }
    }
}

impl Marked {
    /// Reads the name of a mark, `no` or `any`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "no" => Some(Self::No),
            "any" => Some(Self::Any),
            name => Mark::parse(name).map(Self::Is),
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
    /// Names of the parameters.
    pub const PARAMETERS: [&str; 13] = [
        "category",
        "filter[NAME]",
        "tag",
        "state",
        "q",
        "user",
        "answered",
        "dismissed",
        "variant",
        "import",
        "marked",
        "from",
        "to",
    ];

    /// Reads the parameters of a filter. Errors stay with the reader. `marked` is meant where the
    /// query has no such parameter.
    pub fn read(query: &mut QueryReader, marked: Marked) -> Self {
        let filter = Self {
            category: query.parse("category", "promoter, passive or detractor", Category::parse),
            properties: properties(query),
            tag: text(query, "tag", MAX_TAG),
            state: query.parse("state", "open, in_progress, done or overdue", StateFilter::parse),
            search: search(query),
            user: text(query, "user", MAX_USER),
            answered: query.parse("answered", "true or false", |value| value.parse().ok()),
            dismissed: query.parse("dismissed", "true or false", |value| value.parse().ok()),
            variant: query.parse("variant", SLUG_CHARACTERS, |name| is_slug(name).then(|| name.to_owned())),
            import: text(query, "import", MAX_IMPORT),
            marked: query.parse("marked", "test, spam, no or any", Marked::parse).unwrap_or(marked),
            from: query.day("from"),
            to: query.day("to"),
        };
        if let (Some(from), Some(to)) = (filter.from, filter.to)
            && to < from
        {
            query.error("to", &format!("Comes before from ({from})."));
        }
        filter
    }
}

fn text(query: &mut QueryReader, name: &str, max: usize) -> Option<String> {
    query.parse(name, &format!("text of 1 to {max} characters"), |value| {
        is_text(value, max).then(|| value.to_owned())
    })
}

fn is_text(value: &str, max: usize) -> bool {
    !value.trim().is_empty() && value.chars().count() <= max && !value.contains('\0')
}

fn search(query: &mut QueryReader) -> Option<Search> {
    let expected = format!("text of 1 to {MAX_SEARCH} characters with at least one letter or digit");
    query.parse("q", &expected, |value| is_text(value, MAX_SEARCH).then(|| Search::parse(value)).flatten())
}

fn properties(query: &mut QueryReader) -> Vec<(String, Option<String>)> {
    let given = query.bracketed().to_vec();
    for (property, value) in &given {
        let name = format!("filter[{property}]");
        let is_unfit = |c: char| c.is_control() || matches!(c, '"' | '\\');
        if property.is_empty() || property.chars().count() > MAX_PROPERTY_NAME || property.contains(is_unfit)
        {
            query.error(&name, "Must name a property between the brackets, for example filter[plan]=pro.");
        } else if !value.is_empty() && !is_text(value, MAX_VALUE) {
            query.error(&name, &format!("Must be text of 1 to {MAX_VALUE} characters, or empty."));
        } else if *property == CHANNEL
            && !value.is_empty()
            && let Err(detail) = Channel::parse(value)
        {
            query.error(&name, &detail);
        }
    }
    if let Some((property, _)) = given.get(MAX_PROPERTIES) {
        let detail = format!("Is one too many; at most {MAX_PROPERTIES} properties are filtered by.");
        query.error(&format!("filter[{property}]"), &detail);
    }
    let value = |value: &str| (!value.is_empty()).then(|| value.to_owned());
    given.into_iter().map(|(name, text)| (name.to_owned(), value(text))).collect()
}

#[cfg(test)]
mod tests {
    use api::ValidationError;

    use super::*;

    fn filter(pairs: &[(&str, &str)]) -> Result<Filter, Vec<ValidationError>> {
        let mut query = QueryReader::new(&mut pairs.iter().copied(), &Filter::PARAMETERS);
        let filter = Filter::read(&mut query, Marked::No);
        query.finish(filter)
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
            ("import", "k4m9x2v7pcqa"),
            ("marked", "spam"),
            ("from", "2026-01-01"),
            ("to", "2026-01-31"),
        ])
        .unwrap();
        assert_eq!(all.category, Some(Category::Detractor));
        assert_eq!(all.properties, [("plan".into(), Some("pro".into())), ("country".into(), None)]);
        assert_eq!(all.state, Some(StateFilter::Overdue));
        assert_eq!(all.search, Some(Search::Words(vec!["slow".into(), "delivery".into()])));
        assert_eq!((all.answered, all.dismissed), (Some(true), Some(false)));
        assert_eq!(all.import.as_deref(), Some("k4m9x2v7pcqa"));
        assert_eq!(all.marked, Marked::Is(Mark::Spam));
        assert_eq!(filter(&[]).unwrap().marked, Marked::No, "that of the endpoint");
        assert_eq!(filter(&[("marked", "any")]).unwrap(), Filter::default());
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
            ("import", ""),
            ("marked", "yes"),
            ("from", "yesterday"),
            ("to", "2026-02-30"),
            ("filter[]", "x"),
            ("filter[a\"b]", "x"),
            ("filter[channel]", "mail"),
            ("filter[a]", long.as_str()),
            ("colour", "red"),
        ] {
            assert_eq!(filter(&[(name, value)]).unwrap_err()[0].pointer, name);
        }
        let errors = filter(&[("state", "closed"), ("filter[]", "x"), ("to", "soon")]).unwrap_err();
        let names: Vec<&str> = errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(names, ["filter[]", "state", "to"], "all of them at once");
        assert_eq!(filter(&[("tag", "a"), ("tag", "b")]).unwrap_err()[0].pointer, "tag");
        assert_eq!(filter(&[("filter[a]", "1"), ("filter[a]", "2")]).unwrap_err()[0].pointer, "filter[a]");
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
