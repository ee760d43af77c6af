//! What is known of one pull request by REST: three requests, and one more for its comments.

use super::super::{Github, PER_PAGE, Pages};
use super::detail::{Detail, Given, Remark};
use super::lists::{Lists, may_write};
use super::{BY_REST, COMMITS, WITHOUT_TOKEN};
use crate::forge::error::ForgeError;
use crate::forge::wire::User;
use crate::forge::wire::issue::Comment;
use crate::forge::wire::pull::{Event, Pull, PullCommit, Review};
use crate::order::Order as _;
use crate::release::ids::{Oid, Repo};
use crate::release::picks::{self, BackportState};
use crate::release::text::Untrusted;
use futures_util::future::try_join_all;
use std::collections::{BTreeMap, BTreeSet};

/// Merge commits that a look learns by REST at most, beside those of pull requests that it reads.
const MERGES: usize = 30;

fn login(user: Option<User>) -> Option<Untrusted> {
    user.and_then(|user| user.login).map(Untrusted::from)
}

/// Nothing where it is hidden from the token; other failures stay failures.
fn unless_hidden<T>(read: Result<T, ForgeError>) -> Result<Option<T>, ForgeError> {
    match read {
        Ok(it) => Ok(Some(it)),
        Err(ForgeError::NotFound { .. } | ForgeError::Forbidden { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

impl Github {
    /// What a pull request is; none when there is no such one.
    pub(super) async fn detail_by_rest(
        &self,
        repo: &Repo,
        number: u64,
        comments: bool,
    ) -> Result<Option<Detail>, ForgeError> {
        let id = number.to_string();
        let it: Pull = match self.client.get(&self.url(repo, &["pulls", &id], &[])?).await {
            Ok(reply) => reply.json()?,
            Err(ForgeError::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let reviews = self.list::<Review>(self.url(repo, &["pulls", &id, "reviews"], &[PER_PAGE])?).await;
        let events = self.list::<Event>(self.url(repo, &["issues", &id, "events"], &[PER_PAGE])?).await;
        let given = unless_hidden(events)?.into_iter().flat_map(|pages| pages.rows).filter_map(given);
        let labels = it.label_names().into_iter().map(Untrusted::from).collect();
        let merge = it.merge_commit_sha.as_deref().and_then(|oid| Oid::parse(oid).ok());
        Ok(Some(Detail {
            title: Untrusted::from(it.title.unwrap_or_default()),
            author: login(it.user),
            open: it.state.as_deref() != Some("closed"),
            base: it.base.and_then(|base| base.name),
            merge: merge.filter(|_| it.merged_at.is_some()),
            merged_at: it.merged_at,
            merged_by: login(it.merged_by),
            added: it.additions,
            removed: it.deletions,
            files: it.changed_files,
            commits: it.commits,
            labels,
            approved_by: unless_hidden(reviews)?.map(|pages| approved(pages.rows)),
            given: given.collect(),
            comments: if comments { Some(self.comments_by_rest(repo, number).await?) } else { None },
        }))
    }

    /// Every comment of a pull request.
    pub(super) async fn comments_by_rest(&self, repo: &Repo, number: u64) -> Result<Vec<Remark>, ForgeError> {
        let url = self.url(repo, &["issues", &number.to_string(), "comments"], &[PER_PAGE])?;
        let pages: Pages<Comment> = self.list(url).await?;
        Ok(pages.rows.into_iter().filter_map(remark).collect())
    }

    /// Learns as what merged pull requests were merged of which no more is known yet.
    pub(super) async fn learn_merges(&self, repo: &Repo, lists: &Lists) -> Result<(), ForgeError> {
        let untold: BTreeSet<u64> = {
            let memory = self.memory();
            let known = |number: u64| {
                let key = (repo.clone(), number);
                memory.merges.contains_key(&key) || memory.picks.details.contains_key(&key)
            };
            let merged = lists.listed().filter(|it| it.merged_at.is_some() && it.merge.is_none());
            merged.map(|it| it.number).filter(|number| !known(*number)).collect()
        };
        let most = if self.client.has_token() { MERGES } else { WITHOUT_TOKEN };
        let newest = untold.into_iter().rev().take(most);
        try_join_all(newest.map(|number| self.merge_of(repo, number))).await?;
        Ok(())
    }

    async fn merge_of(&self, repo: &Repo, number: u64) -> Result<(), ForgeError> {
        let pull: Pull =
            self.client.get(&self.url(repo, &["pulls", &number.to_string()], &[])?).await?.json()?;
        let oid = pull.merge_commit_sha.as_deref().and_then(|oid| Oid::parse(oid).ok());
        self.memory().merges.insert((repo.clone(), number), oid);
        Ok(())
    }

    /// Reads whether open backports conflict, which lists by REST do not say.
    pub(super) async fn read_conflicts(&self, repo: &Repo, lists: &mut Lists) -> Result<(), ForgeError> {
        let mut left = if self.client.has_token() { BY_REST } else { WITHOUT_TOKEN };
        for it in lists.incoming.iter_mut().flat_map(|(_, rows)| rows) {
            let backport = &mut it.backport;
            let asked = backport.state == BackportState::Open && backport.conflict.is_none();
            if asked && !it.of.is_empty() && left > 0 {
                left -= 1;
                let url = self.url(repo, &["pulls", &it.number.to_string()], &[])?;
                let pull: Pull = self.client.get(&url).await?.json()?;
                backport.conflict = pull.mergeable.map(|clean| !clean);
            }
        }
        Ok(())
    }

    /// Reads the commits of labelled pull requests that were closed and not merged.
    pub(super) async fn read_closed(&self, repo: &Repo, lists: &Lists) -> Result<(), ForgeError> {
        let closed = lists.listed().filter(|it| !it.open && it.merged_at.is_none());
        let mut missing: Vec<u64> = closed.map(|it| it.number).collect();
        missing.order_by(|one, two| two.cmp(one));
        missing.dedup();
        missing.retain(|number| !self.memory().picks.closed.contains_key(&(repo.clone(), *number)));
        for number in missing.into_iter().take(COMMITS) {
            let found = self.commits_in(repo, number).await?;
            let row = |it: PullCommit| {
                let message = it.commit.and_then(|commit| commit.message).unwrap_or_default();
                let subject = Untrusted::from(message.lines().next().unwrap_or_default());
                Some(picks::PullCommit { oid: Oid::parse(&it.sha?).ok()?, subject })
            };
            let rows = found.into_iter().filter_map(row).take(50).collect();
            self.memory().picks.closed.insert((repo.clone(), number), rows);
        }
        Ok(())
    }

    /// The commits of a pull request, a hundred at most; none where they are hidden.
    pub(super) async fn commits_in(&self, repo: &Repo, number: u64) -> Result<Vec<PullCommit>, ForgeError> {
        let url = self.url(repo, &["pulls", &number.to_string(), "commits"], &[PER_PAGE])?;
        let reply = self.client.get(&url).await;
        unless_hidden(reply)?.map_or_else(|| Ok(Vec::new()), |reply| reply.json())
    }
}

/// Who approves, by the latest word of each.
fn approved(reviews: Vec<Review>) -> Vec<Untrusted> {
    let mut latest: BTreeMap<Untrusted, (usize, bool)> = BTreeMap::new();
    for (at, review) in reviews.into_iter().enumerate() {
        let state = review.state.unwrap_or_default();
        // A comment or a draft of a review takes nothing back.
        if matches!(&*state, "APPROVED" | "CHANGES_REQUESTED" | "DISMISSED")
            && let Some(who) = login(review.user)
        {
            latest.insert(who, (at, state == "APPROVED"));
        }
    }
    let mut approved: Vec<_> = latest.into_iter().filter(|(_, (_, yes))| *yes).collect();
    approved.order_by_key(|(_, (at, _))| *at);
    approved.into_iter().map(|(who, _)| who).collect()
}

fn given(it: Event) -> Option<Given> {
    let (is_label, text) = match it.event.as_deref() {
        Some("labeled") => (true, it.label?.name?),
        Some("milestoned") => (false, it.milestone?.title?),
        _ => return None,
    };
    Some(Given { is_label, name: Untrusted::from(text), login: login(it.actor), at: it.created_at })
}

fn remark(it: Comment) -> Option<Remark> {
    let at = it.created_at?;
    Some(Remark {
        login: login(it.user).unwrap_or_else(|| "ghost".into()),
        at,
        edited: it.updated_at.filter(|edited| *edited > at),
        may_write: may_write(it.author_association.as_deref()),
        body: it.body.unwrap_or_default(),
    })
}
