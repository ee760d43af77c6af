//! Requests to webhooks: one each, never sent again, never redirected, and a reply that is short.

use crate::release::errand::{Outcome, Status};
use crate::release::text::{innermost, shown};
use chrono::{DateTime, TimeDelta, Utc};
use http::header::RETRY_AFTER;
use reqwest::Url;
use serde_json::Value;
use std::sync::OnceLock;
use std::time::Duration;

/// How long to wait for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For a connection.
    pub connect: Duration,
    /// For a whole request.
    pub whole: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), whole: Duration::from_secs(30) }
    }
}

/// Most bytes of a reply.
const CAP: usize = 64 * 1024;
/// Longest pause that is believed, in seconds.
const LONGEST: f64 = 86_400.0;
const AGENT: &str = concat!("gonogo/", env!("CARGO_PKG_VERSION"));

/// A client that knows no token.
pub(super) struct Client {
    patience: Patience,
    /// Made for the first announcement: the system's TLS roots take long to read, and room.
    http: OnceLock<reqwest::Client>,
}

/// What came of a request.
pub(super) enum Came {
    /// A reply, with its body; none when that broke off or is too long.
    Reply(u16, Option<Vec<u8>>, Option<String>),
    /// Nothing was sent: there was no connection.
    Nothing(String),
    /// It was sent, and no reply came.
    Lost(String),
}

impl Client {
    pub fn new(patience: Patience) -> Self {
        Self { patience, http: OnceLock::new() }
    }

    fn http(&self) -> Result<&reqwest::Client, String> {
        if let Some(made) = self.http.get() {
            return Ok(made);
        }
        // Another part of the program may have installed it before: that is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let made = reqwest::Client::builder()
            .connect_timeout(self.patience.connect)
            .timeout(self.patience.whole)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .user_agent(AGENT)
            // Each request has a connection of its own: one that had gone stale would leave a doubt.
            .pool_max_idle_per_host(0)
            .build()
            .map_err(|why| innermost(&why))?;
        Ok(self.http.get_or_init(|| made))
    }

    /// Posts JSON.
    pub async fn post(&self, url: Url, body: &Value) -> Came {
        match self.http() {
            Ok(http) => {
                let request = http.post(url).header("content-type", "application/json");
                come(request.body(body.to_string())).await
            }
            Err(why) => Came::Nothing(why),
        }
    }

    /// Reads.
    pub async fn get(&self, url: Url) -> Came {
        match self.http() {
            Ok(http) => come(http.get(url)).await,
            Err(why) => Came::Nothing(why),
        }
    }
}

async fn come(request: reqwest::RequestBuilder) -> Came {
    let mut reply = match request.send().await {
        Ok(reply) => reply,
        Err(why) if why.is_connect() || why.is_builder() => return Came::Nothing(innermost(&why)),
        Err(why) if why.is_timeout() => return Came::Lost("no answer came in time".to_owned()),
        Err(why) => return Came::Lost(innermost(&why)),
    };
    let status = reply.status().as_u16();
    let after = reply.headers().get(RETRY_AFTER).and_then(|it| it.to_str().ok()).map(str::to_owned);
    let mut body = Some(Vec::new());
    while let Some(sofar) = &mut body {
        match reply.chunk().await {
            Ok(Some(piece)) if sofar.len() + piece.len() <= CAP => sofar.extend_from_slice(&piece),
            Ok(None) => break,
            Ok(Some(_)) | Err(_) => body = None,
        }
    }
    Came::Reply(status, body, after)
}

impl Came {
    /// The body of a reply that says yes; else what became of the request. Where nothing but a reply that says no shows
    /// that nothing was posted, nobody knows.
    pub fn accepted(self, whom: &str) -> Result<Option<Vec<u8>>, Outcome> {
        let (status, body, after) = match self {
            Self::Reply(status, body, after) => (status, body, after),
            Self::Nothing(why) => {
                return Err(Outcome::noted(
                    Status::Failed,
                    format!("{whom} cannot be reached: {why}; nothing was sent"),
                ));
            }
            Self::Lost(why) => {
                let said =
                    format!("it was sent to {whom}, and no reply came ({why}): it may have been posted");
                return Err(Outcome::noted(Status::Unknown, said));
            }
        };
        let said = body.as_deref().map(words).filter(|said| !said.is_empty());
        let said = said.map_or(String::new(), |said| format!(": {said}"));
        let (became, note) = match status {
            200..300 => return Ok(body),
            300..400 => (
                Status::Refused,
                format!(
                    "{whom} answers {status}: its address leads elsewhere, and a secret is not sent there"
                ),
            ),
            429 => (
                Status::Refused,
                format!("{whom} takes no more for now{}; nothing was posted", until(after.as_deref())),
            ),
            408 | 500.. => {
                (Status::Unknown, format!("{whom} answers {status}{said}: it may have been posted"))
            }
            _ => (Status::Refused, format!("{whom} answers {status}{said}; nothing was posted")),
        };
        Err(Outcome { http: Some(status), ..Outcome::noted(became, note) })
    }
}

/// Until when the other side asks to be left alone.
fn until(after: Option<&str>) -> String {
    let Some(after) = after.map(str::trim) else { return String::new() };
    let now = Utc::now();
    let at = match after.parse::<f64>() {
        Ok(seconds) if seconds.is_finite() => {
            let whole = seconds.clamp(0.0, LONGEST).ceil();
            Some(now + TimeDelta::from_std(Duration::from_secs_f64(whole)).unwrap_or_default())
        }
        Ok(_) => None,
        Err(_) => DateTime::parse_from_rfc2822(after).ok().map(|at| at.to_utc()),
    };
    at.map_or(String::new(), |at| format!(", try again after {}", at.format("%-d %b %H:%M:%S UTC")))
}

/// What a short reply says, safe to show; nothing of a page.
fn words(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let text = text.trim();
    let message = serde_json::from_str::<Value>(text).ok();
    let message = message.as_ref().and_then(|it| it.get("message").or_else(|| it.get("error"))?.as_str());
    match message {
        Some(message) => shown(message, 120),
        None if text.starts_with('<') => String::new(),
        None => shown(text, 120),
    }
}
