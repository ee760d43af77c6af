//! `gonogo notes`: Markdown for people and JSON for scripts, from git alone.

use super::bench::Bench;
use serde_json::Value;

fn bench() -> Bench {
    let bench = Bench::empty();
    let yard = &bench.yard;
    yard.commit("f", "1\n", "feat: start (#1)");
    yard.git(&["tag", "v0.3.0"]);
    yard.commit("f", "2\n", "fix: two (#2)");
    yard.git(&["tag", "v0.4.0rc1"]);
    yard.commit("f", "3\n", "feat!: three \u{1b}[31m\u{202e}x (#3)");
    yard.commit("g", "3\n", "four <b>@octo</b>");
    bench
}

#[test]
fn what_comes_next_on_the_trunk_is_told_since_the_last_final_version() {
    let bench = bench();
    let ran = bench.run(&["notes", "--process", "llama-stack"]);
    ran.is_clean();
    assert_eq!(ran.code, 0, "{}", ran.err);
    let heads: Vec<_> = ran.out.lines().filter(|it| it.starts_with("## ")).collect();
    assert_eq!(heads, ["## Breaking changes", "## Fixes", "## Other changes"]);
    assert!(ran.out.contains("- fix: two (#2) by Ada\n"), "{}", ran.out);
    assert!(ran.out.ends_with("**Full changelog**: v0.3.0...v0.4.0\n"), "{}", ran.out);
    assert!(ran.err.contains("since the last candidate, v0.4.0rc1: 2"), "{}", ran.err);
    let since = bench.run(&["notes", "--process", "llama-stack", "--since", "v0.4.0rc1"]);
    assert!(!since.out.contains("#2") && since.out.contains("#3"), "{}", since.out);
}

#[test]
fn both_ranges_are_there_for_scripts() {
    let bench = bench();
    let ran = bench.run(&["notes", "--json", "--process", "llama-stack", "--tag", "v0.4.0rc2"]);
    let value: Value = serde_json::from_str(&ran.out).unwrap();
    let of = |path: &str| value.pointer(path).unwrap().clone();
    assert_eq!((of("/tag"), of("/tagged")), ("v0.4.0rc2".into(), Value::Null));
    assert_eq!((of("/ranges/0/since"), of("/ranges/0/kind")), ("v0.3.0".into(), "final".into()));
    assert_eq!((of("/ranges/1/since"), of("/ranges/1/kind")), ("v0.4.0rc1".into(), "candidate".into()));
    assert_eq!((of("/ranges/0/commits"), of("/ranges/1/commits")), (3.into(), 2.into()));
    assert_eq!(of("/ranges/1/sections/0/entries/0/pulls"), serde_json::json!([3]));
    let first: Value = {
        let ran = bench.run(&["notes", "--json", "--process", "llama-stack", "--tag", "v0.3.0"]);
        serde_json::from_str(&ran.out).unwrap()
    };
    assert_eq!(first["ranges"][0]["kind"], "start");
}

#[test]
fn required_sections_are_left_open_and_said() {
    let bench = bench();
    bench.yard.git(&["branch", "trunk"]);
    let ran = bench.run(&["notes", "--process", "monthly-trunk"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("## How to upgrade\n\nTODO\n"), "{}", ran.out);
    assert!(ran.err.contains("nothing is published before it is written"), "{}", ran.err);
}

#[test]
fn wrong_arguments_are_told_apart_from_what_cannot_be_read() {
    let bench = bench();
    for args in [
        &["notes"][..],
        &["notes", "--process", "llama-stack", "--tag", "nightly"],
        &["notes", "--process", "llama-stack", "--tag=--output=x"],
        &["notes", "--process", "llama-stack", "--since", "v9.9.9"],
        &["notes", "--process", "llama-stack", "--line", "topic"],
        &["notes", "--process", "llama-stack", "--line", "main", "--tag", "v0.4.0"],
    ] {
        let ran = bench.run(args);
        ran.is_clean();
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}");
    }
    let object = bench.yard.git(&["rev-parse", "v0.4.0rc1"]);
    let path = bench.yard.path().join(".git/objects").join(&object[..2]).join(&object[2..]);
    std::fs::remove_file(path).unwrap();
    let ran = bench.run(&["notes", "--process", "llama-stack"]);
    assert_eq!((ran.code, ran.out.as_str()), (3, ""), "{}", ran.err);
}
