//! Style, prefix and candidate form, from tags.

use super::{examples, line, quoted, style_word};
use crate::version::{CandidateForm, Grammar, Style, TagKind, Version, classify};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What the tags show.
pub(super) struct Guess {
    /// The style, and why.
    pub style: (Style, String),
    /// The prefix, and why.
    pub prefix: (String, String),
    /// The candidate form, and why; none when no tag shows one.
    pub form: Option<(String, String)>,
    /// The number of the first candidate, and why.
    pub first: Option<(u64, String)>,
}

/// A tag as prefix, numbers and the rest: `v`, `1.2.0`, `-rc.1`.
fn split(tag: &str) -> Option<(&str, &str, &str)> {
    let start = tag.find(|c: char| c.is_ascii_digit())?;
    let rest = &tag[start..];
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let numbers = rest[..end].trim_end_matches('.');
    let fine = numbers.contains('.') && !numbers.contains("..");
    fine.then_some((&tag[..start], numbers, &rest[numbers.len()..]))
}

/// The form of a candidate: the rest of a tag with `{n}` for its number.
fn form_of(rest: &str) -> Option<(String, u64)> {
    let digits = rest.len() - rest.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (word, number) = rest.split_at(rest.len() - digits);
    let bare = word.trim_matches(|c: char| !c.is_ascii_alphabetic()).to_ascii_lowercase();
    let fine = digits > 0 && (bare == "rc" || bare == "candidate");
    fine.then(|| number.parse().ok()).flatten().map(|n| (format!("{word}{{n}}"), n))
}

/// What most say, with its count.
fn most<T: Ord + Clone>(votes: impl Iterator<Item = T>) -> Option<(T, usize)> {
    let mut counts: BTreeMap<T, usize> = BTreeMap::new();
    votes.for_each(|vote| *counts.entry(vote).or_default() += 1);
    counts.into_iter().max_by_key(|(_, count)| *count)
}

/// Reads the tags.
pub(super) fn guess(tags: &[String]) -> Guess {
    // A prefix with a slash is another module's; the others vote.
    let ours: Vec<(&str, &str, &str)> =
        tags.iter().filter_map(|tag| split(tag)).filter(|(prefix, _, _)| !prefix.contains('/')).collect();
    let total = tags.len();
    let prefix = match most(ours.iter().map(|(prefix, _, _)| *prefix)) {
        Some((prefix, count)) => {
            (prefix.to_owned(), format!("{count} of {total} tags start with {prefix:?} and a number"))
        }
        None => ("v".to_owned(), "no tag names a version; this is the usual prefix".to_owned()),
    };
    let ours: Vec<_> = ours.into_iter().filter(|(own, _, _)| *own == prefix.0).collect();
    let form = most(ours.iter().filter_map(|(_, _, rest)| form_of(rest)).map(|(form, _)| form));
    let style = style(&ours, form.as_ref().map(|(form, _)| form.as_str()));
    // A form that the style cannot read would be refused by the check, so it is not proposed.
    let mut grammar = Grammar::new(style.0, &prefix.0);
    let form = form.filter(|(form, _)| {
        grammar.candidate = CandidateForm::parse(form).ok();
        grammar.candidate(&Version::of(style.0, 1, 2, 3), 4).is_ok()
    });
    let mut firsts: BTreeMap<&str, u64> = BTreeMap::new();
    for (_, numbers, rest) in &ours {
        if let Some((_, n)) = form_of(rest) {
            let first = firsts.entry(numbers).or_insert(n);
            *first = n.min(*first);
        }
    }
    let of = firsts.len();
    let first = most(firsts.into_values().filter(|n| *n <= 1));
    Guess {
        style,
        prefix,
        form: form.map(|(form, count)| (form, format!("{count} tags are written so"))),
        first: first.map(|(n, count)| (n, format!("{count} of {of} versions with candidates start at {n}"))),
    }
}

fn style(ours: &[(&str, &str, &str)], form: Option<&str>) -> (Style, String) {
    let reads = |style, numbers: &str, rest: &str| Version::parse(style, &format!("{numbers}{rest}")).is_ok();
    let count = |wanted, other| {
        ours.iter().filter(|(_, n, rest)| reads(wanted, n, rest) && !reads(other, n, rest)).count()
    };
    let (pep, semver) = (count(Style::Pep440, Style::Semver), count(Style::Semver, Style::Pep440));
    // PEP 440 also reads `1.2.0-rc.1`, so the dash decides before what only one style can read.
    let dashes = ours.iter().filter(|(_, _, rest)| rest.starts_with('-')).count();
    if pep > dashes && form.is_none_or(|form| !form.starts_with('-')) {
        return (Style::Pep440, format!("{pep} tags are written as only PEP 440 allows"));
    }
    let why = match (dashes, semver) {
        (0, 0) if ours.is_empty() => "there is no version to judge by; SemVer is the most common".to_owned(),
        (0, 0) => "final versions of three numbers fit both styles; SemVer is the more common".to_owned(),
        _ => format!("{dashes} tags have a dash before the stage, as SemVer writes it"),
    };
    (Style::Semver, why)
}

/// Writes `[process.version]`.
pub(super) fn write(out: &mut String, guess: &Guess, tags: &[String]) {
    out.push_str("\n[process.version]\n");
    line(out, &guess.style.1);
    let _ = writeln!(out, "style = \"{}\"", style_word(guess.style.0));
    line(out, &guess.prefix.1);
    let _ = writeln!(out, "prefix = {}", quoted(&guess.prefix.0));
    let mut grammar = Grammar::new(guess.style.0, &guess.prefix.0);
    match &guess.form {
        Some((form, why)) => {
            line(out, why);
            let _ = writeln!(out, "candidate = {}", quoted(form));
            grammar.candidate = CandidateForm::parse(form).ok();
        }
        None => {
            line(out, "no tag shows how a candidate is written; without this key none is ever named");
            let form = if guess.style.0 == Style::Pep440 { "rc{n}" } else { "-rc.{n}" };
            let _ = writeln!(out, "# candidate = \"{form}\"");
        }
    }
    if let Some((first, why)) = guess.first.as_ref().filter(|_| guess.form.is_some()) {
        line(out, why);
        let _ = writeln!(out, "first_candidate = {first}");
    }
    let classes: Vec<_> = tags.iter().map(|tag| classify(&grammar, tag)).collect();
    let others = classes.iter().filter(|class| matches!(class.kind, TagKind::Other { .. }));
    let others: Vec<&str> = others.map(|class| class.tag.as_str()).collect();
    if !others.is_empty() {
        let text = format!(
            "{} of {} tags are no version by this: {}",
            others.len(),
            tags.len(),
            examples(others.into_iter())
        );
        line(out, &text);
    }
}
