//! Required checks, picks and releases of a refresh: one GraphQL query when something moved, 304s when nothing did.
//!
//! Whatever the query cannot say for certain is read by REST: a branch that it does not find, protection that it is
//! silent about, a list of more than a page. A token or server that refuses the query is not asked by it again.

use super::{Github, PER_PAGE};
use crate::forge::error::ForgeError;
use crate::forge::graphql;
use crate::forge::wire::overview::{Found, Labelled, Page, Reference, Release};
use crate::forge::wire::repo;
use crate::forge::{Look, Seen, Source};
use crate::release::candidates::ForgeRelease;
use crate::release::checks::RequiredSeen;
use crate::release::ids::{Branch, Oid, Repo};
use crate::release::looks::Topic;
use crate::release::observe::Sighting;
use crate::release::picks::{Pick, PickState};
use crate::release::text::Untrusted;
use futures_util::future::join_all;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{Hash, Hasher};

/// What is remembered of these looks.
#[derive(Default)]
pub(super) struct Lines {
    /// Whether GraphQL refuses the query.
    refused: bool,
    /// Topics that do not fit a page: they are read by REST.
    long: BTreeSet<Topic>,
    kept: Vec<Kept>,
}

/// A look as it was read last.
struct Kept {
    look: Look,
    sighting: Sighting,
    /// Taken before it was read: as long as it holds nothing has changed.
    seal: Option<u64>,
}

impl Lines {
    /// Whether nothing was read yet.
    pub(super) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }
}

impl Github {
    /// One sighting for each of the looks, in their order. `moved` when it is known already that something changed:
    /// then it is not asked whether. `learn` to pay for what tells the next time that nothing did.
    pub(super) async fn see_lines(&self, at: &Repo, looks: &[Look], moved: bool, learn: bool) -> Vec<Seen> {
        let by_query = {
            let memory = self.memory();
            let fits = |look: &&Look| !memory.lines.long.contains(&look.key().topic);
            let some: Vec<_> = looks.iter().filter(fits).cloned().collect();
            if self.client.has_token() && !memory.lines.refused && some.len() > 1 { some } else { Vec::new() }
        };
        let seals = if moved { BTreeMap::new() } else { self.seals(at, &by_query, learn).await };
        let mut told = self.still(&by_query, &seals);
        let due: Vec<_> = by_query.into_iter().filter(|look| !told.contains_key(&look.key())).collect();
        for (look, sighting) in self.overview(at, &due).await {
            let key = look.key();
            self.keep(look, &sighting, seals.get(&key.topic).copied());
            told.insert(key, (sighting, Source::Live));
        }
        join_all(looks.iter().map(|look| {
            let known = told.get(&look.key()).cloned();
            async move {
                match known {
                    Some((sighting, source)) => Seen { sighting, source, note: None, until: None },
                    None => self.see(look).await,
                }
            }
        }))
        .await
    }

    /// What holds still, by its seal.
    fn still(
        &self,
        looks: &[Look],
        seals: &BTreeMap<Topic, u64>,
    ) -> HashMap<crate::release::looks::LookKey, (Sighting, Source)> {
        let memory = self.memory();
        let still = looks.iter().filter_map(|look| {
            let kept = memory.lines.kept.iter().find(|kept| kept.look == *look)?;
            let seal = seals.get(&look.key().topic)?;
            (kept.seal == Some(*seal)).then(|| (look.key(), (kept.sighting.clone(), Source::Unchanged)))
        });
        still.collect()
    }

    /// Keeps what was read. Without a new seal an older one stays: what held before this was read holds it too.
    fn keep(&self, look: Look, sighting: &Sighting, seal: Option<u64>) {
        let mut memory = self.memory();
        let key = look.key();
        let older = memory.lines.kept.iter().position(|kept| kept.look.key() == key);
        let older = older.map(|at| memory.lines.kept.swap_remove(at));
        let seal = seal.or(older.filter(|kept| kept.look == look).and_then(|kept| kept.seal));
        memory.lines.kept.push(Kept { look, sighting: sighting.clone(), seal });
    }

    /// What tells whether a topic changed. Asked for what was read before, and costs nothing when nothing changed.
    async fn seals(&self, at: &Repo, looks: &[Look], learn: bool) -> BTreeMap<Topic, u64> {
        let topics: BTreeSet<_> = {
            let memory = self.memory();
            let kept = memory.lines.kept.iter().filter(|kept| looks.contains(&kept.look));
            kept.filter(|kept| learn || kept.seal.is_some()).map(|kept| kept.look.key().topic).collect()
        };
        let read = join_all(topics.iter().map(|topic| self.topic_seal(at, *topic))).await;
        topics.into_iter().zip(read).filter_map(|(topic, seal)| Some((topic, seal.ok()?))).collect()
    }

    async fn topic_seal(&self, at: &Repo, topic: Topic) -> Result<u64, ForgeError> {
        let mut seal = std::hash::DefaultHasher::new();
        match topic {
            Topic::Required => {
                let branches = self.url(at, &["branches"], &[("protected", "true"), PER_PAGE])?;
                let branches = self.list::<repo::Branch>(branches).await?;
                // A push changes the list as well; what counts is who is protected how.
                format!("{:?}", branches.rows).hash(&mut seal);
                match self.list::<serde::de::IgnoredAny>(self.url(at, &["rulesets"], &[PER_PAGE])?).await {
                    Ok(sets) => sets.seal.hash(&mut seal),
                    // An Enterprise server before 3.11 has no rulesets.
                    Err(ForgeError::NotFound { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
            // A label, a merge, a title: each makes its pull request the one that changed last.
            Topic::Picks => {
                let query = [("state", "all"), ("sort", "updated"), ("direction", "desc"), ("per_page", "1")];
                self.client.get(&self.url(at, &["issues"], &query)?).await?.body.hash(&mut seal);
            }
            _ => {
                let list = self.list::<serde::de::IgnoredAny>(self.url(at, &["releases"], &[PER_PAGE])?);
                list.await?.seal.hash(&mut seal);
            }
        }
        Ok(seal.finish())
    }

    /// What one query tells of the looks; those that it cannot tell for certain are left out.
    async fn overview(&self, at: &Repo, due: &[Look]) -> Vec<(Look, Sighting)> {
        let branches: Vec<&Branch> = due.iter().filter_map(required).collect();
        let mut labels: Vec<&Untrusted> = Vec::new();
        for label in due.iter().flat_map(proposed).map(|(label, _)| label) {
            if !labels.contains(&label) {
                labels.push(label);
            }
        }
        let releases = due.iter().any(|look| matches!(look, Look::Releases(_)));
        // One list is as cheap by REST, and free when nothing changed.
        if branches.is_empty() && labels.is_empty() {
            return Vec::new();
        }
        let mut variables = json!({ "owner": at.owner(), "name": at.name() });
        for (index, branch) in branches.iter().enumerate() {
            variables[format!("b{index}")] = Value::from(branch.full());
        }
        for (index, label) in labels.iter().enumerate() {
            variables[format!("l{index}")] = Value::from(label.raw());
        }
        let document = graphql::overview_for(branches.len(), labels.len(), releases);
        let data = match self.client.query(&document, variables).await {
            Ok(data) => data,
            Err(error) => {
                self.memory().lines.refused |=
                    matches!(error, ForgeError::Graphql { .. }) || error.is_refusal();
                return Vec::new();
            }
        };
        let found = &data["repository"];
        let told = due.iter().filter_map(|look| {
            let sighting = match look {
                Look::Required { branch, .. } => {
                    let index = branches.iter().position(|it| *it == branch)?;
                    Sighting::Required(guard(branch, &read(&found[format!("b{index}")])?)?)
                }
                Look::Picks { repo, labels: proposed } => {
                    let page = |label: &Untrusted| {
                        let index = labels.iter().position(|it| *it == label)?;
                        self.whole(Topic::Picks, &found[format!("l{index}")])
                    };
                    Sighting::Picks(repo.clone(), picks(proposed, page)?)
                }
                _ => Sighting::Releases(rows(self.whole(Topic::Releases, &found["releases"])?)?),
            };
            Some((look.clone(), sighting))
        });
        told.collect()
    }

    /// The rows of a list; none when it has further pages, which is remembered.
    fn whole<T: DeserializeOwned>(&self, topic: Topic, page: &Value) -> Option<Vec<T>> {
        let page: Page<T> = read(page)?;
        if page.page_info.has_next_page != Some(false) {
            self.memory().lines.long.insert(topic);
            return None;
        }
        page.nodes
    }
}

fn required(look: &Look) -> Option<&Branch> {
    match look {
        Look::Required { branch, .. } => Some(branch),
        _ => None,
    }
}

fn proposed(look: &Look) -> &[(Untrusted, Branch)] {
    match look {
        Look::Picks { labels, .. } => labels,
        _ => &[],
    }
}

fn read<T: DeserializeOwned>(value: &Value) -> Option<T> {
    serde_json::from_value(value.clone()).ok()
}

/// What protects a branch; none where the answer is silent, which must not be taken for nothing.
fn guard(branch: &Branch, found: &Reference) -> Option<RequiredSeen> {
    let rules = found.rules.as_ref().filter(|page| page.page_info.has_next_page == Some(false))?;
    let rules = rules.nodes.as_ref()?;
    let mut contexts = BTreeSet::new();
    if let Some(classic) = &found.ref_update_rule {
        for context in classic.required_status_check_contexts.as_ref()? {
            contexts.insert(context.clone()?);
        }
    }
    for rule in rules {
        if rule.kind.as_deref()? == "REQUIRED_STATUS_CHECKS" {
            let checks = rule.parameters.as_ref()?.required_status_checks.as_ref()?;
            for check in checks {
                contexts.insert(check.context.clone()?);
            }
        }
    }
    let protected = found.ref_update_rule.is_some() || !rules.is_empty();
    let contexts = contexts.into_iter().map(Untrusted::from).collect();
    Some(RequiredSeen { branch: branch.clone(), contexts, protected })
}

fn picks(
    labels: &[(Untrusted, Branch)],
    page: impl Fn(&Untrusted) -> Option<Vec<Labelled>>,
) -> Option<Vec<Pick>> {
    let mut picks = BTreeMap::new();
    for (label, line) in labels {
        for it in page(label)? {
            let pick = pick(it, label, line)?;
            picks.entry((pick.number, line.clone())).or_insert(pick);
        }
    }
    Some(picks.into_values().collect())
}

fn pick(it: Labelled, label: &Untrusted, line: &Branch) -> Option<Pick> {
    // REST says `[bot]` after a bot's login.
    let login = |found: Found| match (found.kind.as_deref(), found.login?) {
        (Some("Bot"), login) if !login.ends_with("[bot]") => Some(format!("{login}[bot]")),
        (_, login) => Some(login),
    };
    let merged = it.merge_commit.and_then(|commit| commit.oid).and_then(|oid| Oid::parse(&oid).ok());
    Some(Pick {
        number: it.number?,
        title: Untrusted::from(it.title.unwrap_or_default()),
        author: it.author.and_then(login).map(Untrusted::from),
        line: line.clone(),
        label: label.clone(),
        state: if it.merged_at.is_some() { PickState::Proposed } else { PickState::NotMerged },
        evidence: None,
        merged: merged.filter(|_| it.merged_at.is_some()),
        at: it.merged_at,
        asked: Vec::new(),
        backport: None,
        facts: None,
    })
}

fn rows(found: Vec<Release>) -> Option<Vec<ForgeRelease>> {
    let row = |it: Release| {
        Some(ForgeRelease {
            id: it.database_id?,
            tag: Untrusted::from(it.tag_name.unwrap_or_default()),
            name: it.name.filter(|name| !name.is_empty()).map(Untrusted::from),
            draft: it.is_draft.unwrap_or(it.published_at.is_none()),
            prerelease: it.is_prerelease.unwrap_or_default(),
            published: it.published_at,
            assets: it.release_assets.and_then(|assets| assets.total_count).unwrap_or_default(),
        })
    };
    let rows = found.into_iter().map(row).collect::<Option<Vec<_>>>();
    rows.map(super::releases::sorted)
}
