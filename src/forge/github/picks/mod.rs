//! The pick queue: pull requests that a label, a milestone, a comment or a backport proposes for a line.
//!
//! First come the lists: by label, by milestone, by the line that pull requests are for; one query tells them all, or
//! a list each by REST. Then what the lists do not say of each pull request that they name, in fifties by one query;
//! by REST a few at a time, the rest with the next looks. Comments are read from the repository's list of the newest
//! ones, as far back as they are not known, and those of a pull request once it is asked for there.
//!
//! Beside the one query of a refresh that costs: the list of milestones where the process has them propose; the newest
//! comments where it has commands; one query for each fifty pull requests that changed, and one for each fifty commits
//! whose checks are not green yet; and at most [`COMMITS`] lists of commits, once each.

mod asks;
mod checks;
mod detail;
mod lists;
mod notice;
mod origins;
mod rest;
mod rows;

use crate::order::Order as _;
pub(super) use lists::{Incoming, Listed, Lists};

use super::{Github, Read};
use crate::forge::error::ForgeError;
use crate::release::ids::{Oid, Repo};
use crate::release::observe::Sighting;
use crate::release::picks::Gather;
use detail::{Kept, Want};
use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

/// How long something is taken for unchanged that nothing tells the change of: checks, a conflict, a comment that was
/// taken away.
pub(super) const HOLDS: Duration = Duration::from_secs(600);
/// Pull requests of which a look learns more, at most: those with a label or in a milestone first.
const DETAILS: usize = 200;
/// Lists of commits that a look reads at most.
const COMMITS: usize = 10;
/// Pull requests of which a look learns more by REST, each for three requests at least.
const BY_REST: usize = 8;
/// The same without a token, which has sixty requests an hour.
const WITHOUT_TOKEN: usize = 2;

/// What is remembered of picks.
#[derive(Default)]
pub(super) struct Known {
    /// What is known of pull requests.
    details: HashMap<(Repo, u64), Kept>,
    /// Whether GraphQL refuses to tell.
    no_details: bool,
    /// The state of all checks of commits, and when it was read.
    checks: HashMap<Oid, (Instant, Option<&'static str>)>,
    /// Where comments were found that ask for something.
    asks: asks::Known,
    /// The commits of a pull request by its newest one: what they were picked from.
    picked: HashMap<(Repo, u64, String), Vec<Oid>>,
    /// Which pull request brought a commit.
    origins: HashMap<Oid, Option<u64>>,
    /// Commits of pull requests that were closed and not merged.
    closed: HashMap<(Repo, u64), Vec<crate::release::picks::PullCommit>>,
}

impl Github {
    /// Everything that is proposed for a line, by REST lists.
    pub(super) async fn see_picks(&self, repo: &Repo, gather: &Gather) -> Result<Read, ForgeError> {
        if gather.is_empty() {
            return Ok(Read::new(Sighting::Picks(repo.clone(), Vec::new(), Vec::new(), None), true));
        }
        let lists = self.lists_by_rest(repo, gather).await?;
        self.gathered(repo, gather, lists).await
    }

    /// What the lists come to, with what they do not say.
    pub(super) async fn gathered(
        &self,
        repo: &Repo,
        gather: &Gather,
        mut lists: Lists,
    ) -> Result<Read, ForgeError> {
        let mut notes = notice::Notice::default();
        let asks = self.asked_in(repo, gather, &mut notes).await?;
        let unchanged = lists.unchanged && asks.unchanged;
        self.find_origins(repo, gather, &mut lists).await?;
        let mut wants: BTreeMap<u64, Want> = BTreeMap::new();
        for it in lists.listed() {
            wants.insert(it.number, Want { updated: it.updated, comments: false });
        }
        for number in &asks.pulls {
            wants.entry(*number).or_insert(Want { updated: None, comments: true }).comments = true;
        }
        for (number, _) in lists.brought() {
            wants.entry(number).or_insert(Want { updated: None, comments: false });
        }
        let first: Vec<u64> = lists.listed().map(|it| it.number).chain(asks.pulls.iter().copied()).collect();
        if wants.len() > DETAILS {
            let mut order: Vec<u64> = wants.keys().copied().collect();
            order.order_by_key(|number| (!first.contains(number), std::cmp::Reverse(*number)));
            for number in order.drain(DETAILS..) {
                wants.remove(&number);
            }
            notes.left_out += order.len();
        }
        notes.later += self.learn(repo, &wants).await?;
        self.learn_merges(repo, &lists).await?;
        self.read_conflicts(repo, &mut lists).await?;
        self.read_closed(repo, &lists).await?;
        let checks = self.checks_of(repo, self.commits_of(repo, &lists)).await;
        let joined = rows::Join { repo, gather, lists: &lists, asks: &asks, checks: &checks };
        let (rows, strays) = joined.rows(&self.memory(), &mut notes);
        let read = Read::new(Sighting::Picks(repo.clone(), rows, strays, notes.lacks()), unchanged);
        Ok(Read { note: notes.said(), ..read })
    }
}
