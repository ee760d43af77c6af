//! Commits that are signed: the key asks for its passphrase on the terminal that is lent to git, never on the screen.

use super::backport::text;
use super::cutting::{TAG, done, type_tag};
use super::demo::{journal, printed};
use super::landing::{git, pushed, received, watch};
use super::pty::{ENTER, Term, gonogo};
use std::path::Path;
use std::process::Command;

const SECRET: &str = "open sesame now";

/// Runs a program as its user would; it must succeed.
fn must(dir: &Path, program: &str, words: &[&str], variables: &[(&str, &str)]) -> String {
    #[expect(clippy::disallowed_methods, reason = "a test makes a key as its owner would")]
    let mut command = Command::new(program);
    let output = command.current_dir(dir).args(words).envs(variables.iter().copied()).output().unwrap();
    assert!(output.status.success(), "{program} {words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The demo in a terminal that is the controlling one of its session, so that a passphrase can be asked for.
fn open(dir: &Path, variables: &[(&str, &str)]) -> Term {
    let inner = gonogo(&["demo", "--dir", dir.to_str().unwrap()], dir);
    #[expect(clippy::disallowed_methods, reason = "a shell gives a terminal to what it starts")]
    let mut command = Command::new("setsid");
    command.arg("--ctty").arg(inner.get_program()).args(inner.get_args()).current_dir(dir).env_clear();
    command.envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.envs(variables.iter().copied());
    let mut term = Term::start(command);
    term.see("Release Owner");
    term.see("api ");
    term
}

/// Accepts a pick and applies it: in the background nobody is asked, so it stops; on the terminal it is signed.
fn signed_on_the_terminal(term: &mut Term, dir: &Path, asks: &str) {
    let origin = dir.join("origin.git");
    watch(&origin);
    term.press("5");
    term.see("[5 Picks");
    term.see("To decide");
    term.see("clean");
    term.press("n");
    term.press("a");
    term.see("Accepted, to apply");
    super::landing::apply(term);
    let stopped = || text(dir).lines().any(|it| it.contains("pick.apply.outcome") && it.contains("failed"));
    term.meanwhile("that it is not signed", stopped);
    assert!(!text(dir).contains("\"ref.push.outcome\"") || !pushed(dir));
    term.see("⚑ stopped, worktree kept");
    term.press("c");
    term.see("stopped at 1 of 1");
    term.press("on the terminal");
    term.press(ENTER);
    term.see("[ Cancel ]");
    term.press("\t");
    term.see("[ Go ]");
    term.press(ENTER);
    term.see(asks);
    term.press(SECRET);
    term.press(ENTER);
    let done = || text(dir).contains("\"pick.resolve.outcome\"");
    term.meanwhile("the signature", done);
    term.see("c shows what is pushed next");
    assert!(received(&origin).is_empty());
    term.press("c");
    term.see("git push --atomic");
    term.press(ENTER);
    term.meanwhile("the push", || pushed(dir));
    assert!(!text(dir).contains(SECRET) && !String::from_utf8_lossy(&term.raw).contains(SECRET));
    assert!(term.leave().success());
    printed(&["journal", "verify", journal(dir).to_str().unwrap()], dir);
}

#[test]
fn a_key_of_ssh_asks_for_its_passphrase_on_the_terminal() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = open(dir.path(), &[]);
    let key = dir.path().join("key");
    let path = key.to_str().unwrap();
    must(dir.path(), "ssh-keygen", &["-q", "-t", "ed25519", "-N", SECRET, "-C", "rae", "-f", path], &[]);
    let clone = dir.path().join("widget");
    for (name, value) in [("gpg.format", "ssh"), ("user.signingkey", path), ("commit.gpgsign", "true")] {
        git(&clone, &["config", name, value]);
    }
    signed_on_the_terminal(&mut term, dir.path(), "Enter passphrase");
    let public = std::fs::read_to_string(key.with_extension("pub")).unwrap();
    let signers = dir.path().join("signers");
    std::fs::write(&signers, format!("* {public}")).unwrap();
    let allowed = format!("gpg.ssh.allowedSignersFile={}", signers.display());
    let origin = dir.path().join("origin.git");
    let new = received(&origin)[0][1].clone();
    git(&origin, &["-c", "gpg.format=ssh", "-c", &allowed, "verify-commit", &new]);
}

#[test]
fn a_key_of_gpg_asks_for_its_passphrase_on_the_terminal() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("gnupg");
    std::fs::create_dir(&home).unwrap();
    std::fs::set_permissions(&home, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    std::fs::write(home.join("gpg-agent.conf"), "pinentry-program /usr/bin/pinentry-curses\n").unwrap();
    let variables = [("GNUPGHOME", home.to_str().unwrap())];
    let who = "Rae <rae@example.org>";
    let words = ["--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", SECRET];
    let words = [&words[..], &["--quick-generate-key", who, "ed25519", "sign", "never"]].concat();
    must(dir.path(), "gpg", &words, &variables);
    // The agent that made the key remembers its passphrase.
    must(dir.path(), "gpgconf", &["--kill", "gpg-agent"], &variables);
    let mut term = open(dir.path(), &variables);
    let clone = dir.path().join("widget");
    git(&clone, &["config", "user.signingkey", "rae@example.org"]);
    git(&clone, &["config", "commit.gpgsign", "true"]);
    signed_on_the_terminal(&mut term, dir.path(), "enter the passphrase");
    let new = received(&dir.path().join("origin.git"))[0][1].clone();
    must(&dir.path().join("origin.git"), "git", &["verify-commit", &new], &variables);
    must(dir.path(), "gpgconf", &["--kill", "gpg-agent"], &variables);
}

/// A certificate of its own that a home of gpgsm holds and trusts: its fingerprint.
fn certificate(home: &Path, variables: &[(&str, &str)]) -> String {
    std::fs::create_dir(home).unwrap();
    std::fs::set_permissions(home, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    let put = |name: &str, text: &str| std::fs::write(home.join(name), text).unwrap();
    put("gpg-agent.conf", "allow-loopback-pinentry\n");
    put("gpgsm.conf", "disable-crl-checks\n");
    let wanted = "Key-Type: RSA\nKey-Length: 2048\nKey-Usage: sign\nSerial: random\nName-DN: CN=Rae\n\
                  Name-Email: rae@example.org\nNot-After: 2040-01-01\n";
    put("wanted", wanted);
    let quiet = ["--batch", "--pinentry-mode", "loopback", "--passphrase-fd", "0"];
    must(home, "gpgsm", &[&quiet[..], &["-o", "made", "--generate-key", "wanted"]].concat(), variables);
    must(home, "gpgsm", &["--batch", "--import", "made"], variables);
    let keys = must(home, "gpgsm", &["--batch", "--with-colons", "-K"], variables);
    let print = keys.lines().find_map(|line| line.strip_prefix("fpr:")).unwrap();
    let print = print.split(':').find(|field| field.len() == 40).unwrap().to_owned();
    put("trustlist.txt", &format!("{print} S relax\n"));
    must(home, "gpgconf", &["--kill", "gpg-agent"], variables);
    print
}

#[test]
fn the_tag_of_a_candidate_is_signed_by_x509_and_verified_before_it_is_pushed() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("gnupg");
    let variables = [("GNUPGHOME", home.to_str().unwrap())];
    let print = certificate(&home, &variables);
    let mut command =
        gonogo(&["demo", "--process", "kubesphere", "--dir", dir.path().to_str().unwrap()], dir.path());
    command.envs(variables);
    let mut term = Term::start(command);
    term.see("v4.6.2");
    term.see("api ");
    let clone = dir.path().join("widget");
    for (name, value) in [("gpg.format", "x509"), ("user.signingkey", &*print), ("tag.gpgSign", "true")] {
        git(&clone, &["config", name, value]);
    }
    type_tag(&mut term);
    term.press(ENTER);
    term.meanwhile("the prerelease", || done(dir.path(), "release.publish"));
    let lines = text(dir.path());
    let made = lines.lines().find(|it| it.contains("\"tag.create.outcome\"")).unwrap();
    assert!(made.contains("x509") || made.contains("X.509"), "{made}");
    must(&dir.path().join("origin.git"), "git", &["-c", "gpg.format=x509", "verify-tag", TAG], &variables);
    assert!(term.leave().success());
    must(dir.path(), "gpgconf", &["--kill", "gpg-agent"], &variables);
    printed(&["journal", "verify", journal(dir.path()).to_str().unwrap()], dir.path());
}
