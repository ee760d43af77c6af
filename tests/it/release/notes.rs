//! Release notes: what goes in which section, what is left out, and what outside text cannot do in them.

use super::ground::{oid, text};
use gonogo::process::{Audience, Process};
use gonogo::release::ids::Oid;
use gonogo::release::notes::{
    Change, Draft, Gathered, MOST_BYTES, Mark, Pull, Reverts, Wanted, bare_title, before, draft, is_bump,
    missing,
};
use gonogo::version::{Nature, classify};
use std::collections::BTreeMap;

/// A process whose notes are these.
fn process(notes: &str) -> Process {
    let text = gonogo::process::preset("llama-stack").unwrap();
    let mut process = Process::parse(text, "p.toml").unwrap().0;
    process.notes = toml::from_str(notes).unwrap();
    process.cut.edits.clear();
    process
}

const SECTIONS: &str = "[[sections]]\ntitle = \"Features\"\nlabels = [\"enhancement*\"]\n\
    [[sections]]\ntitle = \"Fixes\"\nlabels = [\"bug\"]\n";

fn id(n: u8) -> Oid {
    oid(n)
}

fn change(n: u8, subject: &str) -> Change {
    let pulls: Vec<u64> = subject
        .rsplit_once("(#")
        .and_then(|(_, rest)| rest.strip_suffix(')')?.parse().ok())
        .into_iter()
        .collect();
    Change {
        oid: id(n),
        subject: text(subject),
        author: text("Ada"),
        is_new: Some(false),
        nature: Nature::of(subject),
        pull: pulls.first().copied(),
        merge: None,
        of: vec![],
        picked_from: vec![],
        reverts: Reverts::default(),
    }
}

fn pull(title: &str, labels: &[&str], login: &str) -> Pull {
    Pull { title: text(title), labels: labels.iter().map(|it| text(it)).collect(), login: Some(text(login)) }
}

struct Case {
    process: Process,
    gathered: Gathered,
    pulls: BTreeMap<u64, Pull>,
    audience: Audience,
}

fn case(notes: &str, changes: Vec<Change>) -> Case {
    let gathered = Gathered { changes, ..Gathered::default() };
    Case { process: process(notes), gathered, pulls: BTreeMap::new(), audience: Audience::External }
}

impl Case {
    fn pull(mut self, number: u64, pull: Pull) -> Self {
        self.pulls.insert(number, pull);
        self
    }

    fn draft(&self) -> Draft {
        draft(&Wanted {
            process: &self.process,
            gathered: &self.gathered,
            pulls: &self.pulls,
            since: Some("v0.1.0"),
            tag: "v0.2.0",
            audience: self.audience,
            web: Some("https://forge.example.org/octo/widget"),
        })
    }

    /// Headings with the lines below them.
    fn shape(&self) -> Vec<String> {
        let text = self.draft().text;
        let wanted = |line: &&str| line.starts_with("## ") || line.starts_with("- ");
        text.lines().filter(wanted).map(str::to_owned).collect()
    }
}

#[test]
fn labels_come_before_what_commits_say_and_breaking_changes_before_all() {
    let case = case(
        SECTIONS,
        vec![
            change(1, "chore: tidy (#1)"),
            change(2, "fix: two (#2)"),
            change(3, "docs: three (#3)"),
            change(4, "feat!: four (#4)"),
            change(5, "plain words"),
        ],
    )
    .pull(3, pull("docs: three", &["Enhancement-large"], "ann"));
    assert_eq!(
        case.shape(),
        [
            "## Breaking changes",
            "- feat!: four (#4) by Ada",
            "## Features",
            "- docs: three (#3) by @ann",
            "## Fixes",
            "- fix: two (#2) by Ada",
            "## Other changes",
            "- chore: tidy (#1) by Ada",
            &format!("- plain words ({}) by Ada", id(5).short()),
        ]
    );
    let text = case.draft().text;
    let link = "[v0.1.0...v0.2.0](https://forge.example.org/octo/widget/compare/v0.1.0...v0.2.0)";
    assert!(text.ends_with(&format!("**Full changelog**: {link}\n")), "{text}");
}

#[test]
fn a_backport_is_called_by_its_original() {
    let backport = |n, subject: &str, of: &[u64]| Change { of: of.to_vec(), ..change(n, subject) };
    let case = case(
        SECTIONS,
        vec![
            backport(1, "[release-0.2] fix: leak (backport #12) (#15)", &[12]),
            backport(2, "Automated cherry pick of #20: Mend #21: Tidy (#22)", &[20, 21]),
        ],
    )
    .pull(12, pull("fix: a leak of memory", &["bug"], "ann"))
    .pull(15, pull("fix: leak (backport #12)", &["backport"], "robot[bot]"));
    assert_eq!(case.shape()[..2], ["## Fixes", "- fix: a leak of memory (#12, backport #15) by @ann"]);
    assert_eq!(case.shape()[3], "- Mend #\u{2060}21: Tidy (#20, #21, backport #22) by Ada");
    for (title, is_backport, bare) in [
        ("fix (backport #12) (#15)", false, "fix"),
        ("[Backport release-1.2] fix (#3)", false, "fix"),
        ("[1.14] fix: x", false, "fix: x"),
        ("[proxy] fix", false, "[proxy] fix"),
        ("[proxy] fix", true, "fix"),
        ("(#12)", false, "(#12)"),
        ("say (see #12)", false, "say (see #12)"),
        ("Backport of #12", false, "Backport of #12"),
    ] {
        assert_eq!(bare_title(title, is_backport), bare, "{title}");
    }
}

fn revert(n: u8, subject: &str, of: Oid) -> Change {
    Change { reverts: Reverts { commits: vec![of], ..Reverts::default() }, ..change(n, subject) }
}

#[test]
fn what_is_taken_back_inside_the_range_is_no_news() {
    let both =
        case(SECTIONS, vec![revert(2, "Revert \"feat: one\" (#2)", id(1)), change(1, "feat: one (#1)")]);
    assert_eq!(both.shape(), Vec::<String>::new());
    let warned = both.draft().warnings.join("\n");
    assert!(warned.contains("feat: one (#1)") && warned.contains("Revert \"feat: one\" (#2)"), "{warned}");
    // A revert that is taken back takes nothing back.
    let thrice = case(
        SECTIONS,
        vec![
            revert(3, "Revert \"Revert \"feat: one\"\" (#3)", id(2)),
            revert(2, "Revert \"feat: one\" (#2)", id(1)),
            change(1, "feat: one (#1)"),
        ],
    );
    assert_eq!(thrice.shape(), ["## Features", "- feat: one (#1) by Ada"]);
    // Of something that was there before, it is news.
    let old = case(SECTIONS, vec![revert(2, "Revert \"feat: one\" (#2)", id(9))]);
    assert_eq!(old.shape(), ["## Reverted", "- Revert \"feat: one\" (#2) by Ada"]);
    assert!(old.draft().warnings.iter().any(|it| it.starts_with("taken back of what was there before")));
    // What a squashed message quotes of its own making is no revert.
    let squash = case(SECTIONS, vec![revert(2, "feat: two (#2)", id(1)), change(1, "feat: one (#1)")]);
    assert_eq!(squash.shape().len(), 3);
}

#[test]
fn a_number_and_a_quotation_are_enough_to_know_what_is_taken_back() {
    let by = |reverts| Change { reverts, ..change(3, "Revert \"feat: one\" (#3)") };
    for reverts in [
        Reverts { pull: Some(1), ..Reverts::default() },
        Reverts { subject: Some("feat: one (#1)".into()), ..Reverts::default() },
    ] {
        let case =
            case(SECTIONS, vec![by(reverts), change(2, "feat: two (#2)"), change(1, "feat: one (#1)")]);
        assert_eq!(case.shape(), ["## Features", "- feat: two (#2) by Ada"]);
    }
    // A revert of a merge takes back all that it brought.
    let merged = |n| Change { merge: Some(id(7)), pull: Some(9), ..change(n, "wip") };
    let case = case(
        SECTIONS,
        vec![revert(8, "Revert \"Merge pull request #9 from a/b\"", id(7)), merged(6), merged(5)],
    );
    assert_eq!(case.shape(), Vec::<String>::new());
}

#[test]
fn the_commits_of_a_pull_request_are_one_line() {
    let of = |n, subject: &str, author: &str| Change {
        pull: Some(9),
        author: text(author),
        is_new: Some(true),
        ..change(n, subject)
    };
    let mut case = case(SECTIONS, vec![of(3, "address review", "Bo"), of(2, "feat: start", "Ada")]);
    case.gathered.titles.insert(9, text("A new door"));
    assert_eq!(
        case.shape(),
        ["## Features", "- A new door (#9) by Bo, Ada", "## First contributions", "- Bo, Ada in #9"]
    );
}

#[test]
fn who_is_new_is_told_once_and_no_program_is() {
    let new = |n, subject: &str, author: &str| Change {
        is_new: Some(true),
        author: text(author),
        ..change(n, subject)
    };
    let case = case(
        SECTIONS,
        vec![
            new(1, "fix: b (#4)", "Bo"),
            new(2, "fix: a (#3)", "Bo"),
            new(3, "chore: bump (#5)", "dependabot[bot]"),
            change(4, "fix: old (#6)"),
        ],
    )
    .pull(4, pull("fix: b", &[], "bo"))
    .pull(3, pull("fix: a", &[], "bo"));
    let shape = case.shape();
    let at = shape.iter().position(|it| it == "## First contributions").unwrap();
    assert_eq!(shape[at + 1..], ["- @bo in #3"]);
}

#[test]
fn outside_text_is_shown_and_does_nothing() {
    let hostile = "feat: \u{1b}[2J\u{202e}evil <script>alert(1)</script> [x](javascript:alert(1)) ![i](u) @octo #7 `a` **b**\n# h (#1)";
    let case = case(
        SECTIONS,
        vec![Change { author: text("@everyone <img>"), is_new: Some(true), ..change(1, hostile) }],
    );
    let text = case.draft().text;
    let line = text.lines().find(|it| it.starts_with("- ")).unwrap();
    let bad = ["\u{1b}", "\u{202e}", "<script", "<img", "@octo", "@everyone", " **b", "\n# h", " `a`"];
    for bad in bad {
        assert!(!text.contains(bad), "{bad:?} in {text}");
    }
    assert!(!line.replace("\\](", "").contains("]("), "no link is made: {line}");
    assert!(!line.contains("#7") && line.contains("\\[x\\](javascript:alert(1))"), "{line}");
    // A login is what the forge may call a login; another text calls nobody.
    for (login, shown) in [
        ("ann-1", "by @ann-1"),
        ("ann[bot]", "by ann\\[bot\\]"),
        ("a b", "by a b"),
        ("@x](y)", "by @\u{2060}x\\](y)"),
    ] {
        let it = self::case(SECTIONS, vec![change(1, "fix: a (#1)")]).pull(1, pull("fix: a", &[], login));
        assert!(it.shape()[1].ends_with(shown), "{:?}", it.shape());
    }
}

#[test]
fn a_title_of_a_section_and_a_tag_are_text_too() {
    let mut it =
        case("[[sections]]\ntitle = \"Fixes <b>\"\nlabels = [\"bug\"]\n", vec![change(1, "fix: a (#1)")]);
    assert_eq!(it.shape()[0], "## Fixes &lt;b&gt;");
    it.gathered.changes.clear();
    let odd = draft(&Wanted {
        process: &it.process,
        gathered: &it.gathered,
        pulls: &it.pulls,
        since: Some("v1)](x"),
        tag: "v2",
        audience: Audience::External,
        web: Some("https://forge.example.org/octo/widget"),
    });
    assert!(odd.text.contains("v1)\\](x...v2") && !odd.text.contains("/compare/"), "{}", odd.text);
}

const APART: &str = "[[sections]]\ntitle = \"Features\"\nlabels = [\"enhancement\"]\n\
    [[sections]]\ntitle = \"For us\"\nlabels = [\"internal*\"]\naudience = \"internal\"\nrequired = true\n\
    [[sections]]\ntitle = \"How to upgrade\"\nrequired = true\n";

#[test]
fn what_is_internal_is_never_told_outside() {
    let new = |n, subject: &str, author: &str| Change {
        is_new: Some(true),
        author: text(author),
        ..change(n, subject)
    };
    let mut it = case(
        APART,
        vec![
            new(1, "feat!: secret (#1)", "Mole"),
            new(2, "feat: open (#2)", "Bo"),
            new(3, "feat: unknown (#3)", "Cy"),
        ],
    )
    .pull(1, pull("feat!: secret", &["enhancement", "Internal-only"], "mole"))
    .pull(2, pull("feat: open", &["enhancement"], "bo"));
    let outside = it.draft();
    for word in ["secret", "mole", "For us", "unknown", "#3"] {
        assert!(!outside.text.contains(word), "{word}: {}", outside.text);
    }
    assert!(outside.text.contains("open (#2)"));
    assert!(outside.warnings.iter().any(|it| it.contains("labels are not known") && it.contains("#3")));
    assert_eq!(outside.missing, ["How to upgrade"]);
    it.audience = Audience::Internal;
    let inside = it.draft();
    for word in ["secret", "For us", "unknown (#3)", "open"] {
        assert!(inside.text.contains(word), "{word}: {}", inside.text);
    }
    assert_eq!(missing(&it.process, Audience::Internal, &outside.text), ["For us", "How to upgrade"]);
}

#[test]
fn a_required_section_must_be_written() {
    let it = case(APART, vec![]);
    let made = it.draft();
    assert_eq!(made.missing, ["How to upgrade"]);
    assert!(made.text.contains("## How to upgrade\n\nTODO\n"), "{}", made.text);
    let left = |text: &str| missing(&it.process, Audience::External, text).len();
    for text in [
        &made.text,
        "",
        "How to upgrade: do it",
        "## How to upgrade",
        "## How to upgrade\n\n## Next\nwords",
        "## How to upgrade\n<!-- words\nmore -->",
        "```\n## How to upgrade\nwords\n```",
        "## How to upgrade\n- TODO: write",
    ] {
        assert_eq!(left(text), 1, "{text}");
    }
    for text in [
        "# v1\n## how to  UPGRADE ##\n\nNone.",
        "## How to upgrade\n### From 1.0\nwords",
        "## How to upgrade <!-- kept -->x\n".replace(" <!-- kept -->x", "\nwords").as_str(),
    ] {
        assert_eq!(left(text), 0, "{text}");
    }
}

#[test]
fn the_commit_that_writes_a_version_down_is_no_change() {
    let mut it =
        case(SECTIONS, vec![change(1, "Release v0.2.0 (#9)"), change(2, "Release the lock early (#8)")]);
    assert_eq!(it.shape().len(), 3, "a process that writes no version down makes no such commit");
    it.process.cut.edits =
        vec![toml::from_str("file = \"Cargo.toml\"\nat = { toml = \"package.version\" }").unwrap()];
    assert_eq!(it.shape(), ["## Other changes", "- Release the lock early (#8) by Ada"]);
    it.process.cut.commit_message = Some("chore(release): {version}, tag {tag}".to_owned());
    assert!(is_bump(&it.process, "chore(release): 0.2.0, tag v0.2.0 (#12)"));
    assert!(!is_bump(&it.process, "chore(release): 0.2.0, tag v0.3.0"));
    assert!(!is_bump(&it.process, "Release v0.2.0"));
}

#[test]
fn a_text_that_is_too_long_is_cut_and_says_so() {
    let changes =
        (0..255).map(|n| change(n, &format!("fix: {} (#{})", "long ".repeat(50), u64::from(n) + 1)));
    let made = case(SECTIONS, changes.collect()).draft();
    assert!(made.text.len() <= MOST_BYTES && made.text.ends_with("what is kept)\n"));
    assert!(made.warnings[0].contains("lines are left out"), "{:?}", made.warnings);
}

#[test]
fn a_range_starts_at_what_came_before() {
    let process = process(SECTIONS);
    let mark = |(day, name): (usize, &&str)| Mark {
        class: classify(&process.version, name),
        at: id(u8::try_from(day).unwrap()),
        tagged: chrono::DateTime::from_timestamp(i64::try_from(day).unwrap() * 86_400, 0),
    };
    let names =
        ["v0.1.0", "v0.2.0rc1", "v0.2.0rc9", "v0.2.0rc10", "v0.2.0", "v0.1.1", "v0.3.0rc1", "nightly"];
    let marks: Vec<Mark> = names.iter().enumerate().map(mark).collect();
    let told = |name: &str, day: Option<i64>| {
        let version = classify(&process.version, name).version.unwrap();
        let at = day.and_then(|day| chrono::DateTime::from_timestamp(day * 86_400, 0));
        let (candidate, last) = before(&version, at, &marks);
        let name = |it: Option<&Mark>| it.map_or("none".to_owned(), |it| it.class.tag.clone());
        (name(candidate), name(last))
    };
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(told("v0.2.0", Some(4)), pair("v0.2.0rc10", "v0.1.0"), "v0.1.1 came later");
    assert_eq!(told("v0.2.0rc10", Some(3)), pair("v0.2.0rc9", "v0.1.0"));
    assert_eq!(told("v0.3.0", None), pair("v0.3.0rc1", "v0.2.0"));
    assert_eq!(told("v0.2.1", None), pair("none", "v0.2.0"));
    assert_eq!(told("v0.1.0", Some(0)), pair("none", "none"));
}

mod on_record {
    use super::super::ground::{Book, oid, text};
    use super::{APART, SECTIONS};
    use gonogo::process::Audience;
    use gonogo::release::ask::Proposal;
    use gonogo::release::candidates::{ForgeRelease, ReleasesSeen, TagRow, TagsSeen};
    use gonogo::release::ids::Tag;
    use gonogo::release::notes::{Drafted, MOST_BYTES, Part, Since, Written};
    use gonogo::release::{Ask, Errand, Fact};
    use std::sync::Arc;

    fn tag(name: &str) -> Tag {
        Tag::parse(name).unwrap()
    }

    fn drafted(name: &str, said: &str) -> Drafted {
        let part = Part { since: Since::Start, from: None, count: 1, text: text(said), warnings: vec![] };
        Drafted { tag: tag(name), at: oid(3), audience: Audience::External, parts: vec![part] }
    }

    fn written(name: &str, said: &str) -> Written {
        Written { tag: tag(name), audience: Audience::External, text: text(said) }
    }

    fn notes(book: &mut Book, sections: &str) {
        Arc::make_mut(book.release.process.as_mut().unwrap()).notes = toml::from_str(sections).unwrap();
    }

    fn told(book: &Book, name: &str) -> String {
        book.release.notes_text(&tag(name), Audience::External).map_or("none".to_owned(), |it| it.line())
    }

    #[test]
    fn what_was_written_comes_before_what_was_drafted_and_a_version_stands_for_its_candidates() {
        let mut book = Book::read();
        assert_eq!(told(&book, "v1.2.0-rc.2"), "none");
        book.ask(Ask::KeepNotes(Box::new(drafted("v1.2.0", "base draft")))).unwrap();
        assert_eq!(told(&book, "v1.2.0-rc.2"), "base draft");
        book.ask(Ask::KeepNotes(Box::new(drafted("v1.2.0-rc.2", "draft")))).unwrap();
        assert_eq!(told(&book, "v1.2.0-rc.2"), "draft");
        book.ask(Ask::WriteNotes(written("v1.2.0", "base text"))).unwrap();
        assert_eq!(
            (told(&book, "v1.2.0-rc.2"), told(&book, "v1.2.0")),
            ("base text".into(), "base text".into())
        );
        book.ask(Ask::WriteNotes(written("v1.2.0-rc.2", "text"))).unwrap();
        assert_eq!(told(&book, "v1.2.0-rc.2"), "text");
        let inner = Written { audience: Audience::Internal, ..written("v1.2.0-rc.2", "secret") };
        book.ask(Ask::WriteNotes(inner)).unwrap();
        assert_eq!(told(&book, "v1.2.0-rc.2"), "text", "what is for the house alone is another text");
        assert_eq!(told(&book, "v1.3.0"), "none");
    }

    #[test]
    fn a_text_is_taken_back_and_done_again() {
        let mut book = Book::read();
        book.ask(Ask::WriteNotes(written("v1.2.0", "one"))).unwrap();
        book.ask(Ask::WriteNotes(written("v1.2.0", "two"))).unwrap();
        book.ask(Ask::Undo).unwrap();
        assert_eq!(told(&book, "v1.2.0"), "one");
        book.ask(Ask::Undo).unwrap();
        assert_eq!(told(&book, "v1.2.0"), "none");
        book.ask(Ask::Redo).unwrap();
        assert_eq!(told(&book, "v1.2.0"), "one");
    }

    #[test]
    fn no_text_is_longer_than_a_line_of_the_journal_holds() {
        let mut book = Book::read();
        for said in ["x".repeat(MOST_BYTES + 1), "\u{1}".repeat(10_000), " \n".to_owned()] {
            let refusal = book.ask(Ask::WriteNotes(written("v1.2.0", &said))).unwrap_err();
            assert!(refusal.why.contains("at most") || refusal.why.contains("empty"), "{}", refusal.why);
        }
        for body in ["\\".repeat(MOST_BYTES), "ä\"\n".repeat(MOST_BYTES / 4)] {
            let made = gonogo::release::notes::Draft {
                text: body,
                sections: vec![],
                warnings: vec!["w".repeat(900); 90],
                missing: vec![],
            };
            let parts = [true, false].map(|first| Part::of(Since::Final, None, &made, first));
            let fact: Fact = Drafted { parts: parts.into(), ..drafted("v1.2.0", "") }.into();
            assert!(fact.body().get().len() < 63 * 1024, "{}", fact.body().get().len());
        }
    }

    #[test]
    fn nothing_is_published_without_the_sections_that_the_process_asks_for() {
        let mut book = Book::read();
        notes(&mut book, APART);
        let row = |name: &str| TagRow { tag: tag(name), oid: oid(8), annotated: true, at: None };
        book.tell(TagsSeen { rows: vec![row("v1.2.0"), row("v1.2.0-rc.1")], gone: vec![] });
        let publish =
            |book: &Book, name: &str| book.release.draft(Proposal::PublishRelease(tag(name)), &book.stamp());
        let why = publish(&book, "v1.2.0").unwrap_err().why;
        assert!(why.contains("How to upgrade") && !why.contains("For us"), "{why}");
        assert!(publish(&book, "v1.2.0-rc.1").is_ok(), "a candidate may go out without");
        book.ask(Ask::WriteNotes(written("v1.2.0", "## How to upgrade\n\nTODO\n"))).unwrap();
        assert!(publish(&book, "v1.2.0").is_err());
        book.ask(Ask::WriteNotes(written("v1.2.0", "## How to upgrade\n\nNothing to do.\n"))).unwrap();
        let plan = publish(&book, "v1.2.0").unwrap();
        let Errand::DraftRelease(it) = &plan.steps[0].errand else { panic!("drafted first") };
        assert_eq!(it.body.raw(), "## How to upgrade\n\nNothing to do.\n");
    }

    #[test]
    fn a_draft_that_is_there_gets_what_was_written_since() {
        let mut book = Book::read();
        notes(&mut book, SECTIONS);
        let row = TagRow { tag: tag("v1.2.0"), oid: oid(8), annotated: true, at: None };
        book.tell(TagsSeen { rows: vec![row], gone: vec![] });
        let release = ForgeRelease {
            id: 71,
            tag: text("v1.2.0"),
            name: None,
            draft: true,
            prerelease: false,
            published: None,
            assets: 0,
        };
        book.tell(ReleasesSeen { rows: vec![release], gone: vec![] });
        let body = |book: &Book| {
            let plan = book.release.draft(Proposal::PublishRelease(tag("v1.2.0")), &book.stamp()).unwrap();
            let Errand::PublishRelease(it) = &plan.steps[0].errand else { panic!("published at once") };
            it.body.as_ref().map(|body| body.raw().to_owned())
        };
        assert_eq!(body(&book), None, "what somebody wrote there stays");
        book.ask(Ask::WriteNotes(written("v1.2.0", "ours"))).unwrap();
        assert_eq!(body(&book).as_deref(), Some("ours"));
    }

    #[test]
    fn an_order_says_what_to_gather() {
        let mut book = Book::read();
        let tags = [("v1.1.0", 5), ("v1.2.0-rc.1", 3)];
        let rows = tags.map(|(name, at)| TagRow { tag: tag(name), oid: oid(at), annotated: true, at: None });
        book.tell(TagsSeen { rows: rows.into(), gone: vec![] });
        let order = book.release.notes_order(None, &book.stamp()).unwrap();
        assert_eq!((order.tag.as_str(), order.at), ("v1.2.0-rc.2", oid(3)));
        let starts: Vec<_> =
            order.starts.iter().map(|(since, from)| (*since, from.as_ref().unwrap().0.as_str())).collect();
        assert_eq!(starts, [(Since::Final, "v1.1.0"), (Since::Candidate, "v1.2.0-rc.1")]);
        assert_eq!(order.web.as_deref(), Some("https://github.com/pier/crane"));
        let order = book.release.notes_order(Some(&tag("v1.1.0")), &book.stamp()).unwrap();
        assert_eq!((order.at, &order.starts[..]), (oid(5), &[(Since::Start, None)][..]));
    }
}
