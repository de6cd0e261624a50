//! Environment variables, the secret and random bytes.

use std::cell::OnceCell;

use collector_core::Secret;
use worker::Env;
use worker::js_sys::Reflect;

use crate::http::{ApiResult, Problem};

/// Returns an environment variable that is set and not empty.
pub fn variable(env: &Env, name: &str) -> Option<String> {
    // A variable that is not set is `null` under workerd, which `Env::var` does not survive.
    let value = Reflect::get(env.as_ref(), &name.into()).ok()?;
    value.as_string().filter(|value| !value.is_empty())
}

thread_local! {
    /// The secret of this isolate, which does not change while it runs.
    static SECRET: OnceCell<Option<Secret>> = const { OnceCell::new() };
}

/// Returns the secret that signs ids, invitations and webhooks.
pub fn secret(env: &Env) -> ApiResult<Secret> {
    let read = || Secret::new(variable(env, "GRAPEVINE_SECRET")?);
    SECRET.with(|secret| secret.get_or_init(read).clone()).ok_or_else(|| {
        Problem::unconfigured("GRAPEVINE_SECRET", &format!(" to at least {} characters", Secret::MIN))
    })
}

/// Returns random bytes of the runtime.
pub fn random<const N: usize>() -> ApiResult<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(Problem::internal)?;
    Ok(bytes)
}
