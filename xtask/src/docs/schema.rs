//! JSON Schema in words: one phrase for each value, and a list of fields for each object.
//!
//! The members of a nested object are in the list of the outer one, as `keys.owner`, and those of a
//! list entry as `results[].id`. A named schema is a link.

use serde_json::Number;

use super::html::{anchor, any_of, code, escape, inline};
use super::openapi::{AdditionalProperties, Endpoint, Parameter, Schema};
use super::ordered_json::{Json, Members};

const PREFIX: &str = "#/components/schemas/";

/// Parameter of an operation or member of an object.
pub struct Field<'a> {
    pub name: String,
    /// Place of a parameter: path, query or header.
    pub place: &'a str,
    pub phrase: String,
    pub required: bool,
    pub description: &'a str,
    pub example: String,
}

/// Returns the parameters of an operation.
pub fn parameters<'a>(endpoint: &Endpoint<'a>) -> Vec<Field<'a>> {
    let field = |parameter: &&'a Parameter| Field {
        name: parameter.name.clone(),
        place: &parameter.place,
        phrase: parameter.schema.phrase(),
        required: parameter.required,
        description: &parameter.description,
        example: parameter.example.to_text(),
    };
    endpoint.parameters.iter().map(field).collect()
}

impl Schema {
    /// The phrase as a sentence.
    pub fn sentence(&self) -> String {
        let phrase = self.phrase();
        let mut letters = phrase.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        let end = if phrase.ends_with("</span>") { "" } else { "." };
        format!("{}{}{end}", first.collect::<String>(), letters.as_str())
    }

    /// The named object schemas that the value can be, without those of its members.
    pub fn named_objects<'a>(&'a self, schemas: &'a Members<Self>) -> Vec<(&'a str, &'a Self)> {
        if let Some((name, target)) = self.target(schemas) {
            if !target.properties.is_empty() {
                return vec![(name, target)];
            }
            return target.named_objects(schemas);
        }
        let mut found: Vec<(&str, &Self)> = Vec::new();
        for part in self.one_of.iter().chain(&self.any_of).chain(self.items.as_deref()) {
            for object in part.named_objects(schemas) {
                if !found.iter().any(|(name, _)| *name == object.0) {
                    found.push(object);
                }
            }
        }
        found
    }

    /// The schema behind a `$ref`.
    fn target<'a>(&'a self, schemas: &'a Members<Self>) -> Option<(&'a str, &'a Self)> {
        let name = self.reference.as_deref()?.strip_prefix(PREFIX)?;
        Some((name, schemas.get(name)?))
    }

    /// The members of an object and of its unnamed objects.
    pub fn fields(&self) -> Vec<Field<'_>> {
        let mut fields = Vec::new();
        self.collect_fields("", &mut fields);
        fields
    }

    fn collect_fields<'a>(&'a self, path: &str, fields: &mut Vec<Field<'a>>) {
        // A part without a type only narrows fields that are in the list already.
        let variants = self.one_of.iter().chain(&self.any_of).filter(|part| !part.types.is_empty());
        variants.for_each(|part| part.collect_fields(path, fields));
        if let Some(items) = &self.items {
            items.collect_fields(&format!("{path}[]"), fields);
        }
        let dot = if path.is_empty() || path == "[]" { "" } else { "." };
        for (name, member) in self.properties.iter() {
            let path = format!("{path}{dot}{name}");
            fields.push(Field {
                name: path.clone(),
                place: "",
                phrase: member.phrase(),
                required: self.required.contains(name),
                description: &member.description,
                example: String::new(),
            });
            member.collect_fields(&path, fields);
        }
    }

    /// The type and its constraints as HTML: `integer or null, 0 to 10`.
    pub fn phrase(&self) -> String {
        let mut parts = vec![self.kind()];
        parts.extend(self.constraints());
        parts.retain(|part| !part.is_empty());
        parts.join(", ")
    }

    /// The name of the type: a link, a JSON type, or alternatives.
    fn kind(&self) -> String {
        if let Some(reference) = &self.reference {
            return link(reference.strip_prefix(PREFIX).unwrap_or(reference));
        }
        let mut kinds: Vec<String> = self
            .types
            .iter()
            .map(|name| match (&**name, &self.items) {
                ("array", Some(items)) => {
                    let each = items.described();
                    if each.contains(", ") {
                        format!("array of ({each})")
                    } else {
                        format!("array of {each}")
                    }
                }
                (name, _) => escape(name),
            })
            .collect();
        let alternatives = self.alternatives().into_iter().flatten();
        kinds.extend(alternatives.map(Self::described));
        if kinds.is_empty() && self.is_unconstrained() { "any value".to_owned() } else { any_of(&kinds) }
    }

    fn is_unconstrained(&self) -> bool {
        self.constraints().is_empty() && self.properties.is_empty() && self.required.is_empty()
    }

    /// The parts of `oneOf` and `anyOf` that are types. Parts that only narrow the value are
    /// constraints.
    fn alternatives(&self) -> [&[Self]; 2] {
        [&self.one_of, &self.any_of]
            .map(|parts| if parts.iter().any(Self::narrows) { &[][..] } else { parts })
    }

    /// Whether the schema only narrows another one, without a type.
    fn narrows(&self) -> bool {
        self.types.is_empty()
            && self.reference.is_none()
            && self.constant.is_none()
            && self.choices.is_empty()
            && self.one_of.is_empty()
            && self.any_of.is_empty()
    }

    /// The phrase with the description, for a part without a field.
    fn described(&self) -> String {
        match self.description.trim_end_matches('.') {
            "" => self.phrase(),
            description => format!("{} ({})", self.phrase(), inline(description).0),
        }
    }

    fn constraints(&self) -> Vec<String> {
        let value = |json: &Json| match json {
            Json::Text(text) if !text.is_empty() => code(text),
            other => code(&other.to_string()),
        };
        let choices: Vec<String> = self.choices.iter().map(value).collect();
        let facts = [
            self.format.as_ref().map(|format| format!("format {}", code(format))),
            self.pattern.as_ref().map(|pattern| format!("matches {}", code(pattern))),
            self.constant.as_ref().map(|constant| format!("always {}", value(constant))),
            (!choices.is_empty()).then(|| format!("one of {}", any_of(&choices))),
            range(&self.minimum, &self.maximum, ""),
            range(&self.min_length, &self.max_length, " characters"),
            range(&self.min_items, &self.max_items, " items"),
            range(&self.min_properties, &self.max_properties, " members"),
            self.unique_items.then(|| "no duplicates".to_owned()),
            self.default.as_ref().map(|default| format!("default {}", value(default))),
            self.property_names.as_ref().map(|names| format!("member names: {}", names.phrase())),
            self.additional_properties.as_ref().map(|additional| match additional {
                AdditionalProperties::Allowed(true) => "other members allowed".to_owned(),
                AdditionalProperties::Allowed(false) => "no other members".to_owned(),
                AdditionalProperties::Schema(schema) if self.properties.is_empty() => {
                    format!("each member: {}", schema.phrase())
                }
                AdditionalProperties::Schema(schema) => format!("each other member: {}", schema.phrase()),
            }),
            self.not.as_ref().map(|not| match &not.constant {
                Some(constant) => format!("not {}", value(constant)),
                None => format!("not {}", not.case()),
            }),
            self.condition.as_ref().map(|condition| {
                let branch = |word: &str, schema: &Option<Box<Self>>| {
                    schema.as_ref().map(|schema| format!(" {word} {}", boxed("", schema))).unwrap_or_default()
                };
                let (then, otherwise) = (branch("then", &self.then), branch("otherwise", &self.otherwise));
                format!("if {}{then}{otherwise}", boxed("", condition))
            }),
            cases("exactly one of these holds:", &self.one_of),
            cases("at least one of these holds:", &self.any_of),
        ];
        facts.into_iter().flatten().collect()
    }

    /// A schema that narrows another one, as a clause: `score is present: integer`.
    fn case(&self) -> String {
        let mut clauses = vec![self.phrase()];
        clauses.retain(|phrase| !phrase.is_empty());
        for (name, member) in self.properties.iter() {
            let present = if self.required.contains(name) { "is present:" } else { "is absent or" };
            clauses.push(format!("{} {present} {}", code(name), member.phrase()));
        }
        for name in self.required.iter().filter(|name| self.properties.get(name).is_none()) {
            clauses.push(format!("{} is present", code(name)));
        }
        clauses.join(" and ")
    }
}

/// A list of cases, if the parts only narrow the value.
fn cases(label: &str, parts: &[Schema]) -> Option<String> {
    let narrowing = !parts.is_empty() && parts.iter().any(Schema::narrows);
    let list = parts.iter().enumerate().map(|(index, part)| boxed(if index > 0 { "or " } else { "" }, part));
    narrowing.then(|| format!("{label} {}", list.collect::<Vec<_>>().join(" ")))
}

/// A case on its own line.
fn boxed(conjunction: &str, schema: &Schema) -> String {
    format!("<span class=\"case\">{conjunction}{}</span>", schema.case())
}

fn range(low: &Option<Number>, high: &Option<Number>, unit: &str) -> Option<String> {
    let [from, to] = [low, high].map(|bound| bound.as_ref().map(Number::to_string));
    // The unit follows the last number.
    let singular = to.as_ref().or(from.as_ref()).is_some_and(|last| last == "1");
    let unit = if singular { unit.trim_end_matches('s') } else { unit };
    Some(match (from, to) {
        (Some(from), Some(to)) if from == to => format!("{from}{unit}"),
        (Some(from), Some(to)) => format!("{from} to {to}{unit}"),
        (Some(from), None) => format!("at least {from}{unit}"),
        (None, Some(to)) => format!("at most {to}{unit}"),
        (None, None) => return None,
    })
}

/// Link to a named schema.
pub fn link(name: &str) -> String {
    format!("<a href=\"#{}\">{}</a>", anchor("schema", name), escape(name))
}
