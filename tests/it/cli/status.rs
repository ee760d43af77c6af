//! `gonogo status` takes what is here now for what it says, and reads no more than it needs.

use super::bench::Bench;

/// A clone of a repository whose origin is elsewhere, and the branch that came there since.
fn behind() -> (Bench, std::path::PathBuf) {
    let bench = Bench::new();
    let from = format!("file://{}", bench.yard.path().display());
    bench.yard.git_in(bench.yard.root(), &["clone", "-q", &from, "clone"]);
    let dir = bench.path("clone");
    (bench, dir)
}

fn gate<'j>(status: &'j serde_json::Value, title: &str) -> &'j serde_json::Value {
    let gates = status["gates"].as_array().unwrap();
    gates.iter().find(|gate| gate["title"] == title).unwrap_or_else(|| panic!("{gates:#?}"))
}

const ASKED: [&str; 6] = ["status", "--json", "--process", "llama-stack", "--release", "v1.1.0"];

#[test]
fn what_is_said_of_branches_is_said_after_the_fetch() {
    let (bench, dir) = behind();
    bench.yard.git(&["branch", "release-1.1.x"]);
    let ran = bench.run_in(&dir, &ASKED);
    ran.is_clean();
    let said: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(gate(&said, "Release branch")["verdict"], "GO", "{}", ran.out);
    assert_eq!(said["notes"], serde_json::json!([]));
}

#[test]
fn a_fetch_that_fails_is_noted_and_what_is_here_is_said() {
    let (bench, dir) = behind();
    bench.yard.git_in(&dir, &["branch", "release-1.1.x"]);
    std::fs::rename(bench.yard.path(), bench.path("moved")).unwrap();
    let ran = bench.run_in(&dir, &ASKED);
    ran.is_clean();
    let said: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(gate(&said, "Release branch")["verdict"], "GO", "{}", ran.out);
    let notes = said["notes"].as_array().unwrap();
    assert!(notes[0].as_str().unwrap().contains("branches are as of the last fetch"), "{}", ran.out);
    let ran = bench.run_in(&dir, &["status", "--process", "llama-stack", "--release", "v1.1.0"]);
    assert!(ran.out.contains("note: git fetch"), "{}", ran.out);
}

#[test]
fn a_poll_compares_no_patches_of_lines() {
    let bench = Bench::new();
    bench.yard.git(&["checkout", "-q", "release-1.0"]);
    bench.yard.commit("own", "1", "only here");
    bench.yard.git(&["checkout", "-q", "main"]);
    let real = format!("'{}' \"$@\"", crate::git::yard::git().program().path().display());
    let log = bench.path("asked");
    std::fs::create_dir(bench.path("bin")).unwrap();
    crate::git::yard::put_script(
        &bench.path("bin/git"),
        &format!("echo \"$@\" >> '{}'\nexec {real}", log.display()),
    );
    let path = format!("{}:{}", bench.path("bin").display(), std::env::var("PATH").unwrap());
    let bench = bench.variable("PATH", &path);
    let ran = bench.run(&["status", "--release", "v1.1.0"]);
    ran.is_clean();
    let asked = std::fs::read_to_string(&log).unwrap();
    assert!(asked.contains("for-each-ref"), "{asked}");
    assert!(!asked.contains("patch-id"), "{asked}");
}
