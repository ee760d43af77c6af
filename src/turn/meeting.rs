//! Meetings: begun and gone on with, one item of the agenda at a time, decided by single keys, ended with minutes.

use super::prompts::{choose, prompt};
use super::{Batch, State, Work};
use crate::release::ask::{Ask, Effect, Proposal};
use crate::release::meeting::{Meet, Ruling, Topic};
use crate::release::text::Untrusted;
use crate::release::votes::{Say, Word};
use crate::screen::dialog::{Choice, Choosing, Dialog, Purpose};
use crate::screen::fresh::next_step;
use crate::screen::keys::{Code, Key};
use crate::screen::meeting::{Paper, agenda, place};
use crate::screen::notice::Tone;
use chrono::{DateTime, Utc};

/// Goes on with the meeting that is held, or begins one.
pub(super) fn open(state: &mut State) {
    if state.shown().meetings.now().is_some() {
        state.screen.dialogs.push(Dialog::Meet { top: 0 });
        return resume(state);
    }
    let all = state.release.meetings_to_hold(state.screen.now);
    if let [(id, title)] = &all[..] {
        return begin(state, id, title);
    }
    let choice = |(id, title): &(String, String)| Choice {
        value: id.clone(),
        label: title.clone(),
        note: String::new(),
        ask: None,
    };
    choose(state, "Which meeting begins?".to_owned(), all.iter().map(choice).collect(), Choosing::Meeting);
}

/// Begins a meeting. Its agenda opens with what is recorded of it.
pub(super) fn begin(state: &mut State, id: &str, title: &str) {
    state.waiting.push_back(Work::Ask(Ask::Meet(Meet::Open { meeting: id.into(), title: title.into() })));
}

/// It is on record that a meeting began: its agenda is shown, the first item taken up.
pub(super) fn begun(state: &mut State) {
    state.screen.dialogs.push(Dialog::Meet { top: 0 });
    take_up(state, 0);
}

/// Takes up the item again that the meeting was left at.
fn resume(state: &mut State) {
    let Some(held) = state.release.meetings.now() else { return };
    if held.current().is_some() {
        return;
    }
    let last = held.turns.iter().rev().find_map(|turn| turn.what.item.clone());
    let topics = agenda(&state.release, &state.screen);
    let at = topics.iter().position(|topic| last.as_deref() == Some(&*topic.key));
    take_up(state, at.unwrap_or(0));
}

fn take_up(state: &mut State, at: usize) {
    let Some(Topic { key, title, .. }) = agenda(&state.release, &state.screen).into_iter().nth(at) else {
        return;
    };
    meet(state, Meet::TakeUp { item: Some(key.into()), title: Untrusted::from(title) });
}

fn meet(state: &mut State, ask: Meet) {
    state.waiting.push_back(Work::Ask(Ask::Meet(ask)));
}

/// A key in the meeting; false when it closes.
pub(super) fn key(state: &mut State, top: &mut usize, key: Key) -> bool {
    let Some((at, all)) = place(state.shown(), &state.screen) else { return false };
    match key.code {
        Code::Char('n' | 'l') | Code::Right | Code::Tab => step(state, (at + 1 < all).then_some(at + 1)),
        Code::Char('N' | 'p') | Code::Left | Code::BackTab => step(state, at.checked_sub(1)),
        Code::Home => step(state, Some(0)),
        Code::End => step(state, all.checked_sub(1)),
        Code::Down | Code::Char('j') => *top += 1,
        Code::Up | Code::Char('k') => *top = top.saturating_sub(1),
        Code::Char('g') => rule(state, Ruling::Go),
        Code::Char('h') => rule(state, Ruling::Hold),
        Code::Char('x') => rule(state, Ruling::NoGo),
        Code::Char('d') => rule(state, Ruling::Defer),
        Code::Char('i') => ask(state, "What was said?", Meet::Note(Untrusted::default())),
        Code::Char('a') => ask(state, "Who does what, by when?", Meet::Assign(Untrusted::default())),
        Code::Char('t') => ask(state, "Who is there?", Meet::Attend(Untrusted::default())),
        Code::Char(' ') => settle(state),
        Code::Char('m') => papers(state, false),
        Code::Char('e') => meet(state, Meet::Close),
        _ => {
            if key.code == Code::Char('q') {
                left(state);
                return false;
            }
        }
    }
    true
}

/// Goes to an item, or says that there is none.
fn step(state: &mut State, to: Option<usize>) {
    match to {
        Some(to) => take_up(state, to),
        None => state.notice(Tone::Plain, "this is an end of the agenda: e ends the meeting"),
    }
}

/// The meeting is left for a while: the time of no item runs on.
pub(super) fn left(state: &mut State) {
    if state.release.meetings.now().is_some_and(|held| held.current().is_some()) {
        meet(state, Meet::TakeUp { item: None, title: Untrusted::default() });
        state.notice(Tone::Plain, "the meeting is left for a while: gm goes on with it");
    }
}

fn ask(state: &mut State, title: &str, meet: Meet) {
    let about = match &meet {
        Meet::Attend(_) => {
            let present = state.release.meetings.now().map(|held| &held.present);
            let names: Vec<_> = present.into_iter().flatten().map(Untrusted::line).collect();
            let known =
                if names.is_empty() { String::new() } else { format!("there: {}; ", names.join(", ")) };
            format!("{known}names with commas, a dash before those who left")
        }
        Meet::Assign(_) => "ben mend the import by 2026-11-24".to_owned(),
        _ => current_title(state),
    };
    prompt(state, title, about, Purpose::Meet(meet));
}

fn current_title(state: &State) -> String {
    let held = state.release.meetings.now();
    held.and_then(|held| held.current()).map_or(String::new(), |turn| turn.what.title.line())
}

/// Asks for the words to a decision. On the decision about the release it is the decision itself.
fn rule(state: &mut State, ruling: Ruling) {
    let held = state.release.meetings.now();
    let item = held.and_then(|held| held.current()).and_then(|turn| turn.what.item.clone());
    let title = format!("{}: why?", ruling.word());
    let word = match ruling {
        Ruling::Go => Some(Word::Go),
        Ruling::Hold => Some(Word::Hold),
        Ruling::NoGo => Some(Word::NoGo),
        Ruling::Defer => None,
    };
    if let Some(word) = word.filter(|_| item.as_deref() == Some("decision")) {
        let about = "the go/no-go decision about the release".to_owned();
        return prompt(state, &title, about, Purpose::Say(Say::Decide { word, why: Untrusted::default() }));
    }
    let about = current_title(state);
    prompt(state, &title, about, Purpose::Meet(Meet::Rule { ruling, why: Untrusted::default() }));
}

/// Offers the open action items: one of them is done.
fn settle(state: &mut State) {
    let open: Vec<_> = state.release.meetings.open_actions().cloned().collect();
    if open.is_empty() {
        return state.notice(Tone::Plain, "no action item is open: a gives one");
    }
    let choice = |it: &crate::release::meeting::ActionItem| Choice {
        value: it.given.action.to_string(),
        label: format!("{}. {}: {}", it.given.action, it.given.who.line(), it.given.what.line()),
        note: it.given.due.map_or(String::new(), |due| format!("due {due}")),
        ask: None,
    };
    choose(state, "Which is done?".to_owned(), open.iter().map(choice).collect(), Choosing::Action);
}

/// Asks what came of an action item that is done.
pub(super) fn done(state: &mut State, number: &str) {
    let Ok(action) = number.parse() else { return };
    let meet = Meet::Settle { action, done: true, why: Untrusted::default() };
    prompt(state, "What came of it?", "a link or a few words; nothing is asked for", Purpose::Meet(meet));
}

/// Takes the answer of a prompt of this room; gives it back when it is about something else.
pub(super) fn answered(state: &mut State, purpose: Purpose, text: &str) -> Option<Purpose> {
    let Purpose::Meet(ask) = purpose else { return Some(purpose) };
    meet(state, ask.with(text));
    None
}

/// It is on record that the meeting ended: its minutes are shown.
pub(super) fn ended(state: &mut State) {
    state.screen.dialogs.retain(|dialog| !matches!(dialog, Dialog::Meet { .. }));
    papers(state, false);
}

/// Shows the minutes of the meeting that is held, or of the last one.
fn papers(state: &mut State, status: bool) {
    state.screen.dialogs.push(Dialog::Minutes(Paper { status, top: 0 }));
}

/// A key in the minutes; false when they close.
pub(super) fn paper_key(state: &mut State, paper: &mut Paper, key: Key, batch: &mut Batch) -> bool {
    match key.code {
        Code::Tab | Code::Char('s') => *paper = Paper { status: !paper.status, top: 0 },
        Code::Char('y') => {
            if let Some(text) = paper.text(state.shown(), state.screen.now) {
                batch.now.push(Effect::Copy(text));
                state.notice(Tone::Good, "copied");
            }
        }
        Code::Char('P') => post(state, *paper),
        _ => return super::dialogs::scroll_key(&mut paper.top, key),
    }
    true
}

/// Drafts the comment on the tracking issue: it is seen before it leaves.
fn post(state: &mut State, paper: Paper) {
    let Some(text) = paper.text(&state.release, state.screen.now) else { return };
    let Some(issue) = state.release.tracking_issue() else {
        return state.notice(Tone::Plain, "no tracking issue is known to post it to: y copies it");
    };
    let text = Untrusted::from(text);
    state.waiting.push_back(Work::Draft(Proposal::Comment { issues: vec![issue], text }));
}

/// When the meeting is to be drawn anew: the time of its item goes on.
pub(super) fn deadlines(state: &State) -> Vec<DateTime<Utc>> {
    let shown = matches!(state.screen.dialogs.last(), Some(Dialog::Meet { .. }));
    let Some(held) = state.shown().meetings.now().filter(|_| shown) else { return vec![] };
    let Some(turn) = held.current() else { return vec![] };
    vec![next_step(state.screen.now, turn.at)]
}
