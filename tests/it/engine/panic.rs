//! A panic in the cockpit: the terminal is given back, what is said is safe to read, the journal is whole.

use super::demo::{journal, printed};
use super::leaving::{opening, repository};
use super::pty::Term;
use std::path::PathBuf;

/// Where the child is told to break.
const FIFO: &str = "GONOGO_TEST_BREAK";
/// What it says then: a token, and a sequence that would clear the screen.
const SAID: &str = "broken by ghp_0123456789abcdefghijABCDEFGHIJ012345 \u{1b}[2J in the test";

/// The cockpit in this process, with a thread that breaks when told. Only the test below starts it so.
#[test]
#[ignore = "the other test starts it, in a terminal of its own"]
fn a_cockpit_that_breaks() {
    let Some(fifo) = std::env::var_os(FIFO).map(PathBuf::from) else { return };
    std::thread::spawn(move || {
        std::fs::read(fifo).unwrap();
        panic!("{SAID}");
    });
    use clap::Parser as _;
    let path = std::env::current_dir().unwrap().join("repo");
    let args = ["gonogo", "open", path.to_str().unwrap(), "--release", "v0.6.2", "--process", "llama-stack"];
    let cli = gonogo::cli::Cli::parse_from(args);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let said = runtime.block_on(gonogo::cli::answer(&cli.command.unwrap()));
    panic!("it ended by itself: {said:?}");
}

#[test]
fn a_panic_gives_the_terminal_back_and_says_what_broke_without_secrets() {
    let yard = repository();
    let fifo = yard.root().join("break");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &fifo,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
        0,
    )
    .unwrap();
    let like = opening(&yard, &[]);
    #[expect(clippy::disallowed_methods, reason = "a test starts itself, to break in a terminal of its own")]
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "engine::panic::a_cockpit_that_breaks", "--ignored", "--nocapture"]);
    command.env_clear().envs(like.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.env(FIFO, &fifo).env("RUST_BACKTRACE", "1").current_dir(yard.root());
    let mut term = Term::start(command);
    term.see("Go / no-go");
    term.see("session started");
    assert!(!term.left_on().is_empty());
    std::fs::write(&fifo, "now").unwrap();
    assert_eq!(term.end().code(), Some(101));
    assert_eq!(term.left_on(), Vec::<String>::new());
    let raw = String::from_utf8_lossy(&term.raw).into_owned();
    let last = raw.rsplit("\x1b[?1049l").next().unwrap();
    assert!(last.contains("broken by"), "{last:?}");
    assert!(last.contains("The journal is safe"), "{last:?}");
    assert!(!raw.contains("ghp_0123456789"), "{last:?}");
    assert!(!last.contains("\x1b[2J"), "{last:?}");
    printed(&["journal", "verify", journal(yard.root()).to_str().unwrap()], yard.root());
}
