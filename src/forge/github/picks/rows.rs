//! Lists, comments and backports joined: a row for each pull request on each line that something proposes it for.

use super::super::Memory;
use super::asks::Asks;
use super::checks::Checks;
use super::detail::{Detail, Given, Remark};
use super::lists::{Incoming, Listed, Lists};
use super::notice::Notice;
use crate::release::ids::{Branch, Repo};
use crate::release::picks::{
    Asked, Backport, BackportState, Gather, Pick, PickState, PullFacts, Stray, Wish, wishes,
};
use crate::release::text::Untrusted;
use std::collections::{BTreeMap, BTreeSet};

/// Comments that one row shows.
const COMMENTS: usize = 5;
/// Commands for no active line that are kept.
const STRAYS: usize = 50;

/// Everything that rows are made of.
pub(super) struct Join<'a> {
    pub repo: &'a Repo,
    pub gather: &'a Gather,
    pub lists: &'a Lists,
    pub asks: &'a Asks,
    pub checks: &'a Checks,
}

/// What proposes a pull request for a line.
#[derive(Default)]
struct Draft<'a> {
    listed: Option<&'a Listed>,
    label: Option<&'a Untrusted>,
    asked: Vec<Asked>,
    notes: Vec<Untrusted>,
}

type Drafts<'a> = BTreeMap<(u64, &'a Branch), Draft<'a>>;

impl<'a> Join<'a> {
    fn detail<'m>(&self, memory: &'m Memory, number: u64) -> Option<&'m Detail> {
        memory.picks.details.get(&(self.repo.clone(), number))?.detail.as_ref()
    }

    /// The rows, and the commands that name no active line.
    pub(super) fn rows(&self, memory: &Memory, notes: &mut Notice) -> (Vec<Pick>, Vec<Stray>) {
        let mut drafts = Drafts::new();
        let mut strays = BTreeSet::new();
        self.by_label(memory, &mut drafts, notes);
        self.by_milestone(memory, &mut drafts);
        self.by_comment(memory, &mut drafts, &mut strays);
        let backports = self.by_backport(&mut drafts);
        let rows = drafts.into_iter().filter_map(|((number, line), draft)| {
            let backport = backports.get(&(number, line)).map(|it| self.backport(it));
            self.row(memory, (number, line), draft, backport)
        });
        (rows.collect(), strays.into_iter().take(STRAYS).collect())
    }

    fn by_label(&self, memory: &Memory, drafts: &mut Drafts<'a>, notes: &mut Notice) {
        for (label, line) in &self.gather.labels {
            let rows = self.lists.labelled.iter().filter(|(it, _)| it == label).flat_map(|(_, rows)| rows);
            let doubt = self.gather.doubt(label);
            for it in rows {
                let draft = drafts.entry((it.number, line)).or_default();
                draft.listed = draft.listed.or(Some(it));
                let given =
                    self.detail(memory, it.number).and_then(|detail| last(&detail.given, true, label));
                let first = draft.label.is_none();
                draft.label = draft.label.or(Some(label));
                // The first label is the row's own: it is said again only with who put it there.
                if given.is_some() || !first {
                    let (login, at) = given.map_or((None, None), |it| (it.login.clone(), it.at));
                    draft.asked.push(Asked::Label { label: label.clone(), login, at });
                }
                if let Some(doubt) = &doubt {
                    draft.notes.push(doubt.clone());
                    notes.doubts.push(doubt.line());
                }
            }
        }
    }

    fn by_milestone(&self, memory: &Memory, drafts: &mut Drafts<'a>) {
        for (title, line, rows) in &self.lists.milestones {
            for it in rows {
                let detail = self.detail(memory, it.number);
                let base = it.base.as_deref().or(detail.and_then(|detail| detail.base.as_deref()));
                // What was merged elsewhere is no candidate, and what is not known is told with a later look.
                let trunk = self.gather.trunk.as_ref().map(|trunk| trunk.as_str());
                if it.merged_at.is_none() || base.is_none() || trunk.is_some() && base != trunk {
                    continue;
                }
                let given = detail.and_then(|detail| last(&detail.given, false, title));
                let (login, at) = given.map_or((None, None), |it| (it.login.clone(), it.at));
                let draft = drafts.entry((it.number, line)).or_default();
                draft.listed = draft.listed.or(Some(it));
                draft.asked.push(Asked::Milestone { title: title.clone(), login, at });
            }
        }
    }

    fn by_comment(&self, memory: &Memory, drafts: &mut Drafts<'a>, strays: &mut BTreeSet<Stray>) {
        for number in &self.asks.pulls {
            let Some(detail) = self.detail(memory, *number) else { continue };
            // Nothing is wanted any more of what was given up.
            if !detail.open && detail.merged_at.is_none() {
                continue;
            }
            for remark in detail.comments.iter().flatten() {
                for wish in wishes(&self.gather.commands, &remark.body) {
                    match wish.line.as_ref().and_then(|line| self.active(line)) {
                        Some(line) if detail.base.as_deref() == Some(line.as_str()) => {}
                        Some(line) => heard(drafts.entry((*number, line)).or_default(), remark, &wish),
                        None => drop(strays.insert(stray(*number, detail, remark, &wish))),
                    }
                }
            }
        }
    }

    /// A line that commands name, as long as the rows live.
    fn active(&self, line: &Branch) -> Option<&'a Branch> {
        self.gather.commands.iter().find_map(|command| command.line(line))
    }

    /// The pull request that brings each pick to its line: the open one, else the newest. An open one proposes it, and
    /// so does one that was merged; one that was closed only shows where something else does.
    fn by_backport(&self, drafts: &mut Drafts<'a>) -> BTreeMap<(u64, &'a Branch), &'a Incoming> {
        let mut best: BTreeMap<(u64, &Branch), &Incoming> = BTreeMap::new();
        for (line, it) in self.lists.coming() {
            let rank =
                |it: &Incoming| (it.backport.state == BackportState::Open && !it.backport.weak, it.number);
            for number in &it.of {
                let known = best.entry((*number, line)).or_insert(it);
                if rank(it) > rank(known) {
                    *known = it;
                }
            }
        }
        for ((number, line), it) in &best {
            if it.backport.state != BackportState::Closed {
                let (login, at) = (it.backport.author.clone(), it.backport.at);
                let draft = drafts.entry((*number, line)).or_default();
                draft.asked.push(Asked::Backport { number: it.number, login, at });
            }
        }
        best
    }

    fn backport(&self, it: &Incoming) -> Backport {
        let checks = it.head.and_then(|head| self.checks.get(&head).copied().flatten());
        let open = it.backport.state == BackportState::Open;
        Backport {
            checks: checks.filter(|_| open).map(Untrusted::from),
            conflict: it.backport.conflict.filter(|_| open),
            ..it.backport.clone()
        }
    }

    fn row(
        &self,
        memory: &Memory,
        (number, line): (u64, &Branch),
        draft: Draft<'_>,
        backport: Option<Backport>,
    ) -> Option<Pick> {
        let detail = self.detail(memory, number);
        // What only a comment or a backport names is nothing until it is read.
        if draft.listed.is_none() && detail.is_none() {
            return None;
        }
        let merged_at = draft.listed.and_then(|it| it.merged_at).or(detail.and_then(|it| it.merged_at));
        let open = draft.listed.map_or_else(|| detail.is_some_and(|it| it.open), |it| it.open);
        let closed = !open && merged_at.is_none();
        let known = memory.merges.get(&(self.repo.clone(), number)).copied().flatten();
        let merge = detail.and_then(|it| it.merge).or(draft.listed.and_then(|it| it.merge)).or(known);
        let title = draft.listed.map(|it| &it.title).or(detail.map(|it| &it.title));
        let author =
            draft.listed.and_then(|it| it.author.as_ref()).or(detail.and_then(|it| it.author.as_ref()));
        Some(Pick {
            number,
            title: title.cloned().unwrap_or_default(),
            author: author.cloned(),
            line: line.clone(),
            label: draft.label.cloned().unwrap_or_default(),
            state: if merged_at.is_some() { PickState::Proposed } else { PickState::NotMerged },
            evidence: None,
            merged: merge.filter(|_| merged_at.is_some()),
            at: merged_at,
            asked: draft.asked,
            backport,
            facts: detail.map(|detail| self.facts(memory, number, detail)),
            closed,
            notes: draft.notes,
        })
    }

    fn facts(&self, memory: &Memory, number: u64, it: &Detail) -> PullFacts {
        let checks = it.merge.map(|merge| self.checks.get(&merge));
        let unread = [("reviews", it.approved_by.is_none()), ("checks", checks == Some(None))];
        let unread = unread.into_iter().filter(|(_, is)| *is).map(|(what, _)| Untrusted::from(what));
        let list = memory.picks.closed.get(&(self.repo.clone(), number)).cloned();
        PullFacts {
            approved_by: it.approved_by.clone().unwrap_or_default(),
            merged_by: it.merged_by.clone(),
            labels: it.labels.clone(),
            checks: checks.flatten().copied().flatten().map(Untrusted::from),
            commits: it.commits,
            list: list.unwrap_or_default(),
            added: it.added,
            removed: it.removed,
            files: it.files,
            unread: unread.collect(),
        }
    }
}

/// The last time that a label or a milestone was given.
fn last<'d>(given: &'d [Given], is_label: bool, name: &Untrusted) -> Option<&'d Given> {
    // Labels are compared as GitHub compares them: it keeps no two that differ in case alone.
    let same = |it: &&Given| it.is_label == is_label && it.name.raw().eq_ignore_ascii_case(name.raw());
    given.iter().filter(same).max_by_key(|it| it.at)
}

/// Takes in a comment; those that count come before those that do not.
fn heard(draft: &mut Draft<'_>, remark: &Remark, wish: &Wish) {
    let asked = Asked::Comment {
        login: remark.login.clone(),
        at: remark.at,
        said: Untrusted::from(wish.said.as_str()),
        weak: !remark.may_write,
        edited: remark.edited,
    };
    draft.asked.push(asked);
    let comments = draft.asked.iter().filter(|it| matches!(it, Asked::Comment { .. })).count();
    if comments > COMMENTS {
        let place = draft.asked.iter().rposition(Asked::is_weak);
        let last = draft.asked.len() - 1;
        draft.asked.remove(place.unwrap_or(last));
    }
}

fn stray(number: u64, detail: &Detail, remark: &Remark, wish: &Wish) -> Stray {
    Stray {
        number,
        title: detail.title.clone(),
        said: Untrusted::from(wish.said.as_str()),
        login: remark.login.clone(),
        at: remark.at,
        weak: !remark.may_write,
    }
}
