//! The world, diffed into facts: what a look brought is journaled as what changed.

use super::artifacts::{ArtifactRow, ArtifactsSeen};
use super::branches::{Line, LinesSeen};
use super::candidates::{ForgeRelease, ReleasesSeen, TagRow, TagsSeen};
use super::checklist::FilesSeen;
use super::checks::{Check, ChecksSeen, History, LogSeen, RequiredSeen};
use super::groups::{BODY, groups, groups_by, json_size};
use super::ids::{Branch, Oid, Repo};
use super::looks::{Complete, Failed, LookKey, Topic};
use super::milestone::{Issue, IssuesSeen, Milestone, MilestonesSeen};
use super::picks::{
    Change, ChangesSeen, Landing, LandingsSeen, Pick, PickKey, PicksSeen, Stray, Wanted, WantedSeen,
};
use super::text::Untrusted;
use super::{Fact, Note, Release};
use serde::Serialize;
use std::collections::BTreeSet;

/// What a look brought, whole.
#[derive(Debug, Clone, PartialEq)]
pub enum Sighting {
    /// Lines and tags of the clone.
    Git {
        /// The trunk and every line that the process's patterns match.
        lines: Vec<Line>,
        /// Every tag.
        tags: Vec<TagRow>,
    },
    /// The branches that were weighed, each of them that is to be.
    Weights(Vec<super::weighing::Weighing>),
    /// Every milestone of a repository, open and closed.
    Milestones(Repo, Vec<Milestone>),
    /// Every issue of the chosen milestone in a repository.
    Issues(Repo, Vec<Issue>),
    /// Every check of a branch tip.
    Checks {
        /// The branch.
        branch: Branch,
        /// Its tip.
        sha: Oid,
        /// The checks.
        rows: Vec<Check>,
        /// Past results.
        history: Vec<History>,
    },
    /// The checks that a branch requires.
    Required(RequiredSeen),
    /// Every release of the forge.
    Releases(Vec<ForgeRelease>),
    /// Every pull request proposed for a line, the commands in comments that name no active line, and what of them
    /// could not be read yet.
    Picks(Repo, Vec<Pick>, Vec<Stray>, Option<Untrusted>),
    /// What the clone knows of picks.
    Landings {
        /// Commits that it shows to be wanted on a line.
        wanted: Vec<Wanted>,
        /// The commits behind each pick.
        changes: Vec<Change>,
        /// What shows that picks are on a line.
        landings: Vec<Landing>,
    },
    /// The commits of a hotfix.
    Fixes(super::back::FixesSeen),
    /// The end of a failed step's log.
    Log(LogSeen),
    /// Files, for items that check themselves.
    Files(FilesSeen),
    /// The tracking issue, for the ticks of its task list.
    Tasks(Box<super::tasks::TasksRead>),
    /// Files that a release is given.
    Built(super::cut::BuiltSeen),
    /// A run that was started from here.
    Run(super::cut::RunSeen),
    /// Whether an artifact is published.
    Artifact(ArtifactRow),
    /// A look that failed.
    Failed(LookKey, Untrusted),
}

impl Sighting {
    /// The look that brought it.
    #[must_use]
    pub fn look(&self) -> LookKey {
        match self {
            Self::Git { .. } => LookKey::new(Topic::Git, ""),
            Self::Weights(_) => LookKey::new(Topic::Git, "weights"),
            Self::Milestones(repo, _) => LookKey::new(Topic::Milestones, repo.as_str()),
            Self::Issues(repo, _) => LookKey::new(Topic::Issues, repo.as_str()),
            Self::Checks { branch, .. } => LookKey::new(Topic::Checks, branch.as_str()),
            Self::Required(it) => LookKey::new(Topic::Required, it.branch.as_str()),
            Self::Releases(_) => LookKey::new(Topic::Releases, ""),
            Self::Picks(repo, ..) => LookKey::new(Topic::Picks, repo.as_str()),
            Self::Landings { .. } => LookKey::new(Topic::Landings, ""),
            Self::Fixes(_) => LookKey::new(Topic::Landings, "fixes"),
            Self::Log(it) => LookKey::new(Topic::Log, it.job.to_string()),
            Self::Files(_) => LookKey::new(Topic::Files, ""),
            Self::Tasks(it) => LookKey::new(Topic::Tasks, it.issue.to_string()),
            Self::Built(_) => LookKey::new(Topic::Built, ""),
            Self::Run(it) => LookKey::new(Topic::Runs, it.run.to_string()),
            Self::Artifact(it) => LookKey::new(Topic::Artifacts, it.id.clone()),
            Self::Failed(look, _) => look.clone(),
        }
    }
}

/// What is written down whole, when it differs from what is known.
fn once(differs: bool, seen: impl Into<Fact>) -> Vec<Note> {
    if differs { vec![Note::from(seen.into())] } else { Vec::new() }
}

/// What differs between the rows known and the rows seen.
struct Diff<T, K> {
    rows: Vec<T>,
    gone: Vec<K>,
}

/// Bytes of the groups as JSON.
fn size<T: Serialize>(groups: &[Vec<T>]) -> usize {
    groups.iter().flatten().map(json_size).sum()
}

impl<T: Serialize, K: Serialize> Diff<T, K> {
    /// Facts of the difference, in groups that fit a body: a small one is a single fact.
    fn facts<F: Into<Fact>>(self, make: impl Fn(Vec<T>, Vec<K>) -> F) -> Vec<Note> {
        self.facts_by(json_size, make)
    }

    /// The same with the sizes of rows from a function.
    fn facts_by<F: Into<Fact>>(
        self,
        size_of: impl Fn(&T) -> usize,
        make: impl Fn(Vec<T>, Vec<K>) -> F,
    ) -> Vec<Note> {
        let mut gone = groups(self.gone);
        let mut rows = groups_by(self.rows, size_of);
        let whole = rows.len() <= 1 && gone.len() <= 1 && size(&rows) + size(&gone) <= BODY;
        if whole && !(rows.is_empty() && gone.is_empty()) {
            let (rows, gone) = (rows.pop().unwrap_or_default(), gone.pop().unwrap_or_default());
            return vec![Note::from(make(rows, gone).into())];
        }
        let rows = rows.into_iter().map(|rows| make(rows, Vec::new()).into());
        let gone = gone.into_iter().map(|gone| make(Vec::new(), gone).into());
        rows.chain(gone).map(Note::from).collect()
    }
}

/// What differs. The known rows come in the order of their keys; a look has thousands of rows of which few changed.
fn diff<'a, T: PartialEq + 'a, K: Ord>(
    known: impl Iterator<Item = (K, &'a T)>,
    seen: Vec<T>,
    key: impl Fn(&T) -> K,
) -> Diff<T, K> {
    let known: Vec<(K, &T)> = known.collect();
    let mut met = vec![false; known.len()];
    let mut next = 0;
    let mut is_new = |row: &T| {
        let key = key(row);
        // A look that comes in the order of the keys finds each row where it stands.
        let guess = known.get(next).filter(|(it, _)| *it == key).map(|_| next);
        let Some(at) = guess.or_else(|| known.binary_search_by(|(it, _)| it.cmp(&key)).ok()) else {
            return true;
        };
        met[at] = true;
        next = at + 1;
        known[at].1 != row
    };
    let rows = seen.into_iter().filter(|row| is_new(row)).collect();
    let gone = known.into_iter().zip(met).filter(|(_, met)| !met).map(|((key, _), _)| key).collect();
    Diff { rows, gone }
}

impl Release {
    /// Takes in what a look brought: the facts that it adds to what is known. Nothing new gives none.
    #[must_use]
    pub fn observe(&self, sighting: Sighting) -> Vec<Note> {
        self.observe_asked(sighting, None)
    }

    /// The same of a look that was asked when the journal ended in the entry of this number.
    #[must_use]
    pub fn observe_asked(&self, sighting: Sighting, upto: Option<u64>) -> Vec<Note> {
        let look = sighting.look();
        let upto = upto.filter(|_| matches!(look.topic, Topic::Picks | Topic::Landings));
        if let Sighting::Failed(look, why) = sighting {
            let known = self.looks.get(&look).and_then(|known| known.failed.as_ref());
            if known.is_some_and(|(_, before)| *before == why) {
                return Vec::new();
            }
            return vec![Fact::from(Failed { look, why }).into()];
        }
        if self.is_of_another_milestone(&sighting) || self.is_of_another_tag(&sighting) {
            return Vec::new();
        }
        let count = sighting.count();
        let partly = sighting.partly().cloned();
        let chosen = self.choose_by_itself(&sighting);
        let mut notes = self.changes(sighting);
        notes.extend(chosen);
        let lacked = self.looks.get(&look).and_then(|known| known.partly.as_ref());
        let news = !notes.is_empty() || lacked != partly.as_ref();
        if news || !self.looks.is_read(&look) || self.reads_more(&look, upto) {
            notes.push(Fact::from(Complete { look, count, upto, partly }).into());
        }
        notes
    }

    /// Whether a look at issues was sent before another milestone was chosen, and answered after it.
    fn is_of_another_milestone(&self, sighting: &Sighting) -> bool {
        let Sighting::Issues(repo, rows) = sighting else { return false };
        let chosen = self.milestones.chosen.as_ref();
        let others =
            self.milestones.list.iter().filter(|((at, _), it)| at == repo && Some(&it.title) != chosen);
        let others: BTreeSet<u64> = others.map(|((_, number), _)| *number).collect();
        rows.iter().any(|row| row.milestone.is_some_and(|number| others.contains(&number)))
    }

    /// Whether a look at an artifact was sent before the tag was made that is asked for now.
    fn is_of_another_tag(&self, sighting: &Sighting) -> bool {
        let Sighting::Artifact(row) = sighting else { return false };
        self.artifact_ask(&row.id).is_none_or(|ask| ask.tag != row.tag)
    }

    /// The milestone of this release, when nobody chose one and its repository has just been seen to have one.
    fn choose_by_itself(&self, sighting: &Sighting) -> Option<Note> {
        let Sighting::Milestones(repo, rows) = sighting else { return None };
        if self.milestones.chosen.is_some() || self.repositories().first() != Some(repo) {
            return None;
        }
        let bare = |title: &str| title.trim().trim_start_matches(['v', 'V']).to_lowercase();
        let wanted = bare(&self.milestone_title()?);
        let named = bare(self.opened.as_ref()?.release.as_str());
        let fits = |row: &&Milestone| bare(row.title.raw()) == wanted || bare(row.title.raw()) == named;
        let row = rows.iter().filter(fits).max_by_key(|row| row.open)?;
        Some(Fact::from(super::milestone::Chosen { title: row.title.clone() }).into())
    }

    fn changes(&self, sighting: Sighting) -> Vec<Note> {
        match sighting {
            Sighting::Git { lines, tags } => self.git_changes(lines, tags),
            Sighting::Weights(rows) => self.weight_changes(rows),
            Sighting::Milestones(repo, rows) => {
                let known = self.milestones.list.iter().filter(|((at, _), _)| *at == repo);
                diff(known.map(|((_, number), it)| (*number, it)), rows, |row| row.number)
                    .facts(|rows, gone| MilestonesSeen { repo: repo.clone(), rows, gone })
            }
            Sighting::Issues(repo, rows) => {
                let known = self.milestones.issues.iter().filter(|(key, _)| key.repo == repo);
                diff(known.map(|(key, it)| (key.number, it)), rows, |row| row.number)
                    .facts_by(Issue::size, |rows, gone| IssuesSeen { repo: repo.clone(), rows, gone })
            }
            Sighting::Checks { branch, sha, rows, history } => {
                self.check_changes(&branch, sha, rows, history)
            }
            Sighting::Required(seen) => once(!self.is_required(&seen), seen),
            Sighting::Releases(rows) => {
                let known = self.candidates.releases.iter().map(|(id, row)| (*id, row));
                diff(known, rows, |row| row.id).facts(|rows, gone| ReleasesSeen { rows, gone })
            }
            Sighting::Picks(repo, rows, strays, _) => self.pick_changes(&repo, rows, strays),
            Sighting::Landings { wanted, changes, landings } => {
                self.landing_changes(wanted, changes, landings)
            }
            Sighting::Fixes(seen) => once(self.fixes.seen.as_ref() != Some(&seen), seen),
            Sighting::Log(seen) => match self.checks.logs.get(&seen.job) {
                Some(known) if *known == seen => Vec::new(),
                _ => vec![Fact::from(seen).into()],
            },
            Sighting::Files(seen) => once(seen.rows != self.checklist.files, seen),
            Sighting::Tasks(read) => self.task_changes(&read),
            Sighting::Built(seen) => once(seen != self.built, seen),
            Sighting::Run(seen) => match self.runs.0.get(&seen.run) {
                Some(known) if known.seen.as_ref() == Some(&seen) => Vec::new(),
                _ => vec![Fact::from(seen).into()],
            },
            Sighting::Artifact(row) => match self.artifacts.of(&row.id, &row.tag) {
                Some(known) if known.row == row => Vec::new(),
                _ => vec![Fact::from(ArtifactsSeen { rows: vec![row] }).into()],
            },
            Sighting::Failed(..) => Vec::new(),
        }
    }

    fn weight_changes(&self, rows: Vec<super::weighing::Weighing>) -> Vec<Note> {
        let known = self.weights.iter().map(|(branch, row)| (branch.clone(), row));
        let difference = diff(known, rows, |row| row.branch.clone());
        difference.facts(|rows, gone| super::weighing::Weighings { rows, gone })
    }

    /// Whether it is known what a branch requires.
    fn is_required(&self, seen: &RequiredSeen) -> bool {
        self.checks.lines.get(&seen.branch).is_some_and(|line| {
            line.required.as_ref() == Some(&seen.contexts) && line.protected == Some(seen.protected)
        })
    }

    fn git_changes(&self, lines: Vec<Line>, tags: Vec<TagRow>) -> Vec<Note> {
        let known = self.lines.0.iter().map(|(branch, line)| (branch.clone(), line));
        let mut notes =
            diff(known, lines, |line| line.branch.clone()).facts(|rows, gone| LinesSeen { rows, gone });
        let known = self.candidates.tags.iter().map(|(tag, row)| (tag.clone(), row));
        notes.extend(diff(known, tags, |row| row.tag.clone()).facts(|rows, gone| TagsSeen { rows, gone }));
        notes
    }

    fn pick_changes(&self, repo: &Repo, rows: Vec<Pick>, strays: Vec<Stray>) -> Vec<Note> {
        let known = self.picks.pulls.iter().filter_map(|((key, line), it)| match key {
            PickKey::Pull(key) if key.repo == *repo => Some(((key.number, line.clone()), it)),
            PickKey::Pull(_) | PickKey::Commit(_) => None,
        });
        let make = |rows, gone| PicksSeen { repo: repo.clone(), rows, gone, strays: None };
        let mut notes = diff(known, rows, |row| (row.number, row.line.clone())).facts(make);
        if *self.picks.strays.get(repo).unwrap_or(&Vec::new()) != strays {
            let seen = PicksSeen { strays: Some(strays), ..make(Vec::new(), Vec::new()) };
            notes.push(Fact::from(seen).into());
        }
        notes
    }

    fn landing_changes(
        &self,
        wanted: Vec<Wanted>,
        changes: Vec<Change>,
        landings: Vec<Landing>,
    ) -> Vec<Note> {
        let known = self.picks.wanted.iter().map(|(place, row)| (place.clone(), row));
        let mut notes = diff(known, wanted, |row| (row.pick.clone(), row.line.clone()))
            .facts(|rows, gone| WantedSeen { rows, gone });
        let known = self.picks.changes.iter().map(|(key, row)| (key.clone(), row));
        notes.extend(
            diff(known, changes, |row| row.pick.clone()).facts(|rows, gone| ChangesSeen { rows, gone }),
        );
        let known = self.picks.landings.iter().map(|(place, row)| (place.clone(), row));
        let difference = diff(known, landings, |row| (row.pick.clone(), row.line.clone()));
        notes.extend(difference.facts(|rows, gone| LandingsSeen { rows, gone }));
        notes
    }

    fn check_changes(&self, branch: &Branch, sha: Oid, rows: Vec<Check>, history: Vec<History>) -> Vec<Note> {
        let line = self.checks.lines.get(branch).cloned().unwrap_or_default();
        let moved = line.sha != Some(sha);
        let known = line.rows.iter().filter(|_| !moved).map(|(name, check)| (name.clone(), check));
        let difference = diff(known, rows, |row| row.name.clone());
        let mut history: Vec<_> =
            history.into_iter().filter(|it| line.history.get(&it.name) != Some(&it.past)).collect();
        let make = |rows, gone, history| ChecksSeen { branch: branch.clone(), sha, rows, gone, history };
        let mut notes = difference.facts(|rows, gone| make(rows, gone, Vec::new()));
        notes.extend(
            groups(std::mem::take(&mut history))
                .into_iter()
                .map(|it| Note::from(Fact::from(make(vec![], vec![], it)))),
        );
        if notes.is_empty() && moved {
            notes.push(Fact::from(make(vec![], vec![], vec![])).into());
        }
        notes
    }
}
