//! Branch names and lines.

use super::presets::preset;
use gonogo::process::{Line, LineKind, NoBranch, Process};
use gonogo::version::{Style, Version};
use proptest::prelude::*;

fn line(kind: LineKind, pattern: usize, numbers: (u64, Option<u64>, Option<u64>)) -> Option<Line> {
    let (major, minor, patch) = numbers;
    Some(Line { pattern, kind, major, minor, patch })
}

#[test]
fn monthly_trunk_tells_its_three_patterns_apart() {
    let (process, _) = preset("monthly-trunk");
    assert_eq!(process.line_of("release/v1.x"), line(LineKind::LongLived, 0, (1, None, None)));
    assert_eq!(process.line_of("release/v1.2.0"), line(LineKind::Release, 1, (1, Some(2), Some(0))));
    assert_eq!(process.line_of("hotfix/v1.2.1"), line(LineKind::Hotfix, 2, (1, Some(2), Some(1))));
    for branch in
        ["trunk", "release/v1", "release/v1.2", "release/v1.2.x", "release/v1.2.0-rc.1", "hotfix/v1.x"]
    {
        assert_eq!(process.line_of(branch), None, "{branch}");
    }
    assert!(process.version.parse("v1.x").is_err());
}

#[test]
fn the_x_of_llama_stack_is_a_letter() {
    let (process, _) = preset("llama-stack");
    assert_eq!(process.line_of("release-0.4.x"), line(LineKind::Release, 0, (0, Some(4), None)));
    assert_eq!(process.line_of("release-0.2.10"), line(LineKind::Release, 1, (0, Some(2), Some(10))));
    for branch in ["release-0.4.X", "release-0.4", "release-0.4.xx", "xrelease-0.4.x", "release-0.1.5.1"] {
        assert_eq!(process.line_of(branch), None, "{branch}");
    }
}

#[test]
fn numbers_are_whole() {
    let (process, _) = preset("crossplane");
    assert!(process.line_of("release-1.20").is_some());
    for branch in ["release-01.2", "release-1.02", "release-1.", "release-.2", "release-1.2 ", "release--1.2"]
    {
        assert_eq!(process.line_of(branch), None, "{branch}");
    }
    assert!(process.line_of("release-0.0").is_some());
    assert_eq!(process.line_of("release-99999999999999999999.1"), None);
}

#[test]
fn a_line_holds_its_versions() {
    let (process, _) = preset("monthly-trunk");
    let holds = |branch: &str, tag: &str| {
        process.line_of(branch).unwrap().holds(&process.version.parse(tag).unwrap())
    };
    assert!(holds("release/v1.x", "v1.9.3") && !holds("release/v1.x", "v2.0.0"));
    assert!(holds("hotfix/v1.2.1", "v1.2.1") && !holds("hotfix/v1.2.1", "v1.2.2"));
}

#[test]
fn the_branch_of_a_kind() {
    let (process, _) = preset("monthly-trunk");
    let version = Version::of(Style::Semver, 1, 2, 1);
    assert_eq!(process.branch_of_kind(&version, LineKind::Hotfix).unwrap(), "hotfix/v1.2.1");
    assert_eq!(process.branch_of_kind(&version, LineKind::LongLived).unwrap(), "release/v1.x");
    let (crossplane, _) = preset("crossplane");
    let none = crossplane.branch_of_kind(&version, LineKind::Hotfix).unwrap_err();
    assert_eq!(none, NoBranch::NoPattern("hotfix"));
    assert!(none.to_string().contains("[[branches.lines]]"), "{none}");
}

#[test]
fn a_process_with_long_lived_branches_only_uses_them() {
    let text = "name = \"p\"\nversion.style = \"semver\"\n[branches]\ntrunk = \"main\"\n\
                lines = [ { pattern = \"v{major}\", kind = \"long-lived\" } ]\n";
    let (process, _) = Process::parse(text, "f").unwrap();
    assert_eq!(process.branch_for(&Version::of(Style::Semver, 3, 1, 4)).unwrap(), "v3");
}

proptest! {
    #[test]
    fn a_branch_finds_its_line_again(
        name in prop_oneof![Just("dragonfly"), Just("crossplane"), Just("llama-stack"), Just("monthly-trunk")],
        major in 0u64..300, minor in 0u64..300, patch in 0u64..300,
    ) {
        let (process, _) = preset(name);
        let version = Version::of(process.version.style, major, minor, patch);
        let branch = process.branch_for(&version).expect("a branch");
        let line = process.line_of(&branch).expect("a line");
        prop_assert!(line.holds(&version));
        prop_assert_eq!((line.major, line.minor), (major, Some(minor)));
    }

    #[test]
    fn no_name_breaks_the_matcher(branch in "\\PC{0,30}") {
        let (process, _) = preset("monthly-trunk");
        if let Some(line) = process.line_of(&branch) {
            prop_assert!(branch.contains(&line.major.to_string()));
        }
    }
}
