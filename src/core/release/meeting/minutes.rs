//! Minutes of a meeting in Markdown, and a few lines for those who were not there. Equal journals give equal bytes.

use super::{ActionItem, GateSaid, Held, Ruling};
use crate::release::Release;
use crate::release::log::{About, Row};
use crate::release::text::{Untrusted, markdown};
use chrono::{DateTime, TimeDelta, Utc};
use std::fmt::Write as _;

/// Longest text of a line, in characters.
const CAP: usize = 500;
/// What else is on record, at most.
const ROWS: usize = 200;

fn md(text: &Untrusted) -> String {
    markdown(text.raw(), CAP)
}

/// A time in whole minutes, and seconds below one.
fn minutes(time: TimeDelta) -> String {
    match time.num_seconds() {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds => format!("{} min", (seconds + 30) / 60),
    }
}

impl Release {
    /// The minutes of a meeting. `now` is the end of one that still goes on.
    #[must_use]
    pub fn meeting_minutes(&self, held: &Held, now: DateTime<Utc>) -> String {
        let end = held.ended.as_ref().map_or(now, |(at, ..)| *at);
        let mut text =
            format!("# {}: {}\n\n", md(&held.opened.title), markdown(&self.name().to_string(), 80));
        let (from, to) = (held.at.format("%Y-%m-%d %H:%M"), end.format("%H:%M UTC"));
        let _ = writeln!(text, "{from} to {to}, {} of it at work.", minutes(held.time(end)));
        let present: Vec<_> = held.present.iter().map(md).collect();
        let present = if present.is_empty() { "not noted".to_owned() } else { present.join(", ") };
        let _ = writeln!(text, "Present: {present}.\n");
        self.poll_of(held, &mut text);
        self.items_of(held, end, &mut text);
        self.record_of(held, &mut text);
        self.actions_of(held, &mut text);
        let seq = held.ended.as_ref().map_or(String::new(), |(_, seq, _)| format!(" to {seq}"));
        let _ = writeln!(text, "From the journal of the release, entries {}{seq}.", held.seq);
        text
    }

    fn poll_of(&self, held: &Held, text: &mut String) {
        let count = |gates: &[GateSaid]| {
            let go = gates.iter().filter(|it| it.said == Ruling::Go).count();
            format!("{go} of {} gates GO", gates.len())
        };
        let ended = held.ended.as_ref().map(|(.., gates)| gates);
        let _ = write!(text, "{} as it began", count(&held.opened.gates));
        let _ = writeln!(
            text,
            "{}.\n",
            ended.map_or(String::new(), |gates| format!(", {} as it ended", count(gates)))
        );
        let last = ended.unwrap_or(&held.opened.gates);
        let was = |gate: &str| held.opened.gates.iter().find(|it| *it.gate == *gate).map(|it| it.said);
        let open: Vec<_> =
            last.iter().filter(|it| it.said != Ruling::Go || was(&it.gate) != Some(it.said)).collect();
        if open.is_empty() {
            return;
        }
        text.push_str("| Gate | As it began | As it ended |\n|---|---|---|\n");
        for it in open {
            let before = was(&it.gate).map_or("not asked", Ruling::word);
            let _ = writeln!(
                text,
                "| {} | {before} | {} |",
                markdown(&self.gate_title(&it.gate), 100),
                it.said.word()
            );
        }
        text.push('\n');
    }

    fn items_of(&self, held: &Held, end: DateTime<Utc>, text: &mut String) {
        let mut seen: Vec<&str> = vec![];
        for turn in &held.turns {
            let Some(item) = turn.what.item.as_deref().filter(|item| !seen.contains(item)) else { continue };
            seen.push(item);
            let _ = writeln!(text, "## {}\n", md(&turn.what.title));
            let mut said = false;
            for it in held.ruled.iter().filter(|it| *it.item == *item) {
                let why = it.why.as_ref().map_or(String::new(), |why| format!(": {}", md(why)));
                let _ = writeln!(text, "- **{}**{why}", it.ruling.word());
                said = true;
            }
            for it in held.noted.iter().filter(|it| *it.item == *item) {
                let _ = writeln!(text, "- {}", md(&it.text));
                said = true;
            }
            for it in self.given_in(held).filter(|it| *it.given.item == *item) {
                let _ = writeln!(text, "- Action {}", action(it));
                said = true;
            }
            let took = minutes(held.time_of(item, end));
            let _ = writeln!(text, "{}{took}.\n", if said { "\n" } else { "Nothing was decided. " });
        }
    }

    /// Action items that were given in a meeting.
    fn given_in<'a>(&'a self, held: &'a Held) -> impl Iterator<Item = &'a ActionItem> {
        let end = held.ended.as_ref().map(|(at, ..)| *at);
        self.meetings.actions.iter().filter(move |it| it.at >= held.at && end.is_none_or(|end| it.at <= end))
    }

    /// What people did in the cockpit while the meeting went on.
    fn record_of(&self, held: &Held, text: &mut String) {
        let last = held.ended.as_ref().map_or(u64::MAX, |(_, seq, _)| *seq);
        let kept = |row: &&Row| {
            row.seq > held.seq
                && row.seq < last
                && row.deed
                && !row.kind.starts_with("meeting.")
                && !matches!(row.about, About::Session | About::Look)
        };
        let rows: Vec<_> = self.log.rows.iter().filter(kept).collect();
        if rows.is_empty() {
            return;
        }
        text.push_str("## On record\n\n");
        for row in rows.iter().take(ROWS) {
            let why = row.why.as_ref().map_or(String::new(), |why| format!(" – {}", md(why)));
            let (what, by) = (markdown(&row.what, CAP), markdown(&row.by, 60));
            let _ = writeln!(text, "- {} {by}: {what}{why}", row.ts.format("%H:%M"));
        }
        if rows.len() > ROWS {
            let _ = writeln!(text, "- and {} more, in the journal", rows.len() - ROWS);
        }
        text.push('\n');
    }

    fn actions_of(&self, held: &Held, text: &mut String) {
        let end = held.ended.as_ref().map(|(at, ..)| *at);
        let known = |it: &&ActionItem| end.is_none_or(|end| it.at <= end);
        let open = |it: &ActionItem| {
            it.done.as_ref().is_none_or(|(at, _)| end.is_some_and(|end| *at > end))
                || it.done.as_ref().is_some_and(|(at, _)| *at >= held.at)
        };
        let rows: Vec<_> = self.meetings.actions.iter().filter(known).filter(|it| open(it)).collect();
        if rows.is_empty() {
            return;
        }
        text.push_str("## Action items\n\n| # | Who | What | Due | |\n|---|---|---|---|---|\n");
        for it in rows {
            let due = it.given.due.map_or(String::new(), |due| due.to_string());
            let done = it.done.as_ref().filter(|(at, _)| end.is_none_or(|end| *at <= end));
            let state = done.map_or("open".to_owned(), |(_, why)| {
                format!("done{}", why.as_ref().map_or(String::new(), |why| format!(": {}", md(why))))
            });
            let (who, what) = (md(&it.given.who), md(&it.given.what));
            let _ = writeln!(text, "| {} | {who} | {what} | {due} | {state} |", it.given.action);
        }
        text.push('\n');
    }

    /// A few lines for those who were not there: where the release stands, what was decided, who does what.
    #[must_use]
    pub fn meeting_status(&self, held: &Held, now: DateTime<Utc>) -> String {
        let poll = self.poll(now);
        let go = poll.iter().filter(|it| it.verdict == crate::release::poll::Verdict::Go).count();
        let word = crate::release::poll::verdict(&poll).word();
        let name = markdown(&self.name().to_string(), 80);
        let mut text = format!("**{name}: {word}**, {go} of {} gates GO", poll.len());
        if let Some(due) = self.milestones.due().filter(|due| *due > now) {
            let _ = write!(text, ", cut in {}", crate::release::scope::days(due - now));
        }
        text.push_str(".\n");
        for it in &held.ruled {
            let why = it.why.as_ref().map_or(String::new(), |why| format!(": {}", md(why)));
            let _ = writeln!(text, "- {} {}{why}", it.ruling.word(), md(&it.title));
        }
        let open: Vec<_> = self.meetings.open_actions().collect();
        for it in open {
            let _ = writeln!(text, "- {}", action(it));
        }
        text
    }
}

/// `3: ben, mend the import, by 2026-11-24`.
fn action(it: &ActionItem) -> String {
    let due = it.given.due.map_or(String::new(), |due| format!(", by {due}"));
    format!("{}: {}, {}{due}", it.given.action, md(&it.given.who), md(&it.given.what))
}
