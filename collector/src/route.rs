//! Every endpoint of the collector: method, path, access, body limit and route, one row each.
//!
//! [`find`] is the only place that reads a path. The Worker matches on [`Route`] and the site's
//! object on [`SiteRoute`]. Neither match has a catch-all, so for a new endpoint the compiler lists
//! what is still missing.

mod labels;
mod method;

use api::Role;
use worker::js_sys;

use self::Access::{Admin, Key, KeyOrAdmin, Public};
use self::Role::{Owner, Read, Share};
use self::SiteRoute as R;
pub use self::method::Method;
use self::method::Method::{Delete, Get, Patch, Post, Put};
use crate::http::{ApiResult, Problem};

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;
/// Body limit of endpoints whose body is not read.
const NO_BODY: usize = 0;

/// Access to what the Worker reads or writes in bulk: import, export and the data of one user.
pub const BULK_ACCESS: Access = Key(Owner);

/// Authorization that an endpoint demands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// No key.
    Public,
    /// The admin token of the collector.
    Admin,
    /// A key of the site whose role covers this role.
    Key(Role),
    /// A key of the site whose role covers this role, or the admin token.
    KeyOrAdmin(Role),
}

/// Endpoint of a request. Site ids and names are as they came, other ids are decoded. A handler
/// checks them where it uses them.
#[derive(Debug)]
pub enum Route {
    Health,
    Readiness,
    Metrics,
    OpenApi,
    Docs,
    Dashboard,
    LoaderTypes,
    Loader {
        file: String,
    },
    Asset {
        name: String,
    },
    HostedSurvey {
        site: String,
    },
    HostedForm {
        site: String,
    },
    FramedSurvey {
        site: String,
    },
    QrCode {
        site: String,
    },
    CreateSite,
    ListSites,
    DeleteSite {
        site: String,
    },
    Ingest {
        site: String,
    },
    Import {
        site: String,
    },
    RestoreArchive {
        site: String,
    },
    Export {
        site: String,
    },
    ExportUser {
        site: String,
        user: String,
    },
    /// Endpoint below `/v1/sites/SITE` that the site's object handles.
    Site {
        site: String,
        route: SiteRoute,
    },
    /// Endpoint of a test build that fails on purpose.
    #[cfg(feature = "faults")]
    Fault(Fault),
}

/// Endpoint below `/v1/sites/SITE` that the site's object handles. Ids are decoded and not yet
/// checked.
#[derive(Debug)]
pub enum SiteRoute {
    GetSettings,
    PatchSettings,
    GetIdentity,
    RotateIdentity,
    GetSurvey,
    PutSurvey,
    GetScore,
    GetUsage,
    ListAudit,
    ReadArchive,
    GetBadgeSvg,
    GetBadgeJson,
    ListPublicNotes,
    CheckEligibility,
    CreateInvitations,
    GetEmailRow,
    ListResponses,
    GetResponse { id: String },
    PatchResponse { id: String },
    DeleteResponse { id: String },
    EraseResponses,
    MarkResponses,
    GetBulkJob,
    ListTags,
    ListImports,
    GetImport { id: String },
    DeleteImport { id: String },
    GetCases,
    LookUpUsers,
    DeleteUser { user: String },
    ListKeys,
    GetCurrentKey,
    CreateKey,
    DeleteKey { id: String },
    ListNotes,
    CreateNote,
    PatchNote { id: String },
    DeleteNote { id: String },
    ListWebhooks,
    CreateWebhook,
    GetWebhook { id: String },
    PatchWebhook { id: String },
    DeleteWebhook { id: String },
    TestWebhook { id: String },
    RotateWebhook { id: String },
    ListDeliveries { id: String },
    ReplayDelivery { id: String, delivery: String },
    DeleteDelivery { id: String, delivery: String },
}

/// Failure to provoke, in a build for tests.
#[cfg(feature = "faults")]
#[derive(Debug)]
pub enum Fault {
    /// A panic in the Worker.
    WorkerPanic,
    /// A panic in the site's object.
    SitePanic { site: String },
    /// An object that does not reply.
    SiteHang { site: String },
    /// A clock of the object that is moved forward.
    SiteClock { site: String, offset_ms: String },
}

/// Properties of an endpoint.
pub struct Endpoint {
    method: Method,
    /// Path in which `*` stands for one segment, a parameter of the route, and `?` for one that may
    /// be empty: a hosted page responds to any mistake with a page.
    path: &'static str,
    pub access: Access,
    /// The most bytes of a body.
    pub body_limit: usize,
    route: MakeRoute,
}

/// Constructor of a route from the parameters of its path, in their order.
#[derive(Clone, Copy)]
enum MakeRoute {
    Worker(fn(&mut Parameters) -> Route),
    /// The first parameter of the path is the site.
    Site(fn(&mut Parameters) -> SiteRoute),
}

/// Parameters of a path that are not yet taken.
struct Parameters(std::vec::IntoIter<String>);

impl Parameters {
    /// Takes a parameter as it came.
    fn next(&mut self) -> String {
        self.0.next().unwrap_or_default()
    }

    /// Takes a parameter without its percent encoding, or as it came where that is malformed.
    fn id(&mut self) -> String {
        let segment = self.next();
        js_sys::decode_uri_component(&segment).map(String::from).unwrap_or(segment)
    }
}

/// Returns an endpoint that the Worker handles.
const fn worker(
    (method, path): (Method, &'static str),
    access: Access,
    body_limit: usize,
    route: fn(&mut Parameters) -> Route,
) -> Endpoint {
    Endpoint { method, path, access, body_limit, route: MakeRoute::Worker(route) }
}

/// Returns an endpoint that the site's object handles.
const fn site(
    (method, path): (Method, &'static str),
    access: Access,
    body_limit: usize,
    route: fn(&mut Parameters) -> SiteRoute,
) -> Endpoint {
    Endpoint { method, path, access, body_limit, route: MakeRoute::Site(route) }
}

/// All endpoints. The first that matches counts, so a literal stands before a parameter in the same
/// place.
#[rustfmt::skip]
const ENDPOINTS: &[Endpoint] = &[
    site((Get, "v1/sites/*/responses"), Key(Owner), NO_BODY, |_| R::ListResponses),
    // A legal message has at most 64 KiB in UTF-8 and three times as much where a program escapes
    // every letter, so any single message fits. An array of the largest ones does not, and has to
    // be sent in parts.
    worker((Post, "v1/sites/*/responses"), Public, 256 * KIB, |p| Route::Ingest { site: p.next() }),
    worker((Get, "e/grapevine.d.ts"), Public, NO_BODY, |_| Route::LoaderTypes),
    worker((Get, "e/*"), Public, NO_BODY, |p| Route::Loader { file: p.next() }),
    worker((Get, "a/*"), Public, NO_BODY, |p| Route::Asset { name: p.next() }),
    worker((Get, "s/?"), Public, NO_BODY, |p| Route::HostedSurvey { site: p.next() }),
    worker((Post, "s/?"), Public, 64 * KIB, |p| Route::HostedForm { site: p.next() }),
    worker((Get, "s/*/qr.svg"), Public, NO_BODY, |p| Route::QrCode { site: p.next() }),
    worker((Get, "f/?"), Public, NO_BODY, |p| Route::FramedSurvey { site: p.next() }),
    worker((Get, "healthz"), Public, NO_BODY, |_| Route::Health),
    worker((Get, "readyz"), Admin, NO_BODY, |_| Route::Readiness),
    worker((Get, "metrics"), Admin, NO_BODY, |_| Route::Metrics),
    worker((Get, "openapi.json"), Public, NO_BODY, |_| Route::OpenApi),
    worker((Get, "docs"), Public, NO_BODY, |_| Route::Docs),
    worker((Get, ""), Public, NO_BODY, |_| Route::Dashboard),
    worker((Get, "v1/sites"), Admin, NO_BODY, |_| Route::ListSites),
    worker((Post, "v1/sites"), Admin, 64 * KIB, |_| Route::CreateSite),
    site((Get, "v1/sites/*"), Key(Owner), NO_BODY, |_| R::GetSettings),
    site((Patch, "v1/sites/*"), Key(Owner), 64 * KIB, |_| R::PatchSettings),
    worker((Delete, "v1/sites/*"), Admin, NO_BODY, |p| Route::DeleteSite { site: p.next() }),
    site((Get, "v1/sites/*/identity"), Key(Owner), NO_BODY, |_| R::GetIdentity),
    site((Post, "v1/sites/*/identity"), Key(Owner), 64 * KIB, |_| R::RotateIdentity),
    site((Get, "v1/sites/*/survey"), Key(Owner), NO_BODY, |_| R::GetSurvey),
    site((Put, "v1/sites/*/survey"), Key(Owner), 64 * KIB, |_| R::PutSurvey),
    site((Get, "v1/sites/*/audit"), Key(Owner), NO_BODY, |_| R::ListAudit),
    site((Get, "v1/sites/*/usage"), Key(Owner), NO_BODY, |_| R::GetUsage),
    site((Get, "v1/sites/*/score"), Key(Share), NO_BODY, |_| R::GetScore),
    site((Get, "v1/sites/*/badge.svg"), Public, NO_BODY, |_| R::GetBadgeSvg),
    site((Get, "v1/sites/*/badge.json"), Public, NO_BODY, |_| R::GetBadgeJson),

    site((Get, "v1/sites/*/responses/bulk"), Key(Owner), NO_BODY, |_| R::GetBulkJob),
    site((Get, "v1/sites/*/responses/*"), Key(Owner), NO_BODY, |p| R::GetResponse { id: p.id() }),
    site((Post, "v1/sites/*/responses/erase"), Key(Owner), NO_BODY, |_| R::EraseResponses),
    site((Post, "v1/sites/*/responses/mark"), Key(Owner), NO_BODY, |_| R::MarkResponses),
    site((Patch, "v1/sites/*/responses/*"), Key(Owner), 64 * KIB, |p| R::PatchResponse { id: p.id() }),
    site((Delete, "v1/sites/*/responses/*"), Key(Owner), NO_BODY, |p| R::DeleteResponse { id: p.id() }),
    site((Get, "v1/sites/*/cases"), Key(Read), NO_BODY, |_| R::GetCases),
    worker((Post, "v1/sites/*/import"), BULK_ACCESS, 16 * MIB, |p| Route::Import { site: p.next() }),
    site((Get, "v1/sites/*/tags"), Key(Read), NO_BODY, |_| R::ListTags),
    site((Get, "v1/sites/*/imports"), BULK_ACCESS, NO_BODY, |_| R::ListImports),
    site((Get, "v1/sites/*/imports/*"), BULK_ACCESS, NO_BODY, |p| R::GetImport { id: p.id() }),
    site((Delete, "v1/sites/*/imports/*"), BULK_ACCESS, NO_BODY, |p| R::DeleteImport { id: p.id() }),
    site((Get, "v1/sites/*/archive"), KeyOrAdmin(Owner), NO_BODY, |_| R::ReadArchive),
    worker((Post, "v1/sites/*/archive"), Admin, MIB, |p| Route::RestoreArchive { site: p.next() }),
    worker((Get, "v1/sites/*/export"), BULK_ACCESS, NO_BODY, |p| Route::Export { site: p.next() }),

    worker((Get, "v1/sites/*/users/*"), BULK_ACCESS, NO_BODY, |p| {
        Route::ExportUser { site: p.next(), user: p.id() }
    }),
    // A thousand users, or invitations with a user and a few properties each.
    site((Post, "v1/sites/*/users/lookup"), Key(Owner), MIB, |_| R::LookUpUsers),
    site((Delete, "v1/sites/*/users/*"), Key(Owner), NO_BODY, |p| R::DeleteUser { user: p.id() }),
    site((Get, "v1/sites/*/due"), Public, NO_BODY, |_| R::CheckEligibility),
    site((Post, "v1/sites/*/links"), Key(Owner), MIB, |_| R::CreateInvitations),
    site((Get, "v1/sites/*/email"), Key(Read), NO_BODY, |_| R::GetEmailRow),

    site((Get, "v1/sites/*/keys"), Key(Owner), NO_BODY, |_| R::ListKeys),
    site((Get, "v1/sites/*/keys/current"), Key(Share), NO_BODY, |_| R::GetCurrentKey),
    site((Post, "v1/sites/*/keys"), KeyOrAdmin(Owner), 64 * KIB, |_| R::CreateKey),
    site((Delete, "v1/sites/*/keys/*"), Key(Owner), NO_BODY, |p| R::DeleteKey { id: p.id() }),

    site((Get, "v1/sites/*/changes"), Public, NO_BODY, |_| R::ListPublicNotes),
    site((Get, "v1/sites/*/notes"), Key(Share), NO_BODY, |_| R::ListNotes),
    site((Post, "v1/sites/*/notes"), Key(Owner), 64 * KIB, |_| R::CreateNote),
    site((Patch, "v1/sites/*/notes/*"), Key(Owner), 64 * KIB, |p| R::PatchNote { id: p.id() }),
    site((Delete, "v1/sites/*/notes/*"), Key(Owner), NO_BODY, |p| R::DeleteNote { id: p.id() }),

    site((Get, "v1/sites/*/webhooks"), Key(Owner), NO_BODY, |_| R::ListWebhooks),
    site((Post, "v1/sites/*/webhooks"), Key(Owner), 64 * KIB, |_| R::CreateWebhook),
    site((Get, "v1/sites/*/webhooks/*"), Key(Owner), NO_BODY, |p| R::GetWebhook { id: p.id() }),
    site((Patch, "v1/sites/*/webhooks/*"), Key(Owner), 64 * KIB, |p| R::PatchWebhook { id: p.id() }),
    site((Delete, "v1/sites/*/webhooks/*"), Key(Owner), NO_BODY, |p| R::DeleteWebhook { id: p.id() }),
    site((Post, "v1/sites/*/webhooks/*/test"), Key(Owner), 64 * KIB, |p| R::TestWebhook { id: p.id() }),
    site((Post, "v1/sites/*/webhooks/*/rotate"), Key(Owner), 64 * KIB, |p| R::RotateWebhook { id: p.id() }),
    site((Get, "v1/sites/*/webhooks/*/deliveries"), Key(Owner), NO_BODY, |p| {
        R::ListDeliveries { id: p.id() }
    }),
    site((Post, "v1/sites/*/webhooks/*/deliveries/*/replay"), Key(Owner), 64 * KIB, |p| {
        R::ReplayDelivery { id: p.id(), delivery: p.id() }
    }),
    site((Delete, "v1/sites/*/webhooks/*/deliveries/*"), Key(Owner), NO_BODY, |p| {
        R::DeleteDelivery { id: p.id(), delivery: p.id() }
    }),

    #[cfg(feature = "faults")]
    worker((Get, "faults/panic"), Public, NO_BODY, |_| Route::Fault(Fault::WorkerPanic)),
    #[cfg(feature = "faults")]
    worker((Get, "faults/panic/*"), Public, NO_BODY, |p| Route::Fault(Fault::SitePanic { site: p.next() })),
    #[cfg(feature = "faults")]
    worker((Get, "faults/hang/*"), Public, NO_BODY, |p| Route::Fault(Fault::SiteHang { site: p.next() })),
    #[cfg(feature = "faults")]
    worker((Get, "faults/clock/*/*"), Public, NO_BODY, |p| {
        Route::Fault(Fault::SiteClock { site: p.next(), offset_ms: p.next() })
    }),
];

/// Finds the endpoint of a request: 404 where the path has none, 405 where it does not take the
/// method.
pub fn find(method: &str, path: &str) -> ApiResult<(&'static Endpoint, Route)> {
    let path = path.strip_prefix('/').unwrap_or(path);
    let wanted = Method::parse(method);
    let mut allowed: Vec<&str> = Vec::new();
    for endpoint in ENDPOINTS.iter().filter(|endpoint| endpoint.matches(path)) {
        if Some(endpoint.method) == wanted {
            return Ok((endpoint, endpoint.route(path)));
        }
        let method = endpoint.method.as_str();
        if !allowed.contains(&method) {
            allowed.push(method);
        }
    }
    if allowed.is_empty() {
        return Err(Problem::unknown_path());
    }
    Err(Problem::method_not_allowed(method, &allowed.join(", ")))
}

impl Endpoint {
    fn matches(&self, path: &str) -> bool {
        let mut segments = path.split('/');
        self.path.split('/').all(|pattern| {
            let segment = segments.next();
            segment.is_some_and(|segment| match pattern {
                "*" => !segment.is_empty(),
                "?" => true,
                _ => pattern == segment,
            })
        }) && segments.next().is_none()
    }

    /// Returns the route of a path that matches.
    fn route(&self, path: &str) -> Route {
        let segments = self.path.split('/').zip(path.split('/'));
        let parameters: Vec<String> = segments
            .filter(|(pattern, _)| matches!(*pattern, "*" | "?"))
            .map(|(_, segment)| segment.to_owned())
            .collect();
        let mut parameters = Parameters(parameters.into_iter());
        match self.route {
            MakeRoute::Worker(route) => route(&mut parameters),
            MakeRoute::Site(route) => {
                let site = parameters.next();
                Route::Site { site, route: route(&mut parameters) }
            }
        }
    }
}
