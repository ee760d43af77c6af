//! Steps of the checklist that the cockpit does itself, each with its plan first.

use super::{Batch, State, Work, announce, moves, prompts};
use crate::process::{Act, Venue};
use crate::release::Pane;
use crate::release::ask::Proposal;
use crate::release::cut::What;
use crate::release::planned::Planned;
use crate::release::text::Untrusted;
use crate::screen::dialog::{Dialog, Input, Purpose};
use crate::screen::keymap::Action;
use crate::screen::notice::Tone;
use crate::screen::rows::RowId;

/// Begins what the item under the cursor asks for.
pub(super) fn begin(state: &mut State, batch: &mut Batch) {
    let Some(RowId::Item(item)) = state.cursor().cloned() else {
        state.notice(Tone::Plain, "this is a stage: move to one of its items");
        return;
    };
    let process = state.release.process.clone();
    let Some(act) = process.as_ref().and_then(|process| process.item(&item)).and_then(|it| it.act.clone())
    else {
        state.notice(
            Tone::Plain,
            "the process names nothing to do for it here: space ticks it when it is done",
        );
        return;
    };
    if waits(state, &item, &act) {
        return;
    }
    let proposal = match act {
        Act::CreateBranch if state.release.starts_at_a_tag() => Proposal::HotfixBranch,
        Act::CreateBranch => return branch(state),
        Act::MergeBack => return super::aftermath::merge_back(state),
        Act::Promote { channel } => Proposal::Promote { item: item.into(), channel: channel.into() },
        Act::Picks => return moves::show_tab(state, Pane::Picks),
        Act::TagCandidate => Proposal::Cut(What::Candidate),
        Act::TagFinal => Proposal::Cut(What::Final),
        Act::Announce { id } => return announce::begin(state, &id, batch),
        Act::Status => return status(state, batch),
        Act::CreateMilestone => return milestone(state),
        Act::TrackingIssue => Proposal::Planned(Planned::Tracking),
        Act::Rollover => return rollover(state),
        Act::Workflow { .. } => workflow(state, item),
        Act::Command { .. } | Act::Probe { .. } => {
            let barred = barred(state);
            Proposal::Step { item: item.into(), barred }
        }
        Act::PublishNotes => match state.release.final_tag().map(|row| row.tag.clone()) {
            Some(tag) => Proposal::PublishRelease(tag),
            None => {
                state.notice(Tone::Plain, "the final version is not tagged yet: F in RC cuts it");
                return;
            }
        },
        _ => {
            let text = "gonogo does not do this step itself yet: do it, and tick it with what shows it";
            state.notice(Tone::Plain, text);
            return;
        }
    };
    state.waiting.push_back(Work::Draft(proposal));
}

/// Whether an item comes after another that is not settled, and says so. What only shows something does not wait, and
/// what is refused on record says so by itself.
fn waits(state: &mut State, item: &str, act: &Act) -> bool {
    if matches!(act, Act::Command { .. } | Act::Probe { .. } | Act::MergeBack | Act::Picks | Act::DraftNotes)
    {
        return false;
    }
    let Some(before) = state.release.comes_before(item, state.screen.now) else { return false };
    state.notice(Tone::Warn, format!("it comes after: {before} (this stage goes in order)"));
    true
}

/// Why the programs of the process in force may not be run. It is known of the process that is written down now, and
/// so says nothing of another.
fn barred(state: &State) -> Option<Box<str>> {
    let options = &state.screen.options;
    let other = state.release.profile.as_ref().is_some_and(|profile| *profile != options.written);
    let other =
        other.then(|| "the process in force is not the one that is written down now: gc takes it".into());
    options.barred.clone().or(other)
}

/// Asks when the milestone is due that is created next.
fn milestone(state: &mut State) {
    let title = match state.release.milestone_to_create() {
        Ok(title) => Untrusted::from(title),
        // Drafted all the same, so that the refusal is on record.
        Err(_) => {
            let title = Untrusted::from(state.release.next_milestone().unwrap_or_default());
            let planned = Planned::Milestone { title, due: Untrusted::default() };
            return state.waiting.push_back(Work::Draft(Proposal::Planned(planned)));
        }
    };
    let due = state.release.due_after(title.raw(), state.screen.now);
    let heading = format!("The milestone {}: when is it due?", title.line());
    let about = "2026-12-01, or - for no day. It is created in each repository that lacks it.";
    prompts::prompt(state, &heading, about, Purpose::MilestoneDue(title));
    if let (Some(Dialog::Prompt { input, .. }), Some(due)) = (state.screen.dialogs.last_mut(), due) {
        *input = Input::of(&due.to_string());
    }
}

/// Asks why what is left does not make it.
fn rollover(state: &mut State) {
    let (left, to) = (state.release.left_open().len(), state.release.next_milestone().unwrap_or_default());
    if left == 0 {
        return state.notice(Tone::Plain, "nothing is left open in the milestone");
    }
    let to = Untrusted::from(to).line();
    let about = format!("{left} open, each gets this as a comment");
    prompts::prompt(state, &format!("Why move them to {to}?"), about, Purpose::Rollover);
}

/// A status goes to the tracking issue.
fn status(state: &mut State, batch: &mut Batch) {
    let process = state.release.process.clone();
    let all = process.iter().flat_map(|process| &process.announcements);
    match all.into_iter().find(|it| it.to == Venue::TrackingIssue).map(|it| it.id.clone()) {
        Some(id) => announce::begin(state, &id, batch),
        None => {
            let text = "no announcement of the process goes to the tracking issue: to = \"tracking-issue\"";
            state.notice(Tone::Plain, text);
        }
    }
}

/// A workflow that makes the tag is cut; any other is started.
fn workflow(state: &State, item: String) -> Proposal {
    let untagged = state.release.final_tag().is_none();
    let tags = |what| state.release.tagged_by(what).is_some_and(|it| it.id == item);
    if untagged && tags(What::Final) {
        Proposal::Cut(What::Final)
    } else if untagged && tags(What::Candidate) {
        Proposal::Cut(What::Candidate)
    } else {
        Proposal::Workflow { item: item.into() }
    }
}

/// The release branch starts at the trunk.
fn branch(state: &mut State) {
    moves::show_tab(state, Pane::Branches);
    let trunk = state.release.trunk();
    if let Some(trunk) = trunk {
        moves::reveal(state, &RowId::Line(trunk));
    }
    prompts::run(state, Action::CreateBranch);
}
