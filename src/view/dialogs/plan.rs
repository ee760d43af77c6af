//! A plan, before it leaves: its steps, whether they can be taken back, how long it takes, and the way to say go.

use super::{keys, open, part, typing};
use crate::release::errand::UndoClass;
use crate::release::plan::{Danger, Plan, PlanRow};
use crate::screen::Screen;
use crate::screen::dialog::Input;
use crate::screen::paging::Paging;
use crate::view::ink::{Ink, Sign};
use crate::view::parts;
use crate::view::theme::Tone;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// What is drawn of a plan.
pub(super) struct Sheet<'a> {
    pub plan: &'a Plan,
    pub go: bool,
    pub typed: &'a Input,
    pub top: usize,
    pub refusal: Option<&'a str>,
    pub paging: &'a Paging,
}

/// Draws the plan.
pub(super) fn draw(sheet: &Sheet, screen: &Screen, ink: &Ink, area: Rect, frame: &mut Frame) {
    let plan = sheet.plan;
    let steps = plan.steps.len();
    let said = below(sheet, screen, area, ink);
    let foot = 5 + u16::try_from(said.len()).unwrap_or(0);
    let wanted = u16::try_from(plan.rows().len()).unwrap_or(u16::MAX).saturating_add(foot + 1);
    let title = crate::release::text::shown(&plan.title, 200);
    let paged = u16::from(plan.cut.is_some()) * 2;
    let inner = open(frame, area, 92, (wanted + paged).min(area.height.saturating_sub(4)), &title, ink);
    if paged > 0 {
        parts::put(frame.buffer_mut(), inner, 0, &super::paging::tabs(plan, sheet.paging, ink));
    }
    let inner = part(inner, paged, inner.height.saturating_sub(paged));
    let (word, tone, aside) = where_to(plan);
    let head = Line::from(vec![
        Span::styled(word, ink.theme.badge(tone)),
        ink.strong(format!(" {steps} {} ", if steps == 1 { "step" } else { "steps" })),
        ink.dim(aside),
    ]);
    parts::put(frame.buffer_mut(), inner, 0, &head);
    let room = inner.height.saturating_sub(foot + 1);
    let list = part(inner, 1, room);
    steps_of(sheet, ink, list, frame);
    let bottom = part(inner, inner.height.saturating_sub(foot - 1), foot - 1);
    let taken = parts::lines(frame.buffer_mut(), bottom, 0, &said);
    say_go(sheet, ink, part(bottom, taken + 1, 4), frame);
}

/// Where the steps of a plan go: they leave this machine, they run on it, or both.
fn where_to(plan: &Plan) -> (&'static str, Tone, String) {
    let steps = plan.steps.len();
    let here = plan.steps.iter().filter(|step| step.errand.runs_here()).count();
    let one = steps == 1;
    match here {
        0 => {
            let leave = if one { "leaves" } else { "leave" };
            (" REMOTE ", Tone::Warn, format!("{leave} this machine, in {} s or more", plan.seconds().max(1)))
        }
        _ if here == steps => {
            let said = if one { "runs on this machine" } else { "run on this machine" };
            (" LOCAL ", Tone::Accent, said.to_owned())
        }
        _ => (" REMOTE ", Tone::Warn, format!("of which {here} on this machine alone")),
    }
}

/// What is said below the steps: the way back, trust, a dry run, a refusal.
fn below(sheet: &Sheet, screen: &Screen, area: Rect, ink: &Ink) -> Vec<Line<'static>> {
    let mut lines = vec![undo(sheet.plan, ink)];
    let room = usize::from(area.width.saturating_sub(8)).min(88);
    if sheet.plan.trust {
        let text = "Trust: from now on this repository's own hooks and credential helper may run";
        lines.push(Line::from(ink.token(Sign::Act, &parts::cut(text, room, ink))));
    }
    if screen.options.dry_run {
        lines.push(Line::from(ink.token(Sign::Risk, "DRY-RUN: it is shown, and nothing is sent")));
    }
    if let Some(why) = sheet.refusal {
        let why = parts::wrap(why, room).into_iter().take(4);
        lines.extend(why.enumerate().map(|(row, text)| super::ask::refused(row, &text, ink)));
    }
    lines
}

fn steps_of(sheet: &Sheet, ink: &Ink, area: Rect, frame: &mut Frame) {
    let rows = sheet.plan.rows();
    let all = rows.len();
    let height = usize::from(area.height);
    let top = sheet.top.min(all.saturating_sub(height));
    for (row, what) in rows.iter().enumerate().skip(top).take(height).map(|(at, it)| (at - top, it)) {
        let step = match what {
            PlanRow::Step(at) => sheet.plan.steps.get(*at).map(|step| (*at, step)),
            PlanRow::Text(_) => None,
        };
        let stays = step.is_some_and(|(_, step)| step.errand.undo_class() == UndoClass::Cannot);
        let note = if stays { "stays" } else { "z can undo" };
        let more_above = row == 0 && top > 0;
        let more_below = row + 1 == height && top + height < all;
        let text = if more_above {
            format!("{} {} more above", ink.pick("…", "..."), top + 1)
        } else if more_below {
            format!("{} {} more below, down to see them", ink.pick("…", "..."), all - top - height + 1)
        } else {
            match (what, step) {
                (PlanRow::Text(text), _) => text.clone(),
                (PlanRow::Step(_), Some((_, step))) => step.errand.line(),
                (PlanRow::Step(_), None) => String::new(),
            }
        };
        let room = usize::from(area.width).saturating_sub(18);
        let bar = || format!("  {} ", ink.pick("│", "|"));
        let number = step.map_or_else(bar, |(at, _)| format!("{:>3} ", at + 1));
        let mut line = Line::from(vec![ink.dim(number), ink.text(parts::cut(&text, room, ink))]);
        if step.is_some() && !(more_above || more_below) {
            let pad = room.saturating_sub(parts::width(&text).min(room)) + 2;
            line.spans.push(Span::raw(" ".repeat(pad)));
            line.spans.push(if stays { ink.toned(Tone::Warn, note) } else { ink.dim(note) });
        }
        parts::put(frame.buffer_mut(), area, u16::try_from(row).unwrap_or(u16::MAX), &line);
    }
}

fn undo(plan: &Plan, ink: &Ink) -> Line<'static> {
    let (tone, said) = match plan.undo_class() {
        UndoClass::Local => (Tone::Ok, "it changes nothing: there is nothing to take back"),
        UndoClass::Compensating => (Tone::Ok, "z takes it back with a second plan, shown before it leaves"),
        UndoClass::Cannot => (Tone::Warn, "what is marked stays: it cannot be taken back"),
    };
    Line::from(vec![ink.dim("Undo  "), ink.toned(tone, said)])
}

/// Draws the way to say go: two buttons with the cursor on Cancel, or a name to type.
fn say_go(sheet: &Sheet, ink: &Ink, area: Rect, frame: &mut Frame) {
    match &sheet.plan.danger {
        Danger::Reversible | Danger::Lasting => {
            let button = |text: &str, on: bool| {
                let style = if on { ink.theme.badge(Tone::Accent) } else { ink.theme.text() };
                Span::styled(if on { format!("[ {text} ]") } else { format!("  {text}  ") }, style)
            };
            let line =
                Line::from(vec![button("Cancel", !sheet.go), Span::raw("   "), button("Go", sheet.go)]);
            parts::put(frame.buffer_mut(), area, 0, &line);
            let row =
                [("tab", "choose"), ("enter", "do what is chosen"), ("down", "scroll"), ("esc", "cancel")];
            parts::put(frame.buffer_mut(), area, 2, &keys(ink, &row));
            if area.width > 0 && area.height > 0 {
                let x = if sheet.go { area.x + 13 } else { area.x };
                frame.set_cursor_position((x.min(area.right() - 1), area.y));
            }
        }
        Danger::Typed(name) => {
            let name = crate::release::text::shown(name, 100);
            let line = Line::from(vec![ink.text("Type "), ink.strong(name.clone()), ink.text(" to go on")]);
            parts::put(frame.buffer_mut(), area, 0, &line);
            let count = parts_left(&name, &sheet.typed.text);
            let (tone, left) = match count {
                Some(0) => (Tone::Ok, "enter goes".to_owned()),
                Some(left) => (Tone::Dim, format!("{left} left")),
                None => (Tone::Bad, "not the name".to_owned()),
            };
            let cells = u16::try_from(left.len()).unwrap_or(0) + 1;
            let row = part(area, 1, 1);
            let field = Rect { width: row.width.saturating_sub(cells), ..row };
            let aside =
                Rect { x: row.right().saturating_sub(cells).max(row.x), width: cells.min(row.width), ..row };
            parts::put(frame.buffer_mut(), aside, 0, &Line::from(ink.toned(tone, left)));
            let mut row = vec![("enter", "go, when typed"), ("esc", "cancel")];
            row.extend(sheet.plan.cut.as_ref().map(|_| ("shift-tab", "back")));
            parts::put(frame.buffer_mut(), area, 2, &keys(ink, &row));
            typing(frame, field, sheet.typed, ink);
        }
    }
}

/// How many characters of a name are left to type; none when what is typed is not its beginning.
fn parts_left(name: &str, typed: &str) -> Option<usize> {
    name.strip_prefix(typed).map(|rest| rest.chars().count())
}
