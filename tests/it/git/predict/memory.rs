//! What is remembered, what is said of a conflict, and being stopped.

use super::super::yard::{Yard, git, oid, run};
use super::{gits, picks};
use gonogo::git::{GitError, Predictor, Trust};
use gonogo::release::ids::Oid;
use gonogo::release::predict::{Detail, Prediction, Verdict};
use gonogo::release::text::Untrusted;
use gonogo::spawn::{Cancel, SpawnError};

/// `f` with a line for each of several changes, one commit each.
fn yard(changes: usize) -> (Yard, Vec<Oid>) {
    let yard = Yard::new();
    let mut lines: Vec<String> = (0..changes * 5).map(|n| format!("line {n}\n")).collect();
    yard.commit("f", &lines.concat(), "Start");
    yard.git(&["branch", "release"]);
    let commits = (0..changes).map(|n| {
        lines[n * 5 + 2] = format!("change {n}\n");
        yard.commit("f", &lines.concat(), &format!("Change {n}"))
    });
    let commits = commits.collect();
    (yard, commits)
}

fn quiet(_: usize, _: &Prediction) {}

#[test]
fn appending_merges_once_and_reordering_from_the_first_change_on() {
    let (yard, commits) = yard(6);
    let tip = oid(&yard.git(&["rev-parse", "release"]));
    for git in gits() {
        run(async {
            let mut predictor = Predictor::open(&git, &yard.at(), Trust::Unasked).await.unwrap();
            let tree = predictor.tree_of(tip, &Cancel::new()).await.unwrap().unwrap();
            let mut made = async |order: &[usize]| {
                let queue: Vec<_> = order.iter().map(|n| commits[*n].into()).collect();
                let before = predictor.remembered();
                let all = predictor.replay(tree, &queue, &Cancel::new()).await.unwrap();
                assert!(all.iter().all(|it| it.verdict.word() == "clean"), "{all:?}");
                (predictor.remembered() - before, all.last().unwrap().after())
            };
            let (first, _) = made(&[0, 1, 2, 3]).await;
            assert_eq!(first, 4);
            assert_eq!(made(&[0, 1, 2, 3]).await.0, 0);
            let (appended, end) = made(&[0, 1, 2, 3, 4]).await;
            assert_eq!(appended, 1);
            let (reordered, same) = made(&[0, 1, 3, 2, 4]).await;
            // The tree after the third and fourth is one that is known, so the last is remembered.
            assert_eq!((reordered, same), (2, end));
        });
    }
}

#[test]
fn it_answers_again_after_its_processes_were_ended() {
    let (yard, commits) = yard(3);
    let tip = oid(&yard.git(&["rev-parse", "release"]));
    for git in gits() {
        run(async {
            let mut predictor = Predictor::open(&git, &yard.at(), Trust::Unasked).await.unwrap();
            let first =
                predictor.predict(tip, &picks(&commits[..2]), &Cancel::new(), &mut quiet).await.unwrap();
            predictor.rest();
            let again = predictor.predict(tip, &picks(&commits), &Cancel::new(), &mut quiet).await.unwrap();
            assert_eq!(again[..2], first[..]);
            assert_eq!(again[2].verdict.word(), "clean");
        });
    }
}

#[test]
fn a_word_stops_it_and_it_can_be_asked_again() {
    let (yard, commits) = yard(5);
    let tip = oid(&yard.git(&["rev-parse", "release"]));
    for git in gits() {
        run(async {
            let mut predictor = Predictor::open(&git, &yard.at(), Trust::Unasked).await.unwrap();
            let cancel = Cancel::new();
            let mut said = 0;
            let mut heard = |number: usize, _: &Prediction| {
                said += 1;
                if number == 2 {
                    cancel.cancel();
                }
            };
            let why = predictor.predict(tip, &picks(&commits), &cancel, &mut heard).await.unwrap_err();
            assert!(matches!(why, GitError::Spawn(SpawnError::Cancelled(_))), "{why}");
            assert_eq!(said, 3);
            let all = predictor.predict(tip, &picks(&commits), &Cancel::new(), &mut quiet).await.unwrap();
            assert!(all.iter().all(|it| it.verdict.word() == "clean"));
        });
    }
}

fn raw(lines: &[Untrusted]) -> Vec<&str> {
    lines.iter().map(Untrusted::raw).collect()
}

#[test]
fn a_conflict_is_read_place_by_place_with_its_base() {
    let (yard, commits) = yard(4);
    yard.git(&["checkout", "-q", "release"]);
    let text = std::fs::read_to_string(yard.path().join("f")).unwrap();
    let ours = text.replace("line 2\n", "<<<<<<< ours\nours\n").replace("line 12\n", "");
    let tip = yard.commit("f", &ours, "Ours");
    yard.git(&["checkout", "-q", "-B", "side", "main"]);
    let base = yard.git(&["rev-parse", "release^"]);
    yard.git(&["reset", "-q", "--soft", &base]);
    yard.git(&["commit", "-q", "-m", "All at once"]);
    let pick = yard.head();
    assert_ne!(pick, commits[3]);
    for git in gits() {
        run(async {
            let mut predictor = Predictor::open(&git, &yard.at(), Trust::Unasked).await.unwrap();
            let all = predictor.predict(tip, &picks(&[pick]), &Cancel::new(), &mut quiet).await.unwrap();
            let file = all[0].verdict.conflict().unwrap().files[0].clone();
            let Detail::Hunks(hunks, 0) = predictor.detail(&file, &Cancel::new()).await.unwrap() else {
                panic!()
            };
            assert_eq!(hunks.len(), 2);
            assert_eq!((hunks[0].at, raw(&hunks[0].ours.lines)), (3, vec!["<<<<<<< ours", "ours"]));
            assert_eq!(raw(&hunks[0].base.lines), ["line 2"]);
            assert_eq!(raw(&hunks[0].theirs.lines), ["change 0"]);
            assert_eq!((hunks[1].at, hunks[1].ours.lines.len()), (14, 0));
            assert_eq!(raw(&hunks[1].theirs.lines), ["change 2"]);
        });
    }
}

#[test]
fn what_has_no_lines_or_one_side_is_said_so() {
    let yard = Yard::new();
    yard.commit("bin", "\0a", "Start");
    yard.commit("gone", "text\n", "Start");
    yard.git(&["checkout", "-q", "-b", "release"]);
    yard.commit("bin", "\0ours", "Ours");
    yard.git(&["rm", "-q", "gone"]);
    let tip = yard.commit("long", &"ours\n".repeat(500), "Ours");
    yard.git(&["checkout", "-q", "main"]);
    std::fs::write(yard.path().join("bin"), "\0theirs").unwrap();
    std::fs::write(yard.path().join("gone"), "changed\n").unwrap();
    std::fs::write(yard.path().join("long"), "theirs\n".repeat(500)).unwrap();
    yard.git(&["add", "."]);
    yard.git(&["commit", "-q", "-m", "Theirs"]);
    let pick = yard.head();
    let git = git();
    run(async {
        let mut predictor = Predictor::open(&git, &yard.at(), Trust::Unasked).await.unwrap();
        let all = predictor.predict(tip, &picks(&[pick]), &Cancel::new(), &mut quiet).await.unwrap();
        let files = all[0].verdict.conflict().unwrap().files.clone();
        let mut details = vec![];
        for file in &files {
            details.push((file.path.raw(), predictor.detail(file, &Cancel::new()).await.unwrap()));
        }
        assert_eq!(details[0], ("bin", Detail::Binary([Some(2), Some(5), Some(7)])));
        assert_eq!(details[1], ("gone", Detail::Sides));
        let ("long", Detail::Hunks(hunks, 0)) = &details[2] else { panic!("{details:?}") };
        assert_eq!((hunks[0].ours.lines.len(), hunks[0].ours.more), (200, 300));
        assert_eq!(hunks[0].base.lines.len(), 0);
    });
}

#[test]
fn a_resolution_that_rerere_recorded_is_noted() {
    let yard = Yard::new();
    let text = |five: &str| format!("1\n2\n3\n4\n{five}\n6\n7\n8\n");
    yard.commit("f", &text("5"), "Start");
    yard.git(&["checkout", "-q", "-b", "release"]);
    let tip = yard.commit("f", &text("ours"), "Ours");
    yard.git(&["checkout", "-q", "main"]);
    let pick = yard.commit("f", &text("theirs"), "Theirs");
    let other = yard.commit("f", &text("others"), "Others");
    yard.git(&["config", "rerere.enabled", "true"]);
    let recorded = |git: &gonogo::git::Git| {
        run(async {
            let mut predictor = Predictor::open(git, &yard.at(), Trust::Unasked).await.unwrap();
            let all =
                predictor.predict(tip, &picks(&[pick, other]), &Cancel::new(), &mut quiet).await.unwrap();
            all.iter().map(|it| it.verdict.conflict().unwrap().is_recorded()).collect::<Vec<_>>()
        })
    };
    assert_eq!(recorded(&git()), [false, false]);
    yard.git(&["checkout", "-q", "--detach", "release"]);
    assert!(!yard.raw(&yard.path(), &["cherry-pick", &pick.to_string()], b"").status.success());
    assert_eq!(recorded(&git()), [false, false], "seen, not resolved");
    std::fs::write(yard.path().join("f"), text("both")).unwrap();
    yard.git(&["add", "f"]);
    yard.git(&["-c", "core.editor=true", "cherry-pick", "--continue"]);
    for git in gits() {
        assert_eq!(recorded(&git), [true, false], "git {}", git.tier().text());
    }
}

#[test]
fn verdicts_are_read_back_as_they_were_written() {
    let (yard, mut commits) = yard(3);
    commits.push(oid("00000000000000000000000000000000000000aa"));
    commits.swap(0, 1);
    let tip = oid(&yard.git(&["rev-parse", "release"]));
    let git = git();
    let all = run(async {
        let mut predictor = Predictor::open(&git, &yard.at(), Trust::Unasked).await.unwrap();
        predictor.predict(tip, &picks(&commits), &Cancel::new(), &mut quiet).await.unwrap()
    });
    let text = serde_json::to_string(&all).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Prediction>>(&text).unwrap(), all);
    assert!(matches!(all[3].verdict, Verdict::Unknown(_)));
}
