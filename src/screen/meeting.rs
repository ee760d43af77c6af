//! The meeting that is held, as the screen shows it.

use super::Screen;
use crate::release::Release;
use crate::release::meeting::{Held, Ruling, Topic};
use crate::release::text::Untrusted;
use chrono::{DateTime, Utc};

/// The minutes of the last meeting, or the few lines of its status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paper {
    /// Whether it is the status that is shown.
    pub status: bool,
    /// First line shown.
    pub top: usize,
}

impl Paper {
    /// The text, as Markdown; none before the first meeting.
    #[must_use]
    pub fn text(self, release: &Release, now: DateTime<Utc>) -> Option<String> {
        let held = release.meetings.held.last()?;
        Some(if self.status { release.meeting_status(held, now) } else { release.meeting_minutes(held, now) })
    }
}

/// The agenda of the meeting that is held. What is taken up and is no more on it, because it was settled meanwhile,
/// stays in its place before what comes next.
#[must_use]
pub fn agenda(release: &Release, screen: &Screen) -> Vec<Topic> {
    let Some(held) = release.meetings.now() else { return vec![] };
    let mut topics = release.topics(held, &screen.poll, screen.now);
    let gone = held.current().and_then(|turn| Some((turn.what.item.as_deref()?, &turn.what.title)));
    if let Some((key, title)) = gone
        && !topics.iter().any(|topic| topic.key == key)
    {
        let at = after(held, &topics);
        topics.insert(at, Topic { key: key.to_owned(), title: title.line(), lines: vec![] });
    }
    topics
}

/// The place behind the last item that was taken up before and is still on the agenda.
fn after(held: &Held, topics: &[Topic]) -> usize {
    let before = held.turns.iter().rev().filter_map(|turn| turn.what.item.as_deref());
    before.into_iter().find_map(|key| topics.iter().position(|topic| topic.key == key)).map_or(0, |at| at + 1)
}

/// The place of the item that is taken up, from 0, and how many there are.
#[must_use]
pub fn place(release: &Release, screen: &Screen) -> Option<(usize, usize)> {
    let held = release.meetings.now()?;
    let topics = agenda(release, screen);
    Some((position(held, &topics), topics.len()))
}

/// The place of the item that is taken up in an agenda, from 0.
#[must_use]
pub fn position(held: &Held, topics: &[Topic]) -> usize {
    let key = held.current().and_then(|turn| turn.what.item.as_deref());
    topics.iter().position(|topic| Some(&*topic.key) == key).unwrap_or(0)
}

/// What a meeting says of an item, in words that are safe to show: its decisions, each with what was decided, then
/// notes and action items.
#[must_use]
pub fn said(release: &Release, held: &Held, key: &str) -> Vec<(Option<Ruling>, String)> {
    let mut lines = vec![];
    for it in held.ruled.iter().filter(|it| *it.item == *key) {
        let why = it.why.as_ref().map_or(String::new(), |why| format!(": {}", why.line()));
        lines.push((Some(it.ruling), format!("{}{why}", it.ruling.word())));
    }
    lines.extend(held.noted.iter().filter(|it| *it.item == *key).map(|it| (None, it.text.line())));
    let given = release.meetings.actions.iter().filter(|it| *it.given.item == *key && it.at >= held.at);
    lines.extend(given.map(|it| {
        let due = it.given.due.map_or(String::new(), |due| format!(", by {due}"));
        (None, format!("action {}: {}, {}{due}", it.given.action, it.given.who.line(), it.given.what.line()))
    }));
    lines
}

/// Who is there, in words that are safe to show.
#[must_use]
pub fn present(held: &Held) -> String {
    let names: Vec<_> = held.present.iter().map(Untrusted::line).collect();
    if names.is_empty() { "nobody is noted yet".to_owned() } else { names.join(", ") }
}
