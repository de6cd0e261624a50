//! Asking elsewhere than on a page of the owner's: links that say who answers, and the question as a row of links for a mail.
//!
//! Links are made of what is sent and the collector's secret, so nothing is stored for them.

use api::{ResponseId, ValidationError};
use collector_core::{Invitation, html};
use serde_json::{Map, Value, json};
use worker::Response;

use super::Inner;
use super::asked::Asked;
use crate::random;
use crate::reply::{self, Outcome};

/// The longest text that a mailing tool replaces.
const MAX_MERGE: usize = 200;
const PARAMETERS: [&str; 3] = ["lang", "t", "merge"];

impl Inner {
    /// Makes links, each with an id of its own.
    pub fn create_links(&self, asked: &Asked) -> Outcome<Response> {
        let (given, site, secret) = (asked.json()?, self.site()?, self.secret()?);
        let mut failed = None;
        let links = Invitation::read_all(&given, &mut || {
            let bytes = random().map_err(|problem| failed = Some(problem)).unwrap_or_default();
            ResponseId::from_random(bytes)
        })?;
        if let Some(problem) = failed {
            return Err(problem);
        }
        let links = links.into_iter().map(|link| {
            let token = link.token(&site, &secret);
            let mut shown = link.into_claims();
            shown.insert("url".into(), format!("{}?t={token}", asked.page).into());
            shown.insert("token".into(), token.into());
            Value::Object(shown)
        });
        let links = Map::from_iter([("links".to_owned(), links.collect::<Value>())]);
        reply::json(201, &Value::Object(links))
    }

    /// The question as a row of links. The Worker in front sends along what the row says in each language.
    pub fn mail(&self, asked: &Asked) -> Outcome<Response> {
        let file = asked.json()?;
        let mut given = [const { None }; PARAMETERS.len()];
        for (name, value) in asked.query() {
            match PARAMETERS.iter().position(|own| *own == name).and_then(|at| given.get_mut(at)) {
                Some(slot) => Asked::once(slot, &name, value)?,
                None => {
                    let detail = "There is no parameter of this name. There are lang, t and merge.";
                    return Err(ValidationError::new(name, detail).into());
                }
            }
        }
        let [lang, token, merge] = given;
        let lang = lang.unwrap_or_else(|| "en".into());
        let own = file.get("languages").and_then(|languages| languages.get(&lang)).ok_or_else(|| {
            let detail =
                "There are no texts of this language. Use one of the survey's, for example en or pt-BR.";
            ValidationError::new("lang", detail)
        })?;
        if let Some(token) = &token
            && Invitation::verify(token, &self.site()?, &self.secret()?).is_none()
        {
            return Err(ValidationError::new(
                "t",
                "Must be the token of a link that was made for this site.",
            )
            .into());
        }
        if let Some(merge) = &merge {
            let fits = (1..=MAX_MERGE).contains(&merge.chars().count());
            if token.is_some() || !fits || merge.contains(|c: char| c == '"' || c.is_control()) {
                let detail =
                    "Must be text of 1 to 200 characters without line breaks and \", and cannot go with t.";
                return Err(ValidationError::new("merge", detail).into());
            }
        }

        let settings = self.settings()?;
        let text =
            |of: &Value, name: &str| of.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let question = match settings.survey.question_in(&lang) {
            Some(own) => own.to_owned(),
            None => text(own, "question").replace("{name}", &settings.name),
        };
        let (low, high, dir) = (text(own, "low"), text(own, "high"), text(own, "dir"));
        let (start, end) = if dir == "rtl" { ("right", "left") } else { ("left", "right") };
        // A mailing tool looks for what it replaces letter by letter.
        let token = token.or(merge);
        let filled = |form: &str, and: &str| {
            let token = token.as_ref().map(|token| format!("{and}t={token}")).unwrap_or_default();
            let values = [
                ("lang", lang.as_str()),
                ("dir", &dir),
                ("start", start),
                ("end", end),
                ("question", &question),
                ("low", &low),
                ("high", &high),
                ("page", &asked.page),
                ("t", &token),
            ];
            html::render_template(&text(&file, form), &values)
        };
        let (html, plain) = (filled("html", "&amp;"), filled("text", "&"));
        reply::json(200, &json!({ "subject": question, "html": html, "text": plain }))
    }
}
