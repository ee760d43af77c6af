//! The arguments of the commands that look into a journal.

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `gonogo journal`
#[derive(Debug, Clone, Args)]
pub struct JournalArgs {
    /// What to do with it.
    #[command(subcommand)]
    pub command: JournalCommand,
}

/// Which journal.
#[derive(Debug, Clone, Default, Args)]
pub struct Which {
    /// The journal's directory or one of its files; the one of this repository's release unless given
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// A path in the repository, when no file is given; the current directory unless given
    #[arg(long, value_name = "PATH", conflicts_with = "file")]
    pub repo: Option<PathBuf>,
    /// The release, when the repository has journals of several
    #[arg(long, value_name = "NAME", conflicts_with = "file")]
    pub release: Option<String>,
}

/// The commands of `gonogo journal`.
#[derive(Debug, Clone, Subcommand)]
pub enum JournalCommand {
    /// Print where the journal lies
    Path(Which),
    /// Check every line's hash, and that no line is missing; exit 1 when something was changed, 3 when unreadable
    Verify(VerifyArgs),
    /// Print what happened, an entry a line
    Show(ShowArgs),
    /// Print the whole journal as minutes or as JSON
    Export(ExportArgs),
}

/// `gonogo journal verify`
#[derive(Debug, Clone, Default, Args)]
pub struct VerifyArgs {
    /// Which journal.
    #[command(flatten)]
    pub which: Which,
    /// Whether it holds the entry that this annotated tag of the repository here names (`Journal-Head:`)
    #[arg(long, value_name = "TAG")]
    pub tag: Vec<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `gonogo journal show`
#[derive(Debug, Clone, Default, Args)]
pub struct ShowArgs {
    /// Which journal.
    #[command(flatten)]
    pub which: Which,
    /// Only the last entries
    #[arg(short = 'n', long, value_name = "N")]
    pub last: Option<usize>,
    /// Only entries whose kind starts so: pick, ref.create
    #[arg(long, value_name = "KIND")]
    pub kind: Option<String>,
    /// Only entries of this person
    #[arg(long, value_name = "LOGIN")]
    pub by: Option<String>,
}

/// `gonogo journal export`
#[derive(Debug, Clone, Default, Args)]
#[command(group = clap::ArgGroup::new("form").required(true))]
pub struct ExportArgs {
    /// Which journal.
    #[command(flatten)]
    pub which: Which,
    /// As minutes for people
    #[arg(long, group = "form")]
    pub markdown: bool,
    /// As JSON, verified and complete
    #[arg(long, group = "form")]
    pub json: bool,
}

/// `gonogo metrics`
#[derive(Debug, Clone, Default, Args)]
#[command(after_help = super::metrics::EXITS, after_long_help = super::metrics::legend())]
pub struct MetricsArgs {
    /// A path in the repository; the current directory unless given
    pub path: Option<PathBuf>,
    /// Only releases whose final version was tagged on this day (UTC) or later; without one, that were worked on then
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub since: Option<chrono::NaiveDate>,
    /// Print JSON, a release an object
    #[arg(long, conflicts_with = "csv")]
    pub json: bool,
    /// Print CSV, a release a row
    #[arg(long)]
    pub csv: bool,
}
