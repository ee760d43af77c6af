//! Effects, carried out: looks, errands and probes as tasks, whose answers come back as events.

use super::EngineError;
use super::by_git::{by_git, looked_for};
use super::foreseeing::{Predictors, Run, SharedPredictors, run_and_rest};
use super::git_side::{self, FilesAsk, GitSide, SharedGit};
use super::opening::Setting;
use super::picks_side::{self, PicksSide, SharedPicks};
use super::reading::{Left, Reading};
use super::registries;
use super::saying::{saw, tell_limits, tell_once};
use super::shelf::Shelf;
use super::stepping::Stepper;
use super::telling::{self, Teller};
use super::weighing;
use crate::forge::{Forge, Github, Offline, Seen, Setup};
use crate::probe::Probe;
use crate::release::Release;
use crate::release::cut::BumpVersion;
use crate::release::errand::{Errand, Outcome, Status};
use crate::release::ids::{OpId, Repo};
use crate::release::looks::{LookKey, Topic};
use crate::release::notes::Order;
use crate::release::observe::Sighting;
use crate::release::picks::QueueAsk;
use crate::release::text::Untrusted;
use crate::screen::fresh::Source;
use crate::spawn::Cancel;
use crate::turn::Event;
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinHandle;

/// What carries effects out.
pub(super) struct Runner {
    forge: Arc<dyn Forge>,
    git: SharedGit,
    picks: SharedPicks,
    probe: Arc<dyn Probe>,
    teller: Arc<Teller>,
    stepper: Arc<Stepper>,
    shelf: Arc<Shelf>,
    repo: Option<Repo>,
    repository: crate::git::Repository,
    inbox: UnboundedSender<Event>,
    looks: Vec<JoinHandle<()>>,
    /// Whether the remote may be fetched.
    fetches: bool,
    /// Whether a person asked that the next look at git fetches first.
    again: Arc<AtomicBool>,
    /// What was said of looks already.
    told: Arc<std::sync::Mutex<BTreeSet<String>>>,
    /// Stops the git process of an errand or look that is cancelled.
    pub cancel: Cancel,
    predictors: SharedPredictors,
    /// Stops the prediction under way.
    predicting: Cancel,
    /// Stops the search for a better order under way.
    ordering: Cancel,
    /// Where each look is made once and its first answer is the last, as for scripts: how long a fetch before it may take.
    pub(super) once: Option<Duration>,
}

impl Runner {
    /// A runner for a setting. The forge's client is made here; nothing is sent.
    ///
    /// # Errors
    /// When the client cannot be made.
    pub fn new(setting: &Setting, inbox: UnboundedSender<Event>) -> Result<Self, EngineError> {
        let forge: Arc<dyn Forge> = match (&setting.api, &setting.token) {
            (Some(api), Ok(token)) => {
                let setup = Setup {
                    cache_dir: setting.cache.clone(),
                    ..Setup::new(api.clone(), Some(token.clone()))
                };
                Arc::new(Github::new(setup).map_err(|why| EngineError::Forge(why.say()))?)
            }
            (Some(_), Err(why)) => Arc::new(Offline::new(why.clone())),
            (None, _) => Arc::new(Offline::new("this repository has no remote on a forge")),
        };
        let predictors = Predictors::new(setting.repository.clone());
        let predictors = Arc::new(tokio::sync::Mutex::new(predictors));
        let git = Arc::new(tokio::sync::Mutex::new(GitSide::new(
            setting.repository.clone(),
            setting.state.join("applying"),
            predictors.clone(),
            (setting.history_dir(), setting.patches_dir()),
        )));
        let probe = registries::open(setting.registries.clone());
        Ok(Self {
            forge,
            git,
            picks: Arc::new(tokio::sync::Mutex::new(PicksSide::new(setting.patches_dir()))),
            shelf: Arc::new(Shelf::new(setting)),
            stepper: Arc::new(Stepper::new(setting, probe.clone(), inbox.clone())),
            probe,
            teller: Arc::new(Teller::new(setting)),
            repo: setting.repo.clone(),
            repository: setting.repository.clone(),
            inbox,
            looks: vec![],
            fetches: setting.fetches,
            again: Arc::default(),
            told: Arc::default(),
            cancel: Cancel::new(),
            predictors,
            predicting: Cancel::new(),
            ordering: Cancel::new(),
            once: None,
        })
    }

    /// Looks at what is asked for. Every look asked for is answered, if only by why it failed.
    pub fn look(&mut self, keys: Vec<LookKey>, release: &Release) {
        self.looks.retain(|task| !task.is_finished());
        let (git, forge): (Vec<_>, Vec<_>) =
            keys.into_iter().partition(|key| matches!(key.topic, Topic::Git | Topic::Files));
        let (picks, forge): (Vec<_>, Vec<_>) =
            forge.into_iter().partition(|key| key.topic == Topic::Landings);
        for key in picks {
            self.look_picks(key, release);
        }
        if !git.is_empty() {
            self.look_git(&git, release);
        }
        let (single, forge): (Vec<_>, Vec<_>) =
            forge.into_iter().partition(|key| matches!(key.topic, Topic::Log | Topic::Runs | Topic::Tasks));
        for key in single {
            self.look_one(key);
        }
        let (built, forge): (Vec<_>, Vec<_>) = forge.into_iter().partition(|key| key.topic == Topic::Built);
        if !built.is_empty() {
            self.looks.push(self.shelf.look(self.inbox.clone(), release));
        }
        let (artifacts, forge): (Vec<_>, Vec<_>) =
            forge.into_iter().partition(|key| key.topic == Topic::Artifacts);
        for key in artifacts {
            let doors = (self.probe.clone(), self.forge.clone());
            self.looks.push(registries::look(doors, self.inbox.clone(), key, release));
        }
        if !forge.is_empty() {
            self.look_forge(forge, release);
        }
    }

    fn without_profile(&self, keys: &[LookKey]) {
        for key in keys {
            let why = Untrusted::from("the process profile of this release cannot be read");
            let _ = self.inbox.send(saw(Sighting::Failed(key.clone(), why), Source::Live));
        }
    }

    fn look_git(&mut self, keys: &[LookKey], release: &Release) {
        let Some(process) = release.process.clone() else {
            return self.without_profile(keys);
        };
        let (git, inbox, cancel) = (self.git.clone(), self.inbox.clone(), self.cancel.clone());
        let wants = |topic| keys.iter().any(|key| key.topic == topic);
        let (lines, changed, ask) = (wants(Topic::Git), wants(Topic::Files), picks_side::ask(release));
        let (files, picks, shared) = (FilesAsk::of(release), self.picks.clone(), self.git.clone());
        let weighing = weighing::Ask::of(release, &self.forge, self.repo.as_ref());
        let weighing = weighing.filter(|_| self.once.is_none() && lines);
        let reading = lines.then(|| Reading {
            process,
            own: release.line_name(),
            new: release.lines.0.is_empty(),
            once: self.once,
            fetches: self.fetches,
            trusted: release.trusted,
            again: self.again.clone(),
            inbox: inbox.clone(),
            cancel: cancel.clone(),
        });
        self.looks.push(tokio::spawn(async move {
            let mut git = git.lock().await;
            let Left { came, comparing, due } = match reading {
                Some(reading) => reading.run(&mut git).await,
                None => Left::default(),
            };
            if changed {
                let sighting = git.files(&files).await;
                let _ = inbox.send(saw(sighting, Source::Live));
            }
            git_side::keep(git).await;
            if let Some(comparing) = comparing {
                let _ = inbox.send(saw(comparing.run(&cancel).await, Source::Live));
            }
            if let Some(weighing) = weighing {
                let seen = weighing.run(&shared, due, &cancel).await;
                seen.into_iter().for_each(|it| drop(inbox.send(saw(it, Source::Live))));
            }
            if let (1.., Some(ask)) = (came, ask) {
                let (seen, _) = picks.lock().await.look(&shared, ask, &cancel).await;
                seen.into_iter().for_each(|it| drop(inbox.send(saw(it, Source::Live))));
            }
        }));
    }

    fn look_picks(&mut self, key: LookKey, release: &Release) {
        let Some(ask) = picks_side::ask(release) else {
            return self.without_profile(&[key]);
        };
        let (git, picks, inbox) = (self.git.clone(), self.picks.clone(), self.inbox.clone());
        let (told, cancel) = (self.told.clone(), self.cancel.clone());
        self.looks.push(tokio::spawn(async move {
            let (seen, notes) = picks.lock().await.look(&git, ask, &cancel).await;
            tell_once(&told, &inbox, notes);
            seen.into_iter().for_each(|it| drop(inbox.send(saw(it, Source::Live))));
        }));
    }

    fn look_one(&mut self, key: LookKey) {
        let (forge, repo) = (self.forge.clone(), self.repo.clone());
        let (inbox, again) = (self.inbox.clone(), self.again.clone());
        self.looks.push(tokio::spawn(async move {
            let seen = super::refreshing::one(&*forge, repo, key).await;
            // What a pipeline has tagged or pushed is fetched once it is over.
            let over = matches!(&seen, Sighting::Run(run) if run.state.has_ended());
            again.fetch_or(over, Ordering::Relaxed);
            let _ = inbox.send(saw(seen, Source::Live));
        }));
    }

    fn look_forge(&mut self, keys: Vec<LookKey>, release: &Release) {
        let plan = self.repo.clone().map(|main| super::refreshing::plan(&keys, release, main));
        let (forge, inbox, told) = (self.forge.clone(), self.inbox.clone(), self.told.clone());
        self.looks.push(tokio::spawn(async move {
            let mut open: BTreeSet<LookKey> = keys.into_iter().collect();
            let seen = match &plan {
                Some(plan) => forge.refresh(plan).await,
                None => Vec::new(),
            };
            let held = seen.iter().filter_map(|seen| seen.until).max();
            for Seen { sighting, source, note, .. } in seen {
                tell_once(&told, &inbox, note);
                open.remove(&sighting.look());
                let source = match source {
                    crate::forge::Source::Live => Source::Live,
                    crate::forge::Source::Unchanged => Source::Unchanged,
                };
                let _ = inbox.send(saw(sighting, source));
            }
            for key in open {
                let why = Untrusted::from(if plan.is_some() {
                    "the forge gave no answer"
                } else {
                    "this repository is on no forge"
                });
                let _ = inbox.send(saw(Sighting::Failed(key, why), Source::Live));
            }
            tell_limits(&*forge, held, &inbox);
        }));
    }

    /// Sends an errand. Its outcome always comes back.
    pub fn run(&mut self, op: OpId, errand: Errand) {
        let (forge, git, inbox, cancel) =
            (self.forge.clone(), self.git.clone(), self.inbox.clone(), self.cancel.clone());
        let (teller, stepper, shelf) = (self.teller.clone(), self.stepper.clone(), self.shelf.clone());
        tokio::spawn(async move {
            let mut outcome = by_git(&git, &op, &errand, &cancel).await;
            if outcome.is_none() {
                outcome = teller.tell(&errand).await;
            }
            if outcome.is_none() {
                outcome = stepper.carry_out(&errand).await;
            }
            if outcome.is_none() {
                outcome = shelf.upload(&*forge, (&op, &errand), &inbox).await;
            }
            let outcome = match outcome {
                Some(outcome) => outcome,
                None => forge.run(&op, &telling::for_forge(&errand)).await,
            };
            tell_limits(&*forge, None, &inbox);
            let _ = inbox.send(Event::CameBack(op, outcome));
        });
    }

    /// Carries out an errand for which the terminal is lent to git.
    pub async fn attend(&self, op: &OpId, errand: &Errand) -> Outcome {
        let outcome = by_git(&self.git, op, errand, &self.cancel).await;
        outcome.unwrap_or_else(|| Outcome::noted(Status::Failed, "it needs no terminal"))
    }

    /// Looks what became of an errand in doubt. Sends nothing.
    pub fn probe(&mut self, op: OpId, errand: Errand, since: DateTime<Utc>) {
        let (forge, git, inbox) = (self.forge.clone(), self.git.clone(), self.inbox.clone());
        let (stepper, teller) = (self.stepper.clone(), self.teller.clone());
        tokio::spawn(async move {
            let mut outcome = looked_for(&git, &op, &errand).await.or_else(|| teller.looked_for(&errand));
            if outcome.is_none() {
                outcome = stepper.looked_for(&errand).await;
            }
            let outcome = match outcome {
                Some(outcome) => outcome,
                None => forge.probe(&op, &telling::for_forge(&errand), since).await,
            };
            let told = (outcome.status == Status::Unknown).then(|| {
                let note = outcome.note.as_ref().map(Untrusted::line).unwrap_or_default();
                let text = format!("still in doubt: {} ({note}); gu settles it by hand", errand.line());
                Event::Notice(crate::screen::notice::Tone::Warn, text)
            });
            let _ = inbox.send(Event::CameBack(op, outcome));
            if let Some(told) = told {
                let _ = inbox.send(told);
            }
        });
    }

    /// Takes away the worktrees of operations that are over, in the background.
    pub fn sweep(&self, over: Vec<OpId>) {
        if !over.is_empty() {
            let git = self.git.clone();
            tokio::spawn(async move { git.lock().await.sweep(&over).await });
        }
    }

    /// Predicts what would come of a queue; an earlier run stops.
    pub fn predict(&mut self, generation: u64, ask: QueueAsk, watched: bool) {
        self.predicting.cancel();
        self.predicting = Cancel::new();
        let cancel = self.predicting.clone();
        let run = Run { generation, rests: !watched, inbox: self.inbox.clone(), cancel };
        tokio::spawn(run_and_rest(self.predictors.clone(), ask, run));
    }

    /// Looks for a better order of a queue, once what is being predicted is; an earlier search stops.
    pub fn order(&mut self, generation: u64, ask: QueueAsk) {
        self.ordering.cancel();
        self.ordering = Cancel::new();
        let cancel = self.ordering.clone();
        let run = Run { generation, rests: false, inbox: self.inbox.clone(), cancel };
        let predictors = self.predictors.clone();
        tokio::spawn(async move { predictors.lock().await.order(ask, &run).await });
    }

    /// Drafts notes; a cancelled look stops it.
    pub fn draft_notes(&mut self, generation: u64, order: Order) {
        let (forge, inbox, repository) = (self.forge.clone(), self.inbox.clone(), self.repository.clone());
        self.looks.push(tokio::spawn(super::noting::run(forge, inbox, repository, (generation, order))));
    }

    /// Asks the forge whose token it is; the answer comes to `done`.
    pub fn identify(
        &self,
        done: impl FnOnce(Result<crate::forge::Viewer, crate::forge::ForgeError>) + Send + 'static,
    ) {
        let (forge, repo) = (self.forge.clone(), self.repo.clone());
        tokio::spawn(async move {
            if let Some(repo) = repo {
                done(forge.viewer(&repo).await);
            }
        });
    }

    /// Looks what a version changes in files, for the plan with this id.
    pub fn foresee_bump(&self, plan: OpId, bump: BumpVersion) {
        tokio::spawn(super::noting::foresee_bump(self.inbox.clone(), self.repository.clone(), plan, bump));
    }

    /// The next look at git fetches first, with the commits of picks that are not in the clone.
    pub fn fetch_again(&self) {
        self.again.store(true, Ordering::Relaxed);
    }

    /// Stops the step of the runbook or the upload under way.
    pub fn halt(&self) {
        self.stepper.halt();
        self.shelf.halt();
    }

    /// Stops all looks under way.
    pub fn stop_looking(&mut self) {
        self.predicting.cancel();
        self.ordering.cancel();
        for task in self.looks.drain(..) {
            task.abort();
        }
    }
}
