//! The words of the survey in one language.
//!
//! A language is one file in `locales/` with a text for each [`Word`]; nothing else in the widget holds words that a visitor
//! reads. The build turns it into an array in the order of the words, which is the alphabet's.

use js_sys::Array;
use nps::Category;

/// A text of the table. The order is that of the names in `locales/`.
#[derive(Clone, Copy)]
pub enum Word {
    /// On the button that sends, when it could not be sent.
    Again,
    /// Said once by a screen reader when the survey opens.
    Announcement,
    /// To the step before.
    Back,
    /// Ends the survey after an answer.
    Close,
    /// What the field for a way to reach the visitor is called.
    Contact,
    /// Asked after 0–6.
    Detractor,
    /// `ltr` or `rtl`.
    Dir,
    /// What happened and what to do about it.
    Failed,
    /// What 10 means.
    High,
    /// The heading of the last step, with the contact and the consents.
    Last,
    /// Under the thanks, where there is no connection.
    Later,
    /// Near the end of the comment's length; `{count}` stands for the number.
    Left,
    /// What 0 means.
    Low,
    /// To the step after.
    Next,
    /// Ends the survey without an answer.
    NotNow,
    /// On the button at the side that opens the survey.
    Open,
    /// Beside a prompt: nothing need be written.
    Optional,
    /// Asked after 7–8.
    Passive,
    /// Leads to what becomes of the answer.
    Privacy,
    /// Asked after 9–10.
    Promoter,
    /// Agrees that the comment is published.
    Publish,
    /// The standard question; `{name}` stands for the owner's name.
    Question,
    /// Agrees to be quoted.
    Quote,
    /// Agrees to tell others.
    Reference,
    /// Sends the answer.
    Send,
    /// On the same button, while it is being sent.
    Sending,
    /// The heading after an answer.
    Thanks,
    /// The line under it.
    ThanksLine,
}

/// One language's table.
pub struct Texts(Array);

impl Texts {
    /// The table as the loader parsed it.
    pub fn new(table: Array) -> Self {
        Self(table)
    }

    /// A text; empty where the table is too short.
    pub fn get(&self, word: Word) -> String {
        self.0.get(word as u32).as_string().unwrap_or_default()
    }

    /// A text with something in the place that braces hold.
    pub fn fill(&self, word: Word, with: &str) -> String {
        let text = self.get(word);
        let parts = text.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?.1)));
        parts.map_or_else(String::new, |(before, after)| [before, with, after].concat())
    }

    /// What the comment of such a visitor is asked with.
    pub fn prompt(&self, category: Category) -> String {
        self.get(match category {
            Category::Detractor => Word::Detractor,
            Category::Passive => Word::Passive,
            Category::Promoter => Word::Promoter,
        })
    }
}
