//! The last row: the keys of where the manager is, made from the keymap.

use super::ink::Ink;
use super::parts;
use crate::order::Order as _;
use crate::screen::keymap::{Action, Place, Reach};
use crate::screen::{Mode, Screen};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

/// What is always at the right.
const ALWAYS: [Action; 3] = [Action::Palette, Action::Help, Action::Quit];

/// What is shown besides the tab's own actions, in this order after the first.
const ALSO: [Action; 3] = [Action::NextOpen, Action::Filter, Action::Undo];

/// What is a move of the eye that everyone knows, and so has no room here.
const KNOWN: [Action; 3] = [Action::MarkRange, Action::NextSection, Action::PreviousSection];

/// The actions that the footer offers, the most wanted first, with whether each can be run.
#[must_use]
pub fn offered(screen: &Screen) -> Vec<(Action, bool)> {
    let replay = screen.mode == Mode::Replay;
    let own = |action: &Action| match action.def().place {
        Place::Tabs(_) => !KNOWN.contains(action),
        Place::Replay => true,
        Place::Everywhere => *action == Action::Enter,
    };
    let wanted = |action: &Action| !replay || action.def().reach == Reach::Eye;
    let mut actions: Vec<Action> =
        screen.options.keymap.actions(screen.tab, replay).filter(own).filter(wanted).collect();
    // In a replay its own keys are what one looks for.
    actions.order_by_key(|action| action.def().place != Place::Replay);
    let also = ALSO.iter().copied().filter(wanted);
    let at = actions.len().min(if replay { 8 } else { 1 });
    actions.splice(at..at, also.take(1));
    actions.extend(ALSO.iter().copied().skip(1).filter(wanted));
    actions.into_iter().map(|action| (action, screen.why_not(action).is_none())).collect()
}

fn key(screen: &Screen, action: Action) -> Option<String> {
    let keys = screen.options.keymap.keys(action, screen.tab);
    keys.first().map(|keys| keys.iter().map(ToString::to_string).collect())
}

fn item(screen: &Screen, ink: &Ink, action: Action, enabled: bool) -> Option<Vec<Span<'static>>> {
    let key = key(screen, action)?;
    let label = ink.ours(action.def().label);
    Some(if enabled {
        vec![Span::styled(key, ink.theme.key()), ink.text(format!(" {label}"))]
    } else {
        vec![ink.dim(format!("{key} {label}"))]
    })
}

/// Draws the footer. Without room, what cannot be run leaves first, then what is too long.
pub fn draw(buffer: &mut Buffer, area: Rect, screen: &Screen, ink: &Ink) {
    buffer.set_style(area, ink.theme.panel());
    let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let mut right = Line::default();
    for action in ALWAYS {
        if !right.spans.is_empty() {
            right.spans.push(Span::raw("  "));
        }
        right.spans.extend(item(screen, ink, action, true).unwrap_or_default());
    }
    let right_cells = u16::try_from(right.width()).unwrap_or(0).min(inner.width);
    let place = Rect { x: inner.right() - right_cells, width: right_cells, ..inner };
    parts::put(buffer, place, 0, &right);
    if !screen.dialogs.is_empty() || screen.mode == Mode::Opening {
        return;
    }
    let room = usize::from(inner.width.saturating_sub(right_cells + 3));
    let gap = if inner.width >= super::layout::WIDE { 3 } else { 2 };
    let all = offered(screen);
    let items = |dim: bool| -> Vec<Vec<Span<'static>>> {
        let shown = all.iter().filter(|(_, enabled)| dim || *enabled);
        shown.filter_map(|(action, enabled)| item(screen, ink, *action, *enabled)).collect()
    };
    let wide = |items: &[Vec<Span>]| {
        items.iter().map(|item| item.iter().map(Span::width).sum::<usize>() + gap).sum::<usize>()
    };
    let mut shown = items(true);
    if wide(&shown) > room + gap {
        shown = items(false);
    }
    let mut line = Line::default();
    for item in shown {
        let needs = item.iter().map(Span::width).sum::<usize>() + if line.spans.is_empty() { 0 } else { gap };
        // A shorter one after it may still fit.
        if line.width() + needs > room {
            continue;
        }
        if !line.spans.is_empty() {
            line.spans.push(Span::styled(" ".repeat(gap), Style::new()));
        }
        line.spans.extend(item);
    }
    parts::put(buffer, inner, 0, &line);
}
