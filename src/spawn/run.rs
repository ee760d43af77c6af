//! Running a process to its end, within its limits.

use super::{Call, Cancel, Output, SpawnError};
use rustix::process::{Pid, Signal, kill_process_group};
use std::process::ExitStatus;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::Child;

/// How long a process group gets between the polite signal and the last one, so that git can remove its locks.
const GRACE: Duration = Duration::from_secs(2);
/// How long outputs are read after the process has ended: a daemon it left behind may hold the pipe open for ever.
pub(super) const AFTER_END: Duration = Duration::from_millis(500);

/// Gets each piece of an output as it comes.
pub(super) type Heard<'a> = dyn FnMut(&[u8]) + Send + 'a;

/// The process group of a child; it is told to end when this is dropped before the child has ended.
#[derive(Debug)]
pub(super) struct Group(Option<Pid>);

impl Group {
    /// The group of a child that was started as the first of it.
    pub(super) fn of(child: &Child) -> Self {
        Self(child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw))
    }

    /// The child has ended, and its number may be another's by now.
    pub(super) fn forget(&mut self) {
        self.0 = None;
    }

    fn signal(&self, signal: Signal) {
        if let Some(pid) = self.0 {
            // The only failure is that nobody is left, which is what was wanted.
            let _gone = kill_process_group(pid, signal);
        }
    }

    pub(super) async fn end(&mut self, child: &mut Child) {
        self.signal(Signal::TERM);
        let polite = tokio::time::timeout(GRACE, child.wait()).await;
        // Also after a polite end: a grandchild may have ignored the signal.
        self.signal(Signal::KILL);
        if polite.is_err() {
            let _status = child.wait().await;
        }
        self.forget();
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.signal(Signal::TERM);
    }
}

/// An output as it is read: what is kept, and whether there was more.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) bytes: Vec<u8>,
    pub(super) truncated: bool,
}

impl Call {
    /// Runs the process and captures what it writes. A status other than success is no error here.
    ///
    /// # Errors
    /// When it cannot be started, takes too long, is cancelled, or its output cannot be read.
    pub async fn run(&self, cancel: &Cancel) -> Result<Output, SpawnError> {
        self.run_heard(cancel, &mut |_| ()).await
    }

    /// [`Call::run`], and `heard` gets each piece of the standard error as it comes: git's progress.
    ///
    /// # Errors
    /// As [`Call::run`].
    pub async fn run_heard(&self, cancel: &Cancel, heard: &mut Heard<'_>) -> Result<Output, SpawnError> {
        self.run_with(cancel, None, heard).await
    }

    /// [`Call::run`], and `told` gets each piece of the standard output as it comes. Nothing of that is kept.
    ///
    /// # Errors
    /// As [`Call::run`].
    pub async fn run_told(&self, cancel: &Cancel, told: &mut Heard<'_>) -> Result<Output, SpawnError> {
        self.run_with(cancel, Some(told), &mut |_| ()).await
    }

    async fn run_with(
        &self,
        cancel: &Cancel,
        told: Option<&mut Heard<'_>>,
        heard: &mut Heard<'_>,
    ) -> Result<Output, SpawnError> {
        let program = || self.program.line();
        if cancel.is_cancelled() {
            return Err(SpawnError::Cancelled(program()));
        }
        // A group of its own: ending it ends what it started, and ctrl-c in our terminal does not reach it.
        let mut child = self
            .command()
            .process_group(0)
            .spawn()
            .map_err(|why| SpawnError::Start { program: program(), why })?;
        let mut group = Group::of(&child);
        let ended = tokio::select! {
            ended = tokio::time::timeout(self.timeout, self.converse(&mut child, told, heard)) => ended,
            () = cancel.cancelled() => {
                group.end(&mut child).await;
                return Err(SpawnError::Cancelled(program()));
            }
        };
        match ended {
            Ok(Ok(output)) => {
                group.forget();
                Ok(output)
            }
            Ok(Err(why)) => {
                group.end(&mut child).await;
                Err(SpawnError::Pipe { program: program(), why })
            }
            Err(_elapsed) => {
                group.end(&mut child).await;
                Err(SpawnError::TimedOut { program: program(), after: self.timeout })
            }
        }
    }

    async fn converse(
        &self,
        child: &mut Child,
        told: Option<&mut Heard<'_>>,
        heard: &mut Heard<'_>,
    ) -> std::io::Result<Output> {
        let is_kept = told.is_none();
        let cap = if is_kept { self.stdout_cap } else { 0 };
        let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (mut out, mut err) = (Kept::default(), Kept::default());
        let status = {
            let talk = async {
                let write = async {
                    if let Some(mut pipe) = stdin {
                        // A process may end without reading its input; that is its right, not our failure.
                        let _closed = pipe.write_all(&self.stdin).await;
                    }
                    Ok(())
                };
                let read_out = drain(stdout, cap, &mut out, told);
                let read_err = drain(stderr, self.stderr_cap, &mut err, Some(heard));
                tokio::try_join!(write, read_out, read_err).map(|_| ())
            };
            wait(child, talk).await?
        };
        let truncated = (is_kept && out.truncated) || err.truncated;
        Ok(Output { status, stdout: out.bytes, stderr: err.bytes, truncated })
    }
}

/// Waits for the end of the child while `talk` moves its bytes; afterwards `talk` gets a short while more.
async fn wait(
    child: &mut Child,
    talk: impl Future<Output = std::io::Result<()>>,
) -> std::io::Result<ExitStatus> {
    let mut talk = std::pin::pin!(talk);
    tokio::select! {
        talked = &mut talk => {
            talked?;
            child.wait().await
        }
        status = child.wait() => {
            if let Ok(talked) = tokio::time::timeout(AFTER_END, talk).await {
                talked?;
            }
            status
        }
    }
}

/// Reads to the end, keeps `cap` bytes.
pub(super) async fn drain(
    pipe: Option<impl AsyncRead + Unpin>,
    cap: usize,
    kept: &mut Kept,
    mut heard: Option<&mut Heard<'_>>,
) -> std::io::Result<()> {
    let Some(mut pipe) = pipe else { return Ok(()) };
    let mut buffer = vec![0; 32 << 10];
    loop {
        let got = pipe.read(&mut buffer).await?;
        if got == 0 {
            return Ok(());
        }
        if let Some(heard) = heard.as_deref_mut() {
            heard(&buffer[..got]);
        }
        let room = cap.saturating_sub(kept.bytes.len()).min(got);
        kept.bytes.extend_from_slice(&buffer[..room]);
        kept.truncated |= room < got;
    }
}
