//! What the owner of a site has decided about the survey.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::invalid::pointer;
use crate::{Invalid, message};

/// The variant that asks the standard recommendation question. Only it is called NPS.
pub const STANDARD: &str = "standard";
/// The longest name of a variant, in characters.
pub const MAX_VARIANT: usize = 40;

/// The survey of a site, as the owner set it. The loader carries it to the visitor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Survey {
    /// Which wording of the question this is. Answers to different wordings are never pooled.
    pub variant: String,
    /// The question in the owner's words; without it the standard question in the visitor's language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// Seconds on the page before the survey shows.
    pub delay_seconds: u32,
}

impl Default for Survey {
    fn default() -> Self {
        Self { variant: STANDARD.into(), question: None, delay_seconds: 10 }
    }
}

impl Survey {
    /// Reads settings from untrusted JSON; what is absent keeps its default.
    pub fn from_json(value: &Value) -> Result<Self, Invalid> {
        let Value::Object(fields) = value else {
            return Err(Invalid::at("/survey", "Must be an object, for example {\"delay_seconds\": 10}."));
        };
        let at = |invalid: Invalid| Invalid::at(format!("/survey{}", invalid.pointer), invalid.detail);
        if let Some(unknown) =
            fields.keys().find(|name| !["variant", "question", "delay_seconds"].contains(&name.as_str()))
        {
            let detail =
                "There is no setting of this name. The settings are variant, question, delay_seconds.";
            return Err(Invalid::at(pointer("/survey", unknown), detail));
        }
        let defaults = Self::default();
        let variant = message::text(fields, "variant", MAX_VARIANT).map_err(at)?.unwrap_or(defaults.variant);
        if !is_variant_name(&variant) {
            return Err(Invalid::at("/survey/variant", "Must be made of a–z, 0–9, - and _ only."));
        }
        let question = message::text(fields, "question", 300).map_err(at)?;
        if question.is_some() && variant == STANDARD {
            let detail = "The standard question has no other wording, so that scores stay comparable. \
                          Name the variant (\"variant\": \"stay-3-months\") to ask your own question.";
            return Err(Invalid::at("/survey/question", detail));
        }
        if question.is_none() && variant != STANDARD {
            return Err(Invalid::at("/survey/question", "A variant of your own needs its question."));
        }
        let delay_seconds = match fields.get("delay_seconds") {
            None | Some(Value::Null) => defaults.delay_seconds,
            Some(value) => message::whole(value)
                .filter(|n| *n <= 3_600)
                .and_then(|n| u32::try_from(n).ok())
                .ok_or_else(|| {
                    Invalid::at("/survey/delay_seconds", "Must be a whole number of seconds from 0 to 3600.")
                })?,
        };
        Ok(Self { variant, question, delay_seconds })
    }
}

/// Whether text can name a variant: 1–40 of `a–z 0–9 - _`.
pub fn is_variant_name(text: &str) -> bool {
    (1..=MAX_VARIANT).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_absent_keeps_its_default() {
        assert_eq!(Survey::from_json(&json!({})).unwrap(), Survey::default());
        assert_eq!(Survey::from_json(&json!({ "delay_seconds": 0 })).unwrap().delay_seconds, 0);
    }

    #[test]
    fn another_question_is_another_variant() {
        let own = json!({ "variant": "stay", "question": "How likely are you to stay?" });
        assert_eq!(Survey::from_json(&own).unwrap().variant, "stay");
        assert_eq!(
            Survey::from_json(&json!({ "question": "Why?" })).unwrap_err().pointer,
            "/survey/question"
        );
        assert_eq!(Survey::from_json(&json!({ "variant": "stay" })).unwrap_err().pointer, "/survey/question");
    }

    #[test]
    fn each_wrong_setting_is_named() {
        for (wrong, pointer) in [
            (json!(7), "/survey"),
            (json!({ "colour": "red" }), "/survey/colour"),
            (json!({ "delay_seconds": -1 }), "/survey/delay_seconds"),
            (json!({ "delay_seconds": "10" }), "/survey/delay_seconds"),
            (json!({ "variant": "Öl" }), "/survey/variant"),
        ] {
            assert_eq!(Survey::from_json(&wrong).unwrap_err().pointer, pointer, "{wrong}");
        }
    }
}
