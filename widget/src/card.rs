//! The card: everything the visitor sees.
//!
//! All of it is on the page from the start, and steps only hide and show parts: nothing that has focus or text in it is
//! made anew. What is hidden is disabled too, so that it is no part of what is said. There are no listeners here: what is
//! pressed and written is heard at the root of it all ([`Flow::hear`]).

use api::limits::{MAX_ANSWER, MAX_COMMENT, MAX_CONTACT};
use leptos::prelude::*;

use crate::face::{Hidden, Line};
use crate::flow::Flow;
use crate::owner::Owner;
use crate::scale::scale;
use crate::texts::Word;

/// The whole survey.
pub fn card(flow: &Flow) -> impl IntoView + use<> {
    let (face, texts, own) = (&flow.face, &flow.texts, &flow.survey);
    let intro = |name: &str| {
        let text = flow.own_words(name);
        let none = Hidden::new(text.is_empty());
        view! { <p hidden=none>{Line::new(text)}</p> }
    };
    let privacy = own.get("privacy_url").text().unwrap_or_default();
    let question = Some(flow.own_words("question")).filter(|own| !own.is_empty());
    let question = question.or_else(|| own.get("question").text());
    let question = question.unwrap_or_else(|| texts.fill(Word::Question, &isolated(&flow.name)));
    let mut steps: Vec<_> =
        own.get("follow_ups").items().iter().map(|question| follow_up(flow, question)).collect();
    steps.push(last(flow));
    let steps: Vec<_> = steps.into_iter().zip(1..).map(|(parts, index)| step(flow, index, parts)).collect();
    let thanked = face.step(steps.len() + 1);
    view! {
        {button("tab", "open", Line::new(texts.get(Word::Open)), face.tab.clone())}
        <section
            role="dialog"
            lang=flow.lang.clone()
            dir=texts.get(Word::Dir)
            aria-labelledby=face.labelled_by.clone()
            hidden=face.card.clone()
        >
            <p role="status" class="unseen">{face.announcement.clone()}</p>
            <form id="form" novalidate=true>
                <div class="step" hidden=face.step(0)>
                    <div class="intro">
                        {intro("intro")}
                        {intro("purpose")}
                        {link("aside", Line::new(privacy.clone()), Line::new(texts.get(Word::Privacy)), Hidden::new(privacy.is_empty()))}
                    </div>
                    {scale(texts, question, flow.chosen())}
                    <div class="comment" hidden=face.comment.clone()>
                        <label for="comment">{face.prompt.clone()}</label>
                        <span class="aside" id="optional">{texts.get(Word::Optional)}</span>
                        <textarea id="comment" name="comment" dir="auto" rows="3" maxlength=MAX_COMMENT aria-describedby="optional left"></textarea>
                        <p class="aside" id="left">{face.left.clone()}</p>
                    </div>
                </div>
                {steps}
                <div class="step thanks" hidden=thanked>
                    <h2 id="thanks" tabindex="-1">{texts.get(Word::Thanks)}</h2>
                    <p>{face.thanks.clone()}</p>
                    {link("link", face.link_url.clone(), face.link_label.clone(), face.link.clone())}
                </div>
                <p role="alert">{face.problem.clone()}</p>
                <div class="buttons">
                    {button("quiet", "leave", face.leave_label.clone(), Hidden::new(false))}
                    {button("quiet", "back", Line::new(texts.get(Word::Back)), face.back.clone())}
                    {button("send", "next", face.next_label.clone(), face.next.clone())}
                </div>
            </form>
        </section>
    }
}

/// A name that does not turn a line in a language written the other way.
fn isolated(name: &str) -> String {
    ["\u{2068}", name, "\u{2069}"].concat()
}

/// What makes up a step between the question and the thanks.
struct Parts {
    legend: String,
    words: Words,
    /// Kind, name, value and label of what may be chosen.
    choices: Vec<[String; 4]>,
    /// Whether the field, and what may be chosen, is not for such a visitor.
    off: [Hidden; 2],
}

/// A field for words.
struct Words {
    name: String,
    /// What stands above it.
    label: String,
    /// What it is called where the label alone does not say it.
    called: String,
    rows: u32,
    most: usize,
    /// What the browser may fill in.
    autocomplete: &'static str,
}

/// One of the owner's questions.
fn follow_up(flow: &Flow, question: &Owner) -> Parts {
    let text = |owner: Owner| owner.text().unwrap_or_default();
    let key = text(question.get("key"));
    let options = question.get("options").items();
    let kind = if question.get("multiple").is_set() { "checkbox" } else { "radio" };
    let choice = |option: &Owner| {
        [kind.into(), format!("o:{key}"), text(option.get("key")), option.get("label").words(&flow.lang)]
    };
    let legend = question.get("question").words(&flow.lang);
    let optional = flow.texts.get(Word::Optional);
    let words = Words {
        name: format!("t:{key}"),
        called: format!("{legend} {optional}"),
        label: optional,
        rows: 3,
        most: MAX_ANSWER,
        autocomplete: "off",
    };
    let off = [Hidden::new(!options.is_empty()), Hidden::new(false)];
    Parts { legend, words, choices: options.iter().map(choice).collect(), off }
}

/// The contact and the consents.
fn last(flow: &Flow) -> Parts {
    let texts = &flow.texts;
    let own = Some(flow.own_words("contact_label")).filter(|own| !own.is_empty());
    let label = own.unwrap_or_else(|| texts.get(Word::Contact));
    let consents = flow.survey.get("consents");
    let all = [
        ("quote", "quote", Word::Quote),
        ("quote", "publish", Word::Publish),
        ("reference", "reference", Word::Reference),
    ];
    let offered = all.into_iter().filter(|(setting, ..)| consents.get(setting).is_set());
    let choice = |(_, value, word): (&str, &str, Word)| {
        ["checkbox".into(), "c:".into(), value.into(), texts.get(word)]
    };
    let words = Words {
        name: "contact".into(),
        called: label.clone(),
        label,
        rows: 1,
        most: MAX_CONTACT,
        autocomplete: "email",
    };
    let off = [flow.face.contact.clone(), flow.face.consents.clone()];
    Parts { legend: texts.get(Word::Last), words, choices: offered.map(choice).collect(), off }
}

fn step(flow: &Flow, index: usize, parts: Parts) -> impl IntoView + use<> {
    let (hidden, off) = (flow.face.step(index), flow.face.off(index));
    let words = parts.words;
    let [wordless, choiceless] = parts.off;
    let hide_words = wordless.clone();
    let choice = |[kind, name, value, label]: [String; 4]| {
        view! {
            <label class="option" hidden=choiceless.clone()>
                <input type=kind name=name value=value disabled=choiceless.clone() />
                <span>{label}</span>
            </label>
        }
    };
    let choices: Vec<_> = parts.choices.into_iter().map(choice).collect();
    view! {
        <fieldset id=format!("step{index}") class="step" tabindex="-1" hidden=hidden disabled=off>
            <legend>{parts.legend}</legend>
            <label class="words" hidden=hide_words>
                <span class="aside">{words.label}</span>
                <textarea
                    name=words.name
                    disabled=wordless
                    dir="auto"
                    rows=words.rows
                    maxlength=words.most
                    aria-label=words.called
                    autocomplete=words.autocomplete
                ></textarea>
            </label>
            {choices}
        </fieldset>
    }
}

fn button(class: &'static str, value: &'static str, label: Line, hidden: Hidden) -> impl IntoView {
    view! { <button type="button" class=class value=value hidden=hidden>{label}</button> }
}

fn link(class: &'static str, url: Line, label: Line, hidden: Hidden) -> impl IntoView {
    view! { <a class=class href=url target="_blank" rel="noopener" hidden=hidden>{label}</a> }
}
