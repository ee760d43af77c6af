//! Finding the repository without running git.

use super::yard::{Yard, branch, git, oid, run};
use gonogo::git::find::{ObjectFormat, Operation};
use gonogo::git::{Address, GitError, Head, find};
use gonogo::release::ids::RefName;

fn main() -> RefName {
    RefName::parse("refs/heads/main").unwrap()
}

#[test]
fn from_any_depth_and_through_every_kind_of_git_directory() {
    let yard = Yard::new();
    yard.commit("deep/er/file", "1", "one");
    let top = yard.path().canonicalize().unwrap();
    for from in ["", "deep", "deep/er", ".git", ".git/refs"] {
        let at = find(&yard.path().join(from)).unwrap();
        assert_eq!(at.work_tree.as_deref(), Some(top.as_path()), "{from}");
        assert_eq!(at.git_dir, top.join(".git"), "{from}");
        assert_eq!(at.head, Head::Branch(main()), "{from}");
        assert!(!at.is_linked() && !at.is_bare() && at.libgit2_reads_it(), "{from}");
    }
    yard.git(&["pack-refs", "--all"]);
    assert_eq!(yard.at().head, Head::Branch(main()), "packed");
}

#[test]
fn a_linked_worktree_shares_the_common_directory() {
    let yard = Yard::new();
    yard.commit("a", "1", "one");
    yard.git(&["worktree", "add", "-q", "-b", "release-1", "../linked"]);
    let at = find(&yard.root().join("linked")).unwrap();
    assert!(at.is_linked());
    assert_eq!(at.common_dir, yard.path().join(".git").canonicalize().unwrap());
    assert_eq!(at.head, Head::Branch(RefName::parse("refs/heads/release-1").unwrap()));
    let refs = run(git().refs(&at)).unwrap();
    let place = refs.branches[&branch("release-1")].checked_out.clone().unwrap();
    assert_eq!(place, yard.root().join("linked").canonicalize().unwrap());
}

#[test]
fn a_bare_repository_has_no_files() {
    let yard = Yard::new();
    yard.commit("a", "1", "one");
    let bare = yard.with_origin();
    let at = find(&bare.join("objects")).unwrap();
    assert!(at.is_bare());
    assert_eq!(at.git_dir, bare.canonicalize().unwrap());
    assert_eq!(run(git().refs(&at)).unwrap().branches.len(), 1);
}

#[test]
fn empty_detached_and_busy() {
    let yard = Yard::new();
    assert_eq!(yard.at().head, Head::Unborn(main()));
    assert_eq!(yard.at().operation, None);
    let one = yard.commit("a", "1", "one");
    yard.git(&["checkout", "-q", "--detach"]);
    assert_eq!(yard.at().head, Head::Detached(one));
    yard.git(&["bisect", "start"]);
    assert_eq!(yard.at().operation, Some(Operation::Bisect));
}

#[test]
fn shallow_partial_sha256_and_reftable_are_told() {
    let yard = Yard::new();
    yard.commit("a", "1", "one");
    yard.commit("a", "2", "two");
    assert!(!yard.at().shallow && !yard.at().partial);
    let bare = yard.with_origin();
    yard.git_in(&bare, &["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", bare.display());
    yard.git_in(yard.root(), &["clone", "-q", "--depth=1", &url, "shallow"]);
    yard.git_in(yard.root(), &["clone", "-q", "--filter=blob:none", &url, "partial"]);
    assert!(find(&yard.root().join("shallow")).unwrap().shallow);
    let partial = find(&yard.root().join("partial")).unwrap();
    assert!(partial.partial && !partial.libgit2_reads_it());

    let other = Yard::with(&["--initial-branch=main", "--object-format=sha256"]);
    let tip = other.commit("a", "1", "one");
    assert_eq!(tip.bytes().len(), 32);
    assert_eq!(other.at().object_format, ObjectFormat::Sha256);
    assert!(!other.at().libgit2_reads_it());
    assert_eq!(other.refs().branches[&branch("main")].tip, tip);

    if git().tier().version >= (2, 45, 0) {
        let tables = Yard::with(&["--initial-branch=main", "--ref-format=reftable"]);
        let tip = tables.commit("a", "1", "one");
        assert!(tables.at().reftable);
        assert_eq!(tables.at().head, Head::Unknown);
        assert_eq!(tables.refs().branches[&branch("main")].tip, tip);
    }
}

#[test]
fn no_repository_and_a_broken_one() {
    let dir = tempfile::TempDir::new().unwrap();
    assert!(matches!(find(dir.path()), Err(GitError::NotRepository(_))));
    assert!(matches!(find(&dir.path().join("absent")), Err(GitError::File { .. })));
    std::fs::write(dir.path().join(".git"), "something else").unwrap();
    assert!(matches!(find(dir.path()), Err(GitError::NotRepository(_))));
    let yard = Yard::new();
    std::fs::write(yard.path().join(".git/config"), "[core\n").unwrap();
    assert!(matches!(find(&yard.path()), Err(GitError::Config(_))));
}

#[test]
fn the_remote_that_the_release_lives_on() {
    let yard = Yard::new();
    assert_eq!(yard.at().remote(), None);
    let add =
        |name: &str| yard.git(&["remote", "add", name, &format!("https://github.com/{name}/widget.git")]);
    let chosen = || yard.at().remote().map(|remote| remote.name.clone());
    add("fork");
    assert_eq!(chosen().as_deref(), Some("fork"), "the only one");
    add("other");
    assert_eq!(chosen(), None, "two of unusual names");
    add("origin");
    assert_eq!(chosen().as_deref(), Some("origin"));
    add("upstream");
    assert_eq!(chosen().as_deref(), Some("upstream"));
    yard.git(&["config", "gonogo.remote", "fork"]);
    assert_eq!(chosen().as_deref(), Some("fork"));
    yard.git(&["config", "gonogo.remote", "gone"]);
    assert_eq!(chosen(), None, "a choice that is not there is not guessed over");
    assert_eq!(yard.at().remotes[0].forge().unwrap().owner, "fork");
}

#[test]
fn addresses_are_rewritten_as_git_rewrites_them() {
    let yard = Yard::new();
    for (name, url) in
        [("plain", "https://github.com/o/w.git"), ("short", "gh:o/w"), ("longer", "gh:ent/o/w")]
    {
        yard.git(&["remote", "add", name, url]);
    }
    yard.git(&["remote", "add", "two", "gh:o/fetched"]);
    yard.git(&["config", "remote.two.pushurl", "gh:o/pushed"]);
    yard.git(&["config", "url.git@github.com:.insteadOf", "gh:"]);
    yard.git(&["config", "url.https://Ghe.example.com/.insteadOf", "gh:ent/"]);
    yard.git(&["config", "url.ssh://git@github.com/.pushInsteadOf", "https://github.com/"]);
    let at = yard.at();
    assert_eq!(at.remotes.len(), 4);
    for remote in &at.remotes {
        for (push, ours) in [(false, &remote.fetch), (true, &remote.push)] {
            let gits = run(git().remote_address(&at, &remote.name, push)).unwrap();
            assert_eq!(*ours, gits, "{} push {push}", remote.name);
        }
    }
    let Address::Forge(url) = &at.remotes[2].fetch else { panic!("{:?}", at.remotes[2]) };
    assert_eq!((url.host.as_str(), url.owner.as_str()), ("ghe.example.com", "o"));
}

#[test]
fn the_first_commit_tells_repositories_apart() {
    let yard = Yard::new();
    let first = yard.commit("a", "1", "one");
    let second = yard.commit("a", "2", "two");
    assert_eq!(run(git().root_commit(&yard.at(), second)).unwrap(), Some(first));
    assert_eq!(first, oid(&yard.git(&["rev-list", "--max-parents=0", "HEAD"])));
}

#[test]
fn read_again_it_sees_what_changed_and_keeps_the_remote_that_was_chosen() {
    let yard = Yard::new();
    yard.commit("a", "1", "one");
    yard.git(&["remote", "add", "origin", "https://forge.example/octo/widget.git"]);
    yard.git(&["remote", "add", "mine", "https://forge.example/me/widget.git"]);
    let mut at = yard.at();
    at.chosen_remote = Some("mine".to_owned());
    yard.git(&["remote", "set-url", "mine", "https://forge.example/me/other.git"]);
    yard.git(&["checkout", "-q", "-b", "topic"]);
    let again = at.again().unwrap();
    assert_eq!(again.remote().unwrap().name, "mine");
    assert_eq!(again.remote().unwrap().forge().unwrap().name, "other");
    assert_eq!(again.head, Head::Branch(RefName::parse("refs/heads/topic").unwrap()));
    yard.git(&["config", "gonogo.remote", "mine"]);
    assert_eq!(yard.at().again().unwrap().remote().unwrap().name, "mine");
}

#[test]
fn a_login_is_read_from_the_settings_where_they_hold_one() {
    let yard = Yard::new();
    let login = |name: &str, address: &str| {
        yard.git(&["config", "user.name", name]);
        yard.git(&["config", "user.email", address]);
        find(&yard.path()).unwrap().login_by_settings().map(|it| it.as_str().to_owned())
    };
    assert_eq!(login("Ada Byron", "17+ada@users.noreply.github.com").as_deref(), Some("ada"));
    assert_eq!(login("Ada Byron", "ada@Users.NoReply.GitHub.com").as_deref(), Some("ada"));
    assert_eq!(login("countess", "ada@example.org").as_deref(), Some("countess"));
    assert_eq!(login("Ada Byron", "ada@example.org"), None, "a name with a blank is no login");
    assert_eq!(login("Ada Byron", "1+a b\u{1b}@users.noreply.github.com"), None);
}
