//! Whether a service answers as it should: one question, with the answer as evidence.

use super::client::{Client, Request};
use super::error::ProbeError;
use super::{EVIDENCE, address};
use crate::release::steps::ProbeUrl;
use crate::release::text::{Untrusted, shown};

/// Most bytes of an answer.
const PAGE: usize = 1024 * 1024;

/// What answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// Whether it is as it should be.
    pub good: bool,
    /// What shows it, safe to show.
    pub said: String,
}

/// Asks once.
pub(super) async fn look(client: &Client, ask: &ProbeUrl) -> Result<Health, ProbeError> {
    client.reach.allows_url(ask.url.raw())?;
    let asked = address::parse(ask.url.raw())?;
    let reply = client.send(Request::get(asked, "*/*", PAGE)).await?;
    let at = format!("{} at {}", reply.status, reply.host());
    let (good, said) = match &ask.contains {
        _ if reply.status != ask.status => (false, format!("{at}, not {}", ask.status)),
        None => (true, at),
        Some(text) => {
            let holds = String::from_utf8_lossy(&reply.body).contains(text.raw());
            (holds, format!("{at}, {} “{}”", if holds { "with" } else { "without" }, short(text)))
        }
    };
    Ok(Health { good, said: shown(&said, EVIDENCE) })
}

fn short(text: &Untrusted) -> String {
    shown(text.raw(), 60)
}
