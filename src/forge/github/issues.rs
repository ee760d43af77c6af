//! Issues of a milestone, with how often each was moved on before.

use super::{Github, PER_PAGE, Pages, Read, incomplete};
use crate::forge::error::{ForgeError, Trail};
use crate::forge::graphql;
use crate::forge::wire::issue;
use crate::release::ids::Repo;
use crate::release::milestone::Issue;
use crate::release::observe::Sighting;
use crate::release::text::Untrusted;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// Issues of one milestone for which the rolls are counted: ten requests on the first look.
const ROLLS: usize = 1_000;

impl Github {
    /// Every issue and pull request of the milestone with a title.
    pub(super) async fn see_issues(&self, repo: &Repo, milestone: &Untrusted) -> Result<Read, ForgeError> {
        let number = self.milestone_number(repo, milestone).await?;
        let pages = self.issues_in(repo, number).await?;
        self.learn_rolls(pages.rows.iter()).await;
        self.issues_read(repo, pages)
    }

    /// Every page of a milestone's issues; none when there is no milestone.
    pub(super) async fn issues_in(
        &self,
        repo: &Repo,
        number: Option<u64>,
    ) -> Result<Pages<issue::Issue>, ForgeError> {
        let Some(number) = number.map(|it| it.to_string()) else {
            return Ok(Pages { rows: Vec::new(), sha: None, unchanged: true, seal: 0 });
        };
        // Oldest first: what is opened while the pages are read comes last and shifts nothing.
        let query =
            [("milestone", &*number), ("state", "all"), ("sort", "created"), ("direction", "asc"), PER_PAGE];
        self.list(self.url(repo, &["issues"], &query)?).await
    }

    /// Issues as a sighting, with the rolls that are known.
    pub(super) fn issues_read(&self, repo: &Repo, pages: Pages<issue::Issue>) -> Result<Read, ForgeError> {
        let memory = self.memory();
        let mut rows = BTreeMap::new();
        for it in pages.rows {
            if !it.has_all_labels() {
                // A label decides whether an issue blocks: one that is not said would let a release go.
                let why = format!("the labels of #{} are not all there", it.number.unwrap_or_default());
                return Err(incomplete(&why, Trail::default()));
            }
            let count = key(&it).and_then(|key| memory.rolls.get(&key).copied());
            let row =
                row(it, count).ok_or_else(|| incomplete("an issue without a number", Trail::default()))?;
            rows.insert(row.number, row);
        }
        let sighting = Sighting::Issues(repo.clone(), rows.into_values().collect());
        Ok(Read::new(sighting, pages.unchanged))
    }

    /// Learns how often each issue was taken out of a milestone. Only those that changed since they were last counted
    /// are asked for; when GraphQL is refused the counts stay unknown, which is no error.
    pub(super) async fn learn_rolls<'a>(&self, issues: impl Iterator<Item = &'a issue::Issue>) {
        let keys: Vec<_> = issues.filter_map(key).collect();
        let missing: Vec<_> = {
            let memory = self.memory();
            if memory.no_rolls || !self.client.has_token() || keys.len() > ROLLS {
                return;
            }
            keys.into_iter().filter(|key| !memory.rolls.contains_key(key)).collect()
        };
        for some in missing.chunks(100) {
            let ids: Vec<_> = some.iter().map(|(id, _)| id.as_str()).collect();
            let data = match self.client.query(graphql::ROLLS, serde_json::json!({ "ids": ids })).await {
                Ok(data) => data,
                Err(error) => {
                    self.memory().no_rolls |= error.is_refusal();
                    return;
                }
            };
            let mut memory = self.memory();
            memory.rolls.retain(|(known, _), _| !ids.contains(&known.as_str()));
            for node in data["nodes"].as_array().into_iter().flatten() {
                let count =
                    node["timelineItems"]["totalCount"].as_u64().and_then(|it| u32::try_from(it).ok());
                let at = some.iter().find(|(id, _)| Some(id.as_str()) == node["id"].as_str());
                let entered = node["entered"]["nodes"][0]["createdAt"].as_str();
                let entered = entered.and_then(|at| at.parse::<DateTime<Utc>>().ok());
                if let (Some(count), Some(at)) = (count, at) {
                    memory.rolls.insert(at.clone(), (count, entered));
                }
            }
        }
    }
}

fn key(it: &issue::Issue) -> Option<(String, DateTime<Utc>)> {
    Some((it.node_id.clone()?, it.updated_at?))
}

/// An issue as a row; none when it has no number.
pub(super) fn row(it: issue::Issue, known: Option<(u32, Option<DateTime<Utc>>)>) -> Option<Issue> {
    let texts = |texts: Vec<&str>| texts.into_iter().map(Untrusted::from).collect::<Vec<_>>();
    let created = it.created_at.or(it.updated_at).unwrap_or(DateTime::UNIX_EPOCH);
    Some(Issue {
        number: it.number?,
        labels: texts(it.label_names()),
        assignees: texts(it.assigned()),
        // What is not said to be closed holds the release.
        open: it.state.as_deref() != Some("closed"),
        pull: it.pull_request.is_some(),
        author: it.user.and_then(|user| user.login).map(Untrusted::from),
        milestone: it.milestone.and_then(|milestone| milestone.number),
        created,
        updated: it.updated_at.unwrap_or(created),
        closed: it.closed_at,
        comments: it.comments.unwrap_or_default(),
        title: Untrusted::from(it.title.unwrap_or_default()),
        rolls: known.map(|(rolls, _)| rolls),
        entered: known.and_then(|(_, entered)| entered),
    })
}
