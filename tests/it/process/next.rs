//! Which version a branch leads to.

use gonogo::process::{NextAsk, Process};
use gonogo::version::{Bump, Nature, Weight, classify};

fn process(name: &str) -> Process {
    Process::builtin(name).expect("a preset").expect("no mistake").0
}

/// The tag that comes next, its candidate, and what is found.
fn next(
    process: &Process,
    branch: &str,
    tags: &[&str],
    natures: &[Nature],
    chosen: Option<Bump>,
) -> Option<(String, Option<String>, Vec<String>)> {
    let known: Vec<_> = tags.iter().map(|tag| classify(&process.version, tag)).collect();
    let ask = NextAsk {
        branch,
        is_trunk: branch == process.branches.trunk,
        known: &known,
        burned: &[],
        weight: natures.iter().copied().collect::<Weight>(),
        chosen,
        branches: &["main", "release-0.4.x", "release/v1.x", "release/v1.3.0"],
    };
    let next = process.next_on(&ask).unwrap()?;
    let candidate = next.candidate.map(|it| it.map_or_else(|why| why, |it| it.tag));
    Some((next.proposal.tag, candidate, next.findings))
}

fn tag(told: Option<(String, Option<String>, Vec<String>)>) -> String {
    told.unwrap().0
}

#[test]
fn the_trunk_goes_where_the_changes_ask_and_a_stream_allows() {
    let process = process("llama-stack");
    let on = |natures: &[Nature]| next(&process, "main", &["v0.2.0", "v0.3.0", "v0.3.1"], natures, None);
    let (proposed, candidate, findings) = on(&[Nature::Fix]).unwrap();
    assert_eq!(proposed, "v0.5.0", "patches come from lines, and 0.4 has a line of its own");
    assert_eq!(candidate.as_deref(), Some("v0.5.0rc1"));
    assert_eq!(findings, Vec::<String>::new());
    assert_eq!(tag(on(&[Nature::Breaking])), "v0.5.0", "before 1.0.0");
    let after = |natures: &[Nature]| tag(next(&process, "main", &["v1.3.0"], natures, None));
    assert_eq!((after(&[Nature::Feature]), after(&[Nature::Breaking])), ("v1.4.0".into(), "v2.0.0".into()));
    let chosen = next(&process, "main", &["v1.3.0"], &[Nature::Breaking], Some(Bump::Minor)).unwrap();
    assert_eq!(
        (chosen.0.as_str(), &*chosen.2),
        ("v1.4.0", &["1 breaking change in Minor (Y)".to_owned()][..])
    );
}

#[test]
fn a_line_of_fixes_says_what_does_not_belong() {
    let process = process("llama-stack");
    let on = |natures: &[Nature]| {
        next(&process, "release-0.3.x", &["v0.3.0", "v0.3.1", "v0.9.0", "v0.3.2rc1"], natures, None).unwrap()
    };
    let (proposed, candidate, findings) = on(&[Nature::Fix, Nature::Feature, Nature::Feature]);
    assert_eq!((proposed.as_str(), candidate), ("v0.3.2", None), "patches have no candidates");
    assert_eq!(findings, ["2 features do not belong to Patch (Z)"]);
    assert_eq!(on(&[]).2, ["nothing was merged since the last version"]);
    assert_eq!(next(&process, "feature/x", &["v0.3.0"], &[], None), None, "no line of the process");
}

#[test]
fn a_branch_of_one_version_leads_to_it_and_a_long_lived_one_on() {
    let process = process("monthly-trunk");
    let on = |branch: &str, natures: &[Nature]| tag(next(&process, branch, &["v1.2.0"], natures, None));
    assert_eq!(on("release/v1.3.0", &[Nature::Feature]), "v1.3.0");
    assert_eq!(on("hotfix/v1.2.1", &[Nature::Fix]), "v1.2.1");
    assert_eq!(on("release/v1.x", &[Nature::Feature]), "v1.3.0");
    assert_eq!(on("release/v1.x", &[Nature::Fix]), "v1.2.1");
}

#[test]
fn a_process_without_a_candidate_form_refuses_and_names_the_key() {
    let process = process("monthly-trunk");
    let told = next(&process, "release/v1.3.0", &[], &[Nature::Feature], None).unwrap();
    let why = told.1.unwrap();
    assert!(why.contains("version.candidate"), "M64: the form is not given and not guessed: {why}");
}
