//! Pages that the collector serves to visitors: one visit of them, and how they are rendered.
//!
//! Each page is a built file: its policy in the first line, then HTML with placeholders. The texts
//! are another built file with one line for each language: its tag, a space and a JSON object. A
//! problem is shown as a page too, since people read it.

use std::rc::Rc;

use api::{Channel, language};
use collector_core::{Invitation, SiteId, html};
use nps::{Category, Score};
use serde_json::{Map, Value};
use web_sys::Url;

use super::asset_store;
use super::context::RequestContext;
use super::sightings;
use super::site_cache::{self, CachedSite};
use crate::environment;
use crate::http::{ApiResult, Problem, Response};

const UNKNOWN_SITE: &str =
    "Part of the address may be missing. Open the link once more from where you found it.";
/// Language of a visitor whose languages name none of ours.
pub const DEFAULT_LANGUAGE: &str = "en";

/// Request for the hosted survey: its site, its language and the options in its URL.
pub struct Visit {
    pub site: SiteId,
    pub cached: Rc<CachedSite>,
    lang: String,
    texts: Map<String, Value>,
    /// Options of the survey: `channel`, and any of `id`, `user` with `user_hash`,
    /// `properties`, `lang` and `score`.
    pub options: Map<String, Value>,
}

impl Visit {
    /// Reads the URL and the languages of a request.
    ///
    /// People pass URLs on and programs add to them, so a wrong or unknown parameter is ignored:
    /// there is a survey to show all the same. So is a token that is not ours or was changed.
    pub async fn read(context: &RequestContext, site: &str) -> ApiResult<Self> {
        let site = context.site(site)?;
        let pairs = context.url.pairs();
        let parameter =
            |wanted: &str| pairs.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
        let secret = environment::secret(&context.env)?;
        let token = parameter("t");
        let invitation = token.and_then(|token| Invitation::verify(token, &site, &secret));
        if token.is_some() && invitation.is_none() {
            sightings::count_invalid_invitation(&site);
        }
        let cached = site_cache::get(context, &site).await?.0;
        let mut options = invitation.map(Invitation::into_claims).unwrap_or_default();
        // The invitation proves its user.
        if let Some(user) = options.get("user").and_then(Value::as_str)
            && !cached.identity.is_open()
        {
            let hash = cached.identity.prove((&secret, &site), user.trim());
            options.insert("user_hash".into(), hash.into());
        }

        let file = asset_store::text(&context.env, "hosted.texts").await?;
        let languages: Vec<(&str, &str)> = file.lines().filter_map(|line| line.split_once(' ')).collect();
        let tags: Vec<&str> = languages.iter().map(|(tag, _)| *tag).collect();
        let invited = options.remove("lang");
        let wanted = parameter("lang").into_iter().chain(invited.as_ref().and_then(Value::as_str));
        let chosen = language::choose(wanted, &tags);
        let accepted = context.header("accept-language").unwrap_or_default();
        let lang = chosen.or_else(|| language::choose(language::accepted(&accepted), &tags));
        let lang = lang.unwrap_or(DEFAULT_LANGUAGE);
        let texts = languages.iter().find(|(tag, _)| *tag == lang).map_or("{}", |(_, texts)| texts);
        let texts = serde_json::from_str(texts).map_err(Problem::internal)?;

        // Links in emails that were sent before have the stored name.
        let channel =
            parameter("c").and_then(|name| Channel::parse(name).ok().or_else(|| Channel::from_stored(name)));
        let channel = channel.filter(|channel| matches!(channel, Channel::Email | Channel::Interview));
        options.insert("channel".into(), channel.unwrap_or(Channel::Link).as_str().into());
        if let Some(chosen) = chosen {
            options.insert("lang".into(), chosen.into());
        }
        if let Some(score) = parameter("score").and_then(parse_score) {
            options.insert("score".into(), score.get().into());
        }
        Ok(Self { site, cached, lang: lang.to_owned(), texts, options })
    }

    /// Returns a text of the survey's own in the language of the visit.
    pub fn text(&self, key: &str) -> &str {
        self.texts.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    /// Returns the tag of the language.
    pub fn lang(&self) -> &str {
        &self.lang
    }

    /// Returns the question: the owner's, or the standard one.
    pub fn question(&self) -> String {
        let owner_question = self.owner_text("question").or_else(|| self.survey("question")?.as_str());
        owner_question
            .map_or_else(|| self.text("question").replace("{name}", &self.cached.name), str::to_owned)
    }

    /// Returns the prompt of the comment for a score; before there is one, that for a passive, as
    /// in the widget.
    pub fn prompt(&self, score: Option<Score>) -> &str {
        let category = score.map_or(Category::Passive, Score::category).as_str();
        self.owner_text(&format!("{category}_prompt")).unwrap_or_else(|| self.text(category))
    }

    /// Returns the line under the thanks for a score.
    pub fn thanks_line(&self, score: Score) -> &str {
        let owner_line = self.owner_text(&format!("{}_thanks", score.category().as_str()));
        owner_line.unwrap_or_else(|| self.text("thanks_line"))
    }

    /// Renders a page with the texts of the language and the values that are given.
    pub async fn render(
        &self,
        context: &RequestContext,
        page: &'static str,
        values: &[(&str, &str)],
        (status, cache_control): (u16, &str),
    ) -> ApiResult<Response> {
        let logo = self.cached.logo_url.as_deref().unwrap_or_default();
        let logo_origin = Url::new(logo).map(|url| url.origin()).unwrap_or_default();
        let question = self.question();
        let mut all = vec![
            ("site", self.site.as_str()),
            ("name", self.cached.name.as_str()),
            ("ancestors", &self.cached.frame_ancestors),
            ("scheme", &self.cached.color_scheme),
            ("lang", &self.lang),
            ("dir", language::direction(&self.lang)),
            ("logo", logo),
            ("logo_hidden", if logo.is_empty() { "hidden" } else { "" }),
            ("logo_origin", &logo_origin),
            ("question", &question),
        ];
        all.extend_from_slice(values);
        all.extend(self.texts.iter().filter_map(|(key, text)| Some((key.as_str(), text.as_str()?))));
        let page = render(&asset_store::text(&context.env, page).await?, &all, cache_control);
        // A form of the page is sent with its origin.
        let page = page.with_header("vary", "accept-language").with_header("referrer-policy", "same-origin");
        Ok(page.with_status(status))
    }

    /// Returns a member of the survey's settings.
    fn survey(&self, name: &str) -> Option<&Value> {
        self.cached.loader.get("survey")?.get(name)
    }

    /// Returns a text that the owner has worded in the language of the visit.
    fn owner_text(&self, part: &str) -> Option<&str> {
        self.survey("texts")?.get(&self.lang)?.get(part)?.as_str().filter(|text| !text.is_empty())
    }
}

/// Parses a score: digits and nothing else, which `parse` of a number would not enforce.
pub fn parse_score(text: &str) -> Option<Score> {
    (0..=10).filter_map(Score::new).find(|score| score.get().to_string() == text)
}

/// Renders a problem for a person who followed a link.
pub async fn problem_page(context: &RequestContext, problem: Problem) -> ApiResult<Response> {
    let (status, body) = (problem.status(), problem.body());
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let (title, detail) = match status {
        404 => ("There is no survey here", UNKNOWN_SITE),
        410 => ("This survey has ended", "Thank you for coming. It takes no more responses."),
        _ => (text("title"), text("detail")),
    };
    let page = asset_store::text(&context.env, "problem.page").await?;
    let page = render(&page, &[("title", title), ("detail", detail)], "no-store").with_status(status);
    let page = problem.add_headers(page);
    Ok(page.with_header("referrer-policy", "no-referrer"))
}

/// Fills the placeholders of a page and moves its policy into a header.
pub fn render(page: &str, values: &[(&str, &str)], cache_control: &str) -> Response {
    let filled = html::render_template(page, values);
    let (policy, page) = filled.split_once('\n').unwrap_or_default();
    let response = Response::new("text/html; charset=utf-8", cache_control, page.to_owned());
    response.with_header("content-security-policy", policy)
}
