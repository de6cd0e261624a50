//! State of the page in its address.
//!
//! Each parameter that this module does not know is a filter by a property: `plan=pro`. A property
//! whose name is taken stands in brackets: `filter[range]=wide`.

use std::borrow::Cow;

use api::Day;

use crate::range::{Interval, Range};

/// View of the page. A view that is not built is not listed, so that no tab leads nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Page {
    /// The score, whether it has changed, and what is to do.
    #[default]
    Overview,
    /// Comments of visitors, and the work on them.
    Comments,
    /// The tag, and whether it works.
    Install,
    /// Settings, keys, data and people.
    Settings,
    /// The overview of a made-up shop, for a site without responses.
    Sample,
    /// The sites of the collector, for its operator.
    Sites,
}

impl Page {
    /// Tabs of a site, in their order.
    pub const TABS: [Self; 4] = [Self::Overview, Self::Comments, Self::Install, Self::Settings];
    const ALL: [Self; 6] =
        [Self::Overview, Self::Comments, Self::Install, Self::Settings, Self::Sample, Self::Sites];

    /// Returns the name in the address.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Comments => "comments",
            Self::Install => "install",
            Self::Settings => "settings",
            Self::Sample => "sample",
            Self::Sites => "sites",
        }
    }

    /// Returns the label of the tab.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Comments => "Comments",
            Self::Install => "Install",
            Self::Settings => "Settings",
            Self::Sample => "Sample data",
            Self::Sites => "All sites",
        }
    }

    /// Whether the days and the filter of the address change what the view shows.
    pub const fn has_filters(self) -> bool {
        !matches!(self, Self::Install | Self::Settings)
    }
}

/// Filter by one property: sums are kept for one property at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Name of the property.
    pub property: String,
    /// Value; empty for responses without the property.
    pub value: String,
}

/// Earlier days to compare with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Compare {
    /// As many days, just before.
    #[default]
    Previous,
    /// Calendar days of the range one year earlier.
    Year,
}

/// State of the page in its address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UrlState {
    /// Id of the site.
    pub site: Option<String>,
    /// View.
    pub page: Page,
    /// Days.
    pub range: Range,
    /// Days to compare with.
    pub compare: Compare,
    /// Steps of the trend; without it they follow the range.
    pub interval: Option<Interval>,
    /// Filter over all numbers and lists.
    pub filter: Option<Filter>,
    /// Property by which the overview groups.
    pub group: Option<String>,
    /// Parameters of [`VIEW_PARAMETERS`], in the order of their names.
    pub view: Vec<(String, String)>,
}

/// Parameters that belong to one view, for example the words that the comments are searched for.
pub const VIEW_PARAMETERS: [&str; 9] =
    ["category", "consent", "contact", "lang", "q", "response", "section", "state", "tag"];

const PARAMETERS: [&str; 8] = ["site", "view", "range", "from", "to", "compare", "interval", "group"];

impl UrlState {
    /// Parses the query of the address. A parameter with an unknown value is ignored.
    pub fn parse(query: &str) -> Self {
        let query = query.strip_prefix('?').unwrap_or(query);
        let (mut state, mut from, mut to) = (Self::default(), None, None);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let owned = || Some(value.clone().into_owned()).filter(|value| !value.is_empty());
            match &*name {
                "site" => state.site = owned(),
                "view" => {
                    let page = Page::ALL.into_iter().find(|page| page.as_str() == value);
                    state.page = page.unwrap_or_default();
                }
                "range" => state.range = Range::parse(&value).unwrap_or(state.range),
                "from" => from = Day::parse(&value),
                "to" => to = Day::parse(&value),
                "compare" => {
                    state.compare = if value == "year" { Compare::Year } else { Compare::Previous };
                }
                "interval" => state.interval = Interval::parse(&value),
                "group" => state.group = owned(),
                name if VIEW_PARAMETERS.contains(&name) => state.set_view(name, &value),
                name => {
                    let property = name.strip_prefix("filter[").and_then(|name| name.strip_suffix(']'));
                    let property = property.unwrap_or(name).to_owned();
                    if !property.is_empty() {
                        state.filter = Some(Filter { property, value: value.into_owned() });
                    }
                }
            }
        }
        if let (Some(from), Some(to)) = (from, to)
            && from <= to
        {
            state.range = Range::Custom { from, to };
        }
        state
    }

    /// Returns the query of the address, without what is the default. Empty, or begins with `?`.
    pub fn to_query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if let Some(site) = &self.site {
            query.append_pair("site", site);
        }
        if self.page != Page::default() {
            query.append_pair("view", self.page.as_str());
        }
        match (self.range, self.range.as_parameter()) {
            (Range::Custom { from, to }, _) => {
                query.append_pair("from", &from.to_string()).append_pair("to", &to.to_string());
            }
            (range, Some(parameter)) if range != Range::default() => {
                query.append_pair("range", &parameter);
            }
            _ => {}
        }
        if self.compare == Compare::Year {
            query.append_pair("compare", "year");
        }
        if let Some(interval) = self.interval {
            query.append_pair("interval", interval.as_str());
        }
        if let Some(group) = &self.group {
            query.append_pair("group", group);
        }
        for (name, value) in &self.view {
            query.append_pair(name, value);
        }
        if let Some(Filter { property, value }) = &self.filter {
            query.append_pair(&parameter_of(property), value);
        }
        let query = query.finish();
        if query.is_empty() { query } else { format!("?{query}") }
    }

    /// Returns a parameter of the view.
    pub fn view(&self, name: &str) -> Option<&str> {
        self.view.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Sets a parameter of the view, or removes it where the value is empty.
    pub fn set_view(&mut self, name: &str, value: &str) {
        self.view.retain(|(known, _)| known != name);
        if !value.is_empty() {
            self.view.push((name.to_owned(), value.to_owned()));
            self.view.sort();
        }
    }

    /// Returns the same state without what belongs to one site.
    pub fn for_site(&self, site: &str) -> Self {
        Self {
            site: Some(site.to_owned()),
            page: if self.page == Page::Sites { Page::default() } else { self.page },
            range: self.range,
            compare: self.compare,
            interval: self.interval,
            ..Self::default()
        }
    }
}

/// Returns the parameter of a property.
fn parameter_of(property: &str) -> Cow<'_, str> {
    let is_taken = PARAMETERS.contains(&property) || VIEW_PARAMETERS.contains(&property);
    if is_taken || property.starts_with("filter[") {
        Cow::Owned(format!("filter[{property}]"))
    } else {
        Cow::Borrowed(property)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_and_written_alike() {
        for query in [
            "",
            "?site=abc",
            "?site=abc&range=30d&plan=pro",
            "?site=abc&range=quarter&compare=year&interval=day&group=plan",
            "?site=abc&from=2026-01-01&to=2026-02-03&q=late+tin&tag=postage",
            "?view=sites",
            "?site=abc&view=sample&range=30d&plan=subscription",
            "?view=settings&section=data",
            "?filter%5Brange%5D=wide",
            "?filter%5Bfilter%5Bx%5D%5D=1",
            "?plan=",
            "?name+%26+co=a%3Db%26c",
        ] {
            let state = UrlState::parse(query);
            assert_eq!(state.to_query(), query);
            assert_eq!(UrlState::parse(&state.to_query()), state);
        }
    }

    #[test]
    fn any_name_and_value_of_a_property_survives() {
        for property in ["plan", "range", "site", "q", "filter[x]", "größe", "a&b=c", "filter[", "]"] {
            for value in ["", "pro", "a+b %20", "=&?#", "<script>"] {
                let filter = Filter { property: property.into(), value: value.into() };
                let state = UrlState { filter: Some(filter.clone()), ..UrlState::default() };
                assert_eq!(UrlState::parse(&state.to_query()).filter, Some(filter));
            }
        }
    }

    #[test]
    fn values_that_are_wrong_count_as_absent() {
        let state = UrlState::parse("?range=forever&interval=hour&view=nowhere&from=2026-01-01&compare=x");
        assert_eq!(state, UrlState::default());
        let reversed = UrlState::parse("?from=2026-02-01&to=2026-01-01&range=7d");
        assert_eq!(reversed.range, Range::Days(7));
    }

    #[test]
    fn another_site_keeps_the_days_and_loses_the_filter() {
        let state = UrlState::parse("?site=a&range=7d&plan=pro&group=plan&q=tea").for_site("b");
        assert_eq!(state.to_query(), "?site=b&range=7d");
        assert_eq!(UrlState::parse("?view=sites").for_site("b").page, Page::Overview);
    }

    #[test]
    fn parameters_of_a_view_are_set_and_removed() {
        let mut state = UrlState::default();
        state.set_view("tag", "late");
        state.set_view("q", "tin");
        assert_eq!(
            (state.view("tag"), state.view("q"), state.view("state")),
            (Some("late"), Some("tin"), None)
        );
        state.set_view("tag", "");
        assert_eq!(state.to_query(), "?q=tin");
    }
}
