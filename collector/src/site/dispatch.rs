//! Dispatch of a command to its handler.

use std::rc::Rc;

use api::Role;
#[cfg(feature = "faults")]
use serde_json::json;

#[cfg(feature = "faults")]
use super::clock;
use super::identity;
use super::ingest::Stored;
use super::published;
use super::request::ApiRequest;
use super::schema::Tables;
use super::state::SiteState;
use super::users;
use super::webhooks;
use super::{
    archive, audit, auth, badge, create, deletion, email_row, imports, invitations, jobs, keys, notes,
};
use super::{ingest, registration, responses, score, settings, sightings, storage_check, survey, usage};
use crate::http::{ApiResult, Problem, Response, response};
use crate::json_object;
use crate::protocol::{Command, DEFERRED, OTHER_IDENTITY, PARTLY_DONE, SiteConfig};
use crate::route::{self, BULK_ACCESS, Route, SiteRoute};

/// Carries out the command of a call. Returns the response, if there is anything to say.
pub async fn dispatch(site: &Rc<SiteState>, command: &str, body: String) -> ApiResult<Option<Response>> {
    let command: Command = json_object::from_json(command)?;
    if let Command::CheckStorage = command {
        return Ok(Some(storage_check::check(site).await?));
    }
    match &command {
        // A commit of messages checks it for all of them.
        Command::Ingest(_) => {}
        Command::Api(call) if call.method == "GET" => site.database.check_sole_writer_lately()?,
        _ => site.database.check_sole_writer()?,
    }
    let tables = site.tables()?;
    if let Command::CreateSite = command {
        return Ok(Some(create::create(site, &body).await?));
    }
    if let Command::RestoreArchive(page) = &command {
        return Ok(Some(archive::restore::restore(site, page.after, &body).await?));
    }
    site.settings()?;
    if tables == Tables::Migrating {
        jobs::migration::prepare(site, &command, &body).await?;
    }
    if let Command::DeleteSite = command {
        return Ok(Some(deletion::delete(site).await?));
    }
    jobs::retention::check_schedule(site).await?;
    registration::check_schedule(site).await?;
    let response = match command {
        // The most frequent reply is none: the Worker knows what to respond.
        Command::Ingest(batch) => match ingest::store(site, batch, body).await? {
            Stored::Whole => return Ok(None),
            Stored::Deferred(positions) => response::json_text(DEFERRED, positions),
            Stored::Refused(rule) => response::json_text(OTHER_IDENTITY, json_object::to_json(&rule)),
        },
        Command::Api(call) => handle_api(site, &ApiRequest::new(call, body)).await?,
        Command::CreateSite | Command::DeleteSite | Command::RestoreArchive(_) | Command::CheckStorage => {
            return Err(Problem::internal("a command that is handled before"));
        }
        Command::ReadConfig(report) => {
            site.database.count_config_read();
            sightings::add(site, report);
            let config = SiteConfig::from_settings(site.site_id()?.as_str(), &*site.settings()?);
            response::json_text(200, json_object::to_json(&config))
        }
        Command::ReadImportContext(caller) => {
            auth::authorize(site, BULK_ACCESS, caller.key.as_ref())?;
            ingest::import::context(site)?
        }
        Command::BeginImport(import) => {
            let role = auth::authorize(site, BULK_ACCESS, import.key.as_ref())?;
            let reply = imports::begin(site, &import, &body)?;
            audit::record(&site.database, (role, import.key.as_ref()), "responses.imported", None)?;
            reply
        }
        Command::StoreImportPage(page) => {
            auth::authorize(site, BULK_ACCESS, page.key.as_ref())?;
            ingest::import::store_page(site, &page, &body).await?
        }
        Command::ReadExportPage(page) => {
            let role = auth::authorize(site, BULK_ACCESS, page.key.as_ref())?;
            let is_first = page.cursor.is_none();
            let reply = responses::export::page(site, &page.query, page.cursor)?;
            if is_first {
                audit::record(&site.database, (role, page.key.as_ref()), "responses.exported", None)?;
            }
            reply
        }
        Command::ReadUserPage(page) => {
            let role = auth::authorize(site, BULK_ACCESS, page.key.as_ref())?;
            let is_first = page.cursor.is_none();
            let reply = responses::export::user_page(site, &page.user, page.cursor)?;
            if is_first {
                audit::record(&site.database, (role, page.key.as_ref()), "user.exported", None)?;
            }
            reply
        }
        #[cfg(feature = "faults")]
        Command::Panic => panic_on_purpose()?,
        #[cfg(feature = "faults")]
        Command::Hang => {
            crate::timer::Timer::start(std::time::Duration::from_secs(3600)).await;
            response::empty(200)
        }
        #[cfg(feature = "faults")]
        Command::SetClock(clock) => {
            clock::set_offset_ms(clock.offset_ms);
            jobs::retention::check_schedule(site).await?;
            super::alarm::reset(site).await?;
            let is_retained = jobs::retention::is_done(site)?;
            response::json(200, &json!({ "now": clock::iso(clock::now_ms()), "retained": is_retained }))
        }
    };
    Ok(Some(response))
}

/// Authorizes a caller's request, hands it to the handler of its endpoint, and records what it has
/// changed.
async fn handle_api(site: &SiteState, request: &ApiRequest) -> ApiResult<Response> {
    let (endpoint, route) = route::find(&request.call.method, &request.call.path)?;
    let role = match request.call.is_admin {
        true => None,
        false => auth::authorize(site, endpoint.access, request.call.key.as_ref())?,
    };
    let Route::Site { route, .. } = route else { return Err(Problem::unknown_path()) };
    let response = handle_route(site, request, &route, role).await?;
    if let Some((action, object)) = audit::action(&route)
        && !request.is_dry_run()
        && response.status() != PARTLY_DONE
    {
        let object = object.map(str::to_owned).or(request.take_created());
        audit::record(&site.database, (role, request.call.key.as_ref()), action, object)?;
    }
    Ok(response)
}

async fn handle_route(
    site: &SiteState,
    request: &ApiRequest,
    route: &SiteRoute,
    role: Option<Role>,
) -> ApiResult<Response> {
    use SiteRoute as R;
    match route {
        R::GetSettings => settings::get(site, request),
        R::PatchSettings => settings::patch(site, request).await,
        R::GetIdentity => identity::get(site),
        R::RotateIdentity => identity::rotate(site),
        R::GetSurvey => survey::get(site, request),
        R::PutSurvey => survey::put(site, request),
        R::GetScore if role == Some(Role::Share) => published::get(site, request),
        R::GetScore => score::get(site, request),
        R::GetUsage => usage::get(site),
        R::ReadArchive => archive::read(site, request, role),
        R::ListAudit => audit::list(site, request),
        R::GetBadgeSvg => badge::svg(site),
        R::GetBadgeJson => badge::json(site),
        R::ListPublicNotes => notes::list_public(site),
        R::CheckEligibility => users::check_eligibility(site, request),
        R::CreateInvitations => invitations::create(site, request),
        R::GetEmailRow => email_row::get(site, request),
        R::ListResponses => responses::list(site, request),
        R::GetResponse { id } => responses::get(site, request, id),
        R::PatchResponse { id } => responses::cases::patch(site, request, id).await,
        R::DeleteResponse { id } => responses::erasure::delete(site, id),
        R::EraseResponses => responses::bulk::erase(site, request).await,
        R::MarkResponses => responses::bulk::mark(site, request).await,
        R::GetBulkJob => responses::bulk::progress(site),
        R::ListTags => responses::tags::list(site),
        R::ListImports => imports::list(site, request),
        R::GetImport { id } => imports::get(site, id),
        R::DeleteImport { id } => imports::undo::delete(site, id).await,
        R::GetCases => responses::cases::summary(site),
        R::LookUpUsers => users::look_up(site, request),
        R::DeleteUser { user } => users::delete(site, request, user),
        R::ListKeys => keys::list(site, request),
        R::GetCurrentKey => keys::current(site, request),
        R::CreateKey => keys::create(site, request),
        R::DeleteKey { id } => keys::delete(site, id),
        R::ListNotes => {
            let with_private = role.is_some_and(|role| role.covers(Role::Read));
            notes::list(site, request, with_private)
        }
        R::CreateNote => notes::create(site, request),
        R::PatchNote { id } => notes::patch(site, request, id),
        R::DeleteNote { id } => notes::delete(site, id),
        R::ListWebhooks => webhooks::list(site),
        R::CreateWebhook => webhooks::create(site, request).await,
        R::GetWebhook { id } => webhooks::get(site, id),
        R::PatchWebhook { id } => webhooks::patch(site, request, id).await,
        R::DeleteWebhook { id } => webhooks::delete(site, id),
        R::TestWebhook { id } => webhooks::deliveries::test(site, id).await,
        R::RotateWebhook { id } => webhooks::rotate(site, id),
        R::ListDeliveries { id } => webhooks::deliveries::list(site, request, id),
        R::ReplayDelivery { id, delivery } => webhooks::deliveries::replay(site, id, delivery).await,
        R::DeleteDelivery { id, delivery } => webhooks::deliveries::delete(site, id, delivery),
    }
}

#[cfg(feature = "faults")]
#[expect(clippy::panic, reason = "the command is there to panic, and only in test builds")]
fn panic_on_purpose() -> ApiResult<Response> {
    panic!("asked to panic in the object")
}
