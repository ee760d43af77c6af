//! The one place that runs git: hardened against the configuration, hooks and names of the repository.

use super::{GitError, Repository, Tier};
use crate::release::text::Untrusted;
use crate::spawn::{Call, Cancel, Output, Program};
use serde::Serialize;
use std::ffi::{OsStr, OsString};
use std::time::Duration;

/// Whether the user said that what the repository's own configuration and hooks start may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Trust {
    /// Not asked, or refused: only the user's own settings count.
    Unasked,
    /// Said and journaled (`trust.repo`).
    Given,
}

/// What a git process is for; it decides what it may start and reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Reads objects, refs and configuration. Starts nothing, reaches nothing.
    Read,
    /// Talks to the remote.
    Remote(Trust),
}

/// The oldest git that knows every option used here (`fetch --no-write-fetch-head` is of 2.29, `--end-of-options` of
/// `rev-parse` and its kin of 2.30).
const OLDEST: (u32, u32, u32) = (2, 30, 0);

/// Configuration that starts programs, and what it is set to so that it starts none. Command line settings win
/// over every file. From security.md, and from `git help config` for the keys beyond it.
const NOTHING_STARTS: &[&str] = &[
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.sshCommand=ssh",
    "core.askPass=",
    "core.gitProxy=",
    "core.alternateRefsCommand=",
    "core.pager=cat",
    "credential.helper=",
    "diff.external=",
    "gc.auto=0",
    "log.showSignature=false",
    "maintenance.auto=false",
    "protocol.ext.allow=never",
];

/// Configuration that changes the form of an answer.
const PLAIN_ANSWERS: &[&str] = &[
    "color.ui=false",
    "column.ui=never",
    "core.quotePath=false",
    "i18n.logOutputEncoding=UTF-8",
    "push.followTags=false",
    "advice.pushUpdateRejected=false",
];

/// Variables of our environment that a remote command may need beyond those that every process keeps.
const KEPT_FOR_REMOTES: &[&str] = &[
    "SSH_AUTH_SOCK",
    "SSH_AGENT_PID",
    "GNUPGHOME",
    "GPG_TTY",
    "DBUS_SESSION_BUS_ADDRESS",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "TERM",
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_SSL_CAINFO",
];

/// Where the user's own configuration is; it is the user's, so it counts.
const KEPT_FOR_ALL: &[&str] = &["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"];

/// An installed git.
#[derive(Debug, Clone)]
pub struct Git {
    program: Program,
    tier: Tier,
    set: Vec<(OsString, OsString)>,
    patience: Duration,
    attended: bool,
}

/// Tells libgit2, once for this process and before it reads the first object, to take objects as they are stored, as
/// git does: it would hash each text that it reads, which is most of what reading costs. Damage is still found where
/// an object is unpacked, and `git fsck` finds the rest; whoever can change an object can change what names it as well.
fn read_as_git_does() {
    static TOLD: std::sync::Once = std::sync::Once::new();
    TOLD.call_once(|| git2::opts::strict_hash_verification(false));
}

impl Git {
    /// Finds git in PATH and asks its version.
    ///
    /// # Errors
    /// [`GitError::Missing`], or what went wrong when it was started.
    pub async fn locate() -> Result<Self, GitError> {
        let program = Program::find("git").map_err(|_| GitError::Missing)?;
        Self::at(program).await
    }

    /// Asks a given git for its version.
    ///
    /// # Errors
    /// When it cannot be started, does not say a version, or is older than 2.30.
    pub async fn at(program: Program) -> Result<Self, GitError> {
        read_as_git_does();
        let call = Call::new(&program).arg("--version").caps(4096, 4096).timeout(Duration::from_secs(10));
        let output = call.run(&Cancel::new()).await?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let why =
            || GitError::Unreadable { command: "--version".into(), why: Untrusted::from(&*text).line() };
        let tier = Tier::parse(&text).ok_or_else(why)?;
        if tier.version < OLDEST {
            return Err(GitError::TooOld(tier.text()));
        }
        Ok(Self { program, tier, set: Vec::new(), patience: Duration::from_secs(60), attended: false })
    }

    /// What it can do.
    #[must_use]
    pub fn tier(&self) -> &Tier {
        &self.tier
    }

    /// Where it is.
    #[must_use]
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// The same git with a variable set in every process, for a configuration file of one's own in tests and demos.
    #[must_use]
    pub fn with_env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.set.push((name.as_ref().to_owned(), value.as_ref().to_owned()));
        self
    }

    /// The same git, given another time for every process; 60 seconds unless told.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The same git with the terminal lent to it: what signs a commit or talks to a remote may ask for a passphrase
    /// or a password there. The screen must be suspended.
    #[must_use]
    pub fn attended(mut self) -> Self {
        self.attended = true;
        self
    }

    /// Whether the terminal is lent to it.
    pub(super) fn is_attended(&self) -> bool {
        self.attended
    }

    /// A git process in the repository. It is started in the repository's directory and finds it from there, so
    /// that git's own check of who owns it (`safe.directory`) holds; `GIT_DIR` would turn that check off.
    pub(super) fn call(&self, at: &Repository, access: Access) -> Call {
        let mut call = Call::new(&self.program).dir(at.dir()).timeout(self.patience).keep(KEPT_FOR_ALL);
        let quiet = match access {
            Access::Read | Access::Remote(Trust::Unasked) => NOTHING_STARTS,
            Access::Remote(Trust::Given) => &["core.fsmonitor=false", "protocol.ext.allow=never"],
        };
        for setting in quiet.iter().chain(PLAIN_ANSWERS) {
            call = call.arg("-c").arg(setting);
        }
        call = call
            .arg("--no-pager")
            .env("LC_ALL", "C")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_PAGER", "cat")
            .env("GIT_EDITOR", "false");
        call = match access {
            Access::Read => call
                .env("GIT_OPTIONAL_LOCKS", "0")
                .env("GIT_NO_LAZY_FETCH", "1")
                // Also for a git before 2.44, which does not know the variable above: no transport at all.
                .env("GIT_ALLOW_PROTOCOL", "none"),
            Access::Remote(_) if self.attended => call
                .keep(KEPT_FOR_REMOTES)
                .env("GIT_ALLOW_PROTOCOL", "file:git:http:https:ssh")
                .env("GIT_TERMINAL_PROMPT", "1")
                .env("GIT_ASKPASS", "")
                .env("SSH_ASKPASS_REQUIRE", "never"),
            Access::Remote(_) => call
                .keep(KEPT_FOR_REMOTES)
                .env("GIT_ALLOW_PROTOCOL", "file:git:http:https:ssh")
                // Nobody answers a question in the background: ssh and git get "no" at once and say so.
                .env("GIT_ASKPASS", "false")
                .env("SSH_ASKPASS", "false")
                .env("SSH_ASKPASS_REQUIRE", "force"),
        };
        if let Some(tty) = self.attended.then(crate::spawn::terminal).flatten() {
            call = call.env("GPG_TTY", tty);
        }
        for (name, value) in &self.set {
            call = call.env(name, value);
        }
        call
    }

    /// A reading git process in the repository, its subcommand given.
    pub(super) fn read(&self, at: &Repository, command: &str) -> Call {
        self.call(at, Access::Read).arg(command)
    }
}

/// Runs a call and takes its standard output; `command` names it in errors.
pub(super) async fn stdout(call: &Call, command: &str) -> Result<Vec<u8>, GitError> {
    let output = call.run(&Cancel::new()).await?;
    checked(output, command)
}

/// Runs a call whose standard output is text; bytes that are no UTF-8 become U+FFFD.
pub(super) async fn text(call: &Call, command: &str) -> Result<String, GitError> {
    Ok(lossy(stdout(call, command).await?))
}

/// Bytes as text; bytes that are no UTF-8 become U+FFFD.
pub(super) fn lossy(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|bad| String::from_utf8_lossy(bad.as_bytes()).into_owned())
}

/// The standard output of a process that succeeded and was not cut.
pub(super) fn checked(output: Output, command: &str) -> Result<Vec<u8>, GitError> {
    if !output.status.success() {
        return Err(failure(&output, command));
    }
    if output.truncated {
        return Err(GitError::TooLong(command.to_owned()));
    }
    Ok(output.stdout)
}

/// What a failed process said, as an error.
pub(super) fn failure(output: &Output, command: &str) -> GitError {
    let said = said(&output.stderr);
    if let Some((_, rest)) = said.split_once("detected dubious ownership in repository at '") {
        let dir = rest.split('\'').next().unwrap_or_default();
        return GitError::NotOurs(Untrusted::from(dir).line());
    }
    GitError::Failed { command: command.to_owned(), status: output.status.to_string(), said: said.into() }
}

/// git's standard error in one line: without hints, progress and empty lines, user names and passwords in
/// addresses taken out, at most 2,000 characters.
pub(super) fn said(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let lines = text.lines().map(|line| line.rsplit('\r').next().unwrap_or(line).trim());
    let kept: Vec<_> = lines.filter(|line| !line.is_empty() && !line.starts_with("hint:")).collect();
    super::remote::without_secrets(&kept.join("; ")).chars().take(2000).collect()
}
