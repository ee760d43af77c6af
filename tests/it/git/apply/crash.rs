//! Killed between any two steps, and begun again: the same tree, and nothing twice.

use super::super::yard::{git, put_script, run};
use super::{Ground, done, op};
use gonogo::git::Git;
use gonogo::git::apply::Applied;
use gonogo::spawn::Program;

/// A git that dies with the step of this number, and so does every one after it; the step itself is done.
pub fn mortal(ground: &Ground, step: usize) -> Git {
    let real = git().program().path().display().to_string();
    let count = ground.yard.root().join("count");
    std::fs::write(&count, "").unwrap();
    let count = count.display();
    let body = format!(
        "[ \"$1\" = --version ] && exec '{real}' \"$@\"\n\
         case \" $* \" in *' cat-file '*|*' merge-tree '*|*' config '*) exec '{real}' \"$@\";; esac\n\
         [ $(wc -c < '{count}') -gt {step} ] && exit 9\n\
         printf x >> '{count}'\n\
         '{real}' \"$@\"; status=$?\n\
         [ $(wc -c < '{count}') -gt {step} ] && exit 9\n\
         exit $status"
    );
    let script = ground.yard.root().join("mortal");
    put_script(&script, &body);
    let mortal = run(Git::at(Program::find(script.to_str().unwrap()).unwrap())).unwrap();
    mortal.with_env("GIT_CONFIG_GLOBAL", "/dev/null").with_env("GIT_CONFIG_NOSYSTEM", "1")
}

#[test]
fn killed_after_any_step_it_goes_on_where_it_stood() {
    let ground = Ground::new();
    let mut picks = ground.three();
    // One that changes nothing lies between those that do.
    picks.insert(1, picks[0]);
    let expected = ground.plainly(&[picks[0], picks[2], picks[3]]).pop().unwrap();
    let order = ground.order(&picks);
    let (mut step, before) = (0, ground.users());
    loop {
        let first = ground.apply_by(&mortal(&ground, step), &order);
        if matches!(first, Ok(Applied::Done { .. })) {
            break;
        }
        let tip = done(ground.apply_order(&order));
        assert_eq!(ground.tree(tip), expected, "after step {step}");
        assert_eq!(ground.subjects(tip), ["nine (#7)", "deep", "new"], "after step {step}");
        assert_eq!(ground.users(), before, "after step {step}");
        run(git().apply_off(&ground.yard.at(), &ground.root(), &op())).unwrap();
        step += 1;
    }
    assert!(step >= 7, "only {step} steps were killed");
}

#[test]
fn killed_between_two_picks_of_one_run_of_git_the_first_is_not_made_twice() {
    let ground = Ground::new();
    let picks = ground.three();
    let order = ground.order(&picks);
    let hook = ground.yard.path().join(".git/hooks/prepare-commit-msg");
    put_script(&hook, "grep -q '^deep' \"$1\" || exit 0\nkill -9 $PPID");
    let first = ground.apply_by(&git(), &order);
    assert!(!matches!(first, Ok(Applied::Done { .. })), "{first:?}");
    std::fs::remove_file(hook).unwrap();
    let made = ground.yard.git_in(&ground.work(), &["rev-parse", "HEAD"]);
    assert_eq!(ground.yard.git(&["log", "-1", "--format=%s", &made]), "nine (#7)");
    let Applied::Done { tip, done } = ground.apply_order(&order) else { panic!("not done") };
    assert_eq!(ground.tree(tip), *ground.plainly(&picks).last().unwrap());
    assert_eq!(done[0].commit.unwrap().to_string(), made, "the very same commit");
    assert_eq!(ground.subjects(tip), ["nine (#7)", "deep", "new"]);
}

#[test]
fn a_record_that_lags_behind_is_caught_up_by_the_trees() {
    let ground = Ground::new();
    let picks = ground.three();
    let order = ground.order(&picks);
    let tip = done(ground.apply_order(&order));
    let path = ground.place().join("plan.json");
    let mut record: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    for kept in 0..3 {
        record["done"].as_array_mut().unwrap().truncate(2 - kept);
        std::fs::write(&path, record.to_string()).unwrap();
        assert_eq!(done(ground.apply_order(&order)), tip, "{kept}: the very same commits");
    }
}

#[test]
fn killed_while_git_wrote_its_index_it_is_picked_anew() {
    let ground = Ground::new();
    let picks = ground.three();
    let order = ground.order(&picks);
    let expected = ground.tree(done(ground.apply_order(&order)));
    let path = ground.place().join("plan.json");
    let mut record: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    record["done"].as_array_mut().unwrap().truncate(1);
    let first = record["done"][0]["commit"].as_str().unwrap().to_owned();
    std::fs::write(&path, record.to_string()).unwrap();
    std::fs::write(ground.place().join("git/HEAD"), format!("{first}\n")).unwrap();
    std::fs::write(ground.place().join("git/index.lock"), "half").unwrap();
    std::fs::write(ground.place().join("git/CHERRY_PICK_HEAD"), format!("{}\n", picks[1])).unwrap();
    let tip = done(ground.apply_order(&order));
    assert_eq!(ground.tree(tip), expected);
    assert_eq!(ground.subjects(tip).len(), 3);
}

#[test]
fn a_lost_worktree_is_made_again_where_it_stood() {
    let ground = Ground::new();
    let picks = ground.three();
    let order = ground.order(&picks);
    let tip = done(ground.apply_order(&order));
    std::fs::remove_dir_all(ground.work()).unwrap();
    assert_eq!(done(ground.apply_order(&order)), tip);
    std::fs::remove_dir_all(ground.place()).unwrap();
    let again = done(ground.apply_order(&order));
    assert_eq!(ground.tree(again), ground.tree(tip));
    assert_eq!(ground.yard.git(&["rev-parse", "line"]), ground.tip.to_string());
}

#[test]
fn what_somebody_committed_there_is_not_taken() {
    let ground = Ground::new();
    let picks = ground.three();
    let order = ground.order(&picks);
    done(ground.apply_order(&order));
    std::fs::write(ground.work().join("a"), "mine\n").unwrap();
    ground.yard.git_in(&ground.work(), &["commit", "-q", "-a", "-m", "mine"]);
    let applied = ground.apply_order(&order);
    let Applied::Strange { said } = applied else { panic!("{applied:?}") };
    assert!(said.raw().contains("nothing is taken"), "{said:?}");
}

#[test]
fn killed_while_markers_are_committed_it_goes_on_and_commits_them_once() {
    let mut ground = Ground::new();
    let clash = ground.clash();
    let last = ground.yard.commit("deep/last", "last\n", "last");
    let order = gonogo::git::apply::Order { markers: true, ..ground.order(&[clash, last]) };
    let expected = ground.tree(done(ground.apply_order(&order)));
    run(git().apply_off(&ground.yard.at(), &ground.root(), &op())).unwrap();
    let mut step = 0;
    loop {
        let first = ground.apply_by(&mortal(&ground, step), &order);
        if matches!(first, Ok(Applied::Done { .. })) {
            break;
        }
        let tip = match ground
            .apply_by(&git(), &order)
            .unwrap_or_else(|why| panic!("after step {step}: {why}; first {first:?}"))
        {
            Applied::Done { tip, .. } => tip,
            other => panic!("after step {step}: {other:?}"),
        };
        assert_eq!(ground.tree(tip), expected, "after step {step}");
        assert_eq!(ground.subjects(tip), ["of main", "last"], "after step {step}");
        run(git().apply_off(&ground.yard.at(), &ground.root(), &op())).unwrap();
        step += 1;
    }
    assert!(step > 8, "only {step} steps were killed");
}
