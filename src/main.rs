//! The gonogo command: arguments, one call, exit code.

use clap::Parser as _;
use gonogo::cli::{Cli, Command, Exit, Said, answer};
use std::process::ExitCode;

fn main() -> ExitCode {
    // Nothing is unwound: what a panic leaves to be done, its hook does, and it ends the program.
    gonogo::engine::terminal::guard_panics();
    let cli = Cli::parse();
    let command =
        cli.command.unwrap_or(Command::Open(gonogo::cli::args::OpenArgs { path: None, options: cli.open }));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let said = match runtime {
        Ok(runtime) => runtime.block_on(answer(&command)),
        Err(why) => Some(Said::err(Exit::Unread, format!("the runtime cannot start: {why}"))),
    };
    said.unwrap_or_else(|| Said::err(Exit::Usage, "this command is not built in")).print().into()
}
