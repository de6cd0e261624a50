//! What happens when: the survey without its looks.
//!
//! A visitor is asked, sends, and is thanked: as soon as the answer is stored, or after two seconds, while it is still being
//! tried in the background. Where it is given up in the end, the form comes back with its text and says what to do.
//! Nothing closes by itself.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use leptos::html::{Button, H2};
use leptos::prelude::*;
use nps::{Score, message::MAX_COMMENT};
use web_sys::HtmlElement;

use crate::events::{What, tell};
use crate::outgoing::Outgoing;

/// The longest that a visitor waits for the thanks.
const THANKS_AFTER_MS: u32 = 2_000;
/// How near its end the comment says how much is left.
const NEARLY_FULL: usize = 300;

/// Where the visitor is.
#[derive(Clone, Copy, PartialEq)]
pub enum Stage {
    Asking,
    Sending,
    Failed,
    Thanked,
}

/// The state of the card and what the visitor can do.
///
/// Its signals are counted, not owned by the view: an answer that comes after the card was closed changes a signal that
/// nobody reads, and harms nothing.
#[derive(Clone)]
pub struct Flow {
    /// What was chosen.
    pub score: ArcRwSignal<Option<Score>>,
    pub stage: ArcRwSignal<Stage>,
    /// How many characters the comment still takes, near its end.
    pub left: ArcRwSignal<Option<usize>>,
    pub send_button: NodeRef<Button>,
    pub thanks: NodeRef<H2>,
    host: HtmlElement,
    outgoing: Rc<Outgoing>,
    close: Rc<dyn Fn()>,
}

impl Flow {
    pub fn new(host: HtmlElement, outgoing: Rc<Outgoing>, close: Rc<dyn Fn()>) -> Self {
        Self {
            score: ArcRwSignal::new(None),
            stage: ArcRwSignal::new(Stage::Asking),
            left: ArcRwSignal::new(None),
            send_button: NodeRef::new(),
            thanks: NodeRef::new(),
            host,
            outgoing,
            close,
        }
    }

    /// A score was chosen, or another one.
    pub fn choose(&self, score: Score) {
        let first = self.score.get_untracked().is_none();
        self.score.set(Some(score));
        self.outgoing.choose(score);
        if first {
            tell(&self.host, What::Scored);
        }
    }

    /// The comment as it stands.
    pub fn write(&self, text: String) {
        // The browser's limit counts UTF-16 units, so the hint does.
        let left = MAX_COMMENT.saturating_sub(text.encode_utf16().count());
        self.left.set((left <= NEARLY_FULL).then_some(left));
        self.outgoing.draft(text);
    }

    /// "Send", or "Try again".
    pub fn send(&self) {
        if self.stage.get_untracked() == Stage::Sending {
            return;
        }
        self.stage.set(Stage::Sending);
        let patience = self.clone();
        Timeout::new(THANKS_AFTER_MS, move || patience.thank()).forget();
        let heard = self.clone();
        self.outgoing.send(move |stored| if stored { heard.thank() } else { heard.fail() });
    }

    /// "Not now" before an answer, "Close" after it, Escape at any time.
    pub fn leave(&self) {
        if self.score.get_untracked().is_none() {
            self.outgoing.dismiss();
            tell(&self.host, What::Dismissed);
        }
        (self.close)();
    }

    fn thank(&self) {
        if self.stage.get_untracked() == Stage::Sending {
            self.stage.set(Stage::Thanked);
            tell(&self.host, What::Submitted);
            let this = self.clone();
            self.move_focus(move || this.thanks.get_untracked().map(Into::into));
        }
    }

    fn fail(&self) {
        if self.stage.get_untracked() != Stage::Failed {
            self.stage.set(Stage::Failed);
            tell(&self.host, What::Error);
            let this = self.clone();
            self.move_focus(move || this.send_button.get_untracked().map(Into::into));
        }
    }

    /// Moves focus within the card once the new stage is on the page; never takes it from the page's own elements.
    fn move_focus(&self, to: impl FnOnce() -> Option<HtmlElement> + 'static) {
        let in_page =
            self.host.owner_document().and_then(|page| page.active_element()).is_some_and(|focused| {
                focused != *self.host && focused.tag_name() != "BODY" && focused.tag_name() != "HTML"
            });
        if !in_page {
            Timeout::new(0, move || {
                if let Some(element) = to() {
                    // An element that cannot take focus leaves it where it is.
                    let _ = element.focus();
                }
            })
            .forget();
        }
    }
}
