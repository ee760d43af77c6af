//! What a process gets: its arguments as they are, a clean environment, its input.

use gonogo::spawn::{Call, Cancel, KEPT, Output, Program, SpawnError};

fn run(call: &Call) -> Result<Output, SpawnError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(call.run(&Cancel::new()))
}

fn call(name: &str) -> Call {
    Call::new(&Program::find(name).unwrap())
}

fn text(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

#[test]
fn no_shell_reads_the_arguments() {
    let words = ["$(id)", "`id`", "a b", "", "*", "; echo x", "\u{202e}", "'"];
    let output = run(&call("printf").arg("%s\\n").args(words)).unwrap();
    assert_eq!(text(&output).lines().collect::<Vec<_>>(), words);
    assert!(output.status.success() && !output.truncated);
}

#[test]
fn the_environment_is_clean() {
    // cargo sets dozens of variables for a test; none of them is one that a process keeps.
    assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_some());
    let output = run(&call("env").env("GONOGO_X", "1 2").env("PATH", "/chosen")).unwrap();
    let names: Vec<_> = text(&output).lines().filter_map(|line| line.split_once('=')).collect();
    assert!(names.contains(&("GONOGO_X", "1 2")) && names.contains(&("PATH", "/chosen")));
    for (name, _) in names {
        assert!(KEPT.contains(&name) || name == "GONOGO_X", "{name} came along");
    }
    let output = run(&call("env").keep(&["CARGO_MANIFEST_DIR"])).unwrap();
    assert!(text(&output).contains("CARGO_MANIFEST_DIR="));
    for name in [
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_CONFIG_COUNT",
        "LD_PRELOAD",
    ] {
        assert!(!KEPT.contains(&name), "{name}");
    }
}

#[test]
fn input_larger_than_a_pipe_goes_round() {
    let bytes: Vec<u8> = (0..3 << 20).map(|at: u32| at.to_le_bytes()[1]).collect();
    let output = run(&call("cat").stdin(bytes.clone())).unwrap();
    assert!(output.stdout == bytes, "what went in came out");
}

#[test]
fn a_process_may_leave_its_input_unread() {
    let output = run(&call("true").stdin(vec![b'x'; 4 << 20])).unwrap();
    assert!(output.status.success());
}

#[test]
fn it_runs_where_it_is_told_and_its_status_is_no_error() {
    let dir = tempfile::TempDir::new().unwrap();
    let output = run(&call("pwd").dir(dir.path())).unwrap();
    assert_eq!(text(&output).trim_end(), dir.path().canonicalize().unwrap().to_str().unwrap());
    assert_eq!(run(&call("sh").args(["-c", "echo no >&2; exit 7"])).unwrap().status.code(), Some(7));
    let gone = run(&call("pwd").dir(&dir.path().join("gone")));
    assert!(matches!(gone, Err(SpawnError::Start { .. })), "{gone:?}");
}

#[test]
fn a_captured_call_on_the_terminal_keeps_its_cap() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let call = call("echo").arg("four").caps(3, 0);
    let output = runtime.block_on(call.attended_captured()).unwrap();
    assert_eq!((output.stdout.as_slice(), output.truncated), (b"fou".as_slice(), true));
}

#[test]
fn a_program_of_the_user_gets_the_whole_environment() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let script = "test -n \"$CARGO_MANIFEST_DIR\" && test \"$GONOGO_X\" = 1";
    let call = call("sh").args(["-c", script]).env("GONOGO_X", "1");
    assert!(runtime.block_on(call.attended()).unwrap().success());
}
