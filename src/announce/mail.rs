//! Mail through the user's own mailer: a whole message on its standard input, and no shell.

use crate::release::announce::Announce;
use crate::release::errand::{Outcome, Status};
use crate::release::text::shown;
use crate::spawn::{Call, Cancel, Program, SpawnError};
use base64::Engine as _;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

/// Variables that mailers may need beyond what every process gets.
const KEPT: &[&str] = &["EMAIL", "GNUPGHOME", "DBUS_SESSION_BUS_ADDRESS", "XDG_STATE_HOME"];
/// Longest line of a header, in bytes. Source: RFC 5322, 2.1.1.
const HEADER: usize = 78;

/// A mailer, and whom it writes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailer {
    /// Program and arguments: it reads a message with its headers, as `sendmail -t` does.
    pub argv: Vec<String>,
    /// The address it goes to.
    pub to: String,
}

/// Whether a text is one plain address, which no mailer takes for an option or for two. Source: the dot-atom form of
/// RFC 5322, 3.4.1.
#[must_use]
pub fn is_address(text: &str) -> bool {
    let plain = |part: &str, more: &str| {
        !part.is_empty()
            && !part.starts_with(['-', '.'])
            && part.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c))
    };
    text.len() <= 254
        && text
            .split_once('@')
            .is_some_and(|(local, host)| plain(local, "!#$%&'*+-/=?^_`{|}~.") && plain(host, "-."))
}

/// Hands the message to the mailer, once.
pub(super) async fn send(mailer: &Mailer, it: &Announce) -> Outcome {
    let not = |why: String| Outcome::noted(Status::Failed, format!("{}; nothing was sent", shown(&why, 200)));
    if !is_address(&mailer.to) {
        return not("the address in to is none".to_owned());
    }
    let Some((name, arguments)) = mailer.argv.split_first() else {
        return not("no mailer is named".to_owned());
    };
    let program = match Program::find(name) {
        Ok(program) => program,
        Err(why) => return not(why.to_string()),
    };
    let call = Call::new(&program)
        .args(arguments)
        .keep(KEPT)
        .stdin(message(mailer, it))
        .caps(16 << 10, 16 << 10)
        .timeout(Duration::from_secs(120));
    let name = shown(name, 60);
    match call.run(&Cancel::new()).await {
        Ok(output) if output.status.success() => {
            let mut outcome = Outcome::noted(Status::Ok, format!("{name} took it for {}", mailer.to));
            outcome.after.insert("to".into(), mailer.to.as_str().into());
            outcome
        }
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            let said = shown(said.trim().lines().next().unwrap_or_default(), 160);
            // A mailer that gave up may have handed it on before.
            Outcome::noted(Status::Unknown, format!("{name} ended with {}: {said}", output.status))
        }
        Err(why @ (SpawnError::NotFound(_) | SpawnError::Start { .. })) => not(why.to_string()),
        Err(why) => Outcome::noted(
            Status::Unknown,
            format!("{}: it may have been sent", shown(&why.to_string(), 200)),
        ),
    }
}

/// Writes the message as a file of a demo's directory, where nobody is mailed.
pub(super) fn keep(mailer: &Mailer, it: &Announce, dir: &Path) -> Outcome {
    let not = |why: String| Outcome::noted(Status::Failed, format!("{}; nothing was sent", shown(&why, 200)));
    if !is_address(&mailer.to) {
        return not("the address in to is none".to_owned());
    }
    let written = std::fs::create_dir_all(dir).and_then(|()| {
        let mut file = tempfile::Builder::new().prefix("").suffix(".eml").tempfile_in(dir)?;
        file.write_all(&message(mailer, it))?;
        file.keep().map_err(|why| why.error)
    });
    match written {
        Ok((_, path)) => {
            let said = format!("a demo mails nobody: it is {}", shown(&path.display().to_string(), 200));
            Outcome::noted(Status::Ok, said)
        }
        Err(why) => not(why.to_string()),
    }
}

/// The message: headers, a blank line, the text as base64, so that no line of it is too long or means anything.
fn message(mailer: &Mailer, it: &Announce) -> Vec<u8> {
    let encoder = base64::engine::general_purpose::STANDARD;
    let subject = subject(&shown(it.title.raw(), 200), &encoder);
    let body = encoder.encode(it.text.raw().replace('\n', "\r\n"));
    let lines: Vec<&str> =
        body.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap_or_default()).collect();
    format!(
        "To: {}\nSubject: {subject}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\
         Content-Transfer-Encoding: base64\nAuto-Submitted: no\n\n{}\n",
        mailer.to,
        lines.join("\n")
    )
    .into_bytes()
}

/// A subject that is ASCII, folded. Source: RFC 2047, "encoded-word", each at most 75 bytes.
fn subject(text: &str, encoder: &impl base64::Engine) -> String {
    let plain = |c: char| c.is_ascii_graphic() || c == ' ';
    if text.chars().all(plain) && text.len() + 9 <= HEADER && !text.contains("=?") {
        return text.to_owned();
    }
    let mut words: Vec<String> = vec![];
    let mut piece = String::new();
    for c in text.chars() {
        if piece.len() + c.len_utf8() > 42 {
            words.push(std::mem::take(&mut piece));
        }
        piece.push(c);
    }
    words.push(piece);
    let words: Vec<_> = words.iter().map(|word| format!("=?utf-8?B?{}?=", encoder.encode(word))).collect();
    words.join("\n ")
}
