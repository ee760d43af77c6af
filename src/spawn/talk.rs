//! A conversation with a process that stays: lines to it, answers from it.

use super::run::Group;
use super::{Call, Cancel, SpawnError};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout};
use tokio::task::JoinHandle;

/// How long a process that closed its output is waited for.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// A running process that is spoken to. Dropping it ends its process group.
#[derive(Debug)]
pub struct Talk {
    program: String,
    child: Child,
    group: Group,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    stderr: JoinHandle<Vec<u8>>,
    patience: Duration,
    cap: usize,
}

impl Call {
    /// Starts the process for a conversation. The time limit of the call holds for each wait for it, not for its
    /// life, and the cap of its output for each answer. What was given as standard input is its first line.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn talk(&self) -> Result<Talk, SpawnError> {
        let program = self.program.line();
        let mut command = self.command();
        command.stdin(std::process::Stdio::piped()).process_group(0);
        let start = |why| SpawnError::Start { program: program.clone(), why };
        let mut child = command.spawn().map_err(start)?;
        let group = Group::of(&child);
        let none = || start(std::io::Error::other("a pipe is missing"));
        let stdin = child.stdin.take().ok_or_else(none)?;
        let stdout = BufReader::with_capacity(16 << 10, child.stdout.take().ok_or_else(none)?);
        let mut pipe = child.stderr.take().ok_or_else(none)?;
        let cap = self.stderr_cap;
        // Read aside, so that a process that complains a lot never waits for us. It ends with the pipe.
        let stderr = tokio::spawn(async move {
            let (mut kept, mut buffer) = (Vec::new(), vec![0; 4096]);
            while let Ok(got @ 1..) = pipe.read(&mut buffer).await {
                let room = cap.saturating_sub(kept.len()).min(got);
                kept.extend_from_slice(&buffer[..room]);
            }
            kept
        });
        Ok(Talk {
            program,
            child,
            group,
            stdin,
            stdout,
            stderr,
            patience: self.timeout,
            cap: self.stdout_cap,
        })
    }
}

impl Talk {
    /// Says something. What is said at once must fit what the process reads before it answers.
    ///
    /// # Errors
    /// [`SpawnError::Pipe`] when the process has ended, [`SpawnError::TimedOut`] when it does not read.
    pub async fn say(&mut self, bytes: &[u8]) -> Result<(), SpawnError> {
        let write = async {
            self.stdin.write_all(bytes).await?;
            self.stdin.flush().await
        };
        let written = tokio::time::timeout(self.patience, write).await;
        self.within(written)
    }

    /// Hears up to and without the next `end`. None when the process has closed its output.
    ///
    /// # Errors
    /// When time is up, somebody cancels, the answer is over its cap, or the pipe fails.
    pub async fn hear(&mut self, end: u8, cancel: &Cancel) -> Result<Option<Vec<u8>>, SpawnError> {
        let mut answer = Vec::new();
        let cap = u64::try_from(self.cap).unwrap_or(u64::MAX);
        let mut pipe = (&mut self.stdout).take(cap);
        let heard = tokio::select! {
            heard = tokio::time::timeout(self.patience, pipe.read_until(end, &mut answer)) => heard,
            () = cancel.cancelled() => return Err(SpawnError::Cancelled(self.program.clone())),
        };
        self.within(heard)?;
        if answer.last() == Some(&end) {
            answer.pop();
            return Ok(Some(answer));
        }
        if answer.len() >= self.cap {
            let why = std::io::Error::other("the answer is too long");
            return Err(SpawnError::Pipe { program: self.program.clone(), why });
        }
        Ok(None)
    }

    /// Hears exactly so many bytes. None when the process has closed its output.
    ///
    /// # Errors
    /// As [`Talk::hear`].
    pub async fn hear_exactly(
        &mut self,
        count: usize,
        cancel: &Cancel,
    ) -> Result<Option<Vec<u8>>, SpawnError> {
        if count > self.cap {
            let why = std::io::Error::other("the answer is too long");
            return Err(SpawnError::Pipe { program: self.program.clone(), why });
        }
        let mut answer = vec![0; count];
        let heard = tokio::select! {
            heard = tokio::time::timeout(self.patience, self.stdout.read_exact(&mut answer)) => heard,
            () = cancel.cancelled() => return Err(SpawnError::Cancelled(self.program.clone())),
        };
        match heard {
            Ok(Err(why)) if why.kind() == std::io::ErrorKind::UnexpectedEof => Ok(None),
            heard => self.within(heard).map(|_| Some(answer)),
        }
    }

    /// Ends the conversation, and gives what the process wrote to its standard error, up to the cap: for one that
    /// has closed its output.
    pub async fn complaint(mut self) -> Vec<u8> {
        drop(self.stdin);
        if tokio::time::timeout(LAST_WORDS, self.child.wait()).await.is_ok() {
            self.group.forget();
        }
        tokio::time::timeout(LAST_WORDS, self.stderr).await.ok().and_then(Result::ok).unwrap_or_default()
    }

    fn within<T>(
        &self,
        done: Result<std::io::Result<T>, tokio::time::error::Elapsed>,
    ) -> Result<T, SpawnError> {
        match done {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(why)) => Err(SpawnError::Pipe { program: self.program.clone(), why }),
            Err(_elapsed) => {
                Err(SpawnError::TimedOut { program: self.program.clone(), after: self.patience })
            }
        }
    }
}
