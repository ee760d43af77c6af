//! Tokens that a registry hands to anybody, when it wants one.
//!
//! Source: <https://distribution.github.io/distribution/spec/auth/token/>.

use super::address;
use super::client::{Client, Reply, Request};
use super::error::ProbeError;
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Url;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Most bytes of a token and what stands around it.
const GRANT: usize = 256 * 1024;
/// How long a token is good for when nothing is said, in seconds: as the source has it.
const USUAL: i64 = 60;

/// A registry and an image in it.
type Of = (String, String);

/// Tokens by registry and image, each with when it is used last.
#[derive(Default)]
pub(super) struct Tokens(Mutex<BTreeMap<Of, (String, DateTime<Utc>)>>);

#[derive(Deserialize)]
struct Grant {
    token: Option<String>,
    access_token: Option<String>,
    expires_in: Option<i64>,
}

impl Tokens {
    /// A token that is still good.
    pub fn kept(&self, base: &Url, name: &str) -> Option<String> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (token, until) = kept.get(&(address::host(base), name.to_owned()))?;
        (Utc::now() < *until).then(|| token.clone())
    }

    /// Asks for a token to read one image, as the refusal says where.
    pub async fn fetch(
        &self,
        client: &Client,
        base: &Url,
        name: &str,
        refusal: &Reply,
    ) -> Result<String, ProbeError> {
        let said = refusal.text("www-authenticate").unwrap_or_default();
        let denied = || ProbeError::Denied { host: refusal.host() };
        let challenge = bearer(said).ok_or_else(denied)?;
        let realm = challenge.get("realm").ok_or_else(denied)?;
        // By the rules of a redirect: a registry elsewhere sends nobody to this machine.
        let mut url = address::redirected(base, realm)?;
        {
            let mut query = url.query_pairs_mut();
            if let Some(service) = challenge.get("service") {
                query.append_pair("service", service);
            }
            query.append_pair("scope", &format!("repository:{name}:pull"));
        }
        let reply = client.send(Request::get(url, "application/json", GRANT)).await?;
        if matches!(reply.status, 401 | 403) {
            return Err(denied());
        }
        if reply.status != 200 {
            return Err(reply.neither());
        }
        let grant: Grant = reply.json()?;
        let token = grant.token.or(grant.access_token).filter(|it| !it.is_empty());
        let token = token.ok_or_else(|| ProbeError::odd(&reply.host(), "it hands out no token"))?;
        // A little less than it lasts, so that none is used that is over on arrival.
        let lasts = grant.expires_in.unwrap_or(USUAL).clamp(0, 3600) - 10;
        let until = Utc::now() + TimeDelta::seconds(lasts);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert((address::host(base), name.to_owned()), (token.clone(), until));
        Ok(token)
    }
}

/// The parameters of a `Bearer` challenge (RFC 9110, section 11.6.1); none for any other.
fn bearer(header: &str) -> Option<BTreeMap<String, String>> {
    let (scheme, mut rest) = header.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    let mut found = BTreeMap::new();
    while let Some((name, after)) = rest.split_once('=') {
        let name = name.trim_matches([' ', ',']).to_ascii_lowercase();
        let (value, left) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => after.split_once(',').unwrap_or((after, "")),
        };
        found.insert(name, value.to_owned());
        rest = left;
    }
    Some(found)
}
