//! JSON Schema in words: what a value is in one phrase, and its members in a table.
//!
//! A member that is an object of its own has its members in the same table, as `keys.owner`; one that is an entry of a
//! list is `results[].id`. A schema that has a name is a link to it.

use anyhow::{Context, Result, bail, ensure};

use super::Reference;
use super::json::Json;
use super::text::{anchor, any_of, blocks, escape, inline, table};

/// The words that are shown apart from the list of facts, or belong to another word.
const ELSEWHERE: [&str; 7] = ["description", "then", "else", "$ref", "type", "properties", "required"];

impl<'a> Reference<'a> {
    /// A schema with a name: what it is, in what cases, and its members.
    pub fn schema(&self, name: &str, schema: &'a Json) -> Result<String> {
        let says = blocks(schema.get("description").text().unwrap_or_default());
        Ok(format!("{says}{}{}", self.paragraph(schema)?, self.members(name, schema)?))
    }

    /// What a body is: the phrase, then every named schema in it down to the first with members.
    pub fn shape(&self, label: &str, schema: &'a Json) -> Result<String> {
        let mut named = Vec::new();
        self.named(schema, &mut named)?;
        let mut out = blocks(schema.get("description").text().unwrap_or_default());
        if named.is_empty() || !schema.has("$ref") {
            out += &self.paragraph(schema)?;
        }
        if named.is_empty() {
            out += &self.members(label, schema)?;
        }
        for (name, schema) in named {
            let members = self.members(name, schema)?;
            if !members.is_empty() {
                out += &format!("<p>Members of {}:</p>\n{members}", link(name));
            }
        }
        Ok(out)
    }

    /// The phrase as a sentence of its own.
    fn paragraph(&self, schema: &'a Json) -> Result<String> {
        let phrase = self.phrase(schema)?;
        let mut letters = phrase.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        let end = if phrase.ends_with("</span>") { "" } else { "." };
        Ok(format!("<p class=\"type\">{}{}{end}</p>\n", first.collect::<String>(), letters.as_str()))
    }

    /// The named schemas that a value can be, without those of its members.
    fn named(&self, schema: &'a Json, found: &mut Vec<(&'a str, &'a Json)>) -> Result<()> {
        if let Some(to) = schema.get("$ref").text() {
            let name = to.rsplit('/').next().unwrap_or(to);
            let target = self.resolved(schema)?;
            if target.has("properties") {
                if !found.iter().any(|(own, _)| *own == name) {
                    found.push((name, target));
                }
                return Ok(());
            }
            return self.named(target, found);
        }
        for word in ["oneOf", "anyOf", "allOf"] {
            for one in schema.get(word).list() {
                self.named(one, found)?;
            }
        }
        if schema.has("items") { self.named(schema.get("items"), found) } else { Ok(()) }
    }

    /// The table of all members, with the cases in front; empty where there are none.
    fn members(&self, label: &str, schema: &'a Json) -> Result<String> {
        let mut rows = String::new();
        self.rows(schema, "", &mut rows)?;
        if rows.is_empty() {
            return Ok(rows);
        }
        let label = format!("Members of {label}");
        Ok(table(&label, &["Member", "Type", "Required", "Description"], &rows))
    }

    /// The rows of an object's members, and of theirs where they have no name of their own.
    fn rows(&self, schema: &'a Json, before: &str, rows: &mut String) -> Result<()> {
        for word in ["oneOf", "anyOf", "allOf"] {
            // A case without a type only narrows what is in the table already.
            for one in schema.get(word).list().iter().filter(|one| one.has("type")) {
                self.rows(one, before, rows)?;
            }
        }
        if schema.has("items") && !schema.get("items").has("$ref") {
            self.rows(schema.get("items"), &format!("{before}[]"), rows)?;
        }
        let dot = if before.is_empty() || before == "[]" { "" } else { "." };
        for (name, member) in schema.get("properties").members() {
            let required = schema.get("required").list().iter().any(|one| one.text() == Some(name));
            let path = format!("{before}{dot}{name}");
            *rows += &format!(
                "<tr><th scope=\"row\"><code>{}</code></th><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                escape(&path),
                self.phrase(member).with_context(|| format!("in {path}"))?,
                if required { "yes" } else { "no" },
                inline(member.get("description").text().unwrap_or_default()),
            );
            if !member.has("$ref") {
                self.rows(member, &path, rows)?;
            }
        }
        Ok(())
    }

    /// What a value is, in one phrase: its type, then what more is asked of it.
    pub fn phrase(&self, schema: &'a Json) -> Result<String> {
        if let Json::Bool(any) = schema {
            return Ok(if *any { "anything" } else { "nothing" }.to_owned());
        }
        let mut facts = Vec::new();
        for (word, of) in schema.members() {
            if let Some(fact) = self.fact(schema, word, of)? {
                facts.push(fact);
            }
        }
        let kind = self.kind(schema)?;
        Ok([&[kind][..], &facts]
            .concat()
            .into_iter()
            .filter(|it| !it.is_empty())
            .collect::<Vec<_>>()
            .join(", "))
    }

    /// The name of the type: a link, words, or the alternatives.
    fn kind(&self, schema: &'a Json) -> Result<String> {
        if let Some(to) = schema.get("$ref").text() {
            self.resolved(schema)?;
            return Ok(link(to.strip_prefix("#/components/schemas/").context("a schema elsewhere")?));
        }
        let mut kinds = Vec::new();
        for name in words(schema.get("type")) {
            kinds.push(match name {
                "array" => self.array(schema.get("items"))?,
                "string" | "number" | "integer" | "boolean" | "object" | "null" => name.to_owned(),
                other => bail!("there is no type {other}"),
            });
        }
        for word in ["oneOf", "anyOf"] {
            let all = schema.get(word).list();
            // Alternatives of type are the type. Cases that only narrow it are facts.
            if !all.is_empty() && all.iter().all(|one| !is_case(one)) {
                for one in all {
                    kinds.push(self.described(one)?);
                }
            }
        }
        let silent = schema.members().iter().all(|(word, _)| word == "description");
        Ok(if kinds.is_empty() && silent { "anything".to_owned() } else { any_of(&kinds) })
    }

    /// The phrase of a part that has no place of its own for its description.
    fn described(&self, schema: &'a Json) -> Result<String> {
        let says =
            schema.get("description").text().map(|says| format!(" ({})", inline(says.trim_end_matches('.'))));
        Ok(self.phrase(schema)? + &says.unwrap_or_default())
    }

    fn array(&self, items: &'a Json) -> Result<String> {
        if *items == Json::Null {
            return Ok("array".to_owned());
        }
        let each = self.described(items)?;
        Ok(if each.contains(", ") { format!("array of ({each})") } else { format!("array of {each}") })
    }

    /// What one word of a schema asks for. Words that nobody taught this page are an error.
    fn fact(&self, schema: &'a Json, word: &str, of: &'a Json) -> Result<Option<String>> {
        let plain = |text: &str| format!("<code>{}</code>", escape(text));
        let code = |value: &Json| match value.text() {
            Some(text) if !text.is_empty() => plain(text),
            _ => plain(&value.to_string()),
        };
        Ok(Some(match word {
            word if ELSEWHERE.contains(&word) => return Ok(None),
            "items" => {
                ensure!(words(schema.get("type")).contains(&"array"), "items without the type array");
                return Ok(None);
            }
            "format" => format!("format {}", plain(of.text().context("format")?)),
            "pattern" => format!("matches {}", plain(of.text().context("pattern")?)),
            "contentMediaType" => format!("as {}", plain(of.text().context("contentMediaType")?)),
            "const" => format!("always {}", code(of)),
            "enum" => format!("one of {}", any_of(&of.list().iter().map(code).collect::<Vec<_>>())),
            "default" => format!("by default {}", code(of)),
            "minimum" | "maximum" => return range(schema, word, "minimum", "maximum", ""),
            "exclusiveMinimum" => format!("more than {of}"),
            "exclusiveMaximum" => format!("less than {of}"),
            "multipleOf" => format!("a multiple of {of}"),
            "minLength" | "maxLength" => return range(schema, word, "minLength", "maxLength", "characters"),
            "minItems" | "maxItems" => return range(schema, word, "minItems", "maxItems", "items"),
            "minProperties" | "maxProperties" => {
                return range(schema, word, "minProperties", "maxProperties", "members");
            }
            "uniqueItems" => "none of them twice".to_owned(),
            "deprecated" => "<strong>deprecated</strong>".to_owned(),
            "readOnly" => "only in answers".to_owned(),
            "writeOnly" => "only in requests".to_owned(),
            "additionalProperties" => match of {
                Json::Bool(true) => "other members are allowed".to_owned(),
                Json::Bool(false) => "no other members".to_owned(),
                of if schema.has("properties") => format!("every other member: {}", self.phrase(of)?),
                of => format!("every member: {}", self.phrase(of)?),
            },
            "propertyNames" => format!("names of members: {}", self.phrase(of)?),
            "not" if of.has("const") => format!("not {}", code(of.get("const"))),
            "not" => format!("not {}", self.case(of)?),
            "if" => {
                let mut text = format!("where <span class=\"case\">{}</span>", self.case(of)?);
                for (word, how) in [("then", "it holds that"), ("else", "and otherwise that")] {
                    if schema.has(word) {
                        text +=
                            &format!(" {how} <span class=\"case\">{}</span>", self.case(schema.get(word))?);
                    }
                }
                text
            }
            "oneOf" | "anyOf" if of.list().iter().all(|one| !is_case(one)) => return Ok(None),
            "oneOf" | "anyOf" | "allOf" => {
                let (how, between) = match word {
                    "oneOf" => ("exactly one of these holds:", "or "),
                    "anyOf" => ("at least one of these holds:", "or "),
                    _ => ("all of these hold:", "and "),
                };
                let mut text = how.to_owned();
                for (at, one) in of.list().iter().enumerate() {
                    let between = if at > 0 { between } else { "" };
                    text += &format!(" <span class=\"case\">{between}{}</span>", self.case(one)?);
                }
                text
            }
            other => bail!(
                "this page does not know the word {other:?} of JSON Schema; teach xtask/src/docs/schema.rs"
            ),
        }))
    }

    /// A schema that narrows another, as a clause: `score is given (integer)`.
    fn case(&self, schema: &'a Json) -> Result<String> {
        let mut clauses = Vec::new();
        let required = words(schema.get("required"));
        for (name, member) in schema.get("properties").members() {
            let given = if required.contains(&&**name) { "is given: " } else { "is absent or " };
            clauses.push(format!("<code>{}</code> {given}{}", escape(name), self.phrase(member)?));
        }
        for name in required.iter().filter(|name| !schema.get("properties").has(name)) {
            clauses.push(format!("<code>{}</code> is given", escape(name)));
        }
        let itself = self.phrase(schema)?;
        if !itself.is_empty() {
            clauses.insert(0, itself);
        }
        Ok(clauses.join(" and "))
    }
}

/// Whether a schema only narrows another: it names members and no type.
fn is_case(schema: &Json) -> bool {
    !["type", "$ref", "const", "enum", "oneOf", "anyOf", "allOf"].iter().any(|word| schema.has(word))
}

/// A lower and an upper bound in one phrase, at the first of the two words.
fn range(schema: &Json, word: &str, low: &str, high: &str, unit: &str) -> Result<Option<String>> {
    let (has_low, has_high) = (schema.has(low), schema.has(high));
    let (from, to) = (schema.get(low), schema.get(high));
    let text = match (has_low, has_high) {
        (true, true) if word == high => return Ok(None),
        (true, true) if from == to => format!("{from} {unit}"),
        (true, true) => format!("{from} to {to} {unit}"),
        (true, false) => format!("at least {from} {unit}"),
        _ => format!("at most {to} {unit}"),
    };
    Ok(Some(text.trim_end().to_owned()))
}

/// One word or a list of them.
fn words(value: &Json) -> Vec<&str> {
    value.text().into_iter().chain(value.list().iter().filter_map(Json::text)).collect()
}

/// A named schema, as a link to where it is shown.
fn link(name: &str) -> String {
    format!("<a href=\"#{}\">{}</a>", anchor("schema", name), escape(name))
}
