//! Two processes, the output of the first being the input of the second without passing through us.

use super::run::{AFTER_END, Group, Kept, drain};
use super::{Call, Cancel, Output, SpawnError};
use std::process::ExitStatus;
use std::process::Stdio;
use tokio::io::AsyncWriteExt as _;
use tokio::process::{Child, ChildStdin};

impl Call {
    /// Runs this process with its standard output as the standard input of `next`, and captures what `next` writes.
    /// Both are limited by the time that this call may take. A status other than success is no error here: it is
    /// given for the first, and is in the output of the second.
    ///
    /// # Errors
    /// When one cannot be started, they take too long, are cancelled, or the output cannot be read.
    pub async fn run_into(&self, next: &Self, cancel: &Cancel) -> Result<(ExitStatus, Output), SpawnError> {
        let program = || self.program.line();
        if cancel.is_cancelled() {
            return Err(SpawnError::Cancelled(program()));
        }
        let failed = |why| SpawnError::Start { program: self.program.line(), why };
        let (reader, writer) = std::io::pipe().map_err(failed)?;
        let mut first = self.command();
        first.stdout(writer).stderr(Stdio::null()).process_group(0);
        let mut second = next.command();
        second.stdin(reader).process_group(0);
        let mut source = first.spawn().map_err(failed)?;
        let mut source_group = Group::of(&source);
        // Our copy of the writing end must go, or the second never sees the end.
        drop(first);
        let mut sink = second.spawn().map_err(failed)?;
        let mut sink_group = Group::of(&sink);
        drop(second);
        let both = converse(&self.stdin, source.stdin.take(), &mut source, &mut sink, next.stdout_cap);
        let ended = tokio::select! {
            ended = tokio::time::timeout(self.timeout, both) => ended,
            () = cancel.cancelled() => {
                source_group.end(&mut source).await;
                sink_group.end(&mut sink).await;
                return Err(SpawnError::Cancelled(program()));
            }
        };
        if let Ok(Ok(done)) = ended {
            source_group.forget();
            sink_group.forget();
            return Ok(done);
        }
        source_group.end(&mut source).await;
        sink_group.end(&mut sink).await;
        Err(match ended {
            Ok(Err(why)) => SpawnError::Pipe { program: program(), why },
            _ => SpawnError::TimedOut { program: program(), after: self.timeout },
        })
    }
}

async fn converse(
    words: &[u8],
    input: Option<ChildStdin>,
    source: &mut Child,
    sink: &mut Child,
    cap: usize,
) -> std::io::Result<(ExitStatus, Output)> {
    let (stdout, stderr) = (sink.stdout.take(), sink.stderr.take());
    let (mut out, mut err) = (Kept::default(), Kept::default());
    {
        let write = async {
            if let Some(mut pipe) = input {
                // A process may end without reading its input; that is its right, not our failure.
                let _closed = pipe.write_all(words).await;
            }
            Ok(())
        };
        let read = drain(stdout, cap, &mut out, None);
        let heard = drain(stderr, 64 << 10, &mut err, None);
        tokio::try_join!(write, read, heard)?;
    }
    let status = sink.wait().await?;
    let first = match tokio::time::timeout(AFTER_END, source.wait()).await {
        Ok(first) => first?,
        Err(_late) => {
            source.start_kill()?;
            source.wait().await?
        }
    };
    let truncated = out.truncated;
    Ok((first, Output { status, stdout: out.bytes, stderr: err.bytes, truncated }))
}
