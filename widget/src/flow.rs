//! What happens when: the survey without its looks.
//!
//! A visitor is asked, may go on to what the owner also wants to know and back again, sends, and is thanked: as soon as the
//! answer is stored, or after two seconds, while it is still being tried in the background. Where it is refused in the end, the
//! form comes back with its text and says what to do. Nothing closes by itself.

use std::cell::Cell;
use std::rc::Rc;

use api::limits::MAX_COMMENT;
use gloo_timers::callback::Timeout;
use leptos::prelude::Set;
use nps::{Category, Score};
use wasm_bindgen::JsCast;
use web_sys::{
    Element, Event, HtmlElement, HtmlFormElement, HtmlInputElement, HtmlTextAreaElement, KeyboardEvent,
    ShadowRoot, UiEvent,
};

use crate::events::{What, tell};
use crate::face::Face;
use crate::owner::Owner;
use crate::said::{Extent, Said};
use crate::texts::{Texts, Word};

/// The longest that a visitor waits for the thanks.
const THANKS_AFTER_MS: u32 = 2_000;
/// How long a screen reader gets to notice the status region before there is something to say in it.
const ANNOUNCE_AFTER_MS: u32 = 500;
/// What WebKit calls a key that writes a character together with others.
const COMPOSING: u32 = 229;
/// How near its end the comment says how much is left.
const NEARLY_FULL: usize = 300;

/// What happens at the root of the card and is heard by [`Flow::hear`].
pub const EVENTS: [&str; 8] =
    ["pointerdown", "click", "change", "input", "submit", "keydown", "keyup", "keypress"];

/// What is under way with the answer.
#[derive(Clone, Copy, PartialEq)]
enum Sending {
    No,
    UnderWay,
    Failed,
}

/// The state of the card and what the visitor can do.
pub struct Flow {
    pub face: Face,
    pub texts: Texts,
    /// The survey as the owner set it.
    pub survey: Owner,
    pub lang: String,
    /// What the owner's site is called.
    pub name: String,
    pub said: Said,
    pub host: HtmlElement,
    pub root: ShadowRoot,
    close: fn(),
    /// Whether it stands in the flow of the page, where a reader comes upon it without being told.
    inline: Cell<bool>,
    score: Cell<Option<Score>>,
    /// The score of a link, drawn as chosen. It counts once a person does something in the card that does not say otherwise.
    preset: Cell<Option<Score>>,
    step: Cell<usize>,
    sending: Cell<Sending>,
}

impl Flow {
    /// A survey of which nothing is shown yet.
    pub fn new(
        settings: &Owner,
        texts: Texts,
        said: Said,
        host: HtmlElement,
        root: ShadowRoot,
        close: fn(),
    ) -> Rc<Self> {
        let survey = settings.get("survey");
        let text = |name| settings.get(name).text().unwrap_or_default();
        Rc::new(Self {
            // The question, each of the owner's, the last one and the thanks.
            face: Face::new(survey.get("follow_ups").items().len() + 3),
            lang: text("lang"),
            name: text("name"),
            texts,
            survey,
            said,
            host,
            root,
            close,
            inline: Cell::new(false),
            score: Cell::new(None),
            preset: Cell::new(settings.get("score").0.as_f64().and_then(|score| Score::new(score as u8))),
            step: Cell::new(0),
            sending: Cell::new(Sending::No),
        })
    }

    /// The owner's own words for a part in this language; empty where there are none.
    pub fn own_words(&self, part: &str) -> String {
        self.survey.get("texts").get(&self.lang).get(part).text().unwrap_or_default()
    }

    /// Shows the card, or only the button at the side.
    pub fn begin(self: &Rc<Self>, mode: &str) {
        self.inline.set(mode == "inline");
        if mode == "tab" {
            self.face.tab.set(false);
        } else {
            self.open();
        }
    }

    fn open(self: &Rc<Self>) {
        self.face.tab.set(true);
        self.face.card.set(false);
        self.said.shown();
        tell(&self.host, What::Shown);
        self.draw();
        if self.inline.get() {
            return;
        }
        let this = self.clone();
        Timeout::new(ANNOUNCE_AFTER_MS, move || {
            this.face.announcement.set(this.texts.get(Word::Announcement));
        })
        .forget();
    }

    /// Something was pressed or written in the card.
    pub fn hear(self: &Rc<Self>, event: &Event) {
        let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else {
            return;
        };
        let of_a_person = event.is_trusted();
        if event.type_() == "pointerdown" {
            if of_a_person {
                self.confirm(&target, "");
            }
            return;
        }
        // A page with shortcuts does not act on what a visitor writes.
        event.stop_propagation();
        match event.type_().as_str() {
            // The second half of a double click is not for what stands in that place by then.
            "click" if event.dyn_ref::<UiEvent>().is_some_and(|click| click.detail() > 1) => {}
            "click" => {
                // What a screen reader presses comes without a pointer.
                if of_a_person {
                    self.confirm(&target, "");
                }
                let button = target.closest("button").ok().flatten();
                self.press(&button.and_then(|button| button.get_attribute("value")).unwrap_or_default());
            }
            "submit" => {
                event.prevent_default();
                self.press("next");
            }
            "input" => self.write(&target),
            "change" => {
                let chosen = target.dyn_ref::<HtmlInputElement>().filter(|input| input.name() == "score");
                if let Some(score) = chosen.and_then(|input| Score::new(input.value().parse().ok()?)) {
                    self.choose(score);
                }
            }
            "keydown" => {
                if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
                    if of_a_person {
                        self.confirm(&target, &event.key());
                    }
                    self.key(event, &target);
                }
            }
            _ => {}
        }
    }

    fn press(self: &Rc<Self>, button: &str) {
        match button {
            "open" => {
                self.open();
                self.focus("question");
            }
            "leave" => self.leave(),
            "back" => self.go(self.neighbour(false)),
            "next" if self.chosen().is_some() => match (self.sending.get(), self.neighbour(true)) {
                (Sending::UnderWay, _) => {}
                (Sending::No, Some(step)) => {
                    self.preset.get().inspect(|preset| self.choose(*preset));
                    self.take(Extent::Words);
                    self.go(Some(step));
                }
                (Sending::No, None) | (Sending::Failed, _) => self.send(),
            },
            _ => {}
        }
    }

    /// A person has pressed something in the card, with a pointer or a key: the score of the link counts, unless that press
    /// chooses another one or declines.
    fn confirm(&self, target: &Element, key: &str) {
        let Some(preset) = self.preset.get() else { return };
        let choice = target.closest(".choice").ok().flatten();
        let own = format!("#score{}", preset.get());
        let chooses = choice.is_some_and(|choice| {
            if key.is_empty() {
                choice.query_selector(&own).ok().flatten().is_none()
            } else {
                key.starts_with("Arrow")
            }
        });
        let on_leave = target.closest("[value=leave]").ok().flatten().is_some();
        let declines = key == "Escape" || (on_leave && matches!(key, "" | "Enter" | " "));
        if !chooses && !declines {
            self.choose(preset);
        }
    }

    fn key(&self, event: &KeyboardEvent, target: &Element) {
        let key = event.key();
        // Escape can also end the writing of a character; then it is not for us.
        if key == "Escape" && !event.is_composing() && event.key_code() != COMPOSING {
            return self.leave();
        }
        // The scale goes round: WebKit's radio buttons do not by themselves.
        let (left, right) =
            if self.host.dir() == "rtl" { ("ArrowRight", "ArrowLeft") } else { ("ArrowLeft", "ArrowRight") };
        let back = key == "ArrowUp" || key == left;
        let other = match target.id().as_str() {
            "score0" if back => "score10",
            "score10" if key == "ArrowDown" || key == right => "score0",
            _ => return,
        };
        if let Some(other) =
            self.root.get_element_by_id(other).and_then(|other| other.dyn_into::<HtmlElement>().ok())
        {
            event.prevent_default();
            // It is there and can take focus.
            let _ = other.focus();
            other.click();
        }
    }

    /// A score was chosen, or another one.
    fn choose(&self, score: Score) {
        self.preset.set(None);
        let first = self.score.replace(Some(score)).is_none();
        self.said.choose(score);
        if first {
            tell(&self.host, What::Scored);
        }
        self.draw();
    }

    fn write(&self, target: &Element) {
        if let Some(comment) = target.dyn_ref::<HtmlTextAreaElement>().filter(|area| area.id() == "comment") {
            // The browser's limit counts UTF-16 units, so the hint does.
            let left = MAX_COMMENT.saturating_sub(comment.text_length() as usize);
            let hint = if left > NEARLY_FULL {
                String::new()
            } else {
                self.texts.fill(Word::Left, &left.to_string())
            };
            self.face.left.set(hint);
        }
    }

    /// "Send", or "Try again".
    fn send(self: &Rc<Self>) {
        self.preset.get().inspect(|preset| self.choose(*preset));
        self.sending.set(Sending::UnderWay);
        self.take(Extent::All);
        self.draw();
        let this = self.clone();
        Timeout::new(THANKS_AFTER_MS, move || this.thank()).forget();
    }

    /// What became of the newest message.
    pub fn settled(self: &Rc<Self>, stored: bool) {
        if stored {
            self.face.thanks.set(self.thanks());
            self.thank();
        } else if self.sending.get() != Sending::No || self.thanked() {
            self.sending.set(Sending::Failed);
            tell(&self.host, What::Error);
            if self.thanked() {
                self.go(Some(0));
            }
            self.draw();
        }
    }

    /// The page is hidden or left, perhaps for good: what was written counts.
    pub fn hidden(&self) {
        if self.score.get().is_some() && !self.thanked() {
            self.take(Extent::Words);
        }
    }

    /// "Not now" before an answer, "Close" after it, Escape at any time.
    fn leave(&self) {
        if self.score.get().is_none() {
            self.said.dismiss();
            tell(&self.host, What::Dismissed);
        }
        (self.close)();
    }

    fn thank(self: &Rc<Self>) {
        if self.sending.get() == Sending::UnderWay {
            self.sending.set(Sending::No);
            let connected = web_sys::window().is_some_and(|window| window.navigator().on_line());
            self.face.thanks.set(if connected { self.thanks() } else { self.texts.get(Word::Later) });
            tell(&self.host, What::Submitted);
            self.go(self.face.steps.len().checked_sub(1));
        }
    }

    /// The line under the thanks: the owner's, or the survey's own.
    fn thanks(&self) -> String {
        let own = self.own_words(&format!("{}_thanks", self.category().as_str()));
        if own.is_empty() { self.texts.get(Word::ThanksLine) } else { own }
    }

    fn take(&self, extent: Extent) {
        if let Some(form) =
            self.root.get_element_by_id("form").and_then(|form| form.dyn_into::<HtmlFormElement>().ok())
        {
            self.said.take(&form, extent);
        }
    }

    fn thanked(&self) -> bool {
        self.step.get() + 1 == self.face.steps.len()
    }

    /// The score that is drawn as chosen, whether or not it counts yet.
    pub fn chosen(&self) -> Option<Score> {
        self.score.get().or(self.preset.get())
    }

    /// The category of the score; before there is one, that of whoever would be asked least.
    fn category(&self) -> Category {
        self.chosen().map_or(Category::Passive, Score::category)
    }

    /// The step after or before this one, among those that are for such a visitor.
    fn neighbour(&self, after: bool) -> Option<usize> {
        let here = self.step.get();
        let is_for = |step: &usize| self.is_for(*step);
        if after { (here + 1..self.face.steps.len() - 1).find(is_for) } else { (0..here).rev().find(is_for) }
    }

    /// Whether a step before the thanks is for such a visitor.
    fn is_for(&self, step: usize) -> bool {
        let Some(index) = step.checked_sub(1) else { return true };
        let (category, follow_ups) = (self.category(), self.survey.get("follow_ups").items());
        follow_ups.get(index).map_or_else(
            || self.asks_contact(category) || self.asks_consents(category),
            |question| question.is_for(category),
        )
    }

    fn asks_contact(&self, category: Category) -> bool {
        let contact = self.survey.get("contact");
        contact.get("ask").is_set() && contact.is_for(category)
    }

    /// Only who would recommend is asked whether that may be shown to others.
    fn asks_consents(&self, category: Category) -> bool {
        let consents = self.survey.get("consents");
        category == Category::Promoter
            && (consents.get("quote").is_set() || consents.get("reference").is_set())
    }

    fn go(self: &Rc<Self>, step: Option<usize>) {
        let Some(step) = step else { return };
        self.step.set(step);
        self.draw();
        let heading = if self.thanked() {
            "thanks".to_owned()
        } else if step == 0 {
            "question".to_owned()
        } else {
            format!("step{step}")
        };
        self.focus(&heading);
    }

    /// Shows what is to be seen now.
    fn draw(&self) {
        let (face, texts, category) = (&self.face, &self.texts, self.category());
        let (here, scored, chosen) = (self.step.get(), self.score.get().is_some(), self.chosen().is_some());
        for (step, hidden) in face.steps.iter().enumerate() {
            hidden.set(step != here);
            face.off(step).set(!self.is_for(step));
        }
        let own = self.own_words(&format!("{}_prompt", category.as_str()));
        face.prompt.set(if own.is_empty() { texts.prompt(category) } else { own });
        face.comment.set(!chosen);
        face.contact.set(!self.asks_contact(category));
        face.consents.set(!self.asks_consents(category));
        face.back.set(here == 0 || self.thanked());
        face.next.set(!chosen || self.thanked());
        face.labelled_by.set(if self.thanked() { "thanks" } else { "question" }.to_owned());
        face.leave_label.set(texts.get(if scored { Word::Close } else { Word::NotNow }));
        face.next_label.set(texts.get(match self.sending.get() {
            Sending::UnderWay => Word::Sending,
            Sending::Failed => Word::Again,
            Sending::No if self.neighbour(true).is_some() => Word::Next,
            Sending::No => Word::Send,
        }));
        face.problem.set(if self.sending.get() == Sending::Failed {
            texts.get(Word::Failed)
        } else {
            String::new()
        });
        let link = self.survey.get("thanks").get(category.as_str()).get("link");
        face.link.set(!link.is_set());
        face.link_url.set(link.get("url").text().unwrap_or_default());
        face.link_label.set(link.get("label").words(&self.lang));
    }

    /// Moves focus within the card once the new step is on the page; never takes it from the page's own elements.
    fn focus(&self, id: &str) {
        let page = self.host.owner_document();
        let in_page = page.and_then(|page| page.active_element()).is_some_and(|focused| {
            focused != *self.host && focused.tag_name() != "BODY" && focused.tag_name() != "HTML"
        });
        if in_page {
            return;
        }
        let (root, id) = (self.root.clone(), id.to_owned());
        Timeout::new(0, move || {
            if let Some(element) =
                root.get_element_by_id(&id).and_then(|element| element.dyn_into::<HtmlElement>().ok())
            {
                // Firefox gives no focus to a legend that has no place yet.
                let _ = element.get_bounding_client_rect();
                // An element that cannot take focus leaves it where it is.
                let _ = element.focus();
            }
        })
        .forget();
    }
}
