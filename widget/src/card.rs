//! The card: everything the visitor sees.
//!
//! All of it is on the page from the start. Steps only show and hide parts, so no element with
//! focus or text is created anew. A press between the fields moves focus to the card itself, so the
//! page's element loses focus to the card and not to nothing. Hidden fields are disabled too, so the form leaves them out. Events
//! come by [`Flow::handle_event`].

use api::limits::{MAX_ANSWER, MAX_COMMENT, MAX_CONTACT};
use leptos::prelude::*;

use crate::config::ConfigValue;
use crate::flow::Flow;
use crate::scale::scale;
use crate::translations::TextKey;
use crate::view_state::{HiddenSignal, TextSignal};

/// Renders the whole survey.
pub fn card(flow: &Flow) -> impl IntoView + use<> {
    let (state, texts, survey) = (&flow.state, &flow.texts, &flow.survey);
    let intro = |name: &str| {
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
    let thanks_hidden = state.step(steps.len() + 1);
    view! {
        {button("tab", "open", TextSignal::new(texts.get(TextKey::Open)), state.tab.clone())}
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
                <div class="step" hidden=state.step(0)>
                    <div class="intro">
                        {intro("intro")}
                        {intro("purpose")}
                        {link("aside", TextSignal::new(privacy.clone()), TextSignal::new(texts.get(TextKey::Privacy)), HiddenSignal::new(privacy.is_empty()))}
                    </div>
                    {scale(texts, question, flow.chosen())}
                    <div class="comment" hidden=state.comment.clone()>
                        <label for="comment">{state.prompt.clone()}</label>
                        <span class="aside" id="optional">{texts.get(TextKey::Optional)}</span>
                        <textarea id="comment" name="comment" dir="auto" rows="3" maxlength=MAX_COMMENT aria-describedby="optional saves left"></textarea>
                        <p class="aside" id="saves">{texts.get(TextKey::Saves)}</p>
                        <p class="aside" id="left">{state.characters_left.clone()}</p>
                    </div>
                </div>
                {steps}
                <div class="step thanks" hidden=thanks_hidden>
                    <h2 id="thanks" tabindex="-1">{texts.get(TextKey::Thanks)}</h2>
                    <p>{state.thanks.clone()}</p>
                    {link("link", state.link_url.clone(), state.link_label.clone(), state.link.clone())}
                </div>
                <p role="alert">{state.problem.clone()}</p>
                <div class="buttons">
                    {button("quiet", "leave", state.leave_label.clone(), HiddenSignal::new(false))}
                    {button("quiet", "back", TextSignal::new(texts.get(TextKey::Back)), state.back.clone())}
                    {button("send", "next", state.next_label.clone(), state.next.clone())}
                </div>
            </form>
        </section>
    }
}

/// Isolates a name, so that it does not change the order of a line written in the other direction.
fn isolated(name: &str) -> String {
    ["\u{2068}", name, "\u{2069}"].concat()
}

/// Content of a step between the question and the thanks.
struct StepContent {
    legend: String,
    field: TextField,
    /// Type, name, value and label of each choice.
    choices: Vec<[String; 4]>,
    field_hidden: HiddenSignal,
    choices_hidden: HiddenSignal,
}

/// Text field of a step.
struct TextField {
    name: String,
    label: String,
    /// Accessible name, which the label alone may not give.
    accessible_name: String,
    rows: u32,
    max_length: usize,
    autocomplete: &'static str,
}

/// Returns the step of a follow-up question.
fn follow_up(flow: &Flow, question: &ConfigValue) -> StepContent {
    let text = |value: ConfigValue| value.text().unwrap_or_default();
    let key = text(question.get("key"));
    let options = question.get("options").array();
    let kind = if question.get("multiple").is_truthy() { "checkbox" } else { "radio" };
    let choice = |option: &ConfigValue| {
        [kind.into(), format!("o:{key}"), text(option.get("key")), option.get("label").localized(&flow.lang)]
    };
    let legend = question.get("question").localized(&flow.lang);
    let optional = flow.texts.get(TextKey::Optional);
    let field = TextField {
        name: format!("t:{key}"),
        accessible_name: format!("{legend} {optional}"),
        label: optional,
        rows: 3,
        max_length: MAX_ANSWER,
        autocomplete: "off",
    };
    StepContent {
        legend,
        field,
        field_hidden: HiddenSignal::new(!options.is_empty()),
        choices: options.iter().map(choice).collect(),
        choices_hidden: HiddenSignal::new(false),
    }
}

/// Returns the step with the contact field and the consents.
fn contact_and_consents(flow: &Flow) -> StepContent {
    let texts = &flow.texts;
    let label = Some(flow.owner_text("contact_label")).filter(|text| !text.is_empty());
    let label = label.unwrap_or_else(|| texts.get(TextKey::Contact));
    let consents = flow.survey.get("consents");
    let all = [
        ("quote", "quote", TextKey::Quote),
        ("quote", "publish", TextKey::Publish),
        ("reference", "reference", TextKey::Reference),
    ];
    let offered = all.into_iter().filter(|(setting, ..)| consents.get(setting).is_truthy());
    let choice = |(_, value, key): (&str, &str, TextKey)| {
        ["checkbox".into(), "c:".into(), value.into(), texts.get(key)]
    };
    let field = TextField {
        name: "contact".into(),
        accessible_name: label.clone(),
        label,
        rows: 1,
        max_length: MAX_CONTACT,
        autocomplete: "email",
    };
    StepContent {
        legend: texts.get(TextKey::Last),
        field,
        field_hidden: flow.state.contact.clone(),
        choices: offered.map(choice).collect(),
        choices_hidden: flow.state.consents.clone(),
    }
}

fn step(flow: &Flow, index: usize, content: StepContent) -> impl IntoView + use<> {
    let (hidden, disabled) = (flow.state.step(index), flow.state.disabled(index));
    let StepContent { legend, field, choices, field_hidden, choices_hidden } = content;
    let field_disabled = field_hidden.clone();
    let choice = |[kind, name, value, label]: [String; 4]| {
        view! {
            <label class="option" hidden=choices_hidden.clone()>
                <input type=kind name=name value=value disabled=choices_hidden.clone() />
                <span>{label}</span>
            </label>
        }
    };
    let choices: Vec<_> = choices.into_iter().map(choice).collect();
    view! {
        <fieldset id=format!("step{index}") class="step" tabindex="-1" hidden=hidden disabled=disabled>
            <legend>{legend}</legend>
            <label class="words" hidden=field_hidden>
                <span class="aside">{field.label}</span>
                <textarea
                    name=field.name
                    disabled=field_disabled
                    dir="auto"
                    rows=field.rows
                    maxlength=field.max_length
                    aria-label=field.accessible_name
                    autocomplete=field.autocomplete
                ></textarea>
            </label>
            {choices}
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
