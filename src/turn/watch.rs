//! When to look at the world, and when to wake up at all.

use super::{Batch, State, artifacts};
use crate::order::Order as _;
use crate::process::SelfCheck;
use crate::release::ask::Effect;
use crate::release::entry::Stamp;
use crate::release::fact::{self, Fact};
use crate::release::looks::{LookKey, Topic};
use crate::release::observe::Sighting;
use crate::release::reading::{NO_FORGE, NO_FORGE_NEXT};
use crate::release::{Pane, Release};
use crate::screen::fresh::{Look, Source, next_step};
use crate::screen::notice::{Job, JobKind};
use crate::screen::{Rate, Screen};
use chrono::{DateTime, TimeDelta, Utc};

/// Most branches whose checks are looked at: trunk, the release's line, and the newest others.
const BRANCHES: usize = 4;

/// Every look that the cockpit keeps fresh for this release.
#[must_use]
pub fn wanted(release: &Release) -> Vec<LookKey> {
    let mut keys = vec![LookKey::new(Topic::Git, "")];
    let repos = release.repositories();
    for repo in &repos {
        keys.push(LookKey::new(Topic::Milestones, repo.as_str()));
        if release.milestones.chosen.is_some() {
            keys.push(LookKey::new(Topic::Issues, repo.as_str()));
        }
    }
    // Without lines there is nothing that a pick could be on.
    if !release.lines.0.is_empty() {
        keys.push(LookKey::new(Topic::Landings, ""));
    }
    if let Some(repo) = repos.first() {
        keys.push(LookKey::new(Topic::Releases, ""));
        // Which labels propose a pick depends on the lines there are.
        if !release.lines.0.is_empty() {
            keys.push(LookKey::new(Topic::Picks, repo.as_str()));
        }
        for branch in branches(release) {
            keys.push(LookKey::new(Topic::Checks, branch.as_str()));
            keys.push(LookKey::new(Topic::Required, branch.as_str()));
        }
        keys.extend(release.tracking_issue().map(|key| LookKey::new(Topic::Tasks, key.to_string())));
        keys.extend(release.runs.going().map(|run| LookKey::new(Topic::Runs, run.to_string())));
    }
    let files = release.process.iter().flat_map(|process| process.items());
    let documents = release.process.iter().flat_map(|process| &process.gates);
    let asks_files = files
        .into_iter()
        .any(|(_, item)| matches!(item.check, Some(SelfCheck::FileChanged { .. })))
        || documents.into_iter().any(|gate| matches!(gate.kind, crate::process::GateKind::Documents { .. }));
    if asks_files {
        keys.push(LookKey::new(Topic::Files, ""));
    }
    if !release.wanted_files().is_empty() {
        keys.push(LookKey::new(Topic::Built, ""));
    }
    keys.extend(release.artifact_looks());
    keys
}

/// The branches whose checks are looked at.
#[must_use]
pub fn branches(release: &Release) -> Vec<crate::release::ids::Branch> {
    let known = |branch: &crate::release::ids::Branch| release.lines.0.contains_key(branch);
    let mut branches: Vec<_> = release.trunk().into_iter().filter(known).collect();
    branches.extend(release.line().map(|line| line.branch.clone()));
    let mut others: Vec<_> =
        release.lines.0.values().filter(|line| !branches.contains(&line.branch)).collect();
    others.order_by_key(|line| std::cmp::Reverse(line.at));
    branches.extend(others.into_iter().map(|line| line.branch.clone()));
    branches.truncate(BRANCHES);
    branches
}

/// Seconds between two looks of a topic.
fn cadence(screen: &Screen, release: &Release, key: &LookKey) -> i64 {
    let base = i64::from(screen.options.poll.unwrap_or(60));
    let running = || {
        release.checks.lines.iter().any(|(branch, line)| {
            branch.as_str() == &*key.scope && line.rows.values().any(|it| it.state.is_running())
        })
    };
    let seconds = match key.topic {
        Topic::Checks if screen.tab == Pane::Ci && running() => base.min(15),
        Topic::Checks | Topic::Milestones | Topic::Issues | Topic::Picks => base,
        Topic::Git | Topic::Landings | Topic::Built | Topic::Tasks => base,
        Topic::Runs => base.min(15),
        Topic::Required | Topic::Releases | Topic::Files | Topic::Log => base * 5,
        // People wait for these while they do something else: the focus makes no difference.
        Topic::Artifacts => return artifacts::pace(release, key, screen.now),
    };
    if screen.focused { seconds } else { seconds * 5 }
}

/// Takes in when a look answered, and says when the next is due. Gives the number of the journal's last entry when it
/// was asked.
pub(super) fn answered(state: &mut State, sighting: &Sighting, source: Source, stamp: &Stamp) -> Option<u64> {
    let key = sighting.look();
    let error = match sighting {
        Sighting::Failed(_, why) => Some(why.line()),
        _ => None,
    };
    let known = state.screen.fresh.0.get(&key);
    let before = known.and_then(|look| look.at);
    let upto = known.and_then(|look| look.upto);
    // A line moved, or the queue changed, while the look was under way: it is answered, and due again.
    let overtaken = known.is_some_and(|look| look.asked.is_some() && look.due > look.asked);
    let wait = match sighting {
        Sighting::Artifact(row) => artifacts::next(state.shown(), row, stamp.now),
        _ => cadence(&state.screen, state.shown(), &key),
    };
    let wait = match &error {
        Some(_) if key.topic == Topic::Artifacts => artifacts::again(state.shown(), &key, stamp.now),
        Some(_) => wait.max(60),
        None => wait,
    };
    let wait = if overtaken { 0 } else { wait };
    // Ten per cent of jitter, so that several cockpits do not look in step.
    let jitter = i64::try_from(stamp.fresh % 201).unwrap_or(100) - 100;
    let due = stamp.now + TimeDelta::milliseconds(wait * (1000 + jitter));
    let automatic = state.screen.options.poll.is_some() && key.topic != Topic::Log;
    let at = if error.is_some() { before } else { Some(stamp.now) };
    let look = Look { at, source, asked: None, upto, error, due: Some(due).filter(|_| automatic) };
    state.screen.fresh.0.insert(key, look);
    sync_job(state);
    state.dirty = true;
    upto
}

/// How fresh the journal says that each look is: until the world answers, that is all that is known.
pub(super) fn from_journal(state: &mut State, due: Option<DateTime<Utc>>) {
    for (key, known) in &state.release.looks.0 {
        let error = known.failed.as_ref().map(|(_, why)| why.line());
        let look = state.screen.fresh.0.get(key);
        let (asked, upto) = (look.and_then(|look| look.asked), look.and_then(|look| look.upto));
        let look = Look { at: known.since, source: Source::Journal, asked, upto, error, due };
        state.screen.fresh.0.insert(key.clone(), look);
    }
}

/// Asks for the looks that are due.
pub(super) fn look(state: &mut State, stamp: &Stamp, batch: &mut Batch) {
    // Before its first line is read nobody knows what the release is, and so what there is to look at.
    if !(state.screen.mode.looks() || state.is_looking_on()) || state.shown().opened.is_none() {
        return;
    }
    if state.screen.held.is_some_and(|held| held > stamp.now) {
        return;
    }
    let wanted = wanted(state.shown());
    // What is no longer looked at wakes nobody up: a branch that left the list, a log that was read.
    for (_, look) in state.screen.fresh.0.iter_mut().filter(|(key, _)| !wanted.contains(key)) {
        look.due = None;
    }
    let quiet = state.writing.is_none() && state.waiting.is_empty();
    let mut due = vec![];
    let (release, screen) = state.split();
    for key in wanted {
        let look = screen.fresh.0.entry(key.clone()).or_insert(Look {
            at: None,
            source: Source::Journal,
            asked: None,
            upto: None,
            error: None,
            due: Some(stamp.now),
        });
        // Issues of a milestone that was just chosen were not read yet.
        let unread = quiet && look.at.is_some() && release.looks.get(&key).is_none();
        if key.topic == Topic::Issues && unread {
            *look = Look { at: None, error: None, due: Some(stamp.now), ..look.clone() };
        }
        // What the journal knew from before is looked at once, polling paused or not.
        let first = look.source == Source::Journal && look.due.is_none() && look.asked.is_none();
        if look.asked.is_none() && (first || look.due.is_some_and(|due| due <= stamp.now)) {
            look.asked = Some(stamp.now);
            look.due = Some(stamp.now);
            look.upto = release.head.map(|(seq, ..)| seq);
            artifacts::tried(release, &mut screen.tries, &key, stamp.now);
            due.push(key);
        }
    }
    if !due.is_empty() {
        batch.now.push(Effect::Look(due));
        sync_job(state);
    }
}

/// Asks for every look now, as `r` does.
pub(super) fn refresh(state: &mut State, stamp: &Stamp) {
    for look in state.screen.fresh.0.values_mut().filter(|look| look.asked.is_none()) {
        look.due = Some(stamp.now);
    }
    state.dirty = true;
}

/// Looks again now at what follows from a fact: which picks are there, when lines moved or the queue changed.
pub(super) fn after_fact(state: &mut State, fact: &Fact) {
    artifacts::after_fact(state, fact);
    // A run that was started from here may have made what it was started for: a tag, a release, an artifact.
    if let Fact::Checks(fact::Checks::Run(seen)) = fact
        && seen.state.has_ended()
    {
        look_now(state, &[Topic::Git, Topic::Releases, Topic::Artifacts]);
    }
    let moves = matches!(fact, Fact::Branches(_) | Fact::Picks(fact::Picks::Seen(_) | fact::Picks::Added(_)));
    if !moves {
        return;
    }
    let now = state.screen.now;
    let key = LookKey::new(Topic::Landings, "");
    if let Some(look) =
        state.screen.fresh.0.get_mut(&key).filter(|look| look.at.is_some() || look.asked.is_some())
    {
        look.due = Some(now);
    }
    // Which picks are wanted on a line that has just come is asked of the forge as well.
    let came = state.release.line().and_then(|line| state.release.picks.came_in(&line.branch));
    let looks = state.screen.fresh.0.iter_mut().filter(|(key, _)| key.topic == Topic::Picks);
    for (_, look) in looks.filter(|(_, look)| look.upto < came) {
        look.due = Some(now);
    }
}

/// Looks again now at what an errand changed.
pub(super) fn after_errand(state: &mut State, kind: &str) {
    let topics: &[Topic] = match kind.split('.').next() {
        Some("issue" | "milestone") => &[Topic::Issues, Topic::Milestones, Topic::Picks, Topic::Tasks],
        Some("run") => &[Topic::Checks, Topic::Runs],
        Some("release") => &[Topic::Releases, Topic::Git, Topic::Artifacts],
        Some("pull") => &[Topic::Picks],
        _ => &[Topic::Git],
    };
    look_now(state, topics);
}

fn look_now(state: &mut State, topics: &[Topic]) {
    let now = state.screen.now;
    for (_, look) in state.screen.fresh.0.iter_mut().filter(|(key, _)| topics.contains(&key.topic)) {
        look.due = Some(now);
    }
}

/// One job stands for all looks on their way.
fn sync_job(state: &mut State) {
    let asked: Vec<_> = state.screen.fresh.0.values().filter_map(|look| look.asked).collect();
    let all = state.screen.fresh.0.len();
    state.screen.jobs.retain(|job| job.kind != JobKind::Look);
    if let Some(since) = asked.iter().min() {
        let progress = Some((all - asked.len(), all));
        let text = "looking at git and the forge".to_owned();
        state.screen.jobs.push(Job { kind: JobKind::Look, text, progress, since: *since, cancel: true });
    }
}

/// What the forge said of its limits, and until when it asks to be left alone: a reply that says nothing of that
/// lifts nothing.
pub(super) fn limits(state: &mut State, rate: Option<Rate>, held: Option<DateTime<Utc>>) {
    let before = (state.screen.rate, state.screen.held);
    state.screen.rate = rate.or(state.screen.rate);
    state.screen.held = held.or(state.screen.held.filter(|held| *held > state.screen.now));
    state.dirty |= before != (state.screen.rate, state.screen.held);
}

/// What `r` cannot read now, and why.
pub(super) fn out_of_reach(state: &State) -> Option<String> {
    if let Some(left) = state.screen.held_for() {
        let then =
            if state.screen.options.poll.is_some() { "it is asked again by itself" } else { "press r then" };
        return Some(format!("the forge asks to be left alone for {left}: {then}"));
    }
    let none = state.shown().is_on_no_forge();
    none.then(|| format!("git is read; {NO_FORGE}: {NO_FORGE_NEXT}"))
}

/// Looks that were cancelled are due again after their cadence.
pub(super) fn cancelled(state: &mut State, stamp: &Stamp) {
    for look in state.screen.fresh.0.values_mut().filter(|look| look.asked.is_some()) {
        look.asked = None;
        look.due = Some(stamp.now + TimeDelta::seconds(60));
    }
    sync_job(state);
}

/// The terminal got or lost the focus: what is stale is looked at again when people come back.
pub(super) fn focus(state: &mut State, focused: bool, stamp: &Stamp) {
    if focused && !state.screen.focused && state.screen.options.poll.is_some() {
        let stale = stamp.now - TimeDelta::seconds(60);
        // Registries are asked at their own pace.
        let looks = state.screen.fresh.0.iter_mut().filter(|(key, _)| key.topic != Topic::Artifacts);
        for (_, look) in looks {
            if look.asked.is_none() && look.at.is_some_and(|at| at < stale) {
                look.due = Some(stamp.now);
            }
        }
    }
    state.screen.focused = focused;
}

/// A deadline has come: what is over goes, ages are drawn anew.
pub(super) fn deadline(state: &mut State, stamp: &Stamp) {
    state.screen.notices.retain(|notice| notice.until > stamp.now);
    let shown = TimeDelta::seconds(2);
    state.screen.pressed.retain(|pressed| stamp.now - pressed.at < shown);
    // Gates that wait for a time to pass are read again.
    let passed = |until: DateTime<Utc>| until <= stamp.now;
    if state.screen.poll.iter().any(|polled| polled.reading.until.is_some_and(passed)) {
        crate::screen::rows::forget(&mut state.screen);
    }
    state.dirty = true;
}

/// When the cockpit must wake up by itself; never, when nothing is due and no age is shown.
#[must_use]
pub fn next_deadline(state: &State) -> Option<DateTime<Utc>> {
    let screen = &state.screen;
    let now = screen.now;
    let mut times: Vec<DateTime<Utc>> = vec![];
    times.extend(screen.notices.iter().map(|notice| notice.until));
    times.extend(screen.pressed.iter().map(|pressed| pressed.at + TimeDelta::seconds(2)));
    // A job is shown after 200 ms.
    times.extend(
        screen.jobs.iter().map(|job| job.since + TimeDelta::milliseconds(200)).filter(|at| *at > now),
    );
    times.extend(screen.poll.iter().filter_map(|polled| polled.reading.until).filter(|at| *at > now));
    // The minutes that the room has looked on are shown.
    let used = screen.presenting.zip(screen.minutes_used());
    times.extend(used.map(|(since, minutes)| since + TimeDelta::minutes(minutes + 1)));
    if (screen.mode.looks() || state.is_looking_on()) && screen.options.poll.is_some() {
        let held = screen.held.filter(|held| *held > now);
        times.extend(screen.fresh.next_due().map(|due| held.map_or(due, |held| due.max(held))));
        times.extend(held.map(|held| next_second(now).min(held)));
        let oldest = screen.fresh.worst(ages).and_then(|look| look.at);
        times.extend(oldest.map(|at| next_step(now, at)));
        times.extend(
            state.shown().milestones.due().filter(|due| *due > now).map(|due| next_countdown(now, due)),
        );
    }
    times.extend(super::set::deadlines(state));
    times.extend(super::meeting::deadlines(state));
    times.into_iter().min().map(|at| at.max(now + TimeDelta::milliseconds(1)))
}

/// Whether the age of a look is shown as that of all: a log is read once, and registries have a pace of their own.
fn ages(key: &LookKey) -> bool {
    !matches!(key.topic, Topic::Log | Topic::Artifacts)
}

fn next_second(now: DateTime<Utc>) -> DateTime<Utc> {
    now + TimeDelta::seconds(1)
}

/// When a countdown is next shown differently: each hour, in the last day each minute.
fn next_countdown(now: DateTime<Utc>, due: DateTime<Utc>) -> DateTime<Utc> {
    let left = (due - now).num_seconds();
    let step = if left > 86_400 { 3600 } else { 60 };
    now + TimeDelta::seconds(left % step + 1)
}
