//! `gonogo versions`: every tag has its class, and the order is that of versions.

use super::bench::Bench;
use serde_json::Value;

fn bench(tags: &[&str]) -> Bench {
    let bench = Bench::empty();
    bench.yard.commit("f", "1\n", "Start");
    for tag in tags {
        bench.yard.git(&["tag", tag]);
    }
    bench
}

const TAGS: [&str; 8] =
    ["v0.9.0", "v0.10.0", "v0.10.0rc9", "v0.10.0rc10", "0.8.0", "v0.9.1.dev3", "nightly", "apis/v1.0.0"];

#[test]
fn the_newest_version_comes_first_and_what_is_none_says_why() {
    let bench = bench(&TAGS);
    let ran = bench.run(&["versions", "--json", "--process", "llama-stack"]);
    ran.is_clean();
    assert_eq!(ran.code, 0);
    let value: Value = serde_json::from_str(&ran.out).unwrap();
    let rows = value["tags"].as_array().unwrap();
    let of = |key: &str| rows.iter().map(|row| row[key].to_string()).collect::<Vec<_>>();
    let tags: Vec<_> = rows.iter().map(|row| row["tag"].as_str().unwrap()).collect();
    assert_eq!(
        tags,
        ["v0.10.0", "v0.10.0rc10", "v0.10.0rc9", "v0.9.1.dev3", "v0.9.0", "0.8.0", "apis/v1.0.0", "nightly"]
    );
    assert_eq!(of("candidate")[..4], ["null", "10", "9", "null"]);
    assert_eq!(of("final")[..6], ["true", "false", "false", "false", "true", "true"]);
    assert_eq!(of("kind")[3], "\"prerelease\"");
    assert_eq!(of("line")[4], "\"0.9\"");
    assert!(rows[5]["note"].as_str().unwrap().contains("without the prefix"));
    assert!(rows[6]["reason"].as_str().unwrap().contains("a part of the repository"));
    assert!(rows[7]["reason"].as_str().unwrap().contains("no version"));
    assert!(rows[..6].iter().all(|row| row["reason"].is_null()));
}

#[test]
fn a_line_alone_can_be_asked_for() {
    let bench = bench(&TAGS);
    let ran = bench.run(&["versions", "--process", "llama-stack", "--line", "0.10"]);
    ran.is_clean();
    let first: Vec<_> = ran.out.lines().map(|line| line.split_whitespace().next().unwrap()).collect();
    assert_eq!(first, ["v0.10.0", "v0.10.0rc10", "v0.10.0rc9", "3"]);
    assert!(ran.out.ends_with("3 tags, 1 final, 2 candidates\n"), "{}", ran.out);
    let ran = bench.run(&["versions", "--process", "llama-stack", "--line", "7.7"]);
    assert_eq!((ran.code, ran.err.contains("no tag is a version of 7.7")), (2, true), "{}", ran.err);
}

#[test]
fn without_a_process_nothing_is_guessed() {
    let bench = bench(&TAGS);
    let ran = bench.run(&["versions"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("[process.version]"), "{}", ran.err);
    assert_eq!(bench.run_in(&bench.path("home"), &["versions", "--process", "llama-stack"]).code, 2);
}
