//! Requests to registries: no token, few redirects, short bodies, and pauses where they are asked for.

use super::address;
use super::error::ProbeError;
use super::reach::Reach;
use crate::release::text::{Untrusted, innermost, shown};
use chrono::{DateTime, TimeDelta, Utc};
use http::header::{ACCEPT, AUTHORIZATION, HeaderMap, LOCATION, RETRY_AFTER};
use http::{HeaderValue, Method};
use reqwest::Url;
use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;

/// How long to wait for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For a connection.
    pub connect: Duration,
    /// Between two pieces of a reply.
    pub read: Duration,
    /// For a whole request.
    pub whole: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            read: Duration::from_secs(15),
            whole: Duration::from_secs(45),
        }
    }
}

/// Most redirects followed.
const REDIRECTS: usize = 5;
/// Longest pause that a registry is granted, in seconds.
const LONGEST: i64 = 86_400;
/// The pause when it asks for one and does not say how long.
const USUAL: i64 = 300;
const AGENT: &str = concat!("gonogo/", env!("CARGO_PKG_VERSION"));

/// A client that knows no token.
pub(super) struct Client {
    /// Whom it asks.
    pub reach: Reach,
    patience: Patience,
    /// Made when something is asked for the first time: the system's TLS roots take long to read, and room.
    http: OnceLock<reqwest::Client>,
    gate: Semaphore,
    /// Hosts that asked to be left alone: until when, and whether they said so themselves.
    held: Mutex<BTreeMap<String, (DateTime<Utc>, bool)>>,
}

/// What is asked.
pub(super) struct Request<'a> {
    pub method: Method,
    pub url: Url,
    /// `Accept`.
    pub accept: &'a str,
    /// A token that a registry handed to anybody; it goes to the first host alone.
    pub bearer: Option<&'a str>,
    /// Most bytes of the body.
    pub cap: usize,
}

impl<'a> Request<'a> {
    pub fn get(url: Url, accept: &'a str, cap: usize) -> Self {
        Self { method: Method::GET, url, accept, bearer: None, cap }
    }
}

/// A reply, whole.
#[derive(Debug)]
pub(super) struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    /// Where it came from, after redirects.
    pub url: Url,
}

impl Reply {
    /// The host it came from.
    pub fn host(&self) -> String {
        address::host(&self.url)
    }

    /// A header, where it is text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body as JSON.
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T, ProbeError> {
        serde_json::from_slice(&self.body).map_err(|why| ProbeError::odd(&self.host(), why.to_string()))
    }

    /// That it answered with a status that says neither yes nor no.
    pub fn neither(&self) -> ProbeError {
        ProbeError::Status { host: self.host(), status: self.status }
    }

    /// Whether nothing is there.
    pub fn is_absent(&self) -> bool {
        matches!(self.status, 404 | 410)
    }
}

impl Client {
    pub fn new(patience: Patience, reach: Reach) -> Self {
        Self { reach, patience, http: OnceLock::new(), gate: Semaphore::new(4), held: Mutex::default() }
    }

    fn http(&self) -> Result<&reqwest::Client, ProbeError> {
        if let Some(made) = self.http.get() {
            return Ok(made);
        }
        // Another part of the program may have installed it before: that is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let made = reqwest::Client::builder()
            .connect_timeout(self.patience.connect)
            .read_timeout(self.patience.read)
            .timeout(self.patience.whole)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(AGENT)
            .pool_max_idle_per_host(1)
            .build()
            .map_err(|why| ProbeError::Closed { why: innermost(&why) })?;
        Ok(self.http.get_or_init(|| made))
    }

    /// Sends a read, and follows redirects that may be followed.
    pub async fn send(&self, request: Request<'_>) -> Result<Reply, ProbeError> {
        let _turn = self.gate.acquire().await;
        let mut url = request.url.clone();
        for _ in 0..=REDIRECTS {
            let reply = self.once(&request, &url).await?;
            if !matches!(reply.status, 301 | 302 | 303 | 307 | 308) {
                return self.limits(reply);
            }
            let to = reply.text(LOCATION.as_str()).unwrap_or_default();
            url = address::redirected(&url, to)?;
        }
        Err(ProbeError::Address {
            url: shown(request.url.as_str(), 120),
            why: "it redirects too often, or in a circle",
        })
    }

    async fn once(&self, request: &Request<'_>, url: &Url) -> Result<Reply, ProbeError> {
        let host = address::host(url);
        self.check(&host)?;
        let to = self.reach.instead(url)?;
        let mut asked = self.http()?.request(request.method.clone(), to).header(ACCEPT, request.accept);
        let at_home = address::host(&request.url) == host && request.url.scheme() == url.scheme();
        if let Some(bearer) = request.bearer.filter(|_| at_home) {
            let mut value = HeaderValue::try_from(format!("Bearer {bearer}"))
                .map_err(|_| ProbeError::odd(&host, "its token is none"))?;
            value.set_sensitive(true);
            asked = asked.header(AUTHORIZATION, value);
        }
        let mut reply = asked.send().await.map_err(|why| broken(&why, &host))?;
        let (status, headers) = (reply.status().as_u16(), reply.headers().clone());
        let mut body = Vec::new();
        while let Some(piece) = reply.chunk().await.map_err(|why| broken(&why, &host))? {
            if body.len() + piece.len() > request.cap {
                return Err(ProbeError::TooLong { host, cap: request.cap });
            }
            body.extend_from_slice(&piece);
        }
        Ok(Reply { status, headers, body, url: url.clone() })
    }

    /// Remembers when a host asks to be left alone.
    fn limits(&self, reply: Reply) -> Result<Reply, ProbeError> {
        let after = reply.text(RETRY_AFTER.as_str());
        if reply.status != 429 && !(matches!(reply.status, 403 | 503) && after.is_some()) {
            return Ok(reply);
        }
        let (now, host) = (Utc::now(), reply.host());
        let said = after.and_then(|after| match after.trim().parse::<i64>() {
            Ok(seconds) => Some(now + TimeDelta::seconds(seconds.clamp(0, LONGEST))),
            Err(_) => DateTime::parse_from_rfc2822(after).ok().map(|at| at.to_utc()),
        });
        let until = said.unwrap_or(now + TimeDelta::seconds(USUAL)).min(now + TimeDelta::seconds(LONGEST));
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.insert(host.clone(), (until, said.is_some()));
        Err(ProbeError::Limited { host, until: said.map(|_| until) })
    }

    /// Whether a host asked to be left alone, as the error it is.
    fn check(&self, host: &str) -> Result<(), ProbeError> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        match held.get(host) {
            Some((until, said)) if Utc::now() < *until => {
                Err(ProbeError::Limited { host: host.to_owned(), until: said.then_some(*until) })
            }
            _ => Ok(()),
        }
    }
}

fn broken(why: &reqwest::Error, host: &str) -> ProbeError {
    let host = host.to_owned();
    if why.is_timeout() {
        return ProbeError::Timeout { host };
    }
    ProbeError::Network { host, why: Untrusted::from(innermost(why)) }
}
