//! What conflicting picks need first, and orders in which more applies: each claim is done with real cherry-picks.

use super::super::yard::{Yard, oid, run};
use super::{Real, gits, listing, picks, really};
use gonogo::git::predict::{Stand, Stuck};
use gonogo::git::{Predictor, Trust};
use gonogo::release::ids::Oid;
use gonogo::release::predict::{Picked, Prediction, Remedy, Verdict};
use gonogo::spawn::Cancel;

/// A text of so many lines, some of them changed.
fn text(lines: usize, changed: &[(usize, &str)]) -> String {
    let line = |at: usize| changed.iter().rev().find(|(it, _)| *it == at).map(|(_, text)| *text);
    (0..lines).map(|at| line(at).map_or_else(|| format!("line {at}\n"), |text| format!("{text}\n"))).collect()
}

fn whole(_: Oid) -> Vec<Picked> {
    vec![]
}

/// The remedies of the conflicts of a queue on `release`, with every git; claims are done for real.
fn remedies(yard: &Yard, queue: &[Oid]) -> Vec<(usize, Remedy)> {
    let tip = oid(&yard.git(&["rev-parse", "release"]));
    let queue = picks(queue);
    let mut last = None;
    for git in gits() {
        let before = listing(yard.root());
        let found = run(async {
            let mut predictor = Predictor::open(&git, &yard.at(), Trust::Unasked).await.unwrap();
            let cancel = Cancel::new();
            let all = predictor.predict(tip, &queue, &cancel, &mut |_, _: &Prediction| ()).await.unwrap();
            let conflicts = all.iter().enumerate().filter(|(_, it)| it.verdict.conflict().is_some());
            let (numbers, stuck): (Vec<_>, Vec<_>) = conflicts
                .map(|(at, it)| (at, Stuck { onto: it.onto.unwrap(), picks: vec![it.pick] }))
                .unzip();
            let mut found = vec![];
            let mut heard = |at: usize, remedy: &Remedy| found.push((numbers[at], remedy.clone()));
            predictor.remedies(tip, &stuck, &whole, &cancel, &mut heard).await.unwrap();
            assert_eq!(found.len(), stuck.len(), "every conflict has an answer");
            (found, all)
        });
        let (found, all) = found;
        assert_eq!(listing(yard.root()), before, "the repository is another");
        for (at, remedy) in &found {
            if let Remedy::First(missing) = remedy {
                let clean = all[..*at].iter().filter(|it| it.verdict.applied().is_some());
                let mut order: Vec<Picked> = clean.map(|it| it.pick).collect();
                order.extend(missing.picks.iter().map(|it| it.pick));
                order.push(queue[*at]);
                let real = really(&git, yard, "release", &order);
                assert!(real.iter().all(|it| matches!(it, Real::Clean(..))), "{real:?}");
            }
        }
        if let Some(last) = last.replace(found.clone()) {
            assert_eq!(last, found, "every git says the same");
        }
    }
    last.unwrap()
}

fn first(remedy: &Remedy) -> Vec<Oid> {
    let Remedy::First(missing) = remedy else { panic!("{remedy:?}") };
    assert!(missing.minimal);
    missing.picks.iter().map(|it| it.pick.commit).collect()
}

#[test]
fn a_pick_needs_the_commit_that_changed_its_lines_and_no_other_of_the_file() {
    let yard = Yard::new();
    yard.commit("f", &text(40, &[]), "Start");
    yard.git(&["branch", "release"]);
    yard.commit("f", &text(40, &[(30, "elsewhere")]), "Elsewhere (#2)");
    let needed = yard.commit("f", &text(40, &[(30, "elsewhere"), (10, "one")]), "One (#3)");
    yard.commit("f", &text(40, &[(30, "again"), (10, "one")]), "Elsewhere again (#4)");
    let pick = yard.commit("f", &text(40, &[(30, "again"), (10, "two")]), "Two (#5)");
    let found = remedies(&yard, &[pick]);
    let [(0, remedy)] = &found[..] else { panic!("{found:?}") };
    assert_eq!(first(remedy), [needed]);
    let Remedy::First(missing) = remedy else { panic!() };
    assert_eq!(missing.picks[0].subject.raw(), "One (#3)");
}

#[test]
fn what_is_needed_may_need_others_in_turn_and_they_come_in_their_order() {
    let yard = Yard::new();
    yard.commit("f", &text(40, &[]), "Start");
    yard.git(&["branch", "release"]);
    let one = yard.commit("g", "a\nb\nc\n", "A new file");
    let two = yard.commit("g", "a\nB\nc\n", "Changed");
    yard.commit("f", &text(40, &[(3, "noise")]), "Noise");
    let three = yard.commit("g", "a\nBB\nc\n", "Changed again");
    let found = remedies(&yard, &[three]);
    assert_eq!(first(&found[0].1), [one, two]);
}

#[test]
fn where_objects_are_replaced_or_named_by_sha_256_git_reads_them_and_says_the_same() {
    for sha256 in [false, true] {
        let yard = if sha256 {
            Yard::with(&["--initial-branch=main", "--object-format=sha256"])
        } else {
            Yard::new()
        };
        yard.commit("f", &text(40, &[]), "Start");
        yard.git(&["branch", "release"]);
        let one = yard.commit("g", "a\nb\nc\n", "A new file");
        let two = yard.commit("g", "a\nB\nc\n", "Changed");
        let three = yard.commit("g", "a\nBB\nc\n", "Changed again");
        if !sha256 {
            // The text that the last one changed is another now, and with that what is in its way.
            let [old, new] = ["HEAD~1:g", "HEAD~2:g"].map(|name| yard.git(&["rev-parse", name]));
            yard.git(&["replace", &old, &new]);
        }
        let found = remedies(&yard, &[three]);
        assert_eq!(first(&found[0].1), if sha256 { vec![one, two] } else { vec![one] });
    }
}

#[test]
fn a_deleted_line_that_the_line_still_has_is_traced_too() {
    let yard = Yard::new();
    yard.commit("f", &text(30, &[]), "Start");
    yard.git(&["branch", "release"]);
    let less: String =
        text(30, &[]).lines().filter(|it| *it != "line 10").map(|it| format!("{it}\n")).collect();
    let gone = yard.commit("f", &less, "Without the tenth");
    let pick = yard.commit("f", &less.replace("line 9\n", "nine\n"), "The ninth");
    let found = remedies(&yard, &[pick]);
    assert_eq!(first(&found[0].1), [gone]);
}

#[test]
fn where_the_line_alone_changed_the_lines_no_prerequisite_is_claimed_and_its_commit_is_named() {
    let yard = Yard::new();
    yard.commit("f", &text(40, &[]), "Start");
    yard.git(&["checkout", "-q", "-b", "release"]);
    let own = yard.commit("f", &text(40, &[(10, "ours")]), "A hotfix of our own");
    yard.commit("f", &text(40, &[(10, "ours"), (35, "more")]), "Something else");
    yard.git(&["checkout", "-q", "main"]);
    yard.commit("f", &text(40, &[(10, "theirs")]), "One");
    let pick = yard.commit("f", &text(40, &[(10, "theirs two")]), "Two");
    let found = remedies(&yard, &[pick]);
    let Remedy::Owned { by, path, tried } = &found[0].1 else { panic!("{found:?}") };
    assert_eq!((by.pick.commit, by.subject.raw(), path.raw()), (own, "A hotfix of our own", "f"));
    assert!(tried.is_empty(), "what conflicts itself is not said to have been put before it");
}

#[test]
fn a_file_that_the_line_does_not_have_is_needed_and_one_that_it_deleted_is_owned() {
    let yard = Yard::new();
    yard.commit("old", "a\n", "Start");
    yard.git(&["checkout", "-q", "-b", "release"]);
    yard.git(&["rm", "-q", "old"]);
    yard.tick();
    yard.git(&["commit", "-q", "-m", "Remove it here"]);
    let removed = yard.head();
    yard.git(&["checkout", "-q", "main"]);
    let added = yard.commit("new", "a\nb\n", "Add it");
    let new = yard.commit("new", "a\nbb\n", "Change it");
    let old = yard.commit("old", "b\n", "Change what is gone there");
    let found = remedies(&yard, &[new, old]);
    assert_eq!(first(&found[0].1), [added]);
    let Remedy::Owned { by, .. } = &found[1].1 else { panic!("{found:?}") };
    assert_eq!(by.pick.commit, removed);
}

#[test]
fn what_is_needed_is_found_beyond_a_rename_of_the_trunk() {
    for also in [false, true] {
        let yard = Yard::new();
        yard.commit("f", &text(40, &[]), "Start");
        yard.git(&["branch", "release"]);
        let needed = yard.commit("f", &text(40, &[(10, "one")]), "One");
        yard.git(&["mv", "f", "g"]);
        if also {
            std::fs::write(yard.path().join("g"), text(40, &[(10, "one"), (30, "moved")])).unwrap();
            yard.git(&["add", "g"]);
        }
        yard.tick();
        yard.git(&["commit", "-q", "-m", "Rename"]);
        let mut now = vec![(10, "one")];
        now.extend(also.then_some((30, "moved")));
        now.push((10, "two"));
        let pick = yard.commit("g", &text(40, &now), "Two");
        let found = remedies(&yard, &[pick]);
        assert_eq!(first(&found[0].1), [needed], "with another change {also}");
    }
}

#[test]
fn what_is_needed_is_found_in_a_commit_that_moved_hundreds_of_files() {
    let yard = Yard::new();
    let lib = yard.path().join("lib");
    std::fs::create_dir_all(&lib).unwrap();
    for at in 0..350 {
        std::fs::write(lib.join(format!("f{at}")), format!("file {at}\n")).unwrap();
    }
    yard.git(&["add", "."]);
    yard.commit("lib/f", &text(60, &[]), "Start");
    // The line changed the file elsewhere, and other files that are moved.
    yard.git(&["checkout", "-q", "-b", "release"]);
    yard.commit("lib/f", &text(60, &[(50, "own")]), "The line's own");
    yard.commit("lib/f7", "own\n", "The line's own as well");
    yard.git(&["checkout", "-q", "main"]);
    let one = yard.commit("lib/f", &text(60, &[(10, "one")]), "One (#2)");
    yard.commit("lib/f", &text(60, &[(10, "one"), (30, "noise")]), "Noise (#3)");
    std::fs::create_dir(yard.path().join("src")).unwrap();
    yard.git(&["mv", "lib", "src/lib"]);
    let moved = text(60, &[(10, "moved"), (30, "noise")]);
    let moved = yard.commit("src/lib/f", &moved, "All of it is moved (#4)");
    let three = yard.commit("src/lib/f", &text(60, &[(10, "three"), (30, "noise")]), "Three (#5)");
    let pick = yard.commit("src/lib/f", &text(60, &[(10, "four"), (30, "noise")]), "Four (#6)");
    let found = remedies(&yard, &[pick]);
    let [(0, remedy)] = &found[..] else { panic!("{found:?}") };
    assert_eq!(first(remedy), [one, moved, three]);
}

#[test]
fn what_is_needed_is_found_where_lines_of_history_met() {
    let yard = Yard::new();
    yard.commit("f", &text(60, &[]), "Start");
    yard.git(&["branch", "release"]);
    yard.git(&["checkout", "-q", "-b", "topic"]);
    let needed = yard.commit("f", &text(60, &[(10, "one")]), "One");
    yard.git(&["checkout", "-q", "main"]);
    yard.commit("f", &text(60, &[(50, "else")]), "Elsewhere");
    yard.tick();
    yard.git(&["merge", "-q", "--no-ff", "-m", "Merge topic", "topic"]);
    let pick = yard.commit("f", &text(60, &[(50, "else"), (10, "two")]), "Two");
    let found = remedies(&yard, &[pick]);
    assert_eq!(first(&found[0].1), [needed]);
}

#[test]
fn a_search_that_did_not_come_to_its_end_says_so() {
    let yard = Yard::new();
    yard.commit("f", &text(40, &[]), "Start");
    yard.git(&["branch", "release"]);
    let texts: Vec<String> = (0..40).map(|n| format!("change {n}")).collect();
    let commits: Vec<Oid> = texts.iter().map(|it| yard.commit("f", &text(40, &[(10, it)]), it)).collect();
    let found = remedies(&yard, &[*commits.last().unwrap()]);
    assert_eq!(found[0].1, Remedy::Nothing { tried: vec![], whole: false });
    let found = remedies(&yard, &[commits[4]]);
    assert_eq!(first(&found[0].1), commits[..4]);
}

#[test]
fn commits_of_one_pull_request_are_put_before_it_together() {
    let yard = Yard::new();
    yard.commit("f", &text(40, &[]), "Start");
    yard.git(&["branch", "release"]);
    let one = yard.commit("f", &text(40, &[(10, "one")]), "One");
    let other = yard.commit("g", "g\n", "Its test");
    let pick = yard.commit("f", &text(40, &[(10, "two")]), "Two");
    let tip = oid(&yard.git(&["rev-parse", "release"]));
    let whole = move |commit: Oid| match commit {
        it if it == one || it == other => picks(&[one, other]),
        _ => vec![],
    };
    for git in gits() {
        run(async {
            let mut predictor = Predictor::open(&git, &yard.at(), Trust::Unasked).await.unwrap();
            let tree = predictor.tree_of(tip, &Cancel::new()).await.unwrap().unwrap();
            let stuck = [Stuck { onto: tree, picks: picks(&[pick]) }];
            let mut found = vec![];
            let mut heard = |_: usize, remedy: &Remedy| found.push(remedy.clone());
            predictor.remedies(tip, &stuck, &whole, &Cancel::new(), &mut heard).await.unwrap();
            assert_eq!(first(&found[0]), [one, other]);
        });
    }
}

#[test]
fn an_order_in_which_more_applies_is_found_and_applies_for_real() {
    let yard = Yard::new();
    yard.commit("f", &text(60, &[]), "Start");
    yard.git(&["branch", "release"]);
    let one = yard.commit("f", &text(60, &[(10, "one")]), "One");
    let two = yard.commit("f", &text(60, &[(10, "two")]), "Two");
    let far = yard.commit("f", &text(60, &[(10, "two"), (50, "far")]), "Far");
    let three = yard.commit("f", &text(60, &[(10, "three"), (50, "far")]), "Three");
    let tip = oid(&yard.git(&["rev-parse", "release"]));
    let queue: Vec<Vec<Picked>> = [three, far, two, one].iter().map(|it| picks(&[*it])).collect();
    for git in gits() {
        let found = run(async {
            let mut predictor = Predictor::open(&git, &yard.at(), Trust::Unasked).await.unwrap();
            let again = [two, one].map(|it| picks(&[it])).to_vec();
            let found = predictor.order(tip, &again, &Cancel::new()).await.unwrap();
            assert_eq!(found.order, [1, 0]);
            predictor.order(tip, &queue, &Cancel::new()).await.unwrap()
        });
        let count = |stands: &[Stand], of| stands.iter().filter(|it| **it == of).count();
        assert_eq!(count(&found.before, Stand::Applies), 2, "{found:?}");
        assert_eq!((count(&found.stands, Stand::Applies), found.whole), (4, true));
        let order: Vec<Picked> = found.order.iter().flat_map(|at| queue[*at].clone()).collect();
        let real = really(&git, &yard, "release", &order);
        assert!(real.iter().all(|it| matches!(it, Real::Clean(..))), "{real:?}");
    }
}

#[test]
fn an_order_that_is_as_good_as_it_gets_stays_and_a_word_stops_the_search() {
    let yard = Yard::new();
    yard.commit("f", &text(40, &[]), "Start");
    yard.git(&["checkout", "-q", "-b", "release"]);
    yard.commit("f", &text(40, &[(10, "ours")]), "Ours");
    yard.git(&["checkout", "-q", "main"]);
    let stuck = yard.commit("f", &text(40, &[(10, "theirs")]), "Theirs");
    let fine = yard.commit("g", "g\n", "Fine");
    let fresh = picks(&[yard.commit("h", "h\n", "Fresh")]);
    let tip = oid(&yard.git(&["rev-parse", "release"]));
    let queue = [picks(&[stuck]), picks(&[fine])];
    for git in gits() {
        run(async {
            let mut predictor = Predictor::open(&git, &yard.at(), Trust::Unasked).await.unwrap();
            let found = predictor.order(tip, &queue, &Cancel::new()).await.unwrap();
            assert_eq!(found.order, [0, 1]);
            assert_eq!(found.stands, [Stand::Conflicts, Stand::Applies]);
            predictor.rest();
            let stopped = Cancel::new();
            stopped.cancel();
            assert!(predictor.order(tip, std::slice::from_ref(&fresh), &stopped).await.is_err());
        });
    }
}

#[test]
fn what_was_found_of_the_start_of_a_queue_is_what_a_new_predictor_finds() {
    let yard = Yard::new();
    yard.commit("f", &text(60, &[]), "Start");
    yard.git(&["branch", "release"]);
    let mut changes = vec![];
    let mut commits = vec![];
    let texts: Vec<String> = (0..12).map(|n| format!("change {n}")).collect();
    for (n, text_of) in texts.iter().enumerate() {
        changes.push((if n % 3 == 2 { 10 } else { n * 5 }, text_of.as_str()));
        commits.push(yard.commit("f", &text(60, &changes), text_of));
    }
    let tip = oid(&yard.git(&["rev-parse", "release"]));
    for git in gits() {
        run(async {
            let mut kept = Predictor::open(&git, &yard.at(), Trust::Unasked).await.unwrap();
            let orders: [Vec<usize>; 5] = [
                (0..6).collect(),
                (0..12).collect(),
                (0..12).rev().collect(),
                vec![0, 1, 2, 4, 3, 5, 8, 6],
                vec![0, 1, 2, 4, 3, 5, 8, 6, 11],
            ];
            for order in orders {
                let queue: Vec<Picked> = order.iter().map(|at| commits[*at].into()).collect();
                let mut heard = vec![None; queue.len()];
                let mut hear = |at: usize, it: &Prediction| heard[at] = Some(it.clone());
                let ours = kept.predict(tip, &queue, &Cancel::new(), &mut hear).await.unwrap();
                let mut fresh = Predictor::open(&git, &yard.at(), Trust::Unasked).await.unwrap();
                let theirs = fresh.predict(tip, &queue, &Cancel::new(), &mut |_, _| ()).await.unwrap();
                assert_eq!(ours, theirs);
                assert_eq!(heard.into_iter().map(Option::unwrap).collect::<Vec<_>>(), theirs);
                if order.len() == 12 && order[0] == 0 {
                    assert!(ours.iter().any(|it| matches!(it.verdict, Verdict::CleanAfter(..))));
                }
            }
        });
    }
}

#[test]
fn without_room_a_verdict_is_unknown_and_says_so_and_nothing_is_left() {
    let yard = Yard::new();
    yard.commit("f", &text(40, &[]), "Start");
    yard.git(&["branch", "release"]);
    yard.commit("g", "g\n", "Another");
    let pick = yard.commit("f", &text(40, &[(10, "one")]), "One");
    let tip = oid(&yard.git(&["rev-parse", "release"]));
    for git in gits() {
        let real = git.program().path().display().to_string();
        // Files may not grow: with the signal ignored a write fails as on a full disk, else it ends the process.
        for (name, ignored) in [("full", "trap '' XFSZ; "), ("killed", "")] {
            let body = format!("{ignored}ulimit -f 0\nexec '{real}' \"$@\"");
            let program = gonogo::spawn::Program::find(&yard.script(name, &body)).unwrap();
            let small = run(gonogo::git::Git::at(program)).unwrap();
            let before = listing(yard.root());
            let (verdict, again, place) = run(async {
                let mut predictor = Predictor::open(&small, &yard.at(), Trust::Unasked).await.unwrap();
                let queue = picks(&[pick]);
                let all = predictor.predict(tip, &queue, &Cancel::new(), &mut |_, _| ()).await.unwrap();
                let again = predictor.predict(tip, &queue, &Cancel::new(), &mut |_, _| ()).await.unwrap();
                (all[0].verdict.clone(), again[0].verdict.clone(), predictor.quarantine().objects())
            });
            let Verdict::Unknown(why) = &verdict else { panic!("{name}: {verdict:?}") };
            if ignored.is_empty() {
                assert!(why.line().contains("no room") || why.line().contains("killed"), "{}", why.line());
            } else {
                assert!(why.line().contains("no room to try it"), "{}", why.line());
            }
            assert_eq!(verdict, again, "it is not remembered as anything else");
            assert!(!place.exists(), "the quarantine is gone");
            assert_eq!(listing(yard.root()), before);
        }
    }
}
