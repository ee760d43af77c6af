//! The command line: every command, option and what is said of it.

pub use super::journal_args::{
    ExportArgs, JournalArgs, JournalCommand, MetricsArgs, ShowArgs, VerifyArgs, Which,
};
pub use super::queue_args::{NextArgs, NotesArgs, PicksArgs, PredictArgs, VersionsArgs};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

const AFTER: &str = "\
Exit codes: 0 done or go, 1 no-go or hold (status), 2 wrong arguments or configuration, \
or no git repository there, 3 could not read or tell, 4 a pick conflicts (predict).

Configuration: config.toml in the configuration directory (`gonogo config` says where), gonogo.toml in \
the repository, GONOGO_* variables, then the options here; each overrides the one before.
";

/// A release cockpit for the terminal: one screen that answers whether we are go.
#[derive(Debug, Clone, Parser)]
#[command(name = "gonogo", version, after_help = AFTER, args_conflicts_with_subcommands = true, max_term_width = 100)]
pub struct Cli {
    /// What to do; without it the cockpit opens on the repository of the current directory.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Options of `open`, for when no command is given.
    #[command(flatten)]
    pub open: OpenOptions,
}

/// The commands.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Open the cockpit on a repository
    Open(OpenArgs),
    /// Open the cockpit on an embedded forge with a made-up repository: nothing leaves this machine
    Demo(DemoArgs),
    /// Write a gonogo.toml for this repository from what is found in it
    Init(InitArgs),
    /// Turn a written release process (Markdown) into a draft of a process file
    Import(ImportArgs),
    /// Check the configuration and the process, and report what is wrong or contradicts itself
    Check(CheckArgs),
    /// Open the cockpit in the meeting: gone on with where it was left, or begun
    Meet(OpenArgs),
    /// Print the go/no-go poll
    Status(StatusArgs),
    /// Print the pick queue of each line: what waits, what is there already, and what shows it
    Picks(PicksArgs),
    /// Say what picking commits onto a branch would come to, without picking; needs no forge
    Predict(PredictArgs),
    /// Print every tag as the process reads it: kind, version, line, candidate; needs no forge
    Versions(VersionsArgs),
    /// Print the version and the candidate that each branch leads to, with the reasons; needs no forge
    Next(NextArgs),
    /// Print the release notes of a version as Markdown, from git and, with a token, from the forge
    Notes(NotesArgs),
    /// Say whether everything the cockpit needs is there
    Doctor(DoctorArgs),
    /// Look into the journal of a release
    Journal(JournalArgs),
    /// Print what the releases of this repository came to, release over release, from their journals
    Metrics(MetricsArgs),
    /// Show a journal as it happened; nothing can be changed
    Replay(ReplayArgs),
    /// Print every key and what it does
    Keys(KeysArgs),
    /// Print the configuration in force, and where each value comes from
    Config(ConfigArgs),
    /// Themes
    Themes(ThemesArgs),
    /// Print completions for a shell
    Completions(CompletionsArgs),
    /// Print the manual page
    Man,
}

/// Which release of which repository, and how its forge is reached.
#[derive(Debug, Clone, Default, Args)]
pub struct Target {
    /// The release to drive, v1.2.0; without it the one in progress, or a picker
    #[arg(long, value_name = "NAME")]
    pub release: Option<String>,
    /// The process: a preset's name or a TOML file
    #[arg(long, value_name = "NAME")]
    pub process: Option<String>,
    /// The remote that is the forge, when there are several
    #[arg(long, value_name = "NAME")]
    pub remote: Option<String>,
    /// The repository on the forge, OWNER/NAME, where the remote does not say
    #[arg(long, value_name = "OWNER/NAME")]
    pub repository: Option<String>,
    /// The address of the forge's API
    #[arg(long, value_name = "URL")]
    pub api_url: Option<String>,
    /// A command that prints the token for the forge; no shell, blanks separate arguments
    #[arg(long, value_name = "COMMAND")]
    pub token_command: Option<String>,
    /// Another configuration file than the user's
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// How the cockpit looks.
#[derive(Debug, Clone, Default, Args)]
pub struct Look {
    /// auto, dark, light, ansi16, mono, colourblind, present, or a theme of your own
    #[arg(long, value_name = "NAME")]
    pub theme: Option<String>,
    /// Which symbols are drawn
    #[arg(long, value_enum)]
    pub glyphs: Option<GlyphSet>,
    /// Leave the mouse to the terminal
    #[arg(long)]
    pub no_mouse: bool,
    /// Nothing moves by itself
    #[arg(long)]
    pub no_animations: bool,
    /// Presentation mode: larger, plainer, private fields hidden
    #[arg(long)]
    pub present: bool,
    /// Plain lines for screen readers: no full screen, no boxes, numbered choices
    #[arg(long)]
    pub accessible: bool,
}

/// Which symbols are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum GlyphSet {
    /// Symbols that are one cell wide everywhere
    Unicode,
    /// Characters of ASCII alone
    Ascii,
    /// The private symbols of a patched font
    Nerd,
}

/// Options of `open`.
#[derive(Debug, Clone, Default, Args)]
pub struct OpenOptions {
    /// The release and the forge.
    #[command(flatten)]
    pub target: Target,
    /// Open several releases in one sitting, the lowest first: v1.18.4,v1.19.3,v1.20.1. Without a value, or with
    /// next, the next patch of each supported line is proposed; none leaves the set
    #[arg(long, value_name = "VERSIONS", num_args = 0..=1, default_missing_value = "next")]
    pub set: Option<String>,
    /// Look only: every key that writes is off
    #[arg(long)]
    pub read_only: bool,
    /// Show plans and send none of them
    #[arg(long)]
    pub dry_run: bool,
    /// The look.
    #[command(flatten)]
    pub look: Look,
}

/// `gonogo open`
#[derive(Debug, Clone, Default, Args)]
pub struct OpenArgs {
    /// A path in the repository; the current directory unless given
    pub path: Option<PathBuf>,
    /// The options.
    #[command(flatten)]
    pub options: OpenOptions,
}

/// `gonogo demo`
#[derive(Debug, Clone, Default, Args)]
pub struct DemoArgs {
    /// The preset that the made-up project follows, or a file that starts from one
    #[arg(long, value_name = "NAME")]
    pub process: Option<String>,
    /// Where the repository and the journal are kept, to come back to; a temporary directory unless given
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// The release that is opened, by its version; the one that is under way unless given
    #[arg(long, value_name = "VERSION")]
    pub release: Option<String>,
    /// Open several releases in one sitting, the lowest first: v0.4.4,v0.5.5,v0.6.2
    #[arg(long, value_name = "VERSIONS")]
    pub set: Option<String>,
    /// Serve this clone instead of a made-up repository; it is copied, not changed
    #[arg(long, value_name = "PATH", conflicts_with_all = ["hostile", "volume"])]
    pub repo: Option<PathBuf>,
    /// The remote of that clone whose branches are served, when there are several
    #[arg(long, value_name = "NAME", requires = "repo")]
    pub remote: Option<String>,
    /// Fill every text with what a terminal must not obey
    #[arg(long)]
    pub hostile: bool,
    /// Make this many issues
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=20_000))]
    pub volume: Option<u32>,
    /// Look only: every key that writes is off
    #[arg(long)]
    pub read_only: bool,
    /// Show plans and send none of them
    #[arg(long)]
    pub dry_run: bool,
    /// The look.
    #[command(flatten)]
    pub look: Look,
}

/// `gonogo init`
#[derive(Debug, Clone, Default, Args)]
pub struct InitArgs {
    /// A path in the repository; the current directory unless given
    pub path: Option<PathBuf>,
    /// Replace a gonogo.toml that is there
    #[arg(long)]
    pub force: bool,
    /// Print the file instead of writing it
    #[arg(long, conflicts_with = "force")]
    pub stdout: bool,
}

/// `gonogo import`
#[derive(Debug, Clone, Default, Args)]
pub struct ImportArgs {
    /// The document: a RELEASE.md, a tracking issue's template
    #[arg(value_name = "FILE.md")]
    pub file: PathBuf,
    /// Write the draft to this file instead of standard output
    #[arg(short, long, value_name = "OUT")]
    pub output: Option<PathBuf>,
    /// Replace OUT when it is there
    #[arg(long, requires = "output")]
    pub force: bool,
    /// Print what was found as JSON, the draft in it
    #[arg(long)]
    pub json: bool,
}

/// `gonogo check`
#[derive(Debug, Clone, Default, Args)]
pub struct CheckArgs {
    /// Files to check: a gonogo.toml or a directory with one, a config.toml, or a process file; the ones in force unless
    /// given
    pub files: Vec<PathBuf>,
    /// Check this preset
    #[arg(long, value_name = "NAME")]
    pub process: Option<String>,
    /// Another configuration file than the user's
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `gonogo status`
#[derive(Debug, Clone, Args)]
pub struct StatusArgs {
    /// A path in the repository; the current directory unless given
    pub path: Option<PathBuf>,
    /// The release and the forge.
    #[command(flatten)]
    pub target: Target,
    /// Print where each release of a set stands, go only if all are; without a value, of the set on record
    #[arg(long, value_name = "VERSIONS", num_args = 0..=1, default_missing_value = "open")]
    pub set: Option<String>,
    /// How long to wait for all that is read, then it is said what could not be read
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub timeout: u64,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `gonogo doctor`
#[derive(Debug, Clone, Default, Args)]
pub struct DoctorArgs {
    /// A path in the repository; the current directory unless given
    pub path: Option<PathBuf>,
    /// The release and the forge.
    #[command(flatten)]
    pub target: Target,
    /// Do not ask the forge
    #[arg(long)]
    pub offline: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `gonogo replay`
#[derive(Debug, Clone, Default, Args)]
pub struct ReplayArgs {
    /// Which journal.
    #[command(flatten)]
    pub which: Which,
    /// The look.
    #[command(flatten)]
    pub look: Look,
}

/// `gonogo keys`
#[derive(Debug, Clone, Default, Args)]
pub struct KeysArgs {
    /// Print Markdown
    #[arg(long)]
    pub markdown: bool,
    /// Another configuration file than the user's
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// `gonogo config`
#[derive(Debug, Clone, Default, Args)]
pub struct ConfigArgs {
    /// A path in the repository; the current directory unless given
    pub path: Option<PathBuf>,
    /// Print the default configuration with every key explained, to start your own from
    #[arg(long, conflicts_with = "json")]
    pub default: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Another configuration file than the user's
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// `gonogo themes`
#[derive(Debug, Clone, Args)]
pub struct ThemesArgs {
    /// What to do with them.
    #[command(subcommand)]
    pub command: ThemesCommand,
}

/// The commands of `gonogo themes`.
#[derive(Debug, Clone, Subcommand)]
pub enum ThemesCommand {
    /// Print a base16 scheme (YAML) as a theme
    Import {
        /// The scheme
        #[arg(value_name = "FILE.yaml")]
        file: PathBuf,
    },
}

/// `gonogo completions`
#[derive(Debug, Clone, Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}
