//! Colours for a terminal of sixteen: crossterm names them all as one of 256, which such a terminal need not know.

use std::io::{self, Write};

/// A sequence that is longer than any of ours; it is passed on as it is.
const LONGEST: usize = 64;

/// A writer that writes the sixteen colours as 30 to 37 and 90 to 97 (40 to 47 and 100 to 107 behind the text) instead
/// of `38;5;n` and `48;5;n`. Source: ECMA-48, 8.3.117, and XTerm Control Sequences for the bright ones.
#[derive(Debug)]
pub struct Sixteen<W> {
    inner: W,
    on: bool,
    /// A sequence that has begun.
    begun: Vec<u8>,
}

impl<W: Write> Sixteen<W> {
    /// Over a writer; without `on` it passes everything through.
    pub fn new(inner: W, on: bool) -> Self {
        Self { inner, on, begun: Vec::new() }
    }

    /// Takes one byte of a sequence that has begun, and writes the sequence once it is known.
    fn take(&mut self, byte: u8) -> io::Result<()> {
        self.begun.push(byte);
        let (over, ours) = match self.begun.as_slice() {
            [_, b'['] => (false, false),
            [_, b'[', .., b'm'] => (true, true),
            [_, b'[', .., end] => ((0x40..=0x7e).contains(end), false),
            _ => (true, false),
        };
        if !over && self.begun.len() < LONGEST {
            return Ok(());
        }
        let sequence = std::mem::take(&mut self.begun);
        let parameters = sequence.get(2..sequence.len() - 1).and_then(|it| std::str::from_utf8(it).ok());
        match parameters {
            Some(parameters) if ours => write!(self.inner, "\x1b[{}m", named(parameters)),
            _ => self.inner.write_all(&sequence),
        }
    }
}

impl<W: Write> Write for Sixteen<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.on {
            return self.inner.write(bytes);
        }
        let mut rest = bytes;
        while let Some((first, behind)) = rest.split_first() {
            if !self.begun.is_empty() {
                self.take(*first)?;
                rest = behind;
            } else if *first == 0x1b {
                self.begun.push(*first);
                rest = behind;
            } else {
                let plain = rest.iter().position(|byte| *byte == 0x1b).unwrap_or(rest.len());
                self.inner.write_all(&rest[..plain])?;
                rest = &rest[plain..];
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// The parameters of a style, the sixteen by their own numbers.
fn named(parameters: &str) -> String {
    let mut said: Vec<String> = Vec::new();
    let mut rest = parameters.split(';');
    while let Some(one) = rest.next() {
        let mut ahead = rest.clone();
        let colour = match (one, ahead.next(), ahead.next()) {
            ("38" | "48", Some("5"), Some(colour)) => colour.parse::<u8>().ok(),
            _ => None,
        };
        let ground = if one == "48" { 10 } else { 0 };
        match colour {
            Some(colour @ 0..8) => said.push((30 + ground + colour).to_string()),
            Some(colour @ 8..16) => said.push((90 + ground + colour - 8).to_string()),
            _ => {
                said.push(one.to_owned());
                continue;
            }
        }
        rest = ahead;
    }
    said.join(";")
}
