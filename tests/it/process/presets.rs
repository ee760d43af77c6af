//! The five presets: they parse, they hold every requirement, they report only what their text contradicts.

use gonogo::process::{Finding, PRESETS, Process, Severity};
use gonogo::version::{Style, TagKind, VersionError, classify};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Each preset, parsed once.
static PARSED: LazyLock<BTreeMap<&str, (Process, Vec<Finding>)>> = LazyLock::new(|| {
    let parse = |name: &'static str| match Process::builtin(name) {
        Some(Ok(parsed)) => (name, parsed),
        Some(Err(findings)) => panic!("{name}: {findings:#?}"),
        None => panic!("no preset {name}"),
    };
    PRESETS.iter().map(|(name, _, _)| parse(name)).collect()
});

pub fn preset(name: &str) -> (Process, Vec<Finding>) {
    PARSED.get(name).cloned().unwrap_or_else(|| panic!("no preset {name}"))
}

fn messages(name: &str) -> Vec<String> {
    let (_, findings) = preset(name);
    findings.into_iter().map(|finding| format!("{}: {}", finding.line, finding.message)).collect()
}

/// The line of a preset that starts so, from 1.
fn line(name: &str, start: &str) -> usize {
    let text = gonogo::process::preset(name).expect("a preset");
    text.lines().position(|line| line.starts_with(start)).expect("a line") + 1
}

#[test]
fn three_presets_contradict_nothing() {
    for name in ["kubesphere", "crossplane"] {
        assert_eq!(messages(name), [""; 0], "{name}");
    }
}

#[test]
fn dragonfly_reports_the_phases_that_do_not_fill_the_cycle() {
    let at = line("dragonfly", "cycle = ");
    let expected = format!("{at}: the phases add up to 13 weeks while the cycle is 26 weeks");
    assert_eq!(messages("dragonfly"), [expected]);
}

#[test]
fn llama_stack_reports_the_channel_that_is_written_in_two_ways() {
    let found = messages("llama-stack");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("#release at line") && found[0].contains("#releases at line"), "{found:?}");
}

#[test]
fn monthly_trunk_reports_the_missing_candidate_form_and_refuses_to_guess() {
    let found = messages("monthly-trunk");
    let at = line("monthly-trunk", "[version]");
    let said = "the process makes candidates (major, minor) and does not say how one is written";
    assert_eq!(found, [format!("{at}: {said}")]);
    let (process, findings) = preset("monthly-trunk");
    assert!(findings[0].hint.contains("version.candidate"), "{findings:?}");
    let version = process.version.parse("v1.2.0").unwrap();
    assert_eq!(process.version.candidate_tag(&version, 1), Err(VersionError::NoCandidateForm));
}

#[test]
fn every_finding_of_a_preset_is_a_warning() {
    for (name, _, _) in PRESETS {
        assert!(preset(name).1.iter().all(|finding| finding.severity == Severity::Warning), "{name}");
    }
}

#[test]
fn names_and_titles_agree_with_the_list() {
    for (name, title, _) in PRESETS {
        let (process, _) = preset(name);
        assert_eq!(process.name, name);
        assert!(process.title.ends_with(title), "{} against {title}", process.title);
        assert!(process.items().count() >= 20, "{name} has a checklist");
        assert!(process.gates.len() >= 10, "{name} has gates");
    }
}

/// The requirement ids that stand in a text: a letter of the process and a number, in `serves` or in a comment.
fn ids(text: &str, letter: char) -> BTreeSet<u32> {
    let mut found = BTreeSet::new();
    for line in text.lines() {
        let serves = line.split("serves = [").nth(1).and_then(|rest| rest.split(']').next()).unwrap_or("");
        let comment = line.split_once("# ").map_or("", |(_, comment)| comment);
        for word in serves.split(['"', ',', ' ']).chain(comment.split([' ', ',', ':', '.', ';'])) {
            if let Some(number) = word.strip_prefix(letter).and_then(|rest| rest.parse().ok()) {
                found.insert(number);
            }
        }
    }
    found
}

#[test]
fn every_requirement_is_in_its_preset() {
    let wanted = [("dragonfly", 'D', 31), ("kubesphere", 'K', 25), ("crossplane", 'X', 33)];
    let wanted = wanted.into_iter().chain([("llama-stack", 'L', 49), ("monthly-trunk", 'M', 64)]);
    let mut total = 0;
    for (name, letter, count) in wanted {
        let found = ids(gonogo::process::preset(name).unwrap(), letter);
        let missing: Vec<u32> = (1..=count).filter(|n| !found.contains(n)).collect();
        assert_eq!(missing, [0; 0], "{name} lacks {letter}");
        assert!(found.iter().all(|n| *n <= count), "{name} names a requirement that there is not: {found:?}");
        total += found.len();
    }
    assert_eq!(total, 202);
}

#[test]
fn branches_and_tags_are_as_each_process_writes_them() {
    let names = |name: &str, tag: &str| {
        let (process, _) = preset(name);
        let version = process.version.parse(tag).unwrap();
        (process.branch_for(&version).unwrap(), process.version.candidate_tag(&version, 10).ok())
    };
    let some = |tag: &str| Some(tag.to_owned());
    assert_eq!(names("dragonfly", "v2.3.0"), ("release-2.3".to_owned(), some("v2.3.0-rc.10")));
    assert_eq!(names("kubesphere", "v3.4.1"), ("release-3.4".to_owned(), some("v3.4.1-rc.10")));
    assert_eq!(names("crossplane", "v1.20.0"), ("release-1.20".to_owned(), some("v1.20.0-rc.10")));
    assert_eq!(names("llama-stack", "v0.4.0"), ("release-0.4.x".to_owned(), some("v0.4.0rc10")));
    assert_eq!(names("monthly-trunk", "v1.2.0"), ("release/v1.2.0".to_owned(), None));
    assert_eq!(preset("llama-stack").0.version.style, Style::Pep440);
}

#[test]
fn a_version_finds_its_stream() {
    let (process, _) = preset("llama-stack");
    let stream = |tag: &str| process.stream_of(&process.version.parse(tag).unwrap()).unwrap().id.clone();
    assert_eq!(stream("v1.0.0"), "major");
    assert_eq!(stream("v1.0.0rc2"), "major");
    assert_eq!(stream("v0.4.0rc1"), "minor");
    assert_eq!(stream("v0.4.1"), "patch");
    assert_eq!(stream("v0.1.5.1"), "patch");
}

#[test]
fn streams_choose_items_and_gates() {
    let (process, _) = preset("llama-stack");
    let gates =
        |stream: &'static str| process.gates_for(stream).map(|gate| gate.id.clone()).collect::<BTreeSet<_>>();
    assert!(gates("minor").contains("window") && !gates("patch").contains("window"));
    assert!(gates("patch").contains("patch-tests") && !gates("major").contains("patch-tests"));
    let stage = process.stage("candidate").unwrap();
    let items = |stream: &'static str| {
        process.items_for(stage, stream, true).map(|item| item.id.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(items("patch"), ["from-branch", "backports"]);
    assert_eq!(items("minor"), ["branch", "backports", "rc", "rc-package"]);
}

#[test]
fn crossplane_reads_the_version_of_a_branch_build() {
    let (process, _) = preset("crossplane");
    let class = classify(&process.version, "v0.3.0-96.g9c48bb1");
    assert_eq!(class.kind, TagKind::Describe);
    assert_eq!(class.version.unwrap().ahead(), Some((96, "9c48bb1")));
    assert_eq!(process.branches.trunk_among(|branch| branch == "main"), "main");
    assert_eq!(process.branches.trunk_among(|_| true), "master");
}

#[test]
fn what_is_published_or_merged_back_guards_the_close() {
    use gonogo::process::{GateKind, Guards};
    for (name, _, _) in PRESETS {
        let (process, _) = preset(name);
        for gate in &process.gates {
            let afterwards = match &gate.kind {
                GateKind::MergeBack => true,
                // A candidate's artifact is asked for before the cut.
                GateKind::Artifacts { ids } => !ids.contains(&"test-pypi".to_owned()),
                _ => false,
            };
            assert_eq!(gate.guards == Guards::Close, afterwards, "{name}: {}", gate.id);
        }
        assert!(process.gates.iter().any(|gate| gate.guards == Guards::Close), "{name}");
    }
}
