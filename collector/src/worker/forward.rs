//! Requests that the site's object handles as they came.

use super::context::RequestContext;
use super::site_client::SiteClient;
use super::{admin, asset_store, turn};
use crate::http::{ApiResult, body};
use crate::protocol::{ApiCall, Command, PARTLY_DONE};
use crate::route::{Access, Endpoint, SiteRoute};

/// Forwards a request to the object.
pub async fn forward(
    context: &RequestContext,
    site: &str,
    route: &SiteRoute,
    endpoint: &Endpoint,
) -> ApiResult<web_sys::Response> {
    let site = context.site(site)?;
    let is_admin = matches!(endpoint.access, Access::KeyOrAdmin(_)) && admin::is_admin(context)?;
    let body = match route {
        // The texts of the row lie in a file, which only the Worker can read.
        SiteRoute::GetEmailRow => Some(asset_store::text(&context.env, "email.json").await?.to_string()),
        _ if endpoint.body_limit > 0 => Some(body::read_text(context, endpoint.body_limit).await?),
        _ => None,
    };
    let visitor = match endpoint.access {
        Access::Public => context.visitor(&site)?,
        Access::Admin | Access::Key(_) | Access::KeyOrAdmin(_) => None,
    };
    let hosted_url = match route {
        SiteRoute::CreateInvitations | SiteRoute::GetEmailRow => Some(context.hosted_url(&site)?),
        _ => None,
    };
    let origin = match route {
        SiteRoute::CheckEligibility => context.foreign_origin(),
        _ => None,
    };
    let call = ApiCall {
        method: context.request.method(),
        path: context.url.path().to_owned(),
        query: context.url.query().to_owned(),
        key: context.key_or_linked_key(),
        is_admin,
        visitor,
        if_match: context.header("if-match"),
        if_none_match: context.header("if-none-match"),
        origin,
        hosted_url,
        progress: None,
    };
    let (client, mut command) = (SiteClient::new(context, &site), Command::Api(call));
    loop {
        let reply = client.send(&command, body.as_deref()).await?;
        let Command::Api(call) = &mut command else { return reply.into_runtime() };
        if reply.status() != PARTLY_DONE {
            return reply.into_runtime();
        }
        call.progress = Some(reply.json()?);
        turn::pass().await;
    }
}
