//! Clones that lack what most have: each is read, and what cannot be known is said, never guessed.

use super::bench::{Bench, Ran};
use crate::forge::server::{Say, Server};
use crate::git::yard::run;
use std::time::Duration;

fn status(bench: &Bench) -> Ran {
    let ran = bench.run(&["status", "--release", "v1.0.0"]);
    ran.is_clean();
    ran
}

#[test]
fn an_empty_repository_says_so() {
    let ran = status(&Bench::empty());
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.out.contains("this repository has no commit yet"), "{}", ran.out);
}

#[test]
fn without_a_remote_what_is_on_the_forge_is_unread_and_git_is_read() {
    let bench = Bench::new();
    bench.yard.git(&["remote", "remove", "origin"]);
    let ran = status(&bench);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.out.contains("could not read the forge: this repository is on no forge"), "{}", ran.out);
    assert!(ran.out.contains("checks of main not readable: this repository is on no forge"), "{}", ran.out);
}

#[test]
fn a_detached_head_is_no_hindrance() {
    let bench = Bench::new();
    let before = status(&bench);
    bench.yard.git(&["checkout", "-q", "--detach", "v1.0.0"]);
    let after = status(&bench);
    assert_eq!((after.code, after.out), (before.code, before.out));
}

#[test]
fn without_a_tag_or_with_none_that_is_a_version_the_first_release_is_offered() {
    for tags in [&[][..], &["nightly", "v1.x", "v99999999999999999999.0.0"]] {
        let bench = Bench::empty();
        bench.yard.commit("a", "1", "one");
        for tag in tags {
            bench.yard.git(&["tag", tag]);
        }
        let ran = bench.run(&["status"]);
        ran.is_clean();
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.err.contains("v0.1.0") && ran.err.contains("there is no final version yet"), "{ran:?}");
        assert_eq!(status(&bench).code, 3);
    }
}

#[test]
fn a_shallow_clone_is_read_as_far_as_it_goes() {
    let bench = Bench::new();
    let from = format!("file://{}", bench.yard.path().display());
    bench.yard.git_in(bench.yard.root(), &["clone", "-q", "--depth=1", &from, "shallow"]);
    let dir = bench.path("shallow");
    let ran = bench.run_in(&dir, &["status", "--release", "v1.0.0"]);
    ran.is_clean();
    assert_eq!(ran.code, 3, "{ran:?}");
    let ran = bench.run_in(&dir, &["init", "--stdout"]);
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn outside_of_a_repository_each_command_says_where_it_is() {
    let bench = Bench::empty();
    let dir = bench.path("home");
    for args in
        [&["status"][..], &["picks"], &["init"], &["journal", "path"], &["check"], &["demo", "--repo", "."]]
    {
        let ran = bench.run_in(&dir, args);
        ran.is_clean();
        let said = format!("{}{}", ran.out, ran.err);
        assert!(said.contains("is in no git repository"), "{args:?}: {said}");
    }
}

#[test]
fn a_forge_that_never_answers_is_given_up_and_named() {
    let bench = Bench::new().variable("GONOGO_TOKEN", "ghp_0123456789012345678901234567890123456789");
    let ran = run(async {
        let server = Server::start(|_| Say::Silence).await;
        let url = server.url.clone();
        let args = ["status", "--release", "v1.0.0", "--timeout", "1", "--api-url"].map(str::to_owned);
        let status = move || bench.run(&[args.each_ref().map(String::as_str).as_slice(), &[&*url]].concat());
        tokio::task::spawn_blocking(status).await.unwrap()
    });
    ran.is_clean();
    assert_eq!((ran.code, ran.err.as_str()), (3, ""), "{ran:?}");
    assert!(ran.out.contains("could not read milestones octo/widget: no answer within 1 s"), "{}", ran.out);
}

#[test]
fn a_token_that_is_never_found_takes_no_longer_than_was_said() {
    let bench = Bench::new();
    // It notes that it runs, and never answers.
    let script = bench.yard.script("waiting", "echo $$ > \"$0.pid\"; exec sleep 600");
    let bench = bench.write("config/gonogo/config.toml", &format!("token_command = [\"{script}\"]\n"));
    let ran = bench.run(&["status", "--release", "v1.0.0", "--timeout", "2"]);
    ran.is_clean();
    assert_eq!((ran.code, ran.err.as_str()), (3, ""), "{ran:?}");
    assert!(ran.out.contains("no answer within 2 s"), "{}", ran.out);
    let pid = std::fs::read_to_string(format!("{script}.pid")).unwrap();
    let gone = || !std::path::Path::new(&format!("/proc/{}/exe", pid.trim())).exists();
    assert!(
        (0..500).any(|_| {
            std::thread::sleep(Duration::from_millis(20));
            gone()
        }),
        "it is left running"
    );
}
