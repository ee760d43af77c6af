//! Queues predicted in the background: what a predictor says of commits becomes what is known of picks.

mod ahead;
mod resting;

use crate::git::{Git, GitError, Predictor, Repository, Trust};
use crate::release::ids::{Branch, Oid};
use crate::release::picks::{Clash, Foreseen, Foresight, Hunk, PickKey, Predicted, QueueAsk, Remedy};
use crate::release::predict::{
    Conflict, ConflictFile, Detail, Emptiness, Lines, Picked, Prediction, Verdict,
};
use crate::release::text::{Untrusted, shown};
use crate::spawn::Cancel;
use crate::turn::Event;
use ahead::picked;
pub(super) use resting::run_and_rest;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::UnboundedSender;

/// How many verdicts wait at most, and for how long, before they are said together.
const CHUNK: usize = 16;
const WAIT: Duration = Duration::from_millis(30);
/// Most files of a conflict, places of all its files, and lines and characters of a side of a place that are kept.
const FILES: usize = 12;
const PLACES: usize = 8;
const LINES: usize = 8;
const WIDTH: usize = 120;

/// The predictors, one a line, and what was read of conflicts.
pub(super) struct Predictors {
    repository: Repository,
    git: Option<Git>,
    lines: BTreeMap<Branch, (Predictor, bool)>,
    /// What conflicts in a tree with conflict markers: a tree is the same for ever.
    details: BTreeMap<Oid, Vec<Clash>>,
    /// What would make commits apply on a tree, with the tip that it stands on.
    remedies: BTreeMap<(Oid, Oid, Vec<Oid>), Remedy>,
}

/// The predictors, shared by the runs that follow each other.
pub(super) type SharedPredictors = Arc<tokio::sync::Mutex<Predictors>>;

/// A run: where it says what it finds, and what stops it.
pub(super) struct Run {
    pub generation: u64,
    /// Whether nobody looks at the line, so that no process is to stay.
    pub rests: bool,
    pub inbox: UnboundedSender<Event>,
    pub cancel: Cancel,
}

impl Predictors {
    pub fn new(repository: Repository) -> Self {
        Self {
            repository,
            git: None,
            lines: BTreeMap::new(),
            details: BTreeMap::new(),
            remedies: BTreeMap::new(),
        }
    }

    /// Predicts a queue, and says what it finds as it finds it.
    pub async fn run(&mut self, ask: QueueAsk, run: &Run) {
        if run.cancel.is_cancelled() {
            return;
        }
        if let Err(why) = self.foresee(&ask, run).await
            && !run.cancel.is_cancelled()
        {
            let why = Untrusted::from(why.to_string());
            let _ = run.inbox.send(Event::Unforeseen(run.generation, why));
        }
    }

    async fn foresee(&mut self, ask: &QueueAsk, run: &Run) -> Result<(), GitError> {
        let tier = self.open(ask).await?;
        let mut saying = Saying::new(ask, run, tier);
        for (line, (other, _)) in &mut self.lines {
            if *line != ask.line {
                other.rest();
            }
        }
        let Some((predictor, _)) = self.lines.get_mut(&ask.line) else { return Err(GitError::Missing) };
        let mut left_out: Vec<PickKey> = vec![];
        loop {
            let queue = Flat::of(ask, &left_out);
            let mut heard: Vec<Option<Prediction>> = vec![None; queue.picked.len()];
            let details = &self.details;
            predictor
                .predict(ask.tip, &queue.picked, &run.cancel, &mut |number, prediction| {
                    if let Some(place) = heard.get_mut(number) {
                        *place = Some(prediction.clone());
                        saying.hear(&queue, &heard, number, details);
                    }
                })
                .await?;
            // A pick of several commits that stops in its middle is left out whole: what follows is tried without
            // the commits before the stop, as it would be applied.
            match queue.broken(&heard) {
                Some(key) => left_out.push(key),
                None => break,
            }
        }
        for (key, conflict) in std::mem::take(&mut saying.unread) {
            if let Entry::Vacant(place) = self.details.entry(conflict.tree) {
                place.insert(read(predictor, &conflict, &run.cancel).await?);
            }
            saying.tell(&key, verdict_of(&conflict, &self.details), None);
        }
        self.remedy(ask, run, &mut saying).await?;
        saying.end();
        if let Some((predictor, _)) = self.lines.get_mut(&ask.line).filter(|_| run.rests) {
            predictor.rest();
        }
        Ok(())
    }

    /// Gives away the predictor of a line to apply what it remembers; none where that is not what applying does.
    pub fn lend(&mut self, line: &Branch) -> Option<Predictor> {
        let (predictor, trusted) = self.lines.get_mut(line)?;
        *trusted = predictor.trust();
        if *trusted { self.lines.remove(line).map(|(predictor, _)| predictor) } else { None }
    }

    /// Takes back what was lent, unless the line has got another meanwhile.
    pub fn take_back(&mut self, line: &Branch, predictor: Predictor) {
        self.lines.entry(line.clone()).or_insert((predictor, true));
    }

    /// Opens the predictor of a line, and says how it predicts.
    async fn open(&mut self, ask: &QueueAsk) -> Result<Untrusted, GitError> {
        let git = match &self.git {
            Some(git) => git.clone(),
            None => self.git.insert(Git::locate().await?).clone(),
        };
        let tier = git.tier();
        let how = if tier.stdin_merge_tree { "one process" } else { "a process a pick" };
        let known = self.lines.get(&ask.line).is_some_and(|(_, trusted)| *trusted == ask.trusted);
        if !known {
            self.repository = self.repository.again()?;
            let trust = if ask.trusted { Trust::Given } else { Trust::Unasked };
            let predictor = Predictor::open(&git, &self.repository, trust).await?;
            self.lines.insert(ask.line.clone(), (predictor, ask.trusted));
        }
        Ok(Untrusted::from(format!("git {}, merge-tree in {how}", tier.text())))
    }
}

/// A queue of picks as a queue of commits.
struct Flat {
    picked: Vec<Picked>,
    /// The pick of each commit, by its place in the queue of picks.
    of: Vec<usize>,
    /// The places of the commits of each pick; empty for one that is not tried.
    places: Vec<Vec<usize>>,
    keys: Vec<PickKey>,
}

impl Flat {
    fn of(ask: &QueueAsk, left_out: &[PickKey]) -> Self {
        let mut flat = Self { picked: vec![], of: vec![], places: vec![], keys: vec![] };
        for (at, (key, commits)) in ask.queue.iter().enumerate() {
            let mut places = vec![];
            for commit in commits.iter().filter(|_| !left_out.contains(key)) {
                places.push(flat.picked.len());
                flat.picked.push(picked(commit));
                flat.of.push(at);
            }
            flat.places.push(places);
            flat.keys.push(key.clone());
        }
        flat
    }

    /// The first pick that stops after some of its commits have applied.
    fn broken(&self, heard: &[Option<Prediction>]) -> Option<PickKey> {
        let verdict = |at: &usize| heard.get(*at).and_then(Option::as_ref).map(|it| &it.verdict);
        let broken = |places: &&Vec<usize>| {
            let stops = |at: &usize| matches!(verdict(at), Some(Verdict::Conflict(_) | Verdict::Unknown(_)));
            let applies =
                |at: &usize| matches!(verdict(at), Some(Verdict::Clean(_) | Verdict::CleanAfter(..)));
            places.len() > 1 && places.iter().any(stops) && places.iter().any(applies)
        };
        let at = self.places.iter().position(|places| broken(&places))?;
        self.keys.get(at).cloned()
    }

    /// The pick that a commit belongs to.
    fn key_of(&self, commit: Oid) -> Option<&PickKey> {
        let at = self.picked.iter().position(|it| it.commit == commit)?;
        self.keys.get(*self.of.get(at)?)
    }
}

/// What was said of a queue so far.
struct Saying<'a> {
    ask: &'a QueueAsk,
    run: &'a Run,
    tier: Untrusted,
    rows: Vec<Predicted>,
    said: BTreeMap<PickKey, Foreseen>,
    /// The line's tree after each pick that applies.
    trees: BTreeMap<PickKey, Oid>,
    /// Conflicts of which the places are not read yet.
    unread: Vec<(PickKey, Conflict)>,
    since: Instant,
}

impl<'a> Saying<'a> {
    fn new(ask: &'a QueueAsk, run: &'a Run, tier: Untrusted) -> Self {
        let rows = vec![];
        let mut saying = Self {
            ask,
            run,
            tier,
            rows,
            said: BTreeMap::new(),
            trees: BTreeMap::new(),
            unread: vec![],
            // The first verdict is said as soon as it is there.
            since: Instant::now().checked_sub(WAIT).unwrap_or_else(Instant::now),
        };
        for (key, _) in ask.queue.iter().filter(|(_, commits)| commits.is_empty()) {
            let why = ask.problems.get(key).cloned();
            let why = why.unwrap_or_else(|| "its commits on the trunk are not known yet".into());
            saying.note(key, Foreseen::Unknown { why }, None);
        }
        saying
    }

    /// A commit was told; says what that makes of its pick, once all its commits were.
    fn hear(
        &mut self,
        queue: &Flat,
        heard: &[Option<Prediction>],
        number: usize,
        details: &BTreeMap<Oid, Vec<Clash>>,
    ) {
        let Some(at) = queue.of.get(number) else { return };
        let (Some(key), Some(places)) = (queue.keys.get(*at), queue.places.get(*at)) else { return };
        let all: Option<Vec<&Prediction>> =
            places.iter().map(|at| heard.get(*at).and_then(Option::as_ref)).collect();
        let Some(all) = all else { return };
        let (verdict, tree) = joined(queue, key, &all, details);
        if let Some(conflict) = all.iter().find_map(|it| it.verdict.conflict())
            && matches!(verdict, Foreseen::Conflict { .. })
        {
            self.unread.retain(|(other, _)| other != key);
            if !details.contains_key(&conflict.tree) {
                self.unread.push((key.clone(), conflict.clone()));
            }
        }
        self.tell(key, verdict, tree);
    }

    fn tell(&mut self, key: &PickKey, verdict: Foreseen, tree: Option<Oid>) {
        self.note(key, verdict, tree);
        if self.rows.len() >= CHUNK || self.since.elapsed() >= WAIT {
            self.send(None);
        }
    }

    fn note(&mut self, key: &PickKey, verdict: Foreseen, tree: Option<Oid>) {
        self.said.insert(key.clone(), verdict.clone());
        match tree {
            Some(tree) => self.trees.insert(key.clone(), tree),
            None => self.trees.remove(key),
        };
        self.rows.retain(|row| row.pick != *key);
        self.rows.push(Predicted { pick: key.clone(), verdict, tree, remedy: None });
    }

    /// What would make a pick apply that was said to conflict.
    fn remedied(&mut self, key: &PickKey, remedy: Remedy) {
        let Some(verdict) = self.said.get(key).cloned() else { return };
        self.rows.retain(|row| row.pick != *key);
        self.rows.push(Predicted { pick: key.clone(), verdict, tree: None, remedy: Some(remedy) });
        if self.rows.len() >= CHUNK || self.since.elapsed() >= WAIT {
            self.send(None);
        }
    }

    fn send(&mut self, whole: Option<Vec<PickKey>>) {
        self.since = Instant::now();
        let part = Foresight {
            line: self.ask.line.clone(),
            tip: self.ask.tip,
            tier: self.tier.clone(),
            rows: std::mem::take(&mut self.rows),
            done: self.said.len(),
            whole,
        };
        if !self.run.cancel.is_cancelled() {
            let _ = self.run.inbox.send(Event::Foresaw(self.run.generation, Box::new(part)));
        }
    }

    fn end(&mut self) {
        let keys = self.ask.queue.iter().map(|(key, _)| key.clone()).collect();
        self.send(Some(keys));
    }
}

/// What the verdicts of its commits make of a pick, and the tree after it where it applies.
fn joined(
    queue: &Flat,
    key: &PickKey,
    all: &[&Prediction],
    details: &BTreeMap<Oid, Vec<Clash>>,
) -> (Foreseen, Option<Oid>) {
    for it in all {
        match &it.verdict {
            Verdict::Conflict(conflict) => return (verdict_of(conflict, details), None),
            Verdict::Unknown(why) => return (Foreseen::Unknown { why: why.line().into() }, None),
            Verdict::Clean(_) | Verdict::CleanAfter(..) | Verdict::Empty(_) => {}
        }
    }
    let tree = all.last().and_then(|it| it.after());
    let mut needs: Vec<PickKey> = vec![];
    for it in all {
        let Verdict::CleanAfter(_, wanted) = &it.verdict else { continue };
        let others = wanted.picks.iter().filter_map(|oid| queue.key_of(*oid)).filter(|it| *it != key);
        for other in others {
            if !needs.contains(other) {
                needs.push(other.clone());
            }
        }
    }
    if !needs.is_empty() {
        return (Foreseen::CleanAfter { picks: needs }, tree);
    }
    let empty = all.iter().all(|it| matches!(it.verdict, Verdict::Empty(_)));
    let there = all.iter().any(|it| matches!(it.verdict, Verdict::Empty(Emptiness::AlreadyThere)));
    if empty { (Foreseen::Empty { there }, None) } else { (Foreseen::Clean, tree) }
}

/// A conflict as it is kept: with the places, where they were read.
fn verdict_of(conflict: &Conflict, details: &BTreeMap<Oid, Vec<Clash>>) -> Foreseen {
    let bare = || conflict.files.iter().take(FILES).map(clash).collect();
    let files = details.get(&conflict.tree).cloned().unwrap_or_else(bare);
    let more = u32::try_from(conflict.files.len().saturating_sub(FILES)).unwrap_or(u32::MAX);
    Foreseen::Conflict { files, more }
}

fn clash(file: &ConflictFile) -> Clash {
    Clash {
        path: short(&file.path, 300),
        kind: file.kind.word().into(),
        hunks: None,
        shown: vec![],
        recorded: file.recorded,
    }
}

/// Reads the places of a conflict.
async fn read(
    predictor: &mut Predictor,
    conflict: &Conflict,
    cancel: &Cancel,
) -> Result<Vec<Clash>, GitError> {
    let mut files = vec![];
    let mut left = PLACES;
    for file in conflict.files.iter().take(FILES) {
        let mut clash = clash(file);
        match predictor.detail(file, cancel).await {
            Ok(Detail::Hunks(hunks, more)) => {
                clash.hunks = u32::try_from(hunks.len() + more).ok();
                let shown = hunks.iter().take(left.min(3));
                clash.shown = shown
                    .map(|it| Hunk {
                        at: u32::try_from(it.at).unwrap_or(u32::MAX),
                        ours: side(&it.ours),
                        theirs: side(&it.theirs),
                    })
                    .collect();
                left -= clash.shown.len();
            }
            Ok(Detail::Binary(_) | Detail::Sides | Detail::TooLarge(_)) => {}
            // That a file cannot be read does not change that it conflicts.
            Err(why) if cancel.is_cancelled() => return Err(why),
            Err(_) => {}
        }
        files.push(clash);
    }
    Ok(files)
}

fn side(lines: &Lines) -> Vec<Untrusted> {
    lines.lines.iter().take(LINES).map(|line| short(line, WIDTH)).collect()
}

/// A text of at most so many characters, what a terminal would obey left out.
fn short(text: &Untrusted, most: usize) -> Untrusted {
    Untrusted::from(shown(text.raw(), most))
}
