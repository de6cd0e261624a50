//! JSON whose members keep the order of the file. [`serde_json::Value`] sorts them, and its
//! `preserve_order` feature would change the JSON of every crate in the workspace.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use anyhow::{Context, Result};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde::{Serialize, Serializer};
use serde_json::Number;

/// Maximum length of a line in an example, where the value can be broken.
const WIDTH: usize = 88;

/// JSON value.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub enum Json {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Json>),
    Object(Members<Json>),
}

impl Json {
    /// Returns a copy in which every `$ref` outside the schemas is replaced by its target in
    /// `document`. References to schemas are checked and stay, as links of the page.
    pub fn with_references_resolved(&self, document: &Self) -> Result<Self> {
        Ok(match self {
            Self::Object(members) => match members.get("$ref") {
                Some(Self::Text(to)) => {
                    let target = document.pointer(to).with_context(|| format!("`{to}` leads nowhere"))?;
                    match to.starts_with("#/components/schemas/") {
                        true => self.clone(),
                        false => target.with_references_resolved(document)?,
                    }
                }
                _ => {
                    let resolved = members
                        .iter()
                        .map(|(name, value)| Ok((name.clone(), value.with_references_resolved(document)?)));
                    Self::Object(Members(resolved.collect::<Result<_>>()?))
                }
            },
            Self::List(items) => {
                let resolved = items.iter().map(|item| item.with_references_resolved(document));
                Self::List(resolved.collect::<Result<_>>()?)
            }
            other => other.clone(),
        })
    }

    /// Returns the value at a local JSON pointer such as `#/components/schemas/Day`.
    pub fn pointer(&self, pointer: &str) -> Option<&Self> {
        pointer.strip_prefix("#/")?.split('/').try_fold(self, |value, name| match value {
            Self::Object(members) => members.get(&name.replace("~1", "/").replace("~0", "~")),
            _ => None,
        })
    }

    /// The text itself, or any other value as JSON on one line.
    pub fn to_text(&self) -> String {
        if let Self::Text(text) = self { text.clone() } else { self.to_string() }
    }

    /// JSON for readers: short values on one line, long ones with one member per line.
    pub fn pretty(&self) -> String {
        let mut out = String::new();
        self.write_pretty(&mut out, 0, 0);
        out
    }

    /// Appends the value to a line that already has `used` characters, and indents further lines by
    /// `indent`.
    fn write_pretty(&self, out: &mut String, indent: usize, used: usize) {
        let line = self.to_string();
        let (open, close, parts): (_, _, Vec<(String, &Self)>) = match self {
            Self::List(items) if used + line.chars().count() > WIDTH => {
                ('[', ']', items.iter().map(|item| (String::new(), item)).collect())
            }
            Self::Object(members) if used + line.chars().count() > WIDTH => (
                '{',
                '}',
                members.iter().map(|(name, value)| (format!("{}: ", quoted(name)), value)).collect(),
            ),
            _ => return out.push_str(&line),
        };
        out.push(open);
        for (index, (name, value)) in parts.iter().enumerate() {
            out.push_str(if index > 0 { ",\n" } else { "\n" });
            out.push_str(&" ".repeat(indent + 2));
            out.push_str(name);
            value.write_pretty(out, indent + 2, indent + 2 + name.chars().count());
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
                write!(f, "[{}]", items.iter().map(Self::to_string).collect::<Vec<_>>().join(", "))
            }
            Self::Object(members) if members.is_empty() => f.write_str("{}"),
            Self::Object(members) => {
                let members = members.iter().map(|(name, value)| format!("{}: {value}", quoted(name)));
                write!(f, "{{ {} }}", members.collect::<Vec<_>>().join(", "))
            }
        }
    }
}

/// Members of a JSON object in the order of the file. A repeated name is an error.
#[derive(Debug, Clone, PartialEq)]
pub struct Members<T>(Vec<(String, T)>);

impl<T> Members<T> {
    /// Returns the member with this name.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }
}

impl<T> Default for Members<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Deref for Members<T> {
    type Target = [(String, T)];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<T: Serialize> Serialize for Members<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.iter().map(|(name, value)| (name, value)))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Members<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(MembersVisitor(PhantomData))
    }
}

struct MembersVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for MembersVisitor<T> {
    type Value = Members<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<T>, A::Error> {
        let mut members = Members::default();
        while let Some((name, value)) = map.next_entry::<String, T>()? {
            if members.get(&name).is_some() {
                return Err(A::Error::custom(format!("duplicate member `{name}`")));
            }
            members.0.push((name, value));
        }
        Ok(members)
    }
}
