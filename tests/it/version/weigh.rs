//! What changes weigh, by Conventional Commits.

use gonogo::version::{Bump, Nature, Weight};

#[test]
fn a_message_says_what_its_change_is() {
    for (message, nature) in [
        ("feat: one", Nature::Feature),
        ("feat(api): one (#12)", Nature::Feature),
        ("FEAT: one", Nature::Feature),
        ("fix: one", Nature::Fix),
        ("fix!: one", Nature::Breaking),
        ("refactor(core)!: one", Nature::Breaking),
        ("fix: one\n\nBREAKING CHANGE: two", Nature::Breaking),
        ("fix: one\n\nBREAKING-CHANGE: two", Nature::Breaking),
        ("docs: one", Nature::Other),
        ("[release-1.2] fix: one", Nature::Fix),
        ("Fix the thing", Nature::Unsaid),
        ("fix one", Nature::Unsaid),
        ("Merge pull request #1 from a/b", Nature::Unsaid),
        ("Revert \"feat: one\"", Nature::Unsaid),
        ("修复: 分页", Nature::Other),
        ("", Nature::Unsaid),
        ("[", Nature::Unsaid),
    ] {
        assert_eq!(Nature::of(message), nature, "{message:?}");
    }
}

#[test]
fn the_heaviest_change_decides_which_number_goes_up() {
    let weight = |natures: &[Nature]| natures.iter().copied().collect::<Weight>();
    assert_eq!(weight(&[]).asks(1), Bump::Patch);
    assert_eq!(weight(&[Nature::Fix, Nature::Other, Nature::Unsaid]).asks(1), Bump::Patch);
    assert_eq!(weight(&[Nature::Fix, Nature::Feature]).asks(1), Bump::Minor);
    assert_eq!(weight(&[Nature::Feature, Nature::Breaking]).asks(1), Bump::Major);
    assert_eq!(weight(&[Nature::Breaking]).asks(0), Bump::Minor, "before 1.0.0 anything may change");
    assert_eq!(
        weight(&[Nature::Fix, Nature::Fix, Nature::Feature, Nature::Unsaid, Nature::Unsaid]).words(),
        "1 feature, 2 fixes, 2 changes without a type"
    );
    assert_eq!(weight(&[]).words(), "no changes");
}
