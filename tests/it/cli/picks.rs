//! `gonogo picks`: the queue from git alone, for people and for scripts.

use super::bench::Bench;
use serde_json::Value;

const LINE: &str = "release-1.2.x";

/// A line with a hotfix and a pick, a chart that only the trunk has, and a revert of what the line has.
pub fn bench() -> Bench {
    let toml = "[process]\npreset = \"llama-stack\"\n\n[process.picks]\npaths = [\"charts\"]\ndirection = \"either\"\n";
    let bench = Bench::empty().write("repo/gonogo.toml", toml).variable("GONOGO_READ_ONLY", "true");
    let yard = &bench.yard;
    yard.git(&["remote", "add", "origin", "https://github.com/octo/widget.git"]);
    yard.commit("a", "1\n", "Start of everything");
    yard.commit("bad", "1\n", "A mistake of old (#10)");
    yard.git(&["branch", LINE]);
    let there = yard.commit("charts/there", "1\n", "Chart that is there (#12)");
    yard.commit("charts/missing", "1\n2\n", "Chart \u{1b}[31mthat is not (#13)");
    yard.git(&["revert", "--no-edit", "HEAD~2"]);
    yard.tick();
    yard.git(&["checkout", "-q", LINE]);
    yard.git(&["cherry-pick", "-x", &there.to_string()]);
    yard.tick();
    yard.commit("hot", "1\n", "Put the fire out (#40)");
    yard.git(&["checkout", "-q", "main"]);
    bench
}

#[test]
fn the_queue_of_each_line_without_a_token() {
    let bench = bench();
    let ran = bench.run(&["picks", "--release", "v1.2.0"]);
    ran.is_clean();
    assert_eq!(ran.code, 1, "picks wait: {}{}", ran.out, ran.err);
    let short = |name: &str| bench.yard.git(&["rev-parse", "--short=7", name]);
    let (hot, revert, missing, bad) = (short(LINE), short("main"), short("main~1"), short("main~3"));
    let picked = short(&format!("{LINE}~1"));
    let expected = format!(
        "main: 1 to decide
   1 #40       to decide  Put the fire out (#40)
       predicted: clean
       {hot} +1 -0 in 1 file
       made on {LINE}
{LINE}: 1 landed, 2 to decide
   1 #13       to decide  Chart \u{241b}[31mthat is not (#13)
       predicted: clean
       {missing} +2 -0 in 1 file
       touches charts/missing
   2 {revert}   to decide  Revert \"A mistake of old (#10)\"
       predicted: clean
       {revert} +0 -1 in 1 file
       reverts {bad}, which is alive here
     #12       landed     Chart that is there (#12)
       -x trailer in {picked}
       touches charts/there
"
    );
    let (queue, unread) = ran.out.split_once("could not read").unwrap();
    assert_eq!(queue.replace("\\u{1b}", "\u{241b}").replace('\u{fffd}', "\u{241b}"), expected);
    assert!(unread.starts_with(" picks octo/widget: "), "{unread}");
}

#[test]
fn json_for_scripts() {
    let bench = bench();
    let ran = bench.run(&["picks", "--release", "v1.2.0", "--line", LINE, "--json"]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    let value: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(value["lines"].as_array().unwrap().len(), 1, "the line that was asked for");
    let picks = value["lines"][0]["picks"].as_array().unwrap();
    let of = |name: &str| picks.iter().find(|it| it["pick"] == name).unwrap();
    let there = of("octo/widget#12");
    assert_eq!((&there["state"], &there["landing"]["grade"]), (&"landed".into(), &"trailer".into()));
    assert_eq!((&there["landing"]["sure"], &there["landing"]["modified"]), (&true.into(), &false.into()));
    let missing = of("octo/widget#13");
    assert_eq!((&missing["queued"], &missing["change"]["added"]), (&1.into(), &2.into()));
    assert_eq!(missing["predicted"]["verdict"]["is"], "clean");
    assert!(missing["predicted"]["tree"].is_string() && there["predicted"].is_null());
    assert_eq!(missing["asked"][0]["by"], "paths");
    assert_eq!((&value["exit"], &value["unread"][0]["what"]), (&1.into(), &"picks octo/widget".into()));
}

#[test]
fn nothing_that_waits_is_not_all_that_could_be_read() {
    let bench = bench();
    bench.yard.git(&["branch", "-f", LINE, "main"]);
    let ran = bench.run(&["picks", "--release", "v1.2.0"]);
    assert_eq!(ran.code, 3, "labels were not read: {}{}", ran.out, ran.err);
    assert!(ran.out.starts_with(&format!("{LINE}: nothing is wanted\n")), "{}", ran.out);
}

#[test]
fn a_line_that_is_none_is_named() {
    let ran = bench().run(&["picks", "--release", "v1.2.0", "--line", "release-9\u{1b}"]);
    ran.is_clean();
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("is no line of this release; there are: main, release-1.2.x"), "{}", ran.err);
}

#[test]
fn the_patch_ids_lie_in_the_cache() {
    let bench = bench();
    bench.run(&["picks", "--release", "v1.2.0"]);
    let dir = bench.path("cache/gonogo/patches");
    assert_eq!(std::fs::read_dir(dir).unwrap().count(), 1);
}

#[test]
fn what_a_conflicting_pick_needs_first_is_said() {
    let bench = bench();
    let yard = &bench.yard;
    yard.commit("lib", "1\n", "A library (#14)");
    let needed = yard.commit("lib", "2\n", "Better (#15)");
    yard.commit("charts/extra", "x\n", "Between");
    std::fs::write(yard.path().join("charts/more"), "1\n").unwrap();
    yard.git(&["add", "charts/more"]);
    yard.commit("lib", "3\n", "Best, with a chart (#16)");
    let ran = bench.run(&["picks", "--release", "v1.2.0", "--line", LINE, "--json"]);
    let value: Value = serde_json::from_str(&ran.out).unwrap();
    let picks = value["lines"][0]["picks"].as_array().unwrap();
    let best = picks.iter().find(|it| it["pick"] == "octo/widget#16").unwrap();
    assert_eq!(best["predicted"]["verdict"]["is"], "conflict", "{}", ran.out);
    let first = &best["predicted"]["remedy"];
    assert_eq!((&first["is"], &first["minimal"]), (&"first".into(), &true.into()), "{first}");
    let commits: Vec<_> = first["picks"].as_array().unwrap().iter().map(|it| it["commit"].clone()).collect();
    assert_eq!(commits.last().unwrap(), &needed.to_string());
    let ran = bench.run(&["picks", "--release", "v1.2.0", "--line", LINE]);
    assert!(ran.out.contains("predicted: CONFLICT in lib"), "{}", ran.out);
    assert!(ran.out.contains("needs first (replayed: clean with it)"), "{}", ran.out);
}

#[test]
fn what_the_looks_note_is_said() {
    let bench = bench();
    let (from, shallow) = (bench.yard.path(), bench.path("shallow"));
    let url = format!("file://{}", from.display());
    let to = shallow.to_str().unwrap();
    bench.yard.git(&["clone", "-q", "--no-single-branch", "--depth", "2", &url, to]);
    bench.yard.git(&["-C", to, "remote", "set-url", "origin", "https://github.com/octo/widget.git"]);
    std::fs::copy(from.join("gonogo.toml"), shallow.join("gonogo.toml")).unwrap();
    let ran = bench.run_in(&shallow, &["picks", "--release", "v1.2.0"]);
    ran.is_clean();
    let note = "this clone is shallow: what lies behind its cut was not looked at";
    assert!(ran.out.contains(&format!("\nnote: {note}\n")), "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("\ncould not read picks octo/widget: "), "{}", ran.out);
    let ran = bench.run_in(&shallow, &["picks", "--release", "v1.2.0", "--json"]);
    let value: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(value["notes"], serde_json::json!([note]), "{}", ran.out);
    let whole: Value =
        serde_json::from_str(&bench.run(&["picks", "--release", "v1.2.0", "--json"]).out).unwrap();
    assert_eq!(whole["notes"], serde_json::json!([]));
}

#[test]
fn the_branches_are_those_of_the_remote_that_is_named() {
    let bench = bench();
    bench.yard.git(&["remote", "add", "mine", "https://github.com/me/widget.git"]);
    bench.yard.git(&["update-ref", "refs/remotes/mine/release-1.3.x", LINE]);
    let lines = |more: &[&str]| {
        let args = [&["picks", "--release", "v1.2.0", "--line", "none"][..], more].concat();
        bench.run(&args).err
    };
    assert!(!lines(&[]).contains("release-1.3.x"), "{}", lines(&[]));
    assert!(lines(&["--remote", "mine"]).contains("release-1.3.x"), "{}", lines(&["--remote", "mine"]));
}
