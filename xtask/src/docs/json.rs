//! JSON whose members stay in the order of the file: on a page for people, order says something.

use std::fmt;

use anyhow::{Result, bail};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

/// The longest line of an example, where it can be broken.
const WIDTH: usize = 88;

/// A value of JSON.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    /// A member; `Null` where there is none.
    pub fn get(&self, name: &str) -> &Self {
        self.members().iter().find(|(own, _)| own == name).map_or(&Self::Null, |(_, value)| value)
    }

    /// Whether it has that member.
    pub fn has(&self, name: &str) -> bool {
        self.members().iter().any(|(own, _)| own == name)
    }

    /// What a pointer such as `#/components/schemas/Day` leads to.
    pub fn at(&self, pointer: &str) -> Option<&Self> {
        let parts = pointer.strip_prefix("#/")?.split('/');
        parts.into_iter().try_fold(self, |value, part| {
            let name = part.replace("~1", "/").replace("~0", "~");
            value.has(&name).then(|| value.get(&name))
        })
    }

    /// The members of an object; none of anything else.
    pub fn members(&self) -> &[(String, Json)] {
        if let Self::Object(members) = self { members } else { &[] }
    }

    /// The items of a list; none of anything else.
    pub fn list(&self) -> &[Json] {
        if let Self::List(items) = self { items } else { &[] }
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// Refuses members that are not among those: nobody taught the page to show them.
    pub fn only(&self, what: &str, known: &[&str]) -> Result<()> {
        for (name, _) in self.members() {
            if !known.contains(&&**name) {
                bail!(
                    "{what} has {name:?}, which the page cannot show; teach xtask/src/docs to, or leave it out"
                );
            }
        }
        Ok(())
    }

    /// The value for a person: short parts on one line, long ones a member a line.
    pub fn pretty(&self) -> String {
        let mut out = String::new();
        self.lay_out(&mut out, 0, 0);
        out
    }

    /// Writes the value where the line already holds `used` characters, its own lines indented by `indent`.
    fn lay_out(&self, out: &mut String, indent: usize, used: usize) {
        let line = self.to_string();
        let (open, close, parts) = match self {
            _ if used + line.chars().count() <= WIDTH => return out.push_str(&line),
            Self::List(items) => ('[', ']', items.iter().map(|item| (String::new(), item)).collect()),
            Self::Object(members) => {
                let named = members.iter().map(|(name, value)| (format!("{}: ", quoted(name)), value));
                ('{', '}', named.collect::<Vec<_>>())
            }
            _ => return out.push_str(&line),
        };
        out.push(open);
        let blanks = " ".repeat(indent + 2);
        for (at, (name, value)) in parts.iter().enumerate() {
            out.push_str(if at > 0 { ",\n" } else { "\n" });
            out.push_str(&blanks);
            out.push_str(name);
            value.lay_out(out, indent + 2, indent + 2 + name.chars().count());
        }
        out.push('\n');
        out.push_str(&" ".repeat(indent));
        out.push(close);
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Number(value) => write!(f, "{value}"),
            Self::Text(value) => f.write_str(&quoted(value)),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(Self::to_string).collect();
                write!(f, "[{}]", items.join(", "))
            }
            Self::Object(members) if members.is_empty() => f.write_str("{}"),
            Self::Object(members) => {
                let one = |(name, value): &(String, Self)| format!("{}: {value}", quoted(name));
                let members: Vec<String> = members.iter().map(one).collect();
                write!(f, "{{ {} }}", members.join(", "))
            }
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Json, E> {
        Number::from_f64(value).map(Json::Number).ok_or_else(|| E::custom("a number without an end"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
        let mut object: Vec<(String, Json)> = Vec::new();
        while let Some((name, value)) = members.next_entry::<String, Json>()? {
            if object.iter().any(|(own, _)| *own == name) {
                return Err(A::Error::custom(format!("{name:?} stands twice in one object")));
            }
            object.push((name, value));
        }
        Ok(Json::Object(object))
    }
}
