//! Moves of the eye: tabs, rows, filters, folds. They never wait and are never recorded.

use super::State;
use crate::release::Pane;
use crate::release::agenda::Subject;
use crate::screen::keymap::Action;
use crate::screen::rows::{self, RowId};
use crate::screen::{Part, Screen, TABS};

/// Shows a tab.
pub(super) fn show_tab(state: &mut State, tab: Pane) {
    state.screen.tab = tab;
    state.screen.part = Part::List;
    state.screen.detail_scroll = 0;
    state.dirty = true;
}

/// The tab before or after.
pub(super) fn turn_tab(state: &mut State, forward: bool) {
    let at = Screen::index(state.screen.tab);
    let next = if forward { (at + 1) % TABS.len() } else { (at + TABS.len() - 1) % TABS.len() };
    show_tab(state, TABS[next]);
}

/// A click on a row: it gets the cursor; on a heading it folds.
pub(super) fn click(state: &mut State, at: usize) {
    if !state.screen.dialogs.is_empty() {
        return;
    }
    state.screen.part = Part::List;
    state.screen.list_mut().go(at);
    if matches!(state.cursor(), Some(RowId::Heading(_))) {
        fold(state);
    }
    state.dirty = true;
}

/// The wheel moves the cursor, or the detail when that has the keys.
pub(super) fn wheel(state: &mut State, by: isize) {
    if state.screen.dialogs.is_empty() {
        step(state, by);
    }
}

/// Moves in the part that has the keys.
pub(super) fn step(state: &mut State, by: isize) {
    if state.screen.part == Part::Detail {
        let by = i16::try_from(by).unwrap_or_default();
        state.screen.detail_scroll = state.screen.detail_scroll.saturating_add_signed(by);
    } else {
        state.screen.list_mut().step(by);
        state.screen.detail_scroll = 0;
    }
    state.dirty = true;
}

/// Moves of the cursor that are actions; false when the action is another.
pub(super) fn run(state: &mut State, action: Action) -> bool {
    let half = isize::try_from(state.screen.size.1 / 4).unwrap_or(5).max(1);
    match action {
        Action::Down => step(state, 1),
        Action::Up => step(state, -1),
        Action::HalfDown => step(state, half),
        Action::HalfUp => step(state, -half),
        Action::Top => {
            state.screen.detail_scroll = 0;
            state.screen.list_mut().go(0);
        }
        Action::Bottom => step(state, isize::MAX / 2),
        Action::NextSection => state.screen.list_mut().section(true),
        Action::PreviousSection => state.screen.list_mut().section(false),
        Action::NextTab => turn_tab(state, true),
        Action::PreviousTab => turn_tab(state, false),
        Action::NextPart | Action::PreviousPart => {
            state.screen.part = if state.screen.part == Part::List { Part::Detail } else { Part::List };
        }
        Action::Zoom => state.screen.zoomed = true,
        Action::Unzoom => state.screen.zoomed = false,
        Action::NextOpen => next_open(state, true),
        Action::PreviousOpen => next_open(state, false),
        Action::Tab1 => show_tab(state, TABS[0]),
        Action::Tab2 => show_tab(state, TABS[1]),
        Action::Tab3 => show_tab(state, TABS[2]),
        Action::Tab4 => show_tab(state, TABS[3]),
        Action::Tab5 => show_tab(state, TABS[4]),
        Action::Tab6 => show_tab(state, TABS[5]),
        Action::Tab7 => show_tab(state, TABS[6]),
        Action::Tab8 => show_tab(state, TABS[7]),
        Action::Filter => state.screen.list_mut().typing = true,
        Action::Mark => mark(state),
        Action::MarkRange => state.screen.list_mut().mark_range(),
        Action::Sort | Action::SortPicks => {
            change_list(state, |list| list.order = list.order.wrapping_add(1))
        }
        Action::Preset => change_list(state, |list| list.preset = list.preset.wrapping_add(1)),
        Action::NextBranch => next_branch(state),
        _ => return false,
    }
    state.dirty = true;
    true
}

fn change_list(state: &mut State, change: impl FnOnce(&mut crate::screen::list::List)) {
    change(state.screen.list_mut());
    remake(state);
}

/// Makes the rows of the tab anew after its filter, order or folds changed.
pub(super) fn remake(state: &mut State) {
    let tab = state.screen.tab;
    let (release, screen) = state.split();
    rows::remake_tab(screen, release, tab);
    state.dirty = true;
}

/// Marks or unmarks the row, and goes on to the next; folds a group at its heading.
fn mark(state: &mut State) {
    if state.cursor().is_some_and(|id| !id.is_item()) {
        return fold(state);
    }
    let list = state.screen.list_mut();
    let Some(id) = list.cursor.clone() else { return };
    if !list.marks.remove(&id) {
        list.marks.insert(id);
    }
    list.step(1);
}

/// Folds or unfolds the group of the heading under the cursor.
pub(super) fn fold(state: &mut State) {
    let Some(RowId::Heading(name)) = state.cursor().cloned() else { return };
    change_list(state, |list| {
        if !list.toggled.remove(&name) {
            list.toggled.insert(name);
        }
    });
}

/// The next row that needs a person; with a filter, the next match.
fn next_open(state: &mut State, forward: bool) {
    let list = state.screen.list_mut();
    let filtered = !list.filter.is_empty();
    let wanted = |row: &rows::Row| if filtered { row.id.is_item() } else { row.open };
    let at = list.position().unwrap_or(0);
    let count = list.rows.len();
    let order: Vec<usize> = if forward {
        (1..=count).map(|by| (at + by) % count).collect()
    } else {
        (1..=count).map(|by| (at + count - by) % count).collect()
    };
    match order.into_iter().find(|at| wanted(&list.rows[*at])) {
        Some(at) => list.go(at),
        None => state.notice(crate::screen::notice::Tone::Good, "nothing here needs a person"),
    }
}

/// The next branch of the CI and Picks tabs.
fn next_branch(state: &mut State) {
    let columns = match state.screen.tab {
        Pane::Picks => state.shown().picks.lines().into_iter().cloned().collect::<Vec<_>>(),
        _ => state.shown().checks.lines.keys().cloned().collect(),
    };
    let now = rows::ci::branch(state.shown(), &state.screen);
    let at = columns.iter().position(|branch| Some(branch) == now.as_ref());
    let next = at.map_or(0, |at| (at + 1) % columns.len().max(1));
    state.screen.branch = columns.get(next).cloned();
    remake(state);
}

/// Goes in: from a gate or blocker to the pane that settles it, from a heading into its fold, else to the detail.
pub(super) fn enter(state: &mut State) {
    let Some(id) = state.cursor().cloned() else { return };
    match id {
        RowId::Heading(_) => fold(state),
        RowId::Gate(gate) => {
            let pane = state.screen.poll.iter().find(|polled| polled.gate == gate).map(|polled| polled.pane);
            match pane {
                Some(pane) if pane != state.screen.tab => show_tab(state, pane),
                _ => state.screen.part = Part::Detail,
            }
        }
        RowId::Blocker(subject) => go_to_subject(state, &subject),
        _ => state.screen.part = Part::Detail,
    }
    state.dirty = true;
}

fn go_to_subject(state: &mut State, subject: &Subject) {
    let pane = state.screen.agenda.iter().find(|it| it.subject == *subject).map(|it| it.pane);
    let (tab, id) = match subject {
        Subject::Issue(key) => (Pane::Milestone, Some(RowId::Issue(key.clone()))),
        Subject::Check(branch, name) => {
            state.screen.branch = Some(branch.clone());
            (Pane::Ci, Some(RowId::Check(name.clone())))
        }
        Subject::Item(item) => (Pane::Checklist, Some(RowId::Item(item.to_string()))),
        Subject::Gate(_) => (pane.unwrap_or(state.screen.tab), None),
    };
    show_tab(state, tab);
    if let Some(id) = id {
        reveal(state, &id);
    }
}

/// Puts the cursor on a row of the tab that is shown, taking away what hides it.
pub(super) fn reveal(state: &mut State, id: &RowId) {
    remake(state);
    if state.screen.list_mut().go_to(id) {
        return;
    }
    change_list(state, |list| {
        list.filter.clear();
        list.preset = 0;
    });
    let headings: Vec<String> = state
        .screen
        .list()
        .rows
        .iter()
        .filter(|row| row.heading.as_ref().is_some_and(|heading| heading.folded))
        .filter_map(|row| if let RowId::Heading(name) = &row.id { Some(name.clone()) } else { None })
        .collect();
    if !state.screen.list_mut().go_to(id) {
        for name in headings {
            change_list(state, |list| {
                if !list.toggled.remove(&name) {
                    list.toggled.insert(name.clone());
                }
            });
            if state.screen.list_mut().go_to(id) {
                break;
            }
        }
    }
}

/// Comes out: the pending keys, the marks, the filter, the detail, the zoom, in this order.
pub(super) fn back(state: &mut State) {
    let list = state.screen.list_mut();
    if !list.marks.is_empty() || list.anchor.is_some() {
        list.marks.clear();
        list.anchor = None;
    } else if !list.filter.is_empty() {
        list.filter.clear();
        remake(state);
    } else if state.screen.part == Part::Detail {
        state.screen.part = Part::List;
    } else if state.screen.zoomed {
        state.screen.zoomed = false;
    } else if let Some(notice) = state.screen.notices.front().cloned() {
        state.screen.notices.retain(|other| *other != notice);
    }
    state.dirty = true;
}
