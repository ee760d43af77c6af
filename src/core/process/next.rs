//! Which version a branch leads to next, by the streams of the process and the changes since the last version.

use super::branches::Stream;
use super::{LineKind, Process};
use crate::order::Order as _;
use crate::version::{
    Bump, Proposal, TagClass, TagKind, Version, VersionError, Weight, next_candidate, next_final,
};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// Release lines that are worked on, where the process does not say how many it supports.
pub const NEWEST: usize = 3;

/// What is known of a branch and of the project's versions.
#[derive(Clone, Copy, Debug)]
pub struct NextAsk<'a> {
    /// The branch name, without `refs/heads/`.
    pub branch: &'a str,
    /// Whether it is the trunk, whatever the process calls that.
    pub is_trunk: bool,
    /// Every tag, classified.
    pub known: &'a [TagClass],
    /// Versions that were used once and are gone.
    pub burned: &'a [Version],
    /// The changes since the branch's last final version, merges left out.
    pub weight: Weight,
    /// The number that somebody chose to raise, in place of the one that the changes ask for.
    pub chosen: Option<Bump>,
    /// All branches: a version that has a branch of its own is not made on the trunk.
    pub branches: &'a [&'a str],
}

/// The next version of a branch.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Next {
    /// Which number goes up.
    pub bump: Bump,
    /// The stream that such a version belongs to, by its id.
    pub stream: Option<String>,
    /// The version with its reasons.
    pub proposal: Proposal,
    /// Its next candidate; none where the stream has none. What stands in its way, in words, where the process does
    /// not say how candidates are written.
    pub candidate: Option<Result<Proposal, String>>,
    /// What somebody should look at before: changes that do not belong to the stream, a reason that is missing.
    pub findings: Vec<String>,
}

impl Process {
    /// The next version of a branch. None when the branch is neither the trunk nor a line of the process.
    ///
    /// From the trunk the number goes up that the changes ask for, of those whose streams are made from the trunk;
    /// from a release line the third; from a long-lived line the second or third; from the line of one version that
    /// version, as long as it is not out.
    ///
    /// # Errors
    /// When no number is left.
    pub fn next_on(&self, ask: &NextAsk<'_>) -> Result<Option<Next>, VersionError> {
        let line = self.line_of(ask.branch);
        if line.is_none() && !ask.is_trunk {
            return Ok(None);
        }
        let last = self.last_on(ask.branch, ask.known).and_then(|class| class.version.as_ref());
        let mut reasons = vec![];
        let (within, bump) = match &line {
            Some(line) if line.minor.is_some() => (line.minor.map(|minor| (line.major, minor)), Bump::Patch),
            Some(_) => {
                let asked = ask.weight.asks(0);
                (last.map(Version::line).filter(|_| asked == Bump::Patch), asked)
            }
            None => {
                let asked = ask.weight.asks(last.map_or(0, Version::major));
                (None, self.bump_of_trunk(asked, ask.branch, &mut reasons))
            }
        };
        let bump = ask.chosen.unwrap_or(bump);
        let mut proposal = match &line {
            Some(line) if line.patch.is_some() => self.of_one_version(line, ask),
            Some(line) if line.minor.is_none() && within.is_none() => {
                let ours: Vec<_> = ask
                    .known
                    .iter()
                    .filter(|it| it.line.is_some_and(|of| of.0 == line.major))
                    .cloned()
                    .collect();
                next_final(&self.version, &ours, ask.burned, None, bump)?
            }
            _ => next_final(&self.version, ask.known, ask.burned, within, bump)?,
        };
        let bump = match &line {
            Some(line) if line.patch.is_some() => raised(&proposal.version),
            _ => bump,
        };
        if line.is_none() {
            self.behind_lines(&mut proposal, ask.branches.iter().copied(), bump);
        }
        proposal.reasons.splice(0..0, [self.since(last, ask.weight)].into_iter().chain(reasons));
        let stream = self.stream_of_bump(bump, line.as_ref().map(|line| line.kind));
        let findings = findings(stream, ask, bump);
        let candidate = stream.is_none_or(|stream| stream.candidates).then(|| self.candidate(&proposal, ask));
        let stream = stream.map(|stream| stream.id.clone());
        Ok(Some(Next { bump, stream, proposal, candidate, findings }))
    }

    /// The branches that are worked on: the trunk, and of the release lines as many of the newest as the process
    /// supports, or [`NEWEST`] where it does not say; the branch of one version that is out is none of them.
    #[must_use]
    pub fn worked_on<'b>(
        &self,
        names: impl Iterator<Item = &'b str> + Clone,
        known: &[TagClass],
    ) -> Vec<&'b str> {
        let out = |version: &Version| {
            known.iter().any(|it| it.kind == TagKind::Final && it.version.as_ref() == Some(version))
        };
        let lines = names.clone().filter_map(|name| self.line_of(name).map(|line| (line, name)));
        let mut lines: Vec<_> = lines
            .filter(|(line, _)| {
                let minor = line.minor.unwrap_or_default();
                let version = |patch| Version::of(self.version.style, line.major, minor, patch);
                line.patch.is_none_or(|patch| !out(&version(patch)))
            })
            .collect();
        lines.order_by_key(|(line, _)| Reverse((line.major, line.minor.unwrap_or(u64::MAX), line.patch)));
        let wanted = self.support.latest.map_or(NEWEST, |latest| latest as usize);
        let trunk = names.clone().find(|name| *name == self.branches.trunk);
        trunk.into_iter().chain(lines.into_iter().take(wanted).map(|(_, name)| name)).collect()
    }

    /// The last final version of a branch: the highest that its line holds, and of all on the trunk.
    #[must_use]
    pub fn last_on<'k>(&self, branch: &str, known: &'k [TagClass]) -> Option<&'k TagClass> {
        let line = self.line_of(branch);
        let holds = |class: &&TagClass| match (&class.version, &line) {
            (Some(version), Some(line)) => line.holds(version),
            (version, _) => version.is_some(),
        };
        let finals = known.iter().filter(|class| class.kind == TagKind::Final).filter(holds);
        finals.max_by(|a, b| a.version.cmp(&b.version))
    }

    fn since(&self, last: Option<&Version>, weight: Weight) -> String {
        match last {
            Some(last) => format!("{} since {}", weight.words(), self.version.tag(last)),
            None => format!("{}, and no final version before", weight.words()),
        }
    }

    /// The lowest number that a stream made from the trunk raises and that is enough for the changes.
    fn bump_of_trunk(&self, asked: Bump, trunk: &str, reasons: &mut Vec<String>) -> Bump {
        let ours: BTreeSet<Bump> =
            self.streams.iter().filter(|stream| !stream.from_line).map(|stream| stream.bump).collect();
        let bump = ours.range(asked..).next().or(ours.last()).copied().unwrap_or(asked);
        if bump != asked {
            reasons.push(format!(
                "the changes ask for a {} version, and from {trunk} the process makes {} ones",
                asked.word(),
                ours.iter().map(|bump| bump.word()).collect::<Vec<_>>().join(" and "),
            ));
        }
        bump
    }

    /// The version that a branch is named after, `release/v1.2.0`.
    fn of_one_version(&self, line: &super::Line, ask: &NextAsk<'_>) -> Proposal {
        let version = Version::of(
            self.version.style,
            line.major,
            line.minor.unwrap_or_default(),
            line.patch.unwrap_or_default(),
        );
        let tag = self.version.tag(&version);
        let out =
            ask.known.iter().any(|it| it.kind == TagKind::Final && it.version.as_ref() == Some(&version));
        let mut reasons = vec![format!("the branch is that of {tag}")];
        if out {
            reasons.push(format!("{tag} is out: nothing comes from this branch any more"));
        }
        Proposal { version, tag, reasons }
    }

    /// Goes on behind versions that have a branch of their own: the trunk does not make them any more. A name that a
    /// pattern matches holds nothing but the pattern's text and digits, so the reason is safe to show.
    pub fn behind_lines<'b>(
        &self,
        proposal: &mut Proposal,
        branches: impl Iterator<Item = &'b str> + Clone,
        bump: Bump,
    ) {
        let taken = |version: &Version| {
            let is_its =
                |name: &&str| self.line_of(name).is_some_and(|it| it.minor.is_some() && it.holds(version));
            branches.clone().find(is_its)
        };
        while let Some(branch) = taken(&proposal.version) {
            proposal.reasons.push(format!("{} is made on {branch}", proposal.tag));
            let after = proposal.version.bump(bump.max(Bump::Minor));
            if after <= proposal.version {
                return;
            }
            proposal.tag = self.version.tag(&after);
            proposal.version = after;
        }
    }

    fn stream_of_bump(&self, bump: Bump, kind: Option<LineKind>) -> Option<&Stream> {
        let fits = |stream: &&Stream| stream.bump == bump;
        let from_line = kind.is_some_and(|kind| kind != LineKind::LongLived);
        let exact = self.streams.iter().filter(fits).find(|stream| stream.from_line == from_line);
        exact.or_else(|| self.streams.iter().find(fits))
    }

    fn candidate(&self, proposal: &Proposal, ask: &NextAsk<'_>) -> Result<Proposal, String> {
        let ours = ask.burned.iter().filter(|burned| burned.base() == proposal.version);
        let burned = ours.filter_map(|burned| self.version.candidate_of(burned)).collect();
        next_candidate(&self.version, ask.known, &proposal.version, &burned).map_err(|why| why.to_string())
    }
}

/// The number that was raised to come to a final version.
fn raised(version: &Version) -> Bump {
    match (version.minor(), version.patch()) {
        (_, 1..) => Bump::Patch,
        (0, 0) if version.major() > 0 => Bump::Major,
        _ => Bump::Minor,
    }
}

fn findings(stream: Option<&Stream>, ask: &NextAsk<'_>, bump: Bump) -> Vec<String> {
    let mut out = vec![];
    let name = match stream {
        Some(stream) if !stream.title.is_empty() => stream.title.clone(),
        Some(stream) => stream.id.clone(),
        None => format!("a {} version", bump.word()),
    };
    match ask.weight.features {
        1 if bump == Bump::Patch => out.push(format!("1 feature does not belong to {name}")),
        many @ 2.. if bump == Bump::Patch => out.push(format!("{many} features do not belong to {name}")),
        _ => {}
    }
    if bump != Bump::Major && ask.weight.breaking > 0 {
        let s = if ask.weight.breaking == 1 { "" } else { "s" };
        out.push(format!("{} breaking change{s} in {name}", ask.weight.breaking));
    }
    if ask.weight.all() == 0 {
        out.push("nothing was merged since the last version".to_owned());
    }
    if stream.is_some_and(|stream| stream.reason_required) || (bump == Bump::Major && stream.is_none()) {
        out.push(format!("{name} needs a written reason"));
    }
    out
}
