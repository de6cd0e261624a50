//! What can happen to a site, and a dice that makes it up.
//!
//! A step names showings by their number, and whichever step comes first makes the showing. So any step can be left out of a
//! sequence, and the rest still means the same.

use serde_json::{Map, Value, json};

use super::zones::{ZONES, changes};

pub const USERS: [&str; 3] = ["anna", "bo", "cyd"];
/// None of these begins another.
pub const WORDS: [&str; 5] = ["tea", "cup", "slow", "kind", "creme"];
/// By what scores may be grouped. The two in the middle are no properties of a message but columns of their own.
const DECLARED: [&str; 7] = ["plan", "country", "lang", "page", "sku", "a.b", "ціна"];
const VARIANTS: [&str; 3] = ["standard", "b", "long"];
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// One thing that happens.
#[derive(Debug, Clone)]
pub enum Step {
    /// Messages in one array.
    Say(Vec<Said>),
    /// The messages of an earlier array once more.
    Again(usize),
    /// Lines of a CSV.
    Import(Vec<Line>),
    /// So many lines of a CSV, made up from a seed.
    Bulk(usize, u64),
    /// The owner changes a response.
    Patch(u32, Value),
    /// The owner erases a response.
    Erase(u32),
    /// The owner erases a user.
    Forget(&'static str),
    /// The owner changes the settings.
    Settings(Value),
    /// So many milliseconds pass, at least a day, so that what is too old goes.
    Wait(i64),
    /// The collector is killed and started again.
    Kill,
    /// Everything at once: each message by itself, an import, a change of the settings; and perhaps a power cut in the middle of it.
    Together {
        said: Vec<Said>,
        bulk: Option<(usize, u64)>,
        settings: Option<Value>,
        erased: Option<u32>,
        kill_after_ms: Option<u64>,
    },
}

/// What a message says about a showing.
#[derive(Debug, Clone)]
pub struct Said {
    pub showing: u32,
    pub fields: Value,
}

/// A line of an import; some have the id of a showing.
#[derive(Debug, Clone)]
pub struct Line {
    pub showing: Option<u32>,
    pub at: i64,
    pub cells: [String; 8],
}

/// The columns of [`Line::cells`].
pub const COLUMNS: [&str; 8] = ["score", "comment", "variant", "lang", "page", "plan", "country", "sku"];

/// What a sequence is to have besides.
#[derive(Debug, Clone, Copy, Default)]
pub struct Kind {
    pub steps: usize,
    pub kills: bool,
    /// How many lines an import in bulk has.
    pub bulk: usize,
}

/// Numbers that look random and are the same for the same seed (splitmix64, S. Vigna, 2015).
#[derive(Debug, Clone)]
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit.max(1)).unwrap()).unwrap()
    }

    pub fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub fn of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())].clone()
    }
}

/// A case that a dice seldom makes up: values that look like marks of the collector's own, and what they could stand for is erased.
pub fn values_like_marks() -> Vec<Step> {
    let say = |showing: u32, plan: &str| {
        Step::Say(vec![Said { showing, fields: json!({ "score": 9, "properties": { "plan": plan } }) }])
    };
    vec![
        Step::Settings(json!({ "properties": ["plan"] })),
        say(0, "a"),
        say(1, "\u{0}1"),
        Step::Erase(0),
        Step::Erase(1),
        say(2, "\u{0}2"),
        say(3, "b"),
        Step::Erase(2),
        Step::Erase(3),
    ]
}

/// Makes up sequences.
pub struct Maker {
    dice: Dice,
    kind: Kind,
    now: i64,
    changes: Vec<i64>,
    showings: u32,
    said: usize,
}

/// The steps of a seed, at that time.
pub fn sequence(seed: u64, kind: Kind, now: i64) -> Vec<Step> {
    let changes = changes(now - 500 * DAY, now - DAY);
    let mut maker = Maker { dice: Dice(seed), kind, now, changes, showings: 0, said: 0 };
    (0..kind.steps).map(|_| maker.step()).collect()
}

impl Maker {
    fn step(&mut self) -> Step {
        match self.dice.below(100) {
            0..30 => self.say(),
            30..36 => Step::Again(self.dice.below(self.said)),
            36..46 => Step::Import((0..=self.dice.below(12)).map(|_| self.line()).collect()),
            46..49 => Step::Bulk(self.kind.bulk.max(20), self.dice.next()),
            49..57 => Step::Patch(self.known(), self.patch()),
            57..63 => Step::Erase(self.known()),
            63..65 => Step::Forget(self.dice.of(&USERS)),
            65..80 => Step::Settings(self.settings()),
            80..84 => {
                let days = self.dice.of(&[1, 2, 31, 70]);
                Step::Wait(days * DAY + HOUR + i64::try_from(self.dice.below(80_000_000)).unwrap())
            }
            84..88 if self.kind.kills => Step::Kill,
            84..88 => self.say(),
            _ => {
                let said = (0..=self.dice.below(30)).map(|_| self.said()).collect();
                let bulk = self.dice.one_in(3).then(|| (self.kind.bulk.max(20), self.dice.next()));
                let settings = (!self.dice.one_in(4)).then(|| self.settings());
                let erased = self.dice.one_in(2).then(|| self.known());
                let kill = self.kind.kills && self.dice.one_in(2);
                let kill_after_ms = kill.then(|| self.dice.next() % 60);
                Step::Together { said, bulk, settings, erased, kill_after_ms }
            }
        }
    }

    fn say(&mut self) -> Step {
        self.said += 1;
        let many = if self.dice.one_in(3) { self.dice.below(50) } else { self.dice.below(3) };
        Step::Say((0..=many).map(|_| self.said()).collect())
    }

    /// A showing that there may be; more often a late one.
    fn known(&mut self) -> u32 {
        let back = if self.dice.one_in(3) { 1_000 } else { 12 };
        self.showings.saturating_sub(1 + u32::try_from(self.dice.below(back)).unwrap())
    }

    fn showing(&mut self) -> u32 {
        if self.dice.one_in(3) {
            return self.known();
        }
        self.showings += 1;
        self.showings - 1
    }

    fn said(&mut self) -> Said {
        let showing = self.showing();
        let dice = &mut self.dice;
        let mut fields = Map::new();
        let mut set = |name: &str, value: Value| fields.insert(name.to_owned(), value);
        if dice.one_in(3) {
            set("dismissed", json!(true));
        } else if !dice.one_in(4) {
            set("score", json!(dice.below(11)));
        }
        if dice.one_in(3) {
            set("comment", json!(comment(dice)));
        }
        if !dice.one_in(4) {
            set("elapsed_ms", json!(dice.below(40_000)));
        }
        set("shown", json!(true));
        if dice.one_in(3) {
            set("variant", json!(dice.of(&VARIANTS)));
        }
        if dice.one_in(2) {
            set("lang", json!(dice.of(&["en", "de", "EN"])));
        }
        if dice.one_in(2) {
            set("page", json!(dice.of(&["/", "/shop", "/Tea & Co"])));
        }
        if dice.one_in(6) {
            set("user", json!(dice.of(&USERS)));
        }
        if dice.one_in(8) {
            set("contact", json!(dice.of(&["anna@tea.example", "+48 1", "x"])));
        }
        if dice.one_in(2) {
            set("properties", properties(dice));
        }
        Said { showing, fields: Value::Object(fields) }
    }

    fn line(&mut self) -> Line {
        let showing = self.dice.one_in(3).then(|| self.showing());
        line(&mut self.dice, showing, self.now, &self.changes)
    }

    fn patch(&mut self) -> Value {
        match self.dice.below(4) {
            0 => json!({ "tags": [self.dice.of(&["vip", "later"])] }),
            1 => json!({ "tags": null, "note": "called" }),
            _ => json!({ "state": self.dice.of(&["open", "in_progress", "done"]) }),
        }
    }

    fn settings(&mut self) -> Value {
        let mut names = DECLARED.to_vec();
        names.retain(|_| !self.dice.one_in(2));
        match self.dice.below(7) {
            0 => json!({ "retention": { "months": self.dice.of(&[Some(1), Some(3), Some(12), None]) } }),
            1 => json!({ "timezone": self.dice.of(&ZONES), "properties": names }),
            2..4 => json!({ "timezone": self.dice.of(&ZONES) }),
            _ => json!({ "properties": names }),
        }
    }
}

/// A line of an import: of any day, of one near a change of a clock, or of today.
pub fn line(dice: &mut Dice, showing: Option<u32>, now: i64, changes: &[i64]) -> Line {
    let within =
        |dice: &mut Dice, span: i64| i64::try_from(dice.below(usize::try_from(span).unwrap())).unwrap();
    let at = match dice.below(4) {
        0 if !changes.is_empty() => dice.of(changes) - 26 * HOUR + within(dice, 52 * HOUR),
        1 => now - within(dice, 5 * HOUR),
        2 => (now - within(dice, 500 * DAY)) / HOUR * HOUR,
        _ => now - within(dice, 500 * DAY),
    };
    let some = |dice: &mut Dice, text: String| if dice.one_in(2) { String::new() } else { text };
    let score = dice.below(11).to_string();
    let cells = [
        if dice.one_in(8) { String::new() } else { score },
        {
            let text = comment(dice);
            some(dice, text)
        },
        {
            let text = dice.of(&VARIANTS).to_owned();
            some(dice, text)
        },
        {
            let text = dice.of(&["en", "de"]).to_owned();
            some(dice, text)
        },
        {
            let text = dice.of(&["/", "/shop"]).to_owned();
            some(dice, text)
        },
        {
            let text = dice.of(&["free", "pro"]).to_owned();
            some(dice, text)
        },
        {
            let text = dice.of(&["PL", "NP"]).to_owned();
            some(dice, text)
        },
        {
            let text = format!("s{}", dice.below(260));
            some(dice, text)
        },
    ];
    Line { showing, at, cells }
}

fn comment(dice: &mut Dice) -> String {
    let words: Vec<&str> =
        (0..=dice.below(3)).map(|_| dice.of(&["tea", "Cup", "slow,", "(kind)", "crème", "ok"])).collect();
    words.join(" ")
}

fn properties(dice: &mut Dice) -> Value {
    let mut named = Map::new();
    let plans = ["free", "pro", "Pro", " pro", "5", "é\"'$[0]", "茶", "team", "a\0b"].map(|text| json!(text));
    let odd = [json!(5), json!(true), json!(1.5), json!(""), json!("null"), json!("-1"), json!("0")];
    for name in DECLARED {
        match (name, dice.below(6)) {
            ("sku", 0) => named.insert(name.into(), json!(format!("s{}", dice.below(300)))),
            // Names of columns: these properties are others.
            ("lang" | "page", 0) => named.insert(name.into(), json!("property")),
            ("plan", 0..3) => named.insert(name.into(), dice.of(&plans)),
            // As the collector itself might mark something.
            ("country", 0) => named.insert(name.into(), json!(format!("\0{}", 1 + dice.below(6)))),
            (_, 0) => named.insert(name.into(), dice.of(&plans)),
            (_, 1) => named.insert(name.into(), dice.of(&odd)),
            _ => None,
        };
    }
    Value::Object(named)
}
