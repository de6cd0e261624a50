//! Checks of every report of a site against a recount of its rows.

use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;
use serde_json::{Value, json};

use super::generator::{Draw, USERS, WORDS};
use super::model_site::World;
use super::published::Snapshot;
use super::rows::{Counting, Row, same};
use api::report::Segment;

pub const STANDARD: &str = "standard";
/// Number of values of a property that are kept apart.
const APART: usize = 200;

type Query = Vec<(String, String)>;

/// State that the checks of a sequence keep from one step to the next.
#[derive(Default)]
pub struct Checker {
    /// For each declared property, the highest number of values with their own group so far, and
    /// the latest values.
    values: BTreeMap<String, (usize, BTreeSet<String>)>,
    /// Values of each property with their own group at the last look, over all variants.
    apart: BTreeMap<String, BTreeSet<String>>,
    published: Snapshot,
}

impl Checker {
    pub async fn check(&mut self, world: &mut World, rng: &mut Rng) {
        let today = world.zone.day_of(world.now());
        let mut checked = self.once(world, rng).await;
        for _ in 0..5 {
            let apart = std::mem::take(&mut self.apart);
            if checked.is_ok() {
                break;
            }
            // A day ended in the middle of it, or a value got a place.
            if world.zone.day_of(world.now()) == today && values_apart(world, &apart).await == apart {
                break;
            }
            checked = self.once(world, rng).await;
        }
        checked.unwrap_or_else(|wrong| panic!("{wrong}"));
    }

    async fn once(&mut self, world: &mut World, rng: &mut Rng) -> Result<(), String> {
        let all = world.export("").await;
        ids(world, &all).await?;
        let rows: Vec<Row> = all.iter().filter(|row| row.mark.is_none()).cloned().collect();
        let zone = world.zone.clone();
        let today = zone.day_of(world.now());
        let variants: BTreeSet<&str> =
            rows.iter().map(|row| row.variant.as_str()).chain([STANDARD]).collect();
        let mut properties = vec!["channel".to_owned()];
        properties.extend(world.declared.clone());

        let mut apart = BTreeMap::new();
        let mut grouped: Vec<(Query, Value)> = Vec::new();
        for property in &properties {
            let mut named = BTreeSet::new();
            for variant in &variants {
                let query = query(&[("variant", variant), ("group_by", property)]);
                let answer = fetch_report(world, &query).await?;
                let groups = answer["groups"].as_array().cloned().unwrap_or_default();
                named.extend(groups.iter().filter_map(|group| group["value"].as_str().map(str::to_owned)));
                grouped.push((query, answer));
            }
            apart.insert(property.clone(), named);
        }
        self.apart = apart.clone();
        let counting = Counting { rows: &rows, zone: &zone, today, apart: &apart };
        for (query, answer) in &grouped {
            agree(&counting, query, answer)?;
        }
        self.others(&counting, &properties)?;

        let days: Vec<String> = rows.iter().map(|row| zone.day_of(row.at).to_string()).collect();
        let day = |rng: &mut Rng| if days.is_empty() { today.to_string() } else { rng.pick(&days) };
        let mut queries: Vec<Query> =
            variants.iter().map(|variant| query(&[("variant", variant), ("interval", "day")])).collect();
        let variant = ("variant", rng.pick(&variants.into_iter().collect::<Vec<_>>()));
        let (mut from, mut to) = (day(rng), day(rng));
        if from > to {
            (from, to) = (to, from);
        }
        let (from, to) = (("from", from.as_str()), ("to", to.as_str()));
        let step = ("interval", rng.pick(&["day", "week", "month"]));
        let category = ("category", rng.pick(&["promoter", "passive", "detractor"]));
        queries.push(query(&[variant, from, to, step, ("rolling", "30d"), ("compare", "previous")]));
        queries.push(query(&[variant, ("range", "30d"), step, category]));
        for property in &properties {
            let named = format!("filter[{property}]");
            let mut values: Vec<&str> = apart[property].iter().map(String::as_str).collect();
            values.push("");
            let filter = (named.as_str(), rng.pick(&values));
            queries.push(query(&[variant, filter, ("interval", "month")]));
            let by = if rng.one_in(2) { filter } else { ("group_by", property.as_str()) };
            queries.push(query(&[variant, from, to, by]));
        }
        for query in queries {
            let answer = fetch_report(world, &query).await?;
            agree(&counting, &query, &answer)?;
        }
        let asked = fetch_report(world, &Vec::new()).await?;
        agree(&counting, &query(&[("variant", STANDARD)]), &asked)?;

        let day = day(rng);
        filters(world, &counting, rng, &day).await?;
        cases(world, &rows).await?;
        tags(world, &rows).await?;
        self.published.check(world, &counting).await?;
        users(world, &all).await?;
        world.rows = all;
        Ok(())
    }

    /// Whether there are as many values kept apart as there can be, where some are not.
    fn others(&mut self, counting: &Counting<'_>, properties: &[String]) -> Result<(), String> {
        self.values.retain(|property, _| properties.contains(property));
        for property in properties {
            let (most, known) = self.values.entry(property.clone()).or_default();
            let there: BTreeSet<String> =
                counting.rows.iter().filter_map(|row| row.value(property).map(str::to_owned)).collect();
            *most += there.difference(known).count();
            *known = there;
            let others =
                counting.rows.iter().filter(|row| counting.segment(property, row) == Segment::Other).count();
            let apart = counting.apart[property].len();
            if apart > APART || (others > 0 && *most < APART) {
                return Err(format!(
                    "{property}: {apart} values are kept apart and {others} rows are among others, of at most {most} values ever"
                ));
            }
        }
        Ok(())
    }
}

/// Values of these properties with their own group, over all variants of the rows at the last look.
async fn values_apart(
    world: &World,
    apart: &BTreeMap<String, BTreeSet<String>>,
) -> BTreeMap<String, BTreeSet<String>> {
    let variants: BTreeSet<&str> =
        world.rows.iter().map(|row| row.variant.as_str()).chain([STANDARD, "b", "long"]).collect();
    let mut found = BTreeMap::new();
    for property in apart.keys() {
        let mut named = BTreeSet::new();
        for variant in &variants {
            let query = query(&[("variant", variant), ("group_by", property)]);
            let Ok(answer) = fetch_report(world, &query).await else { continue };
            let groups = answer["groups"].as_array().cloned().unwrap_or_default();
            named.extend(groups.iter().filter_map(|group| group["value"].as_str().map(str::to_owned)));
        }
        found.insert(property.clone(), named);
    }
    found
}

fn query(pairs: &[(&str, &str)]) -> Query {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn encoded(pairs: &Query) -> String {
    let escape = |text: &str| -> String { text.bytes().map(|byte| format!("%{byte:02X}")).collect() };
    pairs.iter().map(|(name, value)| format!("&{}={}", escape(name), escape(value))).collect()
}

async fn fetch_report(world: &World, query: &Query) -> Result<Value, String> {
    let answer = world.site.try_score(encoded(query).trim_start_matches('&')).await;
    if answer.status == 200 { Ok(answer.json()) } else { Err(format!("{query:?}: {answer}")) }
}

fn agree(counting: &Counting<'_>, query: &Query, answer: &Value) -> Result<(), String> {
    same(&counting.report(query), answer).map_err(|wrong| format!("{query:?}:\n{wrong}"))
}

/// Whether just those responses are there that must be, in the listing as in the export.
async fn ids(world: &mut World, rows: &[Row]) -> Result<(), String> {
    let mut found: BTreeSet<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    if found.len() != rows.len() {
        return Err(format!("the export has {} rows of {} responses", rows.len(), found.len()));
    }
    if !rows.is_sorted_by(|a, b| (a.at, &a.id) > (b.at, &b.id)) {
        return Err("the export is not newest first".into());
    }
    let listed = world.site.responses_of("marked=any", 200).await;
    let listed = listed.iter().map(|response| response["id"].as_str().unwrap());
    if !listed.eq(rows.iter().map(|row| row.id.as_str())) {
        return Err("the listing has other responses than the export, or in another order".into());
    }
    let lost: Vec<&String> = world
        .there
        .iter()
        .filter(|(id, must)| **must && !found.contains(id.as_str()))
        .map(|(id, _)| id)
        .collect();
    if !lost.is_empty() {
        return Err(format!("{} responses are lost: {lost:?}", lost.len()));
    }
    found.retain(|id| !world.there.contains_key(*id));
    if !world.strangers.contains(&found.len()) {
        return Err(format!(
            "{} responses are there that should not be, instead of {:?}: {found:?}",
            found.len(),
            world.strangers
        ));
    }
    if let Some(row) = rows.iter().find(|row| world.erased.contains(&row.id)) {
        return Err(format!("an erased response is back: {row:?}"));
    }
    world.strangers = 0..=0;
    world.there = rows.iter().map(|row| (row.id.clone(), true)).collect();
    Ok(())
}

/// Whether a filter finds the rows for which it holds, and a word the comments that have it.
async fn filters(world: &World, counting: &Counting<'_>, rng: &mut Rng, day: &str) -> Result<(), String> {
    let rows = counting.rows;
    type Rule<'a> = Box<dyn Fn(&Row) -> bool + Send + Sync + 'a>;
    let mut asked: Vec<(Query, Rule<'_>)> = Vec::new();
    for word in WORDS {
        asked.push((query(&[("q", word)]), Box::new(move |row| row.says(word))));
    }
    let variant = rng.pick(&["standard", "b"]);
    asked.push((
        query(&[("variant", variant), ("answered", "true")]),
        Box::new(move |row| row.variant == variant && row.score.is_some()),
    ));
    asked.push((query(&[("dismissed", "true")]), Box::new(|row| row.dismissed)));
    asked.push((
        query(&[("category", "passive"), ("q", "tea")]),
        Box::new(|row| matches!(row.score, Some(7 | 8)) && row.says("tea")),
    ));
    let tag = rng.pick(&["vip", "later"]);
    asked.push((query(&[("tag", tag)]), Box::new(move |row| row.tags.iter().any(|own| own == tag))));
    let state = rng.pick(&["open", "in_progress", "done"]);
    asked.push((query(&[("state", state)]), Box::new(move |row| row.state.as_deref() == Some(state))));
    let on = |row: &Row| counting.zone.day_of(row.at).to_string();
    asked.push((query(&[("from", day), ("to", day)]), Box::new(move |row| on(row) == day)));
    asked.push((
        query(&[("from", day), ("q", "cup")]),
        Box::new(move |row| *on(row) >= *day && row.says("cup")),
    ));
    for property in ["plan", "country", "lang", "channel"] {
        let values: Vec<&str> = rows
            .iter()
            .map(|row| row.value(property).unwrap_or(""))
            .filter(|value| !value.contains('\0'))
            .collect();
        if !values.is_empty() {
            let value = rng.pick(&values);
            let named = format!("filter[{property}]");
            let wanted = (!value.is_empty()).then_some(value);
            asked.push((query(&[(&named, value)]), Box::new(move |row| row.value(property) == wanted)));
        }
    }
    for (query, rule) in asked {
        let found = world.export(&format!("{}&marked=no", encoded(&query))).await;
        let found: Vec<&str> = found.iter().map(|row| row.id.as_str()).collect();
        let counted: Vec<&str> = rows.iter().filter(|row| rule(row)).map(|row| row.id.as_str()).collect();
        if found != counted {
            let differ = |a: &[&str], b: &[&str]| {
                a.iter().copied().filter(|id| !b.contains(id)).map(str::to_owned).take(5).collect::<Vec<_>>()
            };
            return Err(format!(
                "export with {query:?}: {} found, {} counted; too many {:?}, missing {:?}",
                found.len(),
                counted.len(),
                differ(&found, &counted),
                differ(&counted, &found)
            ));
        }
    }
    Ok(())
}

/// Whether the cases are those of the rows, and each row that should be one is.
async fn cases(world: &World, rows: &[Row]) -> Result<(), String> {
    let before = world.now();
    let answer = world.site.get("cases", &world.site.read).await.ok();
    let count =
        |rule: &dyn Fn(&Row) -> bool| rows.iter().filter(|row| row.state.is_some() && rule(row)).count();
    let state = |state: &str| count(&|row| row.state.as_deref() == Some(state));
    let due = |row: &Row| row.due.filter(|_| row.state.as_deref() != Some("done"));
    let overdue = |now: i64| count(&|row| due(row).is_some_and(|due| due < now));
    let next = rows.iter().filter(|row| row.state.is_some()).filter_map(due).min();
    let mut waited: Vec<i64> = rows
        .iter()
        .filter(|row| row.state.is_some())
        .filter_map(|row| Some(row.contacted? - row.at))
        .collect();
    waited.sort_unstable();
    let middle = match waited.len() {
        0 => None,
        n => Some((waited[(n - 1) / 2] + waited[n / 2]) as f64 / 2.0 / 3_600_000.0),
    };
    let range = overdue(before)..=overdue(world.now());
    let answered_overdue = usize::try_from(answer["overdue"].as_u64().unwrap()).unwrap();
    let counted = json!({
        "open": state("open"), "in_progress": state("in_progress"), "done": state("done"),
        "overdue": if range.contains(&answered_overdue) { answered_overdue } else { *range.start() },
        "next_due_at": next.map(|at| tests::ids::iso(at.cast_unsigned())),
        "contacted": waited.len(),
        "median_hours_to_first_contact": middle,
    });
    same(&counted, &answer).map_err(|wrong| format!("cases:\n{wrong}"))?;
    for row in rows {
        let reachable = row.user.is_some() || row.contact.is_some();
        if reachable && row.score.is_some() && row.state.is_none() {
            return Err(format!("no case, though it has a score and can be reached: {row:?}"));
        }
        let due = row.score.filter(|score| *score <= 6).map(|_| row.at + api::day::DAY_MS);
        if row.state.as_deref() == Some("open") && row.contacted.is_none() && row.due != due {
            return Err(format!("a case that nobody touched is due at {:?}, not {due:?}: {row:?}", row.due));
        }
    }
    Ok(())
}

/// Whether the tags are those of the rows.
async fn tags(world: &World, rows: &[Row]) -> Result<(), String> {
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    rows.iter().flat_map(|row| &row.tags).for_each(|tag| *counted.entry(tag).or_default() += 1);
    let answer = world.site.get("tags", &world.site.read).await.ok();
    let listed = answer["tags"].as_array().cloned().unwrap_or_default();
    let listed: BTreeMap<&str, usize> = listed
        .iter()
        .filter_map(|tag| Some((tag["tag"].as_str()?, usize::try_from(tag["responses"].as_u64()?).ok()?)))
        .collect();
    if counted == listed { Ok(()) } else { Err(format!("tags: counted {counted:?}, answered {listed:?}")) }
}

/// Whether what is known of the users is what their rows say.
async fn users(world: &World, rows: &[Row]) -> Result<(), String> {
    let url = world.site.url("users/lookup");
    let request =
        world.collector.http().post(url).bearer_auth(&world.site.owner).json(&json!({ "users": USERS }));
    let answer = tests::client::send(request).await.ok();
    let mut all = 0;
    for (user, answered) in USERS.iter().zip(answer["users"].as_array().unwrap()) {
        let responses = world.export(&format!("&user={user}")).await;
        all += responses.len();
        let hidden: BTreeSet<&Option<String>> = responses.iter().map(|row| &row.user).collect();
        let counted = rows.iter().filter(|row| hidden.contains(&row.user) && row.user.is_some()).count();
        if hidden.len() > 1 || counted != responses.len() {
            return Err(format!("{user} has {} responses under {hidden:?}, not {counted}", responses.len()));
        }
        let iso = |at: Option<i64>| at.map(|at| tests::ids::iso(at.cast_unsigned()));
        // What is exported about a person is all there is; what is counted has no mark.
        let responses: Vec<&Row> = responses.iter().filter(|row| row.mark.is_none()).collect();
        let counted = json!({
            "user": user, "showings": responses.len(),
            "answers": responses.iter().filter(|row| row.score.is_some()).count(),
            "dismissals": responses.iter().filter(|row| row.dismissed).count(),
            "last_shown_at": iso(responses.iter().map(|row| row.at).max()),
            "last_answered_at": iso(responses.iter().filter(|row| row.score.is_some()).map(|row| row.at).max()),
        });
        same(&counted, answered).map_err(|wrong| format!("users:\n{wrong}"))?;
    }
    let known = rows.iter().filter(|row| row.user.is_some()).count();
    if all == known { Ok(()) } else { Err(format!("{known} responses have a user, {all} are found by one")) }
}
