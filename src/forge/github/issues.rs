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
        let Some(number) = self.milestone_number(repo, milestone).await? else {
            return Ok(Read::new(Sighting::Issues(repo.clone(), Vec::new()), false));
        };
        let number = number.to_string();
        // Oldest first: what is opened while the pages are read comes last and shifts nothing.
        let query =
            [("milestone", &*number), ("state", "all"), ("sort", "created"), ("direction", "asc"), PER_PAGE];
        let pages: Pages<issue::Issue> = self.list(self.url(repo, &["issues"], &query)?).await?;
        let rolls = self.rolls(&pages.rows).await;
        let mut rows = BTreeMap::new();
        for it in pages.rows {
            let count = key(&it).and_then(|key| rolls.get(&key).copied());
            let row =
                row(it, count).ok_or_else(|| incomplete("an issue without a number", Trail::default()))?;
            rows.insert(row.number, row);
        }
        let sighting = Sighting::Issues(repo.clone(), rows.into_values().collect());
        Ok(Read::new(sighting, pages.unchanged))
    }

    /// How often each issue was taken out of a milestone. Only those that changed since they were last counted are
    /// asked for; when GraphQL is refused the counts stay unknown, which is no error.
    async fn rolls(&self, issues: &[issue::Issue]) -> BTreeMap<(String, DateTime<Utc>), u32> {
        let keys: Vec<_> = issues.iter().filter_map(key).collect();
        let known = |github: &Self| -> BTreeMap<_, _> {
            let memory = github.memory();
            keys.iter().filter_map(|key| memory.rolls.get(key).map(|count| (key.clone(), *count))).collect()
        };
        let found = known(self);
        let missing: Vec<_> = keys.iter().filter(|key| !found.contains_key(*key)).collect();
        if missing.is_empty() || keys.len() > ROLLS || !self.client.has_token() || self.memory().no_rolls {
            return found;
        }
        for some in missing.chunks(100) {
            let ids: Vec<_> = some.iter().map(|(id, _)| id.as_str()).collect();
            let data = match self.client.query(graphql::ROLLS, serde_json::json!({ "ids": ids })).await {
                Ok(data) => data,
                Err(error) => {
                    self.memory().no_rolls |= error.is_refusal();
                    break;
                }
            };
            let mut memory = self.memory();
            for node in data["nodes"].as_array().into_iter().flatten() {
                let count =
                    node["timelineItems"]["totalCount"].as_u64().and_then(|it| u32::try_from(it).ok());
                let at = some.iter().find(|(id, _)| Some(id.as_str()) == node["id"].as_str());
                if let (Some(count), Some(at)) = (count, at) {
                    memory.rolls.retain(|(id, _), _| *id != at.0);
                    memory.rolls.insert((*at).clone(), count);
                }
            }
        }
        known(self)
    }
}

fn key(it: &issue::Issue) -> Option<(String, DateTime<Utc>)> {
    Some((it.node_id.clone()?, it.updated_at?))
}

/// An issue as a row; none when it has no number.
pub(super) fn row(it: issue::Issue, rolls: Option<u32>) -> Option<Issue> {
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
        rolls,
    })
}
