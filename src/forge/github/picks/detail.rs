//! What is known of one pull request: by one query for fifty, or by REST for a few.

use super::super::{Github, incomplete};
use super::{BY_REST, HOLDS, WITHOUT_TOKEN};
use crate::forge::error::{ForgeError, Trail};
use crate::forge::graphql;
use crate::forge::wire::overview::{self, Candidate, Found};
use crate::order::Order as _;
use crate::release::ids::{Oid, Repo};
use crate::release::text::Untrusted;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Instant;

/// Pull requests that one query asks for.
const AT_ONCE: usize = 50;

/// What is wanted of a pull request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Want {
    /// When it last changed, where a list says so.
    pub updated: Option<DateTime<Utc>>,
    /// Whether its comments are wanted.
    pub comments: bool,
}

/// What was read of a pull request, and when.
pub(super) struct Kept {
    at: Instant,
    updated: Option<DateTime<Utc>>,
    /// None when there is no such pull request.
    pub detail: Option<Detail>,
}

/// What a pull request is.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Detail {
    pub title: Untrusted,
    pub author: Option<Untrusted>,
    pub open: bool,
    pub base: Option<String>,
    pub merged_at: Option<DateTime<Utc>>,
    pub merged_by: Option<Untrusted>,
    pub merge: Option<Oid>,
    pub added: Option<u32>,
    pub removed: Option<u32>,
    pub files: Option<u32>,
    pub commits: Option<u32>,
    pub labels: Vec<Untrusted>,
    /// None when reviews cannot be read.
    pub approved_by: Option<Vec<Untrusted>>,
    /// Who gave it a label or a milestone, when; the last time of each.
    pub given: Vec<Given>,
    /// None when they were not asked for.
    pub comments: Option<Vec<Remark>>,
}

/// A label or a milestone that was given.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Given {
    pub is_label: bool,
    pub name: Untrusted,
    pub login: Option<Untrusted>,
    pub at: Option<DateTime<Utc>>,
}

/// A comment.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Remark {
    pub login: Untrusted,
    pub at: DateTime<Utc>,
    pub edited: Option<DateTime<Utc>>,
    pub may_write: bool,
    pub body: String,
}

impl Kept {
    pub(super) fn new(updated: Option<DateTime<Utc>>, detail: Option<Detail>) -> Self {
        Self { at: Instant::now(), updated, detail }
    }

    /// Whether it need not be read again. Of comments nothing tells that one was taken away.
    fn serves(&self, want: Want) -> bool {
        let same = want.updated.is_some() && want.updated == self.updated;
        same && !want.comments && self.at.elapsed() < HOLDS
    }
}

impl Github {
    /// Learns what pull requests are; gives how many are left for later.
    pub(super) async fn learn(&self, repo: &Repo, wants: &BTreeMap<u64, Want>) -> Result<usize, ForgeError> {
        let missing: Vec<(u64, Want)> = {
            let known = &self.memory().picks.details;
            let serves = |number: u64, want: Want| {
                known.get(&(repo.clone(), number)).is_some_and(|kept| kept.serves(want))
            };
            wants
                .iter()
                .filter(|(number, want)| !serves(**number, **want))
                .map(|(it, want)| (*it, *want))
                .collect()
        };
        let mut left = Vec::new();
        let mut unasked = &missing[..];
        if self.client.has_token() && !self.memory().picks.no_details {
            for some in missing.chunks(AT_ONCE) {
                match self.learn_some(repo, some).await {
                    Ok(untold) => left.extend(untold),
                    Err(error) => {
                        let refused = matches!(error, ForgeError::Graphql { .. }) || error.is_refusal();
                        self.memory().picks.no_details |= refused;
                        break;
                    }
                }
                unasked = &unasked[some.len()..];
            }
        }
        left.extend_from_slice(unasked);
        left.order_by_key(|(number, _)| {
            // What is not known at all comes first, then the newest.
            let known = self.memory().picks.details.contains_key(&(repo.clone(), *number));
            (known, std::cmp::Reverse(*number))
        });
        let most = if self.client.has_token() { BY_REST } else { WITHOUT_TOKEN };
        for (number, want) in left.iter().take(most) {
            let detail = self.detail_by_rest(repo, *number, want.comments).await?;
            self.memory().picks.details.insert((repo.clone(), *number), Kept::new(want.updated, detail));
        }
        let memory = self.memory();
        let unknown =
            |(number, _): &&(u64, Want)| !memory.picks.details.contains_key(&(repo.clone(), *number));
        Ok(left.iter().filter(unknown).count())
    }

    /// Learns what some pull requests are by one query; gives those that it did not tell, and did not say to be absent.
    async fn learn_some(&self, repo: &Repo, some: &[(u64, Want)]) -> Result<Vec<(u64, Want)>, ForgeError> {
        let mut variables = json!({ "owner": repo.owner(), "name": repo.name() });
        let talked: Vec<u64> =
            some.iter().filter(|(_, want)| want.comments).map(|(number, _)| *number).collect();
        for (at, (number, _)) in some.iter().enumerate() {
            variables[format!("p{at}")] = Value::from(*number);
        }
        for (at, number) in talked.iter().enumerate() {
            variables[format!("c{at}")] = Value::from(*number);
        }
        let document = graphql::candidates_for(some.len(), talked.len());
        let told = self.client.query_some(&document, variables).await?;
        let found = &told.data["repository"];
        if !found.is_object() {
            return Err(incomplete("no repository", Trail::default()));
        }
        let mut untold = Vec::new();
        for (at, (number, want)) in some.iter().enumerate() {
            let alias = format!("p{at}");
            let mut detail = read(&found[&alias]).filter(|it| it.number == Some(*number)).map(detail);
            if detail.is_none() && !told.absent.contains(&alias) {
                untold.push((*number, *want));
                continue;
            }
            if let Some(detail) = detail.as_mut().filter(|_| want.comments) {
                let at = talked.iter().position(|it| it == number).unwrap_or_default();
                let told = read(&found[format!("c{at}")]).and_then(|it| it.comments);
                detail.comments = match told {
                    Some(it) if it.total_count.is_some_and(|count| count <= 100) => {
                        Some(it.rows().filter_map(remark).collect())
                    }
                    // More than a page, or nothing that can be read: the whole list.
                    _ => Some(self.comments_by_rest(repo, *number).await?),
                };
            }
            self.memory().picks.details.insert((repo.clone(), *number), Kept::new(want.updated, detail));
        }
        Ok(untold)
    }
}

fn read(value: &Value) -> Option<Candidate> {
    if value.is_object() { serde_json::from_value(value.clone()).ok() } else { None }
}

fn name(found: Option<Found>) -> Option<Untrusted> {
    found.and_then(Found::name).map(Untrusted::from)
}

fn detail(it: Candidate) -> Detail {
    let merge = it.merge_commit.and_then(|commit| commit.oid).and_then(|oid| Oid::parse(&oid).ok());
    let approved = it.latest_opinionated_reviews.map(|reviews| {
        let approves = reviews.rows().filter(|review| review.state.as_deref() == Some("APPROVED"));
        approves.filter_map(|review| name(review.author)).collect()
    });
    let given = it.timeline_items.into_iter().flat_map(overview::Nodes::rows).filter_map(|event| {
        let (is_label, text) = match (event.label.and_then(|label| label.name), event.milestone_title) {
            (Some(label), _) => (true, label),
            (None, Some(title)) => (false, title),
            (None, None) => return None,
        };
        Some(Given { is_label, name: Untrusted::from(text), login: name(event.actor), at: event.created_at })
    });
    let labels = it.labels.into_iter().flat_map(overview::Nodes::rows).filter_map(|label| label.name);
    Detail {
        title: Untrusted::from(it.title.unwrap_or_default()),
        author: name(it.author),
        open: it.state.as_deref() == Some("OPEN"),
        base: it.base_ref_name,
        merge: merge.filter(|_| it.merged_at.is_some()),
        merged_at: it.merged_at,
        merged_by: name(it.merged_by),
        added: it.additions,
        removed: it.deletions,
        files: it.changed_files,
        commits: it.commits.and_then(|commits| commits.total_count),
        labels: labels.map(Untrusted::from).collect(),
        approved_by: approved,
        given: given.collect(),
        comments: None,
    }
}

fn remark(it: overview::Comment) -> Option<Remark> {
    let at = it.created_at?;
    Some(Remark {
        login: name(it.author).unwrap_or_else(|| "ghost".into()),
        at,
        edited: it.updated_at.filter(|edited| *edited > at),
        may_write: super::lists::may_write(it.author_association.as_deref()),
        body: it.body.unwrap_or_default(),
    })
}
