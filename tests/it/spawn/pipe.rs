//! Two processes joined by a pipe.

use gonogo::spawn::{Call, Cancel, Program, SpawnError};
use std::time::Duration;

fn sh(script: &str) -> Call {
    Call::new(&Program::find("sh").unwrap()).args(["-c", script])
}

fn block<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

#[test]
fn what_the_first_writes_the_second_reads() {
    // More than a pipe holds at once, so that all three must move together.
    let words = "x".repeat(300_000);
    let (first, second) = (sh("cat; exit 3").stdin(words), sh("wc -c; echo told >&2"));
    let (status, output) = block(first.run_into(&second, &Cancel::new())).unwrap();
    assert_eq!(status.code(), Some(3), "how the first ended is told");
    assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), "300000");
    assert_eq!((output.status.code(), &*output.stderr), (Some(0), &b"told\n"[..]));
}

#[test]
fn a_second_that_reads_nothing_ends_both() {
    let (status, output) = block(sh("yes").run_into(&sh("head -n 1"), &Cancel::new())).unwrap();
    assert!(!status.success(), "its reader went away");
    assert_eq!(output.stdout, b"y\n");
}

#[test]
fn what_is_too_long_is_cut_and_said() {
    let (_, output) =
        block(sh("yes | head -n 1000").run_into(&sh("cat").caps(10, 10), &Cancel::new())).unwrap();
    assert!(output.truncated && output.stdout.len() == 10);
}

#[test]
fn both_end_when_time_is_up_or_somebody_cancels() {
    let slow = sh("cat; sleep 600").timeout(Duration::from_millis(50));
    let why = block(slow.run_into(&sh("cat"), &Cancel::new())).unwrap_err();
    assert!(matches!(why, SpawnError::TimedOut { .. }), "{why}");
    let cancel = Cancel::new();
    let saying = cancel.clone();
    let why = block(async move {
        let (call, next) = (sh("sleep 600"), sh("cat"));
        let (ended, ()) = tokio::join!(call.run_into(&next, &cancel), async { saying.cancel() });
        ended.unwrap_err()
    });
    assert!(matches!(why, SpawnError::Cancelled(_)), "{why}");
}
