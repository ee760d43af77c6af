//! Processes that have the terminal to themselves: an editor, a pager, a push that asks for a passphrase.

use super::{Call, Output, SpawnError};
use std::process::{ExitStatus, Stdio};

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
