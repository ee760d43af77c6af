//! What the terminal reports, as events of the ring.

use crate::release::Release;
use crate::screen::Screen;
use crate::screen::keys::{Code, Key};
use crate::turn::Event;
use crate::view::ink::Ink;
use crate::view::theme::Theme;
use crate::view::{layout, tabs};
use crossterm::event::{
    Event as Reported, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use ratatui::layout::Rect;

/// The event of a report; none for what the cockpit does not use.
pub(super) fn event(reported: &Reported, release: &Release, screen: &Screen, theme: &Theme) -> Option<Event> {
    match reported {
        Reported::Key(key) => self::key(key).map(Event::Key),
        Reported::Paste(text) => Some(Event::Paste(text.clone())),
        Reported::Resize(columns, rows) => Some(Event::Resize(*columns, *rows)),
        Reported::FocusGained => Some(Event::Focus(true)),
        Reported::FocusLost => Some(Event::Focus(false)),
        Reported::Mouse(mouse) => self::mouse(mouse, release, screen, theme),
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

fn mouse(event: &MouseEvent, release: &Release, screen: &Screen, theme: &Theme) -> Option<Event> {
    match event.kind {
        MouseEventKind::ScrollDown => Some(Event::Wheel(3)),
        MouseEventKind::ScrollUp => Some(Event::Wheel(-3)),
        MouseEventKind::Down(MouseButton::Left) if event.row == 1 => {
            let ink = Ink::new(screen, theme);
            tabs::at(release, screen, &ink, screen.size.0, event.column).map(Event::ClickTab)
        }
        MouseEventKind::Down(MouseButton::Left) => row(event.column, event.row, screen).map(Event::ClickRow),
        _ => None,
    }
}

/// The row of the list under a cell.
fn row(column: u16, line: u16, screen: &Screen) -> Option<usize> {
    let size = Rect { x: 0, y: 0, width: screen.size.0, height: screen.size.1 };
    let list = layout::areas(size, screen)?.body.list;
    let first = list.y + layout::head(screen.tab);
    let inside =
        (list.x..list.x + list.width).contains(&column) && (first..list.y + list.height).contains(&line);
    inside.then(|| screen.list().top + usize::from(line - first))
}
