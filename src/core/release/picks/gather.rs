//! What is asked of the forge about picks: by which labels, milestones, comments and pull requests they are proposed.

use super::{Asked, Command, NamedLine, PickKey};
use crate::order::Order as _;
use crate::release::Release;
use crate::release::branches::LineKind;
use crate::release::ids::{Branch, Repo};
use crate::release::next::Supported;
use crate::release::text::Untrusted;
use std::collections::BTreeSet;

/// Lines that are followed beside the release's own: the newest.
const ACTIVE: usize = 8;
/// Lines that are predicted beside the one that is shown.
const BESIDE: usize = 3;
/// Most lines whose labels, milestones and pull requests are asked for: each is a list of its own.
const LINES: usize = 4;

/// Which milestones are a line's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MilestoneOf {
    /// The one with this title.
    Title(Untrusted),
    /// The open ones whose title is a version of the line: `v1.2.3`, `1.2`.
    Version {
        /// The line's major version.
        major: u64,
        /// The line's minor version; none when it holds them all.
        minor: Option<u64>,
    },
}

impl MilestoneOf {
    /// Whether a milestone is the line's.
    #[must_use]
    pub fn fits(&self, title: &Untrusted, open: bool) -> bool {
        match self {
            Self::Title(wanted) => wanted == title,
            Self::Version { major, minor } => {
                let text = title.raw().trim().trim_start_matches(['v', 'V']);
                let mut parts = text.split('.').map(|part| part.parse::<u64>().ok());
                open && parts.next().flatten() == Some(*major)
                    && (minor.is_none() || parts.next().flatten() == *minor)
            }
        }
    }
}

/// What is asked of the forge about picks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gather {
    /// The trunk: what a milestone holds is a candidate when it was merged there.
    pub trunk: Option<Branch>,
    /// Labels, each with the line that it proposes for.
    pub labels: Vec<(Untrusted, Branch)>,
    /// Milestones whose merged pull requests are proposed, each with its line.
    pub milestones: Vec<(MilestoneOf, Branch)>,
    /// How comments ask for a pick.
    pub commands: Vec<Command>,
    /// The lines whose own pull requests are looked through for backports.
    pub lines: Vec<Branch>,
    /// Pull requests that are known to be asked for by a comment: looked at again, since a comment may go.
    pub asked: BTreeSet<u64>,
    /// How the process calls the branch of a backport: `backport-{number}-to-{branch}`.
    pub form: Option<String>,
    /// The login of the process's own bot, whose pull requests count.
    pub bot: Option<Untrusted>,
}

impl Gather {
    /// Whether there is nothing to ask.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
            && self.milestones.is_empty()
            && self.commands.is_empty()
            && self.lines.is_empty()
    }

    /// Its labels, each once.
    #[must_use]
    pub fn distinct_labels(&self) -> Vec<&Untrusted> {
        let labels: BTreeSet<_> = self.labels.iter().map(|(label, _)| label).collect();
        labels.into_iter().collect()
    }

    /// Labels that propose for several lines, in words: nobody can say which of them was meant.
    #[must_use]
    pub fn doubt(&self, label: &Untrusted) -> Option<Untrusted> {
        let lines: BTreeSet<_> =
            self.labels.iter().filter(|(it, _)| it == label).map(|(_, line)| line).collect();
        if lines.len() < 2 {
            return None;
        }
        let lines: Vec<_> = lines.into_iter().map(Branch::line).collect();
        let said = format!("the label {} stands for {} alike", label.line(), lines.join(" and "));
        Some(Untrusted::from(said))
    }
}

impl Release {
    /// The lines that releases are still made of, as far as picks go: that of this release, and the newest others
    /// whose support has not ended. Whether it has is told as of the newest commit that is known.
    #[must_use]
    pub fn active_lines(&self) -> Vec<Branch> {
        let mut lines = self.newest_lines(usize::MAX);
        let says = self
            .process
            .as_ref()
            .is_some_and(|it| it.support.latest.is_some() || !it.support.lines.is_empty());
        if let Some(now) = self.lines.0.values().map(|line| line.at).max().filter(|_| says) {
            let (known, own) = (self.known(), self.line().map(|line| &line.branch));
            lines.retain(|line| {
                own == Some(line) || !matches!(self.support_of(line, &known, now), Supported::Ended(_))
            });
        }
        lines.truncate(ACTIVE + 1);
        lines
    }

    /// The lines whose queues are predicted while nobody looks at them: the newest of those that releases are still
    /// made of and that something is wanted on. None while the release itself has no line.
    #[must_use]
    pub fn lines_beside(&self, shown: &Branch) -> Vec<Branch> {
        let wanted = self.picks.lines();
        let mut lines = self.active_lines();
        lines.retain(|line| line != shown && wanted.contains(line));
        lines.truncate(BESIDE);
        lines
    }

    fn newest_lines(&self, most: usize) -> Vec<Branch> {
        let own = self.line();
        let mut lines: Vec<_> = self.lines.0.values().filter(|line| line.kind != LineKind::Trunk).collect();
        lines.order_by_key(|line| (own != Some(*line), std::cmp::Reverse(line.at)));
        lines.truncate(most);
        lines.into_iter().map(|line| line.branch.clone()).collect()
    }

    fn named(&self, lines: Vec<Branch>) -> Vec<NamedLine> {
        let Some(process) = &self.process else { return Vec::new() };
        let named = lines.into_iter().filter_map(|branch| {
            let line = process.line_of(branch.as_str())?;
            let minor = line.minor.map(|minor| minor.to_string()).unwrap_or_default();
            Some(NamedLine { branch, major: line.major.to_string(), minor })
        });
        named.collect()
    }

    /// Labels that propose a pull request for a line, each with its line: for the line of this release and the
    /// newest others, as each label costs a request. A label that names no line proposes for the line of this release.
    #[must_use]
    pub fn pick_labels(&self) -> Vec<(Untrusted, Branch)> {
        let Some(process) = &self.process else { return Vec::new() };
        let lines = self.named(self.newest_lines(LINES));
        let mut labels = Vec::new();
        for pattern in &process.picks.labels {
            let placed = ["{branch}", "{major}", "{minor}"].iter().any(|place| pattern.contains(place));
            if placed {
                let filled = lines.iter().filter_map(|it| {
                    let label = process.pick_label(pattern, it.branch.as_str())?;
                    Some((Untrusted::from(label), it.branch.clone()))
                });
                labels.extend(filled);
            } else {
                labels
                    .extend(self.line().map(|line| (Untrusted::from(pattern.as_str()), line.branch.clone())));
            }
        }
        labels
    }

    /// What is asked of the forge about the picks of a repository.
    #[must_use]
    pub fn gather(&self, repo: &Repo) -> Gather {
        let Some(process) = &self.process else { return Gather::default() };
        let own = self.line().map(|line| line.branch.clone());
        let active = self.named(self.active_lines());
        let forms = process.picks.commands.iter();
        let lines = self.newest_lines(LINES);
        let milestones = if process.picks.milestone { self.line_milestones(&lines) } else { Vec::new() };
        let by_comment = |asked: &Asked| matches!(asked, Asked::Comment { .. });
        let asked = self.picks.pulls.iter().filter_map(|((key, _), pull)| match key {
            PickKey::Pull(key) if key.repo == *repo => {
                pull.asked.iter().any(by_comment).then_some(key.number)
            }
            PickKey::Pull(_) | PickKey::Commit(_) => None,
        });
        let strays = self.picks.strays.get(repo).into_iter().flatten().map(|it| it.number);
        let commands: Vec<_> = forms.filter_map(|form| Command::new(form, &active, own.as_ref())).collect();
        Gather {
            trunk: self.trunk(),
            labels: self.pick_labels(),
            milestones,
            asked: if commands.is_empty() { BTreeSet::new() } else { asked.chain(strays).collect() },
            commands,
            lines,
            form: process.picks.branch.clone(),
            bot: process.picks.bot.as_deref().map(Untrusted::from),
        }
    }

    /// The milestone of the release for its own line, and by version those of the others.
    fn line_milestones(&self, lines: &[Branch]) -> Vec<(MilestoneOf, Branch)> {
        let Some(process) = &self.process else { return Vec::new() };
        let own = self.line().map(|line| &line.branch);
        let title = self.milestones.chosen.clone().or_else(|| self.milestone_title().map(Untrusted::from));
        let of = |branch: &Branch| {
            let line = process.line_of(branch.as_str())?;
            let by_version = MilestoneOf::Version { major: line.major, minor: line.minor };
            let by_title = title.clone().filter(|_| own == Some(branch)).map(MilestoneOf::Title);
            Some((by_title.unwrap_or(by_version), branch.clone()))
        };
        lines.iter().filter_map(of).collect()
    }
}
