//! What a terminal sends, decoded: bytes in, keys, pastes, clicks and answers out. No byte is waited for here.
//!
//! The sequences are those of ECMA-48 (CSI, SS3), xterm's control sequences (modifiers, bracketed paste, focus, SGR
//! mouse) and the Linux console. What nobody here asked for is passed over whole, so that its bytes are never taken for keys.

use crate::screen::keys::{Code, Key};

/// One thing that the terminal reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Report {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted (bracketed paste, mode 2004).
    Paste(String),
    /// The terminal got or lost the focus (mode 1004).
    Focus(bool),
    /// The wheel was turned, by so many rows; negative is up.
    Wheel(isize),
    /// The left button was pressed, at a column and a row counted from 0.
    Click(u16, u16),
    /// The answer to what the background is (OSC 11), as `rgb:ffff/ffff/ffff`.
    Background(String),
    /// The answer to what the terminal is (primary device attributes). Every terminal gives it, in order.
    Attributes,
}

const PASTE: &[u8] = b"\x1b[200~";
const PASTED: &[u8] = b"\x1b[201~";
const BACKGROUND: &[u8] = b"\x1b]11;";
/// Bytes of a sequence that is not over yet: what is longer is none.
const LONGEST: usize = 64;
/// Bytes of a paste that are kept; what comes after them until its end is passed over.
const LONGEST_PASTE: usize = 1 << 20;
/// Rows that one step of the wheel goes.
const STEP: isize = 3;

/// Decodes a stream of bytes that comes in pieces.
#[derive(Debug, Default)]
pub struct Decoder {
    /// The beginning of a sequence, or of a character, that is not over.
    pending: Vec<u8>,
    /// The text of a paste so far.
    pasting: Option<Vec<u8>>,
}

/// How many bytes a sequence takes, and what it reports; none while it is not over.
type Step = Option<(usize, Option<Report>)>;

impl Decoder {
    /// Takes in bytes and says what they report. `more`: further bytes are there already. Where none are, an escape
    /// that nothing follows is the key.
    pub fn feed(&mut self, bytes: &[u8], more: bool) -> Vec<Report> {
        let mut reports = vec![];
        let mut rest = std::mem::take(&mut self.pending);
        rest.extend_from_slice(bytes);
        let mut at = 0;
        while at < rest.len() {
            let left = &rest[at..];
            if self.pasting.is_some() {
                at += self.paste(left, &mut reports);
                continue;
            }
            if left.starts_with(PASTE) {
                self.pasting = Some(vec![]);
                at += PASTE.len();
                continue;
            }
            let (taken, report) = match step(left) {
                Some(step) => step,
                None if more => break,
                None if left == b"\x1b" => (1, Some(plain(Code::Esc))),
                // What an answer begins with comes in one piece.
                None if left == b"\x1b]" => (2, Some(alt(Report::Key(Key::char(']'))))),
                None => break,
            };
            reports.extend(report);
            at += taken;
        }
        self.pending = rest.split_off(at);
        reports
    }

    /// Adds to the paste; how many bytes of it were taken.
    fn paste(&mut self, bytes: &[u8], reports: &mut Vec<Report>) -> usize {
        let Some(text) = &mut self.pasting else { return 0 };
        // The end may come in two pieces.
        let before = text.len();
        text.extend_from_slice(bytes);
        let from = before.saturating_sub(PASTED.len() - 1);
        let end = text[from..].windows(PASTED.len()).position(|it| it == PASTED).map(|at| from + at);
        let Some(end) = end else {
            if text.len() > LONGEST_PASTE {
                let tail = text.len() - (PASTED.len() - 1);
                text.drain(tail.min(LONGEST_PASTE - PASTED.len())..tail);
            }
            return bytes.len();
        };
        reports.push(Report::Paste(String::from_utf8_lossy(&text[..end]).into_owned()));
        self.pasting = None;
        end + PASTED.len() - before
    }
}

fn plain(code: Code) -> Report {
    Report::Key(Key::plain(code))
}

fn alt(report: Report) -> Report {
    match report {
        Report::Key(key) => Report::Key(Key { alt: true, ..key }),
        other => other,
    }
}

fn step(bytes: &[u8]) -> Step {
    let key = |key| Some((1, Some(Report::Key(key))));
    match *bytes.first()? {
        0x1b => escape(bytes),
        b'\r' => key(Key::plain(Code::Enter)),
        b'\t' => key(Key::plain(Code::Tab)),
        0x7f => key(Key::plain(Code::Backspace)),
        0 => key(Key::ctrl(' ')),
        byte @ 1..=0x1a => key(Key::ctrl(char::from(byte | 0x60))),
        byte @ 0x1c..=0x1f => key(Key::ctrl(char::from(byte - 0x1c + b'4'))),
        _ => character(bytes),
    }
}

/// A character of UTF-8. A byte that is of none is passed over.
fn character(bytes: &[u8]) -> Step {
    let length = match bytes[0] {
        0x20..=0x7e => 1,
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return Some((1, None)),
    };
    let piece = &bytes[..length.min(bytes.len())];
    match std::str::from_utf8(piece) {
        Ok(text) => Some((length, text.chars().next().map(|c| Report::Key(Key::char(c))))),
        Err(why) if why.error_len().is_none() => None,
        Err(_) => Some((1, None)),
    }
}

fn escape(bytes: &[u8]) -> Step {
    match *bytes.get(1)? {
        0x1b => Some((1, Some(plain(Code::Esc)))),
        b'[' => csi(bytes),
        b'O' => Some((3, final_key(*bytes.get(2)?).map(plain))),
        b']' => answer(bytes),
        _ => step(&bytes[1..]).map(|(taken, report)| (taken + 1, report.map(alt))),
    }
}

/// The answer to OSC 11, which ends with BEL or ST. Anything else is alt and a bracket.
fn answer(bytes: &[u8]) -> Step {
    let typed = Some((2, Some(alt(Report::Key(Key::char(']'))))));
    if !bytes.starts_with(BACKGROUND) {
        return if BACKGROUND.starts_with(bytes) { None } else { typed };
    }
    let rest = &bytes[BACKGROUND.len()..];
    let Some(end) = rest.iter().position(|byte| matches!(byte, 0x07 | 0x1b)) else {
        return if bytes.len() < LONGEST { None } else { typed };
    };
    let closing = if rest[end] == 0x07 { 1 } else { rest.get(end + 1).map(|_| 2)? };
    let text = String::from_utf8_lossy(&rest[..end]).into_owned();
    Some((BACKGROUND.len() + end + closing, Some(Report::Background(text))))
}

/// A control sequence: parameters, intermediates, one final byte.
fn csi(bytes: &[u8]) -> Step {
    match *bytes.get(2)? {
        // The Linux console's function keys.
        b'[' => {
            let byte = *bytes.get(3)?;
            return Some((4, (b'A'..=b'E').contains(&byte).then(|| plain(Code::F(byte - b'A' + 1)))));
        }
        // A mouse of before SGR: three bytes, each with 32 added.
        b'M' => {
            let [button, column, row] = *bytes.get(3..6)? else { return None };
            let at = |byte: u8| u16::from(byte.saturating_sub(32));
            return Some((6, mouse(at(button), at(column), at(row))));
        }
        _ => {}
    }
    let Some(end) = bytes[2..].iter().position(|byte| !(0x20..=0x3f).contains(byte)).map(|at| at + 2) else {
        return if bytes.len() < LONGEST { None } else { Some((bytes.len(), None)) };
    };
    let last = bytes[end];
    if !(0x40..=0x7e).contains(&last) {
        // It was broken off: what broke it off stands for itself.
        return Some((end, None));
    }
    let parameters = std::str::from_utf8(&bytes[2..end]).unwrap_or_default();
    Some((end + 1, sequence(parameters, last)))
}

fn sequence(parameters: &str, last: u8) -> Option<Report> {
    if let Some(sgr) = parameters.strip_prefix('<') {
        let [button, column, row] = numbers(sgr);
        return (last == b'M').then(|| mouse(button, column, row)).flatten();
    }
    if parameters.starts_with('?') {
        return (last == b'c').then_some(Report::Attributes);
    }
    let [first, second, third] = numbers(parameters);
    match last {
        b'I' if parameters.is_empty() => Some(Report::Focus(true)),
        b'O' if parameters.is_empty() => Some(Report::Focus(false)),
        // A mouse as rxvt tells it (mode 1015).
        b'M' => mouse(first.saturating_sub(32), second, third),
        b'Z' => Some(plain(Code::BackTab)),
        // A place of the cursor; as a key with modifiers its first number is 1.
        b'R' if first > 1 => None,
        b'~' if first == 27 => held(coded(third)?, second),
        b'~' => held(numbered(first)?, second),
        b'u' if parameters.split(';').nth(1).is_some_and(|it| it.ends_with(":3")) => None,
        b'u' => held(coded(first)?, second),
        _ => held(final_key(last)?, second),
    }
}

/// The first three numbers; 0 where there is none. Of `1:3` it is the 1.
fn numbers(parameters: &str) -> [u16; 3] {
    let mut numbers = parameters.split(';').map(|it| it.split(':').next().unwrap_or(it));
    std::array::from_fn(|_| numbers.next().and_then(|it| it.parse().ok()).unwrap_or_default())
}

/// A key with its modifiers: one more than the sum of 1 for shift, 2 for alt, 4 for control.
fn held(code: Code, modifiers: u16) -> Option<Report> {
    let mask = modifiers.saturating_sub(1);
    let shift = mask & 1 != 0;
    let code = match code {
        Code::Tab if shift => Code::BackTab,
        Code::Char(c) if shift => Code::Char(c.to_uppercase().next().unwrap_or(c)),
        other => other,
    };
    Some(Report::Key(Key { code, alt: mask & 2 != 0, ctrl: mask & 4 != 0 }))
}

/// The key of a final byte: the arrows, the ends, F1 to F4.
fn final_key(last: u8) -> Option<Code> {
    Some(match last {
        b'A' => Code::Up,
        b'B' => Code::Down,
        b'C' => Code::Right,
        b'D' => Code::Left,
        b'H' => Code::Home,
        b'F' => Code::End,
        b'M' => Code::Enter,
        b'P'..=b'S' => Code::F(last - b'P' + 1),
        _ => return None,
    })
}

/// The key of a number before `~`, as the VT220 counts them: it leaves gaps between the function keys.
fn numbered(number: u16) -> Option<Code> {
    let function = |first: u16, key: u16| u8::try_from(number - first + key).ok().map(Code::F);
    match number {
        1 | 7 => Some(Code::Home),
        4 | 8 => Some(Code::End),
        3 => Some(Code::Delete),
        5 => Some(Code::PageUp),
        6 => Some(Code::PageDown),
        11..=15 => function(11, 1),
        17..=21 => function(17, 6),
        23..=26 => function(23, 11),
        28..=29 => function(28, 15),
        31..=34 => function(31, 17),
        _ => None,
    }
}

/// The key of a character's number.
fn coded(number: u16) -> Option<Code> {
    Some(match number {
        9 => Code::Tab,
        13 => Code::Enter,
        27 => Code::Esc,
        127 => Code::Backspace,
        other => Code::Char(char::from_u32(u32::from(other)).filter(|c| !c.is_control())?),
    })
}

/// What a button's number says: its lowest bits and the highest are the button, 32 a move, the rest modifiers.
fn mouse(button: u16, column: u16, row: u16) -> Option<Report> {
    match (button & 0b11) | ((button & 0b1100_0000) >> 4) {
        _ if button & 32 != 0 => None,
        0 => Some(Report::Click(column.saturating_sub(1), row.saturating_sub(1))),
        4 => Some(Report::Wheel(-STEP)),
        5 => Some(Report::Wheel(STEP)),
        _ => None,
    }
}
