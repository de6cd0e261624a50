//! What a site's owner has decided, as the object keeps it.

use nps::{Invalid, Survey, Zone};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use worker::Url;

const MAX_ORIGINS: usize = 50;

/// The settings of a site.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Settings {
    /// The name that visitors know.
    pub name: String,
    /// The time zone in which days begin.
    pub zone: Zone,
    /// The origins whose pages may send answers; empty admits all.
    pub origins: Vec<String>,
    pub survey: Survey,
}

/// The part of the settings that every visitor may see; the loader carries it.
#[derive(Serialize)]
pub struct Public<'a> {
    name: &'a str,
    survey: &'a Survey,
}

impl Settings {
    /// Whether a page of that origin may send answers.
    pub fn admits(&self, origin: &str) -> bool {
        self.origins.is_empty() || self.origins.iter().any(|own| own.eq_ignore_ascii_case(origin))
    }

    pub fn public(&self) -> Public<'_> {
        Public { name: &self.name, survey: &self.survey }
    }
}

/// Reads a list of origins, each as a browser would write it: `https://shop.example`, with a port where there is one.
pub fn origins(given: Option<&Value>) -> Result<Vec<String>, Invalid> {
    let given = match given {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(given)) if given.len() <= MAX_ORIGINS => given,
        Some(_) => {
            let detail = format!(
                "Must be an array of at most {MAX_ORIGINS} origins, for example [\"https://shop.example\"]."
            );
            return Err(Invalid::at("/origins", detail));
        }
    };
    given.iter().enumerate().map(|(at, value)| origin(value, at)).collect()
}

fn origin(value: &Value, at: usize) -> Result<String, Invalid> {
    let wrong = || {
        Invalid::at(
            format!("/origins/{at}"),
            "Must be an origin such as https://shop.example, without a path.",
        )
    };
    let url: Url = value.as_str().ok_or_else(wrong)?.parse().map_err(|_| wrong())?;
    let bare = url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    if !bare || !matches!(url.scheme(), "http" | "https") {
        return Err(wrong());
    }
    Ok(url.origin().ascii_serialization())
}
