//! The demo's clock: the machine's, or one that a test holds still and moves.

use chrono::{DateTime, Utc};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// What the forge reads the time from. Clones share one clock.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    /// Seconds since 1970, when the clock is held still.
    held: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn machine() -> Self {
        Self::default()
    }

    /// A clock that stands at `at` until it is moved.
    #[must_use]
    pub fn held_at(at: DateTime<Utc>) -> Self {
        Self { held: Some(Arc::new(AtomicI64::new(at.timestamp()))) }
    }

    /// Seconds since 1970.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.held.as_ref().map_or_else(|| Utc::now().timestamp(), |held| held.load(Ordering::SeqCst))
    }

    /// Moves a held clock on; the machine's clock does not obey.
    pub fn advance(&self, seconds: i64) {
        if let Some(held) = &self.held {
            held.fetch_add(seconds, Ordering::SeqCst);
        }
    }
}

/// A moment as GitHub writes it: `2026-11-21T08:00:00Z`.
#[must_use]
pub fn stamp(seconds: i64) -> String {
    DateTime::<Utc>::from_timestamp(seconds, 0).unwrap_or_default().format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Reads what [`stamp`] writes, and other RFC 3339 forms; a bare date is its midnight.
#[must_use]
pub fn parse(text: &str) -> Option<i64> {
    let full = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
    DateTime::parse_from_rfc3339(&full).ok().map(|at| at.timestamp())
}
