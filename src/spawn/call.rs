//! What is to be started: program, arguments, directory, environment, input and limits.

use super::Program;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;

/// Variables that every process gets from our environment, when they are set; all others are left out.
pub const KEPT: &[&str] = &[
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "TMPDIR",
    "TZ",
    "XDG_CONFIG_HOME",
    "XDG_CACHE_HOME",
    "XDG_DATA_HOME",
    "XDG_RUNTIME_DIR",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "http_proxy",
    "https_proxy",
    "HTTPS_PROXY",
    "all_proxy",
    "ALL_PROXY",
    "no_proxy",
    "NO_PROXY",
];

/// A process to be started.
#[derive(Debug, Clone)]
pub struct Call {
    pub(super) program: Program,
    pub(super) args: Vec<OsString>,
    pub(super) dir: Option<PathBuf>,
    keep: Vec<&'static str>,
    set: Vec<(OsString, OsString)>,
    pub(super) stdin: Vec<u8>,
    pub(super) stdout_cap: usize,
    pub(super) stderr_cap: usize,
    pub(super) timeout: Duration,
}

impl Call {
    /// A call without arguments, in our directory, with 64 MiB of output, 1 MiB of errors and 60 seconds.
    #[must_use]
    pub fn new(program: &Program) -> Self {
        Self {
            program: program.clone(),
            args: Vec::new(),
            dir: None,
            keep: KEPT.to_vec(),
            set: Vec::new(),
            stdin: Vec::new(),
            stdout_cap: 64 << 20,
            stderr_cap: 1 << 20,
            timeout: Duration::from_secs(60),
        }
    }

    /// Adds an argument.
    #[must_use]
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.args.push(arg.as_ref().to_owned());
        self
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// Runs it in a directory.
    #[must_use]
    pub fn dir(mut self, dir: &Path) -> Self {
        self.dir = Some(dir.to_owned());
        self
    }

    /// Sets a variable; it wins over one that is kept.
    #[must_use]
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.set.push((name.as_ref().to_owned(), value.as_ref().to_owned()));
        self
    }

    /// Keeps more variables of our environment than [`KEPT`].
    #[must_use]
    pub fn keep(mut self, names: &[&'static str]) -> Self {
        self.keep.extend_from_slice(names);
        self
    }

    /// Bytes for its standard input, which is closed after them.
    #[must_use]
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = bytes.into();
        self
    }

    /// How many bytes of its two outputs are kept; the rest is read and thrown away.
    #[must_use]
    pub fn caps(mut self, stdout: usize, stderr: usize) -> Self {
        self.stdout_cap = stdout;
        self.stderr_cap = stderr;
        self
    }

    /// How long it may take.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The arguments so far, for messages and tests.
    #[must_use]
    pub fn arguments(&self) -> &[OsString] {
        &self.args
    }

    /// The command with its clean environment, its outputs captured.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that starts a process")]
    pub(super) fn command(&self) -> Command {
        let mut command = Command::new(self.program.path());
        command.args(&self.args).env_clear();
        for name in &self.keep {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        for (name, value) in &self.set {
            command.env(name, value);
        }
        if let Some(dir) = &self.dir {
            command.current_dir(dir);
        }
        command.stdin(if self.stdin.is_empty() { Stdio::null() } else { Stdio::piped() });
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// The command with our whole environment and our terminal.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that starts a process")]
    pub(super) fn terminal_command(&self) -> Command {
        let mut command = Command::new(self.program.path());
        command.args(&self.args);
        for (name, value) in &self.set {
            command.env(name, value);
        }
        if let Some(dir) = &self.dir {
            command.current_dir(dir);
        }
        command
    }
}
