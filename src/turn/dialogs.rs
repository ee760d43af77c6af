//! Keys in dialogs.

use super::{Batch, State, Work, act, aftermath, announce, meeting, noting, replay, set, triage, votes};
use crate::release::ask::{Ask, Effect};
use crate::release::checklist::ItemState;
use crate::release::entry::Stamp;
use crate::release::plan::Danger;
use crate::release::roles::RoleAsk;
use crate::release::text::Untrusted;
use crate::screen::dialog::{self, ABOUT_ROWS, Choosing, Dialog, Input, Purpose, fitting, offered, proposal};
use crate::screen::keymap::Action;
use crate::screen::keys::{Code, Key};
use crate::screen::notice::Tone;
use crate::screen::paging::Files;

/// A key while a dialog is open: it goes to the topmost.
pub(super) fn key(state: &mut State, stamp: &Stamp, key: Key, batch: &mut Batch) {
    if key.code == Code::Esc {
        if let Some(Dialog::Meet { .. }) = state.screen.dialogs.pop() {
            meeting::left(state);
        }
        return;
    }
    let Some(mut dialog) = state.screen.dialogs.pop() else { return };
    let place = state.screen.dialogs.len();
    let keep = match &mut dialog {
        Dialog::Plan { .. } => plan_key(state, &mut dialog, key),
        Dialog::Prompt { .. } => prompt_key(state, &mut dialog, key, batch),
        Dialog::Choose { .. } => choose_key(state, &mut dialog, key, batch),
        Dialog::Help { .. } | Dialog::Palette { .. } => {
            return offers_key(state, stamp, dialog, key, batch);
        }
        Dialog::Ran { top } => scroll_key(top, key),
        Dialog::Notes { .. } => noting::key(state, stamp, &mut dialog, key, batch),
        Dialog::Set(at) => set::key(state, at, key, batch),
        Dialog::Meet { top } => meeting::key(state, top, key),
        Dialog::Minutes(paper) => meeting::paper_key(state, paper, key, batch),
        Dialog::Text { top, .. } => scroll_key(top, key),
        Dialog::Jobs { cursor } => scroll_key(cursor, key),
        Dialog::WhichKey { .. } => false,
        Dialog::Quit if key == Key::char('q') => {
            state.screen.dialogs.push(Dialog::Quit);
            return act::run(state, stamp, Action::Quit, batch);
        }
        Dialog::Quit => false,
    };
    if keep {
        // What it opened stands above it.
        state.screen.dialogs.insert(place.min(state.screen.dialogs.len()), dialog);
    }
}

/// Edits the line being typed; false when the key is no edit.
fn edit(input: &mut Input, key: Key) -> bool {
    match key.code {
        Code::Char('w') if key.ctrl => input.kill_word(),
        Code::Char('u') if key.ctrl => input.clear(),
        Code::Char('a') if key.ctrl => input.end(false),
        Code::Char('e') if key.ctrl => input.end(true),
        Code::Char(c) if !key.ctrl && !key.alt => input.insert(c),
        Code::Backspace => input.backspace(),
        Code::Left => input.step(false),
        Code::Right => input.step(true),
        Code::Home => input.end(false),
        Code::End => input.end(true),
        _ => return false,
    }
    true
}

fn plan_key(state: &mut State, dialog: &mut Dialog, key: Key) -> bool {
    let Dialog::Plan { plan, go, typed, top, refusal, paging } = dialog else { return false };
    *refusal = None;
    if plan.cut.is_some() && super::paging::key(plan, paging, top, typed, key) {
        return true;
    }
    match (&plan.danger, key.code) {
        (_, Code::Down | Code::PageDown) => *top = (*top + 1).min(plan.rows().len().saturating_sub(1)),
        (_, Code::Up | Code::PageUp) => *top = top.saturating_sub(1),
        (Danger::Typed(name), Code::Enter) => {
            if typed.text != *name {
                *refusal = Some(format!("type {name} to go on"));
                return true;
            }
            if let Files::Unfit(why) = &paging.files {
                *refusal = Some(format!("the version cannot be written: {}", why.line()));
                return true;
            }
            return send(state, dialog);
        }
        (Danger::Typed(_), _) => {
            edit(typed, key);
        }
        (Danger::Reversible | Danger::Lasting, Code::Enter) if *go => return send(state, dialog),
        (Danger::Reversible | Danger::Lasting, Code::Enter) => return false,
        (
            Danger::Reversible | Danger::Lasting,
            Code::Tab | Code::BackTab | Code::Left | Code::Right | Code::Char('h' | 'l'),
        ) => *go = !*go,
        (Danger::Reversible | Danger::Lasting, Code::Char('j')) => {
            *top = (*top + 1).min(plan.rows().len().saturating_sub(1))
        }
        (Danger::Reversible | Danger::Lasting, Code::Char('k')) => *top = top.saturating_sub(1),
        _ => {}
    }
    true
}

/// Sends a plan: whatever its dialog showed, and nothing else. In a dry run it says what it would have sent.
fn send(state: &mut State, dialog: &Dialog) -> bool {
    let Dialog::Plan { plan, .. } = dialog else { return false };
    if state.screen.options.dry_run {
        let text = format!("dry run: {} steps were shown and nothing was sent", plan.steps.len());
        state.notice(Tone::Plain, text);
        return false;
    }
    state.waiting.push_back(Work::Ask(Ask::Go(plan.clone())));
    let list = state.screen.list_mut();
    list.marks.clear();
    list.anchor = None;
    false
}

fn prompt_key(state: &mut State, dialog: &mut Dialog, key: Key, batch: &mut Batch) -> bool {
    let Dialog::Prompt { input, refusal, .. } = dialog else { return false };
    *refusal = None;
    match key.code {
        Code::Enter => answer(state, dialog, batch),
        Code::Char('o') if key.ctrl => {
            batch.now.push(Effect::Edit(input.text.clone()));
            true
        }
        _ => {
            edit(input, key);
            true
        }
    }
}

/// Takes the answer of a prompt. A refusal leaves the prompt open with what was typed.
fn answer(state: &mut State, dialog: &mut Dialog, batch: &mut Batch) -> bool {
    let Dialog::Prompt { input, purpose, refusal, .. } = dialog else { return false };
    let text = input.text.clone();
    if text.trim().is_empty() && !triage::may_be_empty(state, purpose) {
        *refusal = Some("type something, or esc to leave it".to_owned());
        // An empty rationale is refused by the release itself, so that the refusal is on record.
        if matches!(purpose, Purpose::MoveWhy(..) | Purpose::Rollover | Purpose::Reason(_)) {
            submit(state, purpose, &text, batch);
        }
        return true;
    }
    if *purpose == Purpose::Goto {
        return match replay::place(state, text.trim()) {
            Some(to) => {
                batch.now.push(Effect::Travel(to));
                false
            }
            None => {
                *refusal = Some("no entry has that number or time".to_owned());
                true
            }
        };
    }
    submit(state, purpose, &text, batch);
    false
}

fn submit(state: &mut State, purpose: &Purpose, text: &str, batch: &mut Batch) {
    let Some(purpose) = triage::answered(state, purpose.clone(), text) else { return };
    let Some(purpose) = announce::answered(state, purpose, text, batch) else { return };
    let Some(purpose) = aftermath::answered(state, purpose, text) else { return };
    let Some(purpose) = votes::answered(state, purpose, text) else { return };
    let Some(purpose) = meeting::answered(state, purpose, text) else { return };
    let work = match purpose {
        Purpose::Reason(Ask::Tick { item, to, .. }) => {
            Some(Work::Ask(Ask::Tick { item, to, why: Some(Untrusted::from(text)) }))
        }
        Purpose::Reason(Ask::Override { gate, on, .. }) => {
            Some(Work::Ask(Ask::Override { gate, on, why: Untrusted::from(text) }))
        }
        Purpose::Reason(Ask::Process { to, take, .. }) => {
            Some(Work::Ask(Ask::Process { to, take, why: Untrusted::from(text) }))
        }
        Purpose::Evidence(item) => {
            let attach = Ask::Attach { item: item.clone(), text: Untrusted::from(text) };
            state.waiting.push_back(Work::Ask(attach));
            Some(Work::Ask(Ask::Tick { item, to: ItemState::Done, why: None }))
        }
        Purpose::Holder(role) => {
            let login = Untrusted::from(text);
            Some(Work::Ask(Ask::Role(RoleAsk { role, login, on: true })))
        }
        Purpose::Attach(item) => Some(Work::Ask(Ask::Attach { item, text: Untrusted::from(text) })),
        other => proposal(&other, text).map(Work::Draft),
    };
    state.waiting.extend(work);
}

fn choose_key(state: &mut State, dialog: &mut Dialog, key: Key, batch: &mut Batch) -> bool {
    let Dialog::Choose { about, choices, input, cursor, top, purpose, .. } = dialog else { return false };
    let fit = fitting(choices, &input.text);
    match key.code {
        Code::Down | Code::Tab => *cursor = (*cursor + 1).min(fit.len().saturating_sub(1)),
        Code::Up | Code::BackTab => *cursor = cursor.saturating_sub(1),
        Code::PageDown => *top = (*top + ABOUT_ROWS / 2).min(about.len().saturating_sub(ABOUT_ROWS)),
        Code::PageUp => *top = top.saturating_sub(ABOUT_ROWS / 2),
        Code::Enter => {
            let Some(choice) = fit.get(*cursor).and_then(|at| choices.get(*at)).cloned() else { return true };
            chosen(state, choice, purpose, batch);
            return false;
        }
        _ => {
            if edit(input, key) {
                *cursor = 0;
            }
        }
    }
    true
}

fn chosen(state: &mut State, choice: crate::screen::dialog::Choice, purpose: &Choosing, batch: &mut Batch) {
    if let Some(ask) = choice.ask {
        state.waiting.push_back(Work::Ask(ask));
        return;
    }
    match purpose {
        Choosing::MoveTo(issues) => {
            let to = Untrusted::from(choice.value.as_str());
            let dialog = Dialog::Prompt {
                title: format!("Why move to {}?", choice.label),
                about: "the rationale becomes a comment on each issue".to_owned(),
                input: Input::default(),
                purpose: Purpose::MoveWhy(issues.clone(), to),
                refusal: None,
            };
            state.screen.dialogs.push(dialog);
        }
        Choosing::Theme => state.screen.options.theme = choice.value,
        Choosing::Process => super::prompts::process_why(state, choice.value == "true"),
        Choosing::Resolve(line) => triage::resolve_by(state, line, &choice.value, batch),
        Choosing::Backport(line, picks) => {
            triage::backport_by(state, line, picks.clone(), choice.value == "each");
        }
        Choosing::MergeBack => aftermath::merge_back_by(state, &choice.value),
        Choosing::Roles => super::roles::name(state, &choice.value),
        Choosing::Meeting => meeting::begin(state, &choice.value, &choice.label),
        Choosing::Action => meeting::done(state, &choice.value),
        Choosing::Say(says) => votes::chosen(state, says, &choice.value),
        Choosing::Severity => aftermath::what_went_wrong(state, &choice.value),
        Choosing::Milestone | Choosing::Unfinished | Choosing::Order => {}
    }
}

pub(super) fn scroll_key(top: &mut usize, key: Key) -> bool {
    match key.code {
        Code::Down | Code::Char('j') => *top += 1,
        Code::Up | Code::Char('k') => *top = top.saturating_sub(1),
        Code::PageDown | Code::Char(' ') => *top += 10,
        Code::PageUp => *top = top.saturating_sub(10),
        Code::Char('G') | Code::End => *top = usize::MAX / 2,
        Code::Char('g') | Code::Home => *top = 0,
        _ => return !matches!(key.code, Code::Char('q') | Code::Enter),
    }
    true
}

fn offers_key(state: &mut State, stamp: &Stamp, mut dialog: Dialog, key: Key, batch: &mut Batch) {
    let (offers, typed) = match &dialog {
        Dialog::Help { all, input, .. } => (offered(&state.screen, *all, &input.text), input.text.clone()),
        Dialog::Palette { input, .. } => (dialog::palette(&state.screen, &input.text), input.text.clone()),
        _ => return,
    };
    let is_palette = matches!(dialog, Dialog::Palette { .. });
    let (Dialog::Help { cursor, .. } | Dialog::Palette { cursor, .. }) = &mut dialog else {
        return;
    };
    match key.code {
        Code::Down => *cursor = (*cursor + 1).min(offers.len().saturating_sub(1)),
        Code::Up => *cursor = cursor.saturating_sub(1),
        Code::PageDown => *cursor = (*cursor + 10).min(offers.len().saturating_sub(1)),
        Code::PageUp => *cursor = cursor.saturating_sub(10),
        Code::Enter => {
            let place = dialog::going(&state.screen, &typed).filter(|_| is_palette).map(Input::of);
            if let Some(offer) = offers.get(*cursor) {
                act::run(state, stamp, offer.action, batch);
                return place.into_iter().for_each(|place| go_to(state, place, batch));
            }
        }
        _ => {
            if let (Code::Char('?'), true, Dialog::Help { all, .. }) =
                (key.code, typed.is_empty(), &mut dialog)
            {
                *all = !*all;
            } else if let Some(input) = dialog.input() {
                edit(input, key);
                let (Dialog::Help { cursor, .. } | Dialog::Palette { cursor, .. }) = &mut dialog else {
                    return;
                };
                *cursor = 0;
            }
            state.screen.dialogs.push(dialog);
            return;
        }
    }
    state.screen.dialogs.push(dialog);
}

/// Answers the prompt that asks where to go with the place that the palette was given.
fn go_to(state: &mut State, place: Input, batch: &mut Batch) {
    let Some(mut dialog) = state.screen.dialogs.pop() else { return };
    let keep = match &mut dialog {
        Dialog::Prompt { input, purpose: Purpose::Goto, .. } => {
            *input = place;
            answer(state, &mut dialog, batch)
        }
        _ => true,
    };
    if keep {
        state.screen.dialogs.push(dialog);
    }
}

/// What was written in `$EDITOR` goes into the prompt that asked for it.
pub(super) fn edited(state: &mut State, text: Option<String>) {
    match (state.screen.dialogs.last_mut(), text) {
        (Some(Dialog::Prompt { input, .. }), Some(text)) => *input = Input::of(text.trim_end()),
        (Some(Dialog::Notes { .. }), Some(text)) => noting::edited(state, &text),
        _ => {}
    }
    state.dirty = true;
}
