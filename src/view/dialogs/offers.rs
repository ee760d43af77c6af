//! Help, palette and which-key: made from the keymap, so that they cannot say anything else than the keys do.

use super::{first, keys, open, part, typing};
use crate::screen::dialog::{self, Input, Offer, offered};
use crate::screen::keymap::Action;
use crate::screen::keys::Key;
use crate::screen::{Mode, Screen};
use crate::view::ink::Ink;
use crate::view::{parts, tabs};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

/// Draws the keys of the tab, or all keys.
pub(super) fn help(
    screen: &Screen,
    all: bool,
    input: &Input,
    cursor: usize,
    ink: &Ink,
    area: Rect,
    frame: &mut Frame,
) {
    let offers = offered(screen, all, &input.text);
    let title = if all { "All keys".to_owned() } else { format!("Keys of {}", tabs::names(screen.tab)[0]) };
    let inner = open(frame, area, 108, area.height.saturating_sub(4), &title, ink);
    let rule = Line::from(vec![
        ink.dim("lower case stays here, "),
        ink.strong("UPPER CASE goes out"),
        ink.dim(": always with its plan first"),
    ]);
    parts::put(frame.buffer_mut(), inner, 1, &rule);
    let list = part(inner, 3, inner.height.saturating_sub(5));
    rows(&offers, cursor, ink, list, frame, |offer| {
        let key = format!("{:>16}  ", parts::cut(&offer.keys, 16, ink));
        let label = parts::cut(&ink.ours(offer.label), 16, ink);
        let pad = " ".repeat(17 - parts::width(&label));
        let help = match &offer.why_not {
            Some(why) => ink.dim(format!("not now: {why}")),
            None => ink.dim(offer.help),
        };
        vec![key_span(offer, key, ink), ink.text(format!("{label}{pad}")), help]
    });
    whole(&offers, cursor, ink, inner, frame);
    let other = if all { "keys of this tab" } else { "all keys" };
    let row = keys(ink, &[("enter", "run it"), ("?", other), ("type", "find"), ("esc", "close")]);
    parts::put(frame.buffer_mut(), inner, inner.height.saturating_sub(1), &row);
    typing(frame, part(inner, 0, 1), input, ink);
}

/// Draws every action by name, with why it cannot be run.
pub(super) fn palette(
    screen: &Screen,
    input: &Input,
    cursor: usize,
    ink: &Ink,
    area: Rect,
    frame: &mut Frame,
) {
    let offers = dialog::palette(screen, &input.text);
    let rows_wanted = 20.min(area.height.saturating_sub(4));
    let inner = open(frame, area, 108, rows_wanted, "Do what?", ink);
    let list = part(inner, 2, inner.height.saturating_sub(4));
    rows(&offers, cursor, ink, list, frame, |offer| {
        let name = offer.action.def().name;
        let text = format!("{name:<17} ");
        let key = format!("{:<16}  ", parts::cut(&offer.keys, 16, ink));
        let more = match &offer.why_not {
            Some(why) => ink.dim(format!("not now: {why}")),
            None => ink.dim(offer.help),
        };
        let name = if offer.why_not.is_some() { ink.dim(text) } else { ink.text(text) };
        vec![name, key_span(offer, key, ink), more]
    });
    whole(&offers, cursor, ink, inner, frame);
    let row = keys(ink, &[("enter", "run it"), ("up down", "move"), ("esc", "close")]);
    parts::put(frame.buffer_mut(), inner, inner.height.saturating_sub(1), &row);
    typing(frame, part(inner, 0, 1), input, ink);
}

/// Draws what the offer under the cursor does above the last row, where its own row is too short to say it.
fn whole(offers: &[Offer], cursor: usize, ink: &Ink, inner: Rect, frame: &mut Frame) {
    let Some(offer) = offers.get(cursor.min(offers.len().saturating_sub(1))) else { return };
    let said = offer.why_not.as_ref().map_or_else(|| offer.help.to_owned(), |why| format!("not now: {why}"));
    if inner.height > 5 && parts::width(&said) + 36 > usize::from(inner.width) {
        let text = parts::cut(&said, usize::from(inner.width), ink);
        parts::put(frame.buffer_mut(), inner, inner.height - 2, &Line::from(ink.text(text)));
    }
}

fn key_span(offer: &Offer, text: String, ink: &Ink) -> Span<'static> {
    Span::styled(text, if offer.why_not.is_some() { ink.theme.dim() } else { ink.theme.key() })
}

/// Draws the offers around the cursor.
fn rows(
    offers: &[Offer],
    cursor: usize,
    ink: &Ink,
    area: Rect,
    frame: &mut Frame,
    spans: impl Fn(&Offer) -> Vec<Span<'static>>,
) {
    let height = usize::from(area.height);
    let cursor = cursor.min(offers.len().saturating_sub(1));
    let top = first(offers.len(), height, cursor);
    for (at, offer) in offers.iter().enumerate().skip(top).take(height) {
        let line = part(area, u16::try_from(at - top).unwrap_or(u16::MAX), 1);
        if at == cursor {
            frame.buffer_mut().set_style(line, ink.theme.selection());
        }
        let whole = Line::from(spans(offer));
        let cut = if whole.width() > usize::from(line.width) {
            parts::table::cut_line(&whole, usize::from(line.width), ink)
        } else {
            whole
        };
        parts::put(frame.buffer_mut(), line, 0, &cut);
    }
    if offers.is_empty() {
        parts::put(frame.buffer_mut(), area, 0, &Line::from(ink.dim("no action fits what is typed")));
    }
}

/// The keys that may follow a prefix, with what they do.
#[must_use]
pub(super) fn following(screen: &Screen, prefix: &[Key]) -> Vec<(String, Action)> {
    let keymap = &screen.options.keymap;
    let mut found = vec![];
    for action in keymap.actions(screen.tab, screen.mode == Mode::Replay) {
        for keys in keymap.keys(action, screen.tab) {
            if keys.len() > prefix.len() && keys.starts_with(prefix) {
                let rest = keys[prefix.len()..].iter().map(ToString::to_string).collect::<String>();
                found.push((rest, action));
            }
        }
    }
    found
}

/// Draws the keys that may follow, above the footer: it never takes the next key away.
pub(super) fn which_key(screen: &Screen, prefix: &[Key], ink: &Ink, area: Rect, frame: &mut Frame) {
    let found = following(screen, prefix);
    let columns = if area.width >= 80 { 2 } else { 1 };
    let rows =
        u16::try_from(found.len().div_ceil(columns)).unwrap_or(u16::MAX).saturating_add(2).min(area.height);
    let place = Rect { y: area.bottom() - rows, height: rows, ..area };
    Clear.render(place, frame.buffer_mut());
    let title: String = prefix.iter().map(ToString::to_string).collect();
    let inner = super::frame(frame.buffer_mut(), place, &format!("{title} and then"), ink);
    let wide = inner.width / u16::try_from(columns).unwrap_or(1);
    for (at, (key, action)) in found.into_iter().enumerate() {
        let row = u16::try_from(at / columns).unwrap_or(u16::MAX);
        let x = inner.x + wide * u16::try_from(at % columns).unwrap_or(0);
        let line = part(Rect { x, width: wide, ..inner }, row, 1);
        let why = screen.why_not(action);
        let style = if why.is_some() { ink.theme.dim() } else { ink.theme.key() };
        let mut spans = vec![Span::styled(format!("{key:>4}  "), style)];
        spans.push(match why {
            Some(why) => ink.dim(format!("{}, not now: {why}", ink.ours(action.def().label))),
            None => ink.text(ink.ours(action.def().label)),
        });
        parts::put(frame.buffer_mut(), line, 0, &Line::from(spans));
    }
}
