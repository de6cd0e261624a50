//! Flow of the survey: the visitor's input, the steps and the delivery, apart from their looks.
//!
//! A visitor answers the question, may go through the owner's other steps and back, sends, and is
//! thanked once the response is stored. Until then the form stays and says why: the response waits
//! in the outbox, or the collector has refused it. The comment is saved as the visitor writes it.
//! All texts are sent when the card goes away. Nothing closes by itself.

mod delivery;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use api::language::zero;
use api::limits::MAX_COMMENT;
use gloo_timers::callback::Timeout;
use leptos::prelude::Set;
use nps::{Category, Score};
use wasm_bindgen::JsCast;
use web_sys::{
    Element, Event, EventTarget, HtmlElement, HtmlInputElement, HtmlTextAreaElement, KeyboardEvent,
    ShadowRoot, UiEvent,
};

pub use self::delivery::failure_text;
use crate::config::ConfigValue;
use crate::decimal::{in_digits, numbered};
use crate::events::{SurveyEvent, dispatch};
use crate::focus_within::focus_within;
use crate::response_draft::{ResponseDraft, Submit};
use crate::scale;
use crate::steps::Steps;
use crate::translations::{TextKey, Translations};
use crate::view_state::ViewState;

/// Time for screen readers to notice the status region before its text changes.
const ANNOUNCE_AFTER_MS: u32 = 500;
/// Key code of WebKit for a key press that belongs to an input method.
const COMPOSING_KEY_CODE: u32 = 229;
/// Distance that the scale can move without another choice under the pointer, in CSS pixels.
const MAX_SHIFT_PX: f64 = 8.0;
/// Time after a larger move for which presses on the scale are ignored.
const SETTLE_MS: f64 = 400.0;
/// The number of characters left is shown from here on.
const NEARLY_FULL: usize = 300;
/// State of the delivery after Send.
#[derive(Clone, Copy, PartialEq)]
enum Delivery {
    Idle,
    Sending,
    /// Not stored, for the reason in the text. Unless it is refused, the outbox goes on, and thanks
    /// may still come.
    Failed(TextKey),
}

/// State of the card and its reactions to the visitor.
pub struct Flow {
    pub state: ViewState,
    pub texts: Translations,
    /// The survey part of the settings.
    pub survey: ConfigValue,
    steps: Steps,
    pub lang: String,
    /// Name of the site.
    pub name: String,
    pub draft: ResponseDraft,
    pub host: HtmlElement,
    pub root: ShadowRoot,
    close: fn(),
    /// Whether the card is in the flow of the page, where a screen reader reaches it without an
    /// announcement.
    inline: Cell<bool>,
    /// Whether the card is in a frame, whose height follows its content.
    framed: Cell<bool>,
    /// Whether the impression counts as shown.
    shown: Cell<bool>,
    score: Cell<Option<Score>>,
    /// Score of a link, drawn as chosen. It counts once a person does something in the card that
    /// does not contradict it.
    preset: Cell<Option<Score>>,
    step: Cell<usize>,
    delivery: Cell<Delivery>,
    /// Time until which presses on the scale are ignored, on the clock of the draft.
    settled_at_ms: Rc<Cell<f64>>,
    /// Sends the text in a pause of the writing.
    pause: RefCell<Option<Timeout>>,
    /// Number of texts that pauses have sent.
    pauses: Cell<u32>,
}

impl Flow {
    /// Creates a survey of which nothing is shown yet.
    pub fn new(
        settings: &ConfigValue,
        texts: Translations,
        draft: ResponseDraft,
        host: HtmlElement,
        root: ShadowRoot,
        close: fn(),
    ) -> Rc<Self> {
        let survey = settings.get("survey");
        let steps = Steps::new(survey.clone());
        let text = |name| settings.get(name).text().unwrap_or_default();
        let lang = text("lang");
        Rc::new(Self {
            state: ViewState::new(steps.count),
            steps,
            settled_at_ms: Rc::default(),
            lang,
            name: text("name"),
            texts,
            survey,
            draft,
            host,
            root,
            close,
            inline: Cell::new(false),
            framed: Cell::new(false),
            shown: Cell::new(false),
            score: Cell::new(None),
            preset: Cell::new(settings.get("score").0.as_f64().and_then(|score| Score::new(score as u8))),
            step: Cell::new(0),
            delivery: Cell::new(Delivery::Idle),
            pause: RefCell::new(None),
            pauses: Cell::new(0),
        })
    }

    /// Returns the owner's text for a part in this language; empty where there is none.
    pub fn owner_text(&self, part: &str) -> String {
        self.survey.get("texts").get(&self.lang).get(part).text().unwrap_or_default()
    }

    /// Returns the owner's text for a part in this language, else the translation. A part that
    /// owners do not word is blank.
    pub fn text(&self, part: &str, key: TextKey) -> String {
        let text = self.owner_text(part);
        if text.is_empty() { self.texts.get(key) } else { text }
    }

    /// Returns a number in the digits of this language.
    pub fn digits(&self, number: usize) -> String {
        in_digits(zero(&self.lang), number)
    }

    /// Sets the state to render first: the card, or only the button at the side. A change after
    /// that would lay out the card twice.
    pub fn prepare(&self, mode: &str) {
        self.inline.set(mode == "inline");
        self.framed.set(mode == "frame");
        if mode == "tab" {
            self.state.tab.set(false);
        } else {
            self.show_card();
        }
    }

    fn show_card(&self) {
        self.state.tab.set(true);
        self.state.card.set(false);
        self.draw();
    }

    /// Counts the rendered card as shown and tells screen readers of it, unless it is inline.
    pub fn announce(self: &Rc<Self>) {
        if self.inline.get() {
            return;
        }
        self.set_visible();
        let this = self.clone();
        Timeout::new(ANNOUNCE_AFTER_MS, move || {
            this.state.announcement.set(this.texts.get(TextKey::Announcement));
        })
        .forget();
    }

    /// Counts the survey as shown. An inline survey may be further down on the page, so the page's
    /// side calls this once it has been in view.
    pub fn set_visible(&self) {
        if !self.shown.replace(true) {
            self.draft.set_shown();
            dispatch(&self.host, SurveyEvent::Shown);
        }
    }

    /// Handles an event of the card. `target` is inside the shadow root.
    pub fn handle_event(self: &Rc<Self>, event: &Event, target: EventTarget) {
        let Ok(target) = target.dyn_into::<Element>() else { return };
        let trusted = event.is_trusted();
        match event.type_().as_str() {
            "click" if self.is_misplaced(event, &target) => event.prevent_default(),
            "pointerdown" if trusted => self.confirm(&target, ""),
            // The second click of a double click may land on an element that has just moved there.
            "click" if event.dyn_ref::<UiEvent>().is_some_and(|click| click.detail() > 1) => {}
            "click" => {
                // A screen reader clicks without a pointer.
                if trusted {
                    self.confirm(&target, "");
                }
                let button = target.closest("button").ok().flatten();
                self.on_button(&button.and_then(|button| button.get_attribute("value")).unwrap_or_default());
            }
            "submit" => {
                event.prevent_default();
                self.on_button("next");
            }
            "input" => self.on_input(&target),
            "change" => {
                let chosen = target.dyn_ref::<HtmlInputElement>().filter(|input| input.name() == "score");
                if let Some(score) = chosen.and_then(|input| Score::new(input.value().parse().ok()?)) {
                    self.choose(score);
                }
            }
            "keydown" => {
                if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
                    if trusted {
                        self.confirm(&target, &event.key());
                    }
                    self.key(event, &target);
                }
            }
            _ => {}
        }
    }

    /// Whether a press hits a choice that has only just moved under the pointer. Keys and screen
    /// readers click without a count.
    fn is_misplaced(&self, event: &Event, target: &Element) -> bool {
        self.draft.now_ms() < self.settled_at_ms.get()
            && event.dyn_ref::<UiEvent>().is_some_and(|click| click.detail() > 0)
            && target.closest(".choice").ok().flatten().is_some()
    }

    fn on_button(self: &Rc<Self>, button: &str) {
        match button {
            "open" => {
                self.show_card();
                self.announce();
                focus_within(&self.host, &self.root, "question");
            }
            "leave" => self.leave(),
            "back" => self.go(self.steps.previous(self.step.get(), self.category())),
            "next" if self.chosen().is_some() => match (self.delivery.get(), self.next_step()) {
                (Delivery::Sending, _) => {}
                (Delivery::Idle, Some(step)) => {
                    self.preset.get().inspect(|preset| self.choose(*preset));
                    self.submit_form(Submit::TextOnly);
                    self.go(Some(step));
                }
                (Delivery::Idle, None) | (Delivery::Failed(_), _) => self.send(),
            },
            _ => {}
        }
    }

    /// Confirms the score of the link when a person presses something in the card, with a pointer
    /// or a key, unless that chooses another score or declines.
    fn confirm(self: &Rc<Self>, target: &Element, key: &str) {
        let Some(preset) = self.preset.get() else { return };
        let choice = target.closest(".choice").ok().flatten();
        let preset_input = numbered("#score", preset.get().into());
        let chooses = choice.is_some_and(|choice| {
            if key.is_empty() {
                choice.query_selector(&preset_input).ok().flatten().is_none()
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
        // Escape can also end the input of a character. By default it closes the page's popover.
        if key == "Escape" && !event.is_composing() && event.key_code() != COMPOSING_KEY_CODE {
            event.prevent_default();
            return self.leave();
        }
        scale::wrap_around(event, target, &self.root, self.host.dir() == "rtl");
    }

    /// Sets the score, for the first time or again.
    fn choose(self: &Rc<Self>, score: Score) {
        self.set_visible();
        self.preset.set(None);
        let first = self.score.replace(Some(score)).is_none();
        self.draft.set_score(score);
        if first {
            dispatch(&self.host, SurveyEvent::Scored);
        }
        let before = self.scale_position();
        self.draw();
        let (this, settled_at_ms) = (self.clone(), self.settled_at_ms.clone());
        // After the tasks that show the comment.
        leptos::task::spawn_local(async move {
            if (this.scale_position() - before).abs() > MAX_SHIFT_PX {
                settled_at_ms.set(this.draft.now_ms() + SETTLE_MS);
            }
        });
    }

    /// Returns the place of the question, and so of the scale, in the window. A frame at the lower
    /// edge grows upwards with its content, so there it is the distance from the end.
    fn scale_position(&self) -> f64 {
        let place = |id| self.root.get_element_by_id(id).map(|element| element.get_bounding_client_rect());
        let end = if self.framed.get() { place("form").map_or(0.0, |form| form.bottom()) } else { 0.0 };
        place("question").map_or(0.0, |question| question.top()) - end
    }

    fn on_input(self: &Rc<Self>, target: &Element) {
        if let Some(comment) = target.dyn_ref::<HtmlTextAreaElement>().filter(|area| area.id() == "comment") {
            // The browser's limit counts UTF-16 units, so the hint does.
            let left = MAX_COMMENT.saturating_sub(comment.text_length() as usize);
            let hint = if left > NEARLY_FULL {
                String::new()
            } else {
                self.texts.format(TextKey::Left, &self.digits(left))
            };
            self.state.characters_left.set(hint);
            self.save_in_pause();
        }
    }

    fn is_done(&self) -> bool {
        self.step.get() == self.steps.last()
    }

    /// Returns the score that is drawn as chosen, whether or not it counts yet.
    pub fn chosen(&self) -> Option<Score> {
        self.score.get().or(self.preset.get())
    }

    /// Returns the category of the score, and before there is one, passive: the category with the
    /// fewest questions.
    fn category(&self) -> Category {
        self.chosen().map_or(Category::Passive, Score::category)
    }

    fn next_step(&self) -> Option<usize> {
        self.steps.next(self.step.get(), self.category())
    }

    fn go(self: &Rc<Self>, step: Option<usize>) {
        let Some(step) = step else { return };
        self.step.set(step);
        self.draw();
        let heading = if self.is_done() {
            "thanks".to_owned()
        } else if step == 0 {
            "question".to_owned()
        } else {
            numbered("step", step)
        };
        focus_within(&self.host, &self.root, &heading);
    }

    /// Updates the view state.
    fn draw(&self) {
        let (state, texts, category) = (&self.state, &self.texts, self.category());
        let (here, scored, chosen) = (self.step.get(), self.score.get().is_some(), self.chosen().is_some());
        for (step, hidden) in state.steps.iter().enumerate() {
            hidden.set(step != here);
            state.disabled(step).set(!self.steps.applies_to(step, category));
        }
        let (position, count) = self.steps.progress(here, category);
        state.progress.set(if count > 1 && chosen && !self.is_done() {
            [self.digits(position), self.digits(count)].join(" / ")
        } else {
            String::new()
        });
        let prompt = self.owner_text(&[category.as_str(), "_prompt"].concat());
        state.prompt.set(if prompt.is_empty() { texts.prompt(category) } else { prompt });
        state.comment.set(!chosen);
        state.contact.set(!self.steps.asks_contact(category));
        state.consents.set(!self.steps.asks_consents(category));
        state.back.set(here == 0 || self.is_done());
        state.next.set(!chosen || self.is_done());
        state.labelled_by.set(if self.is_done() { "thanks" } else { "question" }.to_owned());
        let (part, key) = if scored { ("close", TextKey::Close) } else { ("not_now", TextKey::NotNow) };
        state.leave_label.set(self.text(part, key));
        let (part, key) = match self.delivery.get() {
            Delivery::Sending => ("", TextKey::Sending),
            Delivery::Failed(_) => ("", TextKey::Again),
            Delivery::Idle if self.next_step().is_some() => ("", TextKey::Next),
            Delivery::Idle => ("send", TextKey::Send),
        };
        state.next_label.set(self.text(part, key));
        state.problem.set(match self.delivery.get() {
            Delivery::Failed(failure) => texts.get(failure),
            _ => String::new(),
        });
        let link = self.survey.get("thanks").get(category.as_str()).get("link");
        state.link.set(!link.is_truthy());
        state.link_url.set(link.get("url").text().unwrap_or_default());
        state.link_label.set(link.get("label").localized(&self.lang));
    }
}
