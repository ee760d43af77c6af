//! `gonogo check`: findings with file, line and hint; exit codes.
use super::bench::Bench;

const GOOD: &str = "[process]\npreset = \"crossplane\"\n";

#[test]
fn without_any_file_there_is_nothing_wrong_and_the_next_step_is_told() {
    let ran = Bench::new().run(&["check"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(
        ran.out,
        "no process: `gonogo init` drafts one for this repository, or name a preset with --process\n"
    );
}

#[test]
fn a_good_file_is_said_to_be_good() {
    let ran = Bench::new().write("repo/gonogo.toml", GOOD).run(&["check"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.out.starts_with(
            "gonogo.toml: no mistake in its settings, to trust it as it is: trusted = [\"sha256:"
        )
    );
    assert!(ran.out.contains("process crossplane: no contradiction in 3 streams,"), "{}", ran.out);
}

#[test]
fn the_presets_contradictions_are_told_with_exit_2() {
    let ran = Bench::new().run(&["check", "--process", "dragonfly"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.out.contains("warning: the phases add up to 13 weeks while the cycle is 26 weeks\n  hint: "),
        "{}",
        ran.out
    );
    assert!(ran.out.starts_with("preset dragonfly:"), "{}", ran.out);
    assert!(ran.out.ends_with("0 errors, 1 warning\n"), "{}", ran.out);
}

#[test]
fn a_contradiction_of_the_repositorys_own_is_at_its_line() {
    let text = "[process]\npreset = \"crossplane\"\n\n[process.calendar]\ncycle = \"26 weeks\"\nphases = [\n  \
                { id = \"one\", length = \"6 weeks\" },\n  { id = \"two\", length = \"7 weeks\" },\n]\n";
    let ran = Bench::new().write("repo/gonogo.toml", text).run(&["check"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.out.contains("gonogo.toml:"), "{}", ran.out);
    assert!(ran.out.contains("13 weeks"), "{}", ran.out);
    assert!(ran.out.contains("26 weeks"), "{}", ran.out);
}

#[test]
fn all_files_are_checked_in_one_run() {
    let bench = Bench::new()
        .write("config/gonogo/config.toml", "pol = 1\n[keys]\nrefresh = \"j\"\n")
        .write("repo/gonogo.toml", "token_command = [\"x\"]\n[process]\npreset = \"crossplan\"\n");
    let ran = bench.run(&["check"]);
    assert_eq!(ran.code, 2);
    let starts = [
        "config/gonogo/config.toml:1:1: error: unknown key \"pol\"",
        "config/gonogo/config.toml:3:1: error: keys: ",
        "gonogo.toml:1:1: error: token_command cannot be set by the repository",
        "gonogo.toml:3:1: error: no preset is called \"crossplan\"",
    ];
    for start in starts {
        assert!(ran.out.lines().any(|line| line.starts_with(start)), "{start}: {}", ran.out);
    }
    assert!(ran.out.ends_with("4 errors, 0 warnings\n"), "{}", ran.out);
    ran.is_clean();
}

#[test]
fn json_says_the_same() {
    let bench = Bench::new().write("repo/gonogo.toml", "poll = 1\n");
    let ran = bench.run(&["check", "--json"]);
    assert_eq!(ran.code, 2);
    let said: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((said["errors"].as_u64(), said["warnings"].as_u64()), (Some(1), Some(0)));
    let finding = &said["findings"][0];
    assert_eq!(
        (finding["file"].as_str(), finding["line"].as_u64(), finding["column"].as_u64()),
        (Some("gonogo.toml"), Some(1), Some(8))
    );
    assert_eq!(finding["severity"], "error");
    assert_eq!(finding["hint"], "expected 0 to pause, or seconds from 10 to 3600");
}

#[test]
fn files_may_be_named_whatever_they_are() {
    let process = "name = \"x\"\n[branches]\ntrunk = \"main\"\n[version]\nstyle = \"semvr\"\n";
    let bench = Bench::new()
        .write("repo/other/gonogo.toml", "theme = \"dark\"\n[process]\npreset = \"crossplane\"\n")
        .write("repo/mine.toml", "theme = \"drak\"\n")
        .write("repo/RELEASE.toml", process);
    let ran = bench.run(&[
        "check",
        "other/gonogo.toml",
        "mine.toml",
        "RELEASE.toml",
        "none/gonogo.toml",
        "none.toml",
    ]);
    assert_eq!(ran.code, 2);
    let starts = [
        "RELEASE.toml:5:1: error: version.style cannot be \"semvr\"",
        "mine.toml:1:1: error: theme: no theme is called \"drak\"",
        "none.toml:1:1: error: there is no such file",
        "none/gonogo.toml:1:1: error: there is no such file",
        "other/gonogo.toml:1:1: error: theme cannot be set by the repository",
    ];
    for start in starts {
        assert!(ran.out.lines().any(|line| line.starts_with(start)), "{start}: {}", ran.out);
    }
    assert!(ran.out.contains("process crossplane: no contradiction"), "{}", ran.out);
}

#[test]
fn a_directory_stands_for_its_file() {
    let bench =
        Bench::new().write("repo/gonogo.toml", GOOD).write("repo/src/a.txt", "a").write("bare/a.txt", "a");
    for dir in [".", "src"] {
        let ran = bench.run(&["check", dir]);
        assert_eq!(ran.code, 0, "{dir}: {ran:?}");
        assert!(ran.out.contains("process crossplane: no contradiction"), "{dir}: {}", ran.out);
    }
    let ran = bench.run(&["check", "../bare"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.out.contains("bare/gonogo.toml:1:1: error: there is no such file\n"), "{}", ran.out);
    assert!(ran.out.contains("`gonogo init` writes one"), "{}", ran.out);
    let bench = bench.write("repo/gonogo.toml", "poll = 1\n");
    assert_eq!(bench.run(&["check", "."]).code, 2, "what is wrong in it is wrong");
}

#[test]
fn the_users_own_mistakes_are_not_a_named_files() {
    let bench =
        Bench::new().write("config/gonogo/config.toml", "nonsense = 1\n").write("repo/sub/gonogo.toml", GOOD);
    let ran = bench.run(&["check", "sub/gonogo.toml"]);
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn a_theme_of_ones_own_is_checked_too() {
    let bench = Bench::new()
        .write("config/gonogo/config.toml", "theme = \"rose\"\n")
        .write("config/gonogo/themes/rose.toml", "name = \"rose\"\nfg = \"#e0def4\"\nbad = \"pinkish\"\n");
    let ran = bench.run(&["check"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.out.contains("config/gonogo/themes/rose.toml:3:1: error: "), "{}", ran.out);
}

#[test]
fn hostile_text_in_a_file_is_never_printed_raw() {
    let hostile = "\u{202e}\u{9b}31m\u{200b}";
    let text = format!(
        "\"{hostile}\" = 1\nremote = \"{hostile}\"\n[process]\npreset = \"{hostile}\"\nname = \"\\u001b[2J\"\n\"{hostile}\" = 2\n"
    );
    let bench = Bench::new().write("repo/gonogo.toml", &text).write("config/gonogo/config.toml", &text);
    for args in [
        &["check"][..],
        &["check", "--json"],
        &["config"],
        &["config", "--json"],
        &["doctor", "--offline"],
        &["keys"],
        &["status"],
    ] {
        bench.run(args).is_clean();
    }
}
