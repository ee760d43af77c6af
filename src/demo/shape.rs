//! How the demo's branches, tags and candidates are called, by the process it plays.

/// The names of one process's branches and tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// The name of the process preset.
    pub process: String,
    /// The trunk.
    pub trunk: &'static str,
    /// The major version of the three lines.
    pub major: u32,
    /// Whether a line goes on to patch releases, or is made for one version.
    pub patches: bool,
    line: Line,
    candidate: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    /// `release-0.6.x`
    DashX,
    /// `release-0.6`
    Dash,
    /// `release/v1.6.0`
    Slash,
}

/// The minor versions of the three release lines, oldest first.
pub const MINORS: [u32; 3] = [4, 5, 6];

impl Shape {
    /// The shape of a preset; a process that is no preset gets the names of `llama-stack`.
    #[must_use]
    pub fn of(process: &str) -> Self {
        let (trunk, major, patches, line, candidate) = match process {
            "crossplane" => ("master", 0, true, Line::Dash, "-rc."),
            "dragonfly" => ("main", 2, true, Line::Dash, "-rc."),
            "kubesphere" => ("master", 4, true, Line::Dash, "-rc."),
            "monthly-trunk" => ("trunk", 1, false, Line::Slash, "-rc."),
            _ => ("main", 0, true, Line::DashX, "rc"),
        };
        Self { process: process.to_owned(), trunk, major, patches, line, candidate }
    }

    /// The branch of a line.
    #[must_use]
    pub fn line(&self, minor: u32) -> String {
        let major = self.major;
        match self.line {
            Line::DashX => format!("release-{major}.{minor}.x"),
            Line::Dash => format!("release-{major}.{minor}"),
            Line::Slash => format!("release/v{major}.{minor}.0"),
        }
    }

    /// The tag of a final release.
    #[must_use]
    pub fn tag(&self, minor: u32, patch: u32) -> String {
        format!("v{}.{minor}.{patch}", self.major)
    }

    /// The tag of a candidate.
    #[must_use]
    pub fn candidate(&self, minor: u32, patch: u32, number: u32) -> String {
        format!("{}{}{number}", self.tag(minor, patch), self.candidate)
    }

    /// The release that is being made: the name of its tag and of its milestone.
    #[must_use]
    pub fn release(&self) -> String {
        self.tag(MINORS[2], if self.patches { 2 } else { 0 })
    }

    /// The release after it, on trunk.
    #[must_use]
    pub fn following(&self) -> String {
        self.tag(MINORS[2] + 1, 0)
    }

    /// The title of the milestone of a release, given by its tag.
    #[must_use]
    pub fn milestone(&self, tag: &str) -> String {
        match self.process.as_str() {
            "crossplane" => tag.rsplit_once('.').map_or(tag, |(minor, _)| minor).to_owned(),
            "dragonfly" | "kubesphere" | "monthly-trunk" => tag.to_owned(),
            _ => tag.trim_start_matches('v').to_owned(),
        }
    }

    /// The label that asks to take a change to a line.
    #[must_use]
    pub fn pick_label(&self, line: &str) -> String {
        if self.process == "kubesphere" { format!("cherry-pick/{line}") } else { format!("backport {line}") }
    }
}
