//! Processes that have the terminal to themselves: an editor, a pager, a push that asks for a passphrase.

use super::{Call, Output, SpawnError};
use std::ffi::OsString;
use std::process::{ExitStatus, Stdio};
use tokio::io::AsyncWriteExt as _;

impl Call {
    /// Runs the process on our terminal with our whole environment, because the user runs it, not us. The screen
    /// must be suspended; no limit applies and no process group is made, or it could not read the keyboard.
    ///
    /// # Errors
    /// When it cannot be started or waited for.
    pub async fn attended(&self) -> Result<ExitStatus, SpawnError> {
        let failed = |why| SpawnError::Start { program: self.program.line(), why };
        self.terminal_command().status().await.map_err(failed)
    }

    /// The same, and nothing else of ours goes on meanwhile: for an editor, while the screen is lent to it.
    ///
    /// # Errors
    /// When it cannot be started or waited for.
    pub fn attended_now(&self) -> Result<ExitStatus, SpawnError> {
        let failed = |why| SpawnError::Start { program: self.program.line(), why };
        self.terminal_command().as_std_mut().status().map_err(failed)
    }

    /// Runs the process in its clean environment on our terminal, and captures both of its outputs: for a git command
    /// whose helpers may ask for a passphrase, which they do on the terminal itself. Its standard input is what the call
    /// gives it, or else the keyboard. No limit of time applies.
    ///
    /// # Errors
    /// When it cannot be started or its output cannot be read.
    pub async fn attended_heard(&self) -> Result<Output, SpawnError> {
        let failed = |why| SpawnError::Start { program: self.program.line(), why };
        let mut command = self.command();
        if self.stdin.is_empty() {
            command.stdin(Stdio::inherit());
        }
        let mut child = command.spawn().map_err(failed)?;
        let input = child.stdin.take();
        let write = async {
            if let Some(mut pipe) = input {
                // A process may end without reading its input; that is its right, not our failure.
                let _closed = pipe.write_all(&self.stdin).await;
            }
        };
        let (done, ()) = tokio::join!(child.wait_with_output(), write);
        let done = done.map_err(failed)?;
        let (mut stdout, mut stderr) = (done.stdout, done.stderr);
        let truncated = stdout.len() > self.stdout_cap || stderr.len() > self.stderr_cap;
        stdout.truncate(self.stdout_cap);
        stderr.truncate(self.stderr_cap);
        Ok(Output { status: done.status, stdout, stderr, truncated })
    }

    /// Runs the process in its clean environment with our keyboard and our standard error, and captures only its
    /// standard output (up to the cap): for a git command that may ask for a passphrase.
    ///
    /// # Errors
    /// When it cannot be started or its output cannot be read.
    pub async fn attended_captured(&self) -> Result<Output, SpawnError> {
        let failed = |why| SpawnError::Start { program: self.program.line(), why };
        let mut command = self.command();
        command.stdin(Stdio::inherit()).stderr(Stdio::inherit());
        let child = command.spawn().map_err(failed)?;
        let done = child.wait_with_output().await.map_err(failed)?;
        let (mut stdout, cap) = (done.stdout, self.stdout_cap);
        let truncated = stdout.len() > cap;
        stdout.truncate(cap);
        Ok(Output { status: done.status, stdout, stderr: Vec::new(), truncated })
    }
}

/// The terminal that our keyboard is, as GPG wants to have it told (`GPG_TTY`).
#[must_use]
pub fn terminal() -> Option<OsString> {
    let named = std::env::var_os("GPG_TTY").filter(|name| !name.is_empty());
    let found = || std::fs::read_link("/dev/fd/0").ok().filter(|path| path.starts_with("/dev"));
    named.or_else(|| found().map(std::path::PathBuf::into_os_string))
}
