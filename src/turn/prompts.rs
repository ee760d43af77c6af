//! Actions that ask for something first: a reason, a name, a choice.

use super::{State, Work};
use crate::order::Order as _;
use crate::release::Pane;
use crate::release::ask::{Ask, Proposal};
use crate::release::checklist::ItemState;
use crate::release::cut::What;
use crate::release::ids::{IssueKey, Tag};
use crate::release::outbox::Running;
use crate::release::plan::Step;
use crate::release::poll::Verdict;
use crate::release::text::Untrusted;
use crate::screen::dialog::{Choice, Choosing, Dialog, Input, Purpose};
use crate::screen::keymap::Action;
use crate::screen::notice::Tone;
use crate::screen::rows::RowId;

/// Actions that open a prompt or a choice; false when the action is another.
pub(super) fn run(state: &mut State, action: Action) -> bool {
    match action {
        Action::Skip => reason(state, ItemState::Skipped),
        Action::NotApplicable => reason(state, ItemState::NotApplicable),
        Action::Waive => waive(state),
        Action::Attach => attach(state),
        Action::Move => choose_target(state),
        Action::Drop => drop_out(state),
        Action::Assign => ask_about(state, "Assign to", Purpose::Assignees),
        Action::Label => ask_about(state, "Labels", Purpose::Labels),
        Action::Comment => ask_about(state, "Comment", Purpose::Comment),
        Action::Close => draft(state, |issues| Proposal::Close { issues, not_planned: false }),
        Action::CloseNotPlanned => draft(state, |issues| Proposal::Close { issues, not_planned: true }),
        Action::Reopen => draft(state, |issues| Proposal::Reopen { issues }),
        Action::ChooseMilestone => choose_milestone(state),
        Action::CreateBranch => branch_name(state),
        Action::CutCandidate => propose(state, Proposal::Cut(What::Candidate)),
        Action::CutFinal => propose(state, Proposal::Cut(What::Final)),
        Action::PublishRelease => publish_release(state),
        Action::Theme => choose_theme(state),
        Action::Unfinished => unfinished(state),
        Action::Roles => super::roles::choose(state),
        Action::Process => process(state),
        Action::Goto => {
            prompt(state, "Go to", "an entry's number, or a time: 17, 09:06, 2026-11-21 09:06", Purpose::Goto)
        }
        _ => return false,
    }
    true
}

pub(super) fn prompt(state: &mut State, title: &str, about: impl Into<String>, purpose: Purpose) {
    let dialog = Dialog::Prompt {
        title: title.to_owned(),
        about: about.into(),
        input: Input::default(),
        purpose,
        refusal: None,
    };
    state.screen.dialogs.push(dialog);
}

/// The issues that are marked, or the one under the cursor.
fn issues(state: &State) -> Vec<IssueKey> {
    let chosen = state.screen.list().chosen();
    chosen.into_iter().filter_map(|id| if let RowId::Issue(key) = id { Some(key) } else { None }).collect()
}

/// Says why a key did nothing where no item is.
fn no_item(state: &mut State) {
    state.notice(Tone::Plain, "this is a stage: move to one of its items");
}

fn reason(state: &mut State, to: ItemState) {
    let Some(RowId::Item(item)) = state.cursor().cloned() else { return no_item(state) };
    let title = format!("Why {}?", to.word());
    let about = state.release.item_text(&item);
    prompt(state, &title, about, Purpose::Reason(Ask::Tick { item: item.into(), to, why: None }));
}

/// Overrides a gate in the overview, an item's own check in the checklist; again takes the override back.
fn waive(state: &mut State) {
    if state.screen.tab == Pane::Candidate {
        return waive_condition(state);
    }
    match state.cursor().cloned() {
        Some(RowId::Gate(gate)) => {
            let Some(polled) = state.screen.poll.iter().find(|polled| polled.gate == gate) else { return };
            let on = polled.overridden.is_none();
            if on && polled.verdict == Verdict::Go {
                state.notice(Tone::Plain, "the gate is GO: there is nothing to waive");
                return;
            }
            let title = if on { "Why waive this gate?" } else { "Why take the waiver back?" };
            let about = format!("{}: {}. It is shown for ever.", polled.title, polled.reason());
            prompt(
                state,
                title,
                about,
                Purpose::Reason(Ask::Override { gate: gate.into(), on, why: Untrusted::default() }),
            );
        }
        Some(RowId::Item(item)) => {
            if state.release.self_check(&item, state.screen.now).is_none() {
                state.notice(Tone::Plain, "the item does not check itself: space ticks it, d skips it");
                return;
            }
            reason(state, ItemState::Overridden);
        }
        _ => state.notice(Tone::Plain, "move to a gate of the poll to waive it"),
    }
}

/// Waives the first condition that holds up what would be cut next.
fn waive_condition(state: &mut State) {
    let now = state.screen.now;
    let whats = [What::Candidate, What::Final];
    let all: Vec<_> = whats.iter().filter_map(|it| state.release.ready_to_cut(*it, now).ok()).collect();
    let open = all.iter().flat_map(|ready| ready.open().map(move |it| (ready, it)));
    let first = open.into_iter().find_map(|(ready, it)| it.gate.clone().map(|gate| (ready, gate, it)));
    let Some((ready, gate, it)) = first else {
        return state.notice(Tone::Plain, "nothing that can be waived is in the way");
    };
    let title = format!("Why waive {} for {}?", it.title, ready.tag.line());
    let about = format!("{}: {}. It is shown for ever.", it.verdict.word(), it.reason);
    let ask = Ask::Override { gate: gate.into(), on: true, why: Untrusted::default() };
    prompt(state, &title, about, Purpose::Reason(ask));
}

fn attach(state: &mut State) {
    let Some(RowId::Item(item)) = state.cursor().cloned() else { return no_item(state) };
    let about = state.release.item_text(&item);
    prompt(state, "Note or link", about, Purpose::Attach(item.into()));
}

/// Asks for what shows that an item is done; it is attached, and the item ticked.
pub(super) fn evidence(state: &mut State, item: String, wanted: &str) {
    let about = format!("{}: it wants {wanted}", state.release.item_text(&item));
    prompt(state, "What shows that it is done?", about, Purpose::Evidence(item.into()));
}

fn about(state: &State, keys: &[IssueKey]) -> String {
    match keys {
        [one] => {
            let title =
                state.release.milestones.issues.get(one).map(|issue| issue.title.line()).unwrap_or_default();
            format!("{one}  {title}")
        }
        _ => format!("{} issues", keys.len()),
    }
}

fn ask_about(state: &mut State, title: &str, purpose: impl FnOnce(Vec<IssueKey>) -> Purpose) {
    let keys = issues(state);
    if keys.is_empty() {
        state.notice(Tone::Warn, "no issue is selected");
        return;
    }
    let about = about(state, &keys);
    prompt(state, title, about, purpose(keys));
}

fn draft(state: &mut State, proposal: impl FnOnce(Vec<IssueKey>) -> Proposal) {
    let keys = issues(state);
    state.waiting.push_back(super::Work::Draft(proposal(keys)));
}

/// The titles of milestones, open ones first, without doubles.
fn titles(state: &State) -> Vec<(Untrusted, bool, String)> {
    let mut found: Vec<(Untrusted, bool, String)> = vec![];
    for ((repo, _), it) in &state.release.milestones.list {
        match found.iter_mut().find(|(title, ..)| *title == it.title) {
            Some((_, open, note)) => {
                *open |= it.open;
                note.push_str(&format!(", {} {} open", repo.as_str(), it.open_issues));
            }
            None => {
                found.push((it.title.clone(), it.open, format!("{} {} open", repo.as_str(), it.open_issues)))
            }
        }
    }
    found.order_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    found
}

pub(super) fn choose(state: &mut State, title: String, choices: Vec<Choice>, purpose: Choosing) {
    if choices.is_empty() {
        state.notice(Tone::Warn, "there is nothing to choose from yet");
        return;
    }
    let about = vec![];
    let dialog =
        Dialog::Choose { title, about, choices, input: Input::default(), cursor: 0, top: 0, purpose };
    state.screen.dialogs.push(dialog);
}

fn choose_target(state: &mut State) {
    let keys = issues(state);
    if keys.is_empty() {
        state.notice(Tone::Warn, "no issue is selected");
        return;
    }
    let chosen = state.release.milestones.chosen.clone();
    let choices = titles(state)
        .into_iter()
        .filter(|(title, open, _)| *open && Some(title) != chosen.as_ref())
        .map(|(title, _, note)| Choice {
            value: title.raw().to_owned(),
            label: title.line(),
            note,
            ask: None,
        })
        .collect();
    choose(state, format!("Move {} to", about(state, &keys)), choices, Choosing::MoveTo(keys));
}

fn drop_out(state: &mut State) {
    let keys = issues(state);
    if keys.is_empty() {
        state.notice(Tone::Warn, "no issue is selected");
        return;
    }
    let about = about(state, &keys);
    prompt(state, "Why drop it from the milestone?", about, Purpose::MoveWhy(keys, Untrusted::default()));
}

fn choose_milestone(state: &mut State) {
    let choices = titles(state)
        .into_iter()
        .map(|(title, open, note)| Choice {
            value: title.raw().to_owned(),
            label: title.line(),
            note: if open { note } else { format!("closed, {note}") },
            ask: Some(Ask::ChooseMilestone { title }),
        })
        .collect();
    choose(state, "Milestone of this release".to_owned(), choices, Choosing::Milestone);
}

fn branch_name(state: &mut State) {
    let from = match state.cursor() {
        Some(RowId::Line(branch)) if state.screen.tab == Pane::Branches => branch.clone(),
        _ => return,
    };
    let wanted = state.release.branch_to_cut(&from);
    let about = format!("at the tip of {}", from.line());
    prompt(state, "Name of the branch", about, Purpose::BranchName(from));
    if let (Some(Dialog::Prompt { input, .. }), Some(name)) = (state.screen.dialogs.last_mut(), wanted) {
        *input = Input::of(name.as_str());
    }
}

/// The built-in themes, in the order they are offered.
pub const THEMES: [&str; 7] = ["auto", "dark", "light", "ansi16", "mono", "colourblind", "present"];

fn choose_theme(state: &mut State) {
    let choice = |name: &&str| Choice {
        value: (*name).to_owned(),
        label: (*name).to_owned(),
        note: String::new(),
        ask: None,
    };
    choose(state, "Theme".to_owned(), THEMES.iter().map(choice).collect(), Choosing::Theme);
}

/// The process that is written down now, or the recorded one: with what differs.
fn process(state: &mut State) {
    let Some(offer) = state.screen.offer.clone() else { return };
    let choice = |take: bool, label: &str, note: &str| Choice {
        value: take.to_string(),
        label: label.to_owned(),
        note: note.to_owned(),
        ask: None,
    };
    let choices = vec![
        choice(false, "keep the recorded one…", "this release goes on as it began"),
        choice(true, "take the new process…", "from this entry of the journal on"),
    ];
    let title = format!("{} is not the recorded process", offer.source);
    choose(state, title, choices, Choosing::Process);
    if let Some(Dialog::Choose { about, .. }) = state.screen.dialogs.last_mut() {
        *about = offer.differences;
    }
}

/// Asks why the new process is taken, or the recorded one kept.
pub(super) fn process_why(state: &mut State, take: bool) {
    let Some(offer) = state.screen.offer.clone() else { return };
    let title = if take { "Why take the new process?" } else { "Why keep the recorded process?" };
    let about = offer.differences.join("; ");
    let ask = Ask::Process { to: offer.to, take, why: Untrusted::default() };
    prompt(state, title, about, Purpose::Reason(ask));
}

/// What a crash or a failure left: errands in doubt, plans that stand still.
fn unfinished(state: &mut State) {
    let mut choices = vec![];
    for open in state.release.outbox.in_doubt() {
        for (happened, said) in [(true, "it happened"), (false, "it did not happen")] {
            choices.push(Choice {
                value: format!("{}-{happened}", open.op.as_str()),
                // What differs stands first: a long errand is cut at its end.
                label: format!("{said}: {}", open.errand.line()),
                note: "in doubt: I looked outside, and say so".to_owned(),
                ask: Some(Ask::Attest { op: open.op.clone(), happened }),
            });
        }
    }
    for plan in &state.release.outbox.plans {
        let why = plan.stopped.as_ref().map(Untrusted::line).unwrap_or_default();
        let left = plan.waiting.len();
        let id = plan.plan.clone();
        // What is going is not gone on with.
        let stands = plan.stopped.is_some();
        if stands {
            choices.push(Choice {
                value: format!("{}-on", id.as_str()),
                label: format!("go on with {} ({left} left)", plan.title.line()),
                note: why.clone(),
                ask: Some(Ask::GoOn { plan: id.clone(), attended: false, replaces: false }),
            });
            choices.extend(replacing(state, plan, &why));
        }
        // A passphrase is asked for on the terminal and nowhere else.
        let asks = |step: &Step| step.errand.clone().attended(true).is_attended();
        if stands && plan.waiting.front().is_some_and(asks) {
            choices.push(Choice {
                value: format!("{}-on-terminal", id.as_str()),
                label: format!("on the terminal, go on with {} ({left} left)", plan.title.line()),
                note: why.clone(),
                ask: Some(Ask::GoOn { plan: id.clone(), attended: true, replaces: false }),
            });
        }
        choices.push(Choice {
            value: format!("{}-off", id.as_str()),
            label: format!("call off {} ({left} left)", plan.title.line()),
            note: why,
            ask: Some(Ask::CallOff { plan: id, why: Untrusted::from("called off by a person") }),
        });
    }
    choose(state, "Unfinished".to_owned(), choices, Choosing::Unfinished);
}

/// Goes on by replacing a file that was uploaded in part: nobody else decides that.
fn replacing(state: &State, plan: &Running, why: &str) -> Option<Choice> {
    state.release.outbox.in_part(&plan.plan)?;
    Some(Choice {
        value: format!("{}-replace", plan.plan.as_str()),
        label: format!("replace what came in part, and go on with {}", plan.title.line()),
        note: why.to_owned(),
        ask: Some(Ask::GoOn { plan: plan.plan.clone(), attended: false, replaces: true }),
    })
}

fn propose(state: &mut State, proposal: Proposal) {
    state.waiting.push_back(Work::Draft(proposal));
}

/// Publishes the release of the tag under the cursor, else of the newest tag of this release.
fn publish_release(state: &mut State) {
    let newest = |state: &State| {
        let row = state.release.final_tag().cloned();
        row.or_else(|| state.release.candidates_so_far().pop().map(|(_, row)| row.clone()))
    };
    // What is published already is not what is meant.
    let waits = |tag: &Tag| state.release.candidates.release_of(tag).is_none_or(|it| it.draft);
    let tag = match state.cursor() {
        Some(RowId::Tag(tag)) if waits(tag) => Some(tag.clone()),
        _ => newest(state).map(|row| row.tag),
    };
    match tag {
        Some(tag) => propose(state, Proposal::PublishRelease(tag)),
        None => state.notice(Tone::Plain, "nothing of this release is tagged yet: C cuts a candidate"),
    }
}
