//! `GET …/survey` and `PUT …/survey`: the survey and its versions.

use api::language::{LANGUAGES, Lang};
use api::survey::Part;
use api::{Survey, ValidationError};
use serde::Deserialize;
use serde_json::Value;

use super::clock::{iso, now_ms};
use super::database::Database;
use super::request::{ApiRequest, parse_digits};
use super::site_settings::SiteSettings;
use super::state::SiteState;
use crate::http::problem::quoted;
use crate::http::{ApiResult, Problem, Response, etag, response};

/// Version of the survey, as the database returns it.
#[derive(Deserialize)]
struct SurveyVersion(i64, i64, Survey);

impl SurveyVersion {
    /// Returns the version as JSON, with every setting in it.
    fn to_json(&self) -> String {
        let Self(version, at_ms, survey) = self;
        let changed_at = iso(*at_ms);
        let survey = survey.complete();
        format!("{{\"version\":{version},\"changed_at\":\"{changed_at}\",\"survey\":{survey}}}")
    }
}

/// Stores a version of the survey.
pub fn insert_version(database: &Database, survey: &Survey) -> ApiResult<()> {
    let text = serde_json::to_string(survey).map_err(Problem::internal)?;
    let insert = "INSERT INTO survey (at, settings) VALUES (?, ?)";
    database.run(insert, vec![now_ms().into(), text.into()])?;
    Ok(())
}

/// `GET …/survey`
pub fn get(site: &SiteState, request: &ApiRequest) -> ApiResult<Response> {
    let [version] = request.parameters(["version"])?;
    let version = version.map(|text| {
        let invalid = || {
            let detail = format!("{} is not a version. Give its number, 1 or more.", quoted(&text));
            ValidationError::new("version", detail)
        };
        parse_digits::<u32>(&text).filter(|number| *number > 0).map(i64::from).ok_or_else(invalid)
    });
    let found = find_version(&site.database, version.transpose()?)?;
    let found = found.ok_or_else(|| Problem::not_found("version with this number"))?;
    Ok(response::tagged(found.to_json(), request.if_none_match()))
}

/// `PUT …/survey`: replaces the survey as a whole. A question that was used stays with its variant,
/// so that responses to different questions are never pooled.
pub fn put(site: &SiteState, request: &ApiRequest) -> ApiResult<Response> {
    let current = find_version(&site.database, None)?;
    if let Some(current) = &current {
        request.check_if_match(&etag::of_text(&current.to_json()))?;
    }
    let survey = Survey::read(&request.json()?, "")?;
    if let Some(error) = find_reworded_question(&site.database, &survey)? {
        return Err(error.into());
    }
    if current.is_none_or(|SurveyVersion(_, _, current)| current != survey) {
        let settings = SiteSettings { survey, ..SiteSettings::clone(&*site.settings()?) };
        site.transaction(|| {
            insert_version(&site.database, &settings.survey)?;
            site.save_settings(settings)
        })?;
    }
    let stored = find_version(&site.database, None)?;
    let stored = stored.ok_or_else(|| Problem::internal("a survey that was just stored"))?;
    Ok(response::tagged(stored.to_json(), None))
}

/// Returns a version of the survey; the newest where no number is given.
fn find_version(database: &Database, version: Option<i64>) -> ApiResult<Option<SurveyVersion>> {
    let query = "SELECT json_array(version, at, json(settings)) FROM survey \
        WHERE ? IS NULL OR version = ? ORDER BY version DESC LIMIT 1";
    let found = database.text(query, vec![version.into(), version.into()])?;
    found.map(|found| serde_json::from_str(&found).map_err(Problem::internal)).transpose()
}

/// Returns an error where a question is not the question under which this variant has been answered
/// on a page.
fn find_reworded_question(database: &Database, new: &Survey) -> ApiResult<Option<ValidationError>> {
    // The versions that were still in force when the first response came, or came later. There may
    // be thousands, so SQLite looks through them and returns one question at most.
    let query = "WITH first AS (SELECT min(at) AS at FROM response \
                WHERE variant = ?1 AND score IS NOT NULL AND channel <> 'import'), \
            version AS (SELECT version, lead(at, 1, 9e15) OVER (ORDER BY version) AS until FROM survey), \
            used AS (SELECT settings FROM version, first JOIN survey USING (version) \
                     WHERE until > first.at AND settings ->> '$.variant' = ?1), \
            asked AS (SELECT NULL AS lang, settings ->> '$.question' AS question FROM used \
                UNION SELECT own.key, own.value ->> '$.question' \
                    FROM used, json_each(settings, '$.texts') AS own) \
        SELECT json_array(lang, question) FROM asked \
        WHERE question IS NOT NULL \
          AND question IS NOT iif(lang IS NULL, ?2, (SELECT value FROM json_each(?3) WHERE key = lang)) \
        ORDER BY lang LIMIT 1";
    let questions = LANGUAGES.iter().filter_map(|tag| {
        let question = new.texts.get(Lang::parse(tag)?, Part::Question)?;
        Some(((*tag).to_owned(), Value::from(question)))
    });
    let questions = Value::Object(questions.collect());
    let values = vec![new.variant.as_str().into(), new.question.clone().into(), questions.to_string().into()];
    let Some(found) = database.text(query, values)? else { return Ok(None) };
    let (lang, used): (Option<String>, String) = serde_json::from_str(&found).map_err(Problem::internal)?;
    let pointer = lang.map_or("/question".to_owned(), |tag| format!("/texts/{tag}/question"));
    let detail = format!(
        "The variant `{}` has asked another question: \"{used}\". Give this question a variant of its own, \
         so that responses stay comparable.",
        new.variant
    );
    Ok(Some(ValidationError::new(pointer, detail)))
}
