//! How much of GitHub's hourly limits is left, as its replies say.

use chrono::{DateTime, TimeDelta, Utc};
use http::HeaderMap;
use std::collections::BTreeMap;

/// One limit, as the `x-ratelimit-*` headers of the latest reply gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateState {
    /// Requests (REST) or points (GraphQL) an hour.
    pub limit: u32,
    /// How many are left.
    pub remaining: u32,
    /// How many were used.
    pub used: u32,
    /// When the count starts again.
    pub reset: DateTime<Utc>,
}

impl RateState {
    /// Whether less than a tenth is left, so that polling pauses until the reset.
    #[must_use]
    pub fn is_low(&self, now: DateTime<Utc>) -> bool {
        now < self.reset && self.remaining.saturating_mul(10) < self.limit
    }
}

/// Limits by resource: `core` for REST, `graphql`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rates(pub BTreeMap<Box<str>, RateState>);

impl Rates {
    /// The limit of REST requests.
    #[must_use]
    pub fn core(&self) -> Option<&RateState> {
        self.0.get("core")
    }

    /// The limit of GraphQL points.
    #[must_use]
    pub fn graphql(&self) -> Option<&RateState> {
        self.0.get("graphql")
    }

    /// Takes in the headers of a reply; a reply without them changes nothing.
    pub(crate) fn note(&mut self, headers: &HeaderMap, graphql: bool) {
        let (Some(limit), Some(remaining), Some(reset)) = (
            number(headers, "x-ratelimit-limit"),
            number(headers, "x-ratelimit-remaining"),
            reset(headers, Utc::now()),
        ) else {
            return;
        };
        let cut = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        let used = number(headers, "x-ratelimit-used").unwrap_or(limit.saturating_sub(remaining));
        let fallback = if graphql { "graphql" } else { "core" };
        let resource = text(headers, "x-ratelimit-resource").filter(|it| it.len() <= 40).unwrap_or(fallback);
        // A stranger's server may invent resources; eight are more than GitHub has in use here.
        if self.0.len() < 8 || self.0.contains_key(resource) {
            let state = RateState { limit: cut(limit), remaining: cut(remaining), used: cut(used), reset };
            self.0.insert(resource.into(), state);
        }
    }
}

/// A header as text.
pub(crate) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// A header as a whole number.
pub(crate) fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    text(headers, name).and_then(|value| value.trim().parse().ok())
}

/// When the count starts again, by this machine's clock: the reset less the server's `Date`, so that a clock that is
/// hours off neither hammers nor sleeps. At most a day.
pub(crate) fn reset(headers: &HeaderMap, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let seconds = i64::try_from(number(headers, "x-ratelimit-reset")?).ok()?;
    let reset = DateTime::from_timestamp(seconds, 0)?;
    let date = text(headers, "date").and_then(|date| DateTime::parse_from_rfc2822(date).ok());
    let left = reset - date.map_or(now, |date| date.to_utc());
    Some(now + left.clamp(TimeDelta::zero(), TimeDelta::days(1)))
}
