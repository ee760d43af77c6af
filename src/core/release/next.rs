//! What comes next on a line: the version it will be released as, and how long it is supported.

use super::Release;
use super::branches::{Line, LineKind};
use super::ids::{Branch, Tag};
use super::text::Untrusted;
use super::weighing::by_label;
use crate::process::{self, NextAsk};
use crate::version::{
    Bump, Proposal, TagClass, TagKind, Version, VersionError, Weight, classify, next_candidate, next_final,
};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::BTreeSet;

/// How a line is supported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Supported {
    /// The process does not say.
    Unsaid,
    /// The release that is open comes from it.
    InProgress,
    /// It is among the newest lines that the process supports, or declared; with the last day, when there is one.
    Yes {
        /// What the process says of it: `stable`, `security fixes only`; empty when it says nothing.
        status: String,
        /// The last day.
        until: Option<NaiveDate>,
    },
    /// Not any more, since this day when the process names one.
    Ended(Option<NaiveDate>),
}

/// What is needed to say what comes next on many lines: every tag, classified once.
#[derive(Debug, Clone)]
pub struct Known {
    tags: Vec<TagClass>,
    burned: Vec<Version>,
    latest: Vec<(u64, u64)>,
    /// The branches of the clone.
    branches: Vec<Branch>,
    /// The line that the release comes from, while it is not out.
    open: Option<Branch>,
}

/// What comes next on a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ahead {
    /// The version, with its reasons, safe to show.
    pub proposal: Proposal,
    /// What somebody should look at before, safe to show.
    pub findings: Vec<String>,
}

/// What is said of a weight.
struct Said {
    reasons: Vec<String>,
    findings: Vec<String>,
}

impl Release {
    /// Classifies every tag, for [`Release::next_of`] and [`Release::next_candidate`].
    #[must_use]
    pub fn known(&self) -> Known {
        let tags: Vec<TagClass> = self.classes().map(|(class, _)| class).collect();
        let grammar = self.process.as_ref().map(|process| &process.version);
        let burned = grammar.into_iter().flat_map(|grammar| {
            self.candidates.burned.keys().filter_map(|tag| classify(grammar, tag.as_str()).version)
        });
        let burned = burned.collect();
        let finals = tags.iter().filter(|class| class.kind == TagKind::Final);
        let lines: BTreeSet<(u64, u64)> = finals.filter_map(|class| class.line).collect();
        let wanted = self.process.as_ref().and_then(|process| process.support.latest).unwrap_or(0);
        let latest = lines.into_iter().rev().take(wanted as usize).collect();
        let version = self.version();
        let out = version.as_ref().is_some_and(|version| {
            tags.iter().any(|it| it.kind == TagKind::Final && it.version.as_ref() == Some(version))
        });
        let open = self.line().filter(|_| !out).map(|line| line.branch.clone());
        Known { tags, burned, latest, branches: self.lines.0.keys().cloned().collect(), open }
    }

    /// The next candidate of this release, with the reasons; none when the process has no candidates, or the
    /// release's name is no version.
    #[must_use]
    pub fn next_candidate(&self, known: &Known) -> Option<Result<Proposal, VersionError>> {
        let process = self.process.as_ref()?;
        process.version.candidate.as_ref()?;
        let version = self.version()?;
        let ours = known.burned.iter().filter(|burned| burned.base() == version);
        let burned = ours.filter_map(|burned| process.version.candidate_of(burned)).collect();
        Some(next_candidate(&process.version, &known.tags, &version, &burned))
    }

    /// The next version of a line, by the weight of its changes as [`Process::next_on`] says: of the release's own line
    /// its next candidate, or its final version when the process has no candidates in its stream.
    ///
    /// [`Process::next_on`]: crate::process::Process::next_on
    #[must_use]
    pub fn next_of(&self, line: &Line, known: &Known) -> Option<Ahead> {
        let process = self.process.as_ref()?;
        if self.leads_nowhere(line, known) {
            return None;
        }
        let weighed = self.weighed(line, known).and_then(|(weight, mut said)| {
            let names: Vec<&str> = known.branches.iter().map(Branch::as_str).collect();
            let ask = NextAsk {
                branch: line.branch.as_str(),
                is_trunk: line.kind == LineKind::Trunk,
                known: &known.tags,
                burned: &known.burned,
                weight,
                chosen: None,
                branches: &names,
            };
            let mut next = process.next_on(&ask).ok()??;
            next.proposal.reasons.append(&mut said.reasons);
            next.findings.append(&mut said.findings);
            Some(Ahead { proposal: next.proposal, findings: next.findings })
        });
        let ahead = weighed.or_else(|| self.unweighed(line, known));
        if known.open.as_ref() != Some(&line.branch) {
            return ahead;
        }
        let tried = self.stream().is_none_or(|stream| stream.candidates);
        let candidate = tried.then(|| self.next_candidate(known)?.ok()).flatten();
        let own = candidate.or_else(|| {
            let version = self.version()?;
            let reasons = vec!["the release that is open".to_owned()];
            Some(Proposal { tag: process.version.tag(&version), version, reasons })
        });
        Some(Ahead { proposal: own?, findings: ahead.map(|it| it.findings).unwrap_or_default() })
    }

    /// Whether a line is that of one version, and that version is out.
    fn leads_nowhere(&self, line: &Line, known: &Known) -> bool {
        let Some(process) = &self.process else { return true };
        let parsed = process.line_of(line.branch.as_str()).filter(|_| line.kind != LineKind::Trunk);
        let Some(parsed) = parsed else { return false };
        let Some(patch) = parsed.patch else { return false };
        let minor = parsed.minor.unwrap_or_default();
        let version = Version::of(process.version.style, parsed.major, minor, patch);
        known.tags.iter().any(|it| it.kind == TagKind::Final && it.version.as_ref() == Some(&version))
    }

    /// The next version of a line whose changes are not weighed: of the trunk and of a line that outlives its releases
    /// the next minor version, of another the next patch.
    fn unweighed(&self, line: &Line, known: &Known) -> Option<Ahead> {
        let process = self.process.as_ref()?;
        let grammar = &process.version;
        let next = |within, bump| next_final(grammar, &known.tags, &known.burned, within, bump).ok();
        let mut proposal = if line.kind == LineKind::Trunk {
            let mut next = next(None, Bump::Minor)?;
            process.behind_lines(&mut next, known.branches.iter().map(Branch::as_str), Bump::Minor);
            next
        } else {
            let parsed = process.line_of(line.branch.as_str())?;
            match parsed.minor {
                Some(minor) => next(Some((parsed.major, minor)), Bump::Patch)?,
                // A line of a whole major version: only its tags count.
                None => {
                    let is_ours = |it: &&TagClass| it.line.is_some_and(|l| l.0 == parsed.major);
                    let ours: Vec<_> = known.tags.iter().filter(is_ours).cloned().collect();
                    next_final(grammar, &ours, &known.burned, None, Bump::Minor).ok()?
                }
            }
        };
        proposal.reasons.insert(0, "its changes are not weighed".to_owned());
        Some(Ahead { proposal, findings: vec![] })
    }

    /// What the changes of a line weigh, with what is said of that; none when it is not weighed as it is now.
    fn weighed(&self, line: &Line, known: &Known) -> Option<(Weight, Said)> {
        let last = self.process.as_ref()?.last_on(line.branch.as_str(), &known.tags);
        let found = self.weights.get(&line.branch)?;
        let since = found.since.as_ref().map(Tag::as_str);
        if found.tip != line.tip || since != last.map(|class| class.tag.as_str()) {
            return None;
        }
        let unread = found.unread.as_ref().map(|why| format!("labels do not weigh: {}", why.line()));
        let reasons = by_label(found.by_label).into_iter().chain(unread).collect();
        let findings = found.findings.iter().map(Untrusted::line).collect();
        Some((found.weight, Said { reasons, findings }))
    }

    /// The release branch that would be cut from a branch next: that of this release while it has none, else, from the
    /// trunk, that of the version the trunk goes to. None when the process has no such branch or it exists already.
    #[must_use]
    pub fn branch_to_cut(&self, from: &Branch) -> Option<Branch> {
        if self.line().is_none() {
            return self.line_name();
        }
        let line = self.lines.0.get(from).filter(|line| line.kind == LineKind::Trunk)?;
        let next = self.next_of(line, &self.known())?.proposal;
        let name = self.process.as_ref()?.branch_for(&next.version).ok()?;
        Branch::parse(&name).ok().filter(|branch| !self.lines.0.contains_key(branch))
    }

    /// How a line is supported: by the lines that the process declares, else by how many of the newest it supports.
    #[must_use]
    pub fn support_of(&self, branch: &Branch, known: &Known, now: DateTime<Utc>) -> Supported {
        let Some(process) = &self.process else { return Supported::Unsaid };
        let Some(parsed) = process.line_of(branch.as_str()) else { return Supported::Unsaid };
        let name = match parsed.minor {
            Some(minor) => format!("{}.{minor}", parsed.major),
            None => parsed.major.to_string(),
        };
        let fits = |line: &&process::SupportedLine| {
            let declared = line.line.trim_start_matches('v').trim_end_matches(".x");
            declared == name
        };
        if let Some(declared) = process.support.lines.iter().find(fits) {
            let until = declared.until.as_deref().and_then(|day| day.parse::<NaiveDate>().ok());
            if until.is_some_and(|day| day < now.date_naive()) {
                return Supported::Ended(until);
            }
            return Supported::Yes { status: super::text::shown(&declared.status, 40), until };
        }
        if known.open.as_ref() == Some(branch) {
            return Supported::InProgress;
        }
        if process.support.latest.is_none() {
            return Supported::Unsaid;
        }
        let ours =
            |line: &(u64, u64)| line.0 == parsed.major && parsed.minor.is_none_or(|minor| minor == line.1);
        if known.latest.iter().any(ours) {
            return Supported::Yes { status: String::new(), until: None };
        }
        let newest = known.latest.first();
        let newer = newest.is_none_or(|newest| (parsed.major, parsed.minor.unwrap_or(u64::MAX)) > *newest);
        if newer { Supported::Unsaid } else { Supported::Ended(None) }
    }
}
