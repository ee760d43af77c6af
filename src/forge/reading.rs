//! What a reply means: its status, headers and body as an error or as rows.

use super::error::{ForgeError, Limit, SECONDARY_WAIT, Trail};
use super::rate::{number, reset, text};
use crate::release::text::Untrusted;
use chrono::{DateTime, TimeDelta, Utc};
use http::HeaderMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// A reply, read to its end.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body; what is no UTF-8 is replaced.
    pub body: String,
    /// Whether it is the body kept before, confirmed by a 304.
    pub unchanged: bool,
    /// The request.
    pub trail: Trail,
    /// When it came.
    pub at: DateTime<Utc>,
}

/// The body of GitHub's errors. Source: "Troubleshooting the REST API".
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Said {
    message: Option<String>,
    errors: Option<serde_json::Value>,
}

impl Reply {
    /// GitHub's own message.
    fn message(&self) -> Untrusted {
        let said: Said = serde_json::from_str(&self.body).unwrap_or_default();
        Untrusted::from(said.message.unwrap_or_else(|| format!("HTTP {}", self.status)))
    }

    /// GitHub's `errors[]`, each as one line.
    fn errors(&self) -> Vec<Untrusted> {
        let said: Said = serde_json::from_str(&self.body).unwrap_or_default();
        let Some(serde_json::Value::Array(errors)) = said.errors else { return Vec::new() };
        errors.iter().take(8).map(error_line).collect()
    }

    /// The reply when it is 2xx; otherwise the error that it says.
    pub(crate) fn good(self, token: &str) -> Result<Self, ForgeError> {
        if (200..300).contains(&self.status) { Ok(self) } else { Err(self.error(token)) }
    }

    /// The error that a reply says. `token` names where the token came from.
    pub(crate) fn error(&self, token: &str) -> ForgeError {
        let trail = || Box::new(self.trail.clone());
        if let Some((until, limit)) = self.limited() {
            return ForgeError::RateLimited { until, limit, trail: trail() };
        }
        match self.status {
            401 => ForgeError::Unauthorized { source_name: token.to_owned(), trail: trail() },
            403 => match text(&self.headers, "x-github-sso") {
                Some(sso) => ForgeError::Sso { url: sso_url(sso), trail: trail() },
                None => {
                    ForgeError::Forbidden { needs: self.needs(), message: self.message(), trail: trail() }
                }
            },
            301 | 302 | 303 | 307 | 308 => ForgeError::Address {
                why: "it moved (the repository was renamed or transferred?); nothing was done, and its name is looked up anew".into(),
                trail: trail(),
            },
            404 | 410 => ForgeError::NotFound { message: self.message(), trail: trail() },
            500..=599 => ForgeError::Server { trail: trail() },
            _ => ForgeError::Validation { message: self.message(), errors: self.errors(), trail: trail() },
        }
    }

    /// `X-Accepted-GitHub-Permissions`: what a fine-grained token would need.
    pub(crate) fn needs(&self) -> Option<Untrusted> {
        text(&self.headers, "x-accepted-github-permissions").filter(|it| !it.is_empty()).map(Untrusted::from)
    }

    /// Until when GitHub asks to wait, when this is a limit and not a refusal. Both come as 403 or 429.
    pub(crate) fn limited(&self) -> Option<(DateTime<Utc>, Limit)> {
        let now = self.at;
        if !matches!(self.status, 403 | 429) {
            return None;
        }
        let after = number(&self.headers, "retry-after").map(|s| seconds(now, s));
        let spent = number(&self.headers, "x-ratelimit-remaining") == Some(0);
        let slow = self.body.contains("secondary rate limit") || self.body.contains("abuse detection");
        if self.status == 403 && !spent && !slow && after.is_none() {
            return None;
        }
        if spent && !slow {
            let reset = reset(&self.headers, now);
            return Some((after.or(reset).unwrap_or_else(|| shortest(now)), Limit::Primary));
        }
        Some((after.unwrap_or_else(|| shortest(now)), Limit::Secondary))
    }

    /// The body as JSON.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, ForgeError> {
        serde_json::from_str(&self.body).map_err(|err| ForgeError::NotJson {
            content: text(&self.headers, "content-type").map(Untrusted::from),
            // Its category and place only: a message may quote the body.
            why: format!("{:?} error at line {}, column {}", err.classify(), err.line(), err.column())
                .to_lowercase(),
            trail: Box::new(self.trail.clone()),
        })
    }
}

/// A moment some seconds from now; a server's nonsense is cut to a day.
fn seconds(now: DateTime<Utc>, seconds: u64) -> DateTime<Utc> {
    now + TimeDelta::seconds(i64::try_from(seconds.min(86_400)).unwrap_or(86_400))
}

fn shortest(now: DateTime<Utc>) -> DateTime<Utc> {
    seconds(now, SECONDARY_WAIT.as_secs())
}

/// One of `errors[]`: a text, or an object with a resource, a field, a code and perhaps a message.
fn error_line(error: &serde_json::Value) -> Untrusted {
    let part = |name: &str| error.get(name).and_then(serde_json::Value::as_str);
    let text = match (error.as_str(), part("message")) {
        (Some(text), _) | (None, Some(text)) => text.to_owned(),
        (None, None) => {
            ["resource", "field", "code"].into_iter().filter_map(part).collect::<Vec<_>>().join(" ")
        }
    };
    Untrusted::from(text)
}

/// The address in `X-GitHub-SSO: required; url=…`.
fn sso_url(header: &str) -> Option<Untrusted> {
    let url = header.split(';').find_map(|part| part.trim().strip_prefix("url="))?;
    url.starts_with("https://").then(|| Untrusted::from(url))
}

/// The address with `rel="next"` in a `Link` header (RFC 8288).
pub(crate) fn next_link(link: &str) -> Option<&str> {
    link.split(',').find_map(|part| {
        let (url, rest) = part.trim().strip_prefix('<')?.split_once('>')?;
        let is_next = rest.split(';').any(|it| matches!(it.trim(), "rel=\"next\"" | "rel=next"));
        is_next.then_some(url)
    })
}

/// A body as text. A page of issues takes half a megabyte: it is not copied unless it is broken.
pub(super) fn as_text(body: Vec<u8>) -> String {
    String::from_utf8(body).unwrap_or_else(|broken| String::from_utf8_lossy(broken.as_bytes()).into_owned())
}
