//! Actions: what a key, the palette or the help runs.

use super::{
    Batch, State, Work, aftermath, copy, moves, noting, predict, prompts, record, reorder, replay, set,
    steps, triage, votes, watch,
};
use crate::release::Pane;
use crate::release::ask::{Ask, Effect, Proposal};
use crate::release::checklist::ItemState;
use crate::release::entry::Stamp;
use crate::release::errand::{Errand, UndoClass};
use crate::release::looks::{LookKey, Topic};
use crate::release::text::Untrusted;
use crate::screen::Mode;
use crate::screen::dialog::{Dialog, Input};
use crate::screen::keymap::Action;
use crate::screen::notice::{JobKind, Tone};
use crate::screen::rows::{RowId, ci};

/// Runs an action, or says why it cannot be run.
pub(super) fn run(state: &mut State, stamp: &Stamp, action: Action, batch: &mut Batch) {
    state.dirty = true;
    if let Some(why) = state.screen.why_not(action).map(str::to_owned) {
        let text = format!("{}: {why}", action.def().label.trim_end_matches('…'));
        state.notice(Tone::Warn, text);
        return;
    }
    if action == Action::Notes || (action == Action::DoStep && noting::is_step(state)) {
        return noting::show(state, stamp, batch);
    }
    if moves::run(state, action) || prompts::run(state, action) || replay::run(state, action, batch) {
        return;
    }
    if triage::run(state, action) || aftermath::run(state, action) || votes::run(state, action) {
        return;
    }
    match action {
        Action::DoStep => steps::begin(state, batch),
        Action::Enter => moves::enter(state),
        Action::Back => moves::back(state),
        Action::Tick => tick(state),
        Action::Undo => undo(state),
        Action::Redo => state.waiting.push_back(Work::Ask(Ask::Redo)),
        Action::Rerun => rerun(state),
        Action::Log => log(state, batch),
        Action::Browse => browse(state, batch),
        Action::CopyLink | Action::CopyHash | Action::CopyNumber | Action::CopyMarkdown => {
            copied(state, action, batch)
        }
        Action::Refresh => refresh(state, stamp, batch),
        Action::GoJournal => go_journal(state),
        Action::Present => present(&mut state.screen),
        Action::Compare => compare(state),
        Action::Ran => state.screen.dialogs.push(Dialog::Ran { top: 0 }),
        Action::Set => set::open(state, batch),
        Action::Jobs => state.screen.dialogs.push(Dialog::Jobs { cursor: 0 }),
        Action::Palette => {
            state.screen.dialogs.push(Dialog::Palette { input: Input::default(), cursor: 0 });
        }
        Action::Help => {
            state.screen.dialogs.push(Dialog::Help { all: false, input: Input::default(), cursor: 0 });
        }
        Action::FixOrder => reorder::look(state, stamp, batch),
        Action::Predict => predict::again(state, stamp, batch),
        Action::Cancel => cancel(state, stamp, batch),
        Action::Suspend => batch.now.push(Effect::Suspend),
        Action::Quit => quit(state),
        _ => {}
    }
}

/// The room looks on, or does not any more.
fn present(screen: &mut crate::screen::Screen) {
    screen.options.present = !screen.options.present;
    screen.presenting = screen.options.present.then_some(screen.now);
}

/// Looks again; tries the journal again where it cannot be written, or takes it over where it is followed.
fn refresh(state: &mut State, stamp: &Stamp, batch: &mut Batch) {
    match state.screen.mode {
        Mode::Grounded => return record::retry(batch),
        // A fetch would move refs: who only looks on changes nothing in the clone either.
        Mode::ReadOnly if state.is_looking_on() => watch::refresh(state, stamp),
        Mode::ReadOnly => return take_over(state, batch),
        _ => {
            batch.now.push(Effect::Fetch);
            watch::refresh(state, stamp);
        }
    }
    if let Some(why) = watch::out_of_reach(state) {
        state.notice(Tone::Plain, why);
    }
}

/// Asks for the journal that another cockpit held.
fn take_over(state: &mut State, batch: &mut Batch) {
    if state.screen.options.read_only {
        state.notice(Tone::Plain, "opened with --read-only: what is shown is what the journal says");
    } else {
        record::retry(batch);
    }
}

/// Ticks an open item, unticks one that is settled; folds a stage.
fn tick(state: &mut State) {
    let Some(RowId::Item(item)) = state.cursor().cloned() else { return moves::fold(state) };
    let known = state.release.process.as_ref().and_then(|process| process.item(&item));
    let given = known.map_or(ItemState::Open, |it| state.release.item_state(it, state.screen.now));
    let to = if given.is_settled() { ItemState::Open } else { ItemState::Done };
    let checks = || state.release.self_check(&item, state.screen.now).is_some();
    if to == ItemState::Done
        && let Some(wanted) = state.release.lacks_evidence(&item).filter(|_| !checks())
    {
        return prompts::evidence(state, item, wanted);
    }
    state.waiting.push_back(Work::Ask(Ask::Tick { item: item.into(), to, why: None }));
}

/// Takes the last deed back: at once when it is local, by a plan when it left.
fn undo(state: &mut State) {
    let local = state.release.last_deed().is_none_or(|deed| deed.class == UndoClass::Local);
    let work = if local { Work::Ask(Ask::Undo) } else { Work::Draft(Proposal::TakeBack) };
    state.waiting.push_back(work);
}

fn rerun(state: &mut State) {
    let Some(branch) = ci::branch(&state.release, &state.screen) else { return };
    let checks: Vec<Untrusted> = state
        .screen
        .list()
        .chosen()
        .into_iter()
        .filter_map(|id| if let RowId::Check(name) = id { Some(name) } else { None })
        .collect();
    state.waiting.push_back(Work::Draft(Proposal::Rerun { branch, checks }));
}

/// The job of the check under the cursor.
fn job(state: &State) -> Option<(Untrusted, u64)> {
    let RowId::Check(name) = state.cursor()? else { return None };
    let branch = ci::branch(state.shown(), &state.screen)?;
    let check = state.shown().checks.lines.get(&branch)?.rows.get(name)?;
    check.run?.job.map(|job| (name.clone(), job))
}

/// Shows the end of the failed step's log; looks for it first when it was not read.
fn log(state: &mut State, batch: &mut Batch) {
    let Some((name, job)) = job(state) else {
        state.notice(Tone::Warn, "there is no log: it is not a job of a GitHub workflow (o opens it)");
        return;
    };
    match state.shown().checks.logs.get(&job) {
        Some(seen) => {
            let step = seen.step.as_ref().map(|step| format!(": {}", step.line())).unwrap_or_default();
            let lines = seen.tail.lines(400).collect();
            state.screen.dialogs.push(Dialog::Text {
                title: format!("{}{step}", name.line()),
                lines,
                top: 0,
            });
        }
        None if state.screen.mode.looks() || state.is_looking_on() => {
            batch.now.push(Effect::Look(vec![LookKey::new(Topic::Log, job.to_string())]));
            state.notice(Tone::Plain, "reading the log; press again when it is here");
        }
        None => state.notice(Tone::Plain, "the log was not read then"),
    }
}

fn browse(state: &mut State, batch: &mut Batch) {
    let link = state.cursor().and_then(|id| copy::link(state.shown(), &state.screen, id));
    match link {
        Some(link) if state.screen.mode != Mode::Demo => batch.now.push(Effect::Browse(link)),
        Some(link) => state.notice(Tone::Plain, format!("the demo forge has no pages; it would open {link}")),
        None => state.notice(Tone::Warn, "this has no page of its own"),
    }
}

fn copied(state: &mut State, action: Action, batch: &mut Batch) {
    let Some(id) = state.cursor().cloned() else { return };
    let link = copy::link(state.shown(), &state.screen, &id);
    let text = match action {
        Action::CopyHash => copy::hash(state.shown(), &state.screen, &id),
        Action::CopyNumber => copy::number(&id),
        Action::CopyMarkdown => {
            copy::title(state.shown(), &id).zip(link).map(|(title, link)| copy::markdown(&title, &link))
        }
        _ => link,
    };
    match text {
        Some(text) => {
            state.notice(Tone::Good, format!("copied {text}"));
            batch.now.push(Effect::Copy(text));
        }
        None => state.notice(Tone::Warn, "this row has none"),
    }
}

/// Travels to the last entry about the row.
fn go_journal(state: &mut State) {
    let target = state.cursor().and_then(copy::target);
    let seq = target.as_deref().and_then(|target| state.release.log.last_about(target)).map(|row| row.seq);
    match seq {
        Some(seq) => {
            moves::show_tab(state, Pane::Journal);
            state.screen.list_mut().preset = 1;
            moves::reveal(state, &RowId::Entry(seq));
        }
        None => state.notice(Tone::Plain, "the journal has nothing about this"),
    }
}

fn compare(state: &mut State) {
    let Some(RowId::Line(branch)) = state.cursor().cloned() else { return };
    let Some(line) = state.shown().lines.0.get(&branch) else { return };
    let since = line.last_tag.as_ref().map_or("the beginning".to_owned(), |tag| tag.line());
    let row = |commit: &crate::release::branches::Commit| {
        format!("{}  {}  {}", commit.oid.short(), commit.subject.line(), commit.author.line())
    };
    let mut lines =
        vec![format!("Since {since}: {}", line.unreleased.map_or("?".to_owned(), |n| n.to_string()))];
    lines.extend(line.commits.iter().map(row));
    lines.push(String::new());
    lines.push(format!(
        "Here and not on the trunk: {}",
        line.drifting.map_or("?".to_owned(), |n| n.to_string())
    ));
    lines.extend(line.drift.iter().map(row));
    if line.drifting != u32::try_from(line.drift.len()).ok()
        && let (Some(trunk), Some(_)) = (state.shown().trunk(), line.ahead)
    {
        let all = line.drifting.map_or("?".to_owned(), |n| n.to_string());
        lines.push(format!(
            "The newest {} of {all} are listed. All that git sees by patch:",
            line.drift.len()
        ));
        lines.push(format!("git cherry -v {} {} | grep '^+'", trunk.line(), branch.line()));
    }
    state.screen.dialogs.push(Dialog::Text { title: branch.line(), lines, top: 0 });
}

/// Stops what is under way. What was sent stays sent; what waits is called off, on record. An upload is stopped in
/// mid-file: what came of it is looked for, and its plan stands still until a person goes on or calls it off.
fn cancel(state: &mut State, stamp: &Stamp, batch: &mut Batch) {
    let uploads = |errand: &Errand| matches!(errand, Errand::UploadAsset(_));
    if state.release.outbox.open.values().any(|open| !open.in_doubt && uploads(&open.errand)) {
        batch.now.push(Effect::Halt);
        return state.notice(Tone::Plain, "stopping the upload; what came of it is looked for");
    }
    let plans: Vec<_> = state.release.outbox.plans.iter().map(|plan| plan.plan.clone()).collect();
    let sending = state.screen.jobs.iter().any(|job| matches!(job.kind, JobKind::Plan(_)));
    let steps = |errand: &Errand| matches!(errand, Errand::RunCommand(_) | Errand::ProbeUrl(_));
    if state.release.outbox.open.values().any(|open| !open.in_doubt && steps(&open.errand)) {
        batch.now.push(Effect::Halt);
    }
    if sending {
        for plan in plans {
            let why = Untrusted::from("cancelled with ctrl-x");
            state.waiting.push_back(Work::Ask(Ask::CallOff { plan, why }));
        }
    } else {
        batch.now.push(Effect::Cancel);
        predict::stop(state, stamp);
        reorder::stop(state);
        noting::stop(state);
        watch::cancelled(state, stamp);
        state.notice(Tone::Plain, "cancelled; r looks again");
    }
}

fn quit(state: &mut State) {
    let asked = matches!(state.screen.dialogs.last(), Some(Dialog::Quit));
    if state.is_sending() && !asked {
        state.screen.dialogs.push(Dialog::Quit);
    } else {
        state.screen.dialogs.clear();
        state.leaving = true;
        // The person was asked and said so again: what waits stays in the journal as unfinished.
        if asked {
            state.abandon_waiting();
        }
    }
}
