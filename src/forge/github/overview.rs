//! Required checks, picks and releases of a refresh: one GraphQL query when something moved, 304s when nothing did.
//!
//! Whatever the query cannot say for certain is read by REST: a branch that it does not find, protection that it is
//! silent about, a list of more than a page. A token or server that refuses the query is not asked by it again.

use super::picks::{HOLDS, Incoming, Listed, Lists};
use super::{Github, PER_PAGE};
use crate::forge::error::ForgeError;
use crate::forge::graphql;
use crate::forge::wire::overview::{self, Labelled, Page, Reference, Release};
use crate::forge::wire::repo;
use crate::forge::{Look, Seen, Source};
use crate::release::candidates::ForgeRelease;
use crate::release::checks::RequiredSeen;
use crate::release::ids::{Branch, Repo};
use crate::release::looks::Topic;
use crate::release::observe::Sighting;
use crate::release::picks::Gather;
use crate::release::text::Untrusted;
use futures_util::future::join_all;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{Hash, Hasher};
use std::time::Instant;

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
    at: Instant,
}

impl Kept {
    /// Whether the seal tells all. Of picks it does not: checks end and branches move without a trace in the lists, and
    /// what was left unread is read next.
    fn holds(&self) -> bool {
        let partly = matches!(self.sighting, Sighting::Picks(.., Some(_)));
        !matches!(self.look, Look::Picks { .. }) || !partly && self.at.elapsed() < HOLDS
    }
}

/// A look and what it brought.
type Told = (Look, Sighting, Option<String>);

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
            let many = some.len() > 1 || some.iter().any(|look| matches!(look, Look::Picks { .. }));
            if self.client.has_token() && !memory.lines.refused && many { some } else { Vec::new() }
        };
        let seals = if moved { BTreeMap::new() } else { self.seals(at, &by_query, learn).await };
        let mut told = self.still(&by_query, &seals);
        let due: Vec<_> = by_query.into_iter().filter(|look| !told.contains_key(&look.key())).collect();
        for (look, sighting, note) in self.overview(at, &due).await {
            let key = look.key();
            self.keep(look, &sighting, seals.get(&key.topic).copied());
            told.insert(key, (sighting, Source::Live, note));
        }
        join_all(looks.iter().map(|look| {
            let known = told.get(&look.key()).cloned();
            async move {
                match known {
                    Some((sighting, source, note)) => Seen { sighting, source, note, until: None },
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
    ) -> HashMap<crate::release::looks::LookKey, (Sighting, Source, Option<String>)> {
        let memory = self.memory();
        let still = looks.iter().filter_map(|look| {
            let kept = memory.lines.kept.iter().find(|kept| kept.look == *look)?;
            let seal = seals.get(&look.key().topic)?;
            let still = kept.seal == Some(*seal) && kept.holds();
            still.then(|| (look.key(), (kept.sighting.clone(), Source::Unchanged, None)))
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
        memory.lines.kept.push(Kept { look, sighting: sighting.clone(), seal, at: Instant::now() });
    }

    /// What tells whether a topic changed. Asked for what was read before, and costs nothing when nothing changed.
    async fn seals(&self, at: &Repo, looks: &[Look], learn: bool) -> BTreeMap<Topic, u64> {
        let topics: BTreeSet<_> = {
            let memory = self.memory();
            let kept = memory.lines.kept.iter().filter(|kept| looks.contains(&kept.look));
            kept.filter(|kept| learn || kept.seal.is_some()).map(|kept| kept.look.key().topic).collect()
        };
        let comments = looks.iter().any(|look| gathered(look).is_some_and(|it| !it.commands.is_empty()));
        let read = join_all(topics.iter().map(|topic| self.topic_seal(at, *topic, comments))).await;
        topics.into_iter().zip(read).filter_map(|(topic, seal)| Some((topic, seal.ok()?))).collect()
    }

    async fn topic_seal(&self, at: &Repo, topic: Topic, comments: bool) -> Result<u64, ForgeError> {
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
                // A comment that is taken away changes nothing but this list.
                if comments {
                    self.client.get(&self.newest_comments(at)?).await?.body.hash(&mut seal);
                }
            }
            _ => {
                let list = self.list::<serde::de::IgnoredAny>(self.url(at, &["releases"], &[PER_PAGE])?);
                list.await?.seal.hash(&mut seal);
            }
        }
        Ok(seal.finish())
    }

    /// What one query tells of the looks; those that it cannot tell for certain are left out.
    async fn overview(&self, at: &Repo, due: &[Look]) -> Vec<Told> {
        let branches: Vec<&Branch> = due.iter().filter_map(required).collect();
        let gather = due.iter().find_map(gathered);
        let lines = gather.map(|it| &it.lines[..]).unwrap_or_default();
        let labels = gather.map(Gather::distinct_labels).unwrap_or_default();
        let milestones = match gather {
            Some(gather) => self.line_milestones(at, gather).await.unwrap_or_default(),
            None => Vec::new(),
        };
        let many = graphql::Many {
            branches: branches.len(),
            labels: labels.len(),
            milestones: milestones.len(),
            lines: lines.len(),
            releases: due.iter().any(|look| matches!(look, Look::Releases(_))),
        };
        // One list is as cheap by REST, and free when nothing changed.
        if many == (graphql::Many { releases: many.releases, ..graphql::Many::default() }) {
            return Vec::new();
        }
        let variables = variables(at, (&branches, &labels), &milestones, lines);
        let Some(data) = self.unless_refused(&graphql::overview_for(many), variables).await else {
            return Vec::new();
        };
        let found = &data["repository"];
        let mut told = Vec::new();
        for look in due {
            let (sighting, note) = match look {
                Look::Required { branch, .. } => {
                    let index = branches.iter().position(|it| *it == branch).unwrap_or_default();
                    let guard = read(&found[format!("b{index}")]).and_then(|found| guard(branch, &found));
                    (guard.map(Sighting::Required), None)
                }
                Look::Picks { repo, gather } => {
                    let lists = self.lists_in(found, gather, &labels, &milestones);
                    self.picks_in(repo, gather, lists).await.unzip()
                }
                _ => {
                    let all = self.whole(Topic::Releases, &found["releases"]).and_then(rows);
                    (all.map(Sighting::Releases), None)
                }
            };
            told.extend(sighting.map(|sighting| (look.clone(), sighting, note.flatten())));
        }
        told
    }

    /// The answer to a query; that it is refused is remembered.
    async fn unless_refused(&self, document: &str, variables: Value) -> Option<Value> {
        let answer = self.client.query(document, variables).await;
        if let Err(error) = &answer {
            let refused = matches!(error, ForgeError::Graphql { .. }) || error.is_refusal();
            self.memory().lines.refused |= refused;
        }
        answer.ok()
    }

    async fn picks_in(
        &self,
        repo: &Repo,
        gather: &Gather,
        lists: Option<Lists>,
    ) -> Option<(Sighting, Option<String>)> {
        let read = self.gathered(repo, gather, lists?).await.ok()?;
        Some((read.sighting, read.note))
    }

    /// The lists of picks in an answer; none when some list is not whole.
    fn lists_in(
        &self,
        found: &Value,
        gather: &Gather,
        labels: &[&Untrusted],
        milestones: &[(u64, Untrusted, Branch)],
    ) -> Option<Lists> {
        let listed = |page: &Value| {
            let rows: Vec<Labelled> = self.whole(Topic::Picks, page)?;
            rows.into_iter().map(Listed::of_query).collect::<Option<Vec<_>>>()
        };
        let mut lists = Lists::default();
        for (index, label) in labels.iter().enumerate() {
            lists.labelled.push(((*label).clone(), listed(&found[format!("l{index}")])?));
        }
        for (index, (_, title, line)) in milestones.iter().enumerate() {
            let rows = listed(&found[format!("m{index}")]["pullRequests"])?;
            lists.milestones.push((title.clone(), line.clone(), rows));
        }
        for (index, line) in gather.lines.iter().enumerate() {
            let open = self.whole(Topic::Picks, &found[format!("k{index}")])?;
            // Of those that are over the newest are enough.
            let ended: Page<overview::Incoming> = read(&found[format!("k{index}x")])?;
            let all = open.into_iter().chain(ended.nodes?);
            let rows = all.map(|it| Incoming::of_query(it, gather, line)).collect::<Option<Vec<_>>>()?;
            lists.incoming.push((line.clone(), rows));
        }
        Some(lists)
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

/// What the document of an overview is filled with.
fn variables(
    at: &Repo,
    (branches, labels): (&[&Branch], &[&Untrusted]),
    milestones: &[(u64, Untrusted, Branch)],
    lines: &[Branch],
) -> Value {
    let mut variables = json!({ "owner": at.owner(), "name": at.name() });
    let mut put = |name: &str, values: Vec<Value>| {
        values.into_iter().enumerate().for_each(|(at, value)| variables[format!("{name}{at}")] = value);
    };
    put("b", branches.iter().map(|it| it.full().into()).collect());
    put("l", labels.iter().map(|it| it.raw().into()).collect());
    put("m", milestones.iter().map(|it| it.0.into()).collect());
    put("k", lines.iter().map(|it| it.as_str().into()).collect());
    variables
}

fn required(look: &Look) -> Option<&Branch> {
    match look {
        Look::Required { branch, .. } => Some(branch),
        _ => None,
    }
}

fn gathered(look: &Look) -> Option<&Gather> {
    match look {
        Look::Picks { gather, .. } => Some(gather),
        _ => None,
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
