//! The arguments of the commands that print what a clone shows: its pick queue, its versions.

use super::args::Target;
use crate::process::Audience;
use crate::version::Bump;
use clap::Args;
use std::path::PathBuf;

/// `gonogo picks`
#[derive(Debug, Clone, Default, Args)]
#[command(
    after_help = "Exit codes: 0 nothing is left to do, 1 picks wait, 2 wrong arguments, 3 nothing waits as far as \
    could be read. Without a token the queue is what the clone shows, and what could not be read is said."
)]
pub struct PicksArgs {
    /// A path in the repository; the current directory unless given
    pub path: Option<PathBuf>,
    /// Only this line
    #[arg(long, value_name = "BRANCH")]
    pub line: Option<String>,
    /// The release and the forge.
    #[command(flatten)]
    pub target: Target,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `gonogo predict`
#[derive(Debug, Clone, Default, Args)]
#[command(
    after_help = "Exit codes: 0 every pick applies or is there already, 2 wrong arguments, 3 of a pick it cannot \
    be told, 4 a pick conflicts and all can be told."
)]
pub struct PredictArgs {
    /// The commits in the order in which they would be picked, each by its id or a name
    #[arg(required = true, value_name = "COMMIT")]
    pub commits: Vec<String>,
    /// The branch that they would be picked onto, as the remote has it where it does; or any commit
    #[arg(long, value_name = "BRANCH")]
    pub onto: String,
    /// Of merge commits, which parent their change is taken against, from 1
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..))]
    pub mainline: Option<u8>,
    /// A path in the repository; the current directory unless given
    #[arg(long, value_name = "PATH")]
    pub repo: Option<PathBuf>,
    /// Let merge drivers and filters run that the repository's own configuration defines
    #[arg(long)]
    pub trust_config: bool,
    /// Print JSON, with both sides of each conflict
    #[arg(long)]
    pub json: bool,
}

/// What the commands about versions share.
#[derive(Debug, Clone, Default, Args)]
pub struct VersionsOf {
    /// A path in the repository; the current directory unless given
    pub path: Option<PathBuf>,
    /// The release and the forge.
    #[command(flatten)]
    pub target: Target,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `gonogo versions`
#[derive(Debug, Clone, Default, Args)]
#[command(
    after_help = "Newest version first, what is no version last, each with the reason. The process says how tags are \
    written: prefix, style, candidates. Exit codes: 0 printed, 2 wrong arguments or no process, 3 could not read."
)]
pub struct VersionsArgs {
    /// The repository and the form.
    #[command(flatten)]
    pub of: VersionsOf,
    /// Only this line, by its two numbers
    #[arg(long, value_name = "MAJOR.MINOR")]
    pub line: Option<String>,
}

/// Which number goes up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum BumpName {
    /// The first: breaking changes
    Major,
    /// The second: features
    Minor,
    /// The third: fixes
    Patch,
}

impl From<BumpName> for Bump {
    fn from(name: BumpName) -> Self {
        match name {
            BumpName::Major => Self::Major,
            BumpName::Minor => Self::Minor,
            BumpName::Patch => Self::Patch,
        }
    }
}

/// `gonogo next`
#[derive(Debug, Clone, Default, Args)]
#[command(
    after_help = "Without --line: the trunk and the lines that are supported. Changes are weighed by Conventional \
    Commits and, with a token, by what [process.labels] says of the labels of their pull requests; of the two the heavier \
    counts. Exit codes: 0 printed, 2 wrong arguments or no process, 3 could not read."
)]
pub struct NextArgs {
    /// The repository and the form.
    #[command(flatten)]
    pub of: VersionsOf,
    /// Only this branch
    #[arg(long, value_name = "BRANCH")]
    pub line: Option<String>,
    /// The number to raise, in place of the one that the changes ask for
    #[arg(long, value_name = "NUMBER")]
    pub bump: Option<BumpName>,
    /// Do not ask the forge for labels
    #[arg(long)]
    pub offline: bool,
}

/// Who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum AudienceName {
    /// Everybody: no internal section
    #[default]
    External,
    /// The project or company: every section
    Internal,
}

impl From<AudienceName> for Audience {
    fn from(name: AudienceName) -> Self {
        match name {
            AudienceName::External => Self::External,
            AudienceName::Internal => Self::Internal,
        }
    }
}

/// `gonogo notes`
#[derive(Debug, Clone, Default, Args)]
#[command(
    after_help = "Without --tag and --line: what comes next on the trunk. Without --since: since the last final \
    version before it. Warnings go to standard error. Exit codes: 0 printed, 2 wrong arguments or no process, 3 could \
    not read."
)]
pub struct NotesArgs {
    /// The repository and the form.
    #[command(flatten)]
    pub of: VersionsOf,
    /// The version: a tag that is there, or one that comes next on its line
    #[arg(long, value_name = "TAG")]
    pub tag: Option<String>,
    /// The branch, for what comes next on it
    #[arg(long, value_name = "BRANCH", conflicts_with = "tag")]
    pub line: Option<String>,
    /// The version before
    #[arg(long, value_name = "TAG")]
    pub since: Option<String>,
    /// Who reads them
    #[arg(long, value_enum, default_value_t)]
    pub audience: AudienceName,
    /// Do not ask the forge
    #[arg(long)]
    pub offline: bool,
}
