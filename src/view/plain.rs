//! The same data as lines of plain text: for screen readers, for scripts, for terminals that can do nothing.
//!
//! No boxes, no braille, no glyph that carries a meaning, nothing that moves: `[busy]` stands for a job.

use super::{bar, news, say, tabs};
use crate::release::Release;
use crate::release::log::plural;
use crate::release::text::shown;
use crate::screen::dialog::Dialog;
use crate::screen::notice::Tone;
use crate::screen::{Mode, Screen};

/// The mission bar as a line: `v0.6.0 NO-GO, 16 blockers, cut in 2d 04h, live, read 15s ago`.
#[must_use]
pub fn bar(release: &Release, screen: &Screen) -> String {
    let mut parts = vec![format!("{} {}", release.name(), screen.verdict.word())];
    let blockers = screen.agenda.len();
    parts.push(format!("{blockers} {}", if blockers == 1 { "blocker" } else { "blockers" }));
    parts.extend(bar::set_words(release, screen));
    match bar::to_cut(release, screen) {
        Some((true, text)) => parts.push(format!("cut {text} late")),
        Some((false, text)) => parts.push(format!("cut in {text}")),
        None => {}
    }
    parts.push(mode(screen));
    if screen.options.dry_run {
        parts.push("dry run: nothing is sent".to_owned());
    }
    if screen.mode != Mode::Replay {
        parts.push(read(&bar::freshness_words(screen).1));
        parts.extend(bar::api_words(release, screen).map(|(_, words)| words));
    }
    parts.join(", ")
}

/// How fresh it is, in words: an age alone does not say of what it is.
fn read(fresh: &str) -> String {
    let (age, rest) =
        fresh.split_once(',').map_or((fresh, String::new()), |(age, rest)| (age, format!(",{rest}")));
    match age.chars().next() {
        Some('0'..='9') => format!("read {age} ago{rest}"),
        _ if age == "now" => format!("read just now{rest}"),
        _ => fresh.to_owned(),
    }
}

fn mode(screen: &Screen) -> String {
    let note = screen.mode_note.as_deref().map(|note| format!(": {note}")).unwrap_or_default();
    match screen.mode {
        Mode::Opening => match screen.opening {
            Some((done, all)) => format!("opening, {done} of {all} bytes of the journal verified"),
            None => "opening".to_owned(),
        },
        Mode::Live | Mode::Demo if screen.options.read_only => "read-only".to_owned(),
        Mode::Live => "live".to_owned(),
        Mode::Demo => "demo".to_owned(),
        Mode::ReadOnly => format!("read-only{note}"),
        Mode::Grounded => {
            let seen = if screen.unrecorded.seen { "; what is shown is UNRECORDED" } else { "" };
            format!("grounded, nothing is recorded{note}{seen}")
        }
        Mode::Replay => screen.timeline.as_ref().map_or("replay".to_owned(), |it| {
            let at = it.ts.map(|ts| ts.format(" %Y-%m-%d %H:%M:%SZ").to_string()).unwrap_or_default();
            format!("replay{at}, entry {} of {}, {}", it.at, it.last, it.chain)
        }),
    }
}

/// The poll: a line a gate, its verdict first.
#[must_use]
pub fn poll(screen: &Screen) -> Vec<String> {
    let line = |polled: &crate::release::poll::Polled| {
        let required = if polled.required { "" } else { " (for information)" };
        let pane = tabs::names(polled.pane)[0];
        format!("{:<6} {}{required}: {} [{pane}]", polled.verdict.word(), polled.title, polled.reason())
    };
    screen.poll.iter().map(line).collect()
}

/// What blocks, numbered, in the order that a meeting takes it up.
#[must_use]
pub fn agenda(screen: &Screen) -> Vec<String> {
    let line = |(at, blocker): (usize, &crate::release::agenda::Blocker)| {
        let who = if blocker.who.is_empty() { String::new() } else { format!(", {}", blocker.who) };
        let since = blocker.since.map(|at| format!(", {}", crate::screen::fresh::age(screen.now, at)));
        let since = since.unwrap_or_default();
        format!("{}. {} {} {}{who}{since}", at + 1, blocker.verdict.word(), blocker.mark, blocker.text)
    };
    screen.agenda.iter().enumerate().map(line).collect()
}

/// What `gonogo status` prints: the bar, the poll, the agenda.
#[must_use]
pub fn status(release: &Release, screen: &Screen) -> Vec<String> {
    let mut lines = vec![bar(release, screen), String::new()];
    lines.extend(poll(screen));
    if let Some(why) = &release.process_error {
        lines.push(format!("the process could not be read: {}", shown(why, 200)));
    }
    if let Some(offer) = &screen.offer {
        let found = offer.differences.join("; ");
        let source = &offer.source;
        lines.push(format!(
            "{source} is not the process of this release, which goes on under the recorded one: {found}"
        ));
    }
    if !screen.agenda.is_empty() {
        lines.extend([String::new(), "Blocking:".to_owned()]);
        lines.extend(agenda(screen));
    }
    lines
}

/// The releases of the set, numbered, the lowest first, and how one goes to another.
#[must_use]
pub fn set(release: &Release, screen: &Screen) -> Vec<String> {
    let mut lines = vec!["The releases of the set, the lowest first:".to_owned()];
    let rows = crate::screen::set::rows(release, screen);
    lines.extend((1..).zip(&rows).map(|(at, row)| format!("{at}. {}", super::set::line(row, screen.now))));
    lines.push("Type a number to go to one; anything else closes.".to_owned());
    lines
}

/// The item of the meeting that is taken up, and its keys.
#[must_use]
pub fn meeting(dialog: &Dialog, release: &Release, screen: &Screen) -> Vec<String> {
    if let Dialog::Minutes(paper) = dialog {
        return minutes(*paper, release, screen);
    }
    use crate::screen::meeting::{agenda, position, present, said};
    let Some(held) = release.meetings.now() else { return vec![] };
    let topics = agenda(release, screen);
    let (at, all) = (position(held, &topics), topics.len());
    let mut lines =
        vec![format!("{}, item {} of {all}. There: {}.", held.opened.title.line(), at + 1, present(held))];
    if let Some(topic) = topics.into_iter().nth(at) {
        lines.push(topic.title);
        lines.extend(topic.lines);
        lines.extend(said(release, held, &topic.key).into_iter().map(|(_, text)| text));
    }
    let keys =
        "n next, p back, g go, h hold, x no-go, d defer, i note, a assign, t who is there, m minutes, e end";
    lines.push(format!("Type {keys}; anything else leaves it."));
    lines
}

/// The minutes of the last meeting, or its status.
fn minutes(paper: crate::screen::meeting::Paper, release: &Release, screen: &Screen) -> Vec<String> {
    let text = paper.text(release, screen.now).unwrap_or_default();
    let mut lines: Vec<_> = text.lines().map(|line| crate::release::text::shown(line, 2000)).collect();
    lines.push("Type s for the other text, P to post it, y to copy it; anything else closes.".to_owned());
    lines
}

/// The rows of the tab that is shown: numbered choices, the one under the cursor marked, then what can be done.
#[must_use]
pub fn tab(release: &Release, screen: &Screen) -> Vec<String> {
    let list = screen.list();
    let rows = list.rows.len();
    let mut lines = vec![format!("{}: {rows} {}", tabs::names(screen.tab)[0], plural(rows, "row"))];
    for (at, row) in list.rows.iter().enumerate() {
        let here = if list.cursor.as_ref() == Some(&row.id) { ">" } else { " " };
        let marked = if list.marks.contains(&row.id) { "marked " } else { "" };
        lines.push(format!("{here}{}. {marked}{}", at + 1, say::row(release, screen, row)));
    }
    lines
}

/// What the footer offers, as a line: `enter open, space tick, …`.
#[must_use]
pub fn keys(screen: &Screen) -> String {
    let offers = super::footer::offered(screen).into_iter().filter(|(_, enabled)| *enabled);
    let one = |(action, _): (crate::screen::keymap::Action, bool)| {
        format!("{} {}", screen.options.keymap.text(action, screen.tab), action.def().label)
    };
    offers.map(one).collect::<Vec<_>>().join(", ")
}

/// A line a change: the journal from an entry on, without what looks saw.
#[must_use]
pub fn changes(release: &Release, after: u64) -> Vec<String> {
    release.log.rows.iter().filter(|row| row.seq > after && row.deed).map(say::change).collect()
}

/// Jobs under way and what just happened.
#[must_use]
pub fn news(screen: &Screen) -> Vec<String> {
    let mut lines: Vec<String> = news::jobs(screen)
        .map(|job| {
            let progress = job.done(" of ").map(|said| format!(" {said}")).unwrap_or_default();
            format!("[busy] {}{progress}", job.text)
        })
        .collect();
    lines.extend(news::notice(screen).map(|notice| {
        let word = match notice.tone {
            Tone::Good => "done",
            Tone::Plain | Tone::Faint => "note",
            Tone::Warn => "warning",
            Tone::Bad => "error",
        };
        format!("[{word}] {}", notice.text)
    }));
    lines
}
