//! Moving a branch of the remote: forward, from where it is expected, or not at all.

use super::yard::{Yard, branch, git, put_script, run};
use gonogo::git::push::{Move, push_words};
use gonogo::git::{Pushing, Trust, Unpushed};
use gonogo::release::ids::Oid;
use gonogo::spawn::Cancel;
use std::path::PathBuf;

/// A line on the remote at `old`, and `new` on top of it, here only.
fn yard() -> (Yard, PathBuf, Oid, Oid) {
    let yard = Yard::new();
    let old = yard.commit("a", "1", "one");
    yard.git(&["branch", "line"]);
    let bare = yard.with_origin();
    let new = yard.commit("a", "2", "two");
    (yard, bare, old, new)
}

fn push(yard: &Yard, name: &str, old: Oid, new: Oid) -> Pushing {
    let at = yard.at();
    let to = Move { old: Some(old), new };
    let (remote, cancel) = (at.remote().unwrap(), Cancel::new());
    run(git().push_onto(&at, remote, &branch(name), to, Trust::Given, &cancel)).unwrap()
}

fn tip(yard: &Yard, bare: &std::path::Path) -> String {
    yard.git_in(bare, &["rev-parse", "refs/heads/line"])
}

#[test]
fn a_branch_moves_forward_once() {
    let (yard, bare, old, new) = yard();
    let words = push_words("origin", &branch("line"), Move { old: Some(old), new }).join(" ");
    assert_eq!(
        words,
        format!(
            "push --porcelain --atomic --no-follow-tags --recurse-submodules=no \
             --force-with-lease=refs/heads/line:{old} --end-of-options origin {new}:refs/heads/line"
        )
    );
    assert_eq!(push(&yard, "line", old, new), Pushing::Done);
    assert_eq!(tip(&yard, &bare), new.to_string());
    assert_eq!(push(&yard, "line", old, new), Pushing::AlreadyThere);
}

#[test]
fn a_branch_that_is_gone_is_not_mistaken_for_one_that_ends_alike() {
    let (yard, bare, old, new) = yard();
    let alike = "refs/heads/refs/heads/line";
    yard.git_in(&bare, &["update-ref", alike, &old.to_string()]);
    yard.git_in(&bare, &["update-ref", "-d", "refs/heads/line"]);
    let Pushing::Not(Unpushed::NotSent { said }) = push(&yard, "line", old, new) else {
        panic!("it was sent")
    };
    assert!(said.raw().contains(alike), "{said:?}");
    assert_eq!(yard.git_in(&bare, &["rev-parse", alike]), old.to_string());
}

#[test]
fn a_tip_that_moved_stops_it() {
    let (yard, bare, old, new) = yard();
    let theirs = yard.git(&["commit-tree", "-p", &old.to_string(), "-m", "theirs", "HEAD^{tree}"]);
    yard.git(&["push", "-q", "origin", &format!("{theirs}:refs/heads/line")]);
    let moved = Pushing::Moved { tip: Some(super::yard::oid(&theirs)) };
    assert_eq!(push(&yard, "line", old, new), moved);
    assert_eq!(tip(&yard, &bare), theirs);
    yard.git_in(&bare, &["update-ref", "-d", "refs/heads/line"]);
    assert_eq!(push(&yard, "line", old, new), Pushing::Moved { tip: None });
}

#[test]
fn what_is_not_on_top_is_never_pushed() {
    let (yard, bare, old, new) = yard();
    yard.git(&["push", "-q", "origin", &format!("{new}:refs/heads/line")]);
    assert_eq!(push(&yard, "line", new, old), Pushing::NotForward);
    assert_eq!(tip(&yard, &bare), new.to_string());
}

#[test]
fn hooks_of_both_sides_are_heard() {
    let (yard, bare, old, new) = yard();
    let mine = yard.path().join(".git/hooks/pre-push");
    put_script(&mine, "echo 'not on a friday' >&2\nexit 1");
    let Pushing::Not(Unpushed::NotSent { said }) = push(&yard, "line", old, new) else { panic!() };
    assert!(said.raw().contains("not on a friday"), "{said:?}");
    std::fs::remove_file(mine).unwrap();
    put_script(&bare.join("hooks/pre-receive"), "echo 'GH006: protected' >&2\nexit 1");
    let Pushing::Not(Unpushed::Refused { said, .. }) = push(&yard, "line", old, new) else { panic!() };
    assert!(said.raw().contains("GH006"), "{said:?}");
    assert_eq!(tip(&yard, &bare), old.to_string());
}

#[test]
fn credentials_refused_in_the_middle_change_nothing() {
    use std::io::{Read as _, Write as _};
    let (yard, _, old, new) = yard();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://127.0.0.1:{}/octo/widget.git", listener.local_addr().unwrap().port());
    yard.git(&["remote", "set-url", "origin", &address]);
    // The refs are told to everybody, and the push itself wants a password.
    let server = std::thread::spawn(move || {
        for (number, stream) in listener.incoming().take(2).enumerate() {
            let mut stream = stream.unwrap();
            let _read = stream.read(&mut [0; 4096]);
            let line = format!("{old} refs/heads/line\0report-status atomic ofs-delta\n");
            let body = format!("001f# service=git-receive-pack\n0000{:04x}{line}0000", line.len() + 4);
            let kind = "Content-Type: application/x-git-receive-pack-advertisement\r\n";
            let ok = format!("HTTP/1.1 200 OK\r\n{kind}Content-Length: {}\r\n", body.len());
            let no =
                "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n";
            let (head, body) = if number == 0 { (ok.as_str(), body.as_str()) } else { (no, "") };
            let _written = write!(stream, "{head}Connection: close\r\n\r\n{body}");
        }
    });
    let Pushing::Not(Unpushed::Denied { said }) = push(&yard, "line", old, new) else { panic!() };
    assert!(said.raw().contains("Username") || said.raw().contains("prompts"), "{said:?}");
    server.join().unwrap();
}

#[test]
fn a_branch_that_looks_like_an_option_is_no_name() {
    let why = gonogo::release::ids::Branch::parse("--upload-pack=touch").unwrap_err().to_string();
    assert!(why.contains("dash"), "{why}");
}

#[test]
fn a_local_branch_follows_only_where_nobody_uses_it() {
    let (yard, _, old, new) = yard();
    let at = yard.at();
    let follow = || run(git().follow_locally(&at, &branch("line"), old, new, Trust::Given)).unwrap();
    let linked = yard.root().join("linked");
    yard.git(&["worktree", "add", "-q", linked.to_str().unwrap(), "line"]);
    assert!(!follow(), "it is checked out");
    yard.git(&["worktree", "remove", linked.to_str().unwrap()]);
    let rebase = yard.path().join(".git/rebase-merge");
    std::fs::create_dir(&rebase).unwrap();
    std::fs::write(rebase.join("head-name"), "refs/heads/line\n").unwrap();
    assert!(!follow(), "it is being rebased");
    std::fs::remove_dir_all(&rebase).unwrap();
    assert!(follow());
    assert_eq!(yard.git(&["rev-parse", "line"]), new.to_string());
    assert!(!follow(), "it is elsewhere already");
    assert!(!run(git().follow_locally(&at, &branch("none"), old, new, Trust::Given)).unwrap());
}
