//! Sign-in with a key, or with the lines that contain one.

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::SubmitEvent;

use super::App;
use super::api::{self, Call};
use super::status::Failure;
use crate::api_error::{ApiError, ErrorKind};
use crate::model::Role;
use crate::session::{Pasted, SignedInSite};
use crate::url_state::Page;

/// The fewest characters of an admin token.
const MIN_ADMIN_TOKEN: usize = 32;

/// Keys that an owner has entered.
struct Entered {
    site: Option<SignedInSite>,
    admin: Option<String>,
}

/// Form to sign in.
#[component]
pub fn SignIn(
    /// State of the page.
    app: App,
) -> impl IntoView {
    let (key, site, remember) =
        (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(false));
    let wrong = RwSignal::new(None);
    Effect::new(move |_| {
        app.link_problem.with(|problem| problem.clone().map(|problem| wrong.set(Some(problem))))
    });
    let (failure, is_busy) = (RwSignal::new(None::<ApiError>), RwSignal::new(false));
    if let Some(linked) = app.url.with_untracked(|url| url.site.clone()) {
        site.set(linked);
    }
    let submit = move || {
        wrong.set(None);
        failure.set(None);
        match entered(&key.get_untracked(), &site.get_untracked(), remember.get_untracked()) {
            Err(problem) => wrong.set(Some(problem.to_owned())),
            Ok(entered) => {
                is_busy.set(true);
                spawn_local(async move {
                    let checked = check(&entered).await;
                    let _ = is_busy.try_set(false);
                    match checked {
                        Ok(()) => sign_in(app, entered),
                        Err(error) if error.kind == ErrorKind::Unauthorized => {
                            let _ = wrong.try_set(Some(
                                "This key does not open this site. It may have expired or been revoked. \
                                 Check both, or create another key."
                                    .into(),
                            ));
                        }
                        Err(error) if error.kind == ErrorKind::NotFound => {
                            let _ = wrong.try_set(Some(error.detail));
                        }
                        Err(error) => {
                            let _ = failure.try_set(Some(error));
                        }
                    }
                });
            }
        }
    };
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        submit();
    };
    let has_sites = app.session.with_untracked(|session| !session.is_empty());
    super::browser::set_title("Sign in · Grapevine");
    view! {
        <main class="sign-in">
            <h1>"Sign in"</h1>
            <p class="soft">
                "Paste a key of your site, or all lines that the collector printed. "
                "The key stays in this browser."
            </p>
            <form on:submit=on_submit novalidate>
                <label for="key">"Key"</label>
                <textarea id="key" rows="3" autocomplete="off" autocapitalize="off" spellcheck="false"
                    aria-describedby="wrong" aria-invalid=move || wrong.with(Option::is_some).to_string()
                    placeholder="grapevine_owner_…"
                    prop:value=move || key.get() on:input=move |event| key.set(event_target_value(&event))>
                </textarea>
                <label for="site">
                    "Site id " <span class="soft">"(if it is not among the lines)"</span>
                </label>
                <input id="site" autocomplete="off" autocapitalize="off" spellcheck="false"
                    prop:value=move || site.get() on:input=move |event| site.set(event_target_value(&event))/>
                <label class="check">
                    <input type="checkbox" prop:checked=move || remember.get()
                        on:change=move |event| remember.set(event_target_checked(&event))/>
                    <span>"Remember me on this computer"</span>
                </label>
                <p id="wrong" role="alert" class="wrong">{wrong}</p>
                {move || failure.get().map(|error| view! {
                    <Failure app=app error=error loaded_at=None retry=submit/>
                })}
                <p class="row">
                    <button class="button primary" disabled=move || is_busy.get()>
                        {move || if is_busy.get() { "Signing in…" } else { "Sign in" }}
                    </button>
                    {has_sites.then(|| view! {
                        <button type="button" class="button" on:click=move |_| app.is_adding.set(false)>
                            "Cancel"
                        </button>
                    })}
                </p>
            </form>
        </main>
    }
}

/// Reads the fields of the form.
fn entered(text: &str, site: &str, remember: bool) -> Result<Entered, &'static str> {
    let pasted = Pasted::parse(text);
    let site = Some(site.trim().to_owned()).filter(|site| !site.is_empty()).or(pasted.site);
    match (pasted.key, site) {
        (Some(key), Some(site)) => {
            let role = Role::of_key(&key).ok_or("This is no key of a site.")?;
            let site = SignedInSite { site, name: None, key, role, remember };
            Ok(Entered { site: Some(site), admin: pasted.admin })
        }
        (Some(_), None) => Err("Add the id of the site that the key belongs to."),
        (None, _) => {
            let token = pasted.admin.or_else(|| {
                let token = text.trim();
                let is_token = token.len() >= MIN_ADMIN_TOKEN && !token.contains(char::is_whitespace);
                is_token.then(|| token.to_owned())
            });
            let token = token.ok_or(
                "There is no key in this text. A key begins with grapevine_owner_, grapevine_read_ or \
                 grapevine_share_.",
            )?;
            Ok(Entered { site: None, admin: Some(token) })
        }
    }
}

/// Checks the keys by using them.
async fn check(entered: &Entered) -> Result<(), ApiError> {
    if let Some(site) = &entered.site {
        let endpoint = if site.role == Role::Owner { "" } else { "score?range=all" };
        api::send(&Call::of_site(site, endpoint)).await?;
    }
    if let Some(token) = &entered.admin {
        api::send(&Call::get("v1/sites?limit=1", token)).await?;
    }
    Ok(())
}

fn sign_in(app: App, entered: Entered) {
    let site = entered.site.as_ref().map(|site| site.site.clone());
    app.change_session(|session| {
        session.admin = entered.admin.or(session.admin.take());
        entered.site.into_iter().for_each(|site| session.add(site));
    });
    app.link_problem.set(None);
    app.is_adding.set(false);
    app.navigate(|url| match &site {
        Some(site) if url.site.as_ref() == Some(site) => {}
        Some(site) => *url = url.for_site(site),
        None => url.page = Page::Sites,
    });
}
