//! Why a registry gave no answer, in words that stay the same as long as it does.

use crate::release::text::{Untrusted, shown};
use chrono::{DateTime, Utc};

/// Why a registry gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProbeError {
    /// There is no client.
    #[error("no HTTPS client: {why}")]
    Closed {
        /// Why not.
        why: String,
    },
    /// The address cannot be asked.
    #[error("{url} is not asked: {why}")]
    Address {
        /// The address, made safe to show.
        url: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A process that nobody trusts names it.
    #[error("{host} is named by the repository's own gonogo.toml, which is not trusted: it is not asked")]
    Untrusted {
        /// The host.
        host: String,
    },
    /// Nobody answered in time.
    #[error("{host} did not answer in time")]
    Timeout {
        /// The host.
        host: String,
    },
    /// The connection could not be made, or broke off.
    #[error("{host} cannot be reached: {}", why.line())]
    Network {
        /// The host.
        host: String,
        /// What the network said.
        why: Untrusted,
    },
    /// It asked to be left alone.
    #[error("{host} limits how often it is asked{}", until.map(|it| format!(", until {}", it.format("%-d %b %H:%M UTC"))).unwrap_or_default())]
    Limited {
        /// The host.
        host: String,
        /// Until when; none when it did not say.
        until: Option<DateTime<Utc>>,
    },
    /// It lets nobody without a login read it.
    #[error("{host} lets nobody without a login read it: it does not exist, or is not public")]
    Denied {
        /// The host.
        host: String,
    },
    /// It answered with a status that says neither yes nor no.
    #[error("{host} answers {status}")]
    Status {
        /// The host.
        host: String,
        /// The status.
        status: u16,
    },
    /// The answer is longer than any that is expected.
    #[error("the answer of {host} is longer than {} KiB", cap / 1024)]
    TooLong {
        /// The host.
        host: String,
        /// The most that is read, in bytes.
        cap: usize,
    },
    /// The answer is not what the registry's own description says.
    #[error("the answer of {host} is not understood: {why}")]
    Odd {
        /// The host.
        host: String,
        /// What is wrong with it, made safe to show.
        why: String,
    },
}

impl ProbeError {
    /// What to show, on one line.
    #[must_use]
    pub fn say(&self) -> String {
        shown(&self.to_string(), 300)
    }

    pub(super) fn odd(host: &str, why: impl AsRef<str>) -> Self {
        Self::Odd { host: host.to_owned(), why: shown(why.as_ref(), 160) }
    }

    pub(super) fn elsewhere() -> Self {
        Self::Closed { why: "it is asked for elsewhere".to_owned() }
    }
}
