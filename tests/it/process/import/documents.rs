//! Documents in the shapes that people write.

use super::{accounted, imported, only};
use gonogo::process::{GateKind, LineKind, Process, RoleSource, Venue};

const HARBOUR: &str = include_str!("texts/harbour.md");
const LANTERN: &str = include_str!("texts/lantern.md");
const FOLDED: &str = include_str!("texts/folded.md");
const PLAIN: &str = include_str!("texts/plain.md");

#[test]
fn every_line_of_every_document_is_cited_or_listed() {
    for text in [HARBOUR, LANTERN, FOLDED, PLAIN] {
        for text in
            [text.to_owned(), text.replace('\n', "\r\n"), format!("\u{feff}{text}"), text.replace('\n', "\r")]
        {
            let (imported, process) = imported(&text);
            accounted(&text, &imported.draft);
            assert_eq!(process.items().count(), imported.items.len());
            assert_eq!(imported.items.iter().filter(|item| item.ticked.is_some()).count(), imported.tasks);
        }
    }
}

#[test]
fn line_ends_and_a_mark_at_the_start_change_nothing() {
    let (unix, _) = imported(HARBOUR);
    assert_eq!(imported(&HARBOUR.replace('\n', "\r\n")).0.draft, unix.draft);
    assert_eq!(imported(&format!("\u{feff}{HARBOUR}")).0.draft, unix.draft);
}

#[test]
fn tasks_land_under_their_headings_ticked_or_not() {
    let (imported, _) = imported(HARBOUR);
    assert_eq!(only(&imported, "Open the tracking issue"), ("Release team", 36, Some(false)));
    assert_eq!(only(&imported, "Book the weekly release meeting"), ("Release team", 37, Some(true)));
    assert_eq!(only(&imported, "Announce in #announcements on Slack"), ("Announcing", 54, Some(false)));
    assert_eq!(only(&imported, "QA"), ("Sign-offs", 61, Some(false)));
    assert_eq!(imported.tasks, 9);
    let cut = only(&imported, "Check that CI is green on the release branch.");
    assert_eq!(cut, ("Cutting the release", 42, None), "a numbered step is proposed");
    assert!(!imported.items.iter().any(|item| item.text.contains("this is output")));
}

#[test]
fn a_process_in_prose_becomes_keys() {
    let (imported, process) = imported(HARBOUR);
    assert_eq!((process.name.as_str(), process.branches.trunk.as_str()), ("harbour-releases", "main"));
    let lines: Vec<_> =
        process.branches.lines.iter().map(|line| (line.pattern.as_str(), line.kind)).collect();
    assert_eq!(
        lines,
        [
            ("release-{major}.{minor}", LineKind::Release),
            ("hotfix/v{major}.{minor}.{patch}", LineKind::Hotfix)
        ]
    );
    assert_eq!(process.version.prefix, "v");
    assert_eq!(process.version.candidate.clone().map(String::from).as_deref(), Some("-rc.{n}"));
    assert_eq!(process.version.first_candidate, 0);
    assert_eq!(process.support.latest, Some(2));
    let minor = process.stream("minor").unwrap();
    assert_eq!(minor.every.unwrap().to_string(), "6 months");
    let phases: Vec<_> =
        process.calendar.phases.iter().map(|it| (it.title.as_str(), it.lasts.unwrap().to_string())).collect();
    let expected = [("Planning", "2 weeks"), ("Building and fixing", "9 weeks"), ("Hardening", "2 weeks")];
    assert_eq!(phases, expected.map(|(title, lasts)| (title, lasts.to_owned())));
    assert!(process.hotfix.merge_back);
    assert_eq!(process.picks.labels, ["backport {branch}"]);
    let artifacts: Vec<_> = process.artifacts.iter().map(|it| it.title.as_str()).collect();
    assert_eq!(artifacts, ["ghcr.io/harbour/server (Container image)", "harbour (PyPI)"]);
    let told: Vec<_> = process.announcements.iter().map(|it| &it.to).collect();
    assert!(told.contains(&&Venue::Slack("#announcements".to_owned())), "{told:?}");
    assert!(told.contains(&&Venue::Mail("harbour-announce@lists.example.org".to_owned())), "{told:?}");
    assert!(told.contains(&&Venue::Twitter("@harbour".to_owned())), "{told:?}");
    assert!(
        imported.contradictions.iter().any(|it| it.contains("#announcement at line 57")),
        "{:?}",
        imported.contradictions
    );
}

#[test]
fn roles_are_found_with_what_they_do_and_own_their_items() {
    let (imported, process) = imported(HARBOUR);
    let captain = process.role("release-captain").unwrap();
    assert_eq!(
        captain.about,
        "Keeps the schedule and speaks for the release. Must have been a shadow before."
    );
    assert_eq!(captain.must_have_been, ["shadow"]);
    assert_eq!(captain.from, RoleSource::Anyone);
    assert_eq!(process.role("build-manager").unwrap().about, "makes the candidates.");
    let owner =
        |text: &str| imported.items.iter().find(|item| item.text.starts_with(text)).unwrap().role.clone();
    assert_eq!(owner("Open the tracking issue").as_deref(), Some("release-captain"));
    assert_eq!(owner("Announce in"), None);
    let signs: Vec<_> = process.signoffs.iter().map(|it| (it.title.as_str(), it.role.as_str())).collect();
    assert_eq!(signs, [("QA", "qa"), ("Security", "security")]);
    let owned = |text: &str| {
        let (_, process) = self::imported(&format!("# R\n\nThe release lead decides.\n\n- [ ] {text}\n"));
        process.items().next().unwrap().1.role.clone()
    };
    assert_eq!(owned("Release lead: say go").as_deref(), Some("release-lead"));
    assert_eq!(owned("Say go (@release-lead)").as_deref(), Some("release-lead"));
    assert_eq!(owned("Say go [Release Lead]").as_deref(), Some("release-lead"));
    assert_eq!(owned("The release lead says go").as_deref(), Some("release-lead"));
    assert_eq!(owned("Tell the release lead's deputy (@ann)"), None);
}

#[test]
fn what_is_not_understood_is_listed_with_its_line_and_nothing_else_is() {
    let (imported, _) = imported(HARBOUR);
    let texts: Vec<_> = imported.not_understood.iter().map(|it| (it.from, it.text.as_str())).collect();
    assert!(texts.contains(&(4, "Anybody may propose a date.")), "{texts:?}");
    assert!(texts.contains(&(65, "[unused]: https://example.org/nothing")), "{texts:?}");
    assert!(!texts.iter().any(|(_, text)| text.contains("every 6 months")), "{texts:?}");
    assert!(imported.draft.contains("# line 4: \"Anybody may propose a date.\"\n"), "{}", imported.draft);
    assert!(imported.draft.contains("# line 4: \"We ship a minor release about every 6 months.\"\n"));
}

#[test]
fn details_of_an_item_stand_with_it() {
    let (imported, _) = imported(HARBOUR);
    let at = |text: &str| imported.draft.find(text).unwrap_or_else(|| panic!("{text}: {}", imported.draft));
    let (tag, takes, publish) =
        (at("Tag the commit and push it"), at("the pipeline takes about"), at("text = \"Publish to PyPI"));
    assert!(tag < takes && takes < publish, "{}", imported.draft);
    assert!(at("#   - [ ] this is output and no task") < tag);
}

#[test]
fn chinese_is_read_like_english() {
    let (imported, process) = imported(LANTERN);
    assert_eq!((process.title.as_str(), process.branches.trunk.as_str()), ("灯笼项目发布流程", "master"));
    assert_eq!(process.stream("minor").unwrap().every.unwrap().to_string(), "6 months");
    let phases: Vec<_> =
        process.calendar.phases.iter().map(|it| (it.title.as_str(), it.lasts.unwrap().to_string())).collect();
    let expected = [("规划", "2 weeks"), ("开发", "16 weeks"), ("稳定", "8 weeks")];
    assert_eq!(phases, expected.map(|(title, lasts)| (title, lasts.to_owned())));
    assert_eq!(only(&imported, "更新文档"), ("发布前检查", 16, Some(true)));
    assert_eq!(only(&imported, "创建发布分支"), ("发布步骤", 23, None));
    let child = imported.items.iter().find(|item| item.text == "中文文档").unwrap();
    let parent = imported.items.iter().find(|item| item.text == "更新文档").unwrap();
    assert!(child.id.starts_with(&format!("{}--", parent.id)), "{child:?} below {parent:?}");
    let tag = imported.items.iter().find(|item| item.text.contains("打标签")).unwrap();
    assert_eq!(tag.role.as_deref(), Some("发布经理"));
    assert_eq!(process.version.candidate.clone().map(String::from).as_deref(), Some("-rc.{n}"));
}

#[test]
fn tasks_in_every_dress_are_found_and_those_in_code_and_comments_are_not() {
    let (imported, process) = imported(FOLDED);
    let expected = [
        ("Choose the release manager", "Before", 17),
        ("Choose the shadow", "Before", 18),
        ("Build the wheels", "Before", 23),
        ("Build the docs & site", "Before", 24),
        ("Raw task in a block", "Before", 29),
        ("Quoted task", "During", 34),
        ("Quoted and nested", "During", 35),
        ("Upload to test.pypi – Release manager", "During", 45),
        ("Upload lamp to PyPI – Release manager", "During", 46),
        ("Write the notes", "During", 47),
        ("Numbered task", "After", 53),
        ("Another list of numbers", "After", 54),
        ("Star", "After", 55),
        ("Plus", "After", 56),
        ("With a link and code --flag \"quoted\"", "After", 57),
        ("A box in a paragraph", "After", 59),
        ("No blank behind the bullet", "After", 60),
    ];
    for (text, stage, line) in expected {
        let (found, at, ticked) = only(&imported, text);
        assert_eq!((found, at), (stage, line), "{text}");
        assert!(ticked.is_some(), "{text}");
    }
    assert_eq!(imported.tasks, expected.len());
    assert_eq!(only(&imported, "Build the wheels").2, Some(false));
    assert_eq!(only(&imported, "Build the docs & site").2, Some(true));
    for hidden in ["nobody sees", "not a task"] {
        assert!(!imported.items.iter().any(|item| item.text.contains(hidden)), "{hidden}");
        assert!(imported.not_understood.iter().any(|it| it.text.contains(hidden)), "{hidden}: it is listed");
    }
    assert_eq!(process.milestone.tracking_labels, ["release", "area/build"]);
    assert_eq!(process.version.style, gonogo::version::Style::Pep440);
    let upload = imported.items.iter().find(|item| item.text.starts_with("Upload to test")).unwrap();
    assert_eq!(upload.role.as_deref(), Some("release-manager"), "the row names its owner");
    assert!(imported.draft.contains("https://example.org"), "the address of a link is kept");
}

#[test]
fn a_document_without_headings_has_one_checklist() {
    let (imported, process) = imported(PLAIN);
    assert_eq!(imported.stages, ["Checklist"]);
    assert_eq!((imported.items.len(), imported.tasks), (4, 1));
    assert_eq!(process.artifacts.len(), 1);
}

#[test]
fn a_document_that_says_nothing_is_a_draft_too() {
    for text in [
        "",
        "\n\n",
        "\u{feff}",
        "# \n",
        "- [ ]\n",
        "***\n",
        "---\n",
        "|a|\n|-|\n",
        "<!--",
        "```",
        "[a]: b",
        "\u{0}",
    ] {
        let (imported, process) = imported(text);
        accounted(text, &imported.draft);
        assert_eq!(process.branches.trunk, "main", "{text:?}");
    }
    let (imported, _) = imported("- [ ]\n- [x] \n");
    assert_eq!(imported.tasks, 2, "{}", imported.draft);
}

#[test]
fn contradictions_are_said_and_the_first_form_is_kept() {
    let text = "# R\n\nWe follow SemVer. Releases are due every 26 weeks.\n\nPhases:\n\n- Planning (2 weeks)\n- Testing phase (4 weeks)\n\n\
                Tags look like `v1.0.0rc1`. Some are called `v1.0.0-rc.2`. The branch is `release-1.0`, or `release/1.1.x`.\n";
    let (imported, process) = imported(text);
    let said = imported.contradictions.join("\n");
    assert!(said.contains("the phases add up to 6 weeks, while the cycle is 26 weeks (line 3)"), "{said}");
    assert!(said.contains("PEP 440 and not SemVer: lines 3 and 10"), "{said}");
    assert_eq!(process.version.candidate.clone().map(String::from).as_deref(), Some("rc{n}"));
    assert!(
        imported.draft.contains("candidates are written \"-rc.{n}\" as well, at line 10"),
        "{}",
        imported.draft
    );
    assert!(imported.draft.contains("another pattern, \"release/{major}.{minor}.x\""), "{}", imported.draft);
}

#[test]
fn names_with_letters_for_numbers_are_patterns() {
    let pattern = |name: &str| {
        let (_, process) = imported(&format!("# R\n\nThe branch `{name}` is made.\n"));
        process.branches.lines.first().map(|line| line.pattern.clone())
    };
    for (name, expected) in [
        ("release-X.Y", "release-{major}.{minor}"),
        ("release-X.Y.x", "release-{major}.{minor}.x"),
        ("release-x.y", "release-{major}.{minor}"),
        ("release/v1.x", "release/v{major}.x"),
        ("release/v1.2.0", "release/v{major}.{minor}.{patch}"),
        ("release-<major>.<minor>", "release-{major}.{minor}"),
        ("release-${MAJOR}.${MINOR}", "release-{major}.{minor}"),
        ("stable/1.4.x", "stable/{major}.{minor}.x"),
        ("hotfix/v1.2.1", "hotfix/v{major}.{minor}.{patch}"),
        ("3.4.x", "{major}.{minor}.x"),
    ] {
        assert_eq!(pattern(name).as_deref(), Some(expected), "{name}");
    }
    for name in
        ["release-notes", "release-2024-01-02", "release-<version>", "releases/latest", "support-team"]
    {
        assert_eq!(pattern(name), None, "{name}");
    }
}

#[test]
fn lengths_are_found_as_people_write_them() {
    let cycle = |text: &str| {
        let (_, process) = imported(&format!("# R\n\n{text}\n"));
        process.calendar.cycle.map(|span| span.to_string())
    };
    for (text, expected) in [
        ("A release is due every 8 weeks.", "8 weeks"),
        ("We release every two weeks.", "2 weeks"),
        ("We release every 6 to 8 months.", "6-8 months"),
        ("We release every 6–8 months.", "6-8 months"),
        ("Releases are quarterly.", "3 months"),
        ("A release leaves once a month.", "1 month"),
        ("We release every other week.", "2 weeks"),
        ("We follow a 14-week release cycle.", "14 weeks"),
        ("每六个月发布一次。", "6 months"),
        ("我们每两周发布。", "2 weeks"),
        ("发布周期为每季度。", "3 months"),
        ("每半年发布一个版本", "6 months"),
    ] {
        assert_eq!(cycle(text).as_deref(), Some(expected), "{text}");
    }
    for text in ["Wait 20 minutes for the release.", "Released in May 2024.", "The release is 3 days late."] {
        assert_eq!(cycle(text), None, "{text}");
    }
}

#[test]
fn numbered_headings_of_a_procedure_are_steps_with_what_they_say() {
    let text = "# Guide\n\n## Release process\n\n### 1. Build\n\n```sh\nmake build\n```\n\n### Step 2: Tag\n\nUse the tool.\n\n### 3. Publish\n\n\
                - [ ] Push\n\n### Notes\n\nNone.\n\n### 1.2 is old\n";
    let (imported, _) = imported(text);
    let found: Vec<_> =
        imported.items.iter().map(|it| (it.text.as_str(), it.stage.as_str(), it.line)).collect();
    let expected = [
        ("1. Build", "Release process", 5),
        ("Step 2: Tag", "Release process", 11),
        ("Push", "3. Publish", 17),
    ];
    assert_eq!(found, expected);
    let left: Vec<_> = imported.not_understood.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(left, ["Notes", "None.", "1.2 is old"]);
    accounted(text, &imported.draft);
}

#[test]
fn gates_are_left_to_people() {
    let (imported, process) = imported("# Release checklist\n\n- [ ] CI must pass on the branch\n");
    assert!(process.gates.is_empty());
    let block: String = imported
        .draft
        .lines()
        .filter_map(|line| line.strip_prefix("# "))
        .skip_while(|line| *line != "[[gates]]")
        .fold(String::new(), |text, line| {
            if line.starts_with("Not understood") || text.contains("\u{1}") {
                format!("{text}\u{1}")
            } else {
                format!("{text}{line}\n")
            }
        });
    let block = block.replace('\u{1}', "");
    let (process, _) = Process::parse(&format!("{}\n{block}", imported.draft), "x").unwrap();
    assert!(
        process
            .gates
            .iter()
            .any(|gate| matches!(&gate.kind, GateKind::Stage { stage } if stage == "release-checklist")),
        "{block}"
    );
}
