//! A filter in the words of SQL.

use collector_core::Filter;
use collector_core::filter::{CaseState, Search};
use nps::Category;
use worker::SqlStorageValue;

use crate::reply::Outcome;
use crate::site::Inner;
use crate::site::clock::now;

/// Up to so many responses with the words are looked up one by one; with more, the newest responses are tried for them.
const RARE: i32 = 5_000;

/// What must hold of a response.
pub struct Condition {
    /// Says which few responses can be meant at all, where an index knows.
    pub narrow: Option<String>,
    /// What else must hold.
    pub wide: String,
    /// The values of both, first those of `narrow`.
    pub values: Vec<SqlStorageValue>,
}

impl Condition {
    pub fn of(site: &Inner, filter: &Filter) -> Outcome<Self> {
        let (mut narrow, mut first): (Vec<String>, Vec<SqlStorageValue>) = (vec![], vec![]);
        let (mut wide, mut values): (Vec<String>, Vec<SqlStorageValue>) = (vec![], vec![]);
        if let Some(user) = &filter.user {
            narrow.push("user = ?".into());
            first.push(site.hidden_user(user)?.into());
        }
        match filter.state {
            None => {}
            Some(CaseState::Overdue) => {
                narrow.push("state IN (0, 1) AND due < ?".into());
                first.push(now().into());
            }
            Some(CaseState::Open) => narrow.push("state = 0".into()),
            Some(CaseState::InProgress) => narrow.push("state = 1".into()),
            Some(CaseState::Done) => narrow.push("state = 2".into()),
        }
        match &filter.search {
            None => {}
            Some(Search::Text(text)) => {
                wide.push("instr(comment, ?) > 0".into());
                values.push(text.as_str().into());
            }
            Some(Search::Words(words)) => {
                let words = Search::fts(words);
                let count =
                    "SELECT json_array(count(*)) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)";
                let [found]: [i32; 1] =
                    site.database.json(count, vec![words.as_str().into(), (RARE + 1).into()])?;
                if found <= RARE {
                    narrow.push("id IN (SELECT id FROM words WHERE words MATCH ?)".into());
                    first.push(words.into());
                } else {
                    wide.push("number IN (SELECT rowid FROM words WHERE words MATCH ?)".into());
                    values.push(words.into());
                }
            }
        }
        if let Some((low, high)) = filter.category.map(Category::scores) {
            wide.push("score BETWEEN ? AND ?".into());
            values.extend([i32::from(low).into(), i32::from(high).into()]);
        }
        for (name, value) in &filter.properties {
            match name.as_str() {
                "channel" | "lang" | "page" => wide.push(format!("{name} IS ?")),
                _ => {
                    wide.push("properties ->> ? IS ?".into());
                    values.push(format!("$.\"{name}\"").into());
                }
            }
            values.push(value.clone().into());
        }
        if let Some(tag) = &filter.tag {
            wide.push("EXISTS (SELECT 1 FROM json_each(tags) AS tag WHERE tag.value = ?)".into());
            values.push(tag.as_str().into());
        }
        if let Some(answered) = filter.answered {
            wide.push(format!("score IS {}NULL", if answered { "NOT " } else { "" }));
        }
        if let Some(dismissed) = filter.dismissed {
            let not = if dismissed { "" } else { "NOT " };
            wide.push(format!("{not}(dismissed = 1 AND score IS NULL)"));
        }
        if let Some(variant) = &filter.variant {
            wide.push("variant = ?".into());
            values.push(variant.as_str().into());
        }
        first.extend(values);
        Ok(Self {
            narrow: (!narrow.is_empty()).then(|| narrow.join(" AND ")),
            wide: if wide.is_empty() { "1".into() } else { wide.join(" AND ") },
            values: first,
        })
    }

    /// Whether every response is meant.
    pub fn is_empty(&self) -> bool {
        self.narrow.is_none() && self.wide == "1"
    }
}
