//! Sample responses of the shop: the comments of `demo/data/kettle_row_comments.ndjson`, and
//! responses without a comment around them.
//!
//! The generator has a fixed seed, so they have the same scores everywhere. Only their times depend
//! on the present. In the last three weeks the shop's checkout refuses vouchers, and the score of
//! its subscribers drops: there is something to find.

mod calendar;
mod random;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use self::calendar::{Calendar, Season};
use self::random::{EvenSpread, Random};

/// Properties of the responses that the shop's site declares.
pub const PROPERTIES: [&str; 2] = ["plan", "country"];

const COMMENTS: &str = include_str!("../../demo/data/kettle_row_comments.ndjson");
/// Responses in the last three weeks.
const LATELY: usize = 150;
/// Responses in the rest of the year.
const EARLIER: usize = 1_950;
const SEED: u64 = 1987;

const PLANS: [(Plan, u32); 3] = [(Plan::Subscription, 48), (Plan::OneOff, 42), (Plan::Wholesale, 10)];
const PAGES: [(&str, u32); 5] = [("/thanks", 45), ("/basket", 20), ("/tea", 16), ("/", 14), ("/about", 5)];
const LANGUAGES: [(&str, u32); 5] = [("en", 64), ("de", 14), ("es", 9), ("fr", 7), ("ja", 6)];

/// Product of the shop that a customer uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Plan {
    OneOff,
    Subscription,
    Wholesale,
}

impl Plan {
    /// Returns the name, which is also that in JSON.
    const fn as_str(self) -> &'static str {
        match self {
            Self::OneOff => "one-off",
            Self::Subscription => "subscription",
            Self::Wholesale => "wholesale",
        }
    }
}

/// Line of the file with the comments.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Comment {
    score: u8,
    lang: String,
    plan: Option<Plan>,
    page: Option<String>,
    /// Season of the comment. Without one, it is older than three weeks.
    when: Option<Season>,
    #[serde(rename = "comment")]
    text: String,
}

/// Line of the import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Response {
    /// Lets the collector recognize the response, should an import be interrupted and repeated.
    pub id: String,
    /// Unix seconds.
    pub at: i64,
    /// Score.
    pub score: u8,
    plan: Plan,
    country: &'static str,
    /// Language of the comment.
    pub lang: String,
    /// Path of the page.
    pub page: String,
    /// Comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

impl Response {
    /// Returns the value of one of the [`PROPERTIES`].
    pub fn property(&self, name: &str) -> Option<&str> {
        match name {
            "plan" => Some(self.plan.as_str()),
            "country" => Some(self.country),
            _ => None,
        }
    }
}

/// Returns the responses of the year before `now`, in Unix seconds.
pub fn year(now: i64) -> Result<Vec<Response>> {
    responses(&parse(COMMENTS)?, now)
}

/// Returns the responses of the year before `now`, in Unix seconds, as NDJSON for the import.
pub fn ndjson(now: i64) -> Result<String> {
    let mut lines = String::new();
    for response in year(now)? {
        lines += &serde_json::to_string(&response)?;
        lines.push('\n');
    }
    Ok(lines)
}

fn parse(comments: &str) -> Result<Vec<Comment>> {
    let parse = |(index, line)| {
        serde_json::from_str(line).with_context(|| format!("line {} of the comments is invalid", index + 1))
    };
    comments.lines().enumerate().map(parse).collect()
}

fn responses(comments: &[Comment], now: i64) -> Result<Vec<Response>> {
    let calendar = Calendar::before(now);
    // Times have a sequence of their own, so that nothing else depends on the present.
    let (mut generator, mut random_times) = (Generator::new(), Random::new(SEED + 1));
    let mut responses = Vec::with_capacity(EARLIER + LATELY);
    for (is_lately, total) in [(false, EARLIER), (true, LATELY)] {
        let season = is_lately.then_some(Season::Lately);
        let of_season = |comment: &&Comment| (comment.when == Some(Season::Lately)) == is_lately;
        let comments: Vec<&Comment> = comments.iter().filter(of_season).collect();
        let Some(without_comment) = total.checked_sub(comments.len()) else {
            bail!("{} comments are too many for {total} responses", comments.len());
        };
        // In order of time, so that their scores are spread evenly.
        let mut times: Vec<i64> =
            (0..without_comment).map(|_| calendar.pick(season, &mut random_times)).collect::<Result<_>>()?;
        times.sort_unstable();
        for time in times {
            responses.push(generator.without_comment(time, is_lately)?);
        }
        for comment in comments {
            let time = calendar.pick(comment.when, &mut random_times)?;
            responses.push(generator.with_comment(time, comment)?);
        }
    }
    Ok(responses)
}

/// Source of everything but the times.
struct Generator {
    responses: usize,
    random: Random,
    /// Scores of each plan.
    scores: [EvenSpread; PLANS.len()],
}

impl Generator {
    fn new() -> Self {
        Self { responses: 0, random: Random::new(SEED), scores: Default::default() }
    }

    /// Returns the response of a comment, and chooses what the comment leaves open.
    fn with_comment(&mut self, at: i64, comment: &Comment) -> Result<Response> {
        Ok(Response {
            id: self.next_id(),
            at,
            score: comment.score,
            plan: comment.plan.map_or_else(|| self.random.pick(&PLANS), Ok)?,
            country: self.random.pick(countries(&comment.lang)?)?,
            lang: comment.lang.clone(),
            page: comment.page.clone().map_or_else(|| self.random.pick(&PAGES).map(str::to_owned), Ok)?,
            comment: Some(comment.text.clone()),
        })
    }

    fn without_comment(&mut self, at: i64, is_lately: bool) -> Result<Response> {
        let (plan, lang) = (self.random.pick(&PLANS)?, self.random.pick(&LANGUAGES)?);
        let of_plan = self.scores.get_mut(plan as usize).context("a plan has no sequence of scores")?;
        let score = of_plan.pick(&scores(plan, is_lately))?;
        Ok(Response {
            id: self.next_id(),
            at,
            score,
            plan,
            country: self.random.pick(countries(lang)?)?,
            lang: lang.to_owned(),
            page: self.random.pick(&PAGES)?.to_owned(),
            comment: None,
        })
    }

    fn next_id(&mut self) -> String {
        self.responses += 1;
        format!("kettle-row-{:04}", self.responses)
    }
}

/// Returns the frequency of each score among customers who write no comment.
fn scores(plan: Plan, is_lately: bool) -> [(u8, u32); 11] {
    let frequencies = match (plan, is_lately) {
        (Plan::Subscription, true) => [2, 1, 2, 3, 3, 6, 7, 12, 16, 18, 30],
        (Plan::Subscription, false) => [1, 0, 1, 0, 1, 2, 4, 9, 16, 22, 44],
        (Plan::OneOff, _) => [1, 1, 0, 1, 1, 3, 5, 11, 16, 23, 38],
        (Plan::Wholesale, _) => [1, 0, 1, 1, 2, 4, 6, 15, 20, 22, 28],
    };
    let mut score = 0..;
    frequencies.map(|frequency| (score.next().unwrap_or_default(), frequency))
}

fn countries(lang: &str) -> Result<&'static [(&'static str, u32)]> {
    Ok(match lang {
        "en" => &[("GB", 84), ("IE", 8), ("US", 8)],
        "de" => &[("DE", 82), ("AT", 18)],
        "es" => &[("ES", 1)],
        "fr" => &[("FR", 82), ("BE", 18)],
        "ja" => &[("JP", 1)],
        _ => bail!("no country is known for the language `{lang}`"),
    })
}

#[cfg(test)]
mod tests;
