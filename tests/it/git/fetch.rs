//! Fetching: what moves, what stays, and how it ends early.

use super::yard::{Yard, branch, git, run};
use gonogo::git::{GitError, Trust};
use gonogo::spawn::{Cancel, SpawnError};

#[test]
fn remote_branches_and_tags_come_and_nothing_else_changes() {
    let yard = Yard::new();
    let one = yard.commit("a", "1", "one");
    yard.git(&["branch", "going"]);
    let bare = yard.with_origin();
    let mine = yard.commit("a", "mine", "not pushed");
    std::fs::write(yard.path().join("a"), "being edited").unwrap();
    let other = yard.root().join("other");
    yard.git_in(yard.root(), &["clone", "-q", bare.to_str().unwrap(), "other"]);
    std::fs::write(other.join("b"), "2").unwrap();
    yard.git_in(&other, &["add", "b"]);
    yard.git_in(&other, &["commit", "-q", "-m", "theirs"]);
    yard.git_in(&other, &["tag", "v1.0.0"]);
    yard.git_in(&other, &["push", "-q", "origin", "main", "v1.0.0", ":going"]);
    let theirs = yard.git_in(&bare, &["rev-parse", "main"]);

    let at = yard.at();
    let mut heard = Vec::new();
    let hear = |line: gonogo::release::text::Untrusted| heard.push(line.raw().to_owned());
    run(git().fetch(&at, at.remote().unwrap(), Trust::Given, &Cancel::new(), hear)).unwrap();
    let refs = yard.refs();
    assert_eq!(refs.branches[&branch("main")].tip.to_string(), theirs);
    assert_eq!(refs.branches[&branch("main")].local, Some(mine));
    assert_eq!(refs.branches[&branch("going")].tip, one, "nothing is pruned");
    assert!(refs.branches[&branch("going")].reference.as_str().starts_with("refs/remotes/"));
    assert_eq!(refs.tags.len(), 1);
    assert_eq!(std::fs::read_to_string(yard.path().join("a")).unwrap(), "being edited");
    assert_eq!(yard.head(), mine);
    assert!(!yard.path().join(".git/FETCH_HEAD").exists() || one != mine);
    assert!(heard.iter().any(|line| line.contains("100%")), "progress: {heard:?}");
    assert!(heard.iter().all(|line| !line.contains(['\r', '\n'])), "{heard:?}");
}

#[test]
fn it_is_cancelled_timed_out_and_refused_clearly() {
    let yard = Yard::new();
    yard.commit("a", "1", "one");
    yard.with_origin();
    let at = yard.at();
    let cancel = Cancel::new();
    cancel.cancel();
    let ended = run(git().fetch(&at, at.remote().unwrap(), Trust::Given, &cancel, |_| ()));
    assert!(matches!(ended, Err(GitError::Spawn(SpawnError::Cancelled(_)))), "{ended:?}");
    yard.git(&["remote", "set-url", "origin", "ext::sh -c true"]);
    let at = yard.at();
    let ended = run(git().fetch(&at, at.remote().unwrap(), Trust::Given, &Cancel::new(), |_| ()));
    assert!(matches!(ended, Err(GitError::Refused { .. })), "{ended:?}");
    yard.git(&["remote", "set-url", "origin", yard.root().join("gone.git").to_str().unwrap()]);
    let at = yard.at();
    let ended = run(git().fetch(&at, at.remote().unwrap(), Trust::Given, &Cancel::new(), |_| ()));
    assert!(matches!(ended, Err(GitError::Unreachable(_))), "{ended:?}");
}

#[test]
fn where_the_remote_has_a_branch() {
    let yard = Yard::new();
    let one = yard.commit("a", "1", "one");
    let bare = yard.with_origin();
    yard.git_in(&bare, &["update-ref", "refs/heads/x/refs/heads/release-1", &one.to_string()]);
    let at = yard.at();
    let tip = |name: &str| {
        let remote = at.remote().unwrap();
        run(git().remote_tip(&at, remote, &branch(name), Trust::Unasked, &Cancel::new())).unwrap()
    };
    assert_eq!(tip("main"), Some(one));
    assert_eq!(tip("release-1"), None, "a longer name that ends alike is another");
}

#[test]
fn the_users_helper_counts_before_trust_and_the_repositorys_does_not() {
    let yard = Yard::new();
    yard.commit("a", "1", "one");
    let config = yard.root().join("user.config");
    let ssh = yard.trap("users-ssh");
    std::fs::write(&config, format!("[core]\n\tsshCommand = {ssh}\n")).unwrap();
    yard.git(&["config", "core.sshCommand", &yard.trap("repositorys-ssh")]);
    yard.git(&["remote", "add", "origin", "ssh://git@example.invalid/octo/widget.git"]);
    let git = git().with_env("GIT_CONFIG_GLOBAL", &config);
    let at = yard.at();
    let ask = |trust| run(git.remote_tip(&at, at.remote().unwrap(), &branch("main"), trust, &Cancel::new()));
    assert!(ask(Trust::Unasked).is_err());
    assert!(
        yard.sprung().contains("users-ssh") && !yard.sprung().contains("repositorys-ssh"),
        "{}",
        yard.sprung()
    );
    assert!(ask(Trust::Given).is_err());
    assert!(yard.sprung().contains("repositorys-ssh"), "once trusted, git's own order holds");
}

/// The engine may move its work between tasks, so every future of the door is `Send`.
#[test]
fn work_can_be_spawned() {
    fn spawned<T: Send>(_: T) {}
    let yard = Yard::new();
    let one = yard.commit("a", "1", "one");
    yard.with_origin();
    let (git, at, refs, cancel) = (git(), yard.at(), yard.refs(), Cancel::new());
    let (remote, name) = (at.remote().unwrap(), branch("release-1"));
    let (ask, mut graph) = (super::yard::ask(&refs, &[]), gonogo::git::Graph::new());
    spawned(git.refs(&at));
    spawned(git.lines(&at, &mut graph, &refs, &ask));
    spawned(git.init_evidence(&at, &refs));
    spawned(git.fetch(&at, remote, Trust::Given, &cancel, |_| ()));
    spawned(git.plan_branch(&at, remote, &name, one, Trust::Given, &cancel));
    spawned(git.create_branch(&at, remote, &name, one, Trust::Given, &cancel));
    spawned(git.create_branch_attended(&at, remote, &name, one, Trust::Given));
}

/// A clone, and a commit of its origin that no branch brings; whether the server gives single commits, and as whose
/// head it has them.
fn hidden(yard: &Yard, any: bool, name: &str) -> gonogo::release::ids::Oid {
    yard.commit("a", "1", "one");
    let bare = yard.with_origin();
    let other = yard.root().join("other");
    yard.git_in(yard.root(), &["clone", "-q", bare.to_str().unwrap(), "other"]);
    std::fs::write(other.join("b"), "2").unwrap();
    yard.git_in(&other, &["add", "b"]);
    yard.git_in(&other, &["commit", "-q", "-m", "theirs"]);
    yard.git_in(&other, &["push", "-q", "origin", &format!("HEAD:{name}")]);
    for what in ["allowAnySHA1InWant", "allowTipSHA1InWant", "allowReachableSHA1InWant"] {
        yard.git_in(&bare, &["config", &format!("uploadpack.{what}"), if any { "true" } else { "false" }]);
    }
    // The second form of the protocol gives any object; a server of the first keeps what it does not show.
    if !any {
        yard.git(&["config", "protocol.version", "0"]);
        yard.git_in(&bare, &["config", "transfer.hideRefs", "refs/keep"]);
    }
    super::yard::oid(&yard.git_in(&other, &["rev-parse", "HEAD"]))
}

fn fetch_one(yard: &Yard, commit: gonogo::release::ids::Oid, pull: Option<u64>) -> Result<(), GitError> {
    let at = yard.at();
    let remote = at.remote().unwrap();
    run(git().fetch_commit(&at, remote, (commit, pull), Trust::Unasked, &Cancel::new()))
}

#[test]
fn one_commit_comes_by_its_id_or_with_its_pull_request_and_no_ref_moves() {
    for (any, name, pull) in [(true, "refs/keep/one", None), (false, "refs/pull/7/head", Some(7))] {
        let yard = Yard::new();
        let commit = hidden(&yard, any, name);
        let refs = yard.git(&["for-each-ref"]);
        let here = || yard.raw(&yard.path(), &["cat-file", "-e", &commit.to_string()], b"").status.success();
        let head = || std::fs::read(yard.path().join(".git/FETCH_HEAD")).ok();
        let before = head();
        assert!(!here());
        fetch_one(&yard, commit, pull).unwrap();
        assert!(here(), "{name}");
        assert_eq!(yard.git(&["for-each-ref"]), refs);
        assert_eq!(head(), before);
    }
}

#[test]
fn a_commit_that_the_server_keeps_is_said_to_be_refused() {
    let yard = Yard::new();
    let commit = hidden(&yard, false, "refs/keep/one");
    let ended = fetch_one(&yard, commit, Some(8));
    let Err(GitError::Failed { said, .. }) = ended else { panic!("{ended:?}") };
    assert!(said.raw().contains("unadvertised") || said.raw().contains("not our ref"), "{}", said.raw());
}
