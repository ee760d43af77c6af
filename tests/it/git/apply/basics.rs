//! What a run makes, and what it leaves alone.

use super::super::yard::{git, run};
use super::{Ground, OP, done, op};
use gonogo::git::apply::{Applied, How, Item, Workplace, keep_ref};
use gonogo::git::{Git, Predictor, Trust};
use gonogo::release::predict::Picked;
use gonogo::spawn::{Cancel, Program};

#[test]
fn picks_become_commits_with_their_authors_and_the_predicted_trees() {
    let ground = Ground::new();
    let picks = ground.three();
    let applied = ground.apply(&picks);
    let Applied::Done { tip, done } = applied else { panic!("{applied:?}") };
    let trees: Vec<_> = done.iter().map(|it| ground.tree(it.commit.unwrap())).collect();
    assert_eq!(trees, ground.plainly(&picks));
    let show =
        |format: &str| ground.yard.git(&["log", "-1", &format!("--format={format}"), &tip.to_string()]);
    assert_eq!(
        show("%B"),
        format!("new\n\nWith a body.\n\n(cherry picked from commit {})\n", picks[2]).trim_end()
    );
    assert_eq!(show("%an %ae"), "Ada ada@example.org");
    assert_eq!(show("%cn %ce"), "Rae rae@example.org", "the committer is the one of the configuration");
    assert_eq!(show("%ad"), ground.yard.git(&["log", "-1", "--format=%ad", &picks[2].to_string()]));
    assert_eq!(ground.yard.git(&["rev-parse", &keep_ref(&op())]), tip.to_string());
    assert_eq!(ground.yard.git(&["rev-parse", "line"]), ground.tip.to_string(), "no branch moved");
    run(git().apply_off(&ground.yard.at(), &ground.root(), &op())).unwrap();
    assert_eq!(ground.yard.git(&["for-each-ref", "refs/gonogo"]), "");
    assert!(!ground.place().exists());
}

#[test]
fn what_was_predicted_before_is_merged_once() {
    let ground = Ground::new();
    let picks = ground.three();
    let log = ground.yard.root().join("merges");
    let real = git().program().path().display().to_string();
    let body = format!("echo \"$*\" >> '{}'\nexec '{real}' \"$@\"", log.display());
    let script = ground.yard.script("telling", &body);
    let telling = run(Git::at(Program::find(&script).unwrap())).unwrap();
    let telling = telling.with_env("GIT_CONFIG_GLOBAL", "/dev/null").with_env("GIT_CONFIG_NOSYSTEM", "1");
    let queue: Vec<_> = picks.iter().map(|commit| Picked::from(*commit)).collect();
    let applied = run(async {
        let mut predictor = Predictor::open(&telling, &ground.yard.at(), Trust::Unasked).await?;
        let told = predictor.predict(ground.tip, &queue, &Cancel::new(), &mut |_, _| ()).await?;
        assert_eq!(told.len(), picks.len());
        assert!(predictor.trust(), "nothing was set aside");
        std::fs::write(&log, "").unwrap();
        let order = ground.order(&picks);
        telling.apply_by(&ground.yard.at(), &ground.root(), &order, &mut predictor, &Cancel::new()).await
    });
    let tip = done(applied.unwrap());
    assert_eq!(ground.tree(tip), *ground.plainly(&picks).last().unwrap());
    let ran = std::fs::read_to_string(&log).unwrap();
    assert!(!ran.contains("merge-tree") && !ran.contains("cat-file"), "{ran}");
    assert_eq!(ran.matches(" cherry-pick ").count(), 1, "{ran}");
}

#[test]
fn what_was_predicted_without_a_driver_of_the_repository_is_not_applied_by() {
    let ground = Ground::new();
    ground.yard.git(&["config", "merge.mine.driver", "true"]);
    let mut predictor = run(Predictor::open(&git(), &ground.yard.at(), Trust::Unasked)).unwrap();
    assert!(!predictor.trust());
    let mut predictor = run(Predictor::open(&git(), &ground.yard.at(), Trust::Given)).unwrap();
    assert!(predictor.trust());
}

#[test]
fn picks_that_go_by_the_same_attributes_take_one_run_of_git() {
    let ground = Ground::new();
    let mut picks = ground.three();
    let log = ground.yard.root().join("runs");
    let real = git().program().path().display().to_string();
    let body = format!(
        "case \" $* \" in *' cherry-pick '*) echo run >> '{}';; esac\nexec '{real}' \"$@\"",
        log.display()
    );
    let script = ground.yard.script("counting", &body);
    let counting = run(Git::at(Program::find(&script).unwrap())).unwrap();
    let counting = counting.with_env("GIT_CONFIG_GLOBAL", "/dev/null").with_env("GIT_CONFIG_NOSYSTEM", "1");
    let runs = |picks: &[_]| {
        std::fs::write(&log, "").unwrap();
        let tip = done(ground.apply_by(&counting, &ground.order(picks)).unwrap());
        let runs = std::fs::read_to_string(&log).unwrap().lines().count();
        assert_eq!(ground.tree(tip), *ground.plainly(picks).last().unwrap());
        assert_eq!(ground.subjects(tip).len(), picks.len());
        run(git().apply_off(&ground.yard.at(), &ground.root(), &op())).unwrap();
        runs
    };
    assert_eq!(runs(&picks), 1);
    picks.insert(1, ground.yard.commit("deep/.gitattributes", "*.u merge=union\n", "attributes"));
    assert_eq!(runs(&picks), 2, "what comes behind new attributes goes by them");
    // git takes a commit that is named twice once, and this one has something to do again.
    ground.yard.git(&["revert", "--no-edit", &picks[0].to_string()]);
    let back = ground.yard.head();
    assert_eq!(runs(&[picks[0], back, picks[0], picks[2]]), 2);
}

#[test]
fn a_pick_that_goes_by_attributes_of_the_pick_before_it_is_merged_by_them() {
    let mut ground = Ground::new();
    ground.yard.commit("deep/x.u", "1\n2\n3\n", "x");
    ground.yard.git(&["branch", "-f", "line"]);
    let attributes = ground.yard.commit("deep/.gitattributes", "*.u merge=union\n", "attributes");
    let pick = ground.yard.commit("deep/x.u", "1\nmain\n3\n", "of main");
    ground.yard.git(&["checkout", "-q", "line"]);
    ground.tip = ground.yard.commit("deep/x.u", "1\nline\n3\n", "of the line");
    ground.yard.git(&["checkout", "-q", "main"]);
    let tip = done(ground.apply(&[attributes, pick]));
    assert_eq!(ground.yard.git(&["show", &format!("{tip}:deep/x.u")]), "1\nline\nmain\n3");
}

#[test]
fn a_signed_off_pick_says_so() {
    let ground = Ground::new();
    let picks = ground.three();
    let order = gonogo::git::apply::Order { sign_off: true, ..ground.order(&picks[..1]) };
    let tip = done(ground.apply_order(&order));
    let body = ground.yard.git(&["log", "-1", "--format=%B", &tip.to_string()]);
    assert!(body.contains("Signed-off-by: Rae <rae@example.org>"), "{body}");
}

#[test]
fn the_users_checkout_stays_byte_by_byte() {
    let ground = Ground::new();
    let picks = ground.three();
    let path = ground.yard.path();
    std::fs::write(path.join("a"), "stashed\n").unwrap();
    ground.yard.git(&["stash", "-q"]);
    std::fs::write(path.join("deep/er/b"), "staged\n").unwrap();
    ground.yard.git(&["add", "deep/er/b"]);
    std::fs::write(path.join("a"), "dirty\n").unwrap();
    std::fs::write(path.join("untracked"), "x").unwrap();
    // Whoever holds this lock keeps it.
    std::fs::write(path.join(".git/index.lock"), "").unwrap();
    let before = ground.users();
    done(ground.apply(&picks));
    assert_eq!(ground.users(), before);
    run(git().apply_off(&ground.yard.at(), &ground.root(), &op())).unwrap();
    assert_eq!(ground.users(), before);
}

#[test]
fn a_line_that_is_checked_out_stays_where_it_is() {
    let ground = Ground::new();
    let picks = ground.three();
    ground.yard.git(&["checkout", "-q", "line"]);
    let linked = ground.yard.root().join("linked");
    ground.yard.git(&["worktree", "add", "-q", linked.to_str().unwrap(), "main"]);
    let before = ground.users();
    done(ground.apply(&picks));
    assert_eq!(ground.users(), before);
    assert_eq!(ground.yard.git_in(&linked, &["status", "--porcelain"]), "");
}

#[test]
fn what_is_there_already_makes_no_commit() {
    let ground = Ground::new();
    let picks = ground.three();
    let again = [picks[0], picks[0], picks[1], picks[1]];
    let applied = ground.apply(&again);
    let Applied::Done { tip, done } = applied else { panic!("{applied:?}") };
    let how: Vec<_> = done.iter().map(|it| it.how.clone()).collect();
    assert_eq!(how, [How::Picked, How::Empty, How::Picked, How::Empty]);
    assert_eq!(ground.subjects(tip), ["nine (#7)", "deep"]);
}

#[test]
fn a_merge_is_picked_by_its_mainline() {
    let ground = Ground::new();
    ground.yard.git(&["checkout", "-q", "-b", "topic"]);
    ground.yard.commit("deep/topic", "t\n", "topic");
    ground.yard.git(&["checkout", "-q", "main"]);
    ground.yard.commit("other", "o\n", "other");
    ground.yard.git(&["merge", "-q", "--no-ff", "-m", "Merge topic", "topic"]);
    let mut order = ground.order(&[ground.yard.head()]);
    order.items[0].mainline = Some(1);
    let tip = done(ground.apply_order(&order));
    let files = ground.yard.git(&["diff", "--name-only", &ground.tip.to_string(), &tip.to_string()]);
    assert_eq!(files, "deep/topic");
}

#[test]
fn attributes_below_the_top_decide_as_in_a_full_checkout() {
    let mut ground = Ground::new();
    ground.yard.commit("deep/.gitattributes", "b merge=union\n*.u merge=union\n", "attributes");
    ground.tip = ground.yard.commit("deep/x.u", "1\n2\n3\n", "x");
    ground.yard.git(&["branch", "-f", "line"]);
    ground.yard.git(&["checkout", "-q", "line"]);
    ground.tip = ground.yard.commit("deep/x.u", "1\nline\n3\n", "of the line");
    ground.yard.git(&["checkout", "-q", "main"]);
    let pick = ground.yard.commit("deep/x.u", "1\nmain\n3\n", "of main");
    let tip = done(ground.apply(&[pick]));
    assert_eq!(ground.yard.git(&["show", &format!("{tip}:deep/x.u")]), "1\nline\nmain\n3");
    assert_eq!(vec![ground.tree(tip)], ground.plainly(&[pick]));
}

#[test]
fn settings_of_the_repository_about_its_checkout_do_not_count() {
    let ground = Ground::new();
    let picks = ground.three();
    let trap = ground.yard.trap("fsmonitor");
    for (key, value) in [
        ("core.fsmonitor", trap.as_str()),
        ("core.sparseCheckout", "true"),
        ("core.sparseCheckoutCone", "true"),
        ("extensions.worktreeConfig", "true"),
        ("commit.status", "false"),
        ("core.editor", "false"),
    ] {
        ground.yard.git(&["config", key, value]);
    }
    let tip = done(ground.apply(&picks));
    assert_eq!(ground.tree(tip), *ground.plainly(&picks).last().unwrap());
    // The plain pick above runs the monitor; ours had not.
    let other = Ground::new();
    other.yard.git(&["config", "core.fsmonitor", &other.yard.trap("fsmonitor")]);
    let picks = [other.yard.head()];
    let _empty = other.apply(&picks);
    assert_eq!(other.yard.sprung(), "");
}

#[test]
fn what_was_shown_is_compared_before_anything_is_made() {
    let ground = Ground::new();
    let picks = ground.three();
    let trees = ground.plainly(&picks);
    let mut order = ground.order(&picks);
    for (item, tree) in order.items.iter_mut().zip(&trees) {
        *item = Item { tree: Some(*tree), ..*item };
    }
    order.items[1].tree = Some(trees[2]);
    let applied = ground.apply_order(&order);
    assert!(matches!(applied, Applied::Stale { at: 1, .. }), "{applied:?}");
    assert!(!ground.work().exists());
    order.items[1].tree = Some(trees[1]);
    done(ground.apply_order(&order));
}

#[test]
fn only_what_is_ours_and_over_is_swept_away() {
    let ground = Ground::new();
    done(ground.apply(&ground.three()));
    std::fs::create_dir_all(ground.root().join("gonogo-picks-else")).unwrap();
    std::fs::create_dir_all(ground.root().join("something")).unwrap();
    let (at, root) = (ground.yard.at(), ground.root());
    let swept = |at: &gonogo::git::Repository, over: &[gonogo::release::ids::OpId]| {
        run(Workplace::sweep(&git(), at, &root, over)).unwrap().len()
    };
    assert_eq!(swept(&at, &[]), 0, "not known to be over");
    let other = Ground::new();
    assert_eq!(swept(&other.yard.at(), &[op()]), 0, "another's");
    let held = Workplace::open(&git(), &at, &root, &op()).unwrap();
    assert_eq!(swept(&at, &[op()]), 0, "in use");
    let why = ground.apply_by(&git(), &ground.order(&[ground.tip])).unwrap_err().to_string();
    assert!(why.contains("another gonogo"), "{why}");
    drop(held);
    assert_eq!(swept(&at, &[op()]), 1);
    assert_eq!(swept(&at, &[op()]), 0, "gone already");
    let mut left: Vec<_> = root.read_dir().unwrap().flatten().map(|it| it.file_name()).collect();
    left.sort();
    assert_eq!(left, ["gonogo-picks-else", "something"]);
    assert!(!ground.yard.git(&["for-each-ref"]).contains(OP));
}
