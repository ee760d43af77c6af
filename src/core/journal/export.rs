//! The journal as one JSON document, for those who count.

use super::disk::Source;
use super::line::hex;
use super::read::{Walked, read_all};
use std::io::{self, Write};

/// The name of the exported format.
pub const FORMAT: &str = "gonogo-journal-export/1";

/// Writes `{"format", "entries": [lines as they stand], "verdict", "head": {seq, h}}`, in constant memory.
///
/// # Errors
/// When the source cannot be read or the output not written.
pub fn json(source: &dyn Source, out: &mut dyn Write) -> io::Result<Walked> {
    write!(out, r#"{{"format":"{FORMAT}","entries":["#)?;
    let mut written = Ok(());
    let mut first = true;
    let walked = read_all(source, &mut |line, _| {
        if written.is_ok() {
            let text = if line.kind == super::line::EXPUNGED {
                super::line::seal_tombstone(line.seq, &line.prev, &line.h)
            } else {
                line.text()
            };
            written = write!(out, "{}\n{text}", if first { "" } else { "," });
            first = false;
        }
    })?;
    written?;
    let (word, seq, head) = (walked.verdict.word(), walked.chain.seq, hex(&walked.chain.head));
    writeln!(out, "\n],\"verdict\":\"{word}\",\"head\":{{\"seq\":{seq},\"h\":\"sha256:{head}\"}}}}")?;
    Ok(walked)
}
