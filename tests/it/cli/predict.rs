//! `gonogo predict`: what scripts read, and how it ends.

use super::bench::Bench;
use serde_json::Value;

/// `f` of nine lines changed three times on main, the second change on top of the first; the line is at the start.
fn bench() -> (Bench, [String; 3]) {
    let bench = Bench::empty();
    let text = |two: &str, eight: &str| format!("1\n{two}\n3\n4\n5\n6\n7\n{eight}\n9\n");
    bench.yard.commit("f", &text("2", "8"), "Start");
    bench.yard.git(&["branch", "release-1.0"]);
    let one = bench.yard.commit("f", &text("two", "8"), "Two (#1)");
    let two = bench.yard.commit("f", &text("TWO", "8"), "Two, louder (#2)");
    let far = bench.yard.commit("f", &text("TWO", "eight"), "Eight (#3)");
    (bench, [one, two, far].map(|oid| oid.to_string()))
}

#[test]
fn the_exit_code_says_the_worst() {
    let (bench, [one, two, far]) = bench();
    let code = |commits: &[&str]| {
        let words: Vec<_> = ["predict", "--onto", "release-1.0"].iter().chain(commits).copied().collect();
        let ran = bench.run(&words);
        ran.is_clean();
        ran.code
    };
    let nowhere = "00000000000000000000000000000000000000aa";
    assert_eq!(code(&[&one, &two, &far]), 0);
    assert_eq!(code(&[&one, &one]), 0, "empty is fine");
    assert_eq!(code(&["main~2", &two[..9]]), 0, "names and short ids");
    assert_eq!(code(&[&two, &far]), 4);
    assert_eq!(code(&[&two, nowhere]), 3, "unknown wins over a conflict");
    assert_eq!(code(&["abcdef12"]), 3);
    assert_eq!(bench.run(&["predict", &one]).code, 2);
    assert_eq!(bench.run(&["predict", "--onto", "release-1.0"]).code, 2);
    let ran = bench.run(&["predict", &one, "--onto", "--upload-pack=x"]);
    assert_eq!(ran.code, 2);
    let ran = bench.run(&["predict", &one, "--onto=--upload-pack=x"]);
    assert_eq!(ran.code, 2);
    assert_eq!(
        ran.err,
        "--onto: --upload-pack=x is no branch here and names no commit: fetch it, or see `git branch -a`\n"
    );
    assert_eq!(bench.run(&["predict", &one, "--onto", "main", "--mainline", "0"]).code, 2);
    assert_eq!(bench.run_in(&bench.path("home"), &["predict", &one, "--onto", "main"]).code, 3);
}

#[test]
fn people_read_a_line_a_pick() {
    let (bench, [one, two, far]) = bench();
    let ran = bench.run(&["predict", &far, &two, &one, &two, &one, "--onto", "release-1.0"]);
    ran.is_clean();
    let lines: Vec<_> = ran.out.lines().map(str::to_owned).collect();
    let tip = bench.yard.git(&["rev-parse", "--short=7", "release-1.0"]);
    assert!(lines[0].starts_with(&format!("onto refs/heads/release-1.0 {tip}, by git 2.")), "{}", lines[0]);
    let short = |oid: &str| oid[..7].to_owned();
    assert_eq!(lines[1], format!("  1 clean       {} Eight (#3)", short(&far)));
    assert_eq!(lines[2], format!("  2 conflict    {} Two, louder (#2)", short(&two)));
    assert_eq!(lines[3], "      f (content)");
    assert_eq!(lines[4], format!("  3 clean       {} Two (#1)", short(&one)));
    assert_eq!(lines[5], format!("  4 clean-after {} Two, louder (#2)", short(&two)));
    assert_eq!(lines[6], format!("      after {}; alone it conflicts in f", short(&one)));
    assert_eq!(lines.last().unwrap(), "5 picks: 2 clean, 1 clean-after, 2 conflict");
}

#[test]
fn scripts_read_json_with_both_sides_of_a_conflict() {
    let (bench, [one, two, _]) = bench();
    let ran = bench.run(&["predict", &two, &one, &two, "--onto", "release-1.0", "--json"]);
    assert_eq!(ran.code, 4);
    let value: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(value["onto"]["commit"], bench.yard.git(&["rev-parse", "release-1.0"]));
    assert_eq!(value["exit"], 4);
    let picks = value["picks"].as_array().unwrap();
    assert_eq!(picks[0]["verdict"], "conflict");
    assert_eq!(picks[0]["subject"], "Two, louder (#2)");
    let file = &picks[0]["conflicts"][0];
    assert_eq!((&file["path"], &file["kind"]), (&"f".into(), &"content".into()));
    let hunk = &file["detail"]["hunks"][0][0];
    assert_eq!(hunk["ours"]["lines"][0], "2");
    assert_eq!(hunk["base"]["lines"][0], "two");
    assert_eq!(hunk["theirs"]["lines"][0], "TWO");
    assert_eq!(picks[1]["verdict"], "clean");
    assert_eq!(picks[1]["files"][0]["how"], "modified");
    assert_eq!(picks[1]["tree"], bench.yard.git(&["rev-parse", &format!("{one}^{{tree}}")]));
    assert_eq!(picks[2]["verdict"], "clean-after");
    assert_eq!(picks[2]["needs"]["picks"][0], one);
}

#[test]
fn a_merge_is_picked_against_the_parent_that_is_named() {
    let (bench, [one, ..]) = bench();
    bench.yard.git(&["checkout", "-q", "-b", "topic"]);
    bench.yard.commit("g", "g\n", "On the side");
    bench.yard.git(&["checkout", "-q", "main"]);
    bench.yard.git(&["merge", "-q", "--no-ff", "-m", "Merge topic", "topic"]);
    let ran = bench.run(&["predict", "main", &one, "--onto", "release-1.0"]);
    assert_eq!(ran.code, 3);
    assert!(
        ran.out.contains("a merge of 2 parents: say against which one it is picked (mainline)"),
        "{}",
        ran.out
    );
    assert_eq!(bench.run(&["predict", "main", &one, "--onto", "release-1.0", "-m1"]).code, 0);
}

#[test]
fn the_remote_branch_counts_and_nothing_is_left_behind() {
    let (bench, [one, ..]) = bench();
    bench.yard.with_origin();
    bench.yard.git(&["branch", "-f", "release-1.0", &one]);
    let before = crate::git::predict::listing(&bench.yard.path());
    let ran = bench.run(&["predict", &one, "--onto", "release-1.0"]);
    assert!(ran.out.starts_with("onto refs/remotes/origin/release-1.0 "), "{}", ran.out);
    assert!(ran.out.contains("1 clean"), "{}", ran.out);
    assert_eq!(crate::git::predict::listing(&bench.yard.path()), before);
}

#[test]
fn with_a_git_that_is_too_old_each_pick_says_what_to_install() {
    let (bench, [one, ..]) = bench();
    let old = crate::git::predict::old::old_git(&bench.yard);
    let dir = bench.path("old");
    std::fs::create_dir(&dir).unwrap();
    std::os::unix::fs::symlink(old, dir.join("git")).unwrap();
    let path = format!("{}:{}", dir.display(), std::env::var("PATH").unwrap());
    let bench = bench.variable("PATH", &path);
    let ran = bench.run(&["predict", &one, "--onto", "release-1.0"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.out.contains("git 2.30.2 cannot merge in memory: install 2.38 or later"), "{ran:?}");
    assert!(ran.out.contains("1 unknown"), "{ran:?}");
}
