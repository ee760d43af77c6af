//! What the user typed: arguments, commands and exit codes.
//!
//! [`answer`] runs a command. Most print and end; those that take the terminal have files of their own.

pub mod alias;
pub mod args;
mod asked;
pub mod burned;
mod check;
pub mod demo;
pub mod doctor;
pub mod exit;
mod import;
pub mod init;
pub mod journal;
pub mod journal_args;
mod metrics;
pub mod next;
pub mod notes;
pub mod open;
mod pick_words;
pub mod picks;
pub mod predict;
mod queue_args;
pub mod replay;
mod set;
pub mod setup;
pub mod status;
mod status_set;
pub mod tables;
pub mod token;
pub mod versions;
mod witness;

pub use args::{Cli, Command};
pub use exit::{Exit, Said};
pub use setup::Setup;

/// Runs a command; none for one that is not built in.
pub async fn answer(command: &Command) -> Option<Said> {
    Some(match command {
        Command::Check(args) => check::check(args),
        Command::Doctor(args) => doctor::doctor(args).await,
        Command::Init(args) => init::init(args).await,
        Command::Import(args) => import::import(args),
        Command::Journal(args) => journal::journal(args).await,
        Command::Metrics(args) => metrics::metrics(args),
        Command::Keys(args) => tables::keys(args),
        Command::Config(args) => tables::config(args),
        Command::Completions(args) => tables::completions(args),
        Command::Themes(args) => tables::themes(args),
        Command::Man => tables::man(),
        Command::Picks(args) => picks::picks(args).await,
        Command::Predict(args) => predict::predict(args).await,
        Command::Versions(args) => versions::versions(args).await,
        Command::Next(args) => next::next(args).await,
        Command::Notes(args) => notes::notes(args).await,
        Command::Open(args) => open::open(args).await,
        Command::Meet(args) => open::meet(args).await,
        Command::Status(args) => status::status(args).await,
        Command::Replay(args) => replay::replay(args).await,
        Command::Demo(args) => demo::demo(args).await,
    })
}
