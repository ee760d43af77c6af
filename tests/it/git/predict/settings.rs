//! Configuration and attributes decide as they do for a real pick; commands of the repository run only when trusted.

use super::super::yard::{Yard, oid, run};
use super::{agree, gits, listing, picks, predict_with};
use gonogo::git::{Predictor, Trust};
use gonogo::release::ids::Oid;
use gonogo::release::predict::{Verdict, Why};
use gonogo::spawn::Cancel;

fn lines(words: &str) -> String {
    (1..=9).map(|n| format!("{words} {n}\n")).collect()
}

/// `f` and `dir/f` changed in the same line on `release` and on main; the last is the pick.
fn clash(attributes: &[(&str, &str)]) -> (Yard, Oid) {
    let yard = Yard::new();
    for (file, text) in attributes {
        yard.commit(file, text, "Attributes");
    }
    yard.commit("f", &lines("a"), "Start");
    yard.commit("dir/f", &lines("a"), "Start below");
    yard.git(&["checkout", "-q", "-b", "release"]);
    yard.commit("f", &lines("a").replace("a 5", "ours"), "Ours");
    yard.git(&["checkout", "-q", "main"]);
    let pick = yard.commit("f", &lines("a").replace("a 5", "theirs"), "Theirs");
    (yard, pick)
}

fn word(yard: &Yard, pick: Oid) -> &'static str {
    agree(yard, "release", &picks(&[pick]))[0].verdict.word()
}

#[test]
fn attributes_are_those_of_the_line_and_not_of_the_checkout() {
    let (yard, pick) = clash(&[]);
    assert_eq!(word(&yard, pick), "conflict");
    // On main, where the user is, the union driver is set, on the line it is not.
    yard.commit(".gitattributes", "f merge=union\n", "Union on main");
    assert_eq!(word(&yard, pick), "conflict");
    let (yard, pick) = clash(&[(".gitattributes", "f merge=union\n")]);
    assert_eq!(word(&yard, pick), "clean");
    yard.git(&["rm", "-q", ".gitattributes"]);
    yard.git(&["commit", "-q", "-m", "No union on main"]);
    assert_eq!(word(&yard, pick), "clean");
}

#[test]
fn attributes_below_the_top_and_of_the_repository_count() {
    let yard = Yard::new();
    yard.commit("dir/.gitattributes", "f merge=union\n", "Attributes below");
    yard.commit("dir/f", &lines("a"), "Start");
    yard.git(&["checkout", "-q", "-b", "release"]);
    yard.commit("dir/f", &lines("a").replace("a 5", "ours"), "Ours");
    yard.git(&["checkout", "-q", "main"]);
    let pick = yard.commit("dir/f", &lines("a").replace("a 5", "theirs"), "Theirs");
    assert_eq!(word(&yard, pick), "clean");
    std::fs::write(yard.path().join(".git/info/attributes"), "dir/f -merge\n").unwrap();
    assert_eq!(word(&yard, pick), "conflict");
}

#[test]
fn a_pick_that_changes_attributes_changes_them_for_those_after_it() {
    let (yard, pick) = clash(&[]);
    let union = yard.commit(".gitattributes", "f merge=union\n", "Union");
    let back = yard.commit(".gitattributes", "# none\n", "No union");
    let far = yard.commit("g", "g\n", "Another");
    let all = agree(&yard, "release", &picks(&[pick, union, pick, far, back]));
    let words: Vec<_> = all.iter().map(|it| it.verdict.word()).collect();
    assert_eq!(words, ["conflict", "clean", "clean-after", "clean", "clean-after"]);
    let all = agree(&yard, "release", &picks(&[union, back, pick]));
    assert_eq!(all[2].verdict.word(), "conflict");
}

#[test]
fn settings_of_the_merge_are_those_of_cherry_pick() {
    let yard = Yard::new();
    yard.commit("f", &lines("a"), "Start");
    yard.git(&["checkout", "-q", "-b", "release"]);
    yard.git(&["mv", "f", "g"]);
    yard.git(&["commit", "-q", "-m", "Renamed"]);
    yard.git(&["checkout", "-q", "main"]);
    let pick = yard.commit("f", &lines("a").replace("a 5", "theirs"), "Theirs");
    assert_eq!(word(&yard, pick), "clean");
    // What comes of a setting depends on the version (before 2.50, `merge.renames = false` is not heeded), but it is
    // the same for both.
    for (key, value) in [
        ("merge.renames", "false"),
        ("diff.renames", "false"),
        ("merge.renameLimit", "1"),
        ("diff.renameLimit", "1"),
        ("merge.conflictStyle", "diff3"),
        ("diff.algorithm", "patience"),
        ("merge.renormalize", "true"),
        ("pull.twohead", "ort"),
    ] {
        yard.git(&["config", key, value]);
        agree(&yard, "release", &picks(&[pick]));
        yard.git(&["config", "--unset", key]);
    }
}

#[test]
fn the_diff_algorithm_decides_what_conflicts_and_is_cherry_picks() {
    // Blocks that look alike: which lines pair up depends on the algorithm.
    let block =
        |name: &str, body: &str| format!("fn {name}() {{\n    start();\n    {body}\n    end();\n}}\n\n");
    let base: String = ["a", "b", "c", "d"].iter().map(|it| block(it, "same()")).collect();
    let ours = base.replacen("fn b()", "fn bb()", 1).replace("fn d()", "fn dd()");
    let theirs = format!("{}{}", block("new", "same()"), base.replacen(&block("b", "same()"), "", 1));
    for algorithm in ["myers", "minimal", "patience", "histogram"] {
        let yard = Yard::new();
        yard.commit("f", &base, "Start");
        yard.git(&["checkout", "-q", "-b", "release"]);
        yard.commit("f", &ours, "Ours");
        yard.git(&["checkout", "-q", "main"]);
        let pick = yard.commit("f", &theirs, "Theirs");
        yard.git(&["config", "diff.algorithm", algorithm]);
        agree(&yard, "release", &picks(&[pick]));
    }
}

#[test]
fn another_strategy_is_not_predicted() {
    let (yard, pick) = clash(&[]);
    yard.git(&["config", "pull.twohead", "resolve"]);
    for git in gits() {
        let all = predict_with(&git, &yard, Trust::Unasked, "release", &picks(&[pick]));
        let Verdict::Unknown(Why::Setting(why)) = &all[0].verdict else { panic!("{all:?}") };
        assert!(why.line().starts_with("pull.twohead = resolve"));
    }
}

/// A driver that takes theirs, and leaves a mark.
fn driver(yard: &Yard) -> String {
    let mark = yard.root().join("marker");
    yard.script("driver", &format!("echo ran >> '{}'; cp \"$2\" \"$1\"", mark.display()))
}

#[test]
fn a_merge_driver_of_the_repository_runs_only_when_it_is_trusted() {
    let (yard, pick) = clash(&[(".gitattributes", "f merge=mine=odd\n")]);
    yard.git(&["config", "merge.mine=odd.driver", &format!("'{}' %A %B", driver(&yard))]);
    let far = yard.commit("dir/f", &lines("a").replace("a 2", "two"), "Elsewhere");
    let queue = picks(&[pick, far]);
    for git in gits() {
        let before = listing(yard.root());
        let all = predict_with(&git, &yard, Trust::Unasked, "release", &queue);
        let Verdict::Unknown(why @ Why::Untrusted(name)) = &all[0].verdict else { panic!("{:?}", all[0]) };
        assert_eq!(name.raw(), "the merge driver mine=odd");
        assert!(why.line().contains("not trusted"));
        assert_eq!(all[1].verdict.word(), "clean", "what the driver has no part in is told");
        assert_eq!(listing(yard.root()), before, "nothing ran");
        let all = predict_with(&git, &yard, Trust::Given, "release", &queue);
        assert_eq!(yard.sprung(), "ran\n");
        std::fs::remove_file(yard.root().join("marker")).unwrap();
        assert_eq!(listing(yard.root()), before, "it left its temporary files elsewhere");
        let real = super::really(&git, &yard, "release", &queue);
        assert_eq!(all.iter().map(super::as_real).collect::<Vec<_>>(), real);
        std::fs::remove_file(yard.root().join("marker")).unwrap();
    }
}

#[test]
fn a_merge_driver_of_the_user_runs() {
    let (yard, pick) = clash(&[(".gitattributes", "f merge=mine\n")]);
    let config = yard.root().join("user.config");
    std::fs::write(&config, format!("[merge \"mine\"]\n\tdriver = '{}' %A %B\n", driver(&yard))).unwrap();
    for git in gits() {
        let git = git.with_env("GIT_CONFIG_GLOBAL", &config);
        let all = predict_with(&git, &yard, Trust::Unasked, "release", &picks(&[pick]));
        assert_eq!(all[0].verdict.word(), "clean");
    }
    assert!(!yard.sprung().is_empty());
}

#[test]
fn a_filter_of_the_repository_decides_only_when_it_is_trusted() {
    let (yard, pick) = clash(&[(".gitattributes", "f filter=mine\n")]);
    yard.git(&["config", "merge.renormalize", "true"]);
    let trap = yard.trap("filter");
    yard.git(&["config", "filter.mine.clean", &format!("'{trap}'; cat")]);
    for git in gits() {
        let before = listing(yard.root());
        let all = predict_with(&git, &yard, Trust::Unasked, "release", &picks(&[pick]));
        let Verdict::Unknown(Why::Untrusted(name)) = &all[0].verdict else { panic!("{:?}", all[0]) };
        assert_eq!(name.raw(), "the filter mine");
        assert_eq!(listing(yard.root()), before);
    }
}

#[test]
fn hostile_settings_start_nothing() {
    let (yard, pick) = clash(&[]);
    let trap = yard.trap("trap");
    for key in
        ["core.fsmonitor", "diff.external", "core.pager", "core.sshCommand", "gpg.program", "core.editor"]
    {
        yard.git(&["config", key, &trap]);
    }
    let hooks = yard.root().join("hooks");
    std::fs::create_dir(&hooks).unwrap();
    for hook in ["post-index-change", "reference-transaction", "post-checkout"] {
        super::super::yard::put_script(&hooks.join(hook), &trap);
    }
    yard.git(&["config", "core.hooksPath", hooks.to_str().unwrap()]);
    let _setup = std::fs::remove_file(yard.root().join("marker"));
    for git in gits() {
        predict_with(&git, &yard, Trust::Unasked, "release", &picks(&[pick]));
    }
    assert_eq!(yard.sprung(), "");
}

#[test]
fn a_changed_setting_is_noticed() {
    let (yard, pick) = clash(&[]);
    let tip = oid(&yard.git(&["rev-parse", "release"]));
    for git in gits() {
        run(async {
            let mut predictor = Predictor::open(&git, &yard.at(), Trust::Unasked).await.unwrap();
            let mut word = async || {
                let all =
                    predictor.predict(tip, &picks(&[pick]), &Cancel::new(), &mut |_, _| ()).await.unwrap();
                all[0].verdict.word()
            };
            assert_eq!(word().await, "conflict");
            let attributes = yard.path().join(".git/info/attributes");
            std::fs::write(&attributes, "f merge=union\n").unwrap();
            assert_eq!(word().await, "clean");
            std::fs::remove_file(&attributes).unwrap();
            assert_eq!(word().await, "conflict");
        });
    }
}
