//! `GET …/email`: the question as a row of links, for an email.

use api::ValidationError;
use api::language::Lang;
use api::survey::Part;
use collector_core::{Invitation, html};
use serde_json::{Value, json};

use super::request::ApiRequest;
use super::state::SiteState;
use crate::http::problem::quoted;
use crate::http::{ApiResult, Response, response};

/// The longest placeholder of a mailing tool, in characters.
const MAX_MERGE: usize = 200;
/// Language of the row where the request names none.
const DEFAULT_LANGUAGE: &str = "en";

/// Renders the row as HTML and as text. The Worker sends its templates and the texts of every
/// language as the body.
pub fn get(site: &SiteState, request: &ApiRequest) -> ApiResult<Response> {
    let file = request.json()?;
    let [lang, token, merge] = request.parameters(["lang", "t", "merge"])?;
    let lang = lang.unwrap_or_else(|| DEFAULT_LANGUAGE.into());
    let texts = file.get("languages").and_then(|languages| languages.get(&lang)).ok_or_else(|| {
        let detail = format!(
            "Language {} is unknown. Use a language of the survey, for example en or pt-BR.",
            quoted(&lang)
        );
        ValidationError::new("lang", detail)
    })?;
    if let Some(token) = &token
        && Invitation::verify(token, &site.site_id()?, &site.secret()?).is_none()
    {
        return Err(ValidationError::new(
            "t",
            "`t` must be the token of a link that was created for this site.",
        )
        .into());
    }
    if let Some(merge) = &merge {
        let fits = (1..=MAX_MERGE).contains(&merge.chars().count());
        if token.is_some() || !fits || merge.contains(|c: char| c == '"' || c.is_control()) {
            let detail = format!(
                "`merge` must be 1 to {MAX_MERGE} characters without line breaks and `\"`, and excludes `t`."
            );
            return Err(ValidationError::new("merge", detail).into());
        }
    }

    let settings = site.settings()?;
    let question = match settings.survey.question_in(&lang) {
        Some(question) => question.to_owned(),
        None => text(texts, "question").replace("{name}", &settings.name),
    };
    let own_words = |part| Lang::parse(&lang).and_then(|lang| settings.survey.texts.get(lang, part));
    let end = |part, name| own_words(part).map_or_else(|| text(texts, name), str::to_owned);
    let (low, high, dir) = (end(Part::Low, "low"), end(Part::High, "high"), text(texts, "dir"));
    let colours = settings.survey.theme.filled_colours();
    let (start, end) = if dir == "rtl" { ("right", "left") } else { ("left", "right") };
    let hosted_url = request.call.hosted_url.as_deref().unwrap_or_default();
    // A mailing tool looks for its placeholder letter by letter, so that is not encoded.
    let token = token.or(merge);
    let render = |template: &str, separator: &str| {
        let token = token.as_ref().map(|token| format!("{separator}t={token}")).unwrap_or_default();
        let values = [
            ("lang", lang.as_str()),
            ("dir", &dir),
            ("start", start),
            ("end", end),
            ("fill", &colours.fill),
            ("on_fill", &colours.text),
            ("rim", &colours.rim),
            ("question", &question),
            ("low", &low),
            ("high", &high),
            ("page", hosted_url),
            ("t", &token),
        ];
        html::render_template(&text(&file, template), &values)
    };
    let (html, plain) = (render("html", "&amp;"), render("text", "&"));
    Ok(response::json(200, &json!({ "subject": question, "html": html, "text": plain })))
}

fn text(object: &Value, name: &str) -> String {
    object.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}
