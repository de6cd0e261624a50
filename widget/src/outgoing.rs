//! What has been said about this showing, and what of it the collector has stored.
//!
//! Every message carries all that is known by then under the showing's one id, so the newest message makes the ones
//! before it needless, and a duplicate changes nothing. The promise: whatever the visitor said is tried until the
//! collector stores or refuses it, for as long as the page lives; and when the page is hidden or left, what is not yet
//! known to be stored goes to the browser as a beacon, once.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use gloo_timers::future::TimeoutFuture;
use nps::{Message, ResponseId, Score};
use wasm_bindgen_futures::spawn_local;
use web_sys::{VisibilityState, Window};

use crate::post::{self, Outcome};

/// Arrow keys pass over values: a score is sent when it has stood this long.
const SCORE_STANDS_MS: u32 = 350;
/// Nothing chosen for this long: say that the survey was shown.
const SHOWN_ALONE_MS: u32 = 10_000;
/// The pauses between tries, in seconds. Each is stretched at random, so that browsers do not come back all at once.
const PAUSES_S: [u32; 4] = [1, 2, 4, 8];

/// Called when the newest message was stored (`true`) or given up (`false`).
type OnSettled = Rc<dyn Fn(bool)>;

/// One showing, as far as the collector is concerned.
pub struct Outgoing {
    url: String,
    window: Window,
    started: f64,
    said: RefCell<Said>,
}

struct Said {
    /// All that is known, as the next message will say it.
    facts: Message,
    /// A comment that was typed and not sent.
    draft: String,
    stored: Option<Message>,
    /// The message that is being tried, if any.
    trying: Option<Message>,
    /// The message that the collector will never take: only the visitor may have it tried again.
    refused: Option<Message>,
    left_as_beacon: Option<Message>,
    timer: Option<Timeout>,
    on_settled: Option<OnSettled>,
    _listeners: Vec<EventListener>,
}

impl Outgoing {
    /// Begins a showing, now. Nothing is sent before the first choice, the tenth second, or the end of the page.
    pub fn begin(url: String, variant: String, lang: String) -> Option<Rc<Self>> {
        let window = web_sys::window()?;
        let mut random = [0; 10];
        window.crypto().ok()?.get_random_values_with_u8_array(&mut random).ok()?;
        let mut facts = Message::new(ResponseId::from_time(js_sys::Date::now() as u64, &random));
        facts.shown = true;
        facts.variant = Some(variant);
        facts.lang = Some(lang);
        // The path only: a query or a fragment can hold a name or a token.
        facts.page = window.location().pathname().ok().map(|path| path.chars().take(500).collect());
        let started = now(&window);
        let outgoing = Rc::new_cyclic(|this| {
            let said = RefCell::new(Said {
                facts,
                draft: String::new(),
                stored: None,
                trying: None,
                refused: None,
                left_as_beacon: None,
                timer: Some(after(this.clone(), SHOWN_ALONE_MS)),
                on_settled: None,
                _listeners: listen(&window, this),
            });
            Self { url, window: window.clone(), started, said }
        });
        Some(outgoing)
    }

    /// A score was chosen, or another one.
    pub fn choose(self: &Rc<Self>, score: Score) {
        let mut said = self.said.borrow_mut();
        said.facts.score = Some(score);
        self.stamp(&mut said.facts);
        said.timer = Some(after(Rc::downgrade(self), SCORE_STANDS_MS));
    }

    /// The comment as it stands; it goes out with [`Outgoing::send`], or when the page is left.
    pub fn draft(&self, text: String) {
        self.said.borrow_mut().draft = text;
    }

    /// Send: the comment now counts. `on_settled` hears what became of it, or of a later message that carried it.
    pub fn send(self: &Rc<Self>, on_settled: impl Fn(bool) + 'static) {
        let mut said = self.said.borrow_mut();
        said.on_settled = Some(Rc::new(on_settled));
        said.refused = None;
        self.take_draft(&mut said);
        drop(said);
        self.deliver();
    }

    /// "Not now".
    pub fn dismiss(self: &Rc<Self>) {
        let mut said = self.said.borrow_mut();
        said.facts.dismissed = true;
        self.stamp(&mut said.facts);
    }

    /// The survey is closed: what was said goes out now, a comment that was not sent is forgotten, and nobody waits to hear.
    pub fn end(self: &Rc<Self>) {
        let mut said = self.said.borrow_mut();
        said.draft.clear();
        said.on_settled = None;
        drop(said);
        self.deliver();
    }

    /// Tries to bring all that is known to the collector, unless that is done or being done.
    fn deliver(self: &Rc<Self>) {
        let mut said = self.said.borrow_mut();
        said.timer = None;
        let message = said.facts.clone();
        if said.trying.as_ref() == Some(&message) || said.refused.as_ref() == Some(&message) {
            return;
        }
        if said.stored.as_ref() == Some(&message) {
            drop(said);
            return self.settle(true);
        }
        said.trying = Some(message.clone());
        drop(said);
        let this = self.clone();
        spawn_local(async move {
            let outcome = this.persist(&message).await;
            let stored = matches!(outcome, Outcome::Stored);
            // A newer message took its place; that one will settle.
            let mut said = this.said.borrow_mut();
            if said.trying.as_ref() != Some(&message) {
                return;
            }
            said.trying = None;
            match outcome {
                Outcome::Stored => said.stored = Some(message),
                Outcome::Refused => said.refused = Some(message),
                Outcome::Later(_) => {}
            }
            drop(said);
            this.settle(stored);
        });
    }

    /// One message, with its tries. Ends early where a newer one takes its place.
    async fn persist(&self, message: &Message) -> Outcome {
        let mut pauses = PAUSES_S.into_iter();
        loop {
            let outcome = post::post(&self.url, message).await;
            let (Outcome::Later(at_least), Some(pause)) = (&outcome, pauses.next()) else { return outcome };
            let pause = f64::from(pause.max(*at_least)) * (1.0 + js_sys::Math::random() / 2.0);
            TimeoutFuture::new((pause * 1_000.0) as u32).await;
            if self.said.borrow().trying.as_ref() != Some(message) {
                return outcome;
            }
        }
    }

    fn settle(&self, stored: bool) {
        let told = self.said.borrow().on_settled.clone();
        if let Some(on_settled) = told {
            on_settled(stored);
        }
    }

    /// The page is hidden or left, perhaps for good: what is not known to be stored goes as a beacon.
    fn leave(&self) {
        let mut said = self.said.borrow_mut();
        let mut message = said.facts.clone();
        if message.score.is_some()
            && let draft @ Some(_) = said.comment()
            && draft != message.comment
        {
            message.comment = draft;
            self.stamp(&mut message);
        }
        let known = [&said.stored, &said.refused, &said.left_as_beacon];
        let said_before = known.into_iter().flatten().any(|known| same_words(known, &message));
        if !said_before && post::beacon(&self.url, &message) {
            said.left_as_beacon = Some(message);
        }
    }

    /// What was typed is the comment, also where it was emptied before it could be sent.
    fn take_draft(&self, said: &mut Said) {
        let comment = said.comment();
        if said.facts.comment != comment {
            said.facts.comment = comment;
            self.stamp(&mut said.facts);
        }
    }

    /// Dates what is said. Of two answers the collector keeps the later, so the number only ever grows.
    fn stamp(&self, facts: &mut Message) {
        let elapsed = (now(&self.window) - self.started) as u32;
        facts.elapsed_ms = Some(elapsed.max(facts.elapsed_ms.map_or(0, |before| before.saturating_add(1))));
    }
}

impl Said {
    fn comment(&self) -> Option<String> {
        (!self.draft.trim().is_empty()).then(|| self.draft.clone())
    }
}

/// Whether two messages of one showing say the same, whenever they say it.
fn same_words(one: &Message, other: &Message) -> bool {
    let words =
        |message: &Message| (message.score, message.comment.clone(), message.shown, message.dismissed);
    words(one) == words(other)
}

fn after(outgoing: Weak<Outgoing>, milliseconds: u32) -> Timeout {
    Timeout::new(milliseconds, move || {
        if let Some(outgoing) = outgoing.upgrade() {
            outgoing.deliver();
        }
    })
}

fn listen(window: &Window, outgoing: &Weak<Outgoing>) -> Vec<EventListener> {
    let leave = |outgoing: &Weak<Outgoing>| {
        if let Some(outgoing) = outgoing.upgrade() {
            outgoing.leave();
        }
    };
    let left = outgoing.clone();
    let mut listeners = vec![EventListener::new(window, "pagehide", move |_| leave(&left))];
    if let Some(document) = window.document() {
        let hidden = outgoing.clone();
        listeners.push(EventListener::new(&document.clone(), "visibilitychange", move |_| {
            if document.visibility_state() == VisibilityState::Hidden {
                leave(&hidden);
            }
        }));
    }
    listeners
}

/// Milliseconds on a clock that is never set back.
fn now(window: &Window) -> f64 {
    window.performance().map_or(0.0, |clock| clock.now())
}
