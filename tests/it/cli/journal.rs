//! `gonogo journal`: path, verify, show, export, on a journal that another machine wrote and on one's own.
use super::bench::Bench;
use crate::journal::sample;
use gonogo::journal::Place;
use gonogo::journal::place::Clone;
use gonogo::release::ids::ReleaseName;
use serde_json::Value;

/// A bench with the sample journal as a file beside the repository.
fn bench() -> Bench {
    let bench = Bench::new();
    std::fs::write(bench.path("repo/morning.jsonl"), sample::journal()).unwrap();
    bench
}

#[test]
fn a_whole_journal_verifies_and_says_no_more_than_it_knows() {
    let bench = bench();
    let ran = bench.run(&["journal", "verify", "morning.jsonl"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    assert!(ran.out.contains("only chained, witnessed by nobody"), "{}", ran.out);
    let json: Value =
        serde_json::from_str(&bench.run(&["journal", "verify", "--json", "morning.jsonl"]).out).unwrap();
    assert_eq!(json["verdict"], "clean");
    assert_eq!(json["entries"].as_u64().unwrap() as usize, sample::morning().len());
}

/// The trailer of an entry of a bench's journal, by its place.
fn trailer_of(bench: &Bench, at: usize) -> String {
    let text = std::fs::read_to_string(bench.path("repo/morning.jsonl")).unwrap();
    let line: Value = serde_json::from_str(text.lines().nth(at - 1).unwrap()).unwrap();
    format!("Journal-Head: w-7f3a9c {at} sha256:{}", line["h"].as_str().unwrap())
}

#[test]
fn a_tag_says_whether_the_journal_holds_the_entry_that_it_names_and_no_more() {
    let bench = bench();
    let last = sample::morning().len();
    let trailer = |at| trailer_of(&bench, at);
    let cut = |name: &str, text: &str| {
        bench.yard.git(&["tag", "-a", "-m", text, name]);
        let ran = bench.run(&["journal", "verify", "--tag", name, "morning.jsonl"]);
        ran.is_clean();
        ran
    };
    let ran = cut("rc1", &format!("Candidate\n\n{}", trailer(5)));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("1–5 witnessed by the tag rc1\n"), "{}", ran.out);
    assert!(ran.out.contains(&format!("6–{last} only chained, witnessed by nobody")), "{}", ran.out);
    assert!(ran.err.contains("its signature is not verified"), "{}", ran.err);
    for word in ["untampered", "authentic", "genuine"] {
        assert!(!ran.out.contains(word) && !ran.err.contains(word), "{ran:?}");
    }
    // Two tags: each stretch says who saw it.
    bench.yard.git(&["tag", "-a", "-m", &trailer(9), "rc2"]);
    let ran = bench.run(&["journal", "verify", "--json", "--tag", "rc1", "--tag", "rc2", "morning.jsonl"]);
    let json: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(json["stretches"][0]["witnesses"], serde_json::json!(["the tag rc1", "the tag rc2"]));
    assert_eq!(json["stretches"][1]["witnesses"], serde_json::json!(["the tag rc2"]));
    // Another entry of that number, and one that is not there: the history was written anew, or cut.
    let other = trailer(5).replace(" 5 ", " 6 ");
    let ran = cut("rc3", &other);
    assert_eq!((ran.code, ran.out.contains("WITNESS DISAGREES: the tag rc3 saw another entry 6")), (1, true));
    let ran = cut("rc4", &trailer(5).replace(" 5 ", " 4711 "));
    assert_eq!((ran.code, ran.out.contains("entry 4711, which is not here")), (1, true), "{ran:?}");
    // What says nothing of this journal is told as such, and neither as a witness nor as a disagreement.
    let ran = cut("rc5", &trailer(5).replace("w-7f3a9c", "w-20be11"));
    assert_eq!((ran.code, ran.err.contains("it says nothing of this one")), (3, true), "{ran:?}");
    assert!(!ran.out.contains("rc5"), "{}", ran.out);
    let ran = cut("rc6", "Candidate\n\nJournal-Head: w-7f3a9c 5 sha256:zz");
    assert_eq!((ran.code, ran.err.contains("names no journal")), (3, true), "{ran:?}");
    // A trailer that was put below a signature is none.
    let ran = cut("rc7", &format!("Candidate\n-----BEGIN PGP SIGNATURE-----\n{}", trailer(5)));
    assert_eq!(ran.code, 3, "{ran:?}");
    bench.yard.git(&["tag", "light"]);
    for (name, why) in [("light", "is not annotated"), ("none", "there is no tag none"), ("-x", "--tag")] {
        let ran = bench.run(&["journal", "verify", &format!("--tag={name}"), "morning.jsonl"]);
        assert_eq!((ran.code, ran.out.as_str(), ran.err.contains(why)), (2, "", true), "{ran:?}");
    }
}

#[test]
fn an_edited_journal_exits_1_and_shows_the_good_part_only() {
    let bench = bench();
    let mut bytes = sample::journal();
    let at = bytes.windows(8).rposition(|it| it == b"password").unwrap();
    bytes[at] = b'P';
    std::fs::write(bench.path("repo/morning.jsonl"), bytes).unwrap();
    let ran = bench.run(&["journal", "verify", "morning.jsonl"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let whole = sample::morning().len();
    let ran = bench.run(&["journal", "show", "morning.jsonl"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.lines().count() < whole && ran.out.lines().count() > 3, "{}", ran.out);
    assert!(ran.err.contains("what follows is not shown"), "{}", ran.err);
    assert_eq!(bench.run(&["journal", "export", "--json", "morning.jsonl"]).code, 1);
}

#[test]
fn a_verification_says_what_a_newer_program_wrote() {
    let bench = bench();
    let text = String::from_utf8(sample::journal()).unwrap();
    let before = sample::stated(text.lines().nth(sample::morning().len() - 2).unwrap()).to_owned();
    let last = text.lines().last().unwrap();
    for (kind, read_only) in [("journal.seal@2", true), ("weather.seen", false)] {
        let newer = last.replace(r#""kind":"journal.seal""#, &format!(r#""kind":"{kind}""#));
        assert_ne!(newer, last);
        let torn = text.replace(last, &sample::reseal(&newer, &before)) + "{\"v\":1,";
        std::fs::write(bench.path("repo/morning.jsonl"), torn).unwrap();
        let ran = bench.run(&["journal", "verify", "morning.jsonl"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        let unknown = |line: &str| line.contains("kept and passed over") && line.contains(kind);
        assert!(ran.out.lines().any(unknown), "{ran:?}");
        assert_eq!(ran.out.contains("upgrade to write to this journal"), read_only, "{ran:?}");
        assert_eq!(ran.out.contains("sets those bytes aside"), !read_only, "{ran:?}");
        let json: Value =
            serde_json::from_str(&bench.run(&["journal", "verify", "--json", "morning.jsonl"]).out).unwrap();
        assert_eq!((json["unknown"][kind].as_u64(), json["read_only"].is_string()), (Some(1), read_only));
    }
}

#[test]
fn show_prints_a_line_an_entry_and_filters() {
    let bench = bench();
    let all = bench.run(&["journal", "show", "morning.jsonl"]);
    assert_eq!((all.code, all.out.lines().count()), (0, sample::morning().len()), "{all:?}");
    assert!(
        all.out.lines().next().unwrap().starts_with("     1  2026-11-21T09:00:00Z  alice"),
        "{}",
        all.out
    );
    all.is_clean();
    let last = bench.run(&["journal", "show", "-n", "2", "morning.jsonl"]);
    let tail: Vec<_> = all.out.lines().skip(sample::morning().len() - 2).collect();
    assert_eq!(last.out.lines().collect::<Vec<_>>(), tail);
    let moves = bench.run(&["journal", "show", "--kind", "issue.move", "morning.jsonl"]);
    assert_eq!(moves.out.lines().count(), 2, "{}", moves.out);
    assert_eq!(bench.run(&["journal", "show", "--kind", "issue.mo", "morning.jsonl"]).out, "");
    assert_eq!(bench.run(&["journal", "show", "--by", "bob", "morning.jsonl"]).out, "");
    assert_eq!(bench.run(&["journal", "show", "--by", "Alice", "morning.jsonl"]).out, all.out);
}

#[test]
fn export_as_json_keeps_every_line_and_as_markdown_is_the_same_each_time() {
    let bench = bench();
    let json = bench.run(&["journal", "export", "--json", "morning.jsonl"]);
    assert_eq!(json.code, 0);
    let said: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(said["entries"].as_array().unwrap().len(), sample::morning().len());
    for line in std::fs::read_to_string(bench.path("repo/morning.jsonl")).unwrap().lines() {
        assert!(json.out.contains(line), "{line}");
    }
    let first = bench.run(&["journal", "export", "--markdown", "morning.jsonl"]);
    assert_eq!(first.code, 0);
    assert!(first.out.starts_with("# "), "{}", first.out);
    assert_eq!(bench.run(&["journal", "export", "--markdown", "morning.jsonl"]).out, first.out);
}

#[test]
fn what_is_no_journal_cannot_be_read() {
    let bench = Bench::new().write("repo/text", "hello\n").write("repo/dir/x", "");
    for path in ["none.jsonl", "dir", "/dev/zero"] {
        let ran = bench.run(&["journal", "verify", path]);
        assert_eq!(ran.code, 3, "{path}: {ran:?}");
        assert!(ran.err.contains("cannot be read"), "{path}: {}", ran.err);
    }
    assert_eq!(bench.run(&["journal", "verify", "text"]).code, 3);
}

#[test]
fn a_repository_without_a_journal_says_so_and_makes_none() {
    let bench = Bench::new();
    for command in [&["journal", "path"][..], &["journal", "verify"], &["journal", "show"]] {
        let ran = bench.run(command);
        assert_eq!((ran.code, ran.out.as_str()), (3, ""));
        assert!(ran.err.starts_with("this repository has no journal yet"), "{}", ran.err);
    }
    assert!(!bench.path("state/gonogo").exists());
}

#[test]
fn the_journal_of_the_release_that_was_open_last_is_found() {
    let bench = Bench::new();
    let name = |text: &str| ReleaseName::parse(text).unwrap();
    let place = Place::at(&bench.path("state/gonogo")).unwrap();
    let git_dir = bench.path("repo/.git").canonicalize().unwrap();
    let clone = Clone {
        repo: "github.com/octo/widget-00000000".to_owned(),
        writer: "w-7f3a9c".to_owned(),
        release: Some(name("v1.18.0")),
        remote: None,
    };
    place.remember_clone(&git_dir, &clone).unwrap();
    let dir = place.journal(&clone.repo, &name("v1.18.0"), &clone.writer).unwrap();
    dir.replace("seg-000001.jsonl", &sample::journal()).unwrap();
    let path = bench.run(&["journal", "path"]);
    assert_eq!(path.code, 0, "{path:?}");
    assert!(path.out.starts_with("state/gonogo/"), "{}", path.out);
    assert_eq!(bench.run(&["journal", "verify"]).code, 0);
    assert_eq!(bench.run(&["journal", "show"]).out.lines().count(), sample::morning().len());
    let ran = bench.run(&["journal", "path", "--release", "v2.0.0"]);
    assert_eq!(ran.code, 3);
    assert_eq!(ran.err, "no journal of that release; there are journals of: v1.18.0\n");
    assert_eq!(bench.run(&["journal", "path", "--release", "a b"]).code, 2);
    let doctor = bench.run(&["doctor", "--offline"]);
    assert!(
        doctor.out.contains(&format!("v1.18.0, {} entries in ", sample::morning().len())),
        "{}",
        doctor.out
    );
}
