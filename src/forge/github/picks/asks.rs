//! Where comments ask for a pick: from the newest comments of the repository, as far back as they are not known.

use super::super::{Github, PER_PAGE};
use super::notice::Notice;
use crate::forge::error::ForgeError;
use crate::forge::wire::issue::Comment;
use crate::release::ids::Repo;
use crate::release::picks::{Gather, wishes};
use chrono::{DateTime, Utc};
use std::collections::{BTreeSet, HashMap};

/// Pages of comments that a look reads at most: a thousand comments.
const PAGES: usize = 10;
/// Pull requests with a command that are followed at most, the newest.
const MOST: usize = 60;

/// What is remembered.
#[derive(Default)]
pub(super) struct Known(HashMap<Repo, Seen>);

#[derive(Default)]
struct Seen {
    /// When the newest comment that was read was changed.
    until: Option<DateTime<Utc>>,
    /// Pull requests under which a comment asks for something.
    pulls: BTreeSet<u64>,
}

/// Pull requests under which a comment asks for something, or did.
#[derive(Debug, Default)]
pub(super) struct Asks {
    pub pulls: BTreeSet<u64>,
    /// Whether the newest comments are as they were.
    pub unchanged: bool,
}

impl Github {
    /// Where comments ask for a pick. A token that may not read them finds none, which is said.
    pub(super) async fn asked_in(
        &self,
        repo: &Repo,
        gather: &Gather,
        notes: &mut Notice,
    ) -> Result<Asks, ForgeError> {
        if gather.commands.is_empty() {
            return Ok(Asks { pulls: BTreeSet::new(), unchanged: true });
        }
        let until = self.memory().picks.asks.0.get(repo).and_then(|seen| seen.until);
        let mut found = BTreeSet::new();
        let mut newest = until;
        let mut unchanged = true;
        let mut next = Some(self.newest_comments(repo)?);
        let mut pages = 0;
        while let Some(url) = next.take() {
            let reply = self.client.get(&url).await?;
            unchanged &= reply.unchanged;
            next = self.client.next_page(&reply, &url)?;
            let rows: Vec<Comment> = reply.json()?;
            let oldest = rows.iter().filter_map(|it| it.updated_at).min();
            newest = newest.max(rows.iter().filter_map(|it| it.updated_at).max());
            let asks =
                |it: &&Comment| !wishes(&gather.commands, it.body.as_deref().unwrap_or_default()).is_empty();
            found.extend(rows.iter().filter(asks).filter_map(pull_of));
            pages += 1;
            let known = until.is_some() && oldest <= until;
            if known {
                break;
            }
            if pages == PAGES && next.is_some() {
                notes.comments = oldest;
                break;
            }
        }
        let mut memory = self.memory();
        let seen = memory.picks.asks.0.entry(repo.clone()).or_default();
        seen.until = newest;
        seen.pulls.extend(found);
        let mut pulls: BTreeSet<u64> = seen.pulls.union(&gather.asked).copied().collect();
        while pulls.len() > MOST {
            pulls.pop_first();
        }
        Ok(Asks { pulls, unchanged })
    }

    /// The newest comments of a repository, those that were changed last first.
    pub(in super::super) fn newest_comments(&self, repo: &Repo) -> Result<String, ForgeError> {
        let query = [("sort", "updated"), ("direction", "desc"), PER_PAGE];
        self.url(repo, &["issues", "comments"], &query)
    }
}

/// The number of the pull request that a comment stands under.
fn pull_of(it: &Comment) -> Option<u64> {
    let (_, rest) = it.html_url.as_deref()?.split_once("/pull/")?;
    rest.split(['#', '/', '?']).next()?.parse().ok()
}
