//! The terminal: its modes set on the way in, and all of them undone on every way out.

use super::sixteen::Sixteen;
use crate::view::colour::Depth;
use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste, EnableFocusChange,
    EnableMouseCapture,
};
use crossterm::style::Print;
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, SetTitle,
};
use crossterm::{cursor, execute, queue};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use std::io::{self, BufWriter, Stdout, Write};
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the modes are set: read by the panic hook, which has no other way to know.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The terminal, taken for the cockpit until it is dropped.
pub struct Screenful {
    /// What is drawn on.
    pub terminal: Terminal<CrosstermBackend<Sixteen<BufWriter<Stdout>>>>,
    mouse: bool,
}

impl Screenful {
    /// Takes the terminal.
    ///
    /// # Errors
    /// When it is no terminal, or cannot be set.
    pub fn take(mouse: bool, depth: Depth) -> io::Result<Self> {
        set(mouse)?;
        // One buffer a frame, so that a frame is one write.
        let frame = BufWriter::with_capacity(64 * 1024, io::stdout());
        let backend = CrosstermBackend::new(Sixteen::new(frame, depth == Depth::Ansi16));
        let terminal = Terminal::new(backend)?;
        Ok(Self { terminal, mouse })
    }

    /// Draws a frame, whole or not at all where the terminal knows synchronized output (mode 2026).
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn draw(&mut self, render: impl FnOnce(&mut ratatui::Frame)) -> io::Result<()> {
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        self.terminal.draw(render)?;
        queue!(self.terminal.backend_mut(), EndSynchronizedUpdate)?;
        self.terminal.backend_mut().flush()
    }

    /// Gives the terminal back for a while: to an editor, to the shell.
    ///
    /// # Errors
    /// When it cannot be set.
    pub fn lend(&mut self) -> io::Result<()> {
        restore();
        Ok(())
    }

    /// Takes the terminal again; the next frame is drawn whole.
    ///
    /// # Errors
    /// When it cannot be set.
    pub fn take_back(&mut self) -> io::Result<()> {
        set(self.mouse)?;
        let (columns, rows) = crossterm::terminal::size()?;
        // Not `clear`: it asks the terminal where the cursor is, and waits for an answer that may never come.
        self.terminal.resize(Rect::new(0, 0, columns, rows))
    }

    /// Writes bytes of our own to the terminal: a title, a copy.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let out = self.terminal.backend_mut();
        out.write_all(bytes)?;
        out.flush()
    }
}

impl Drop for Screenful {
    fn drop(&mut self) {
        restore();
    }
}

/// Keeps the terminal's title, and puts it back (XTWINOPS 22 and 23 of xterm); others pass them over.
const KEEP_TITLE: &str = "\x1b[22;2t";
const TITLE_BACK: &str = "\x1b[23;2t";

fn set(mouse: bool) -> io::Result<()> {
    crossterm::terminal::enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    let mut out = io::stdout();
    let set = execute!(
        out,
        EnterAlternateScreen,
        EnableBracketedPaste,
        EnableFocusChange,
        Print(KEEP_TITLE),
        SetTitle("gonogo")
    );
    let set = set.and_then(|()| if mouse { execute!(out, EnableMouseCapture) } else { Ok(()) });
    set.inspect_err(|_| restore())
}

/// Undoes every mode, as often as it is called. Errors are passed over: there is nobody left to tell.
pub fn restore() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = io::stdout();
    // What has no terminal any more cannot be restored, and that is all right.
    let _ = execute!(
        out,
        EndSynchronizedUpdate,
        DisableMouseCapture,
        DisableFocusChange,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        Print(TITLE_BACK),
        cursor::Show
    );
    let _ = crossterm::terminal::disable_raw_mode();
    let _ = out.flush();
}

/// Makes a panic leave a usable terminal: modes first, then the message, without secrets or control characters.
pub fn guard_panics() {
    std::panic::set_hook(Box::new(move |info| {
        restore();
        // The hook of before would print the message as it is, so the backtrace is ours too, where one is wanted.
        let trace = std::backtrace::Backtrace::capture();
        let wanted = trace.status() == std::backtrace::BacktraceStatus::Captured;
        let text = if wanted { format!("{info}\n{trace}") } else { info.to_string() };
        let text = crate::forge::token::scrub(&text);
        for line in text.lines() {
            eprintln!("{}", crate::release::text::shown(line, 400));
        }
        eprintln!("gonogo broke. The journal is safe: every line was on disk before it was acted on.");
        // On whatever thread it was: a cockpit that goes on would draw on a terminal that it gave back.
        std::process::exit(101);
    }));
}

/// The bytes that copy a text to the clipboard (OSC 52), at most 100 KB: more is refused by most terminals.
#[must_use]
pub fn copy_bytes(text: &str) -> Option<Vec<u8>> {
    use base64::Engine as _;
    (text.len() <= 100_000).then(|| {
        let encoded = base64::engine::general_purpose::STANDARD.encode(text);
        format!("\x1b]52;c;{encoded}\x07").into_bytes()
    })
}
