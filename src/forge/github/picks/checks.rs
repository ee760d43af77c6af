//! The state of all checks of a commit, in GitHub's words for a rollup.

use super::super::Github;
use super::super::checks::{Report, merged};
use super::lists::Lists;
use super::{BY_REST, HOLDS, WITHOUT_TOKEN};
use crate::forge::error::ForgeError;
use crate::forge::graphql;
use crate::order::Order as _;
use crate::release::checks::CheckState;
use crate::release::ids::{Oid, Repo};
use crate::release::picks::BackportState;
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap};
use std::time::Instant;

/// Commits that one query asks for.
const AT_ONCE: usize = 50;

/// What is known of the checks of commits: none when none ran. What is not in it cannot be told.
pub(super) type Checks = HashMap<Oid, Option<&'static str>>;

impl Github {
    /// The commits whose checks are of interest: what candidates were merged as, and the newest of open backports.
    pub(super) fn commits_of(&self, repo: &Repo, lists: &Lists) -> BTreeSet<Oid> {
        let memory = self.memory();
        let details = memory.picks.details.iter().filter(|((at, _), _)| at == repo);
        let numbers: BTreeSet<u64> =
            lists.listed().map(|it| it.number).chain(lists.brought().map(|it| it.0)).collect();
        let merges = details.filter_map(|((_, number), kept)| {
            let detail = kept.detail.as_ref()?;
            detail.merge.filter(|_| numbers.contains(number) || detail.comments.is_some())
        });
        let open =
            lists.coming().filter(|(_, it)| it.backport.state == BackportState::Open && !it.of.is_empty());
        merges.chain(open.filter_map(|(_, it)| it.head)).collect()
    }

    /// The state of all checks of commits. What is green stays green for a while; the rest is asked again.
    pub(super) async fn checks_of(&self, repo: &Repo, commits: BTreeSet<Oid>) -> Checks {
        let missing: Vec<Oid> = {
            let memory = self.memory();
            let green = |oid: &Oid| {
                let known = memory.picks.checks.get(oid);
                known.is_some_and(|(at, word)| *word == Some("SUCCESS") && at.elapsed() < HOLDS)
            };
            commits.iter().copied().filter(|oid| !green(oid)).collect()
        };
        let mut left = &missing[..];
        if self.client.has_token() && !self.memory().tips.no_rollup {
            for some in missing.chunks(AT_ONCE) {
                if let Err(error) = self.rollups(repo, some).await {
                    self.memory().tips.no_rollup |= error.is_refusal();
                    break;
                }
                left = &left[some.len()..];
            }
        }
        let most = if self.client.has_token() { BY_REST } else { WITHOUT_TOKEN };
        let mut left = left.to_vec();
        // What is not known comes first, then what was read longest ago: each has its turn.
        left.order_by_key(|oid| self.memory().picks.checks.get(oid).map(|(at, _)| *at));
        for oid in left.iter().take(most) {
            // Statuses and check runs may be hidden from the token: then nothing is known, and nothing is green.
            let read = self.rollup_by_rest(repo, *oid).await;
            let mut memory = self.memory();
            match read {
                Ok(Some(word)) => drop(memory.picks.checks.insert(*oid, (Instant::now(), word))),
                Ok(None) | Err(_) => drop(memory.picks.checks.remove(oid)),
            }
        }
        let memory = self.memory();
        let held = |oid: &Oid| memory.picks.checks.get(oid).filter(|(at, _)| at.elapsed() < HOLDS);
        commits.into_iter().filter_map(|oid| Some((oid, held(&oid)?.1))).collect()
    }

    async fn rollups(&self, repo: &Repo, some: &[Oid]) -> Result<(), ForgeError> {
        let mut variables = json!({ "owner": repo.owner(), "name": repo.name() });
        for (at, oid) in some.iter().enumerate() {
            variables[format!("o{at}")] = Value::from(oid.to_string());
        }
        let data = self.client.query(&graphql::rollups_for(some.len()), variables).await?;
        let mut memory = self.memory();
        for (at, oid) in some.iter().enumerate() {
            let found = &data["repository"][format!("o{at}")];
            if found["oid"].as_str() != Some(&oid.to_string()) {
                memory.picks.checks.remove(oid);
                continue;
            }
            let state = &found["statusCheckRollup"];
            let word = match state["state"].as_str() {
                Some("SUCCESS") => Some("SUCCESS"),
                Some("FAILURE" | "ERROR") => Some("FAILURE"),
                Some("PENDING" | "EXPECTED") => Some("PENDING"),
                _ if state.is_null() => None,
                // A word that is not known is not green.
                _ => {
                    memory.picks.checks.remove(oid);
                    continue;
                }
            };
            memory.picks.checks.insert(*oid, (Instant::now(), word));
        }
        Ok(())
    }

    /// The same by REST; none when it cannot be told.
    async fn rollup_by_rest(
        &self,
        repo: &Repo,
        oid: Oid,
    ) -> Result<Option<Option<&'static str>>, ForgeError> {
        let mut reports = self.runs_of(repo, oid, false).await?;
        reports.extend(self.statuses(repo, &oid.to_string()).await?.1);
        let hidden = self.memory().tips.no_check_runs;
        Ok(match word(&reports) {
            // Another app may have said something that is hidden.
            Some("SUCCESS") | None if hidden => None,
            word => word.map_or_else(|| reports.is_empty().then_some(None), |word| Some(Some(word))),
        })
    }
}

/// The worst that reports say; none when that is no known word.
fn word(reports: &[Report]) -> Option<&'static str> {
    let states: Vec<CheckState> = merged(reports).into_iter().map(|check| check.state).collect();
    let unknown = |state: &CheckState| matches!(state, CheckState::Unknown | CheckState::Stale);
    if states.iter().any(|state| state.is_red()) {
        Some("FAILURE")
    } else if states.iter().any(|state| state.is_running()) {
        Some("PENDING")
    } else if states.is_empty() || states.iter().any(unknown) {
        None
    } else {
        Some("SUCCESS")
    }
}
