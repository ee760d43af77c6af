//! The pick queue: pull requests that a label proposes for a line.

use super::{Github, PER_PAGE, Pages, Read};
use crate::forge::error::ForgeError;
use crate::forge::graphql;
use crate::forge::wire::issue;
use crate::release::ids::{Branch, Oid, Repo};
use crate::release::observe::Sighting;
use crate::release::picks::{Pick, PickState};
use crate::release::text::Untrusted;
use futures_util::future::try_join_all;
use std::collections::BTreeMap;

impl Github {
    /// Open and merged pull requests with one of the labels; those closed without a merge are out.
    pub(super) async fn see_picks(
        &self,
        repo: &Repo,
        labels: &[(Untrusted, Branch)],
    ) -> Result<Read, ForgeError> {
        let lists = try_join_all(labels.iter().map(|(label, _)| self.labelled(repo, label))).await?;
        let unchanged = lists.iter().all(|list| list.unchanged);
        let pulls: Vec<_> =
            lists.iter().flat_map(|list| &list.rows).filter(|it| it.pull_request.is_some()).collect();
        self.learn_merges(repo, &pulls).await?;
        let mut picks = BTreeMap::new();
        for ((label, line), list) in labels.iter().zip(&lists) {
            for it in &list.rows {
                if let Some(pick) = self.pick(repo, it, label, line) {
                    picks.entry((pick.number, line.clone())).or_insert(pick);
                }
            }
        }
        Ok(Read::new(Sighting::Picks(repo.clone(), picks.into_values().collect()), unchanged))
    }

    /// Everything with a label. The list of issues is the one that GitHub filters by label, pull requests included.
    async fn labelled(&self, repo: &Repo, label: &Untrusted) -> Result<Pages<issue::Issue>, ForgeError> {
        let query =
            [("labels", label.raw()), ("state", "all"), ("sort", "created"), ("direction", "asc"), PER_PAGE];
        self.list(self.url(repo, &["issues"], &query)?).await
    }

    fn pick(&self, repo: &Repo, it: &issue::Issue, label: &Untrusted, line: &Branch) -> Option<Pick> {
        let number = it.number?;
        let merged_at = it.pull_request.as_ref()?.merged_at;
        if merged_at.is_none() && it.state.as_deref() == Some("closed") {
            return None;
        }
        let merged = self.memory().merges.get(&(repo.clone(), number)).copied().flatten();
        Some(Pick {
            number,
            title: Untrusted::from(it.title.as_deref().unwrap_or_default()),
            author: it.user.as_ref().and_then(|user| user.login.as_deref()).map(Untrusted::from),
            line: line.clone(),
            label: label.clone(),
            state: if merged_at.is_some() { PickState::Proposed } else { PickState::NotMerged },
            evidence: None,
            merged: merged.filter(|_| merged_at.is_some()),
            at: merged_at,
            asked: Vec::new(),
            backport: None,
            facts: None,
        })
    }

    /// Learns the merge commits of merged pull requests: by GraphQL a hundred at a time, else one by one.
    async fn learn_merges(&self, repo: &Repo, pulls: &[&issue::Issue]) -> Result<(), ForgeError> {
        let missing = |github: &Self| -> Vec<(u64, Option<String>)> {
            let memory = github.memory();
            let merged = pulls
                .iter()
                .filter(|it| it.pull_request.as_ref().is_some_and(|pull| pull.merged_at.is_some()));
            let missing = merged.filter_map(|it| Some((it.number?, it.node_id.clone())));
            missing.filter(|(number, _)| !memory.merges.contains_key(&(repo.clone(), *number))).collect()
        };
        if self.client.has_token() {
            for some in missing(self).chunks(100) {
                let ids: Vec<_> = some.iter().filter_map(|(_, id)| id.as_deref()).collect();
                let Ok(data) = self.client.query(graphql::MERGES, serde_json::json!({ "ids": ids })).await
                else {
                    break;
                };
                for node in data["nodes"].as_array().into_iter().flatten() {
                    let at = some.iter().find(|(_, id)| id.is_some() && id.as_deref() == node["id"].as_str());
                    let oid = node["mergeCommit"]["oid"].as_str().and_then(|oid| Oid::parse(oid).ok());
                    if let (Some((number, _)), Some(oid)) = (at, oid) {
                        self.memory().merges.insert((repo.clone(), *number), Some(oid));
                    }
                }
            }
        }
        let left = missing(self);
        try_join_all(left.iter().map(|(number, _)| self.learn_merge(repo, *number))).await?;
        Ok(())
    }

    async fn learn_merge(&self, repo: &Repo, number: u64) -> Result<(), ForgeError> {
        let url = self.url(repo, &["pulls", &number.to_string()], &[])?;
        let pull: issue::Pull = self.client.get(&url).await?.json()?;
        let oid = pull.merge_commit_sha.as_deref().and_then(|oid| Oid::parse(oid).ok());
        self.memory().merges.insert((repo.clone(), number), oid);
        Ok(())
    }
}
