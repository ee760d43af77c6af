//! What messages say, read word by word.

use gonogo::git::commit::{Mention, pulls_in_subject, trailing_pulls};
use gonogo::git::there::revert::Reverted;

#[test]
fn the_numbers_that_a_subject_ends_in() {
    for (subject, numbers) in [
        ("Fix (#12)", vec![12]),
        ("Fix (#12) (#15)", vec![12, 15]),
        ("Do (#12) again (#15)", vec![15]),
        ("Revert \"Fix (#12)\" (#15)", vec![15]),
        ("Revert \"Fix (#12)\"", vec![]),
        ("Fix (#12x)", vec![]),
        ("Fix (#0)", vec![]),
        ("Fix (#99999999999999999999999)", vec![]),
        ("Fix #12", vec![]),
        ("(#12)", vec![12]),
    ] {
        assert_eq!(trailing_pulls(subject), numbers, "{subject}");
    }
}

#[test]
fn what_a_revert_quotes_is_the_number_of_another() {
    assert_eq!(pulls_in_subject("Revert \"Fix (backport #12) (#14)\""), []);
    let of =
        |subject| pulls_in_subject(subject).into_iter().map(|it| (it.number, it.how)).collect::<Vec<_>>();
    assert_eq!(of("Revert \"Fix (backport #12)\" (#15)"), [(15, Mention::Suffix)]);
    assert_eq!(
        of("Merge pull request #40 from o/backport-12-to-r"),
        [(12, Mention::Backport), (40, Mention::Merge)]
    );
    assert_eq!(of("Merge pull request #40 from o/backport-12x-to-r"), [(40, Mention::Merge)]);
    assert_eq!(of("Merge pull request #40 from o/my-backport-12-to-r"), [(40, Mention::Merge)]);
}

#[test]
fn reverts_in_their_forms() {
    let oid = "a".repeat(40);
    let of = |subject: &str, body: &str| Reverted::of(subject, body);
    assert_eq!(of("x", &format!("This reverts commit {oid}.")).commits.len(), 1);
    assert_eq!(
        of("x", &format!("This reverts commit {oid}, reversing\nchanges made to {oid}.")).commits.len(),
        1
    );
    assert!(!of("x", "This reverts commit abc1234.").is_some(), "a short id may come to mean something else");
    assert_eq!(of("Reapply \"Fix\"", "").subject.unwrap(), "Revert \"Fix\"".into());
    assert_eq!(of("Revert \"Revert \"Fix\"\"", "").subject.unwrap(), "Revert \"Fix\"".into());
    assert_eq!(of("x", "Reverts octo/widget#12").pull, Some(12));
    assert_eq!(of("x", "Reverts what was said in #12").pull, None);
    assert!(!of("Revert the lever", "").is_some());
    assert!(!of("Revert \"", "").is_some());
}
