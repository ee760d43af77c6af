//! Until when GitHub asked to be left alone: whoever goes on asking is banned.

use super::error::{ForgeError, Limit, Trail};
use super::reading::Reply;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// What a limit holds up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Held {
    Rest,
    Graphql,
    All,
}

/// Limits in force.
#[derive(Default)]
pub(super) struct Holds(Mutex<BTreeMap<Held, DateTime<Utc>>>);

impl Holds {
    /// Remembers a limit that a reply says.
    pub(super) fn note(&self, graphql: bool, reply: &Reply) {
        let Some((until, limit)) = reply.limited() else { return };
        let what = match limit {
            Limit::Secondary => Held::All,
            Limit::Primary if graphql => Held::Graphql,
            Limit::Primary => Held::Rest,
        };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(what, until);
    }

    /// The limit that is still in force, as the error it is.
    pub(super) fn check(&self, graphql: bool, trail: &Trail) -> Result<(), ForgeError> {
        let holds = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = (if graphql { Held::Graphql } else { Held::Rest }, Limit::Primary);
        for (what, limit) in [(Held::All, Limit::Secondary), own] {
            if let Some(until) = holds.get(&what).copied().filter(|until| Utc::now() < *until) {
                return Err(ForgeError::RateLimited { until, limit, trail: Box::new(trail.clone()) });
            }
        }
        Ok(())
    }
}
