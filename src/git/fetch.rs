//! Talking to the remote: fetching, and asking where a branch is.

use super::find::Repository;
use super::porcelain::{Trouble, trouble};
use super::run::{Access, Git, Trust, checked, failure, said, text};
use super::{GitError, Remote};
use crate::order::Order as _;
use crate::release::ids::{Branch, Oid};
use crate::release::text::Untrusted;
use crate::spawn::{Call, Cancel, Output};
use std::time::Duration;

/// How long a fetch or a push may take.
pub(super) const LONG: Duration = Duration::from_secs(30 * 60);

impl Git {
    /// Fetches a remote as its own refspecs say, as `git fetch` would: remote-tracking refs move, tags of what came
    /// are added, nothing is pruned, no checked-out file and no `FETCH_HEAD` is touched. `heard` gets each line of
    /// progress.
    ///
    /// # Errors
    /// [`GitError::Denied`], [`GitError::Unreachable`], or what else went wrong.
    pub async fn fetch(
        &self,
        at: &Repository,
        remote: &Remote,
        trust: Trust,
        cancel: &Cancel,
        mut heard: impl FnMut(Untrusted) + Send,
    ) -> Result<(), GitError> {
        let call = self
            .remote_call(at, trust)
            .await?
            .args(["fetch", "--progress", "--no-prune", "--no-prune-tags", "--no-recurse-submodules"])
            .args(["--no-write-fetch-head", "--no-auto-maintenance", "--no-all"]);
        let call = upload_pack(call, trust).arg("--end-of-options").arg(remote_name(remote)?).timeout(LONG);
        let mut line = Vec::new();
        let mut split = |piece: &[u8]| {
            for byte in piece {
                match byte {
                    b'\r' | b'\n' if line.is_empty() => {}
                    b'\r' | b'\n' => heard(Untrusted::from(said(&std::mem::take(&mut line)))),
                    // A line without end must not grow for ever.
                    _ if line.len() >= 4096 => {}
                    _ => line.push(*byte),
                }
            }
        };
        let output = call.run_heard(cancel, &mut split).await?;
        answered(output, "fetch").map(|_| ())
    }

    /// Fetches one commit that no branch brings: by its id, and where the server gives no such commit, with the head of
    /// its pull request. No ref moves, so git keeps it only as long as it keeps what nothing refers to.
    ///
    /// # Errors
    /// [`GitError::Denied`], [`GitError::Unreachable`], or what the server said when it does not give it.
    pub async fn fetch_commit(
        &self,
        at: &Repository,
        remote: &Remote,
        (commit, pull): (Oid, Option<u64>),
        trust: Trust,
        cancel: &Cancel,
    ) -> Result<(), GitError> {
        let name = remote_name(remote)?;
        let mut refused = None;
        let sources = [Some(commit.to_string()), pull.map(|number| format!("refs/pull/{number}/head"))];
        for source in sources.into_iter().flatten() {
            let call = self
                .remote_call(at, trust)
                .await?
                .args(["fetch", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head"])
                .args(["--no-auto-maintenance", "--no-all", "--refmap="]);
            let call = upload_pack(call, trust).arg("--end-of-options").arg(name).arg(source).timeout(LONG);
            match answered(call.run(cancel).await?, "fetch") {
                Ok(_) if self.has_commit(at, commit).await? => return Ok(()),
                Ok(_) => {}
                // That there is no such pull request either says less than the first refusal.
                Err(why) if refused.is_none() && !matches!(why, GitError::Failed { .. }) => return Err(why),
                Err(why) => refused = refused.or(Some(why)),
            }
        }
        Err(refused.unwrap_or_else(|| GitError::Failed {
            command: "fetch".into(),
            status: "missing".into(),
            said: "what the remote gave does not hold it".into(),
        }))
    }

    /// Whether a commit is in the clone.
    async fn has_commit(&self, at: &Repository, commit: Oid) -> Result<bool, GitError> {
        let call = self.read(at, "cat-file").args(["-e", &format!("{commit}^{{commit}}")]);
        Ok(call.run(&Cancel::new()).await?.status.success())
    }

    /// Asks the remote where a branch is now; none when it has no such branch.
    ///
    /// # Errors
    /// [`GitError::Denied`], [`GitError::Unreachable`], or what else went wrong.
    pub async fn remote_tip(
        &self,
        at: &Repository,
        remote: &Remote,
        branch: &Branch,
        trust: Trust,
        cancel: &Cancel,
    ) -> Result<Option<Oid>, GitError> {
        let full = branch.full();
        let answer = self.ls_remote(at, remote, &[&full], trust, cancel).await?;
        // The remote also lists what ends in the same name (`refs/heads/x/refs/heads/x`), so names are compared.
        Ok(answer.into_iter().find(|(_, name)| *name == full).map(|(oid, _)| oid))
    }

    /// What the remote lists under full names, and under those that end in them.
    pub(super) async fn ls_remote(
        &self,
        at: &Repository,
        remote: &Remote,
        names: &[&str],
        trust: Trust,
        cancel: &Cancel,
    ) -> Result<Vec<(Oid, String)>, GitError> {
        let call = upload_pack(self.remote_call(at, trust).await?.arg("ls-remote"), trust);
        let call = call.arg("--end-of-options").arg(remote_name(remote)?).args(names);
        let answer = answered(call.run(cancel).await?, "ls-remote")?;
        let refs = answer.lines().filter_map(|line| line.split_once('\t'));
        refs.map(|(hex, name)| Ok((Oid::parse(hex)?, name.to_owned()))).collect()
    }

    /// A git process that may talk to a remote. Without trust in the repository its own configuration starts
    /// nothing, and the credential helpers and the ssh command are those of the user's own files.
    pub(super) async fn remote_call(&self, at: &Repository, trust: Trust) -> Result<Call, GitError> {
        let mut call = self.call(at, Access::Remote(trust));
        if trust == Trust::Unasked {
            for (key, value) in self.users_own(at).await? {
                call = call.arg("-c").arg(format!("{key}={value}"));
            }
        }
        Ok(call)
    }

    /// Credential helpers and the ssh command from the user's and the system's files, not from the repository's.
    async fn users_own(&self, at: &Repository) -> Result<Vec<(String, String)>, GitError> {
        let pattern = r"^(credential\..*|core\.sshcommand)$";
        let call = self.read(at, "config").args(["--null", "--show-scope", "--get-regexp", pattern]);
        let output = call.run(&Cancel::new()).await?;
        // 1 is git's way to say that nothing matches.
        if output.status.code() == Some(1) {
            return Ok(Vec::new());
        }
        Ok(scoped(&super::run::lossy(checked(output, "config")?), &["global", "system"]))
    }
}

/// Reads `git config --null --show-scope`: the settings of the given scopes. A key with an equals sign cannot be
/// given on the command line and is left out.
pub(super) fn scoped(answer: &str, scopes: &[&str]) -> Vec<(String, String)> {
    let fields: Vec<&str> = answer.split_terminator('\0').collect();
    let pairs = fields.chunks_exact(2).filter(|pair| scopes.contains(&pair[0]));
    let settings = pairs.map(|pair| pair[1].split_once('\n').unwrap_or((pair[1], "true")));
    settings.filter(|(key, _)| !key.contains('=')).map(|(key, value)| (key.into(), value.into())).collect()
}

/// Without trust, `remote.NAME.uploadpack` of the repository must not choose the program.
fn upload_pack(call: Call, trust: Trust) -> Call {
    match trust {
        Trust::Unasked => call.arg("--upload-pack=git-upload-pack"),
        Trust::Given => call,
    }
}

/// The name of a remote as an argument: `--end-of-options` stands before it, and its address is not refused.
pub(super) fn remote_name(remote: &Remote) -> Result<&str, GitError> {
    match &remote.push {
        super::Address::Refused { raw, why } => {
            Err(GitError::Refused { what: raw.line(), why: (*why).to_owned() })
        }
        super::Address::Forge(_) | super::Address::Local(_) => Ok(&remote.name),
    }
}

fn answered(output: Output, command: &str) -> Result<String, GitError> {
    if output.status.success() {
        return Ok(super::run::lossy(checked(output, command)?));
    }
    let words = said(&output.stderr);
    match trouble(&words) {
        Trouble::Denied => Err(GitError::Denied(words.into())),
        Trouble::Unreachable => Err(GitError::Unreachable(words.into())),
        Trouble::Unclear => Err(failure(&output, command)),
    }
}

/// Settings of the repository itself that start a program, for the question whether to trust it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Risk {
    /// The key, or `hook`.
    pub what: Untrusted,
    /// The program, or the hook's name.
    pub starts: Untrusted,
}

impl Git {
    /// What the repository's own configuration and hooks would start once it is trusted. Empty for a plain clone.
    ///
    /// # Errors
    /// When git fails.
    pub async fn risks(&self, at: &Repository) -> Result<Vec<Risk>, GitError> {
        let call = self.read(at, "config").args(["--null", "--show-scope", "--list"]);
        let answer = text(&call, "config").await?;
        let own = scoped(&answer, &["local", "worktree"]);
        let risk = |(key, value): (String, String)| Risk { what: key.into(), starts: value.into() };
        let mut risks: Vec<Risk> =
            own.into_iter().filter(|(key, value)| starts(key, value)).map(risk).collect();
        let mut hooks: Vec<Risk> =
            hooks(at).into_iter().map(|name| Risk { what: "hook".into(), starts: name.into() }).collect();
        hooks.order_by(|a, b| a.starts.cmp(&b.starts));
        risks.append(&mut hooks);
        Ok(risks)
    }
}

fn starts(key: &str, value: &str) -> bool {
    const KEYS: &[&str] = &[
        "core.hookspath",
        "core.sshcommand",
        "core.askpass",
        "core.gitproxy",
        "core.alternaterefscommand",
        "core.editor",
        "core.pager",
        "diff.external",
        "sequence.editor",
    ];
    const ENDS: &[&str] = &[
        ".helper",
        ".command",
        ".textconv",
        ".clean",
        ".smudge",
        ".process",
        ".driver",
        ".program",
        ".uploadpack",
        ".receivepack",
        ".vcs",
        ".defaultkeycommand",
    ];
    let fsmonitor = key == "core.fsmonitor" && !matches!(value, "true" | "false" | "0" | "1");
    fsmonitor || KEYS.contains(&key) || ENDS.iter().any(|end| key.ends_with(end))
}

fn hooks(at: &Repository) -> Vec<String> {
    use std::os::unix::fs::PermissionsExt as _;
    let Ok(dir) = std::fs::read_dir(at.common_dir.join("hooks")) else { return Vec::new() };
    let active = dir.flatten().filter(|entry| {
        let runs =
            entry.metadata().is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0);
        runs && !entry.file_name().to_string_lossy().ends_with(".sample")
    });
    active.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}
