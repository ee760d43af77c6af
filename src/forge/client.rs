//! Requests to one forge: one octocrab over our own reqwest, with ETags, limits and retries of reads.

mod asking;
mod elsewhere;
mod upload;
mod whole;

pub(crate) use upload::Sent;

use super::api::Api;
use super::cache::{Cache, CacheSize};
use super::error::{ForgeError, Trail};
use super::hold::Holds;
use super::network::{broken, network, plain};
use super::rate::{Rates, number, text};
use super::reading::{Reply, as_text, next_link};
use super::token::Token;
use crate::release::text::{Untrusted, shown};
use chrono::Utc;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, IF_NONE_MATCH};
use http::{Method, Request};
use octocrab::service::middleware::reqwest_connector::ReqwestConnector;
use octocrab::{AuthState, Octocrab, OctocrabBuilder};
use serde_json::Value;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::Instant;
use whole::{NotWhole, whole};

/// How long to wait for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For a connection.
    pub connect: Duration,
    /// Between two pieces of a reply.
    pub read: Duration,
    /// For a whole request.
    pub whole: Duration,
    /// How often a read is sent at most.
    pub tries: u32,
    /// Before the second try; doubled for each further one, with up to half of it added by chance.
    pub backoff: Duration,
    /// The longest `Retry-After` of a 5xx that is waited for in place.
    pub longest: Duration,
    /// Between two writes. Source: "Best practices for using the REST API" asks for a second at least.
    pub between_writes: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            read: Duration::from_secs(15),
            whole: Duration::from_secs(60),
            tries: 3,
            backoff: Duration::from_millis(500),
            longest: Duration::from_secs(5),
            between_writes: Duration::from_secs(1),
        }
    }
}

/// What a client is made of.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Where the API is.
    pub api: Api,
    /// The token found for its host, if any.
    pub token: Option<Token>,
    /// Where replies are kept between sessions: a directory of this program's own under the XDG cache directory.
    pub cache_dir: Option<PathBuf>,
    /// How much is kept.
    pub cache_size: CacheSize,
    /// How long to wait.
    pub patience: Patience,
}

impl Setup {
    /// The usual setup.
    #[must_use]
    pub fn new(api: Api, token: Option<Token>) -> Self {
        Self { api, token, cache_dir: None, cache_size: CacheSize::default(), patience: Patience::default() }
    }
}

/// Largest body that is read, in bytes: GitHub's pages of 100 issues stay below 3 MiB, job logs may be long.
const BODY_CAP: usize = 32 * 1024 * 1024;
/// Most redirects followed for one read.
const REDIRECTS: usize = 4;
const JSON: &str = "application/vnd.github+json";
const AGENT: &str = concat!("gonogo/", env!("CARGO_PKG_VERSION"));
/// The version of the REST API. The next one removes `merge_commit_sha`, which the pick queue needs.
const VERSION: &str = "2022-11-28";

/// A client of one forge.
pub(crate) struct Client {
    crab: Octocrab,
    /// For addresses on other hosts: it knows no token, which is put on each request to the API alone.
    bare: reqwest::Client,
    pub(crate) api: Api,
    token: Option<Token>,
    cache: Cache,
    rates: Mutex<Rates>,
    gate: Semaphore,
    patience: Patience,
    last_write: tokio::sync::Mutex<Option<Instant>>,
    holds: Holds,
}

impl Client {
    /// Makes a client; it needs a running tokio runtime. Nothing is sent yet.
    ///
    /// # Errors
    /// When the token belongs to another host, or the system's TLS roots cannot be read.
    pub(crate) fn new(setup: Setup) -> Result<Self, ForgeError> {
        let closed = |why: String| ForgeError::Closed { why: Untrusted::from(why) };
        if let Some(token) = setup.token.as_ref().filter(|token| !token.fits(&setup.api)) {
            let at = setup.api.authority();
            let why = format!(
                "the token ({}) is for {}, not for {at}",
                token.origin().word(),
                shown(token.host(), 80)
            );
            return Err(closed(why));
        }
        // Another part of the program may have installed it before: that is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let patience = setup.patience;
        let http = reqwest::Client::builder()
            .connect_timeout(patience.connect)
            .read_timeout(patience.read)
            .timeout(patience.whole)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(AGENT)
            // HTTP/2 takes one connection for everything; the others of HTTP/1 are not kept with their buffers.
            .pool_max_idle_per_host(1)
            .build()
            .map_err(|err| closed(format!("no HTTPS client: {}", plain(&err))))?;
        // Without octocrab's own settings: they would add its name to each request besides ours.
        let Ok(crab) = OctocrabBuilder::new_empty()
            .with_service(ReqwestConnector::new(http.clone()))
            .with_auth(AuthState::None)
            .build();
        Ok(Self {
            crab,
            bare: http,
            cache: Cache::new(setup.cache_dir, setup.cache_size),
            api: setup.api,
            token: setup.token,
            rates: Mutex::default(),
            gate: Semaphore::new(4),
            patience,
            last_write: tokio::sync::Mutex::default(),
            holds: Holds::default(),
        })
    }

    /// What is left of the limits.
    pub(crate) fn rates(&self) -> Rates {
        self.rates.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Where the token came from, in words.
    pub(crate) fn token_name(&self) -> &'static str {
        self.token.as_ref().map_or("no token", |token| token.origin().word())
    }

    /// Whether there is a token at all.
    pub(crate) fn has_token(&self) -> bool {
        self.token.is_some()
    }

    /// Reads an address of the API: from the cache when GitHub says that nothing changed, again when it fails in
    /// passing, and through redirects that stay on the host.
    pub(crate) async fn get(&self, url: &str) -> Result<Reply, ForgeError> {
        self.read(url, true).await
    }

    /// Reads an address anew, never from the cache: before and after a write.
    pub(crate) async fn fresh(&self, url: &str) -> Result<Reply, ForgeError> {
        self.read(url, false).await
    }

    async fn read(&self, url: &str, cached: bool) -> Result<Reply, ForgeError> {
        let mut url = url.to_owned();
        for _ in 0..REDIRECTS {
            let reply = self.patiently(&url, cached).await?;
            let Some(to) = self.redirect(&reply, &url)? else { return reply.good(self.token_name()) };
            url = to;
        }
        Err(self.address("it redirects in a circle", Method::GET, &url))
    }

    /// Where a reply sends the reader, when it does; an error when that is another host.
    fn redirect(&self, reply: &Reply, url: &str) -> Result<Option<String>, ForgeError> {
        if !matches!(reply.status, 301 | 302 | 307 | 308) {
            return Ok(None);
        }
        let to = text(&reply.headers, "location").unwrap_or_default();
        let to = if to.starts_with('/') { format!("{}{to}", self.api.origin()) } else { to.to_owned() };
        if self.api.owns(&to) {
            return Ok(Some(to));
        }
        Err(self.address("it redirects to another host", Method::GET, url))
    }

    fn address(&self, why: &str, method: Method, url: &str) -> ForgeError {
        ForgeError::Address { why: Untrusted::from(why), trail: Box::new(self.trail(&method, url)) }
    }

    fn trail(&self, method: &Method, url: &str) -> Trail {
        Trail { what: format!("{method} {}", self.api.path_of(url)), http: None, request: None }
    }

    /// One read, with further tries for what passes.
    async fn patiently(&self, url: &str, cached: bool) -> Result<Reply, ForgeError> {
        let _turn = self.gate.acquire().await;
        let mut tries = 1;
        loop {
            let outcome = self.conditional(url, cached).await;
            let (passing, after) = match &outcome {
                Ok(reply) => (reply.status >= 500, number(&reply.headers, "retry-after")),
                Err(err) => (err.is_passing(), None),
            };
            let after = after.map(Duration::from_secs);
            if !passing || tries >= self.patience.tries || after.is_some_and(|it| it > self.patience.longest)
            {
                return outcome;
            }
            tokio::time::sleep(after.unwrap_or_else(|| self.pause(tries))).await;
            tries += 1;
        }
    }

    /// Waits before something is looked for again.
    pub(crate) async fn breathe(&self, tries: u32) {
        tokio::time::sleep(self.pause(tries)).await;
    }

    /// The wait before another try: doubled each time, and spread so that many clients do not come back at once.
    fn pause(&self, tries: u32) -> Duration {
        let base = self.patience.backoff.saturating_mul(1 << (tries - 1).min(6));
        let chance = getrandom::u32().unwrap_or(0) % 512;
        base + base.saturating_mul(chance) / 1024
    }

    /// One GET with the ETag kept, if any.
    async fn conditional(&self, url: &str, cached: bool) -> Result<Reply, ForgeError> {
        let fingerprint = self.token.as_ref().map(Token::fingerprint).unwrap_or_default();
        let key = Cache::key(&fingerprint, JSON, url);
        let kept = if cached { self.cache.get(&key) } else { None };
        let mut request = self.request(Method::GET, url, JSON);
        if let Some(kept) = &kept {
            request = request.header(IF_NONE_MATCH, &kept.etag);
        }
        let mut reply = self.send(request, String::new(), Method::GET, url).await?;
        match (kept, reply.status) {
            (Some(kept), 304) => {
                let kept = Arc::unwrap_or_clone(kept);
                reply.status = 200;
                reply.body = kept.body;
                reply.unchanged = true;
                if let Some(link) = kept.link.as_deref().and_then(|link| link.parse().ok()) {
                    reply.headers.entry("link").or_insert(link);
                }
            }
            (_, 200) if cached => {
                if let Some(etag) = text(&reply.headers, "etag") {
                    self.cache.put(&key, etag, text(&reply.headers, "link"), &reply.body);
                }
            }
            _ => {}
        }
        Ok(reply)
    }

    /// Sends a write once. It is never sent again, whatever comes back.
    pub(crate) async fn write(&self, method: Method, url: &str, body: &Value) -> Result<Reply, ForgeError> {
        let mut last = self.last_write.lock().await;
        if let Some(next) = last.map(|last| last + self.patience.between_writes) {
            tokio::time::sleep_until(next).await;
        }
        let request = self.request(method.clone(), url, JSON).header(CONTENT_TYPE, "application/json");
        let reply = self.send(request, body.to_string(), method, url).await;
        *last = Some(Instant::now());
        reply?.good(self.token_name())
    }

    fn request(&self, method: Method, url: &str, accept: &str) -> http::request::Builder {
        let mut request = Request::builder().method(method).uri(url).header(ACCEPT, accept);
        request = request.header("x-github-api-version", VERSION);
        match self.token.as_ref().and_then(Token::header) {
            // The one place where the token is put on a request: never for another host.
            Some(value) if self.api.owns(url) => request.header(AUTHORIZATION, value),
            _ => request,
        }
    }

    async fn send(
        &self,
        request: http::request::Builder,
        body: String,
        method: Method,
        url: &str,
    ) -> Result<Reply, ForgeError> {
        let mut trail = self.trail(&method, url);
        let graphql = url == self.api.graphql();
        if !self.api.owns(url) {
            return Err(self.address("it is on another host", method, url));
        }
        self.holds.check(graphql, &trail)?;
        let request = request.body(body).map_err(|_| self.address("it does not parse", method, url))?;
        let reply = self.crab.execute(request).await.map_err(|err| broken(&err, &trail))?;
        let (parts, stream) = reply.into_parts();
        self.rates.lock().unwrap_or_else(PoisonError::into_inner).note(&parts.headers, graphql);
        trail.http = Some(parts.status.as_u16());
        trail.request = text(&parts.headers, "x-github-request-id").map(Untrusted::from);
        let body = whole(stream).await.map_err(|err| match err {
            NotWhole::Broken(err) => broken(&err, &trail),
            NotWhole::Long => ForgeError::Incomplete {
                why: "the reply is too long".to_owned(),
                trail: Box::new(trail.clone()),
            },
        })?;
        let reply = Reply {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: as_text(body),
            unchanged: false,
            trail,
            at: Utc::now(),
        };
        self.holds.note(graphql, &reply);
        Ok(reply)
    }

    /// The address of the next page, when there is one; an error when it is on another host.
    pub(crate) fn next_page(&self, reply: &Reply, url: &str) -> Result<Option<String>, ForgeError> {
        let Some(link) = text(&reply.headers, "link") else { return Ok(None) };
        match next_link(link) {
            None => Ok(None),
            Some(next) if self.api.owns(next) => Ok(Some(next.to_owned())),
            Some(_) => Err(self.address("its next page is on another host", Method::GET, url)),
        }
    }
}
