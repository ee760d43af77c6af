//! A key: to the topmost dialog, to the filter being typed, or through the keymap to an action.

use super::{Batch, State, act, dialogs, moves};
use crate::release::entry::Stamp;
use crate::screen::dialog::Dialog;
use crate::screen::keymap::{Action, Meaning};
use crate::screen::keys::{Code, Key};
use crate::screen::notice::Tone;
use crate::screen::{Mode, Pressed};

/// A key was pressed.
pub(super) fn key(state: &mut State, stamp: &Stamp, key: Key, batch: &mut Batch) {
    state.dirty = true;
    // Where a person goes meanwhile comes first.
    state.screen.then = None;
    if key == Key::ctrl('c') {
        act::run(state, stamp, Action::Quit, batch);
        return;
    }
    // The popup of keys that may follow never takes the next key away.
    if matches!(state.screen.dialogs.last(), Some(Dialog::WhichKey { .. })) {
        state.screen.dialogs.pop();
    } else if !state.screen.dialogs.is_empty() {
        dialogs::key(state, stamp, key, batch);
        return;
    } else if state.screen.list().typing {
        filter_key(state, key);
        return;
    }
    let mut keys = std::mem::take(&mut state.screen.pending);
    if key.code == Code::Esc && !keys.is_empty() {
        return;
    }
    keys.push(key);
    let keymap = state.screen.options.keymap.clone();
    match keymap.meaning(state.screen.tab, state.is_replay(), &keys) {
        Meaning::Run(action) => {
            press(state, &keys, action);
            state.screen.unknown = None;
            act::run(state, stamp, action, batch);
        }
        Meaning::Prefix => {
            state.screen.dialogs.push(Dialog::WhichKey { prefix: keys.clone() });
            state.screen.pending = keys;
        }
        // A key that continues nothing is a key of its own.
        Meaning::None if keys.len() > 1 => self::key(state, stamp, key, batch),
        Meaning::None => unknown(state, &keys),
    }
}

/// The terminal has a new size.
pub(super) fn resize(state: &mut State, size: (u16, u16)) {
    state.screen.size = size;
    state.dirty = true;
}

/// Says why a key does nothing here, once it is one that does something elsewhere.
fn unknown(state: &mut State, keys: &[Key]) {
    let keymap = state.screen.options.keymap.clone();
    let written: String = keys.iter().map(ToString::to_string).collect();
    let elsewhere = crate::screen::TABS.into_iter().find_map(|tab| match keymap.meaning(tab, false, keys) {
        Meaning::Run(action) => Some((tab, action)),
        _ => None,
    });
    if let Some((tab, action)) = elsewhere {
        let at = crate::screen::Screen::index(tab) + 1;
        let label = action.def().label;
        let text = if state.screen.mode == Mode::Replay {
            format!("{written} ({label}) does not exist in a replay")
        } else {
            format!("{written} ({label}) works in tab {at}; ? shows the keys of this one")
        };
        state.notice(Tone::Plain, text);
        return;
    }
    // Said once: what is pressed again and again is no question. Only what a person types is a key here; what the mouse
    // or the terminal sends is none of it.
    let typed = keys.iter().all(|key| matches!(key.code, Code::Char(c) if !c.is_control()));
    if typed && state.screen.unknown.as_ref() != Some(&written) {
        state.notice(Tone::Faint, format!("no key: {written}; ? shows keys"));
        state.screen.unknown = Some(written);
    }
}

/// Keeps what was pressed, for the people who watch.
fn press(state: &mut State, keys: &[Key], action: Action) {
    if state.screen.options.present {
        let key = keys.iter().map(ToString::to_string).collect();
        let label = action.def().label.to_owned();
        state.screen.pressed.push_back(Pressed { key, label, at: state.screen.now });
        while state.screen.pressed.len() > 3 {
            state.screen.pressed.pop_front();
        }
    }
}

fn filter_key(state: &mut State, key: Key) {
    let list = state.screen.list_mut();
    match key.code {
        Code::Enter => list.typing = false,
        Code::Esc => {
            list.typing = false;
            list.filter.clear();
        }
        Code::Backspace => {
            if list.filter.pop().is_none() {
                list.typing = false;
            }
        }
        Code::Char('u') if key.ctrl => list.filter.clear(),
        Code::Char('w') if key.ctrl => {
            let kept = list.filter.trim_end().rfind(' ').map_or(0, |at| at + 1);
            list.filter.truncate(kept);
        }
        Code::Char(c) if !key.ctrl && !key.alt => list.filter.push(c),
        Code::Down => return moves::step(state, 1),
        Code::Up => return moves::step(state, -1),
        _ => return,
    }
    moves::remake(state);
}

/// Text was pasted: into the line being typed. A newline never presses enter.
pub(super) fn paste(state: &mut State, text: &str) {
    let text: String = text.chars().map(|c| if c == '\n' || c == '\t' { ' ' } else { c }).collect();
    if let Some(dialog) = state.screen.dialogs.last_mut() {
        if let Some(input) = dialog.input() {
            text.chars().for_each(|c| input.insert(c));
        }
    } else if state.screen.list().typing {
        state.screen.list_mut().filter.extend(text.chars().filter(|c| !c.is_control()).take(200));
        moves::remake(state);
    }
    state.dirty = true;
}
