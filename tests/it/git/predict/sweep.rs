//! What killed processes left in the directory for temporary files.

use super::super::yard::{Yard, git, run};
use gonogo::git::predict::Quarantine;
use gonogo::git::{Predictor, Trust};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// The id of no process: proc(5) counts to 2²² at most.
const GONE: u32 = 1 << 30;

/// A directory as a process leaves it, with something in it.
fn left(parent: &Path, name: &str, age: u64) -> PathBuf {
    let dir = parent.join(name);
    std::fs::create_dir_all(dir.join("objects/ab")).unwrap();
    std::fs::write(dir.join("objects/ab/cdef"), "x").unwrap();
    std::fs::write(dir.join("held"), "").unwrap();
    let then = SystemTime::now() - Duration::from_secs(age);
    File::open(&dir).unwrap().set_modified(then).unwrap();
    dir
}

#[test]
fn only_what_is_ours_old_and_left_is_removed() {
    let yard = Yard::new();
    let (place, gone, here) = (yard.root(), GONE, std::process::id());
    let ours = |random: &str| format!("gonogo-predict-{gone}-{random}");
    let swept = left(place, &ours("aB3xYz"), 120);
    let kept = [
        left(place, &ours("young0"), 5),
        left(place, &ours("tolongname"), 120),
        left(place, &ours("..a/.b"), 120),
        left(place, "gonogo-predict-0-aB3xYz", 120),
        left(place, "gonogo-predict--1-aB3xYz", 120),
        left(place, "gonogo-predict-99999999999999-aB3xYz", 120),
        left(place, &format!("gonogo-predict-{here}-aB3xYz"), 120),
        left(place, &format!("gonogo-picks-{gone}-aB3xYz"), 120),
    ];
    let held = left(place, &ours("locked"), 120);
    let lock = File::open(held.join("held")).unwrap();
    lock.try_lock().unwrap();
    let elsewhere = left(place, "elsewhere", 120);
    let link = place.join(ours("linked"));
    std::os::unix::fs::symlink(&elsewhere, &link).unwrap();
    std::fs::write(place.join(ours("afile0")), "x").unwrap();

    assert_eq!(Quarantine::sweep(place), 1);
    assert!(!swept.exists());
    for dir in kept.iter().chain([&held, &elsewhere, &link]) {
        assert!(dir.join("objects/ab/cdef").is_file(), "{}", dir.display());
    }
    assert!(place.join(ours("afile0")).is_file());
    // A child of another test, between its fork and its exec, shares what is open: it is unlocked, not only closed.
    lock.unlock().unwrap();
    assert_eq!(Quarantine::sweep(place), 1, "nobody holds it any more");
    assert_eq!(Quarantine::sweep(&place.join("nowhere")), 0);
}

#[test]
fn a_predictor_sweeps_and_holds_its_own() {
    let yard = Yard::new();
    yard.commit("a", "1\n", "Start");
    let pid = GONE + std::process::id();
    let dir = left(&std::env::temp_dir(), &format!("gonogo-predict-{pid}-q1w2e3"), 120);
    let git = git();
    run(async {
        let predictor = Predictor::open(&git, &yard.at(), Trust::Unasked).await.unwrap();
        let own = predictor.quarantine().objects();
        let held = File::open(own.parent().unwrap().join("held")).unwrap();
        assert!(held.try_lock().is_err(), "held for as long as it is in use");
        // It goes on beside.
        for _ in 0..1_000 {
            if !dir.exists() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{} was not swept", dir.display());
    });
}
