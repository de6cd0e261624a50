//! A filter as SQL.

use api::Channel;
use api::report::CHANNEL;
use collector_core::filter::{Search, StateFilter};
use collector_core::{CaseState, Filter};
use nps::Category;
use worker::SqlStorageValue;

use crate::http::ApiResult;
use crate::site::clock::now_ms;
use crate::site::state::SiteState;
use crate::site::users;

/// The most responses with the searched words that are looked up one by one. Where there are more,
/// the newest responses are scanned for the words.
const INDEXED_SEARCH_MAX: i32 = 5_000;

/// Condition on a response.
pub struct FilterSql {
    /// Part for which an index yields few responses, if there is such a part.
    pub indexed: Option<String>,
    /// Part that is tested on each of them.
    pub residual: String,
    /// Values of both, first those of `indexed`.
    pub values: Vec<SqlStorageValue>,
}

impl FilterSql {
    /// Translates a filter.
    pub fn new(site: &SiteState, filter: &Filter) -> ApiResult<Self> {
        let (mut indexed, mut indexed_values): (Vec<String>, Vec<SqlStorageValue>) = (vec![], vec![]);
        let (mut residual, mut values): (Vec<String>, Vec<SqlStorageValue>) = (vec![], vec![]);
        if let Some(user) = &filter.user {
            indexed.push("user = ?".into());
            indexed_values.push(users::digest(site, user)?.into());
        }
        match filter.state {
            None => {}
            Some(StateFilter::Is(state)) => indexed.push(state.is_sql()),
            Some(StateFilter::Overdue) => {
                indexed.push(format!("{} AND due < ?", CaseState::is_unfinished_sql()));
                indexed_values.push(now_ms().into());
            }
        }
        match &filter.search {
            None => {}
            Some(Search::Text(text)) => {
                residual.push("instr(comment, ?) > 0".into());
                values.push(text.as_str().into());
            }
            Some(Search::Words(words)) => {
                let words = Search::fts(words);
                let count =
                    "SELECT json_array(count(*)) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)";
                let [found]: [i32; 1] = site
                    .database
                    .json(count, vec![words.as_str().into(), (INDEXED_SEARCH_MAX + 1).into()])?;
                if found <= INDEXED_SEARCH_MAX {
                    indexed.push("id IN (SELECT id FROM words WHERE words MATCH ?)".into());
                    indexed_values.push(words.into());
                } else {
                    residual.push("number IN (SELECT rowid FROM words WHERE words MATCH ?)".into());
                    values.push(words.into());
                }
            }
        }
        if let Some((low, high)) = filter.category.map(Category::scores) {
            residual.push("score BETWEEN ? AND ?".into());
            values.extend([i32::from(low).into(), i32::from(high).into()]);
        }
        for (name, value) in &filter.properties {
            match name.as_str() {
                CHANNEL | "lang" | "page" => residual.push(format!("{name} IS ?")),
                _ => {
                    residual.push("properties ->> ? IS ?".into());
                    values.push(format!("$.\"{name}\"").into());
                }
            }
            let stored =
                value.as_deref().filter(|_| name == CHANNEL).and_then(|name| Channel::parse(name).ok());
            values.push(match stored {
                Some(channel) => channel.stored().into(),
                None => value.clone().into(),
            });
        }
        if let Some(tag) = &filter.tag {
            residual.push("EXISTS (SELECT 1 FROM json_each(tags) AS tag WHERE tag.value = ?)".into());
            values.push(tag.as_str().into());
        }
        if let Some(answered) = filter.answered {
            residual.push(format!("score IS {}NULL", if answered { "NOT " } else { "" }));
        }
        if let Some(dismissed) = filter.dismissed {
            let not = if dismissed { "" } else { "NOT " };
            residual.push(format!("{not}(dismissed = 1 AND score IS NULL)"));
        }
        if let Some(variant) = &filter.variant {
            residual.push("variant = ?".into());
            values.push(variant.as_str().into());
        }
        indexed_values.extend(values);
        Ok(Self {
            indexed: (!indexed.is_empty()).then(|| indexed.join(" AND ")),
            residual: if residual.is_empty() { "1".into() } else { residual.join(" AND ") },
            values: indexed_values,
        })
    }

    /// Whether every response matches.
    pub fn is_empty(&self) -> bool {
        self.indexed.is_none() && self.residual == "1"
    }
}
