//! Picks decided at the keys: what is asked first, and the ask that follows.

use super::{Batch, State, Work, prompts};
use crate::release::ask::{Ask, Effect, Proposal, Tool};
use crate::release::ids::Branch;
use crate::release::picks::{Answer, CellState, Decision, PickAsk, PickKey, Place, Resolve};
use crate::release::text::{Untrusted, shown};
use crate::screen::dialog::{Choice, Choosing, Dialog, Input, Purpose, Triage};
use crate::screen::keymap::Action;
use crate::screen::notice::Tone;
use crate::screen::rows::RowId;

/// Actions about picks; false when the action is another.
pub(super) fn run(state: &mut State, action: Action) -> bool {
    match action {
        Action::Accept => decide(state, Decision::Accepted),
        Action::Defer => decide(state, Decision::Deferred),
        Action::Reject => decide(state, Decision::Rejected),
        Action::NotNeeded => decide(state, Decision::NotNeeded),
        Action::Undecide => decide(state, Decision::Undecided),
        Action::Publish => publish(state),
        Action::PublishTicks => state.waiting.push_back(Work::Draft(Proposal::Ticks)),
        Action::Status => state.waiting.push_back(Work::Draft(Proposal::Status)),
        Action::ApplyPicks => apply(state),
        Action::ResolvePicks => resolve(state),
        Action::BackportPicks => backport(state),
        Action::AddPick => add(state),
        Action::TakeOff => {
            let picks = picks(state);
            ask(state, PickAsk::TakeOff { picks });
        }
        Action::Vouch => vouch(state),
        Action::Earlier => shift(state, false),
        Action::Later => shift(state, true),
        Action::NeedsFirst => needs_first(state),
        Action::Matrix => {
            state.screen.matrix = !state.screen.matrix;
            super::moves::remake(state);
        }
        _ => return false,
    }
    true
}

fn ask(state: &mut State, ask: PickAsk) {
    state.waiting.push_back(Work::Ask(Ask::Pick(ask)));
}

/// The line that the tab is about.
fn line(state: &State) -> Option<Branch> {
    let own = || state.release.line().map(|line| line.branch.clone());
    state.screen.branch.clone().or_else(own)
}

/// The picks that are marked, or the one under the cursor.
fn picks(state: &State) -> Vec<Place> {
    let chosen = state.screen.list().chosen().into_iter();
    chosen.filter_map(|id| if let RowId::Pick(key, line) = id { Some((key, line)) } else { None }).collect()
}

/// What a dialog about picks is about.
fn about(state: &State, picks: &[Place]) -> String {
    match picks {
        [(key, line)] => format!("{} → {}", state.release.pick_name(key, line), line.line()),
        _ => format!("{} picks", picks.len()),
    }
}

/// Decides at once, or asks first what the process wants to know. A reason is always asked for where something is
/// turned away; it may be left empty unless the process needs it.
fn decide(state: &mut State, to: Decision) {
    let picks = picks(state);
    if picks.is_empty() {
        state.notice(Tone::Warn, "no pick is selected");
        return;
    }
    let questions = state.release.pick_questions(to).to_vec();
    let triage = Triage { picks, to, answers: vec![], questions };
    next(state, triage);
}

/// Asks the next question, then the reason; decides when nothing is left to ask.
fn next(state: &mut State, triage: Triage) {
    let what = about(state, &triage.picks);
    if let Some(question) = triage.questions.first() {
        let (at, all) = (triage.answers.len() + 1, triage.answers.len() + triage.questions.len());
        let title = format!("{} ({at} of {all})", shown(question, 120));
        return prompts::prompt(state, &title, what, Purpose::Triage(triage));
    }
    let needed = state.release.pick_reason_required(triage.to);
    let turned_away = !matches!(triage.to, Decision::Accepted | Decision::Undecided);
    if needed || turned_away {
        let title = format!("Why {}?", triage.to.word());
        let about = if needed { what } else { format!("{what}. The reason may be left empty.") };
        return prompts::prompt(state, &title, about, Purpose::Triage(triage));
    }
    submit(state, triage, None);
}

fn submit(state: &mut State, triage: Triage, why: Option<Untrusted>) {
    let Triage { picks, to, answers, .. } = triage;
    ask(state, PickAsk::Decide { picks, to, why, answers });
    let list = state.screen.list_mut();
    list.marks.clear();
    list.anchor = None;
}

/// Whether an empty answer is taken.
pub(super) fn may_be_empty(state: &State, purpose: &Purpose) -> bool {
    match purpose {
        Purpose::Triage(it) => it.questions.is_empty() && !state.release.pick_reason_required(it.to),
        Purpose::Say(say) => say.may_be_silent(),
        Purpose::Meet(ask) => ask.may_be_silent(),
        _ => false,
    }
}

/// Takes the answer of a dialog about picks; gives it back when it is about something else.
pub(super) fn answered(state: &mut State, purpose: Purpose, text: &str) -> Option<Purpose> {
    match purpose {
        Purpose::Triage(mut triage) => {
            if triage.questions.is_empty() {
                let why = Some(Untrusted::from(text)).filter(|_| !text.trim().is_empty());
                submit(state, triage, why);
            } else {
                let question = Untrusted::from(triage.questions.remove(0));
                triage.answers.push(Answer { question, answer: Untrusted::from(text) });
                next(state, triage);
            }
        }
        Purpose::AddPick(line) => ask(state, PickAsk::Add { what: Untrusted::from(text), line }),
        Purpose::Vouch(picks) => ask(state, PickAsk::Attest { picks, on: true, why: Untrusted::from(text) }),
        other => return Some(other),
    }
    None
}

/// Drafts the plan that publishes: of the marked picks, or of all.
fn publish(state: &mut State) {
    let only = if state.screen.list().marks.is_empty() { vec![] } else { picks(state) };
    state.waiting.push_back(Work::Draft(Proposal::Publish { only }));
}

fn add(state: &mut State) {
    let Some(line) = line(state) else {
        state.notice(Tone::Warn, "no release line is known yet: 4 shows the branches");
        return;
    };
    let about = format!(
        "to {}: a pull request (17, owner/name#17, its address) or a commit of this clone (9f31c02)",
        line.line()
    );
    prompts::prompt(state, "Add to the queue", about, Purpose::AddPick(line));
}

/// Vouches, after asking what shows it; takes it back where somebody did.
fn vouch(state: &mut State) {
    let picks = picks(state);
    if picks.is_empty() {
        state.notice(Tone::Warn, "no pick is selected");
        return;
    }
    if picks.iter().all(|place| state.release.picks.attested.contains_key(place)) {
        return ask(state, PickAsk::Attest { picks, on: false, why: Untrusted::default() });
    }
    let about = format!("{}. It goes into the journal.", about(state, &picks));
    prompts::prompt(state, "What shows that it is there?", about, Purpose::Vouch(picks));
}

fn shift(state: &mut State, later: bool) {
    match state.cursor().cloned() {
        Some(RowId::Pick(key, line)) => ask(state, PickAsk::Shift { pick: (key, line), later }),
        _ => state.notice(Tone::Warn, "move onto a pick of the queue first"),
    }
}

/// Puts what the pick under the cursor needs right before it.
fn needs_first(state: &mut State) {
    match state.cursor().cloned() {
        Some(RowId::Pick(key, line)) => ask(state, PickAsk::PutNeedsFirst { pick: (key, line) }),
        _ => state.notice(Tone::Warn, "move onto a pick that conflicts first"),
    }
}

/// Drafts the plan that applies: the marked picks, or all that were accepted.
fn apply(state: &mut State) {
    let Some(line) = line(state) else {
        state.notice(Tone::Warn, "no release line is known yet: 4 shows the branches");
        return;
    };
    let marked = if state.screen.list().marks.is_empty() { vec![] } else { picks(state) };
    let picks = marked.into_iter().filter(|(_, on)| *on == line).map(|(key, _)| key).collect();
    state.waiting.push_back(Work::Draft(Proposal::ApplyPicks { line, picks }));
}

/// Drafts the plan that opens backport pull requests: of the marked picks, or of all that were accepted. Where there
/// are several it is asked first whether each gets its own.
fn backport(state: &mut State) {
    let Some(line) = line(state) else {
        state.notice(Tone::Warn, "no release line is known yet: 4 shows the branches");
        return;
    };
    let marked = if state.screen.list().marks.is_empty() { vec![] } else { picks(state) };
    let marked: Vec<_> = marked.into_iter().filter(|(_, on)| *on == line).map(|(key, _)| key).collect();
    let accepted = |key: &PickKey| {
        state.release.picks.cell(key, &line).is_some_and(|cell| cell.state == CellState::Approved)
    };
    let many = match marked.len() {
        0 => state.release.picks.queue(&line).iter().filter(|key| accepted(key)).count(),
        many => many,
    };
    if many < 2 {
        return backport_by(state, &line, marked, true);
    }
    let choices = vec![
        choice("each", &format!("{many} pull requests…"), "each pick on a branch of its own"),
        choice("all", "one pull request…", "all picks on one branch, in order"),
    ];
    let title = format!("Backport {many} picks to {}", line.line());
    let (about, input, purpose) = (vec![], Input::default(), Choosing::Backport(line, marked));
    state.screen.dialogs.push(Dialog::Choose { title, about, choices, input, cursor: 0, top: 0, purpose });
}

/// Drafts the plan.
pub(super) fn backport_by(state: &mut State, line: &Branch, picks: Vec<PickKey>, each: bool) {
    let (line, fork) = (line.clone(), state.screen.options.fork.clone());
    state.waiting.push_back(Work::Draft(Proposal::Backport { line, picks, each, fork }));
}

/// Offers what can be done with picks that have stopped: those of the line that is shown, or of the first. Where
/// none have, the plan that waits to push or to open what was applied.
fn resolve(state: &mut State) {
    let stopped = &state.release.picks.resolving;
    let shown = line(state).filter(|line| stopped.contains_key(line));
    let Some(line) = shown.or_else(|| stopped.keys().next().cloned()) else { return go_on(state) };
    let Some(it) = stopped.get(&line) else { return };
    let mut choices = vec![];
    if !it.files.is_empty() {
        choices.push(choice("editor", "edit the conflicting files", "with your editor, in the worktree"));
        choices.push(choice("mergetool", "git mergetool", "as it is configured"));
    }
    choices.push(choice("shell", "open a shell in the worktree", &it.worktree.line()));
    choices.push(choice("continue", "go on…", "what is in the worktree is taken, when it is a resolution"));
    choices.push(choice("terminal", "go on, on the terminal…", "git may ask for a passphrase there"));
    if it.apart && !it.files.is_empty() {
        choices.push(choice("draft", "commit the markers…", "the pull request becomes a draft that says so"));
    }
    choices.push(choice("skip", "skip…", "leave this commit out, and go on with the rest"));
    choices.push(choice("abort", "call off…", "the worktree goes; the branch is as it was"));
    let title = format!("Picks of {} stopped at {} of {}", line.line(), it.at, it.all);
    let about = wrap(&it.why.line());
    let (input, purpose) = (Input::default(), Choosing::Resolve(line));
    state.screen.dialogs.push(Dialog::Choose { title, about, choices, input, cursor: 0, top: 0, purpose });
}

fn choice(value: &str, label: &str, note: &str) -> Choice {
    Choice { value: value.to_owned(), label: label.to_owned(), note: note.to_owned(), ask: None }
}

/// A text in lines that fit a dialog.
fn wrap(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.last_mut().filter(|line| line.chars().count() + word.chars().count() < 66);
        match last {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) => {
                line.push(' ');
                line.push_str(word);
            }
            None => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The plan that stands still before something that was applied is pushed or opened.
fn go_on(state: &mut State) {
    let outbox = &state.release.outbox;
    let Some(plan) = outbox.waiting_to_land() else { return };
    let steps =
        plan.waiting.iter().filter_map(|step| outbox.complete(&step.errand).or(Some(step.errand.clone())));
    let mut about: Vec<String> = plan.stopped.iter().flat_map(|why| wrap(&why.line())).collect();
    about.extend(
        steps.take(8).enumerate().flat_map(|(at, errand)| wrap(&format!("{} {}", at + 1, errand.line()))),
    );
    let asking = |value: &str, label: &str, note: &str, ask: Ask| Choice {
        ask: Some(ask),
        ..choice(value, label, note)
    };
    let (id, why) = (plan.plan.clone(), Untrusted::from("called off by a person"));
    let on = |attended| Ask::GoOn { plan: id.clone(), attended, replaces: false };
    let choices = vec![
        asking("on", "go on", "with these steps, as they are shown", on(false)),
        asking("terminal", "go on, on the terminal", "git may ask for a passphrase there", on(true)),
        asking("off", "call off", "what was pushed stays", Ask::CallOff { plan: id.clone(), why }),
    ];
    let title = plan.title.line();
    let (input, purpose) = (Input::default(), Choosing::Unfinished);
    state.screen.dialogs.push(Dialog::Choose { title, about, choices, input, cursor: 0, top: 0, purpose });
}

/// Takes the choice: a tool gets the screen, all else is a plan.
pub(super) fn resolve_by(state: &mut State, line: &Branch, choice: &str, batch: &mut Batch) {
    let tool = match choice {
        "editor" => Some(Tool::Editor),
        "mergetool" => Some(Tool::Mergetool),
        "shell" => Some(Tool::Shell),
        _ => None,
    };
    if let Some(tool) = tool {
        let it = state.release.picks.resolving.get(line).cloned();
        batch.now.extend(it.map(|it| Effect::Resolve(Box::new(it), tool)));
        return;
    }
    let answer = match choice {
        "continue" | "terminal" => Resolve::Continue,
        "draft" => Resolve::Draft,
        "skip" => Resolve::Skip,
        "abort" => Resolve::Abort,
        _ => return,
    };
    let (line, attended) = (line.clone(), choice == "terminal");
    state.waiting.push_back(Work::Draft(Proposal::ResolvePicks { line, answer, attended }));
}
