//! The poll without a screen: the journal folded, the world looked at once, nothing written.

use super::foreseeing::{Predictors, Run};
use super::opening::Session;
use super::runner::Runner;
use super::{EngineError, Setting};
use crate::release::Release;
use crate::release::entry::Entry;
use crate::release::ids::{Branch, ReleaseName};
use crate::release::looks::{LookKey, Topic};
use crate::release::observe::Sighting;
use crate::release::set::SetChosen;
use crate::release::text::Untrusted;
use crate::screen::{Mode, Options, Screen};
use crate::spawn::Cancel;
use crate::turn::{self, Event, State, watch};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::sync::mpsc::unbounded_channel;
use tokio::time::Instant;

/// How long all looks together may take, unless it is said otherwise.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// How often it is said how far looking is.
const TICK: Duration = Duration::from_secs(1);

/// How long looking may take, and who is told how far it is.
pub struct Pace<'t> {
    /// How long all looks together may take.
    pub patience: Duration,
    /// Told at least once a second: how many looks have answered, how many there are, and what is waited for.
    pub told: &'t mut dyn FnMut(usize, usize, &BTreeSet<LookKey>),
}

/// What was seen.
pub struct Looked {
    /// The release and the screen over it.
    pub state: State,
    /// What the looks noted: what they did not see, in words that are safe to show.
    pub noted: Vec<String>,
    /// Whether some looks were given up because they took too long; each is a look that failed.
    pub late: bool,
}

/// Reads the journal if there is one, looks at everything once, and gives the state to be printed.
///
/// # Errors
/// When the state directory or the forge's client cannot be used.
pub async fn status(setting: &mut Setting, pace: Pace<'_>) -> Result<Looked, EngineError> {
    look(setting, |_| true, pace).await
}

/// [`status`] of the looks that count alone.
///
/// # Errors
/// As [`status`].
pub async fn look(
    setting: &mut Setting,
    counts: impl Fn(&LookKey) -> bool,
    pace: Pace<'_>,
) -> Result<Looked, EngineError> {
    let deadline = Instant::now() + pace.patience;
    setting.settle_token(deadline).await;
    let setting = &*setting;
    let mut session = Session::start();
    let (inbox, mut arrivals) = unbounded_channel();
    let mut state = begun(setting, &mut session)?;
    let mut runner = Runner::new(setting, inbox)?;
    // A fetch that takes too long leaves time to look at what is here.
    runner.once = Some(pace.patience / 2);
    let (mut asked, mut noted, mut late) = (BTreeSet::new(), vec![], false);
    // What one look brings may ask for another: the lines for their checks, the milestones for their issues.
    while !late {
        let due = due(&state.release, &counts, &asked);
        asked.extend(due.iter().cloned());
        if due.is_empty() {
            break;
        }
        let mut open: BTreeSet<_> = due.iter().cloned().collect();
        runner.look(due, &state.release);
        while !open.is_empty() {
            (pace.told)(asked.len() - open.len(), asked.len(), &open);
            let tick = deadline.min(Instant::now() + TICK);
            match tokio::time::timeout_at(tick, arrivals.recv()).await {
                Ok(Some(Event::Saw(sighting, _))) => {
                    open.remove(&sighting.look());
                    let notes = state.release.observe(*sighting);
                    fold(&mut state.release, &mut session, notes);
                }
                Ok(Some(Event::Notice(_, text))) => noted.push(text),
                Ok(Some(_)) => {}
                Err(_) if Instant::now() < deadline => {}
                Ok(None) | Err(_) => break,
            }
        }
        late = give_up(&mut state.release, &mut session, open, pace.patience);
    }
    let _ = turn::update(&mut state, &session.stamp(), Event::Opened(Mode::ReadOnly, None));
    Ok(Looked { state, noted, late })
}

/// What the journal says, and what the setting adds to it: nothing of this is written.
fn begun(setting: &Setting, session: &mut Session) -> Result<State, EngineError> {
    let mut state = State::new(Screen::new(session.stamp().now, (120, 36), Options::default()));
    state.release = recorded(setting)?;
    if state.release.opened.is_none() {
        fold(&mut state.release, session, vec![unwritten(setting)]);
    }
    let set = setting.set.clone().filter(|set| *set != state.release.set.releases);
    let set = set.map(|releases| crate::release::Fact::from(SetChosen { releases }).into());
    fold(&mut state.release, session, set.into_iter().collect());
    state.screen.offer = setting.offer(&state.release);
    Ok(state)
}

/// Looks that have not answered in time could not be read; whether there are any.
fn give_up(
    release: &mut Release,
    session: &mut Session,
    open: BTreeSet<LookKey>,
    patience: Duration,
) -> bool {
    let late = !open.is_empty();
    for key in open {
        let why = format!("no answer within {} s", patience.as_secs());
        let notes = release.observe(Sighting::Failed(key, Untrusted::from(why)));
        fold(release, session, notes);
    }
    late
}

/// The releases of the set that a release is in, as its journal says, the lowest first; none when it is in none.
///
/// # Errors
/// When the state directory or the journal cannot be read.
pub fn set_of(setting: &Setting) -> Result<Vec<ReleaseName>, EngineError> {
    Ok(recorded(setting)?.set.releases)
}

/// The release as its journal says, or nothing of it where there is none.
fn recorded(setting: &Setting) -> Result<Release, EngineError> {
    let Some(known) = setting.known()? else { return Ok(Release::default()) };
    Ok(setting.recorded(&known)?.map(|(release, _)| release).unwrap_or_default())
}

/// Predicts the queue of every line, and folds what was found; gives each line that could not be predicted, with why.
pub async fn predict(
    setting: &Setting,
    state: &mut State,
    counts: impl Fn(&Branch) -> bool,
) -> Vec<(Branch, Untrusted)> {
    let mut session = Session::start();
    let mut predictors = Predictors::new(setting.repository.clone());
    let lines: Vec<Branch> =
        state.release.picks.lines().into_iter().filter(|line| counts(line)).cloned().collect();
    let mut failed = vec![];
    for line in lines {
        let Some(ask) = state.release.queue_ask(&line) else { continue };
        let (inbox, mut arrivals) = unbounded_channel();
        let run = Run { generation: 0, rests: true, inbox, cancel: Cancel::new() };
        predictors.run(ask, &run).await;
        drop(run);
        while let Some(event) = arrivals.recv().await {
            match event {
                Event::Foresaw(_, part) => {
                    let notes = state.release.foresee(*part);
                    fold(&mut state.release, &mut session, notes);
                }
                Event::Unforeseen(_, why) => failed.push((line.clone(), why)),
                _ => {}
            }
        }
    }
    failed
}

/// The looks that come next: those not asked for yet, and last the one that the clone answers of the queue, when the
/// forge has said what is in it.
fn due(release: &Release, counts: &impl Fn(&LookKey) -> bool, asked: &BTreeSet<LookKey>) -> Vec<LookKey> {
    let wanted = watch::wanted(release).into_iter().filter(|key| counts(key) && !asked.contains(key));
    let (due, last): (Vec<_>, Vec<_>) = wanted.partition(|key| key.topic != Topic::Landings);
    if due.is_empty() { last } else { due }
}

/// What a journal would begin with, for a release that has none: folded, never written.
fn unwritten(setting: &Setting) -> crate::release::Note {
    let opened = crate::release::session::Opened {
        format: "gonogo-journal/1".into(),
        tool: concat!("gonogo ", env!("CARGO_PKG_VERSION")).into(),
        writer: "none".into(),
        host: setting.host.as_deref().map(Into::into),
        repo: setting.repo.clone(),
        root: None,
        release: setting.release.clone(),
        kinds: "".into(),
        process: "".into(),
        profile: Some(setting.profile.as_str().into()),
        mode: "status".into(),
    };
    crate::release::Fact::from(opened).into()
}

/// Folds notes in memory, as entries that are on no disk.
fn fold(release: &mut Release, session: &mut Session, notes: Vec<crate::release::Note>) {
    for note in notes {
        let stamp = session.stamp();
        let seq = release.head.map_or(0, |(seq, ..)| seq) + 1;
        let entry = Entry {
            seq,
            ts: stamp.now,
            mono: stamp.mono,
            ses: session.id.as_str().into(),
            by: session.by.as_str().into(),
            op: note.op,
            hash: [0; 8],
            fact: note.fact,
        };
        release.apply(&entry);
    }
}
