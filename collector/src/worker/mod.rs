//! The Worker in front of the objects: dispatch of a route to its handler, one file for each
//! resource.

mod admin;
mod archive;
mod asset_store;
mod assets;
mod byte_channel;
mod client_address;
pub mod context;
mod export;
mod export_stream;
mod forward;
mod hosted_form;
mod hosted_page;
mod hosted_survey;
mod import;
mod ingest;
mod loader;
mod metrics;
mod ready;
mod sightings;
mod site_cache;
pub mod site_client;
mod sites;
mod turn;

use serde_json::json;
use web_sys::ResponseInit;
use worker::{Env, Error};

use self::context::RequestContext;
use crate::environment;
use crate::http::{ApiResult, Response, response};
#[cfg(feature = "faults")]
use crate::route::Fault;
use crate::route::{self, Access, Route};
use crate::{log, panic};

/// Handles a request. A problem or a panic becomes a response as well.
pub async fn handle(request: web_sys::Request, env: Env) -> ApiResult<web_sys::Response> {
    let method = request.method();
    let mut handled = panic::catch(dispatch(request, &method, env), "a panic, reported above");
    let response = match (&mut handled).await {
        Ok(response) => response,
        Err(problem) => problem.into_response().into_runtime()?,
    };
    handled.label.finish(response.status());
    if method != "HEAD" {
        return Ok(response);
    }
    let init = ResponseInit::new();
    init.set_status(response.status());
    init.set_headers(&response.headers());
    let response = web_sys::Response::new_with_opt_str_and_init(None, &init);
    Ok(response.map_err(Error::from)?)
}

async fn dispatch(request: web_sys::Request, method: &str, env: Env) -> ApiResult<web_sys::Response> {
    log::begin_request();
    if method == "OPTIONS" {
        return response::preflight().into_runtime();
    }
    let context = RequestContext::new(request, env)?;
    let (endpoint, route) = route::find(method, context.url.path())?;
    log::set_endpoint(endpoint);
    if endpoint.access == Access::Admin {
        admin::authorize(&context)?;
    }
    let response: ApiResult<Response> = match route {
        Route::Ingest { site } => return ingest::post(&context, &site, endpoint.body_limit).await,
        Route::Site { site, route } => return forward::forward(&context, &site, &route, endpoint).await,
        Route::Health => health(&context),
        Route::Readiness => ready::get(&context).await,
        Route::Metrics => metrics::get(&context),
        Route::OpenApi => return assets::openapi(&context).await,
        Route::Docs => return assets::docs(&context).await,
        Route::Dashboard => assets::dashboard(&context).await,
        Route::LoaderTypes => return assets::loader_types(&context).await,
        Route::Loader { file } => loader::get(&context, &file).await,
        Route::Asset { name } => return assets::get(&context, &name).await,
        Route::HostedSurvey { site } => hosted_survey::get(&context, &site).await,
        Route::HostedForm { site } => hosted_form::post(&context, &site, endpoint.body_limit).await,
        Route::FramedSurvey { site } => hosted_survey::get_framed(&context, &site).await,
        Route::QrCode { site } => hosted_survey::qr_code(&context, &site),
        Route::CreateSite => return sites::create(&context, endpoint.body_limit).await,
        Route::ListSites => return sites::list(&context).await,
        Route::DeleteSite { site } => return sites::delete(&context, &site).await,
        Route::Import { site } => return import::post(&context, &site, endpoint.body_limit).await,
        Route::RestoreArchive { site } => return archive::post(&context, &site, endpoint.body_limit).await,
        Route::Export { site } => return export::responses(context, &site).await,
        Route::ExportUser { site, user } => return export::user(context, &site, user).await,
        #[cfg(feature = "faults")]
        Route::Fault(fault) => return provoke(&context, fault).await,
    };
    response?.into_runtime()
}

/// Whether the collector is up and configured.
fn health(context: &RequestContext) -> ApiResult<Response> {
    environment::secret(&context.env)?;
    admin::tokens(context)?;
    Ok(response::json(200, &json!({ "status": "ok" })))
}

#[cfg(feature = "faults")]
#[expect(clippy::panic, reason = "the route is there to panic, and only in test builds")]
async fn provoke(context: &RequestContext, fault: Fault) -> ApiResult<web_sys::Response> {
    use crate::protocol::{Command, SetClock};
    use site_client::SiteClient;

    let (site, command) = match fault {
        Fault::WorkerPanic => panic!("asked to panic by \"ann@shop.example\""),
        Fault::SitePanic { site } => (site, Command::Panic),
        Fault::SiteHang { site } => (site, Command::Hang),
        Fault::SiteClock { site, offset_ms } => {
            (site, Command::SetClock(SetClock { offset_ms: offset_ms.parse().unwrap_or(0) }))
        }
    };
    let site = context.site(&site)?;
    if let Command::SetClock(_) = command {
        site_cache::expire(&site);
    }
    SiteClient::new(context, &site).send(&command, None).await?.into_runtime()
}
