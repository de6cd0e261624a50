//! Client of the registry.

use std::time::Duration;

use web_sys::Response;
use worker::Env;

use super::protocol::{ListSites, RegistryCommand, SiteEntry};
use crate::http::{ApiResult, Problem};
use crate::json_object::to_json;
use crate::timer::Deadline;
use crate::worker::site_client::{Call, SiteReply};

/// Name of the object.
const NAME: &str = "registry";
/// Time within which the registry has to reply. It is shorter than that of a site, which calls the
/// registry on behalf of a caller who waits for the site.
const REPLY_TIMEOUT: Duration = Duration::from_secs(3);

/// Stores the entry of a site.
pub async fn put(env: &Env, entry: SiteEntry) -> ApiResult<()> {
    match send(env, &RegistryCommand::Put(entry)).await?.status() {
        204 => Ok(()),
        status => Err(Problem::internal(format_args!("the registry replied {status}"))),
    }
}

/// Returns the response with a page of sites.
pub async fn list(env: &Env, list: ListSites) -> ApiResult<Response> {
    send(env, &RegistryCommand::List(list)).await?.into_runtime()
}

async fn send(env: &Env, command: &RegistryCommand) -> ApiResult<SiteReply> {
    let stub = env.durable_object("REGISTRY")?.get_by_name(NAME)?;
    let call = Call { name: NAME, deadline: &Deadline::default(), timeout: REPLY_TIMEOUT };
    call.send(stub, &to_json(command), None).await
}
