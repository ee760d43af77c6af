//! What the system asks of the process: to end, to stop, to lend the screen to an editor.

use super::decode::Report;
use super::keyboard::Keyboard;
use crate::release::ask::Tool;
use crate::release::picks::Resolving;
use crate::screen::Screen;
use crate::spawn::{Call, Program};
use crate::turn::Event;
use futures_util::FutureExt as _;
use std::path::Path;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc::UnboundedReceiver;

/// Leaves at once when `q` or ctrl-c was pressed while the journal is read: nothing has been written yet.
pub(super) fn leave_if_asked(keyboard: Option<&mut Keyboard>) {
    if keyboard.is_some_and(Keyboard::asks_to_leave) {
        super::terminal::restore();
        std::process::exit(0);
    }
}

/// Runs the editor on a text in a file of its own, and reads what was written.
pub(super) fn edit_in(editor: &[String], text: &str) -> Result<String, String> {
    use std::io::Write as _;
    let failed = |why: std::io::Error| why.to_string();
    let mut file = tempfile::Builder::new().prefix("gonogo-").suffix(".md").tempfile().map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.flush()).map_err(failed)?;
    let [name, arguments @ ..] = editor else { return Err("no editor is set: set EDITOR".to_owned()) };
    let program = Program::find(name).map_err(|why| why.to_string())?;
    let status =
        Call::new(&program).args(arguments).arg(file.path()).attended_now().map_err(|why| why.to_string())?;
    if !status.success() {
        return Err(format!("{name} ended with {status}; what was typed is as it was"));
    }
    std::fs::read_to_string(file.path()).map_err(failed)
}

/// Runs a tool on a conflict, in its worktree.
pub(super) fn resolve_with(editor: &[String], it: &Resolving, tool: Tool) -> Result<(), String> {
    let worktree = Path::new(it.worktree.raw());
    let shell = || std::env::var("SHELL").unwrap_or_else(|_| "sh".to_owned());
    // A path never looks like an option to the editor.
    let files = it.files.iter().map(|path| format!("./{}", path.raw()));
    let words: Vec<String> = match tool {
        Tool::Editor => editor.iter().cloned().chain(files).collect(),
        Tool::Mergetool => vec!["git".to_owned(), "mergetool".to_owned()],
        Tool::Shell => vec![shell()],
    };
    let [name, arguments @ ..] = &words[..] else { return Err("no editor is set: set EDITOR".to_owned()) };
    let program = Program::find(name).map_err(|why| why.to_string())?;
    let call = crate::git::apply::for_person(&program, worktree).args(arguments);
    let status = call.attended_now().map_err(|why| why.to_string())?;
    // How a shell ends is how its last command did: that says nothing of the conflict.
    if status.success() || tool == Tool::Shell { Ok(()) } else { Err(format!("{name} ended with {status}")) }
}

/// Signals that end, stop or resume the process.
pub(super) struct Signals {
    pub ends: Ends,
    pub stopped: Signal,
    pub resumed: Signal,
    /// The terminal has another size.
    pub resized: Signal,
    /// A file reached the limit of `ulimit -f`: with this heard, the write fails instead of the process.
    _limited: Signal,
}

/// Signals that end the process.
pub(super) struct Ends {
    terminate: Signal,
    hangup: Signal,
    interrupt: Signal,
    quit: Signal,
}

impl Signals {
    pub fn new() -> std::io::Result<Self> {
        use rustix::process::Signal as Number;
        let ends = Ends {
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
            quit: signal(SignalKind::quit())?,
        };
        let stopped = signal(SignalKind::from_raw(Number::TSTP.as_raw()))?;
        let resumed = signal(SignalKind::from_raw(Number::CONT.as_raw()))?;
        let resized = signal(SignalKind::window_change())?;
        let limited = signal(SignalKind::from_raw(Number::XFSZ.as_raw()))?;
        Ok(Self { ends, stopped, resumed, resized, _limited: limited })
    }
}

impl Ends {
    /// An interrupt that came while another program had the terminal is taken as heard.
    pub fn forget_interrupt(&mut self) {
        while matches!(self.interrupt.recv().now_or_never(), Some(Some(()))) {}
    }

    pub async fn any(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.hangup.recv() => {}
            _ = self.interrupt.recv() => {}
            _ = self.quit.recv() => {}
        }
    }
}

/// The next line typed; never, where a full screen reads keys.
pub(super) async fn hear(heard: &mut Option<UnboundedReceiver<String>>) -> Option<String> {
    match heard {
        Some(heard) => heard.recv().await,
        None => std::future::pending().await,
    }
}

/// The next report of the terminal; never, where lines are typed.
pub(super) async fn report(keyboard: &mut Option<Keyboard>) -> std::io::Result<Report> {
    match keyboard {
        Some(keyboard) => keyboard.next().await,
        None => std::future::pending().await,
    }
}

pub(super) async fn sleep(wait: Option<Duration>) {
    if let Some(wait) = wait {
        tokio::time::sleep(wait).await;
    }
}

/// The size that the terminal has now, or else the one known.
pub(super) fn resized(screen: &Screen) -> Event {
    let (columns, rows) = crossterm::terminal::size().unwrap_or(screen.size);
    Event::Resize(columns, rows)
}
