//! Caps, time limits and cancelling.

use gonogo::spawn::{Call, Cancel, Program, SpawnError};
use std::time::{Duration, Instant};

fn sh(script: &str) -> Call {
    Call::new(&Program::find("sh").unwrap()).args(["-c", script])
}

fn block<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// Whether a process is there and no zombie.
fn is_alive(pid: i32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    !stat.is_empty() && !stat.contains(") Z ")
}

/// A script that starts a grandchild, writes the ids of both to a file, and would go on for ever: nobody writes to
/// the pipe that the grandchild opens, and neither writes anything, so that no closed output ends them.
fn family(dir: &std::path::Path, before: &str) -> Call {
    sh(&format!(
        "{before} mkfifo '{0}/pipe'; cat '{0}/pipe' & echo $$ $! > '{0}/new'; mv '{0}/new' '{0}/ids'; wait; wait",
        dir.display()
    ))
}

fn ids(dir: &std::path::Path) -> Vec<i32> {
    let text = std::fs::read_to_string(dir.join("ids")).unwrap();
    text.split_whitespace().map(|id| id.parse().unwrap()).collect()
}

/// Signals have been sent; the end of the processes may be a moment later, but no more.
fn await_end(dir: &std::path::Path) {
    let start = Instant::now();
    while ids(dir).into_iter().any(is_alive) {
        assert!(start.elapsed() < Duration::from_secs(10), "still there");
        std::thread::yield_now();
    }
}

#[test]
fn what_is_over_the_cap_is_read_and_thrown_away() {
    let output =
        block(sh("head -c 1000000 /dev/zero; head -c 9 /dev/zero >&2").caps(1000, 10).run(&Cancel::new()))
            .unwrap();
    assert_eq!((output.stdout.len(), output.stderr.len(), output.truncated), (1000, 9, true));
    assert!(output.status.success(), "it could write all of it");
    let output = block(sh("printf abc; printf de >&2").caps(3, 2).run(&Cancel::new())).unwrap();
    assert!(!output.truncated, "just full is not cut");
    assert_eq!(output.stdout, b"abc");
}

#[test]
fn time_is_up_for_the_whole_family() {
    let dir = tempfile::TempDir::new().unwrap();
    let call = family(dir.path(), "").timeout(Duration::from_millis(3_500));
    let error = block(call.run(&Cancel::new())).unwrap_err();
    assert!(matches!(error, SpawnError::TimedOut { .. }), "{error}");
    assert!(error.to_string().ends_with("took longer than 3.5 s and was stopped"), "{error}");
    assert_eq!(ids(dir.path()).len(), 2);
    await_end(dir.path());
}

#[test]
fn cancelling_ends_the_family_also_one_that_will_not_listen() {
    for before in ["", "trap '' TERM;"] {
        let dir = tempfile::TempDir::new().unwrap();
        let cancel = Cancel::new();
        let error = block(async {
            let call = family(dir.path(), &format!("{before} echo starting >&2;"));
            let stop = cancel.clone();
            let marker = dir.path().join("ids");
            // Cancelled as soon as both processes are known to run.
            let watch = async {
                while !marker.exists() {
                    tokio::task::yield_now().await;
                }
                stop.cancel();
            };
            tokio::join!(call.run(&cancel), watch).0
        });
        assert!(matches!(error, Err(SpawnError::Cancelled(_))), "{error:?}");
        await_end(dir.path());
    }
}

#[test]
fn dropping_the_future_ends_the_family() {
    let dir = tempfile::TempDir::new().unwrap();
    let marker = dir.path().join("ids");
    block(async {
        let (call, cancel) = (family(dir.path(), ""), Cancel::new());
        tokio::select! {
            _ = call.run(&cancel) => panic!("it would go on for ever"),
            () = async { while !marker.exists() { tokio::task::yield_now().await } } => {}
        }
    });
    await_end(dir.path());
}

#[test]
fn a_daemon_that_keeps_the_pipe_open_does_not_hold_us() {
    let start = Instant::now();
    let dir = tempfile::TempDir::new().unwrap();
    let script = format!("mkfifo '{0}/pipe'; cat '{0}/pipe' & echo $!", dir.path().display());
    let output = block(sh(&script).run(&Cancel::new())).unwrap();
    let daemon: i32 = String::from_utf8(output.stdout).unwrap().trim().parse().unwrap();
    assert!(start.elapsed() < Duration::from_secs(20));
    assert!(is_alive(daemon), "it was not ours to end");
    rustix::process::kill_process(
        rustix::process::Pid::from_raw(daemon).unwrap(),
        rustix::process::Signal::KILL,
    )
    .unwrap();
}

#[test]
fn progress_is_heard_as_it_comes() {
    let mut heard = Vec::new();
    let mut hear = |piece: &[u8]| heard.extend_from_slice(piece);
    let output = block(sh("printf 'one\\rtwo\\n' >&2").run_heard(&Cancel::new(), &mut hear)).unwrap();
    assert_eq!(heard, b"one\rtwo\n");
    assert_eq!(output.stderr, heard);
}

#[test]
fn what_is_cancelled_before_does_not_start() {
    let dir = tempfile::TempDir::new().unwrap();
    let cancel = Cancel::new();
    cancel.clone().cancel();
    assert!(cancel.is_cancelled());
    let ended = block(sh(&format!("touch '{}/x'", dir.path().display())).run(&cancel));
    assert!(matches!(ended, Err(SpawnError::Cancelled(_))));
    assert!(!dir.path().join("x").exists());
    block(cancel.cancelled());
}
