//! What the terminal reports, as events of the ring.

use crate::release::Release;
use crate::screen::Screen;
use crate::screen::keys::{Code, Key};
use crate::turn::Event;
use crate::view::hit::{Hit, hit};
use crossterm::event::{
    Event as Reported, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use ratatui::layout::Position;

/// The event of a report; none for what the cockpit does not use.
pub(super) fn event(reported: &Reported, release: &Release, screen: &Screen) -> Option<Event> {
    match reported {
        Reported::Key(key) => self::key(key).map(Event::Key),
        Reported::Paste(text) => Some(Event::Paste(text.clone())),
        Reported::Resize(columns, rows) => Some(Event::Resize(*columns, *rows)),
        Reported::FocusGained => Some(Event::Focus(true)),
        Reported::FocusLost => Some(Event::Focus(false)),
        Reported::Mouse(mouse) => self::mouse(mouse, release, screen),
    }
}

fn key(event: &KeyEvent) -> Option<Key> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    let code = match event.code {
        KeyCode::Char(c) => Code::Char(c),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        KeyCode::F(n) => Code::F(n),
        _ => return None,
    };
    let held = |modifier| event.modifiers.contains(modifier);
    Some(Key { code, ctrl: held(KeyModifiers::CONTROL), alt: held(KeyModifiers::ALT) })
}

fn mouse(event: &MouseEvent, release: &Release, screen: &Screen) -> Option<Event> {
    match event.kind {
        MouseEventKind::ScrollDown => Some(Event::Wheel(3)),
        MouseEventKind::ScrollUp => Some(Event::Wheel(-3)),
        MouseEventKind::Down(MouseButton::Left) => {
            match hit(release, screen, Position::new(event.column, event.row))? {
                Hit::Tab(tab) => Some(Event::ClickTab(tab)),
                Hit::Row(at) => Some(Event::ClickRow(at)),
            }
        }
        _ => None,
    }
}
