//! What a row is, in a sentence of plain English: for the room that looks on, and for those who listen.

use super::ink::Sign;
use super::tabs;
use crate::release::agenda::Subject;
use crate::release::ids::{Branch, IssueKey, Tag};
use crate::release::picks::{CellState, Clash, Decision, Foreseen, Outlook, PickKey};
use crate::release::text::{Untrusted, shown};
use crate::release::{Pane, Release};
use crate::screen::Screen;
use crate::screen::fresh::age;
use crate::screen::rows::{Row, RowId};

/// What a row is, in a sentence or two.
#[must_use]
pub fn row(release: &Release, screen: &Screen, row: &Row) -> String {
    match (&row.heading, &row.id) {
        (Some(heading), _) => {
            let folded = if heading.folded { ", folded" } else { "" };
            let stage = match &row.id {
                RowId::Heading(name) if screen.tab == Pane::Checklist => Some(name.as_str()),
                _ => None,
            };
            let settled = stage.map_or_else(String::new, |stage| {
                let (done, all) = release.progress(Some(stage), screen.now);
                format!(", {done} of {all} settled")
            });
            format!("{}: {}{settled}{folded}.", heading.text, heading.count)
        }
        (None, RowId::Heading(name)) => shown(name, 80),
        (None, RowId::Gate(id)) => gate(screen, id),
        (None, RowId::Blocker(subject)) => blocker(release, screen, subject),
        (None, RowId::Issue(key)) => issue(release, screen, key),
        (None, RowId::Check(name)) => match crate::screen::rows::ci::branch(release, screen) {
            Some(branch) => check(release, screen, &branch, name),
            None => name.line(),
        },
        (None, RowId::Line(branch)) => line(release, screen, branch),
        (None, RowId::Pick(key, branch)) => pick(release, screen, key, branch),
        (None, RowId::Item(id)) => item(release, screen, id),
        (None, RowId::Tag(name)) => tag(release, screen, name),
        (None, RowId::Draft(id)) => draft(release, *id),
        (None, RowId::Entry(seq)) => entry(release, *seq),
    }
}

fn gate(screen: &Screen, id: &str) -> String {
    let Some(polled) = screen.poll.iter().find(|polled| polled.gate == id) else { return shown(id, 80) };
    let required = if polled.required { "" } else { ", for information only" };
    let why = polled.overridden.as_ref().map(|by| format!(" The reason given: {}.", by.why.line()));
    format!(
        "{}: {}{required}, {}. It is settled in the {} tab.{}",
        polled.title,
        polled.verdict.word(),
        polled.reason(),
        tabs::names(polled.pane)[0],
        why.unwrap_or_default()
    )
}

fn blocker(release: &Release, screen: &Screen, subject: &Subject) -> String {
    let text = match subject {
        Subject::Gate(id) => gate(screen, id),
        Subject::Issue(key) => issue(release, screen, key),
        Subject::Check(branch, name) => check(release, screen, branch, name),
        Subject::Item(id) => item(release, screen, id),
    };
    match screen.agenda.iter().find(|blocker| blocker.subject == *subject) {
        Some(blocker) if !matches!(subject, Subject::Gate(_)) => {
            format!("{text} It makes the release {}.", blocker.verdict.word())
        }
        _ => text,
    }
}

fn issue(release: &Release, screen: &Screen, key: &IssueKey) -> String {
    let known = release.milestones.issues.get(key);
    let Some(issue) = known.or_else(|| release.milestones.left.get(key).map(|(_, issue)| issue)) else {
        return key.to_string();
    };
    let what = if issue.pull { "pull request" } else { "issue" };
    let state = if issue.open { "opened" } else { "closed" };
    let who = match &issue.assignees[..] {
        [] => "nobody has it".to_owned(),
        people => format!("{} has it", list(people)),
    };
    let labels =
        if issue.labels.is_empty() { String::new() } else { format!(", labelled {}", list(&issue.labels)) };
    let left = if known.is_none() { " It was moved out of this release." } else { "" };
    format!(
        "#{} {} The {what} was {state} {}{labels}; {who}.{left}",
        key.number,
        sentence(&issue.title.line()),
        ago(screen, if issue.open { issue.created } else { issue.closed.unwrap_or(issue.updated) }),
    )
}

fn check(release: &Release, screen: &Screen, branch: &Branch, name: &Untrusted) -> String {
    let Some(line) = release.checks.lines.get(branch) else {
        return format!("{} has not been read on {}.", name.line(), branch.line());
    };
    let (_, word) = Sign::of_check(line.state(name));
    let required = if line.is_required(name) { " It is required." } else { "" };
    let since = line.red_since(name).map(|(count, past)| {
        let runs = if count == 1 { "1 run".to_owned() } else { format!("{count} runs") };
        format!(" for {runs}, since {} ({})", past.sha.short(), ago(screen, past.at))
    });
    let green = line.last_green(name).filter(|_| since.is_some());
    let green = green.map(|past| format!(" It was last green {}.", ago(screen, past.at)));
    let (since, green) = (since.unwrap_or_default(), green.unwrap_or_default());
    format!("{} is {word} on {}{since}.{green}{required}", name.line(), branch.line())
}

fn line(release: &Release, screen: &Screen, branch: &Branch) -> String {
    let Some(line) = release.lines.0.get(branch) else { return branch.line() };
    let count = |count: Option<u32>, what: &str| count.map(|count| format!("{count} {what}"));
    let numbers: Vec<String> = [
        count(line.ahead, "ahead of the trunk"),
        count(line.behind, "behind it"),
        count(line.unreleased, "not released yet"),
        count(line.drifting.filter(|count| *count > 0), "drifted from the trunk"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let numbers =
        if numbers.is_empty() { String::new() } else { format!(" Commits: {}.", numbers.join(", ")) };
    let tag = line
        .last_tag
        .as_ref()
        .map_or("has no tag".to_owned(), |tag| format!("was last tagged {}", tag.line()));
    format!("{} {tag}; its last commit is {} old.{numbers}", branch.line(), age(screen.now, line.at))
}

fn pick(release: &Release, screen: &Screen, key: &PickKey, branch: &Branch) -> String {
    let picks = &release.picks;
    let Some(cell) = picks.cell(key, branch) else { return key.to_string() };
    let state = match cell.state {
        CellState::Proposed => "is proposed for",
        CellState::Asked => "is asked for by somebody who may not write here, on",
        CellState::Approved => "is accepted for",
        CellState::NotMerged => "is not merged on the trunk yet; it is wanted on",
        CellState::Landed => "has landed on",
        CellState::OpenPull => "has an open backport pull request to",
        CellState::Reverted => "was reverted on",
        CellState::Rejected => "is rejected for",
        CellState::Deferred => "is deferred for",
        CellState::NotNeeded => "is not needed on",
    };
    let author = picks.author(key, branch).map(|author| format!(" by {}", author.line())).unwrap_or_default();
    let at = picks.merged_at(key, branch).map(|at| format!(", {}", ago(screen, at))).unwrap_or_default();
    let name = release.pick_name(key, branch);
    let mut said = format!("{name}{author} {state} {}{at}.", branch.line());
    if let Some(alarm) = picks.alarm(key, branch) {
        said.push_str(&format!(" Careful: it was {alarm}."));
    }
    if cell.state.is_queued() {
        said.push_str(&foreseen(&picks.outlook(key, branch)));
    }
    if let Some(record) = cell.record.filter(|record| record.decision != Decision::Undecided) {
        let why = record.why.as_ref().map(|why| format!(": {}", why.line())).unwrap_or_default();
        let (word, by) = (record.decision.word(), shown(&record.by, 40));
        said.push_str(&format!(" It was {word} by {by}{why}."));
    }
    said
}

/// What would come of a queued pick, in a sentence with a blank before it.
fn foreseen(outlook: &Outlook) -> String {
    match outlook {
        Outlook::Reverted(_) | Outlook::Untried => String::new(),
        Outlook::Clean => " It applies cleanly.".to_owned(),
        Outlook::CleanAfter(picks) => {
            let names: Vec<_> = picks.iter().map(PickKey::short).collect();
            format!(" It applies only after {}.", names.join(" and "))
        }
        Outlook::Empty(_) => " It changes nothing on the line.".to_owned(),
        Outlook::Likely(it) => {
            format!(" It is likely there: {} in {}.", it.grade.word(), it.commit.short())
        }
        Outlook::Unknown(why) => format!(" What would come of it is not known: {}.", why.line()),
        Outlook::Conflict(row) => {
            let Foreseen::Conflict { files, more } = &row.verdict else { return String::new() };
            let file = |file: &Clash| match file.hunks {
                Some(1) => format!("{} (1 hunk)", file.path.line()),
                Some(hunks) => format!("{} ({hunks} hunks)", file.path.line()),
                None => format!("{} ({})", file.path.line(), file.kind.line()),
            };
            let mut names: Vec<_> = files.iter().take(3).map(file).collect();
            let rest = files.len().saturating_sub(3) + *more as usize;
            if rest > 0 {
                names.push(format!("{rest} more"));
            }
            format!(" It conflicts in {}.", names.join(", "))
        }
    }
}

fn item(release: &Release, screen: &Screen, id: &str) -> String {
    let item = release.process.as_ref().and_then(|process| process.item(id));
    let Some(item) = item else { return shown(id, 80) };
    let record = release.checklist.items.get(id);
    let there = release.ticked_there(id).filter(|_| release.item_state(item, screen.now).is_settled());
    let state = match record.filter(|record| there.is_none() || record.state.is_settled()) {
        Some(record) => {
            let at = record.at.map(|at| format!(", {}", ago(screen, at))).unwrap_or_default();
            let why = record.why.as_ref().map(|why| format!(": {}", why.line())).unwrap_or_default();
            let lapsed = record.state.is_settled() && !release.is_settled(item, screen.now);
            let but = if lapsed { ", but its own check does not agree" } else { "" };
            format!("{} by {}{at}{why}{but}", record.state.word(), shown(&record.by, 40))
        }
        None if there.is_some() => {
            let by = there.and_then(|task| task.by.as_ref()).map(|by| format!(" by {}", shown(by.raw(), 40)));
            format!("ticked on GitHub{}", by.unwrap_or_default())
        }
        None if release.is_settled(item, screen.now) => "settled by its own check".to_owned(),
        None => {
            let check = release.self_check(id, screen.now);
            check.map_or_else(|| "open".to_owned(), |check| format!("open: {}", check.reason))
        }
    };
    let title = |role| release.process.as_ref().map_or(role, |process| process.role_title(role));
    let role = item.role.as_deref().map(|role| format!(" It is for the {}.", shown(title(role), 40)));
    format!("{} It is {state}.{}", sentence(&shown(&item.text, 200)), role.unwrap_or_default())
}

fn tag(release: &Release, screen: &Screen, name: &Tag) -> String {
    let Some((class, row)) = release.classes().find(|(_, row)| row.tag == *name) else { return name.line() };
    let at = row.at.map(|at| format!(", {}", ago(screen, at))).unwrap_or_default();
    let published = match release.candidates.release_of(name) {
        Some(it) if it.draft => " Its release is a draft.",
        Some(_) => " Its release is published.",
        None => "",
    };
    format!("{}: {} at {}{at}.{published}", name.line(), class.kind.word(), row.oid.short())
}

fn draft(release: &Release, id: u64) -> String {
    match release.candidates.releases.get(&id) {
        Some(it) => format!("{} is a draft release; its tag does not exist yet.", it.tag.line()),
        None => "a draft release".to_owned(),
    }
}

fn entry(release: &Release, seq: u64) -> String {
    match release.log.rows.iter().rev().find(|row| row.seq == seq) {
        Some(row) => change(row),
        None => format!("entry {seq}"),
    }
}

/// A change as one line: when, who, what, from what to what, why.
#[must_use]
pub fn change(row: &crate::release::log::Row) -> String {
    let from_to = match (&row.before, &row.after) {
        (Some(before), Some(after)) => format!(", from {before} to {after}"),
        (None, Some(after)) => format!(", now {after}"),
        (Some(before), None) => format!(", before {before}"),
        (None, None) => String::new(),
    };
    let status = row.status.map(|status| format!(": {}", Sign::of_status(status).1)).unwrap_or_default();
    let why = row.why.as_ref().map(|why| format!(" ({})", why.line())).unwrap_or_default();
    let by = shown(&row.by, 40);
    format!("{} {by} {}{status}{from_to}{why}", row.ts.format("%Y-%m-%d %H:%M:%SZ"), row.what)
}

/// A text with a full stop, unless it ends in one or in a question.
fn sentence(text: &str) -> String {
    if text.ends_with(['.', '?', '!', '…']) { text.to_owned() } else { format!("{text}.") }
}

fn list(texts: &[Untrusted]) -> String {
    texts.iter().map(Untrusted::line).collect::<Vec<_>>().join(", ")
}

fn ago(screen: &Screen, then: chrono::DateTime<chrono::Utc>) -> String {
    match &*age(screen.now, then) {
        "now" => "just now".to_owned(),
        age => format!("{age} ago"),
    }
}
