//! posthog-js with a survey of its own, as its cloud would serve it, for the widget to be measured
//! against.
//!
//! Its files are those of its npm package. A page has a short script that names the project, and
//! `array.js`, which asks for the project's settings (`/array/TOKEN/config.js`), then for the part
//! that shows surveys (`/static/VERSION/surveys.js`), the surveys (`/api/surveys/`) and feature
//! flags (`/flags/`). Whatever is open is decided for posthog-js: the page's script is shorter than
//! the one that it tells its users to paste, recording and all else that a project may turn on is
//! off, and neither the project nor the survey has a feature flag.

use std::fs;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::server::{File, Server};
use crate::root;
use crate::tools::npm;

const TOKEN: &str = "phc_bench";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const JSON: &str = "application/json";

/// Server of posthog-js with its settings and a survey.
pub struct PostHog {
    pub version: String,
    server: Server,
}

impl PostHog {
    pub fn start() -> Result<Self> {
        npm("xtask/bench", "posthog-js")?;
        let package = root().join("xtask/bench/node_modules/posthog-js");
        let read = |name: &str| {
            let path = package.join(name);
            fs::read(&path).with_context(|| format!("{} is missing", path.display()))
        };
        let about: Value = serde_json::from_slice(&read("package.json")?)?;
        let version = about["version"].as_str().context("posthog-js has no version")?.to_owned();
        let array = File::new(SCRIPT, &read("dist/array.js")?)?;
        let surveys = File::new(SCRIPT, &read("dist/surveys.js")?)?;
        let settings =
            format!("(window._POSTHOG_REMOTE_CONFIG={{}})['{TOKEN}']={{config:{},siteApps:[]}}", settings());
        let settings = File::new(SCRIPT, settings.as_bytes())?;
        let survey = File::new(JSON, json!({ "surveys": [survey()] }).to_string().as_bytes())?;
        let flags =
            json!({ "flags": {}, "errorsWhileComputingFlags": false, "requestId": "1", "evaluatedAt": 1 });
        let flags = File::new(JSON, flags.to_string().as_bytes())?;
        let taken = File::new(JSON, br#"{"status":1}"#)?;
        let part = format!("/static/{version}/surveys.js");
        let server = Server::start(move |path| match path {
            "/static/array.js" => Some(array.clone()),
            "/flags/" => Some(flags.clone()),
            "/api/surveys/" => Some(survey.clone()),
            // Events that posthog-js sends by itself.
            "/e/" | "/i/v0/e/" => Some(taken.clone()),
            _ if path == part => Some(surveys.clone()),
            _ if path == format!("/array/{TOKEN}/config.js") => Some(settings.clone()),
            _ => None,
        })?;
        Ok(Self { version, server })
    }

    /// Returns the HTML for the head of a page.
    pub fn tag(&self) -> String {
        let origin = self.server.origin();
        // posthog-js shows nothing to robots, and takes a headless browser for one.
        let settings =
            json!({ "api_host": origin, "defaults": "2026-08-30", "opt_out_useragent_filter": true });
        format!(
            "<script>window.posthog=Object.assign([],{{people:[],__SV:1,_i:[['{TOKEN}',{settings},'posthog']]}})</script>\
             <script async src=\"{origin}/static/array.js\"></script>"
        )
    }

    /// Fails if posthog-js has requested something that this server does not have.
    pub fn was_served(&self) -> Result<()> {
        let unknown = self.server.unknown();
        ensure!(unknown.is_empty(), "posthog-js {} asked for {}", self.version, unknown.join(", "));
        Ok(())
    }
}

/// A project with surveys and nothing else.
fn settings() -> Value {
    json!({
        "token": TOKEN, "supportedCompression": ["gzip", "gzip-js"], "hasFeatureFlags": false, "surveys": true,
        "analytics": { "endpoint": "/i/v0/e/" }, "elementsChainAsString": true, "defaultIdentifiedOnly": true,
        "sessionRecording": false, "heatmaps": false, "captureDeadClicks": false, "capturePerformance": false,
        "autocapture_opt_out": false, "autocaptureExceptions": false, "errorTracking": { "autocaptureExceptions": false },
        "conversations": false, "productTours": false, "logs": { "captureConsoleLogs": false }, "siteApps": [],
    })
}

/// The question with its eleven scores, shown at once.
fn survey() -> Value {
    json!({
        "id": "0193a1f0-0000-7000-8000-000000000001", "name": "Recommend", "type": "popover",
        "start_date": "2026-01-01T00:00:00Z", "end_date": null, "schedule": "always",
        "linked_flag_key": null, "targeting_flag_key": null, "internal_targeting_flag_key": null, "feature_flag_keys": null,
        "current_iteration": null, "current_iteration_start_date": null, "conditions": null,
        "appearance": { "position": "right", "surveyPopupDelaySeconds": 0, "displayThankYouMessage": true },
        "questions": [
            {
                "id": "1", "type": "rating", "display": "number", "scale": 10, "optional": false,
                "question": "How likely are you to recommend Tea shop to a friend?",
                "lowerBoundLabel": "Not likely at all", "upperBoundLabel": "Extremely likely", "buttonText": "Send",
            },
            { "id": "2", "type": "open", "question": "What is the main reason?", "optional": true, "buttonText": "Send" },
        ],
    })
}
