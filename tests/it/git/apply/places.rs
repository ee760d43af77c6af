//! Repositories of every kind, signatures that are real, and queues that are large or have moved.

use super::super::yard::{Yard, git, oid, run};
use super::{Ground, done, op};
use gonogo::git::apply::{Answer, Applied};
use gonogo::git::push::Move;
use gonogo::git::{Pushing, Trust};
use gonogo::spawn::{Call, Cancel, Program};
use std::path::PathBuf;

fn ground(init: &[&str]) -> Ground {
    let words = [&["--initial-branch=main"], init].concat();
    Ground::of(Yard::with(&words))
}

/// Applied, resolved and pushed in a repository of a kind.
fn whole_way(mut ground: Ground) {
    let mut picks = ground.three();
    picks.push(ground.clash());
    let bare = ground.yard.with_origin();
    let before = ground.users();
    assert!(matches!(ground.apply(&picks), Applied::Conflict { at: 3, .. }));
    let file = ground.work().join("deep/er/b");
    std::fs::write(&file, "1\n2\n3\n4\nboth\n6\n7\n8\n9\n").unwrap();
    let (at, root) = (ground.yard.at(), ground.root());
    let tip = done(run(git().apply_on(&at, &root, &op(), Answer::Continue, &Cancel::new())).unwrap());
    assert_eq!(ground.subjects(tip), ["nine (#7)", "deep", "new", "of main"]);
    assert_eq!(ground.users(), before);
    let to = Move { old: Some(ground.tip), new: tip };
    let remote = at.remote().unwrap().clone();
    let line = super::branch("line");
    let pushed = run(git().push_onto(&at, &remote, &line, to, Trust::Given, &Cancel::new())).unwrap();
    assert_eq!(pushed, Pushing::Done);
    assert_eq!(ground.yard.git_in(&bare, &["rev-parse", "line"]), tip.to_string());
    run(git().apply_off(&at, &root, &op())).unwrap();
    assert!(!ground.place().exists());
    assert_eq!(ground.yard.git(&["for-each-ref", "refs/gonogo"]), "");
}

#[test]
fn refs_in_a_reftable() {
    if git().tier().version < (2, 45, 0) {
        return;
    }
    whole_way(ground(&["--ref-format=reftable"]));
}

#[test]
fn objects_named_by_sha_256() {
    whole_way(ground(&["--object-format=sha256"]));
}

#[test]
fn a_signature_by_ssh_is_made_and_a_missing_key_leaves_it_to_be_tried_again() {
    let ground = Ground::new();
    let picks = ground.three();
    let key: PathBuf = ground.yard.root().join("key");
    let path = key.display().to_string();
    let set = [("gpg.format", "ssh"), ("user.signingkey", &*path), ("commit.gpgsign", "true")];
    for (name, value) in set {
        ground.yard.git(&["config", name, value]);
    }
    let Applied::Failed { at: 0, said } = ground.apply(&picks) else { panic!("there is no key yet") };
    assert!(!said.is_empty());
    let keygen = Program::find("ssh-keygen").unwrap();
    let call = Call::new(&keygen).args(["-q", "-t", "ed25519", "-N", "", "-C", "rae", "-f", &path]);
    assert!(run(call.run(&Cancel::new())).unwrap().status.success());
    let tip = done(ground.apply(&picks));
    let public = std::fs::read_to_string(key.with_extension("pub")).unwrap();
    let signers = ground.yard.root().join("signers");
    std::fs::write(&signers, format!("rae@example.org {public}")).unwrap();
    let allowed = format!("gpg.ssh.allowedSignersFile={}", signers.display());
    for commit in ground.yard.git(&["rev-list", &format!("{}..{tip}", ground.tip)]).lines() {
        ground.yard.git(&["-c", &allowed, "verify-commit", commit]);
    }
    assert_eq!(ground.subjects(tip).len(), 3);
}

#[test]
fn a_key_that_asks_for_a_passphrase_is_not_asked_for_in_the_background() {
    let ground = Ground::new();
    let picks = ground.three();
    let path = ground.yard.root().join("key").display().to_string();
    let keygen = Program::find("ssh-keygen").unwrap();
    let call = Call::new(&keygen).args(["-q", "-t", "ed25519", "-N", "secret words", "-f", &path]);
    assert!(run(call.run(&Cancel::new())).unwrap().status.success());
    for (name, value) in [("gpg.format", "ssh"), ("user.signingkey", &*path), ("commit.gpgsign", "true")] {
        ground.yard.git(&["config", name, value]);
    }
    let Applied::Failed { at: 0, said } = ground.apply(&picks) else { panic!("nobody typed it") };
    assert!(said.raw().contains("passphrase") || said.raw().contains("sign"), "{said:?}");
    ground.yard.git(&["config", "commit.gpgsign", "false"]);
    assert_eq!(ground.subjects(done(ground.apply(&picks))).len(), 3);
}

#[test]
fn a_conflict_in_three_hundred_files_waits_and_all_are_counted() {
    let ground = Ground::new();
    let each = |text: &str| {
        for number in 0..300 {
            std::fs::create_dir_all(ground.yard.path().join("many")).unwrap();
            std::fs::write(ground.yard.path().join(format!("many/{number}")), text).unwrap();
        }
        ground.yard.git(&["add", "many"]);
        ground.yard.git(&["commit", "-q", "-m", text]);
        ground.yard.head()
    };
    each("base");
    ground.yard.git(&["checkout", "-q", "-b", "other"]);
    let tip = each("theirs");
    ground.yard.git(&["checkout", "-q", "main"]);
    let pick = each("ours");
    let ground = Ground { tip, ..ground };
    let Applied::Conflict { at: 0, files, .. } = ground.apply(&[pick]) else { panic!() };
    assert_eq!(files.len(), 300);
    let (at, root) = (ground.yard.at(), ground.root());
    run(git().spread(&at, &root, &op())).unwrap();
    for number in 0..300 {
        std::fs::write(ground.work().join(format!("many/{number}")), "both").unwrap();
    }
    done(run(git().apply_on(&at, &root, &op(), Answer::Continue, &Cancel::new())).unwrap());
}

#[test]
fn an_index_that_is_locked_is_the_users_and_is_left_so() {
    let ground = Ground::new();
    let picks = ground.three();
    let lock = ground.yard.path().join(".git/index.lock");
    std::fs::write(&lock, "busy").unwrap();
    let before = ground.users();
    assert_eq!(ground.subjects(done(ground.apply(&picks))).len(), 3);
    assert_eq!(ground.users(), before);
    assert_eq!(std::fs::read(&lock).unwrap(), b"busy");
}

#[test]
fn a_line_that_was_forced_elsewhere_is_not_pushed_over() {
    let ground = Ground::new();
    let picks = ground.three();
    let bare = ground.yard.with_origin();
    let tip = done(ground.apply(&picks));
    let other = ground.yard.git(&["commit-tree", "-m", "rewritten", "HEAD^{tree}"]);
    ground.yard.git(&["push", "-q", "--force", "origin", &format!("{other}:refs/heads/line")]);
    let at = ground.yard.at();
    let to = Move { old: Some(ground.tip), new: tip };
    let remote = at.remote().unwrap().clone();
    let pushed =
        run(git().push_onto(&at, &remote, &super::branch("line"), to, Trust::Given, &Cancel::new())).unwrap();
    assert_eq!(pushed, Pushing::Moved { tip: Some(oid(&other)) });
    assert_eq!(ground.yard.git_in(&bare, &["rev-parse", "line"]), other);
}

#[test]
fn a_trunk_that_was_rewritten_leaves_what_was_picked_from_it() {
    let ground = Ground::new();
    let picks = ground.three();
    ground.yard.git(&["reset", "-q", "--hard", "HEAD~3"]);
    ground.yard.commit("else", "else", "another trunk");
    assert_eq!(ground.subjects(done(ground.apply(&picks))).len(), 3, "the objects are here still");
}

#[test]
fn a_commit_that_changes_nothing_makes_none() {
    let ground = Ground::new();
    ground.yard.git(&["commit", "-q", "--allow-empty", "-m", "nothing"]);
    let (empty, mut picks) = (ground.yard.head(), ground.three());
    picks.insert(1, empty);
    assert_eq!(ground.subjects(done(ground.apply(&picks))), ["nine (#7)", "deep", "new"]);
}

#[test]
fn a_new_branch_is_pushed_only_where_none_is() {
    let ground = Ground::new();
    let picks = ground.three();
    let bare = ground.yard.with_origin();
    let tip = done(ground.apply(&picks));
    let at = ground.yard.at();
    let remote = at.remote().unwrap().clone();
    let push = |name: &str, new| {
        let (to, name) = (Move { old: None, new }, super::branch(name));
        run(git().push_onto(&at, &remote, &name, to, Trust::Given, &Cancel::new())).unwrap()
    };
    assert_eq!(push("backport/7-to-line", tip), Pushing::Done);
    assert_eq!(push("backport/7-to-line", tip), Pushing::AlreadyThere);
    assert_eq!(push("backport/7-to-line", ground.tip), Pushing::Moved { tip: Some(tip) });
    assert_eq!(ground.yard.git_in(&bare, &["rev-parse", "backport/7-to-line"]), tip.to_string());
}

#[test]
fn a_signature_by_x509_is_made_and_verified() {
    let ground = Ground::new();
    let picks = ground.three();
    let home = ground.yard.root().join("gnupg");
    std::fs::create_dir(&home).unwrap();
    std::fs::set_permissions(&home, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    let put = |name: &str, text: &str| std::fs::write(home.join(name), text).unwrap();
    put("gpg-agent.conf", "allow-loopback-pinentry\n");
    put("gpgsm.conf", "disable-crl-checks\n");
    put(
        "wanted",
        "Key-Type: RSA\nKey-Length: 2048\nKey-Usage: sign\nSerial: random\nName-DN: CN=Rae\n\
         Name-Email: rae@example.org\nNot-After: 2040-01-01\n",
    );
    let must = |program: &str, words: &[&str]| {
        let program = Program::find(program).unwrap();
        let call = Call::new(&program).dir(&ground.yard.path()).env("GNUPGHOME", &home).args(words);
        let output = run(call.run(&Cancel::new())).unwrap();
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let made = home.join("made");
    let (wanted, made) = (home.join("wanted"), made.to_str().unwrap());
    let quiet = ["--batch", "--pinentry-mode", "loopback", "--passphrase-fd", "0"];
    must("gpgsm", &[&quiet[..], &["-o", made, "--generate-key", wanted.to_str().unwrap()]].concat());
    must("gpgsm", &["--batch", "--import", made]);
    let keys = must("gpgsm", &["--batch", "--with-colons", "-K"]);
    let print = keys.lines().find_map(|line| line.strip_prefix("fpr:")).unwrap();
    let print = print.split(':').find(|field| field.len() == 40).unwrap();
    put("trustlist.txt", &format!("{print} S relax\n"));
    must("gpgconf", &["--kill", "gpg-agent"]);
    for (name, value) in [("gpg.format", "x509"), ("user.signingkey", print), ("commit.gpgsign", "true")] {
        ground.yard.git(&["config", name, value]);
    }
    let git = git().with_env("GNUPGHOME", &home);
    let tip = done(ground.apply_by(&git, &ground.order(&picks)).unwrap());
    for commit in ground.yard.git(&["rev-list", &format!("{}..{tip}", ground.tip)]).lines() {
        must("git", &["verify-commit", commit]);
    }
    assert_eq!(ground.subjects(tip).len(), 3);
    must("gpgconf", &["--kill", "gpg-agent"]);
}
