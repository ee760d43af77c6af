//! Picks in words: who wants each, since when, by what, and what stands on its line.

use crate::release::Release;
use crate::release::ids::Branch;
use crate::release::picks::{Asked, Backport, BackportState, Pick, PickKey, Stray};
use crate::release::text::{Untrusted, shown};
use crate::release::votes::FrozenBy;
use chrono::{DateTime, Utc};

/// Who wants a pick on a line, a line each, safe to show.
pub(super) fn sources(release: &Release, key: &PickKey, line: &Branch) -> Vec<String> {
    let place = (key.clone(), line.clone());
    let pull = release.picks.pulls.get(&place);
    let mut said: Vec<String> = Vec::new();
    if let Some(pull) = pull {
        said.extend(label(pull));
        said.extend(pull.asked.iter().map(asked));
        said.extend(pull.notes.iter().map(Untrusted::line));
        said.extend(pull.backport.as_ref().map(backport));
        said.extend(facts(pull));
    }
    said.extend(release.picks.wanted.get(&place).map(|wanted| asked(&wanted.asked)));
    said.extend(release.picks.added.contains_key(&place).then(|| "added by hand".to_owned()));
    said
}

/// The label, unless it is known who put it there: then that is said instead.
fn label(pull: &Pick) -> Option<String> {
    let told = pull.asked.iter().any(|it| matches!(it, Asked::Label { label, .. } if *label == pull.label));
    (!pull.label.is_empty() && !told).then(|| format!("label {}", pull.label.line()))
}

fn when(at: Option<DateTime<Utc>>) -> String {
    at.map(|at| format!(" at {}", at.format("%F %R"))).unwrap_or_default()
}

fn asked(asked: &Asked) -> String {
    let by = asked.login().map(|login| format!(" by {}", login.line())).unwrap_or_default();
    let weak = if asked.is_weak() { ", who may not write here" } else { "" };
    format!("{}{by}{}{weak}", asked.what(), when(asked.at()))
}

/// The pull request that brings it.
fn backport(it: &Backport) -> String {
    let state = match it.state {
        BackportState::Open => "open",
        BackportState::Merged => "merged",
        BackportState::Closed => "closed unmerged",
    };
    let by = it.author.as_ref().map(|login| format!(" by {}", login.line())).unwrap_or_default();
    let at = if it.state == BackportState::Open { it.at } else { it.ended };
    let more: String = it.words().into_iter().map(|word| format!(", {word}")).collect();
    let url = it.url.as_ref().map(|url| format!("  {}", shown(url.raw(), 200))).unwrap_or_default();
    format!("#{} {state}{by}{}, told by {}{more}{url}", it.number, when(at), it.known_by.line())
}

/// What the forge knows of the pull request itself.
fn facts(pull: &Pick) -> Option<String> {
    let facts = pull.facts.as_ref()?;
    let mut said: Vec<String> = Vec::new();
    let names: Vec<_> = facts.approved_by.iter().map(Untrusted::line).collect();
    said.extend((!names.is_empty()).then(|| format!("approved by {}", names.join(", "))));
    said.extend(facts.merged_by.as_ref().map(|login| format!("merged by {}", login.line())));
    said.extend(facts.checks.as_ref().map(|it| format!("checks of the merge {}", it.line().to_lowercase())));
    said.extend(facts.unread.iter().map(|what| format!("{} not known", what.line())));
    said.extend(pull.closed.then(|| "closed without a merge".to_owned()));
    (!said.is_empty()).then(|| said.join(", "))
}

/// Why features are frozen.
pub(super) fn frozen(by: &FrozenBy<'_>) -> String {
    match by {
        FrozenBy::Phase(phase) => format!("features are frozen: {}", shown(&phase.title, 60)),
        FrozenBy::Person(said) => {
            let why = Some(said.what.why.line()).filter(|why| !why.is_empty());
            let why = why.map(|why| format!(": {why}")).unwrap_or_default();
            let (by, at) = (shown(&said.by, 60), said.at.format("%F %R"));
            format!("features are frozen, declared by {by} at {at}{why}")
        }
    }
}

/// A command that names no active line.
pub(super) fn stray(it: &Stray) -> String {
    let weak = if it.weak { ", who may not write here" } else { "" };
    let at = it.at.format("%F %R");
    format!(
        "  #{} {}: {} names no active line, by {} at {at}{weak}",
        it.number,
        it.title.line(),
        it.said.line(),
        it.login.line()
    )
}
