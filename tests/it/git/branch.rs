//! Creating a branch on the remote: every outcome, against real repositories.

use super::yard::{Yard, branch, git, put_script, run};
use gonogo::git::porcelain::{Pushed, Trouble, pushed, trouble};
use gonogo::git::{Created, Trust, Unpushed};
use gonogo::release::ids::Oid;
use gonogo::spawn::Cancel;
use std::path::PathBuf;

fn yard() -> (Yard, PathBuf, Oid) {
    let yard = Yard::new();
    let one = yard.commit("a", "1", "one");
    let bare = yard.with_origin();
    (yard, bare, one)
}

fn create(yard: &Yard, name: &str, from: Oid) -> Created {
    let at = yard.at();
    run(git().create_branch(&at, at.remote().unwrap(), &branch(name), from, Trust::Given, &Cancel::new()))
        .unwrap()
}

#[test]
fn a_new_branch_is_made_once() {
    let (yard, bare, one) = yard();
    let at = yard.at();
    let remote = at.remote().unwrap();
    let plan =
        run(git().plan_branch(&at, remote, &branch("release-1"), one, Trust::Given, &Cancel::new())).unwrap();
    assert_eq!((plan.subject.raw(), plan.taken), ("one", None));
    assert_eq!(
        plan.command.join(" "),
        format!(
            "git push --porcelain --atomic --no-follow-tags --recurse-submodules=no \
             --force-with-lease=refs/heads/release-1: --end-of-options origin {one}:refs/heads/release-1"
        )
    );
    assert_eq!(create(&yard, "release-1", one), Created::Done);
    assert_eq!(yard.git_in(&bare, &["rev-parse", "refs/heads/release-1"]), one.to_string());
    assert_eq!(create(&yard, "release-1", one), Created::AlreadyThere);
    let plan =
        run(git().plan_branch(&at, remote, &branch("release-1"), one, Trust::Given, &Cancel::new())).unwrap();
    assert_eq!(plan.taken, Some(one));
}

#[test]
fn nothing_is_sent_while_the_remote_has_a_branch_that_git_would_take_for_it() {
    let (yard, bare, one) = yard();
    let two = yard.commit("a", "2", "two");
    let alike = "refs/heads/refs/heads/release-1";
    yard.git_in(&bare, &["update-ref", alike, &one.to_string()]);
    let Created::Not(Unpushed::NotSent { said }) = create(&yard, "release-1", two) else {
        panic!("it was sent")
    };
    assert!(said.raw().contains(alike), "{said:?}");
    assert_eq!(yard.git_in(&bare, &["rev-parse", alike]), one.to_string());
}

#[test]
fn a_branch_that_is_there_is_never_moved() {
    let (yard, bare, one) = yard();
    let two = yard.commit("a", "2", "two");
    yard.git_in(&bare, &["update-ref", "refs/heads/release-1", &one.to_string()]);
    assert_eq!(create(&yard, "release-1", two), Created::Taken { tip: Some(one) }, "not even forward");
    yard.git(&["push", "-q", "origin", &format!("{two}:refs/heads/release-2")]);
    assert_eq!(create(&yard, "release-2", one), Created::Taken { tip: Some(two) }, "not back");
    assert_eq!(yard.git_in(&bare, &["rev-parse", "refs/heads/release-1"]), one.to_string());
    assert_eq!(yard.git_in(&bare, &["rev-parse", "refs/heads/release-2"]), two.to_string());
}

#[test]
fn a_branch_that_comes_up_while_pushing_is_taken() {
    let (yard, bare, one) = yard();
    let two = yard.commit("a", "2", "two");
    // The server's hook makes the branch, after our git has seen that it is not there.
    let race = format!("unset GIT_QUARANTINE_PATH; git update-ref refs/heads/release-1 {one}");
    put_script(&bare.join("hooks/pre-receive"), &race);
    assert_eq!(create(&yard, "release-1", two), Created::Taken { tip: Some(one) });
}

#[test]
fn a_refusal_of_the_server_is_told_in_its_words() {
    let (yard, bare, one) = yard();
    let words = "echo 'GH006: Protected branch \u{1b}[31mupdate failed.' >&2\necho 'Ask the release team.' >&2\nexit 1";
    put_script(&bare.join("hooks/pre-receive"), words);
    let Created::Not(Unpushed::Refused { why, said }) = create(&yard, "release-1", one) else { panic!() };
    assert_eq!(why.raw(), "pre-receive hook declined");
    assert_eq!(said.lines(9).collect::<Vec<_>>()[1], "Ask the release team.");
    assert!(said.raw().contains("GH006") && !said.line().contains('\u{1b}'));
    assert!(!yard.git_in(&bare, &["for-each-ref"]).contains("release-1"));
    std::fs::remove_file(bare.join("hooks/pre-receive")).unwrap();
    put_script(&bare.join("hooks/update"), "exit 1");
    assert!(
        matches!(create(&yard, "release-1", one), Created::Not(Unpushed::Refused { why, .. }) if why.raw() == "hook declined")
    );
}

#[test]
fn the_users_own_hook_counts_once_the_repository_is_trusted() {
    let (yard, _, one) = yard();
    put_script(&yard.path().join(".git/hooks/pre-push"), "echo 'not on a friday' >&2\nexit 1");
    let Created::Not(Unpushed::NotSent { said }) = create(&yard, "release-1", one) else { panic!() };
    assert!(said.raw().contains("not on a friday"), "{said:?}");
}

#[test]
fn a_remote_that_is_not_there_is_unreachable() {
    let (yard, bare, one) = yard();
    std::fs::rename(&bare, yard.root().join("away.git")).unwrap();
    assert!(matches!(create(&yard, "release-1", one), Created::Not(Unpushed::Unreachable { .. })));
    // Port 1 on loopback: nothing listens, so the connection is refused at once.
    yard.git(&["remote", "set-url", "origin", "http://127.0.0.1:1/octo/widget.git"]);
    let Created::Not(Unpushed::Unreachable { said }) = create(&yard, "release-1", one) else { panic!() };
    assert!(said.raw().contains("127.0.0.1"), "{said:?}");
}

#[test]
fn a_server_that_wants_a_password_denies_at_once() {
    use std::io::{Read as _, Write as _};
    let (yard, _, one) = yard();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    yard.git(&[
        "remote",
        "set-url",
        "origin",
        &format!("http://ada:s3cret@127.0.0.1:{port}/octo/widget.git"),
    ]);
    let server = std::thread::spawn(move || {
        for stream in listener.incoming().take(2) {
            let mut stream = stream.unwrap();
            let _read = stream.read(&mut [0; 4096]);
            let head = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\n";
            let _written = write!(stream, "{head}Content-Length: 0\r\nConnection: close\r\n\r\n");
        }
    });
    let Created::Not(Unpushed::Denied { said }) = create(&yard, "release-1", one) else { panic!() };
    assert!(!said.raw().contains("s3cret"), "{said:?}");
    server.join().unwrap();
}

#[test]
fn a_commit_that_is_not_here_is_not_planned() {
    let (yard, bare, _) = yard();
    let at = yard.at();
    let absent = Oid::parse(&"7".repeat(40)).unwrap();
    let plan = git();
    let name = branch("release-1");
    assert!(
        run(plan.plan_branch(&at, at.remote().unwrap(), &name, absent, Trust::Given, &Cancel::new()))
            .is_err()
    );
    // Whatever git calls it, the branch is not made and the words are there.
    let Created::Not(Unpushed::Refused { said, .. }) = create(&yard, "release-1", absent) else { panic!() };
    assert!(!said.is_empty());
    assert!(!yard.git_in(&bare, &["for-each-ref"]).contains("release-1"));
}

#[test]
fn cancelling_stops_before_the_start() {
    let (yard, bare, one) = yard();
    let (at, cancel) = (yard.at(), Cancel::new());
    cancel.cancel();
    let name = branch("release-1");
    let made = run(git().create_branch(&at, at.remote().unwrap(), &name, one, Trust::Given, &cancel));
    assert!(made.is_err());
    assert!(!yard.git_in(&bare, &["for-each-ref"]).contains("release-1"));
}

#[test]
fn lines_of_porcelain_as_git_writes_them() {
    let line = |flag: &str, summary: &str| format!("To x\n{flag}\tHEAD:refs/heads/r\t{summary}\nDone\n");
    let read = |flag: &str, summary: &str| pushed(&line(flag, summary), "refs/heads/r");
    assert_eq!(read("*", "[new branch]"), Some(Pushed::New));
    assert_eq!(read(" ", "1..2"), Some(Pushed::Forward));
    assert_eq!(read("=", "[up to date]"), Some(Pushed::UpToDate));
    assert_eq!(read("!", "[rejected] (stale info)"), Some(Pushed::Rejected("stale info".into())));
    let remote = Pushed::RemoteRejected("protected branch hook declined".into());
    assert_eq!(read("!", "[remote rejected] (protected branch hook declined)"), Some(remote));
    assert_eq!(read("+", "1...2 (forced update)"), Some(Pushed::Unasked));
    assert_eq!(pushed(&line("*", "[new branch]"), "refs/heads/other"), None);
    assert_eq!(pushed("", "refs/heads/r"), None);
}

#[test]
fn what_ssh_and_curl_say_is_sorted() {
    for (words, expected) in [
        (
            "git@github.com: Permission denied (publickey). fatal: Could not read from remote repository.",
            Trouble::Denied,
        ),
        (
            "remote: Permission to o/w.git denied to ada. The requested URL returned error: 403",
            Trouble::Denied,
        ),
        (
            "fatal: could not read Username for 'https://github.com': terminal prompts disabled",
            Trouble::Denied,
        ),
        ("ERROR: Repository not found. fatal: Could not read from remote repository.", Trouble::Denied),
        ("Host key verification failed.", Trouble::Denied),
        ("ssh: Could not resolve hostname x; Could not resolve host: x", Trouble::Unreachable),
        ("fatal: unable to access 'https://x/': Failed to connect to x port 443", Trouble::Unreachable),
        ("fatal: the remote end hung up unexpectedly", Trouble::Unreachable),
        ("error: src refspec 1 does not match any", Trouble::Unclear),
    ] {
        assert_eq!(trouble(words), expected, "{words}");
    }
}
