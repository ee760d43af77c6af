//! A terminal of the test's own: a pseudo-terminal, the built binary in it, and what a person would see there.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::OwnedFd;
use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

/// How long anything may take before a test fails: long, for a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(50);
/// Key presses, as bytes.
pub const ENTER: &str = "\r";
pub const CTRL_Z: &str = "\x1a";

/// The binary in a terminal.
pub struct Term {
    master: OwnedFd,
    child: Child,
    parser: vt100::Parser,
    /// Everything that was written to the terminal.
    pub raw: Vec<u8>,
    seen: usize,
    ended: bool,
}

/// The binary as a user would start it, with nothing of the environment but what is named here.
pub fn gonogo(args: &[&str], home: &Path) -> Command {
    #[expect(clippy::disallowed_methods, reason = "a test starts the binary as a user would")]
    let mut command = Command::new(env!("CARGO_BIN_EXE_gonogo"));
    command.args(args).current_dir(home).env_clear();
    command.env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", home);
    command.env("XDG_CONFIG_HOME", home.join("config")).env("XDG_CACHE_HOME", home.join("cache"));
    command.env("XDG_STATE_HOME", home.join("state"));
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    // Nothing that is not on this machine is reached: nobody listens there.
    command.env("HTTPS_PROXY", "http://127.0.0.1:9");
    // With COLORFGBG the terminal is not asked for its background.
    command.env("TERM", "xterm-256color").env("COLORFGBG", "15;0").env("LANG", "C.UTF-8");
    command
}

impl Term {
    /// Starts a command in a terminal of 120 columns and 36 rows.
    pub fn start(mut command: Command) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap();
        let slave = std::fs::OpenOptions::new().read(true).write(true).open(name.to_str().unwrap()).unwrap();
        tcsetwinsize(&master, Winsize { ws_row: 36, ws_col: 120, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
        let copy = || slave.try_clone().unwrap();
        let child = command.stdin(copy()).stdout(copy()).stderr(copy()).spawn().unwrap();
        let parser = vt100::Parser::new(36, 120, 0);
        Self { master, child, parser, raw: Vec::new(), seen: 0, ended: false }
    }

    pub fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// What is on the screen.
    pub fn screen(&self) -> String {
        self.parser.screen().contents()
    }

    /// The colours of the text and of the ground that are on the screen.
    pub fn colours(&self) -> BTreeSet<String> {
        let screen = self.parser.screen();
        let (rows, columns) = screen.size();
        let cells = (0..rows).flat_map(|row| (0..columns).filter_map(move |column| screen.cell(row, column)));
        cells.map(|cell| format!("{:?} on {:?}", cell.fgcolor(), cell.bgcolor())).collect()
    }

    /// Waits until the screen holds a text.
    pub fn see(&mut self, text: &str) {
        self.until(text, |screen| screen.contains(text));
    }

    /// Waits until the screen is as wanted.
    pub fn until(&mut self, what: &str, wanted: impl Fn(&str) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !wanted(&self.screen()) {
            let over = self.ended || Instant::now() > end;
            assert!(!over, "{what:?} never came; ended: {}; the screen:\n{}", self.ended, self.screen());
            self.pump(end);
        }
    }

    /// Waits until the bytes written since the last such wait hold a text.
    pub fn hear(&mut self, text: &str) {
        let end = Instant::now() + PATIENCE;
        let found = |raw: &[u8]| raw.windows(text.len()).position(|it| it == text.as_bytes());
        let at = loop {
            if let Some(at) = found(&self.raw[self.seen..]) {
                break at;
            }
            let over = self.ended || Instant::now() > end;
            assert!(!over, "{text:?} was never said:\n{}", String::from_utf8_lossy(&self.raw));
            self.pump(end);
        };
        self.seen += at + text.len();
    }

    /// Waits until something outside of the terminal holds, reading on meanwhile.
    pub fn meanwhile(&mut self, what: &str, holds: impl Fn() -> bool) {
        let end = Instant::now() + PATIENCE;
        while !holds() {
            assert!(Instant::now() < end, "{what}: never; the screen:\n{}", self.screen());
            self.pump(Instant::now() + Duration::from_millis(20));
        }
    }

    /// Opens what is unfinished and gives the first of these answers that is offered. A plan that goes is not gone on with:
    /// then what was opened is closed again, and its next step comes by itself.
    pub fn unfinished(&mut self, answers: &[&str]) {
        self.press("gu");
        self.until("what is unfinished", |it| {
            it.contains("Unfinished") || it.contains("nothing is unfinished")
        });
        let screen = self.screen();
        // The journal behind it may hold the same words: what fits nothing is not offered.
        for answer in answers.iter().filter(|answer| screen.contains(**answer)) {
            self.press(answer);
            self.settle();
            if !self.screen().contains("nothing fits what is typed") {
                return self.press(ENTER);
            }
            self.press(&"\x7f".repeat(answer.len()));
        }
        self.press("\x1b");
        self.settle();
    }

    /// Reads on until nothing more comes for a moment: what the keys before brought is on the screen.
    pub fn settle(&mut self) {
        let end = Instant::now() + PATIENCE;
        loop {
            let before = self.raw.len();
            self.pump(Instant::now() + Duration::from_millis(150));
            if self.raw.len() == before || self.ended {
                break;
            }
            assert!(Instant::now() < end, "it never rests; the screen:\n{}", self.screen());
        }
    }

    /// Reads what the terminal gets, at the latest until `end`.
    fn pump(&mut self, end: Instant) {
        let left = end.saturating_duration_since(Instant::now()).min(Duration::from_millis(500));
        let wait = Timespec { tv_sec: 0, tv_nsec: i64::from(left.subsec_nanos()) };
        let mut fds = [PollFd::new(&self.master, PollFlags::IN)];
        if !matches!(poll(&mut fds, Some(&wait)), Ok(ready) if ready > 0) {
            return;
        }
        let mut chunk = [0; 16 * 1024];
        match rustix::io::read(&self.master, &mut chunk) {
            // The other side is closed: on Linux that is an error.
            Ok(0) | Err(_) => self.ended = true,
            Ok(count) => {
                self.raw.extend_from_slice(&chunk[..count]);
                // The emulator takes no narrower screens.
                if self.parser.screen().size().1 >= 4 {
                    self.parser.process(&chunk[..count]);
                }
            }
        }
    }

    /// Presses keys.
    pub fn press(&mut self, keys: &str) {
        rustix::io::write(&self.master, keys.as_bytes()).unwrap();
    }

    /// Gives the terminal another size. It is not the child's controlling terminal, so the signal is sent by hand.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.parser = vt100::Parser::new(rows.max(4), columns.max(1), 0);
        tcsetwinsize(&self.master, Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 })
            .unwrap();
        self.signal(Signal::WINCH);
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    /// Waits until the process is stopped, as by ctrl-z.
    pub fn stopped(&mut self) {
        let end = Instant::now() + PATIENCE;
        loop {
            let waited = waitpid(Some(self.pid()), WaitOptions::UNTRACED | WaitOptions::NOHANG).unwrap();
            if waited.is_some_and(|(_, status)| status.stopped()) {
                break;
            }
            assert!(Instant::now() < end, "it never stopped:\n{}", self.screen());
            self.pump(Instant::now() + Duration::from_millis(20));
        }
        self.pump(Instant::now());
    }

    /// Leaves by the key, also while a write is under way.
    pub fn leave(&mut self) -> ExitStatus {
        self.press("q");
        let end = Instant::now() + PATIENCE;
        let mut asked = false;
        while !self.ended {
            assert!(Instant::now() < end, "it never ended:\n{}", self.screen());
            if !asked && self.screen().contains("q leave now") {
                self.press("q");
                asked = true;
            }
            self.pump(end);
        }
        self.child.wait().unwrap()
    }

    /// Waits until the process has ended.
    pub fn end(&mut self) -> ExitStatus {
        let end = Instant::now() + PATIENCE;
        while !self.ended {
            assert!(Instant::now() < end, "it never ended:\n{}", self.screen());
            self.pump(end);
        }
        self.child.wait().unwrap()
    }

    /// Private modes of the terminal that were set and not reset, and what else is not as it was.
    pub fn left_on(&self) -> Vec<String> {
        let mut modes: BTreeMap<&str, bool> = BTreeMap::new();
        let text = String::from_utf8_lossy(&self.raw);
        for part in text.split("\x1b[?").skip(1) {
            let end = part.find(|c: char| !c.is_ascii_digit() && c != ';').unwrap_or(part.len());
            let on = part[end..].starts_with('h');
            if on || part[end..].starts_with('l') {
                part[..end].split(';').for_each(|mode| {
                    let mode = ALL.iter().find(|it| **it == mode).copied();
                    modes.insert(mode.expect("a mode that this test does not know"), on);
                });
            }
        }
        // A visible cursor is how it was; every other mode was off.
        let mut left: Vec<String> = modes
            .into_iter()
            .filter(|(mode, on)| *on != (*mode == "25"))
            .map(|(mode, on)| format!("mode {mode} is {}", if on { "on" } else { "off" }))
            .collect();
        let local = tcgetattr(&self.master).unwrap().local_modes;
        for (name, mode) in [("echo", LocalModes::ECHO), ("lines", LocalModes::ICANON)] {
            if !local.contains(mode) {
                left.push(format!("{name} is off"));
            }
        }
        left
    }
}

/// The private modes that are used.
const ALL: &[&str] = &["25", "1000", "1002", "1003", "1004", "1006", "1015", "1049", "2004", "2026"];

impl Drop for Term {
    fn drop(&mut self) {
        // A test that failed leaves nothing running.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
