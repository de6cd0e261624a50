//! The site itself and its survey: what the owner has set, and setting it.

use std::rc::Rc;

use api::language::{LANGUAGES, Lang};
use api::report::Interval;
use api::survey::Part;
use api::{Day, Survey, ValidationError};
use collector_core::badge::{Badge, MIN_ANSWERS};
use serde::Serialize;
use serde_json::{Value, json};
use worker::Response;

use super::asked::Asked;
use super::clock::{iso, now};
use super::due::Task;
use super::settings::{Change, Settings};
use super::{Founding, Inner, schema};
use crate::reply::{self, Outcome, Problem};

impl Inner {
    /// Creates the site. Its id is random, so there is none yet.
    pub async fn create(&self, asked: &Asked) -> Outcome<Response> {
        let founding: Founding = serde_json::from_str(&asked.body).map_err(Problem::internal)?;
        schema::create(&self.database)?;
        for (digest, role) in &founding.keys {
            self.database.run(
                "INSERT INTO key (digest, role, created) VALUES (?, ?, ?)",
                vec![digest.as_str().into(), role.as_str().into(), now().into()],
            )?;
        }
        self.declare(&founding.settings.properties)?;
        self.keep_survey(&founding.settings.survey)?;
        self.keep(founding.settings)?;
        self.plan_retention().await?;
        reply::json(201, &json!({}))
    }

    /// Stores the settings and remembers them.
    fn keep(&self, settings: Settings) -> Outcome<()> {
        self.set_meta("settings", &serde_json::to_string(&settings).map_err(Problem::internal)?)?;
        self.settings.replace(Some(Rc::new(settings)));
        Ok(())
    }

    pub fn show(&self, asked: &Asked) -> Outcome<Response> {
        let (text, tag) = self.shown()?;
        reply::tagged_as(text, &tag, asked.if_none_match.as_deref())
    }

    /// The settings, and what of them is still being worked in. Their tag has a half for each.
    fn shown(&self) -> Outcome<(String, String)> {
        let settings = self.settings()?;
        let progress = "SELECT json_object(
            'properties', (SELECT json_group_array(name) FROM property WHERE length(upto) <= 16),
            'timezone', json(iif(EXISTS (SELECT 1 FROM due WHERE kind = 'zone'), 'true', 'false')))";
        let progress = self.database.text(progress, vec![])?.unwrap_or_default();
        let text = serde_json::to_string(&settings.shown()).map_err(Problem::internal)?;
        let tag = format!(
            "{}.{}",
            reply::tag_of(&text).trim_end_matches('"'),
            reply::tag_of(&progress).trim_start_matches('"')
        );
        let text = text.strip_suffix('}').unwrap_or(&text);
        Ok((format!("{text},\"site\":\"{}\",\"in_progress\":{progress}}}", self.site()?), tag))
    }

    /// Changes what is named and leaves the rest (JSON Merge Patch, RFC 7396).
    pub async fn change(&self, asked: &Asked) -> Outcome<Response> {
        // What is being worked in is no change of the owner's, so only the first half of the tag counts here.
        let (_, tag) = self.shown()?;
        let half = |tag: &str| tag.split('.').next().map(str::to_owned);
        if asked.if_match.as_deref().is_none_or(|seen| half(seen) != half(&tag)) {
            asked.seen(&tag)?;
        }
        let change = Change::read(&asked.json()?)?;
        let old = self.settings()?;
        let new = change.made(&old);
        self.declare(&new.properties)?;
        let moved = new.zone != old.zone;
        self.keep(new)?;
        if moved {
            self.set_meta("zone_upto", "")?;
            self.note_due(Task::Zone, "", now())?;
            self.plan_digest()?;
        }
        self.arm().await?;
        let (text, tag) = self.shown()?;
        reply::tagged_as(text, &tag, None)
    }

    /// Stores a version of the survey.
    fn keep_survey(&self, survey: &Survey) -> Outcome<()> {
        let text = serde_json::to_string(survey).map_err(Problem::internal)?;
        self.database
            .run("INSERT INTO survey (at, settings) VALUES (?, ?)", vec![now().into(), text.into()])?;
        Ok(())
    }

    /// A version of the survey, the newest where none is named, with every setting in it.
    fn survey_version(&self, version: Option<i64>) -> Outcome<Option<(i64, i64, Survey)>> {
        let query = "SELECT json_array(version, at, json(settings)) FROM survey
            WHERE ? IS NULL OR version = ? ORDER BY version DESC LIMIT 1";
        let found = self.database.text(query, vec![version.into(), version.into()])?;
        found.map(|found| serde_json::from_str(&found).map_err(Problem::internal)).transpose()
    }

    fn shown_survey((version, at, survey): &(i64, i64, Survey)) -> String {
        format!("{{\"version\":{version},\"changed_at\":\"{}\",\"survey\":{}}}", iso(*at), survey.complete())
    }

    pub fn show_survey(&self, asked: &Asked) -> Outcome<Response> {
        let mut version = None;
        for (name, value) in asked.query() {
            match name.as_str() {
                "version" => Asked::once(&mut version, "version", value)?,
                _ => {
                    return Err(ValidationError::new(
                        name,
                        "There is no parameter of this name. There is only version.",
                    )
                    .into());
                }
            }
        }
        let version = version.map(|text| {
            let number =
                text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u32>().ok()).flatten();
            let wrong = || ValidationError::new("version", "Must be the number of a version, 1 or more.");
            number.filter(|number| *number > 0).map(i64::from).ok_or_else(wrong)
        });
        let version = version.transpose()?;
        let found = self.survey_version(version)?;
        let found = found.ok_or_else(|| Problem::not_found("version of this number"))?;
        reply::tagged(Self::shown_survey(&found), asked.if_none_match.as_deref())
    }

    /// Replaces the survey as a whole. A wording that was used stays with its variant, so that answers to different questions
    /// are never pooled.
    pub fn put_survey(&self, asked: &Asked) -> Outcome<Response> {
        let present = self.survey_version(None)?;
        if let Some(present) = &present {
            asked.seen(&reply::tag_of(&Self::shown_survey(present)))?;
        }
        let survey = Survey::read(&asked.json()?, "")?;
        if let Some(wrong) = self.reworded(&survey)? {
            return Err(wrong.into());
        }
        if present.is_none_or(|(_, _, present)| present != survey) {
            self.keep_survey(&survey)?;
            let mut new = Settings::clone(&*self.settings()?);
            new.survey = survey;
            self.keep(new)?;
        }
        let stored =
            self.survey_version(None)?.ok_or_else(|| Problem::internal("a survey that was just stored"))?;
        reply::tagged(Self::shown_survey(&stored), None)
    }

    /// Where a question is not the one under which this variant has been answered on a page.
    fn reworded(&self, new: &Survey) -> Outcome<Option<ValidationError>> {
        // The versions that were still in force when the first answer came, or came later. There may be thousands, so SQLite
        // looks through them and says of one question at most.
        let query = "WITH first AS (SELECT min(at) AS at FROM response WHERE variant = ?1 AND score IS NOT NULL AND channel <> 'import'),
                version AS (SELECT version, lead(at, 1, 9e15) OVER (ORDER BY version) AS until FROM survey),
                used AS (SELECT settings FROM version, first JOIN survey USING (version)
                         WHERE until > first.at AND settings ->> '$.variant' = ?1),
                asked AS (SELECT NULL AS lang, settings ->> '$.question' AS question FROM used
                    UNION SELECT own.key, own.value ->> '$.question' FROM used, json_each(settings, '$.texts') AS own)
            SELECT json_array(lang, question) FROM asked
            WHERE question IS NOT NULL
              AND question IS NOT iif(lang IS NULL, ?2, (SELECT value FROM json_each(?3) WHERE key = lang))
            ORDER BY lang LIMIT 1";
        let questions = LANGUAGES.iter().filter_map(|tag| {
            let question = new.texts.get(Lang::parse(tag)?, Part::Question)?;
            Some(((*tag).to_owned(), Value::from(question)))
        });
        let questions = Value::Object(questions.collect());
        let values =
            vec![new.variant.as_str().into(), new.question.clone().into(), questions.to_string().into()];
        let Some(found) = self.database.text(query, values)? else { return Ok(None) };
        let (lang, used): (Option<String>, String) =
            serde_json::from_str(&found).map_err(Problem::internal)?;
        let place = lang.map_or("/question".to_owned(), |tag| format!("/texts/{tag}/question"));
        let detail = format!(
            "The variant {} has asked another question: {used:?}. Give this wording a variant of its own, so that answers stay comparable.",
            new.variant
        );
        Ok(Some(ValidationError::new(place, detail)))
    }

    /// The score for everybody, where the owner wants that.
    pub fn badge(&self, svg: bool) -> Outcome<Response> {
        let settings = self.settings()?;
        if !settings.badge {
            return Err(Problem::not_found("page or endpoint"));
        }
        let query = api::report::ScoreQuery::parse([("range", "365d")].into_iter())?;
        let report = self.report(&settings, &query)?;
        // Few answers say who gave them.
        let scored = report.scored.unwrap_or(0);
        let score = report.score.filter(|_| scored >= MIN_ANSWERS);
        let standard = settings.survey.variant == api::survey::STANDARD;
        if svg {
            let badge = Badge { name: &settings.name, standard, score, answers: scored, with_answers: true };
            return reply::file("image/svg+xml", badge.svg().into_bytes());
        }
        let public = Public {
            name: &settings.name,
            label: if standard { "NPS" } else { "Score" },
            score: score.map(|score| nps::round(score, 0)),
            scored,
            interval95: score.and(report.interval95),
            low_sample: report.low_sample,
            from: report.query.from,
            to: report.query.to,
        };
        reply::public(serde_json::to_string(&public).map_err(Problem::internal)?)
    }
}

/// The score for everybody.
#[derive(Serialize)]
struct Public<'a> {
    name: &'a str,
    label: &'a str,
    score: Option<f64>,
    scored: u64,
    interval95: Option<Interval>,
    low_sample: bool,
    from: Day,
    to: Day,
}
