//! The pages of a plan that cuts a version, but for the last: what is ready, what is written, tagged and told, by
//! which calls.

use super::{keys, open, part};
use crate::release::cut::{BuiltFile, BumpVersion, DraftRelease, PublishRelease, Ready, Signing, TagVersion};
use crate::release::errand::{Errand, UndoClass};
use crate::release::plan::Plan;
use crate::release::text::{Untrusted, shown};
use crate::screen::paging::{Files, Page, Paging, pages};
use crate::view::ink::{Ink, Sign};
use crate::view::parts;
use crate::view::theme::Tone;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// Most lines of notes that are shown.
const NOTES: usize = 400;

/// Draws the page that is shown.
pub(super) fn draw(plan: &Plan, paging: &Paging, top: usize, ink: &Ink, area: Rect, frame: &mut Frame) {
    let title = shown(&plan.title, 200);
    let inner = open(frame, area, 92, area.height.saturating_sub(4), &title, ink);
    parts::put(frame.buffer_mut(), inner, 0, &tabs(plan, paging, ink));
    let list = part(inner, 2, inner.height.saturating_sub(4));
    let lines = match plan.cut.as_deref() {
        Some(ready) => page(plan, ready, paging, ink, usize::from(list.width)),
        None => vec![],
    };
    let height = usize::from(list.height);
    let top = top.min(lines.len().saturating_sub(height));
    parts::lines(frame.buffer_mut(), list, top, &lines);
    let below = lines.len().saturating_sub(top + height);
    let more = if below > 0 { format!("{below} more below") } else { String::new() };
    let foot = part(inner, inner.height.saturating_sub(1), 1);
    let mut row = keys(ink, &[("tab", "next"), ("shift-tab", "back"), ("down", "scroll"), ("esc", "cancel")]);
    row.spans.push(Span::raw("   "));
    row.spans.push(ink.toned(Tone::Warn, more));
    parts::put(frame.buffer_mut(), foot, 0, &row);
}

/// The pages by number, the one shown in brackets.
pub(super) fn tabs(plan: &Plan, paging: &Paging, ink: &Ink) -> Line<'static> {
    let mut spans = vec![];
    for (at, page) in pages(plan).into_iter().enumerate() {
        let text = format!("{} {}", at + 1, page.title());
        spans.push(match at == paging.at {
            true => Span::styled(format!("[{text}]"), ink.theme.badge(Tone::Accent)),
            false => ink.dim(format!(" {text} ")),
        });
        let unfit = page == Page::Files && matches!(paging.files, Files::Unfit(_));
        spans.push(if unfit { ink.sign(Sign::Bad) } else { Span::raw(" ") });
    }
    Line::from(spans)
}

fn page(plan: &Plan, ready: &Ready, paging: &Paging, ink: &Ink, cells: usize) -> Vec<Line<'static>> {
    match paging.page(plan) {
        Page::Ready => is_ready(ready, ink, cells),
        Page::Files => files(plan, ready, &paging.files, ink, cells),
        Page::Tag => tag(plan, ink, cells),
        Page::Notes => notes(plan, ready, ink, cells),
        Page::Steps => steps(plan, ready, ink, cells),
        Page::Go => vec![],
    }
}

/// A name, and a text that goes on below itself.
fn told(ink: &Ink, name: &str, text: &str, cells: usize) -> Vec<Line<'static>> {
    let rows = parts::wrap(text, cells.saturating_sub(11));
    let row = |(at, more): (usize, &String)| {
        parts::pair(ink, if at == 0 { name } else { "" }, 10, vec![ink.text(more)])
    };
    rows.iter().enumerate().map(row).collect()
}

/// A sentence behind its sign.
fn signed(ink: &Ink, sign: Sign, text: &str, cells: usize) -> Vec<Line<'static>> {
    let rows = parts::wrap(text, cells.saturating_sub(2));
    let row = |(at, more): (usize, &String)| match at {
        0 => Line::from(ink.token(sign, more)),
        _ => Line::from(ink.text(format!("  {more}"))),
    };
    rows.iter().enumerate().map(row).collect()
}

fn is_ready(ready: &Ready, ink: &Ink, cells: usize) -> Vec<Line<'static>> {
    let (tag, line, at) = (ready.tag.line(), ready.line.line(), ready.at.short());
    let mut lines = told(ink, ready.what.title(), &tag, cells);
    let place = if ready.is_head { format!("{at}, the head of {line}") } else { format!("{at} of {line}") };
    lines.extend(told(ink, "Commit", &place, cells));
    for (at, why) in ready.reasons.iter().enumerate() {
        lines.extend(told(ink, if at == 0 { "Why" } else { "" }, why, cells));
    }
    lines.push(Line::default());
    let head = format!("What must hold: all {} do{}", ready.conditions.len(), ready.waived());
    lines.push(Line::from(ink.strong(head)));
    for it in &ready.conditions {
        let said = format!("{}: {}", it.title, it.reason);
        let sign = if it.waived { Sign::Risk } else { Sign::of_verdict(it.verdict) };
        lines.extend(signed(ink, sign, &said, cells));
    }
    lines.push(Line::default());
    let again = "The branch and the tag are looked at once more before anything is made: moved, it stops.";
    lines.extend(parts::wrap(again, cells).iter().map(|it| Line::from(ink.dim(it))));
    lines
}

fn bump(plan: &Plan) -> Option<&BumpVersion> {
    plan.steps.iter().find_map(|step| match &step.errand {
        Errand::BumpVersion(it) => Some(it),
        _ => None,
    })
}

fn files(plan: &Plan, ready: &Ready, files: &Files, ink: &Ink, cells: usize) -> Vec<Line<'static>> {
    let Some(bump) = bump(plan) else {
        let why = if ready.is_head {
            "the process writes this version into no file"
        } else {
            "what was tested is tagged as it is: a commit on top of it would be another"
        };
        return signed(ink, Sign::Skipped, &format!("No file is written: {why}."), cells);
    };
    let mut lines = told(ink, "Commit", &bump.message.line(), cells);
    let place = format!("on {}, on top of {}", bump.target.line(), bump.tip.short());
    lines.extend(told(ink, "", &place, cells));
    lines.push(Line::default());
    match files {
        Files::Reading => lines.extend(signed(ink, Sign::Running, "the files are being read", cells)),
        Files::Unfit(why) => {
            let said = format!("the version cannot be written: {}", why.line());
            lines.extend(signed(ink, Sign::Bad, &said, cells));
        }
        Files::Fit(files) if files.iter().all(|it| it.changes.is_empty()) => {
            let said = "the files say it already: nothing is committed";
            lines.extend(signed(ink, Sign::Ok, said, cells));
        }
        Files::Fit(files) => {
            for file in files {
                lines.push(Line::from(ink.strong(file.path.line())));
                for it in &file.changes {
                    let row = |mark: &str, text: &str| {
                        parts::cut(&format!("{:>5} {mark} {}", it.line, shown(text, 400)), cells, ink)
                    };
                    if !it.before.is_empty() {
                        lines.push(Line::from(ink.toned(Tone::Bad, row("-", &it.before))));
                    }
                    lines.push(Line::from(ink.toned(Tone::Ok, row("+", &it.after))));
                }
                lines.push(Line::default());
            }
        }
    }
    lines
}

fn tag(plan: &Plan, ink: &Ink, cells: usize) -> Vec<Line<'static>> {
    let made = |errand: &Errand| match errand {
        Errand::TagVersion(it) => Some(it.clone()),
        _ => None,
    };
    let Some(it) = plan.steps.iter().find_map(|step| made(&step.errand)) else { return vec![] };
    let TagVersion { target, at, signing, message, .. } = &it;
    let mut lines = told(ink, "Tag", &target.line(), cells);
    let at = at.map_or_else(|| "the commit of the files".to_owned(), |at| at.to_string());
    lines.extend(told(ink, "Commit", &at, cells));
    lines.extend(told(ink, "Kind", "annotated, made in this clone, then pushed as a new tag", cells));
    let signing = match signing {
        Signing::Required => "required by the process, with the key of your git, verified after",
        Signing::AsConfigured => "as your git is configured (tag.gpgSign), verified after",
    };
    lines.extend(told(ink, "Signature", signing, cells));
    lines.extend(told(
        ink,
        "Undo",
        "z takes it away until it is pushed; then it stays, and its number is burned",
        cells,
    ));
    lines.push(Line::default());
    lines.push(Line::from(ink.strong("It says")));
    lines.extend(text(message, ink, cells));
    lines
}

fn text(text: &Untrusted, ink: &Ink, cells: usize) -> Vec<Line<'static>> {
    let wrapped = |line: String| parts::wrap(&line, cells.saturating_sub(2));
    let lines = text.lines(NOTES).flat_map(wrapped);
    lines.map(|it| Line::from(ink.text(format!("  {it}")))).collect()
}

fn notes(plan: &Plan, ready: &Ready, ink: &Ink, cells: usize) -> Vec<Line<'static>> {
    let draft = plan.steps.iter().find_map(|step| match &step.errand {
        Errand::DraftRelease(it) => Some(it),
        _ => None,
    });
    let publish = plan.steps.iter().find_map(|step| match &step.errand {
        Errand::PublishRelease(it) => Some(it),
        _ => None,
    });
    let Some(DraftRelease { repo, title, body, prerelease, .. }) = draft else {
        let said = match publish {
            Some(_) => "The draft that is on the forge is published with what it says.",
            None => "No release is drafted: one is there already, or the process wants none.",
        };
        return signed(ink, Sign::Skipped, said, cells);
    };
    let kind = if *prerelease { "prerelease" } else { "release" };
    let mut lines = told(ink, "Release", &format!("{} in {}, a {kind}", title.line(), repo.as_str()), cells);
    lines.extend(told(ink, "Told", &when(publish, ready), cells));
    for (at, file) in uploads(plan).enumerate() {
        lines.extend(told(ink, if at == 0 { "Files" } else { "" }, &file.path.line(), cells));
        let said = format!("{}, sha256:{}", file.bytes(), file.sha256);
        lines.extend(told(ink, "", &said, cells));
    }
    lines.push(Line::default());
    lines.push(Line::from(ink.strong("It says")));
    lines.extend(text(body, ink, cells));
    lines.push(Line::default());
    let hint = "e in the Candidate tab drafts notes and opens your editor on them.";
    lines.extend(parts::wrap(hint, cells).iter().map(|it| Line::from(ink.dim(it))));
    lines
}

fn uploads(plan: &Plan) -> impl Iterator<Item = &BuiltFile> {
    plan.steps.iter().filter_map(|step| match &step.errand {
        Errand::UploadAsset(it) => Some(&it.file),
        _ => None,
    })
}

fn when(publish: Option<&PublishRelease>, ready: &Ready) -> String {
    match publish {
        Some(it) if it.latest => "published by this plan, as the latest".to_owned(),
        Some(_) => "published by this plan; it does not become the latest".to_owned(),
        None => format!("only drafted: nobody is told until P publishes {}", ready.tag.line()),
    }
}

fn steps(plan: &Plan, ready: &Ready, ink: &Ink, cells: usize) -> Vec<Line<'static>> {
    let mut lines = vec![];
    for (number, step) in (1..).zip(&plan.steps) {
        let (tone, back) = match step.errand.undo_class() {
            UndoClass::Local => (Tone::Ok, "stays on this machine"),
            UndoClass::Compensating => (Tone::Ok, "z can undo, until it is pushed"),
            UndoClass::Cannot => (Tone::Warn, "stays"),
        };
        let mut rows = parts::wrap(&format!("{number} {}", step.errand.line()), cells).into_iter();
        lines.extend(rows.next().map(|it| Line::from(ink.strong(it))));
        lines.extend(rows.map(|it| Line::from(ink.strong(format!("  {it}")))));
        for call in step.errand.calls() {
            let rows = parts::wrap(&call, cells.saturating_sub(4));
            lines.extend(rows.iter().map(|it| Line::from(ink.text(format!("    {it}")))));
        }
        lines.push(Line::from(vec![ink.dim("    undo: "), ink.toned(tone, back)]));
        lines.push(Line::default());
    }
    if let Some(quirk) = &ready.quirk {
        lines.extend(signed(ink, Sign::Risk, &format!("known: {}", shown(quirk, 400)), cells));
    }
    lines
}
