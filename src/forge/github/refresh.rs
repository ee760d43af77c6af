//! A refresh: all that is due, in as few requests as can be.
//!
//! Three repositories with their milestones and the issues of the chosen one, and four branches: six REST requests
//! with ETags, one GraphQL query for the checks, one a hundred changed issues for their rolls, one for attempts when
//! something is red. When nothing changed and nothing runs all of them are 304s and the query is left out.

use super::Github;
use crate::forge::error::{ForgeError, Limit, Trail};
use crate::forge::{Look, RefreshPlan, Seen};
use crate::release::ids::Branch;
use chrono::Utc;
use futures_util::future::{join, join_all};

impl Github {
    /// One sighting for each look of a plan.
    pub(super) async fn see_plan(&self, plan: &RefreshPlan) -> Vec<Seen> {
        let looks = plan.looks();
        if let Some(error) = self.thrift() {
            return looks.iter().map(|look| Seen::failed(look.key(), &error)).collect();
        }
        let branches: Vec<Branch> = looks
            .iter()
            .filter_map(|look| match look {
                Look::Checks { branch, .. } => Some(branch.clone()),
                _ => None,
            })
            .collect();
        let (milestones, others): (Vec<_>, Vec<_>) = looks
            .iter()
            .filter(|look| !matches!(look, Look::Checks { .. }))
            .partition(|look| matches!(look, Look::Milestones(_)));
        // Milestones first: the issues' look finds their reply in the cache while it is fresh.
        let first = async {
            let mut seen = join_all(milestones.iter().map(|look| self.see(look))).await;
            seen.extend(join_all(others.iter().map(|look| self.see(look))).await);
            seen
        };
        let checks = async {
            if branches.is_empty() { Vec::new() } else { self.see_checks(&plan.main, &branches).await }
        };
        let (mut seen, checks) = join(first, checks).await;
        seen.extend(checks);
        seen
    }

    /// Why polling pauses: less than a tenth of the hour's requests is left, and that is kept for people.
    fn thrift(&self) -> Option<ForgeError> {
        let now = Utc::now();
        let rates = self.client.rates();
        let low = rates.core().filter(|rate| rate.is_low(now))?;
        let what = format!("{} of {} requests left, kept for what you ask for", low.remaining, low.limit);
        let trail = Box::new(Trail { what, ..Trail::default() });
        Some(ForgeError::RateLimited { until: low.reset, limit: Limit::Primary, trail })
    }
}
