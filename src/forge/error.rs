//! What can go wrong at the forge, each in a sentence that says what to do next.

use crate::release::text::Untrusted;
use chrono::{DateTime, Utc};
use std::time::Duration;

/// Which request it was, and what came back with the error.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trail {
    /// What was asked for, as method and path without host or secrets: `GET /repos/octo/widget/milestones`.
    pub what: String,
    /// HTTP status of the reply, when there was one.
    pub http: Option<u16>,
    /// `x-github-request-id` of the reply.
    pub request: Option<Untrusted>,
}

/// Which of GitHub's limits was hit. Source: "Rate limits for the REST API" in GitHub's documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Requests (or GraphQL points) an hour.
    Primary,
    /// Too many at once or too fast.
    Secondary,
}

/// Why the forge did not give what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ForgeError {
    /// 401: the token is wrong, expired or revoked.
    #[error("{}", self.say())]
    Unauthorized {
        /// Where the token came from, in words; "no token" when there is none.
        source_name: String,
        /// The reply.
        trail: Box<Trail>,
    },
    /// 403: the token may not do this.
    #[error("{}", self.say())]
    Forbidden {
        /// `X-Accepted-GitHub-Permissions`, when GitHub said it: `issues=write`.
        needs: Option<Untrusted>,
        /// GitHub's own message.
        message: Untrusted,
        /// The reply.
        trail: Box<Trail>,
    },
    /// 403 with `X-GitHub-SSO`: the token must be authorised for the organisation first.
    #[error("{}", self.say())]
    Sso {
        /// Where a person does that.
        url: Option<Untrusted>,
        /// The reply.
        trail: Box<Trail>,
    },
    /// A rate limit: nothing is asked before the time given.
    #[error("{}", self.say())]
    RateLimited {
        /// When to ask again at the earliest.
        until: DateTime<Utc>,
        /// Which limit.
        limit: Limit,
        /// The reply.
        trail: Box<Trail>,
    },
    /// 404 or 410: it does not exist, or the token may not see it.
    #[error("{}", self.say())]
    NotFound {
        /// GitHub's own message: it tells apart what is absent from what is hidden.
        message: Untrusted,
        /// The reply.
        trail: Box<Trail>,
    },
    /// 422, 409 or another 4xx: GitHub understood and declined.
    #[error("{}", self.say())]
    Validation {
        /// GitHub's own message.
        message: Untrusted,
        /// Its `errors[]`, each as a line.
        errors: Vec<Untrusted>,
        /// The reply.
        trail: Box<Trail>,
    },
    /// 5xx.
    #[error("{}", self.say())]
    Server {
        /// The reply.
        trail: Box<Trail>,
    },
    /// No answer in time.
    #[error("{}", self.say())]
    Timeout {
        /// Whether not even a connection was made, so that nothing can have been sent.
        connecting: bool,
        /// The request.
        trail: Box<Trail>,
    },
    /// No connection: nothing was sent.
    #[error("{}", self.say())]
    Offline {
        /// What the network said.
        why: Untrusted,
        /// The request.
        trail: Box<Trail>,
    },
    /// The connection broke after the request was sent.
    #[error("{}", self.say())]
    Dropped {
        /// What the network said.
        why: Untrusted,
        /// The request.
        trail: Box<Trail>,
    },
    /// A 2xx reply that cannot be read.
    #[error("{}", self.say())]
    NotJson {
        /// Its content type.
        content: Option<Untrusted>,
        /// What the parser said.
        why: String,
        /// The reply.
        trail: Box<Trail>,
    },
    /// A list that did not come whole: never taken for a short one.
    #[error("{}", self.say())]
    Incomplete {
        /// What is missing.
        why: String,
        /// The reply.
        trail: Box<Trail>,
    },
    /// A redirect or `Link` to another host, or an address that cannot be built: the token stays here.
    #[error("{}", self.say())]
    Address {
        /// What is wrong with it.
        why: Untrusted,
        /// The request.
        trail: Box<Trail>,
    },
    /// GraphQL answered with errors.
    #[error("{}", self.say())]
    Graphql {
        /// The first error's type: `FORBIDDEN`, `NOT_FOUND`.
        kind: Option<Untrusted>,
        /// Its message.
        message: Untrusted,
        /// The reply.
        trail: Box<Trail>,
    },
    /// The door is closed: no token, no network, no GitHub remote.
    #[error("{}", self.say())]
    Closed {
        /// Why, with what to do.
        why: Untrusted,
    },
}

/// The time of day of a moment. How long it is until then is for the pane to count down.
fn clock(until: DateTime<Utc>) -> String {
    format!("{} UTC", until.format("%H:%M:%S"))
}

impl ForgeError {
    /// The request it is about; none when the door is closed.
    #[must_use]
    pub fn trail(&self) -> Option<&Trail> {
        match self {
            Self::Unauthorized { trail, .. }
            | Self::Forbidden { trail, .. }
            | Self::Sso { trail, .. }
            | Self::RateLimited { trail, .. }
            | Self::NotFound { trail, .. }
            | Self::Validation { trail, .. }
            | Self::Server { trail }
            | Self::Timeout { trail, .. }
            | Self::Offline { trail, .. }
            | Self::Dropped { trail, .. }
            | Self::NotJson { trail, .. }
            | Self::Incomplete { trail, .. }
            | Self::Address { trail, .. }
            | Self::Graphql { trail, .. } => Some(trail),
            Self::Closed { .. } => None,
        }
    }

    /// When to ask again at the earliest, for a rate limit: what a countdown counts to.
    #[must_use]
    pub fn until(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::RateLimited { until, .. } => Some(*until),
            _ => None,
        }
    }

    /// One plain sentence with the next step, safe to show, with nothing secret in it.
    #[must_use]
    pub fn say(&self) -> String {
        let request = self.trail().and_then(|trail| trail.request.as_ref());
        let request = request.map(|id| format!(" [request {}]", id.line())).unwrap_or_default();
        format!("{}{request}", self.say_again())
    }

    /// The same without the id of the request: the same failure in the same words, however often it is met, so that
    /// the journal takes it down once.
    #[must_use]
    pub fn say_again(&self) -> String {
        let said = self.sentence();
        let Some(trail) = self.trail().filter(|trail| !trail.what.is_empty()) else { return said };
        let status = trail.http.map(|status| format!(", HTTP {status}")).unwrap_or_default();
        format!("{said} [{}{status}]", trail.what)
    }

    fn sentence(&self) -> String {
        match self {
            Self::Unauthorized { source_name, .. } => format!(
                "GitHub does not accept the token ({source_name}): it is wrong, expired or revoked; make a new one, or run gh auth login"
            ),
            Self::Forbidden { needs: Some(needs), message, .. } => {
                format!("GitHub refuses: {}; give the token the permission {}", message.line(), needs.line())
            }
            Self::Forbidden { needs: None, message, .. } => {
                format!("GitHub refuses: {}; the token or its owner may not do this", message.line())
            }
            Self::Sso { url: Some(url), .. } => {
                format!("the organisation asks for single sign-on; authorise the token at {}", url.line())
            }
            Self::Sso { url: None, .. } => {
                "the organisation asks for single sign-on; authorise the token in GitHub's token settings".to_owned()
            }
            Self::RateLimited { until, limit: Limit::Primary, .. } => {
                format!("GitHub's hourly limit is used up; it is asked again at {}", clock(*until))
            }
            Self::RateLimited { until, limit: Limit::Secondary, .. } => {
                format!("GitHub asks to go slower; it is asked again at {}", clock(*until))
            }
            Self::NotFound { .. } => "GitHub finds nothing there: it does not exist, or the token may not see it; check the name and the token's access".to_owned(),
            Self::Validation { message, errors, .. } => {
                let errors: Vec<_> = errors.iter().map(Untrusted::line).collect();
                let more = if errors.is_empty() { String::new() } else { format!(" ({})", errors.join("; ")) };
                format!("GitHub declines: {}{more}", message.line())
            }
            Self::Server { .. } => "GitHub has trouble of its own; it is asked again, see www.githubstatus.com".to_owned(),
            Self::Timeout { connecting: true, .. } => "no connection to GitHub in time; check the network and HTTPS_PROXY".to_owned(),
            Self::Timeout { connecting: false, .. } => "GitHub did not answer in time; it is asked again".to_owned(),
            Self::Offline { why, .. } => {
                format!("no connection to GitHub ({}); check the network, the host and HTTPS_PROXY", why.line())
            }
            Self::Dropped { why, .. } => format!("the connection to GitHub broke ({}); it is asked again", why.line()),
            Self::NotJson { content, why, .. } => format!(
                "the reply is not what GitHub sends ({}: {why}); is there a proxy or a login page in between?",
                content.as_ref().map_or_else(|| "no content type".to_owned(), Untrusted::line)
            ),
            Self::Incomplete { why, .. } => format!("the list did not come whole ({why}); it is not shown rather than shown short"),
            Self::Address { why, .. } => format!("the address is not one to go to with a token: {}", why.line()),
            Self::Graphql { message, .. } => format!("GitHub's GraphQL refuses: {}", message.line()),
            Self::Closed { why } => why.line(),
        }
    }

    /// Whether asking again may help: only ever used for reads.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Server { .. } | Self::Timeout { .. } | Self::Offline { .. } | Self::Dropped { .. }
        )
    }

    /// Whether a write that ended so was certainly not carried out.
    #[must_use]
    pub fn is_unsent(&self) -> bool {
        match self {
            Self::Server { .. } | Self::Dropped { .. } | Self::NotJson { .. } | Self::Incomplete { .. } => {
                false
            }
            Self::Timeout { connecting, .. } => *connecting,
            _ => true,
        }
    }

    /// Whether the token lacks a right, or the thing is hidden from it.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        match self {
            Self::Forbidden { .. } | Self::Sso { .. } | Self::NotFound { .. } | Self::Unauthorized { .. } => {
                true
            }
            Self::Graphql { kind, .. } => {
                kind.as_ref().is_some_and(|kind| matches!(kind.raw(), "FORBIDDEN" | "INSUFFICIENT_SCOPES"))
            }
            _ => false,
        }
    }
}

/// The shortest wait after a secondary limit that names no time, as GitHub's documentation asks.
pub(crate) const SECONDARY_WAIT: Duration = Duration::from_secs(60);
