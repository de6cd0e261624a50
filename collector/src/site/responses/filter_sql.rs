//! A filter as SQL.

use api::Channel;
use api::report::CHANNEL;
use collector_core::filter::{Marked, Search, StateFilter};
use collector_core::{Filter, case_state};
use nps::Category;
use worker::SqlStorageValue;

use crate::http::{ApiResult, Problem};
use crate::site::clock::now_ms;
use crate::site::jobs::{tag_index, word_index};
use crate::site::state::SiteState;
use crate::site::users;

/// The most responses with the searched words, or with a mark, that are looked up one by one. Where
/// there are more, the newest responses are scanned for them.
const INDEXED_MAX: i32 = 5_000;

/// The most rows of each of the two places of rows that are scanned for a page.
const MAX_SCANNED: usize = 20_000;
/// The rows of each that are scanned at least where nearly all match.
const MIN_SCANNED: usize = 1_000;
/// Condition that most responses meet.
const UNMARKED: &str = "mark IS NULL";

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
            // The owner's name of the user, or the digest that the list shows.
            indexed.push("user IN (?, ?)".into());
            indexed_values.extend([users::digest(site, user)?.into(), user.as_str().into()]);
        }
        match filter.state {
            None => {}
            Some(StateFilter::Is(state)) => indexed.push(case_state::is_sql(state)),
            Some(StateFilter::Overdue) => {
                indexed.push(format!("{} AND due < ?", case_state::is_unfinished_sql()));
                indexed_values.push(now_ms().into());
            }
        }
        match filter.marked {
            Marked::Any => {}
            Marked::No => {
                let any = "SELECT 'yes' FROM marked LIMIT 1";
                if site.database.text(any, vec![])?.is_some() {
                    residual.push(UNMARKED.into());
                }
            }
            Marked::Is(mark) => {
                let count = "SELECT json_array(count(*)) FROM (SELECT 1 FROM marked LIMIT ?)";
                let marked = site.database.count(count, vec![(INDEXED_MAX + 1).into()])?;
                if marked <= INDEXED_MAX as u64 {
                    indexed.push("id IN (SELECT id FROM marked) AND mark = ?".into());
                    indexed_values.push(mark.number().into());
                } else {
                    residual.push("mark = ?".into());
                    values.push(mark.number().into());
                }
            }
        }
        if let Some(tag) = &filter.tag {
            if !tag_index::is_complete(&site.database)? {
                return Err(Problem::not_indexed("tags"));
            }
            let count = "SELECT json_array(count(*)) FROM (SELECT 1 FROM tagged WHERE tag = ? LIMIT ?)";
            let tagged = site.database.count(count, vec![tag.as_str().into(), (INDEXED_MAX + 1).into()])?;
            let (condition, its_values) = match tagged <= INDEXED_MAX as u64 {
                true => {
                    ("id IN (SELECT response FROM tagged WHERE tag = ?)", (&mut indexed, &mut indexed_values))
                }
                false => ("(?, id) IN (SELECT tag, response FROM tagged)", (&mut residual, &mut values)),
            };
            its_values.0.push(condition.into());
            its_values.1.push(tag.as_str().into());
        }
        match &filter.search {
            None => {}
            Some(Search::Text(text)) => {
                residual.push("instr(comment, ?) > 0".into());
                values.push(text.as_str().into());
            }
            Some(Search::Words(_)) if !word_index::is_complete(&site.database)? => {
                return Err(Problem::not_indexed("words of the comments"));
            }
            Some(Search::Words(words)) => {
                let words = Search::fts(words);
                let count =
                    "SELECT json_array(count(*)) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)";
                let found =
                    site.database.count(count, vec![words.as_str().into(), (INDEXED_MAX + 1).into()])?;
                if found <= INDEXED_MAX as u64 {
                    indexed.push(
                        "id IN (SELECT w.id FROM words JOIN word_row AS w \
                            ON w.number = words.rowid WHERE words MATCH ?)"
                            .into(),
                    );
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
        if let Some(import) = &filter.import {
            let created = "(id, (SELECT number FROM import WHERE import.id = ?)) IN (SELECT response, import FROM import_key)";
            residual.push(created.into());
            values.push(import.as_str().into());
        }
        indexed_values.extend(values);
        Ok(Self {
            indexed: (!indexed.is_empty()).then(|| indexed.join(" AND ")),
            residual: if residual.is_empty() { "1".into() } else { residual.join(" AND ") },
            values: indexed_values,
        })
    }

    /// Returns the most rows that are scanned for a page of so many: one more where every row
    /// matches.
    pub fn max_scanned(&self, limit: usize) -> usize {
        match (&self.indexed, self.residual.as_str()) {
            (None, "1") => limit + 1,
            (None, UNMARKED) => (limit + 1).max(MIN_SCANNED),
            _ => MAX_SCANNED,
        }
    }
}
