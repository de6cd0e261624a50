//! Name, time zone, origins, properties and retention.

use leptos::prelude::*;
use serde_json::{Value, json};

use super::field::{Field, Kind, SettingField};
use super::store::Store;
use super::toggle::Toggle;
use crate::model::{FullSettings, lines};
use crate::ui::browser;

/// Id of the list of time zones.
const ZONES: &str = "time-zones";

const GENERAL: [Field; 4] = [
    Field {
        id: "site-name",
        pointer: "/name",
        label: "Name",
        hint: "Visitors see it in the question.",
        kind: Kind::Line,
        read: |settings| settings.name.clone(),
        change: |text, _| json!({ "name": text }),
    },
    Field {
        id: "timezone",
        pointer: "/timezone",
        label: "Time zone",
        hint: "Days begin at midnight here. A change moves all responses to their new day.",
        kind: Kind::Proposed(ZONES),
        read: |settings| settings.timezone.clone(),
        change: |text, _| json!({ "timezone": text.trim() }),
    },
    Field {
        id: "origins",
        pointer: "/origins",
        label: "Allowed origins",
        hint: "One in each line, such as https://shop.example or https://*.shop.example. Without any, \
               every page may show the survey.",
        kind: Kind::Lines,
        read: |settings| settings.origins.join("\n"),
        change: |text, _| json!({ "origins": lines(text).collect::<Vec<_>>() }),
    },
    Field {
        id: "properties",
        pointer: "/properties",
        label: "Properties to group and filter by",
        hint: "One name in each line, up to 8, such as plan. A new one is counted over all stored \
               responses; the sums of one that you remove are deleted.",
        kind: Kind::Lines,
        read: |settings| settings.property_names().join("\n"),
        change: |text, settings| json!({ "properties": settings.declare(text) }),
    },
];

const RETENTION: [Field; 2] = [
    Field {
        id: "months",
        pointer: "/retention/months",
        label: "Months to keep responses",
        hint: "1 to 120. Older responses are erased for good, once a day. Empty keeps them forever.",
        kind: Kind::Number,
        read: |settings| settings.retention.months.map(|months| months.to_string()).unwrap_or_default(),
        change: |text, _| json!({ "retention": { "months": number(text) } }),
    },
    Field {
        id: "contact-days",
        pointer: "/retention/contact_days",
        label: "Days to keep contacts",
        hint: "1 to 730. The response stays without the contact.",
        kind: Kind::Number,
        read: |settings| settings.retention.contact_days.to_string(),
        change: |text, _| json!({ "retention": { "contact_days": number(text) } }),
    },
];

/// Returns a number as JSON. What is none is sent as it is, so that the API explains it.
fn number(text: &str) -> Value {
    match text.trim() {
        "" => Value::Null,
        text => text.parse::<u64>().map_or_else(|_| text.into(), Value::from),
    }
}

/// Settings of the site.
#[component]
pub fn SiteForm(
    /// Settings.
    store: Store,
) -> impl IntoView {
    let zones = browser::time_zones().into_iter().map(|zone| view! { <option value=zone></option> });
    let fields = |fields: &[Field]| {
        fields.iter().map(|field| view! { <SettingField store=store field=*field/> }).collect_view()
    };
    view! {
        <datalist id=ZONES>{zones.collect_view()}</datalist>
        {move || store.value.with(|settings| settings.as_ref().and_then(running))}
        <section class="card stack" aria-labelledby="general-title">
            <h2 id="general-title">"General"</h2>
            {fields(&GENERAL)}
        </section>
        <section class="card stack" aria-labelledby="retention-title">
            <h2 id="retention-title">"Retention"</h2>
            {fields(&RETENTION)}
        </section>
        <section class="card stack" aria-labelledby="public-title">
            <h2 id="public-title">"Public notes"</h2>
            <Toggle store=store id="public-notes" label="Anyone may read the notes that are marked as public"
                read=|settings| settings.public_notes change=|is_on| json!({ "public_notes": is_on })/>
        </section>
    }
}

/// Says which changes are still running.
fn running(settings: &FullSettings) -> Option<AnyView> {
    let running = &settings.in_progress;
    let mut texts: Vec<String> = running
        .properties
        .iter()
        .map(|name| format!("{name} is being counted over all responses."))
        .collect();
    if running.timezone {
        texts.push("Responses are being moved to their day in the new time zone.".into());
    }
    (!texts.is_empty()).then(|| {
        view! { <p class="notice" role="status">{texts.join(" ")} " This can take a few minutes."</p> }
            .into_any()
    })
}
