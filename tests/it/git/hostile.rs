//! Hostile names and hostile configuration: nothing is started, nothing is written, nothing is mistaken.

use super::yard::{Yard, ask, git, put_script, run};
use gonogo::git::{Created, Graph, Trust};
use gonogo::release::ids::{Branch, RefName};
use gonogo::spawn::Cancel;
use std::collections::BTreeSet;

/// Valid for git, and made to be read as an option, a command, a path or another name.
const NAMES: &[&str] = &[
    "--upload-pack=touch${IFS}pwned",
    "--output=pwned",
    "-x",
    "--",
    "--end-of-options",
    "a/--exec=pwned",
    "$(touch${IFS}pwned)",
    "`touch${IFS}pwned`",
    "a;touch${IFS}pwned",
    "a|touch${IFS}pwned",
    "a&touch${IFS}pwned",
    "a'b",
    "a\"b",
    "a>pwned",
    "a<b",
    "%(rest)",
    "%00",
    "a%2fb",
    "\u{202e}evil",
    "\u{200b}main",
    "\u{9b}31m",
    "m\u{430}in",
    "CON",
    "aux.txt",
    "refs/heads/main",
    "origin/main",
    "0123456789012345678901234567890123456789",
    "!a",
    "#a",
    "a=b",
    "HEAD",
];

fn files(yard: &Yard) -> BTreeSet<String> {
    let names =
        |dir| std::fs::read_dir(dir).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap());
    names(yard.path()).chain(names(yard.root().to_owned())).collect()
}

#[test]
fn hostile_names_are_read_or_left_out_and_never_obeyed() {
    let yard = Yard::new();
    let one = yard.commit("a", "1", "one");
    let bare = yard.with_origin();
    for name in NAMES {
        for place in ["refs/heads", "refs/tags", "refs/remotes/origin"] {
            let full = format!("{place}/{name}");
            // A symbolic HEAD of the remote is another matter.
            if full != "refs/remotes/origin/HEAD" {
                yard.git(&["update-ref", &full, &one.to_string()]);
            }
        }
        yard.git_in(&bare, &["update-ref", &format!("refs/heads/{name}"), &one.to_string()]);
    }
    let before = files(&yard);
    let (git, at, refs) = (git(), yard.at(), yard.refs());
    let taken = NAMES.iter().filter(|name| Branch::parse(name).is_ok()).count();
    assert_eq!(refs.branches.len(), taken + 1, "all that we take, and main");
    assert_eq!(refs.tags.len(), taken);
    assert!(refs.left_out.iter().any(|(name, _)| name.raw() == "refs/heads/--upload-pack=touch${IFS}pwned"));
    assert!(refs.branches.keys().all(|name| !name.as_str().split('/').any(|part| part.starts_with('-'))));
    let lines = run(git.lines(&at, &mut Graph::new(), &refs, &ask(&refs, &[]))).unwrap();
    assert_eq!(lines.len(), taken + 1);
    assert!(lines.iter().all(|line| line.tip == one));
    let remote = at.remote().unwrap();
    for branch in refs.branches.keys() {
        let name = RefName::parse(&branch.full()).unwrap();
        assert_eq!(run(git.tip_of(&at, &name)).unwrap(), Some(one), "{branch:?}");
        let there = run(git.remote_tip(&at, remote, branch, Trust::Unasked, &Cancel::new())).unwrap();
        assert_eq!(there, Some(one), "{branch:?}");
        assert!(!branch.line().contains(['\u{202e}', '\u{200b}', '\u{9b}']), "{branch:?}");
    }
    run(git.fetch(&at, remote, Trust::Unasked, &Cancel::new(), |_| ())).unwrap();
    run(git.init_evidence(&at, &refs)).unwrap();
    assert_eq!(files(&yard), before, "no file came up");
}

#[test]
fn a_branch_with_a_hostile_name_is_created_as_what_it_is() {
    let yard = Yard::new();
    let one = yard.commit("a", "1", "one");
    let bare = yard.with_origin();
    let before = files(&yard);
    for name in NAMES.iter().filter_map(|name| Branch::parse(name).ok()) {
        let (at, trust) = (yard.at(), Trust::Unasked);
        let made =
            run(git().create_branch(&at, at.remote().unwrap(), &name, one, trust, &Cancel::new())).unwrap();
        assert_eq!(made, Created::Done, "{name:?}");
        assert_eq!(yard.git_in(&bare, &["rev-parse", "--verify", &name.full()]), one.to_string());
    }
    assert_eq!(files(&yard), before);
}

/// The repository's own configuration, each key of which starts the trap in a plain git.
fn set_traps(yard: &Yard) {
    let set = |key: &str, value: &str| yard.git(&["config", key, value]);
    for key in
        ["core.fsmonitor", "diff.external", "core.askPass", "core.pager", "core.editor", "core.gitProxy"]
    {
        set(key, &yard.trap(&format!("trap-{key}")));
    }
    for key in ["core.sshCommand", "core.alternateRefsCommand", "gpg.program", "gpg.ssh.program"] {
        set(key, &yard.trap(&format!("trap-{key}")));
    }
    set("credential.helper", &format!("!{}", yard.trap("trap-credential")));
    set("credential.https://example.org.helper", &format!("!{}", yard.trap("trap-credential-url")));
    set("log.showSignature", "true");
    set("diff.hostile.textconv", &yard.trap("trap-textconv"));
    set("diff.hostile.command", &yard.trap("trap-diff-command"));
    set("filter.hostile.clean", &yard.trap("trap-clean"));
    set("filter.hostile.smudge", &yard.trap("trap-smudge"));
    set("filter.hostile.process", &yard.trap("trap-process"));
    set("remote.origin.uploadpack", &yard.trap("trap-uploadpack"));
    set("protocol.ext.allow", "always");
    set("alias.log", &format!("!{}", yard.trap("trap-alias")));
    std::fs::write(yard.path().join(".git/info/attributes"), "* diff=hostile filter=hostile\n").unwrap();
    let hooks = yard.root().join("hooks");
    std::fs::create_dir(&hooks).unwrap();
    let mark = yard.root().join("marker");
    for hook in ["reference-transaction", "post-index-change", "pre-auto-gc", "pre-push", "post-checkout"] {
        put_script(&hooks.join(hook), &format!("echo hook {hook} >> '{}'", mark.display()));
        std::fs::copy(hooks.join(hook), yard.path().join(".git/hooks").join(hook)).unwrap();
    }
    set("core.hooksPath", hooks.to_str().unwrap());
}

/// A trunk, a line, a tag, and a remote that has one commit more.
fn trapped() -> Yard {
    let yard = Yard::new();
    let one = yard.commit("a", "1", "Start of everything");
    yard.git(&["tag", "-a", "-m", "x", "v1.0.0"]);
    yard.git(&["checkout", "-q", "-b", "release-1"]);
    yard.commit("a", "2", "Changed on the line");
    yard.git(&["checkout", "-q", "main"]);
    yard.commit("a", "2", "Changed on the trunk");
    let bare = yard.with_origin();
    yard.git_in(&bare, &["update-ref", "refs/heads/newer", &one.to_string()]);
    set_traps(&yard);
    assert_eq!(yard.sprung(), "", "building must not spring a trap");
    yard
}

#[test]
fn hostile_configuration_starts_nothing_when_reading() {
    let yard = trapped();
    let (git, at, refs) = (git(), yard.at(), yard.refs());
    let lines = run(git.lines(&at, &mut Graph::new(), &refs, &ask(&refs, &["v1.0.0"]))).unwrap();
    let (trunk, base) = (lines[0].tip, lines[1].merge_base.unwrap());
    assert_eq!(run(git.changed_files(&at, Some(base), trunk, &[])).unwrap(), ["a"]);
    run(git.root_commit(&at, trunk)).unwrap();
    run(git.init_evidence(&at, &refs)).unwrap();
    run(git.remote_address(&at, "origin", true)).unwrap();
    assert_eq!(yard.sprung(), "");
}

#[test]
fn hostile_configuration_starts_nothing_at_the_remote_before_trust() {
    let yard = trapped();
    let (git, at) = (git(), yard.at());
    let (remote, cancel) = (at.remote().unwrap(), Cancel::new());
    run(git.fetch(&at, remote, Trust::Unasked, &cancel, |_| ())).unwrap();
    assert!(yard.refs().branches.contains_key(&Branch::parse("newer").unwrap()), "it did fetch");
    let name = Branch::parse("release-2").unwrap();
    let plan = run(git.plan_branch(
        &at,
        remote,
        &name,
        yard.refs().branches[&Branch::parse("main").unwrap()].tip,
        Trust::Unasked,
        &cancel,
    ))
    .unwrap();
    assert_eq!(plan.taken, None);
    assert_eq!(yard.sprung(), "");
}

#[test]
fn a_hostile_ssh_command_and_helper_are_not_started_before_trust() {
    let yard = trapped();
    yard.git(&["config", "--unset", "remote.origin.uploadpack"]);
    // Nothing listens there; the trap would be sprung before that is known.
    yard.git(&["remote", "set-url", "origin", "ssh://git@127.0.0.1:1/octo/widget.git"]);
    let (git, at) = (git(), yard.at());
    let name = Branch::parse("main").unwrap();
    let asked = run(git.remote_tip(&at, at.remote().unwrap(), &name, Trust::Unasked, &Cancel::new()));
    assert!(asked.is_err());
    assert_eq!(yard.sprung(), "");
}

#[test]
fn the_same_configuration_does_start_programs_in_a_plain_git() {
    // Or the tests above could not fail.
    let yard = trapped();
    let commands: &[&[&str]] = &[
        &["status"],
        &["diff", "HEAD~1"],
        &["log", "-p", "-1"],
        &["update-ref", "refs/heads/z", "HEAD"],
        &["fetch", "origin"],
    ];
    for words in commands {
        let before = yard.sprung().len();
        yard.raw(&yard.path(), words, b"");
        assert!(yard.sprung().len() > before, "git {words:?} springs no trap");
    }
}

#[test]
fn what_would_start_is_listed_for_the_question_of_trust() {
    let yard = trapped();
    let risks = run(git().risks(&yard.at())).unwrap();
    let whats: Vec<_> = risks.iter().map(|risk| risk.what.raw()).collect();
    for key in [
        "core.fsmonitor",
        "core.hookspath",
        "core.sshcommand",
        "credential.helper",
        "diff.external",
        "remote.origin.uploadpack",
    ] {
        assert!(whats.contains(&key), "{key} is missing in {whats:?}");
    }
    assert!(risks.iter().any(|risk| risk.what.raw() == "hook" && risk.starts.raw() == "pre-push"));
    let plain = Yard::new();
    plain.commit("a", "1", "one");
    plain.with_origin();
    assert_eq!(run(git().risks(&plain.at())).unwrap(), vec![]);
}

#[test]
fn a_repository_of_another_user_is_refused_with_the_way_out() {
    let yard = Yard::new();
    yard.commit("a", "1", "one");
    // GIT_TEST_ASSUME_DIFFERENT_OWNER is git's own switch to test this.
    let git = git().with_env("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1");
    let error = run(git.refs(&yard.at())).unwrap_err();
    assert!(matches!(error, gonogo::git::GitError::NotOurs(_)), "{error}");
    assert!(error.to_string().contains("safe.directory"), "{error}");
}
