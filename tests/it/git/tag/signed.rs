//! Signed tags: with a key of SSH, with programs that stand in for gpg, and without anything to sign with.

use super::super::yard::{Yard, git, run};
use super::{make, object, order, yard};
use gonogo::git::tag::SignatureKind;
use gonogo::git::{GitError, MakeTag, Signature, Tagged, Trust};
use gonogo::release::ids::Oid;
use gonogo::spawn::{Call, Cancel, Program};

fn signed(name: &str, commit: Oid) -> MakeTag {
    MakeTag { signed: true, ..order(name, commit) }
}

/// Sets up signing with a new SSH key; its fingerprint. None where there is no `ssh-keygen`.
fn ssh(yard: &Yard, passphrase: &str) -> Option<String> {
    let Ok(keygen) = Program::find("ssh-keygen") else {
        eprintln!("skipped: there is no ssh-keygen here, so signing with SSH is not tested");
        return None;
    };
    let key = yard.root().join("key");
    let path = key.to_str().unwrap();
    let call = Call::new(&keygen).args(["-q", "-t", "ed25519", "-N", passphrase, "-C", "rae", "-f", path]);
    assert!(run(call.run(&Cancel::new())).unwrap().status.success());
    yard.git(&["config", "gpg.format", "ssh"]);
    yard.git(&["config", "user.signingKey", path]);
    let shown = run(Call::new(&keygen).args(["-l", "-f", path]).run(&Cancel::new())).unwrap();
    Some(String::from_utf8(shown.stdout).unwrap().split(' ').nth(1).unwrap().to_owned())
}

/// Lets git know whose key it is.
fn allow(yard: &Yard) {
    let public = std::fs::read_to_string(yard.root().join("key.pub")).unwrap();
    let file = yard.root().join("allowed");
    std::fs::write(&file, format!("rae@example.org {public}")).unwrap();
    yard.git(&["config", "gpg.ssh.allowedSignersFile", file.to_str().unwrap()]);
}

#[track_caller]
fn not_signed(yard: &Yard, made: Tagged) -> String {
    assert_eq!(yard.git(&["tag"]), "", "nothing is left behind");
    match made {
        Tagged::NotSigned { said } => said.raw().to_owned(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_tag_is_signed_with_ssh_and_verified_where_the_key_is_known() {
    let (yard, one) = yard();
    let Some(fingerprint) = ssh(&yard, "") else { return };
    let made = make(&yard, &signed("v1", one));
    let Tagged::Done { signature: Signature::Unverified { kind, key, said }, .. } = &made else {
        panic!("{made:?}")
    };
    assert_eq!(*kind, SignatureKind::Ssh);
    assert!(key.raw().ends_with("/key") && said.raw().contains("allowedSignersFile"), "{made:?}");
    allow(&yard);
    let (signer, key) = ("rae@example.org".into(), fingerprint.as_str().into());
    let good = Signature::Good { kind: SignatureKind::Ssh, key, signer };
    let made = make(&yard, &signed("v2", one));
    assert!(matches!(&made, Tagged::Done { signature, .. } if *signature == good), "{made:?}");
    let again = make(&yard, &signed("v1", one));
    assert!(matches!(&again, Tagged::AlreadyThere { signature, .. } if *signature == good), "{again:?}");
    // Somebody else's key is allowed, ours is not.
    std::fs::write(yard.root().join("allowed"), "").unwrap();
    let made = make(&yard, &signed("v3", one));
    assert!(matches!(&made, Tagged::Done { signature: Signature::Unverified { .. }, .. }), "{made:?}");
}

#[test]
fn a_tag_is_signed_as_the_users_git_says() {
    let (yard, one) = yard();
    if ssh(&yard, "").is_none() {
        return;
    }
    assert!(matches!(make(&yard, &order("v1", one)), Tagged::Done { signature: Signature::None, .. }));
    yard.git(&["config", "tag.gpgSign", "true"]);
    let made = make(&yard, &order("v2", one));
    assert!(matches!(made, Tagged::Done { signature: Signature::Unverified { .. }, .. }), "{made:?}");
    // A signature that is asked for is not there on a tag that was made without.
    let made = make(&yard, &signed("v1", one));
    assert!(matches!(&made, Tagged::NotSigned { said } if said.raw().contains("not signed")), "{made:?}");
}

#[test]
fn a_key_that_is_locked_or_missing_is_said_and_nothing_is_left() {
    let (yard, one) = yard();
    if ssh(&yard, "secret words").is_none() {
        return;
    }
    assert!(!not_signed(&yard, make(&yard, &signed("v1", one))).is_empty());
    yard.git(&["config", "user.signingKey", "/nowhere/key"]);
    assert!(!not_signed(&yard, make(&yard, &signed("v1", one))).is_empty());
    yard.git(&["config", "--unset", "user.signingKey"]);
    assert!(not_signed(&yard, make(&yard, &signed("v1", one))).contains("signing"));
}

#[test]
fn gpg_that_is_absent_locked_or_silent_is_said_and_nothing_is_left() {
    let (yard, one) = yard();
    for (body, words) in [
        (
            "echo '[GNUPG:] ERROR' >&2; echo 'gpg: signing failed: Inappropriate ioctl for device' >&2; exit 2",
            "ioctl",
        ),
        ("echo 'gpg: signing failed: No secret key' >&2; exit 2", "No secret key"),
        ("exit 0", "sign"),
    ] {
        yard.git(&["config", "gpg.program", &yard.script("gpg", body)]);
        let said = not_signed(&yard, make(&yard, &signed("v1", one)));
        assert!(said.contains(words), "{said}");
    }
    yard.git(&["config", "gpg.program", "/nowhere/gpg"]);
    assert!(not_signed(&yard, make(&yard, &signed("v1", one))).contains("/nowhere/gpg"));
}

/// A program that signs like gpg, and says of each signature what it is told to say.
fn stand_in(yard: &Yard, verdict: &str, status: u8) -> String {
    let body = format!(
        "case \" $* \" in\n\
         *' --verify '*) cat > /dev/null; printf '%s\\n' '[GNUPG:] NEWSIG' '{verdict}'; exit {status};;\n\
         esac\n\
         cat > /dev/null\n\
         printf '%s\\n' '-----BEGIN PGP SIGNATURE-----' '' 'iQ==' '-----END PGP SIGNATURE-----'\n\
         printf '\\n[GNUPG:] SIG_CREATED D 1 8 00 1 ABCD\\n' >&2"
    );
    yard.script("gpg", &body)
}

#[test]
fn what_gpg_says_of_a_signature_is_told() {
    let (yard, one) = yard();
    let good = "[GNUPG:] GOODSIG 1122334455667788 Rae <rae@example.org>\n[GNUPG:] VALIDSIG AABBCCDD 2026-11-21\n[GNUPG:] TRUST_ULTIMATE 0 pgp";
    yard.git(&["config", "gpg.program", &stand_in(&yard, &good.replace('\n', "' '"), 0)]);
    let made = make(&yard, &signed("v1", one));
    let Tagged::Done { signature, .. } = &made else { panic!("{made:?}") };
    let line = signature.line();
    assert_eq!(line, "signed with OpenPGP by AABBCCDD (Rae <rae@example.org>), verified");

    let unknown = "[GNUPG:] ERRSIG 1122334455667788 1 8 00 1 9' '[GNUPG:] NO_PUBKEY 1122334455667788";
    yard.git(&["config", "gpg.program", &stand_in(&yard, unknown, 2)]);
    let made = make(&yard, &signed("v2", one));
    let Tagged::Done { signature: Signature::Unverified { key, .. }, .. } = &made else { panic!("{made:?}") };
    assert_eq!(key.raw(), "1122334455667788");
}

#[test]
fn a_signature_that_is_wrong_takes_the_tag_away_again() {
    let (yard, one) = yard();
    let bad = "[GNUPG:] BADSIG 1122334455667788 Mallory";
    yard.git(&["config", "gpg.program", &stand_in(&yard, bad, 1)]);
    assert!(not_signed(&yard, make(&yard, &signed("v1", one))).contains("BADSIG"));
}

#[test]
fn without_trust_the_repository_does_not_choose_what_signs() {
    let (yard, one) = yard();
    yard.git(&["config", "gpg.program", &yard.trap("gpg")]);
    yard.git(&["config", "tag.gpgSign", "true"]);
    let made = run(git().make_tag(&yard.at(), &order("v1", one), Trust::Unasked, &Cancel::new()));
    assert!(matches!(made, Err(GitError::Refused { .. })), "{made:?}");
    assert_eq!((yard.sprung().as_str(), yard.git(&["tag"]).as_str()), ("", ""));
}

#[test]
fn with_the_terminal_lent_the_message_still_arrives() {
    let (yard, one) = yard();
    let lent = git().attended();
    let made = super::make_by(&lent, &yard, &order("v1", one)).unwrap();
    let made = object(made);
    assert!(yard.git(&["cat-file", "tag", &made.to_string()]).ends_with("\n\nWidget v1"));
}

#[test]
fn a_tag_is_signed_and_verified_by_gpg_itself() {
    use std::os::unix::fs::PermissionsExt as _;
    let (Ok(gpg), Ok(conf)) = (Program::find("gpg"), Program::find("gpgconf")) else {
        eprintln!("skipped: there is no gpg here, so signing with it is not tested");
        return;
    };
    let (yard, one) = yard();
    let home = yard.root().join("gnupg");
    std::fs::create_dir(&home).unwrap();
    std::fs::set_permissions(&home, std::fs::Permissions::from_mode(0o700)).unwrap();
    let words = [
        "--batch",
        "--quiet",
        "--passphrase",
        "",
        "--quick-gen-key",
        "Rae <rae@example.org>",
        "ed25519",
        "sign",
    ];
    let call = Call::new(&gpg).args(words).env("GNUPGHOME", &home);
    let generated = run(call.run(&Cancel::new())).unwrap();
    assert!(generated.status.success(), "{}", String::from_utf8_lossy(&generated.stderr));
    let made = super::make_by(&git().with_env("GNUPGHOME", &home), &yard, &signed("v1", one)).unwrap();
    // Its agent stays behind, and belongs to nobody.
    let _ended =
        run(Call::new(&conf).args(["--kill", "gpg-agent"]).env("GNUPGHOME", &home).run(&Cancel::new()));
    let Tagged::Done { signature: Signature::Good { kind, key, signer }, .. } = &made else {
        panic!("{made:?}")
    };
    assert_eq!((*kind, key.raw().len(), signer.raw()), (SignatureKind::Openpgp, 40, "Rae <rae@example.org>"));
    // Another who does not have the key sees that it is signed, and no more.
    let other = yard.root().join("other");
    std::fs::create_dir(&other).unwrap();
    std::fs::set_permissions(&other, std::fs::Permissions::from_mode(0o700)).unwrap();
    let again = super::make_by(&git().with_env("GNUPGHOME", &other), &yard, &signed("v1", one)).unwrap();
    assert!(
        matches!(&again, Tagged::AlreadyThere { signature: Signature::Unverified { .. }, .. }),
        "{again:?}"
    );
}
