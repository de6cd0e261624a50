//! The comments that are listed, page by page.

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api_error::ApiError;
use crate::comments::{Cursor, Filters};
use crate::model::{Response, ResponsePage, Role};
use crate::ui::App;
use crate::ui::api::{self, Call, with_parameters};

/// Number of comments after which a load ends.
const COMMENTS: usize = 30;
/// Number of responses after which a load ends: few of them may have a comment.
const RESPONSES: usize = 1_000;

/// Response with what the page knows of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The response.
    pub response: Response,
    /// ETag of this version, once it was read alone.
    pub etag: Option<String>,
    /// Whether it was done or marked here. It stays in its place, greyed, until the list is loaded
    /// again.
    pub is_settled: bool,
}

impl Item {
    /// Creates the item of a response that was just read.
    pub const fn new(response: Response, etag: Option<String>) -> Self {
        Self { response, etag, is_settled: false }
    }
}

/// Item that rows and the detail follow.
pub type Entry = ArcRwSignal<Item>;

/// Requests of the lists and what is shown of them.
#[derive(Clone, PartialEq)]
struct Wanted {
    filters: Filters,
    lists: Vec<Call>,
}

/// The comments that are listed.
#[derive(Clone, Copy)]
pub struct Feed {
    /// Comments with their ids, in their order.
    pub entries: RwSignal<Vec<(String, Entry)>>,
    /// Whether a load is under way.
    pub is_loading: RwSignal<bool>,
    /// Whether the entries belong to filters that are no longer set.
    pub is_stale: RwSignal<bool>,
    /// Problem of the last load.
    pub error: RwSignal<Option<ApiError>>,
    /// Number of responses that match the filters, if it is known.
    pub matching: RwSignal<Option<u64>>,
    /// Number of responses that were looked through.
    pub seen: RwSignal<usize>,
    /// Place from which more is loaded; `None` at the end.
    pub next: RwSignal<Option<Cursor>>,
    /// Ids that are selected.
    pub selected: RwSignal<BTreeSet<String>>,
    /// Id at which the keyboard is.
    pub current: RwSignal<Option<String>>,
    wanted: Memo<Option<Wanted>>,
    attempt: StoredValue<u32>,
}

impl Feed {
    /// Loads the comments of the address, and again whenever that changes.
    pub fn new(app: App) -> Self {
        let feed = Self {
            entries: RwSignal::new(Vec::new()),
            is_loading: RwSignal::new(true),
            is_stale: RwSignal::new(false),
            error: RwSignal::new(None),
            matching: RwSignal::new(None),
            seen: RwSignal::new(0),
            next: RwSignal::new(None),
            selected: RwSignal::new(BTreeSet::new()),
            current: RwSignal::new(None),
            wanted: Memo::new(move |_| wanted(app)),
            attempt: StoredValue::new(0),
        };
        Effect::new(move |_| {
            feed.wanted.track();
            untrack(|| feed.reload());
        });
        feed
    }

    /// Loads from the beginning.
    pub fn reload(self) {
        self.is_stale.set(true);
        self.selected.set(BTreeSet::new());
        self.load(true);
    }

    /// Loads what follows, unless a load is under way.
    pub fn load_more(self) {
        if !self.is_loading.get_untracked() {
            self.load(false);
        }
    }

    fn load(self, from_start: bool) {
        let Some(wanted) = self.wanted.get_untracked() else { return };
        let this = self.attempt.get_value().wrapping_add(1);
        self.attempt.set_value(this);
        self.is_loading.set(true);
        self.error.set(None);
        let mut place = if from_start { Some(Cursor::default()) } else { self.next.get_untracked() };
        let is_current = move || self.attempt.try_get_value() == Some(this);
        spawn_local(async move {
            let (mut found, mut seen, mut matching, mut error) = (Vec::new(), 0, None, None);
            while let Some(at) = place.clone() {
                let is_enough = found.len() >= COMMENTS && !wanted.filters.is_due_first();
                let Some(list) = wanted.lists.get(at.list).filter(|_| !is_enough && seen < RESPONSES) else {
                    break;
                };
                let page = api::fetch::<ResponsePage>(&list.at_cursor(at.cursor.as_deref())).await;
                // Other filters may be set by now, and the view may be gone.
                if !is_current() {
                    return;
                }
                match page {
                    Ok(page) => {
                        seen += page.responses.len();
                        if let Some(count) = page.matching {
                            matching = Some(matching.unwrap_or(0) + count);
                        }
                        found.extend(page.responses.into_iter().filter(|it| wanted.filters.matches(it)));
                        place = match page.next_cursor {
                            Some(cursor) => Some(Cursor { cursor: Some(cursor), ..at }),
                            None => Some(Cursor { list: at.list + 1, cursor: None })
                                .filter(|next| next.list < wanted.lists.len()),
                        };
                    }
                    Err(problem) => {
                        error = Some(problem);
                        break;
                    }
                }
            }
            // What was loaded before stays where nothing newer has come.
            let is_stale = from_start && error.is_some() && found.is_empty();
            if !is_stale {
                self.accept(&wanted.filters, from_start, found, seen);
                self.next.set(place);
            }
            if from_start && !is_stale {
                self.matching.set(matching);
            }
            self.error.set(error);
            self.is_loading.set(false);
            self.is_stale.set(is_stale);
        });
    }

    fn accept(self, filters: &Filters, from_start: bool, found: Vec<Response>, seen: usize) {
        self.seen.update(|all| *all = if from_start { seen } else { *all + seen });
        self.entries.update(|entries| {
            let mut before = if from_start { std::mem::take(entries) } else { Vec::new() };
            for response in found {
                let id = response.id.clone();
                let item = Item::new(response, None);
                // A row that is shown already stays, with what is new in it.
                let row = match before.iter().position(|(known, _)| *known == id) {
                    Some(index) => before.swap_remove(index),
                    None if entries.iter().any(|(known, _)| *known == id) => continue,
                    None => (id, Entry::new(item.clone())),
                };
                if row.1.with_untracked(|known| *known != item) {
                    row.1.set(item);
                }
                entries.push(row);
            }
            if filters.is_due_first() {
                entries.sort_by_cached_key(|(_, entry)| {
                    entry.with_untracked(|item| filters.order(&item.response))
                });
            }
        });
    }

    /// Returns the entry of an id, if it is listed.
    pub fn find(self, id: &str) -> Option<Entry> {
        self.entries.with_untracked(|entries| {
            entries.iter().find(|(known, _)| known == id).map(|(_, entry)| entry.clone())
        })
    }

    /// Removes an entry that was erased.
    pub fn remove(self, id: &str) {
        self.selected.update(|selected| {
            selected.remove(id);
        });
        self.entries.update(|entries| entries.retain(|(known, _)| known != id));
    }

    /// Returns the id so many rows after the current one, or the first.
    pub fn neighbour(self, step: isize) -> Option<String> {
        let current = self.current.get_untracked();
        self.entries.with_untracked(|entries| {
            let position = current.and_then(|current| entries.iter().position(|(id, _)| *id == current));
            let index = position.map_or(Some(0), |it| it.checked_add_signed(step))?;
            entries.get(index).map(|(id, _)| id.clone())
        })
    }
}

fn wanted(app: App) -> Option<Wanted> {
    let site = app.site.get().filter(|site| site.role == Role::Owner)?;
    let today = app.today();
    app.url.with(|url| {
        let filters = Filters::from_url(url);
        let queries = filters.queries(&url.range.list_parameters(today), url.filter.as_ref());
        let list = |query: Vec<(String, String)>| {
            let parameters = query.iter().map(|(name, value)| (name.as_str(), value.clone()));
            Call::of_site(&site, &with_parameters("responses", parameters))
        };
        Some(Wanted { lists: queries.into_iter().map(list).collect(), filters })
    })
}
