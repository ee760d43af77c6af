//! Titles without the marks of bots and of the forge, and the commits that a release makes of itself.

use crate::process::Process;
use crate::release::picks::{is_backport_word, leading_number, sentence};

/// A title without its numbers at the end, `(#12)` and `(backport #12)`, and without what a bot puts before that of
/// a backport: `[Backport release-1.2] `, `[release-1.2] `, `Automated cherry pick of #12: `.
#[must_use]
pub fn bare_title(title: &str, is_backport: bool) -> &str {
    let mut rest = title.trim();
    while let Some((before, inside)) = rest.strip_suffix(')').and_then(|it| it.rsplit_once('(')) {
        let Some((word, digits)) = inside.split_once('#') else { break };
        let is_mark = word.trim().is_empty() || word.trim() == ":" || is_backport_word(word);
        let is_number = leading_number(digits).is_some() && digits.bytes().all(|b| b.is_ascii_digit());
        if !is_mark || !is_number || before.trim().is_empty() {
            break;
        }
        rest = before.trim_end();
    }
    if let Some((start, _)) = sentence(rest)
        && let Some((_, after)) = rest[start.len()..].split_once(':')
        && !after.trim().is_empty()
    {
        rest = after.trim_start();
    }
    while let Some((mark, after)) = rest.strip_prefix('[').and_then(|it| it.split_once(']')) {
        let is_mark = is_backport || is_line(mark);
        if !is_mark || after.trim().is_empty() {
            break;
        }
        rest = after.trim_start_matches([' ', ':']);
    }
    rest
}

/// Whether a mark in brackets names a line: `1.14`, `v1.14`, `release-1.14`, `Backport release-1.14`.
fn is_line(mark: &str) -> bool {
    let first = mark.split_whitespace().next().unwrap_or_default();
    let numbers = first.strip_prefix('v').unwrap_or(first);
    let is_number =
        numbers.contains('.') && numbers.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'x');
    is_backport_word(first) || first.starts_with("release-") || is_number
}

/// Whether a subject is that of the commit in which a version of the process is written down.
#[must_use]
pub fn is_bump(process: &Process, subject: &str) -> bool {
    if process.cut.edits.is_empty() && process.notes.changelog.is_none() {
        return false;
    }
    let form = process.cut.commit_message.as_deref().unwrap_or("Release {tag}");
    let form = form.lines().next().unwrap_or_default().trim();
    let subject = bare_title(subject, false);
    let Some(open) = form.find('{') else { return subject == form };
    let Some(rest) = subject.strip_prefix(&form[..open]) else { return false };
    let word = rest.split_whitespace().next().unwrap_or_default();
    // The word that stands where the version does, without what the form puts behind it.
    let after = form[open..].split_once('}').map_or("", |(_, after)| after);
    let glued = after.split_whitespace().next().filter(|_| !after.starts_with(char::is_whitespace));
    let word = glued.map_or(Some(word), |glued| word.strip_suffix(glued)).unwrap_or_default();
    let version = process.version.parse(word).or_else(|_| process.version.number(word));
    version.is_ok_and(|version| {
        let tag = process.version.tag(&version);
        let named = word.to_owned();
        [&tag, &named].iter().any(|tag| super::super::cut::filled(form, tag, &version) == subject)
    })
}
