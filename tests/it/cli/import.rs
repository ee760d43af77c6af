//! `gonogo import`: a draft on paper, nothing overwritten, what cannot be read is said.
use super::bench::Bench;

const TEXT: &str = "# Release\n\nWe release every 6 weeks from `main`.\n\n- [ ] Tag `v1.2.0-rc.1`\n- [x] Tell #releases on Slack\n\nThat is all.\n";

#[test]
fn it_prints_a_draft_and_says_what_it_found() {
    let bench = Bench::new().write("repo/RELEASE.md", TEXT);
    let ran = bench.run(&["import", "RELEASE.md"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.out.starts_with("# A draft of a release process, made by `gonogo import` from RELEASE.md"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("# line 8: \"That is all.\""), "{}", ran.out);
    assert!(ran.err.contains("2 of 2 in 1 stage"), "{}", ran.err);
    assert!(ran.err.contains("1 part, listed at the end of the draft"), "{}", ran.err);
}

#[test]
fn what_it_writes_can_be_checked_and_is_not_overwritten() {
    let bench = Bench::new().write("repo/RELEASE.md", TEXT);
    let ran = bench.run(&["import", "RELEASE.md", "-o", "process.toml"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{ran:?}");
    assert!(ran.err.contains("wrote process.toml"), "{}", ran.err);
    let checked = bench.run(&["check", "process.toml"]);
    assert!(!checked.out.contains("error:"), "{}", checked.out);
    assert!(checked.out.contains("2 checklist items") || checked.out.contains("warning:"), "{}", checked.out);
    std::fs::write(bench.path("repo/process.toml"), "# mine\n").unwrap();
    let ran = bench.run(&["import", "RELEASE.md", "-o", "process.toml"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("process.toml is there already") && ran.err.contains("--force"), "{}", ran.err);
    assert_eq!(std::fs::read_to_string(bench.path("repo/process.toml")).unwrap(), "# mine\n");
    assert_eq!(bench.run(&["import", "RELEASE.md", "-o", "process.toml", "--force"]).code, 0);
    assert!(std::fs::read_to_string(bench.path("repo/process.toml")).unwrap().contains("[[stages]]"));
}

#[test]
fn a_gonogo_toml_gets_the_draft_as_its_process() {
    let text = format!(
        "{TEXT}\n## Shipping\n\nThe label `release-blocker` holds it up. Branches are called `release-1.2`.\n\n1. Push it\n"
    );
    let bench = Bench::new().write("repo/RELEASE.md", &text);
    let plain = bench.run(&["import", "RELEASE.md"]).out;
    assert_eq!(bench.run(&["import", "RELEASE.md", "-o", "gonogo.toml"]).code, 0);
    let checked = bench.run(&["check"]);
    assert!(!checked.out.contains("error:"), "{}", checked.out);
    let written = std::fs::read_to_string(bench.path("repo/gonogo.toml")).unwrap();
    let whole: toml::Table = toml::from_str(&written).unwrap();
    let alone: toml::Table = toml::from_str(&plain).unwrap();
    assert_eq!(whole.len(), 1, "{written}");
    assert_eq!(whole["process"].as_table(), Some(&alone), "the same process, one table further in");
    assert!(written.contains("# [[process.gates]]"), "{written}");
}

#[test]
fn scripts_get_every_item_with_its_line() {
    let bench = Bench::new().write("repo/RELEASE.md", TEXT);
    let ran = bench.run(&["import", "RELEASE.md", "--json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let said: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((said["lines"].as_u64(), said["tasks"].as_u64()), (Some(8), Some(2)));
    let item = &said["items"][1];
    assert_eq!((item["text"].as_str(), item["line"].as_u64()), (Some("Tell #releases on Slack"), Some(6)));
    assert_eq!((item["ticked"].as_bool(), item["stage"].as_str()), (Some(true), Some("Release")));
    assert_eq!(said["not_understood"][0]["from"], 8);
    assert!(said["draft"].as_str().unwrap().contains("[[stages]]"));
}

#[test]
fn what_cannot_be_read_is_said_with_exit_2() {
    let bench = Bench::new();
    std::fs::write(bench.path("repo/bytes.md"), b"# Fine\n\nnot \xff fine\n").unwrap();
    std::fs::write(bench.path("repo/wide.md"), b"\xff\xfe#\0 \0").unwrap();
    std::fs::write(bench.path("repo/long.md"), vec![b'a'; (8 << 20) + 1]).unwrap();
    for (file, why) in [
        ("bytes.md", "line 3 is no UTF-8 text"),
        ("wide.md", "UTF-16"),
        ("long.md", "longer than 8 MiB"),
        ("none.md", "cannot be read"),
        (".", "no regular file"),
    ] {
        let ran = bench.run(&["import", file]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{file}: {ran:?}");
        assert!(ran.err.contains(why), "{file}: {}", ran.err);
    }
    let ran =
        Bench::new().write("repo/RELEASE.md", TEXT).run(&["import", "RELEASE.md", "-o", "none/process.toml"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert_eq!(bench.run(&["import"]).code, 2);
    assert_eq!(bench.run(&["import", "RELEASE.md", "--force"]).code, 2, "--force is for a file");
}

#[test]
fn a_draft_that_no_process_file_could_hold_is_refused() {
    let text = "- [ ] a\n".repeat(60_000);
    let bench = Bench::new().write("repo/RELEASE.md", &text);
    let ran = bench.run(&["import", "RELEASE.md", "-o", "process.toml"]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(
        ran.err.contains("60000 checklist items") && ran.err.contains("import it in parts"),
        "{}",
        ran.err
    );
    assert!(!bench.path("repo/process.toml").exists());
}

#[test]
fn it_does_not_write_through_a_link() {
    let bench = Bench::new().write("repo/RELEASE.md", TEXT).write("home/precious", "keep\n");
    std::os::unix::fs::symlink(bench.path("home/precious"), bench.path("repo/process.toml")).unwrap();
    assert_eq!(bench.run(&["import", "RELEASE.md", "-o", "process.toml"]).code, 2);
    assert_eq!(bench.run(&["import", "RELEASE.md", "-o", "process.toml", "--force"]).code, 0);
    assert_eq!(std::fs::read_to_string(bench.path("home/precious")).unwrap(), "keep\n");
}

#[test]
fn hostile_documents_are_never_printed_raw() {
    let bad = "\u{202e}\u{9b}31m\u{200b}\u{1b}[2J";
    let text = format!("# {bad}\n\n- [ ] {bad}\n\n{bad} in `{bad}` and #{bad}\n\n```\n{bad}\n```\n");
    let bench = Bench::new().write("repo/RELEASE.md", &text);
    for args in [
        &["import", "RELEASE.md"][..],
        &["import", "RELEASE.md", "--json"],
        &["import", "RELEASE.md", "-o", "p.toml"],
    ] {
        bench.run(args).is_clean();
    }
}
