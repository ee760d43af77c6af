//! Appends made-up facts to a journal, for measuring: `cargo run --release --example fill -- JOURNAL COUNT`.

mod story;

use gonogo::journal::dir::Dir;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [journal, count] = &words[..] else {
        eprintln!("usage: fill JOURNAL COUNT");
        return ExitCode::from(2);
    };
    let dir = Dir::root(Path::new(journal)).map_err(Into::into);
    let done = dir.and_then(|dir| story::fill(dir, count.parse()?));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::from(1)
        }
    }
}
