//! The card: everything the visitor sees.
//!
//! All of it is on the page from the start. Steps only show and hide parts, so no element with
//! focus or text is created anew. A press between the fields moves focus to the card itself, so the
//! page's element loses focus to the card and not to nothing. Hidden fields are disabled too, so
//! the form leaves them out. Events come by [`Flow::handle_event`].

use api::limits::{MAX_ANSWER, MAX_COMMENT, MAX_CONTACT};
use leptos::prelude::*;

use crate::config::ConfigValue;
use crate::decimal::{decimal, numbered};
use crate::flow::Flow;
use crate::scale::scale;
use crate::translations::TextKey;
use crate::view_state::{HiddenSignal, TextSignal};

/// Renders the whole survey.
pub fn card(flow: &Flow) -> impl IntoView + use<> {
    let (state, texts, survey) = (&flow.state, &flow.texts, &flow.survey);
    let note = |name: &str| {
        let text = flow.owner_text(name);
        let hidden = HiddenSignal::new(text.is_empty());
        view! { <p hidden=hidden>{TextSignal::new(text)}</p> }
    };
    let privacy = survey.get("privacy_url").text().unwrap_or_default();
    let question = Some(flow.owner_text("question")).filter(|text| !text.is_empty());
    let question = question.or_else(|| survey.get("question").text());
    let question = question.unwrap_or_else(|| texts.format(TextKey::Question, &isolated(&flow.name)));
    let mut steps: Vec<_> =
        survey.get("follow_ups").array().iter().map(|question| follow_up(flow, question)).collect();
    steps.push(contact_and_consents(flow));
    let steps: Vec<_> =
        steps.into_iter().zip(1..).map(|(content, index)| step(flow, index, content)).collect();
    // A name, for Leptos would set an element without one as HTML, which Trusted Types forbid.
    let room = "room";
    let thanks_hidden = state.step(steps.len() + 1);
    view! {
        {button("tab", "open", TextSignal::new(flow.text("tab", TextKey::Open)), state.tab.clone())}
        <section
            role="dialog"
            tabindex="-1"
            lang=flow.lang.clone()
            dir=texts.get(TextKey::Dir)
            aria-labelledby=state.labelled_by.clone()
            hidden=state.card.clone()
        >
            <p role="status" class="unseen">{state.announcement.clone()}</p>
            <form id="form" novalidate=true>
                <div class="step ask" hidden=state.step(0)>
                    {scale(flow, question)}
                    <div class="comment" hidden=state.comment.clone()>
                        <label for="comment">{state.prompt.clone()}</label>
                        <span class="aside" id="optional">{texts.get(TextKey::Optional)}</span>
                        <textarea id="comment" name="comment" dir="auto" rows="1" maxlength=decimal(MAX_COMMENT) placeholder=texts.get(TextKey::Saves) aria-describedby="optional left"></textarea>
                        <p class="aside" id="left">{state.characters_left.clone()}</p>
                    </div>
                    <div class=room></div>
                </div>
                {steps}
                <div class="step thanks" hidden=thanks_hidden>
                    <h2 id="thanks" tabindex="-1">{texts.get(TextKey::Thanks)}</h2>
                    <p>{state.thanks.clone()}</p>
                    {link("link", state.link_url.clone(), state.link_label.clone(), state.link.clone())}
                </div>
                <p role="alert">{state.problem.clone()}</p>
                {button("quiet leave", "leave", state.leave_label.clone(), HiddenSignal::new(false))}
                <div class="buttons">
                    <p class="progress aside">{state.progress.clone()}</p>
                    {button("quiet", "back", TextSignal::new(texts.get(TextKey::Back)), state.back.clone())}
                    {button("send", "next", state.next_label.clone(), state.next.clone())}
                </div>
                <div class="intro aside" hidden=state.step(0)>
                    {note("intro")}
                    {note("purpose")}
                    {link("", TextSignal::new(privacy.clone()), TextSignal::new(texts.get(TextKey::Privacy)), HiddenSignal::new(privacy.is_empty()))}
                </div>
            </form>
        </section>
    }
}

/// Isolates a name, so that it does not change the order of a line written in the other direction.
fn isolated(name: &str) -> String {
    ["\u{2068}", name, "\u{2069}"].concat()
}

/// Content of a step between the question and the thanks. Each part may be missing.
#[derive(Default)]
struct StepContent {
    legend: String,
    /// Name, label and accessible name of the field for an answer in words, which the label alone
    /// may not give.
    words: [String; 3],
    words_hidden: HiddenSignal,
    contact: Vec<Choice>,
    /// Hint above the choices, or their heading where they are not what the legend asks, with its
    /// class.
    hint: (&'static str, String),
    choices: Vec<Choice>,
    choices_hidden: HiddenSignal,
}

/// Input with its label: a radio button, a checkbox or a line of text.
struct Choice {
    class: &'static str,
    kind: &'static str,
    name: String,
    value: String,
    label: String,
    hidden: HiddenSignal,
}

/// Returns the step of a follow-up question.
fn follow_up(flow: &Flow, question: &ConfigValue) -> StepContent {
    let text = |value: ConfigValue| value.text().unwrap_or_default();
    let key = text(question.get("key"));
    let options = question.get("options").array();
    let multiple = question.get("multiple").is_truthy();
    let choice = |option: &ConfigValue| Choice {
        class: "option",
        kind: if multiple { "checkbox" } else { "radio" },
        name: ["o:", &key].concat(),
        value: text(option.get("key")),
        label: option.get("label").localized(&flow.lang),
        hidden: HiddenSignal::new(false),
    };
    let legend = question.get("question").localized(&flow.lang);
    let optional = flow.texts.get(TextKey::Optional);
    let hint = if multiple { flow.texts.get(TextKey::ChooseAny) } else { optional.clone() };
    StepContent {
        hint: ("aside", hint),
        choices_hidden: HiddenSignal::new(options.is_empty()),
        words: [["t:", &key].concat(), optional.clone(), [&*legend, " ", &optional].concat()],
        words_hidden: HiddenSignal::new(!options.is_empty()),
        legend,
        choices: options.iter().map(choice).collect(),
        ..StepContent::default()
    }
}

/// Returns the step with the contact field and the consents.
fn contact_and_consents(flow: &Flow) -> StepContent {
    let texts = &flow.texts;
    let consents = flow.survey.get("consents");
    let all = [
        ("quote", "quote", TextKey::Quote),
        ("quote", "publish", TextKey::Publish),
        ("reference", "reference", TextKey::Reference),
    ];
    let offered = all.into_iter().filter(|(setting, ..)| consents.get(setting).is_truthy());
    let choice = |(_, value, key): (&str, &str, TextKey)| Choice {
        class: "option",
        kind: "checkbox",
        name: "c:".into(),
        value: value.into(),
        label: texts.get(key),
        hidden: flow.state.consents.clone(),
    };
    let contact = Choice {
        class: "words",
        // Not `email`: a telephone number is as welcome.
        kind: "text",
        name: "contact".into(),
        value: String::new(),
        label: flow.text("contact_label", TextKey::Contact),
        hidden: flow.state.contact.clone(),
    };
    StepContent {
        legend: texts.get(TextKey::Last),
        words_hidden: HiddenSignal::new(true),
        contact: vec![contact],
        hint: ("heading", texts.get(TextKey::ConsentsHeading)),
        choices: offered.map(choice).collect(),
        choices_hidden: flow.state.consents.clone(),
        ..StepContent::default()
    }
}

fn step(flow: &Flow, index: usize, content: StepContent) -> impl IntoView + use<> {
    let (hidden, disabled) = (flow.state.step(index), flow.state.disabled(index));
    let [name, label, accessible_name] = content.words;
    let (hint_class, hint) = content.hint;
    let hint_id = numbered("hint", index);
    // A heading is on the way to the choices; a description is read even while it is hidden.
    let described_by = (hint_class == "aside").then(|| hint_id.clone());
    let words_disabled = content.words_hidden.clone();
    let input = |Choice { class, kind, name, value, label, hidden }: Choice| {
        let email = (kind == "text").then_some("email");
        let disabled = hidden.clone();
        view! {
            <label class=class hidden=hidden>
                <input
                    type=kind
                    name=name
                    value=value
                    inputmode=email
                    autocomplete=email
                    maxlength=decimal(MAX_CONTACT)
                    disabled=disabled
                />
                <span>{label}</span>
            </label>
        }
    };
    let inputs = |inputs: Vec<Choice>| inputs.into_iter().map(input).collect::<Vec<_>>();
    view! {
        <fieldset id=numbered("step", index) class="step" tabindex="-1" aria-describedby=described_by hidden=hidden disabled=disabled>
            <legend>{content.legend}</legend>
            {inputs(content.contact)}
            <label class="words" hidden=content.words_hidden>
                <span>{label}</span>
                <textarea
                    name=name
                    disabled=words_disabled
                    dir="auto"
                    rows="3"
                    maxlength=decimal(MAX_ANSWER)
                    aria-label=accessible_name
                ></textarea>
            </label>
            <p id=hint_id class=hint_class hidden=content.choices_hidden>{hint}</p>
            {inputs(content.choices)}
        </fieldset>
    }
}

fn button(
    class: &'static str,
    value: &'static str,
    label: TextSignal,
    hidden: HiddenSignal,
) -> impl IntoView {
    view! { <button type="button" class=class value=value hidden=hidden>{label}</button> }
}

fn link(class: &'static str, url: TextSignal, label: TextSignal, hidden: HiddenSignal) -> impl IntoView {
    view! { <a class=class href=url target="_blank" rel="noopener" hidden=hidden>{label}</a> }
}
