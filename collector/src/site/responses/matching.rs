//! Number of the responses that match a filter, beside a page of them.

use api::report::CHANNEL;
use api::{Channel, Day};
use collector_core::Filter;
use collector_core::filter::Marked;

use super::page;
use crate::http::ApiResult;
use crate::site::state::SiteState;

/// The most responses that are counted one by one.
const MAX_COUNTED: usize = 10_000;

/// Returns the number; `None` where more responses would have to be looked through than a page may.
pub fn count(site: &SiteState, filter: &Filter) -> ApiResult<Option<u64>> {
    if let Some(channel) = of_totals(filter) {
        let query = "SELECT json_array(ifnull(sum(n), 0)) FROM day WHERE property = 0 \
            AND (?1 IS NULL OR variant = ?1) AND day BETWEEN ?2 AND ?3 \
            AND (?4 IS NULL OR value = (SELECT number FROM value WHERE property = 0 AND text = ?4))";
        let day = |day: Option<Day>, end: i32| day.map_or(end, Day::number);
        let values = vec![
            filter.variant.clone().into(),
            day(filter.from, i32::MIN).into(),
            day(filter.to, i32::MAX).into(),
            channel.map(Channel::stored).map(str::to_owned).into(),
        ];
        return site.database.count(query, values).map(Some);
    }
    let page = page::select(site, filter, None, MAX_COUNTED)?;
    Ok(page.next.is_none().then_some(page.ids.len() as u64))
}

/// Whether the totals have the number: they know the days, variants and channels of responses
/// without a mark. Returns the channel, if the filter has one.
fn of_totals(filter: &Filter) -> Option<Option<Channel>> {
    let known = Filter {
        from: filter.from,
        to: filter.to,
        variant: filter.variant.clone(),
        properties: filter.properties.clone(),
        marked: Marked::No,
        ..Filter::default()
    };
    if *filter != known {
        return None;
    }
    match filter.properties.as_slice() {
        [] => Some(None),
        [(name, Some(value))] if name == CHANNEL => Channel::parse(value).ok().map(Some),
        _ => None,
    }
}
