//! After a release: the merge-back of a hotfix as a matrix, and what follows when a release goes wrong.

use super::{State, Work, moves, prompts};
use crate::release::Pane;
use crate::release::ask::Ask;
use crate::release::back::{Back, BackSettled};
use crate::release::ids::{Branch, Oid};
use crate::release::log::plural;
use crate::release::picks::PickAsk;
use crate::release::setback::{Recovered, SetbackAsk, then_words};
use crate::release::text::{Untrusted, shown};
use crate::screen::dialog::{Choice, Choosing, Dialog, Input, Purpose};
use crate::screen::keymap::Action;
use crate::screen::notice::Tone;
use crate::screen::rows::RowId;

/// Actions of this room; false when the action is another.
pub(super) fn run(state: &mut State, action: Action) -> bool {
    match action {
        Action::MergeBack => merge_back(state),
        Action::Setback => setback(state),
        _ => return false,
    }
    true
}

/// Shows where each commit of the hotfix stands on each branch, and what can be done about what is missing.
pub(super) fn merge_back(state: &mut State) {
    let rows = match state.release.back_matrix() {
        Ok(rows) => rows,
        Err(reading) => {
            state.notice(Tone::Plain, format!("merge-back: {}", reading.reason));
            return;
        }
    };
    let (mut about, mut choices) = (vec![], vec![]);
    for row in &rows {
        let subject = shown(row.commit.subject.raw(), 60);
        about.push(format!("{}  {subject}", row.commit.oid.short()));
        for (line, cell) in &row.cells {
            let (sign, said) = match cell {
                Back::There(how) => ("✓", how),
                Back::NotNeeded(how) => ("–", how),
                Back::Missing(how) => ("✗", how),
            };
            about.push(format!("    {sign} {:<24} {said}", line.line()));
            let place = format!("{} {}", row.commit.oid, line.as_str());
            let at = format!("{} on {}", row.commit.oid.short(), line.line());
            let mut offer = |verb: &str, label: String| {
                let value = format!("{verb} {place}");
                choices.push(Choice { value, label, note: subject.clone(), ask: None });
            };
            match cell {
                Back::Missing(_) => {
                    offer("queue", format!("queue {at}"));
                    offer("not", format!("not needed: {at}…"));
                }
                Back::NotNeeded(_) => offer("needed", format!("needed after all: {at}")),
                Back::There(_) => {}
            }
        }
    }
    let branches = rows.first().map_or(0, |it| it.cells.len());
    let title = format!("Merge back: {} on {branches} {}", rows.len(), plural(branches, "branch"));
    if choices.is_empty() {
        state.screen.dialogs.push(Dialog::Text { title, lines: about, top: 0 });
        return;
    }
    let (input, purpose) = (Input::default(), Choosing::MergeBack);
    state.screen.dialogs.push(Dialog::Choose { title, about, choices, input, cursor: 0, top: 0, purpose });
}

/// Does what was chosen about a commit on a branch.
pub(super) fn merge_back_by(state: &mut State, value: &str) {
    let mut words = value.split(' ');
    let (Some(verb), Some(oid), Some(line)) = (words.next(), words.next(), words.next()) else { return };
    let (Ok(commit), Ok(line)) = (Oid::parse(oid), Branch::parse(line)) else { return };
    match verb {
        "queue" => queue(state, commit, line),
        "not" => {
            let about = format!("{} on {}", commit.short(), line.line());
            prompts::prompt(state, "Why is it not needed there?", about, Purpose::NotBack(commit, line));
        }
        _ => {
            let settled = BackSettled { commit, line, on: false, why: Untrusted::default() };
            state.waiting.push_back(Work::Ask(Ask::Back(settled)));
        }
    }
}

/// Puts a missing commit into the queue of the branch, as one to bring forward.
fn queue(state: &mut State, commit: Oid, line: Branch) {
    let key = crate::release::picks::PickKey::Commit(commit);
    if state.release.picks.cell(&key, &line).is_none() {
        let what = Untrusted::from(commit.to_string());
        state.waiting.push_back(Work::Ask(Ask::Pick(PickAsk::Add { what, line: line.clone() })));
    } else {
        let text = format!("{} is in the queue of {} already", commit.short(), line.line());
        state.notice(Tone::Plain, text);
    }
    state.screen.branch = Some(line);
    moves::show_tab(state, Pane::Picks);
}

/// A release went wrong, or that is over.
pub(super) fn setback(state: &mut State) {
    if let Some(said) = state.release.setback_banner() {
        return prompts::prompt(state, "What was done, and how is it now?", said, Purpose::Recovered(None));
    }
    let Some(process) = state.release.process.clone() else { return };
    let choice = |it: &crate::process::SeverityRule| Choice {
        value: it.id.clone(),
        label: shown(if it.title.is_empty() { &it.id } else { &it.title }, 60),
        note: then_words(it.then).to_owned(),
        ask: None,
    };
    let choices: Vec<_> = process.rollback.severities.iter().map(choice).collect();
    if choices.is_empty() {
        let text = "the process says nothing of rollback: [[rollback.severities]] lists how severe it can be";
        state.notice(Tone::Plain, text);
        return;
    }
    prompts::choose(state, "It went wrong: how severe is it?".to_owned(), choices, Choosing::Severity);
}

/// Asks what went wrong, once it is known how severe it is.
pub(super) fn what_went_wrong(state: &mut State, severity: &str) {
    prompts::prompt(state, "What went wrong?", shown(severity, 60), Purpose::WentWrong(severity.into()));
}

/// Takes the answer of a prompt of this room; gives it back when it is about something else.
pub(super) fn answered(state: &mut State, purpose: Purpose, text: &str) -> Option<Purpose> {
    let said = Untrusted::from(text);
    let ask = match purpose {
        Purpose::NotBack(commit, line) => Ask::Back(BackSettled { commit, line, on: true, why: said }),
        Purpose::WentWrong(severity) => Ask::Setback(SetbackAsk::Wrong { severity, what: said }),
        Purpose::Recovered(None) => {
            let about = "its version or its address; - when there is none".to_owned();
            prompts::prompt(state, "Which hotfix mends it?", about, Purpose::Recovered(Some(said)));
            return None;
        }
        Purpose::Recovered(Some(outcome)) => {
            let hotfix = Some(text.trim()).filter(|it| *it != "-").map(Untrusted::from);
            Ask::Setback(SetbackAsk::Over(Recovered { outcome, hotfix }))
        }
        other => return Some(other),
    };
    state.waiting.push_back(Work::Ask(ask));
    None
}

/// It is on record that the release went wrong: goes to the stage that holds the steps.
pub(super) fn show_steps(state: &mut State) {
    let stage = state.release.process.as_ref().and_then(|process| process.rollback.stage.clone());
    if let Some(stage) = stage {
        moves::show_tab(state, Pane::Checklist);
        // It opens with what is recorded of it: until then the cursor stays where it is.
        state.screen.then = Some(RowId::Heading(stage));
    }
}
