//! The verdicts: clean, clean after, conflict, empty, unknown.

use super::super::yard::{Yard, oid};
use super::{agree, picks};
use gonogo::release::ids::Oid;
use gonogo::release::predict::{ConflictKind, Emptiness, Picked, Verdict, Why};

fn lines(from: u32, to: u32) -> String {
    (from..=to).map(|n| format!("line {n}\n")).collect()
}

fn words(all: &[gonogo::release::predict::Prediction]) -> Vec<&'static str> {
    all.iter().map(|it| it.verdict.word()).collect()
}

/// A yard with `f` of twenty lines on main and on the branch `release`.
fn yard() -> Yard {
    let yard = Yard::new();
    yard.commit("f", &lines(1, 20), "Twenty lines");
    yard.git(&["branch", "release"]);
    yard
}

/// Changes one line of `f` on main.
fn change(yard: &Yard, line: u32, to: &str) -> Oid {
    let path = yard.path().join("f");
    let text = std::fs::read_to_string(&path).unwrap();
    let text: String = text
        .lines()
        .enumerate()
        .map(|(at, it)| if at + 1 == line as usize { format!("{to}\n") } else { format!("{it}\n") })
        .collect();
    yard.commit("f", &text, &format!("Line {line} is {to}"))
}

#[test]
fn a_queue_is_tried_in_order_each_on_top_of_those_before() {
    let yard = yard();
    let one = change(&yard, 3, "three");
    let two = change(&yard, 3, "THREE");
    let far = change(&yard, 17, "seventeen");
    let new = yard.commit("dir/new", "new\n", "A new file");
    let all = agree(&yard, "release", &picks(&[one, two, far, new]));
    assert_eq!(words(&all), ["clean", "clean-after", "clean", "clean"]);
    let Verdict::CleanAfter(_, needs) = &all[1].verdict else { panic!("{:?}", all[1]) };
    assert_eq!((&*needs.picks, needs.minimal), (&[one][..], true));
    assert_eq!(needs.alone[0].raw(), "f");
    assert_eq!(all[3].onto, all[2].after());
}

#[test]
fn a_conflict_is_left_out_and_the_rest_goes_on_before_it() {
    let yard = yard();
    let one = change(&yard, 3, "three");
    let two = change(&yard, 3, "THREE");
    let far = change(&yard, 17, "seventeen");
    let all = agree(&yard, "release", &picks(&[two, far, one, two]));
    assert_eq!(words(&all), ["conflict", "clean", "clean", "clean-after"]);
    let conflict = all[0].verdict.conflict().unwrap();
    assert_eq!(conflict.files[0].kind, ConflictKind::Content);
    assert!(conflict.files[0].base.is_some() && conflict.files[0].theirs.is_some());
    assert_eq!(all[1].onto, all[0].onto);
}

#[test]
fn what_is_there_already_is_empty() {
    let yard = yard();
    let one = change(&yard, 3, "three");
    yard.git(&["commit", "-q", "--allow-empty", "-m", "Nothing"]);
    let nothing = yard.head();
    let all = agree(&yard, "release", &picks(&[one, one, nothing]));
    assert_eq!(words(&all), ["clean", "empty", "empty"]);
    assert_eq!(all[1].verdict, Verdict::Empty(Emptiness::AlreadyThere));
    assert_eq!(all[2].verdict, Verdict::Empty(Emptiness::NoChange));
}

#[test]
fn a_merge_wants_to_know_against_which_parent() {
    let yard = yard();
    yard.git(&["checkout", "-q", "-b", "topic"]);
    let side = yard.commit("side", "side\n", "On the side");
    yard.git(&["checkout", "-q", "main"]);
    change(&yard, 3, "three");
    yard.git(&["merge", "-q", "--no-ff", "-m", "Merge topic", "topic"]);
    let merge = yard.head();
    let with = |mainline| Picked { commit: merge, mainline: Some(mainline) };
    let queue = [merge.into(), with(3), with(1), with(2), Picked { commit: side, mainline: Some(1) }];
    let all = agree(&yard, "release", &queue);
    assert_eq!(words(&all), ["unknown", "unknown", "clean", "clean", "empty"]);
    assert_eq!(all[0].verdict, Verdict::Unknown(Why::NeedsMainline(2)));
    assert_eq!(all[1].verdict, Verdict::Unknown(Why::NoSuchParent(2)));
    assert_eq!(all[0].onto, None);
}

#[test]
fn a_root_commit_adds_all_that_it_holds() {
    let yard = yard();
    yard.git(&["checkout", "-q", "--orphan", "other"]);
    yard.git(&["rm", "-q", "-rf", "."]);
    let root = yard.commit("other", "text\n", "Another beginning");
    let first = oid(&yard.git(&["rev-parse", "main"]));
    let all = agree(&yard, "release", &picks(&[root, first]));
    assert_eq!(words(&all), ["clean", "empty"]);
}

#[test]
fn a_commit_that_is_not_here_is_unknown_and_the_rest_is_told() {
    let yard = yard();
    let one = change(&yard, 3, "three");
    let nowhere = oid("00000000000000000000000000000000000000aa");
    let tree = oid(&yard.git(&["rev-parse", "HEAD^{tree}"]));
    let all = agree(&yard, "release", &picks(&[nowhere, tree, one]));
    assert_eq!(all[0].verdict, Verdict::Unknown(Why::NotHere));
    assert_eq!(all[1].verdict, Verdict::Unknown(Why::NotACommit));
    assert_eq!(words(&all), ["unknown", "unknown", "clean"]);
}
