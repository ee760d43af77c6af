//! Appends made-up facts to a journal, for measuring: `cargo run --release --example fill -- JOURNAL COUNT`.

mod story;
mod written;

use gonogo::journal::{Store, dir::Dir};
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [journal, count] = &words[..] else {
        eprintln!("usage: fill JOURNAL COUNT");
        return ExitCode::from(2);
    };
    match fill(Path::new(journal), count) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::from(1)
        }
    }
}

fn fill(journal: &Path, count: &str) -> Result<(), Box<dyn std::error::Error>> {
    let mut store = Store::open(Dir::root(journal)?, &[], &mut |_, _| {})?;
    written::append(&mut store, count.parse()?)
}
