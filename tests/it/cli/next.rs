//! `gonogo next`: what scripts read.

use super::bench::Bench;
use serde_json::Value;

#[test]
fn the_trunk_and_its_lines_say_what_comes_next() {
    let bench = Bench::empty();
    bench.yard.commit("f", "1\n", "feat: start (#1)");
    bench.yard.git(&["branch", "release-0.3.x"]);
    bench.yard.git(&["tag", "v0.3.0"]);
    bench.yard.git(&["checkout", "-q", "release-0.3.x"]);
    bench.yard.commit("f", "2\n", "fix: two (#2)");
    bench.yard.git(&["tag", "v0.3.1"]);
    bench.yard.git(&["checkout", "-q", "main"]);
    bench.yard.commit("f", "2\n", "fix: two (#2)");
    bench.yard.commit("f", "3\n", "feat!: three (#3)");
    let ran = bench.run(&["next", "--json", "--process", "llama-stack"]);
    ran.is_clean();
    assert_eq!(ran.code, 0);
    let value: Value = serde_json::from_str(&ran.out).unwrap();
    let rows = value["next"].as_array().unwrap();
    let of = |row: usize, path: &str| rows[row].pointer(path).unwrap().clone();
    assert_eq!((rows.len(), of(0, "/branch"), of(1, "/branch")), (2, "main".into(), "release-0.3.x".into()));
    assert_eq!((of(0, "/next/tag"), of(0, "/candidate/tag")), ("v0.4.0".into(), "v0.4.0rc1".into()));
    assert_eq!(of(0, "/changes/breaking"), 1);
    assert_eq!(of(0, "/changes/fixes"), 0, "the same patch is on the line that v0.3.1 was made on");
    assert_eq!((of(1, "/next/tag"), of(1, "/candidate")), ("v0.3.2".into(), Value::Null));
    let ran = bench.run(&["next", "--process", "llama-stack", "--line", "release-0.3.x"]);
    ran.is_clean();
    assert!(ran.out.starts_with("release-0.3.x  v0.3.2  patch, stream patch\n"), "{}", ran.out);
    let ran = bench.run(&["next", "--process", "llama-stack", "--line", "--upload-pack=x"]);
    assert_eq!(ran.code, 2);
    let ran = bench.run(&["next", "--process", "llama-stack", "--line=--upload-pack=x"]);
    assert_eq!((ran.code, ran.err.contains("is no line of the process here")), (2, true), "{}", ran.err);
    assert_eq!(bench.run(&["next"]).code, 2, "nothing is guessed");
}

#[test]
fn a_trunk_under_its_other_name_is_the_trunk_and_one_that_is_not_there_is_named() {
    let bench = Bench::empty();
    bench.yard.commit("f", "1\n", "feat: start (#1)");
    bench.yard.git(&["tag", "v1.20.0"]);
    bench.yard.git(&["branch", "release-1.20"]);
    bench.yard.commit("f", "2\n", "feat: more (#2)");
    let first = |process: &str| {
        let ran = bench.run(&["next", "--json", "--process", process]);
        ran.is_clean();
        let value: Value = serde_json::from_str(&ran.out).unwrap();
        (value.pointer("/next/0/branch").cloned(), ran.err)
    };
    // This one says master, and main as its name of today.
    let said = "note: labels do not weigh: this repository is on no forge\n";
    assert_eq!(first("crossplane"), (Some("main".into()), said.to_owned()));
    bench.yard.git(&["branch", "-m", "main", "devel"]);
    let (branch, said) = first("crossplane");
    assert_ne!(branch, Some("devel".into()), "nothing is guessed");
    assert!(said.contains("\"master\" or \"main\", is not in this clone"), "{said}");
    assert!(said.contains("[process.branches]"), "{said}");
    bench.yard.git(&["update-ref", "refs/remotes/origin/devel", "devel"]);
    bench.yard.git(&["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/devel"]);
    bench.yard.git(&["remote", "add", "origin", "https://github.com/octo/widget.git"]);
    let (_, said) = first("crossplane");
    assert!(said.contains("write trunk = \"devel\""), "{said}");
    let ran = bench.run(&["doctor", "--offline", "--process", "crossplane"]);
    assert!(ran.out.contains("write trunk = \"devel\""), "{}", ran.out);
}
