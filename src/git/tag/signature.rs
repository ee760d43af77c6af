//! Signatures of tags: of which kind, by which key, and whether they verify here.

use super::LocalTag;
use crate::git::GitError;
use crate::git::find::Repository;
use crate::git::run::{Git, Trust, checked, lossy, said};
use crate::release::text::Untrusted;
use crate::spawn::Cancel;

/// What a signature is made with (`gpg.format` of git-config(1)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureKind {
    /// OpenPGP: `gpg`.
    Openpgp,
    /// SSH: `ssh-keygen`.
    Ssh,
    /// X.509: `gpgsm`.
    X509,
}

impl SignatureKind {
    /// `OpenPGP`, `SSH`, `X.509`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Openpgp => "OpenPGP",
            Self::Ssh => "SSH",
            Self::X509 => "X.509",
        }
    }

    /// The kind of the signature in a tag object, by the line that it begins with (gitformat-signature(5)).
    fn of(object: &str) -> Option<Self> {
        object.lines().find_map(|line| match line {
            "-----BEGIN PGP SIGNATURE-----" | "-----BEGIN PGP MESSAGE-----" => Some(Self::Openpgp),
            "-----BEGIN SSH SIGNATURE-----" => Some(Self::Ssh),
            "-----BEGIN SIGNED MESSAGE-----" => Some(Self::X509),
            _ => None,
        })
    }
}

/// The signature of a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signature {
    /// There is none.
    None,
    /// It verifies here.
    Good {
        /// What it is made with.
        kind: SignatureKind,
        /// The key's fingerprint.
        key: Untrusted,
        /// Whose it is, as far as git was told.
        signer: Untrusted,
    },
    /// It is there and cannot be verified here: the key is not known, or no `gpg.ssh.allowedSignersFile` is set.
    Unverified {
        /// What it is made with.
        kind: SignatureKind,
        /// The key as it was named; empty when it was not.
        key: Untrusted,
        /// What was said.
        said: Untrusted,
    },
    /// It is wrong.
    Bad {
        /// What it is made with.
        kind: SignatureKind,
        /// What was said.
        said: Untrusted,
    },
}

impl Signature {
    /// Whether there is one that is not wrong.
    #[must_use]
    pub fn is_there(&self) -> bool {
        matches!(self, Self::Good { .. } | Self::Unverified { .. })
    }

    /// In one line, safe to show.
    #[must_use]
    pub fn line(&self) -> String {
        let by = |key: &Untrusted| if key.is_empty() { String::new() } else { format!(" by {}", key.line()) };
        match self {
            Self::None => "not signed".to_owned(),
            Self::Good { kind, key, signer } => {
                let of = if signer.is_empty() { String::new() } else { format!(" ({})", signer.line()) };
                format!("signed with {}{}{of}, verified", kind.word(), by(key))
            }
            Self::Unverified { kind, key, said } => {
                format!("signed with {}{}, not verifiable here: {}", kind.word(), by(key), said.line())
            }
            Self::Bad { kind, said } => format!("the {} signature is wrong: {}", kind.word(), said.line()),
        }
    }
}

impl Git {
    /// The signature of a tag of this clone, verified by `git verify-tag`.
    pub(super) async fn signature(
        &self,
        at: &Repository,
        tag: LocalTag,
        trust: Trust,
    ) -> Result<Signature, GitError> {
        if !tag.is_annotated() {
            return Ok(Signature::None);
        }
        let object = tag.object.to_string();
        let call = self.read(at, "cat-file").args(["tag", &object]);
        let text = lossy(checked(call.run(&Cancel::new()).await?, "cat-file")?);
        let Some(kind) = SignatureKind::of(&text) else { return Ok(Signature::None) };
        let call = self.call_signing(at, trust).args(["verify-tag", "--raw", "--end-of-options", &object]);
        let output = call.run(&Cancel::new()).await?;
        let words = lossy(output.stderr);
        let told = if kind == SignatureKind::Ssh { of_ssh(&words) } else { of_gpg(kind, &words) };
        match told {
            Some(good @ Signature::Good { .. }) if output.status.success() => Ok(good),
            Some(Signature::Good { kind, key, .. }) => {
                Ok(Signature::Unverified { kind, key, said: said(words.as_bytes()).into() })
            }
            Some(other) => Ok(other),
            None => {
                let key = self.signing_key(at).await?;
                Ok(Signature::Unverified { kind, key, said: said(words.as_bytes()).into() })
            }
        }
    }

    /// What `user.signingKey` says.
    async fn signing_key(&self, at: &Repository) -> Result<Untrusted, GitError> {
        let call = self.read(at, "config").args(["--get", "user.signingKey"]);
        Ok(Untrusted::from(lossy(call.run(&Cancel::new()).await?.stdout).trim_end()))
    }
}

/// Reads the status lines of gpg and gpgsm (DETAILS of GnuPG, "Format of the --status-fd output").
fn of_gpg(kind: SignatureKind, words: &str) -> Option<Signature> {
    let status: Vec<&str> = words.lines().filter_map(|line| line.strip_prefix("[GNUPG:] ")).collect();
    let after = |name: &str| status.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    if let Some(rest) = after("BADSIG") {
        return Some(Signature::Bad { kind, said: format!("BADSIG {rest}").into() });
    }
    let name = |rest: &str| Untrusted::from(rest.split_once(' ').map_or("", |(_, name)| name));
    let fingerprint = after("VALIDSIG").and_then(|rest| rest.split(' ').next());
    if let Some(rest) = after("GOODSIG") {
        let key = fingerprint.or(rest.split(' ').next()).unwrap_or_default();
        return Some(Signature::Good { kind, key: key.into(), signer: name(rest) });
    }
    // The key has expired or was revoked, or is not known.
    let other = ["EXPSIG", "EXPKEYSIG", "REVKEYSIG", "ERRSIG", "NO_PUBKEY"];
    let (word, rest) = other.iter().find_map(|word| Some((*word, after(word)?)))?;
    let key = fingerprint.or(rest.split(' ').next()).unwrap_or_default();
    Some(Signature::Unverified { kind, key: key.into(), said: format!("{word} {rest}").into() })
}

/// Reads what `ssh-keygen -Y find-principals`, `verify` and `check-novalidate` say.
fn of_ssh(words: &str) -> Option<Signature> {
    let kind = SignatureKind::Ssh;
    let line = words.lines().find(|line| line.starts_with("Good \"git\" signature"));
    if let Some(line) = line {
        let key = line.rsplit(' ').next().unwrap_or_default();
        let signer =
            line.strip_prefix("Good \"git\" signature for ").and_then(|rest| rest.split_once(" with "));
        let signer = signer.map_or("", |(signer, _)| signer);
        return Some(Signature::Good { kind, key: key.into(), signer: signer.into() });
    }
    let bad = words
        .lines()
        .find(|line| line.contains("incorrect signature") || line.contains("verification failed"))?;
    Some(Signature::Bad { kind, said: bad.into() })
}
