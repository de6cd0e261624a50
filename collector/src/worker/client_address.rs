//! Address of the client, as the platform and the operator's proxies report it.
//!
//! - On Cloudflare, `CF-Connecting-IP` is set by the platform, and a client cannot set it.
//! - Plain workerd reports the peer of the connection. The operator may name a header in
//!   `GRAPEVINE_CLIENT_IP_HEADER`, which counts where the peer is one of
//!   `GRAPEVINE_TRUSTED_PROXIES`. No other header counts.

use std::cell::OnceCell;
use std::net::{IpAddr, Ipv6Addr};
use std::rc::Rc;

use collector_core::{AddressHeader, ClientAddress, TrustedProxies, parse_address};
use worker::Env;
use worker::js_sys::Reflect;
use worker::wasm_bindgen::JsValue;

use crate::environment;
use crate::http::problem::quoted;
use crate::http::{ApiResult, Problem};

const HEADER: &str = "GRAPEVINE_CLIENT_IP_HEADER";
const PROXIES: &str = "GRAPEVINE_TRUSTED_PROXIES";

thread_local! {
    /// The variables of this isolate, which do not change while it runs.
    static CONFIGURED: OnceCell<Configured> = const { OnceCell::new() };
}

/// Settings, if there are any; or the name of a wrong variable and what it must be.
type Configured = Result<Option<Rc<ProxySettings>>, (&'static str, String)>;

/// Settings of the operator's proxies.
pub struct ProxySettings {
    header: AddressHeader,
    trusted: TrustedProxies,
}

impl ProxySettings {
    /// Returns the settings; `None` where no header is named.
    ///
    /// # Errors
    /// 503 where a variable is set to something else.
    pub fn configured(env: &Env) -> ApiResult<Option<Rc<Self>>> {
        let configured = CONFIGURED.with(|cell| cell.get_or_init(|| Self::read(env)).clone());
        configured.map_err(|(name, condition)| Problem::unconfigured(name, &condition))
    }

    fn read(env: &Env) -> Configured {
        let trusted = match environment::variable(env, PROXIES) {
            Some(text) => TrustedProxies::parse(&text).map_err(|wrong| {
                let condition = format!(
                    " to networks separated by commas, for example `10.0.0.0/8, fd00::/8`, or leave it \
                     out; {} is not a network",
                    quoted(wrong)
                );
                (PROXIES, condition)
            })?,
            None => TrustedProxies::default(),
        };
        let Some(name) = environment::variable(env, HEADER) else { return Ok(None) };
        let header = AddressHeader::parse(&name).ok_or_else(|| {
            let condition = format!(
                " to the name of one header, for example `X-Forwarded-For`, or leave it out; {} is not \
                 a name",
                quoted(&name)
            );
            (HEADER, condition)
        })?;
        Ok(Some(Rc::new(Self { header, trusted })))
    }
}

/// Whether the request came through Cloudflare, which names its data centre and not the peer.
pub fn is_on_cloudflare(request: &web_sys::Request) -> bool {
    platform_member(request, "clientIp").is_none() && platform_member(request, "colo").is_some()
}

/// Returns what the platform says about a request in a member of `cf`.
fn platform_member(request: &web_sys::Request, name: &str) -> Option<String> {
    let cf = Reflect::get(request, &JsValue::from_str("cf")).ok()?;
    Reflect::get(&cf, &JsValue::from_str(name)).ok()?.as_string()
}

/// Returns the address of the client; `None` where the platform does not report it.
///
/// `cf` comes from the platform, never from the client: only Cloudflare names its data centre
/// there, and only plain workerd the peer.
pub fn find(request: &web_sys::Request, settings: Option<&ProxySettings>) -> Option<ClientAddress> {
    let header = |name: &str| request.headers().get(name).ok().flatten();
    let peer = match platform_member(request, "clientIp") {
        Some(peer) => parse_address(&peer)?,
        None if platform_member(request, "colo").is_some() => {
            return header("cf-connecting-ip").and_then(|text| parse_address(&text)).map(ClientAddress::new);
        }
        // The peer of a Unix socket has no address, but it is on this machine.
        None => IpAddr::V6(Ipv6Addr::LOCALHOST),
    };
    Some(match settings {
        Some(ProxySettings { header: name, trusted }) => {
            ClientAddress::behind(peer, header(name.as_str()).as_deref(), name, trusted)
        }
        None => ClientAddress::new(peer),
    })
}
