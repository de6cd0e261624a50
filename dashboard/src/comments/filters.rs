//! Which comments are listed.

use nps::Category;

use super::state_label;
use crate::model::{CaseState, Response};
use crate::url_state::{Filter, UrlState};

/// Number of responses that one request returns.
const LIMIT: &str = "100";

/// Choice of the state of a case, or of a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateChoice {
    /// Cases that are not done, those due first on top.
    ToDo,
    /// Cases in this state.
    Is(CaseState),
    /// Cases past their due time.
    Overdue,
    /// Responses that are marked as tests.
    Test,
    /// Responses that are marked as spam.
    Spam,
}

impl StateChoice {
    /// Every choice.
    pub const ALL: [Self; 7] = [
        Self::ToDo,
        Self::Overdue,
        Self::Is(CaseState::Open),
        Self::Is(CaseState::InProgress),
        Self::Is(CaseState::Done),
        Self::Test,
        Self::Spam,
    ];

    /// Returns the name in the address.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ToDo => "to_do",
            Self::Is(state) => state.as_str(),
            Self::Overdue => "overdue",
            Self::Test => "test",
            Self::Spam => "spam",
        }
    }

    /// Returns the label.
    pub const fn label(self) -> &'static str {
        match self {
            Self::ToDo => "To do, due first",
            Self::Is(state) => state_label(state),
            Self::Overdue => "Overdue",
            Self::Test => "Marked as tests",
            Self::Spam => "Marked as spam",
        }
    }

    /// Returns the parameters of each list that has these responses.
    fn parameters(self) -> Vec<(&'static str, &'static str)> {
        match self {
            Self::ToDo => {
                [CaseState::Open, CaseState::InProgress].map(|state| ("state", state.as_str())).to_vec()
            }
            Self::Is(_) | Self::Overdue => vec![("state", self.as_str())],
            Self::Test | Self::Spam => vec![("marked", self.as_str())],
        }
    }
}

/// Filters of the comments, beside the days and the property.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filters {
    /// Category of the score.
    pub category: Option<Category>,
    /// State of the case.
    pub state: Option<StateChoice>,
    /// Tag.
    pub tag: Option<String>,
    /// Words of the comment.
    pub words: Option<String>,
    /// Language.
    pub lang: Option<String>,
    /// Only responses with a contact.
    pub has_contact: bool,
    /// Only comments that may be quoted.
    pub is_quotable: bool,
}

/// Filter that can be dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActiveFilter {
    /// Parameter of the address; `None` for the property.
    pub parameter: Option<&'static str>,
    /// The filter in words.
    pub label: String,
}

/// Place in the lists that are read one after another.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cursor {
    /// Index of the list.
    pub list: usize,
    /// Cursor in it.
    pub cursor: Option<String>,
}

impl Filters {
    /// Reads the filters of an address. An unknown value counts as absent.
    pub fn from_url(url: &UrlState) -> Self {
        let text = |name| url.view(name).map(str::to_owned);
        Self {
            category: url.view("category").and_then(Category::parse),
            state: url
                .view("state")
                .and_then(|name| StateChoice::ALL.into_iter().find(|it| it.as_str() == name)),
            tag: text("tag"),
            words: text("q").filter(|words| words.contains(char::is_alphanumeric)),
            lang: text("lang"),
            has_contact: url.view("contact").is_some(),
            is_quotable: url.view("consent").is_some(),
        }
    }

    /// Whether the cases that are due first are on top.
    pub fn is_due_first(&self) -> bool {
        self.state == Some(StateChoice::ToDo)
    }

    /// Returns the parameters of each list of responses that these comments are in.
    pub fn queries(
        &self,
        days: &[(&'static str, String)],
        property: Option<&Filter>,
    ) -> Vec<Vec<(String, String)>> {
        let mut common: Vec<(String, String)> = [("limit", LIMIT), ("answered", "true")]
            .map(|(name, value)| (name.into(), value.into()))
            .to_vec();
        let mut add = |name: &str, value: Option<&str>| {
            common.extend(value.map(|value| (name.to_owned(), value.to_owned())));
        };
        add("category", self.category.map(Category::as_str));
        add("tag", self.tag.as_deref());
        add("q", self.words.as_deref());
        add("filter[lang]", self.lang.as_deref());
        days.iter().for_each(|(name, value)| add(name, Some(value)));
        if let Some(Filter { property, value }) = property {
            add(&format!("filter[{property}]"), Some(value));
        }
        let Some(state) = self.state else { return vec![common] };
        let with = |(name, value): (&str, &str)| {
            common.iter().cloned().chain([(name.to_owned(), value.to_owned())]).collect()
        };
        state.parameters().into_iter().map(with).collect()
    }

    /// Whether a response of the lists is shown: the API has no filter for these.
    pub fn matches(&self, response: &Response) -> bool {
        (response.has_content() || response.mark.is_some())
            && (!self.has_contact || response.contact.is_some())
            && (!self.is_quotable || response.may_be_quoted())
    }

    /// Returns the key by which the list is sorted, where the case due first is on top. Cases
    /// without a due time come last, the oldest first.
    pub fn order(&self, response: &Response) -> Option<(bool, String)> {
        let time = response.due_at.as_ref().unwrap_or(&response.at);
        self.is_due_first().then(|| (response.due_at.is_none(), time.clone()))
    }

    /// Returns the filters that can be dropped, in words.
    pub fn active(&self, property: Option<&Filter>) -> Vec<ActiveFilter> {
        let filter = |parameter, label: Option<String>| label.map(|label| ActiveFilter { parameter, label });
        let property = property.map(|Filter { property, value }| {
            let value = if value.is_empty() { "not given" } else { value };
            format!("{property}: {value}")
        });
        let category = self.category.map(|category| format!("only {}s", category.as_str()));
        let state = self.state.map(|state| format!("state: {}", state.label()));
        [
            filter(Some("category"), category),
            filter(Some("state"), state),
            filter(Some("tag"), self.tag.as_ref().map(|tag| format!("tag: {tag}"))),
            filter(Some("q"), self.words.as_ref().map(|words| format!("words: {words}"))),
            filter(Some("lang"), self.lang.as_ref().map(|lang| format!("language: {lang}"))),
            filter(Some("contact"), self.has_contact.then(|| "has a contact".into())),
            filter(Some("consent"), self.is_quotable.then(|| "may be quoted".into())),
            filter(None, property),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::response;
    use super::*;

    fn filters(query: &str) -> (Filters, Option<Filter>) {
        let url = UrlState::parse(query);
        (Filters::from_url(&url), url.filter)
    }

    fn queries(query: &str) -> Vec<String> {
        let (filters, property) = filters(query);
        let days = [("from", "2026-09-01".to_owned())];
        let line = |parameters: Vec<(String, String)>| {
            parameters.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
        };
        filters.queries(&days, property.as_ref()).into_iter().map(line).collect()
    }

    #[test]
    fn every_filter_of_the_address_reaches_the_api() {
        assert_eq!(queries("?view=comments"), ["limit=100&answered=true&from=2026-09-01"]);
        assert_eq!(
            queries("?category=detractor&tag=late&q=tin+box&lang=de&state=overdue&plan=pro"),
            ["limit=100&answered=true&category=detractor&tag=late&q=tin box&filter[lang]=de\
                &from=2026-09-01&filter[plan]=pro&state=overdue"]
        );
        let marked = queries("?state=spam");
        assert!(marked[0].ends_with("&marked=spam"), "{marked:?}");
    }

    #[test]
    fn what_is_to_do_is_in_two_lists() {
        let lists = queries("?state=to_do");
        assert_eq!(lists.len(), 2);
        assert!(lists[0].ends_with("state=open") && lists[1].ends_with("state=in_progress"), "{lists:?}");
        let (filters, _) = filters("?state=to_do");
        let due = response(json!({ "state": "open", "due_at": "2026-11-27T10:00:00.000Z" }));
        let without = response(json!({ "state": "open", "at": "2026-11-26T08:00:00.000Z" }));
        assert!(filters.order(&due) < filters.order(&without));
        assert_eq!(Filters::default().order(&due), None);
    }

    #[test]
    fn wrong_values_count_as_absent() {
        for query in ["?category=everyone", "?state=lost", "?q=%22!%22", "?tag="] {
            assert_eq!(filters(query).0, Filters::default(), "{query}");
        }
    }

    #[test]
    fn a_score_alone_is_no_comment() {
        let shows = |query, members| filters(query).0.matches(&response(members));
        assert!(!shows("", json!({ "score": 3 })));
        assert!(shows("", json!({ "comment": "late" })));
        assert!(shows("", json!({ "state": "open" })));
        assert!(shows("", json!({ "answers": { "missing": "Green tea" } })));
        assert!(!shows("?contact=yes", json!({ "comment": "late" })));
        assert!(shows("?contact=yes", json!({ "contact": "ann@shop.example" })));
        assert!(!shows("?consent=quote", json!({ "comment": "late", "consents": ["reference"] })));
        assert!(!shows("?consent=quote", json!({ "state": "open", "consents": ["quote"] })));
        assert!(shows("?consent=quote", json!({ "comment": "late", "consents": ["publish"] })));
    }

    #[test]
    fn filters_are_named_so_that_one_can_be_dropped() {
        let (filters, property) = filters("?category=passive&state=to_do&consent=quote&plan=");
        let active = filters.active(property.as_ref());
        let labels: Vec<&str> = active.iter().map(|it| it.label.as_str()).collect();
        assert_eq!(labels, ["only passives", "state: To do, due first", "may be quoted", "plan: not given"]);
        assert_eq!(active.last().unwrap().parameter, None);
    }
}
