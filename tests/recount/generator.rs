//! Random sequences of changes to a site, reproducible by seed.
//!
//! A step refers to impressions by number, and the first step that does so creates the impression.
//! Any step can therefore be removed from a sequence without changing the others.

use std::collections::BTreeSet;

use fastrand::Rng;
use serde_json::{Map, Value, json};

use super::zones::{ZONES, changes};

pub const USERS: [&str; 3] = ["anna", "bo", "cyd"];
/// None of these begins another.
pub const WORDS: [&str; 5] = ["tea", "cup", "slow", "kind", "creme"];
/// Properties that scores may be grouped by. `lang` and `page` are columns, not properties of a
/// message.
const DECLARED: [&str; 7] = ["plan", "country", "lang", "page", "sku", "a.b", "ціна"];
/// Selections that are erased or marked.
const SELECTIONS: [&str; 7] = [
    "erase?tag=vip",
    "erase?filter[plan]=free&filter[channel]=import",
    "erase?marked=spam",
    "erase?filter[plan]=pro&filter[channel]=web",
    "mark?mark=spam&filter[plan]=free",
    "mark?mark=test&q=slow",
    "mark?mark=none&marked=spam",
];
const VARIANTS: [&str; 3] = ["standard", "b", "long"];
const HOUR: i64 = 3_600_000;
pub const DAY: i64 = 24 * HOUR;

/// Step of a sequence.
#[derive(Debug, Clone)]
pub enum Step {
    /// Messages in one array.
    Store(Vec<Message>),
    /// The messages of an earlier array once more.
    Again(usize),
    /// Lines of a CSV.
    Import(Vec<ImportLine>),
    /// An earlier file once more, the newest or an older one.
    ImportAgain(usize),
    /// So many lines of a CSV, made up from a seed.
    Bulk(usize, u64),
    /// The owner undoes an import, the newest or an older one, perhaps with a power cut meanwhile.
    Undo { nth: usize, kill: bool },
    /// The owner changes a response.
    Patch(u32, Value),
    /// The owner erases a response.
    Erase(u32),
    /// The owner erases or marks a selection: the endpoint with its query.
    Select(&'static str),
    /// The owner erases a user.
    Forget(&'static str),
    /// The owner changes the settings.
    Settings(Value),
    /// So many milliseconds pass, at least a day, so that what is too old goes.
    Wait(i64),
    /// The collector is killed and started again.
    Kill,
    /// Everything at once: single messages, an import, a change of the settings, and perhaps a
    /// power cut in the middle.
    Together {
        messages: Vec<Message>,
        bulk: Option<(usize, u64)>,
        settings: Option<Value>,
        erased: Option<u32>,
        kill_after_ms: Option<u64>,
    },
}

/// Content of a message about an impression.
#[derive(Debug, Clone)]
pub struct Message {
    pub impression: u32,
    pub fields: Value,
}

/// A line of an import; some have the id of an impression.
#[derive(Debug, Clone)]
pub struct ImportLine {
    pub impression: Option<u32>,
    pub time_ms: i64,
    pub cells: [String; 8],
}

/// The columns of [`ImportLine::cells`].
pub const COLUMNS: [&str; 8] = ["score", "comment", "variant", "lang", "page", "plan", "country", "sku"];

/// Parameters of a sequence.
#[derive(Debug, Clone, Copy, Default)]
pub struct Kind {
    pub steps: usize,
    pub kills: bool,
    /// Number of lines of a bulk import.
    pub bulk: usize,
}

/// Draws that read well in the rules of this generator.
pub trait Draw {
    /// Returns true once in so many draws.
    fn one_in(&mut self, draws: usize) -> bool;

    /// Returns one of the choices, of which there is at least one.
    fn pick<T: Clone>(&mut self, choices: &[T]) -> T;
}

impl Draw for Rng {
    fn one_in(&mut self, draws: usize) -> bool {
        self.usize(..draws) == 0
    }

    fn pick<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.usize(..choices.len())].clone()
    }
}

/// A case that random draws seldom make up: values that look like marks of the collector's own, and
/// what they could stand for is erased.
pub fn values_like_marks() -> Vec<Step> {
    let store = |impression: u32, plan: &str| {
        Step::Store(vec![Message {
            impression,
            fields: json!({ "score": 9, "properties": { "plan": plan } }),
        }])
    };
    vec![
        Step::Settings(json!({ "properties": ["plan"] })),
        store(0, "a"),
        store(1, "\u{0}1"),
        Step::Erase(0),
        Step::Erase(1),
        store(2, "\u{0}2"),
        store(3, "b"),
        Step::Erase(2),
        Step::Erase(3),
    ]
}

/// Makes up sequences.
pub struct Generator {
    rng: Rng,
    kind: Kind,
    now: i64,
    changes: Vec<i64>,
    impressions: u32,
    arrays: usize,
}

/// The steps of a seed, at that time.
pub fn sequence(seed: u64, kind: Kind, now: i64) -> Vec<Step> {
    let changes = changes(now - 500 * DAY, now - DAY);
    let mut generator =
        Generator { rng: Rng::with_seed(seed), kind, now, changes, impressions: 0, arrays: 0 };
    (0..kind.steps).map(|_| generator.step()).collect()
}

impl Generator {
    fn step(&mut self) -> Step {
        match self.rng.usize(..100) {
            0..30 => self.store(),
            30..36 => Step::Again(self.rng.usize(..self.arrays.max(1))),
            36..44 => Step::Import(self.lines()),
            44..46 => Step::ImportAgain(self.rng.usize(..4)),
            46..49 => Step::Bulk(self.kind.bulk.max(20), self.rng.u64(..)),
            49..52 => {
                let nth = if self.rng.one_in(2) { 0 } else { self.rng.usize(..4) };
                Step::Undo { nth, kill: self.kind.kills && self.rng.one_in(2) }
            }
            52..57 => Step::Patch(self.known(), self.patch()),
            57..61 => Step::Erase(self.known()),
            61..63 => Step::Select(self.rng.pick(&SELECTIONS)),
            63..65 => Step::Forget(self.rng.pick(&USERS)),
            65..80 => Step::Settings(self.settings()),
            80..84 => {
                let days = self.rng.pick(&[1, 2, 31, 70]);
                Step::Wait(days * DAY + HOUR + i64::try_from(self.rng.usize(..80_000_000)).unwrap())
            }
            84..88 if self.kind.kills => Step::Kill,
            84..88 => self.store(),
            _ => {
                let messages = (0..=self.rng.usize(..30)).map(|_| self.message()).collect();
                let bulk = self.rng.one_in(3).then(|| (self.kind.bulk.max(20), self.rng.u64(..)));
                let settings = (!self.rng.one_in(4)).then(|| self.settings());
                let erased = self.rng.one_in(2).then(|| self.known());
                let kill = self.kind.kills && self.rng.one_in(2);
                let kill_after_ms = kill.then(|| self.rng.u64(..60));
                Step::Together { messages, bulk, settings, erased, kill_after_ms }
            }
        }
    }

    fn store(&mut self) -> Step {
        self.arrays += 1;
        let many = if self.rng.one_in(3) { self.rng.usize(..50) } else { self.rng.usize(..3) };
        Step::Store((0..=many).map(|_| self.message()).collect())
    }

    /// A impression that there may be; more often a late one.
    fn known(&mut self) -> u32 {
        let back = if self.rng.one_in(3) { 1_000 } else { 12 };
        self.impressions.saturating_sub(1 + u32::try_from(self.rng.usize(..back)).unwrap())
    }

    fn impression(&mut self) -> u32 {
        if self.rng.one_in(3) {
            return self.known();
        }
        self.impressions += 1;
        self.impressions - 1
    }

    fn message(&mut self) -> Message {
        let impression = self.impression();
        let rng = &mut self.rng;
        let mut fields = Map::new();
        let mut set = |name: &str, value: Value| fields.insert(name.to_owned(), value);
        if rng.one_in(3) {
            set("dismissed", json!(true));
        } else if !rng.one_in(4) {
            set("score", json!(rng.usize(..11)));
        }
        if rng.one_in(3) {
            set("comment", json!(comment(rng)));
        }
        if !rng.one_in(4) {
            set("elapsed_ms", json!(rng.usize(..40_000)));
        }
        set("shown", json!(true));
        if rng.one_in(20) {
            set("test", json!(true));
        }
        if rng.one_in(3) {
            set("variant", json!(rng.pick(&VARIANTS)));
        }
        if rng.one_in(2) {
            set("lang", json!(rng.pick(&["en", "de", "EN"])));
        }
        if rng.one_in(2) {
            set("page", json!(rng.pick(&["/", "/shop", "/Tea & Co"])));
        }
        if rng.one_in(6) {
            set("user", json!(rng.pick(&USERS)));
        }
        if rng.one_in(8) {
            set("contact", json!(rng.pick(&["anna@tea.example", "+48 1", "x"])));
        }
        if rng.one_in(2) {
            set("properties", properties(rng));
        }
        Message { impression, fields: Value::Object(fields) }
    }

    /// Lines of which no two have the id of one impression: such a file is refused.
    fn lines(&mut self) -> Vec<ImportLine> {
        let mut lines: Vec<ImportLine> = (0..=self.rng.usize(..12)).map(|_| self.line()).collect();
        let mut named = BTreeSet::new();
        lines.retain(|line| line.impression.is_none_or(|impression| named.insert(impression)));
        lines
    }

    fn line(&mut self) -> ImportLine {
        let impression = self.rng.one_in(3).then(|| self.impression());
        line(&mut self.rng, impression, self.now, &self.changes)
    }

    fn patch(&mut self) -> Value {
        match self.rng.usize(..6) {
            4 => json!({ "mark": self.rng.pick(&["spam", "test"]) }),
            5 => json!({ "mark": null }),
            0 => json!({ "tags": [self.rng.pick(&["vip", "later"])] }),
            1 => json!({ "tags": null, "note": "called" }),
            _ => json!({ "state": self.rng.pick(&["open", "in_progress", "done"]) }),
        }
    }

    fn settings(&mut self) -> Value {
        let mut names = DECLARED.to_vec();
        names.retain(|_| !self.rng.one_in(2));
        match self.rng.usize(..7) {
            0 => json!({ "retention": { "months": self.rng.pick(&[Some(1), Some(3), Some(12), None]) } }),
            1 => json!({ "timezone": self.rng.pick(&ZONES), "properties": names }),
            2..4 => json!({ "timezone": self.rng.pick(&ZONES) }),
            _ => json!({ "properties": names }),
        }
    }
}

/// A line of an import: of any day, of one near a change of a clock, or of today.
pub fn line(rng: &mut Rng, impression: Option<u32>, now: i64, changes: &[i64]) -> ImportLine {
    let within =
        |rng: &mut Rng, span: i64| i64::try_from(rng.usize(..usize::try_from(span).unwrap().max(1))).unwrap();
    let time_ms = match rng.usize(..4) {
        0 if !changes.is_empty() => rng.pick(changes) - 26 * HOUR + within(rng, 52 * HOUR),
        1 => now - within(rng, 5 * HOUR),
        2 => (now - within(rng, 500 * DAY)) / HOUR * HOUR,
        _ => now - within(rng, 500 * DAY),
    };
    let some = |rng: &mut Rng, text: String| if rng.one_in(2) { String::new() } else { text };
    let score = rng.usize(..11).to_string();
    let cells = [
        if rng.one_in(8) { String::new() } else { score },
        {
            let text = comment(rng);
            some(rng, text)
        },
        {
            let text = rng.pick(&VARIANTS).to_owned();
            some(rng, text)
        },
        {
            let text = rng.pick(&["en", "de"]).to_owned();
            some(rng, text)
        },
        {
            let text = rng.pick(&["/", "/shop"]).to_owned();
            some(rng, text)
        },
        {
            let text = rng.pick(&["free", "pro"]).to_owned();
            some(rng, text)
        },
        {
            let text = rng.pick(&["PL", "NP"]).to_owned();
            some(rng, text)
        },
        {
            let text = format!("s{}", rng.usize(..260));
            some(rng, text)
        },
    ];
    ImportLine { impression, time_ms, cells }
}

fn comment(rng: &mut Rng) -> String {
    let words: Vec<&str> =
        (0..=rng.usize(..3)).map(|_| rng.pick(&["tea", "Cup", "slow,", "(kind)", "crème", "ok"])).collect();
    words.join(" ")
}

fn properties(rng: &mut Rng) -> Value {
    let mut named = Map::new();
    let plans = ["free", "pro", "Pro", " pro", "5", "é\"'$[0]", "茶", "team", "a\0b"].map(|text| json!(text));
    let odd = [json!(5), json!(true), json!(1.5), json!(""), json!("null"), json!("-1"), json!("0")];
    for name in DECLARED {
        match (name, rng.usize(..6)) {
            ("sku", 0) => named.insert(name.into(), json!(format!("s{}", rng.usize(..300)))),
            // Names of columns: these properties are others.
            ("lang" | "page", 0) => named.insert(name.into(), json!("property")),
            ("plan", 0..3) => named.insert(name.into(), rng.pick(&plans)),
            // As the collector itself might mark something.
            ("country", 0) => named.insert(name.into(), json!(format!("\0{}", 1 + rng.usize(..6)))),
            (_, 0) => named.insert(name.into(), rng.pick(&plans)),
            (_, 1) => named.insert(name.into(), rng.pick(&odd)),
            _ => None,
        };
    }
    Value::Object(named)
}
