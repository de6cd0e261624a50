//! The three requests of an owner's program: create a site, import responses, read the score.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use reqwest::{Client, RequestBuilder, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::saved::Site;

/// An import is one request that may take a while; all others are quick.
const IMPORT_TIMEOUT: Duration = Duration::from_secs(120);

/// The collector's HTTP interface.
#[derive(Clone)]
pub struct Collector {
    http: Client,
    url: String,
}

impl Collector {
    /// Creates a client for the collector at `url`. The collector is on this machine: no proxy, and
    /// a short timeout.
    pub fn new(url: String) -> Result<Self> {
        let http = Client::builder().no_proxy().timeout(Duration::from_secs(5)).build()?;
        Ok(Self { http, url })
    }

    /// Builds a GET of `path` with `key`.
    pub fn get(&self, path: &str, key: &str) -> RequestBuilder {
        self.http.get(format!("{}{path}", self.url)).bearer_auth(key)
    }

    /// Creates a site, which accepts responses from `origins` only.
    pub async fn create(
        &self,
        admin_token: &str,
        name: &str,
        properties: &[&str],
        origins: &[String],
    ) -> Result<Site> {
        #[derive(Deserialize)]
        struct Created {
            site: String,
            keys: Keys,
        }
        #[derive(Deserialize)]
        struct Keys {
            owner: String,
            read: String,
        }
        let request =
            self.http.post(format!("{}/v1/sites", self.url)).bearer_auth(admin_token).json(&json!({
                "name": name,
                "timezone": "Europe/London",
                // Some of the imported responses are from 2016.
                "retention": { "months": null },
                "properties": properties,
                "origins": origins,
                "survey": {
                    "delay_seconds": 10,
                    // In the shop's green and typeface.
                    "theme": { "accent": "#0b5f4b", "font": "inherit" },
                },
            }));
        let answer = answer(request).await.context("the site could not be created")?;
        let Created { site, keys } =
            serde_json::from_value(answer).context("the new site's keys are missing")?;
        Ok(Site { id: site, owner: keys.owner, read: keys.read })
    }

    /// Imports responses. The collector recognizes lines that it has stored already, so a second
    /// import changes nothing.
    pub async fn import(&self, site: &Site, file: File) -> Result<Imported> {
        let request = self
            .http
            .post(format!("{}/v1/sites/{}/import?{}", self.url, site.id, file.query))
            .timeout(IMPORT_TIMEOUT)
            .bearer_auth(&site.owner)
            .header("content-type", file.content_type)
            .body(file.content);
        match answer(request).await.context("the responses could not be imported")? {
            Value::Object(fields) => Ok(Imported(fields)),
            other => bail!("the import failed with {other}"),
        }
    }

    /// Checks that the collector knows the site and accepts its key.
    pub async fn check(&self, site: &Site) -> Result<()> {
        answer(self.get(&format!("/v1/sites/{}/score?range=all", site.id), &site.read)).await?;
        Ok(())
    }
}

/// File for an import.
pub struct File {
    /// Its content type.
    pub content_type: &'static str,
    /// Parameters that the file needs.
    pub query: &'static str,
    /// Its text.
    pub content: String,
}

/// Result of an import as the collector reports it. Displayed as counts by name, without those that
/// are zero.
pub struct Imported(Map<String, Value>);

impl std::fmt::Display for Imported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut separator = "";
        for (name, value) in &self.0 {
            let Some(count) = value.as_u64().filter(|count| *count > 0) else { continue };
            write!(f, "{separator}{count} {}", name.replace('_', " "))?;
            separator = ", ";
        }
        Ok(())
    }
}

/// Sends the request and returns its JSON. A refusal becomes an error with the collector's own
/// explanation.
async fn answer(request: RequestBuilder) -> Result<Value> {
    let response = request.send().await?;
    let status = response.status();
    let text = response.text().await?;
    if !status.is_success() {
        bail!("{}", refusal(status, &text));
    }
    serde_json::from_str(&text).with_context(|| format!("not JSON: {text}"))
}

fn refusal(status: StatusCode, body: &str) -> String {
    let problem: Value = serde_json::from_str(body).unwrap_or_default();
    let detail = ["detail", "title"].iter().find_map(|name| problem.get(name)?.as_str());
    format!("the collector replied with {status}: {}", detail.unwrap_or(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_displays_its_counts() {
        let displayed = |value: Value| Imported(value.as_object().cloned().unwrap()).to_string();
        assert_eq!(
            displayed(json!({"rows": 967, "stored": 889, "without_score": 78, "rejected": 0, "errors": []})),
            "967 rows, 889 stored, 78 without score"
        );
    }

    #[test]
    fn a_refusal_displays_the_problem_detail() {
        let body = r#"{"title": "Not found", "detail": "No such site."}"#;
        assert_eq!(
            refusal(StatusCode::NOT_FOUND, body),
            "the collector replied with 404 Not Found: No such site."
        );
        assert!(refusal(StatusCode::BAD_GATEWAY, "oops").ends_with(": oops"));
    }
}
