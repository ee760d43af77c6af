//! Whether the terminal is light or dark: asked once (OSC 11), after the first frame, without losing a key.

use crate::screen::keys::{Code, Key};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::io::Write;
use std::time::{Duration, Instant};

/// How long the terminal may take to answer. A terminal that knows neither question never answers.
const PATIENCE: Duration = Duration::from_millis(80);

/// What was found out.
pub(super) struct Found {
    /// Whether the background is light; none when the terminal did not say.
    pub light: Option<bool>,
    /// Keys that were typed meanwhile.
    pub typed: Vec<Key>,
}

/// Asks the terminal for its background. `COLORFGBG` answers without asking.
pub(super) fn ask(colorfgbg: Option<&str>) -> Found {
    if let Some(light) = colorfgbg.and_then(by_colorfgbg) {
        return Found { light: Some(light), typed: vec![] };
    }
    let mut out = std::io::stdout();
    // The second question (primary device attributes) is one that every terminal answers: after it, the first
    // will not be answered any more.
    if out.write_all(b"\x1b]11;?\x1b\\\x1b[c").and_then(|()| out.flush()).is_err() {
        return Found { light: None, typed: vec![] };
    }
    let bytes = read(PATIENCE);
    sort_out(&bytes)
}

/// `15;0` is white on black: the last number is the background of the 16 colours.
fn by_colorfgbg(value: &str) -> Option<bool> {
    let background: u8 = value.rsplit(';').next()?.trim().parse().ok()?;
    Some(background == 7 || background == 15)
}

fn read(patience: Duration) -> Vec<u8> {
    let start = Instant::now();
    let mut bytes = Vec::new();
    let stdin = std::io::stdin();
    while let Some(left) = patience.checked_sub(start.elapsed()) {
        let wait = Timespec { tv_sec: 0, tv_nsec: i64::from(left.subsec_nanos()) };
        let mut fds = [PollFd::new(&stdin, PollFlags::IN)];
        if !matches!(poll(&mut fds, Some(&wait)), Ok(ready) if ready > 0) {
            break;
        }
        let mut chunk = [0; 256];
        match rustix::io::read(&stdin, &mut chunk) {
            Ok(0) | Err(_) => break,
            Ok(count) => bytes.extend_from_slice(&chunk[..count]),
        }
        if has_attributes(&bytes) || bytes.len() > 4096 {
            break;
        }
    }
    bytes
}

/// Whether the answer to the second question is there: `ESC [ ? … c`.
fn has_attributes(bytes: &[u8]) -> bool {
    let start = bytes.windows(3).position(|it| it == b"\x1b[?");
    start.is_some_and(|at| bytes[at + 3..].contains(&b'c'))
}

/// Separates the answers from what was typed.
fn sort_out(bytes: &[u8]) -> Found {
    let mut found = Found { light: None, typed: vec![] };
    let mut rest = bytes;
    while let Some(first) = rest.first() {
        if rest.starts_with(b"\x1b]11;") {
            let end =
                rest.iter().skip(1).position(|b| *b == 0x07 || *b == 0x1b).map_or(rest.len(), |at| at + 1);
            found.light = is_light(&rest[5..end]);
            let closing = if rest.get(end) == Some(&0x1b) { 2 } else { 1 };
            rest = rest.get(end + closing..).unwrap_or_default();
        } else if rest.starts_with(b"\x1b[?") {
            let end = rest.iter().position(|b| *b == b'c').map_or(rest.len(), |at| at + 1);
            rest = &rest[end..];
        } else {
            match first {
                b'\r' => found.typed.push(Key::plain(Code::Enter)),
                b'\t' => found.typed.push(Key::plain(Code::Tab)),
                0x20..0x7f => found.typed.push(Key::char(char::from(*first))),
                0x01..0x1b => found.typed.push(Key::ctrl(char::from(first | 0x60))),
                _ => {}
            }
            rest = &rest[1..];
        }
    }
    found
}

/// `rgb:ffff/ffff/ffff`: light when its luminance is over a half.
fn is_light(answer: &[u8]) -> Option<bool> {
    let text = std::str::from_utf8(answer).ok()?;
    let channels = text.split_once(':')?.1;
    let values: Vec<f64> = channels
        .split('/')
        .take(3)
        .map(|hex| {
            let hex = hex.trim();
            let most = f64::from(16u32.pow(u32::try_from(hex.len().clamp(1, 4)).unwrap_or(4)) - 1);
            u32::from_str_radix(hex, 16).map(|value| f64::from(value) / most)
        })
        .collect::<Result<_, _>>()
        .ok()?;
    let [red, green, blue] = values[..] else { return None };
    Some(0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.5)
}
