//! Words of a text that name versions and branches, with numbers or with letters that stand for numbers.

/// A word of ASCII with what names are made of; anything else separates.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    let part = |c: char| c.is_ascii_alphanumeric() || ".-_/<>{}$+*@#[]".contains(c);
    let trim = |word: &'_ str| -> (usize, usize) {
        let start = word.len() - word.trim_start_matches(['.', '-', '_', '/', '*', '+', '[', ']', '>']).len();
        (start, word.trim_end_matches(['.', '-', '_', '/', '*', '+', '[', ']', '#', '@', '<']).len())
    };
    text.split(move |c| !part(c)).filter_map(move |word| {
        let (start, end) = trim(word);
        word.get(start..end).filter(|word| !word.is_empty())
    })
}

/// A number of a version, or what stands for one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Part {
    Number(u64),
    /// A letter or a word in place of a number: `X`, `<major>`.
    Word(String),
}

impl Part {
    /// Whether it is the small letter that ends `release-1.2.x`.
    pub fn is_small_x(&self) -> bool {
        *self == Self::Word("x".to_owned())
    }
}

/// Names that stand for a number.
const LETTERS: [&str; 12] = ["x", "y", "z", "X", "Y", "Z", "n", "N", "m", "M", "p", "P"];
const NAMES: [&str; 14] = [
    "major",
    "minor",
    "patch",
    "micro",
    "MAJOR",
    "MINOR",
    "PATCH",
    "Major",
    "Minor",
    "Patch",
    "MICRO",
    "MAJOR_VERSION",
    "MINOR_VERSION",
    "PATCH_VERSION",
];

/// Takes a run of numbers or letters with dots between from the start of a text; what follows it is the rest.
pub(super) fn numbers(text: &str) -> Option<(Vec<Part>, &str)> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((part, after)) = part(rest) {
        parts.push(part);
        match after.strip_prefix('.') {
            Some(next) if self::part(next).is_some() => rest = next,
            _ => {
                rest = after;
                break;
            }
        }
    }
    (!parts.is_empty()).then_some((parts, rest))
}

fn part(text: &str) -> Option<(Part, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 {
        let (number, rest) = text.split_at(digits);
        return Some((Part::Number(number.parse().ok()?), rest));
    }
    for (open, close) in [("<", ">"), ("${", "}"), ("{{", "}}"), ("{", "}"), ("[", "]"), ("$", "")] {
        let Some(inner) = text.strip_prefix(open) else { continue };
        let name: String = inner.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        let known = LETTERS.contains(&name.as_str()) || NAMES.contains(&name.as_str());
        let rest = inner.get(name.len()..)?.strip_prefix(close)?;
        return known.then_some((Part::Word(name), rest));
    }
    let name: String = text.chars().take_while(|c| c.is_ascii_alphabetic() || *c == '_').collect();
    let whole = NAMES.iter().find(|known| name == **known || name.trim_end_matches('_') == **known);
    if let Some(name) = whole {
        return Some((Part::Word((*name).to_owned()), text.get(name.len()..)?));
    }
    let letter = text.get(..1).filter(|letter| LETTERS.contains(letter))?;
    // A letter stands for a number only alone: the `N` of `Notes` is none, that of `NrcM` is none either.
    let rest = text.get(1..)?;
    let alone = !rest.starts_with(|c: char| c.is_ascii_lowercase() || c == '_') || stage(rest).is_some();
    alone.then(|| (Part::Word(letter.to_owned()), rest))
}

/// Words of what comes before a final version, the longest first.
const STAGES: [&str; 9] = ["preview", "alpha", "beta", "dev", "pre", "rc", "RC", "b", "a"];

/// What comes behind a version: the text up to its number, the number where it is one, and what follows.
pub(super) fn stage(text: &str) -> Option<(String, Option<u64>, &str)> {
    let joint = text.len() - text.trim_start_matches(['-', '.', '_']).len();
    let word = STAGES.iter().find(|word| text[joint..].starts_with(**word))?;
    let after = &text[joint + word.len()..];
    let second = after.len() - after.trim_start_matches(['-', '.']).len();
    let (mut parts, rest) = numbers(&after[second..]).or_else(|| any(&after[second..]))?;
    let before = text[..joint + word.len() + second].to_owned();
    match (parts.pop()?, parts.is_empty()) {
        (Part::Number(n), true) => Some((before, Some(n), rest)),
        (Part::Word(_), true) => Some((before, None, rest)),
        _ => None,
    }
}

/// `#` or `*` in place of a number.
fn any(text: &str) -> Option<(Vec<Part>, &str)> {
    let rest = text.strip_prefix(['#', '*'])?;
    Some((vec![Part::Word("N".to_owned())], rest))
}

/// A version as a document writes it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Written {
    /// What stands before the numbers.
    pub prefix: String,
    pub parts: Vec<Part>,
    /// The form of its candidate and the number, where it is one: `-rc.`, 1.
    pub stage: Option<(String, Option<u64>)>,
}

impl Written {
    /// Reads a word that is a version of three numbers, or of two with a `v` in front.
    pub fn read(word: &str) -> Option<Self> {
        let rest = word.strip_prefix(['v', 'V']).unwrap_or(word);
        let prefix = &word[..word.len() - rest.len()];
        let (parts, rest) = numbers(rest)?;
        let enough = parts.len() == 3 || (parts.len() == 2 && !prefix.is_empty());
        let year = matches!(parts.first(), Some(Part::Number(1900..)));
        if !enough || year {
            return None;
        }
        let stage = if rest.is_empty() {
            None
        } else {
            let (before, number, rest) = stage(rest)?;
            rest.is_empty().then_some(Some((before, number)))?
        };
        Some(Self { prefix: prefix.to_owned(), parts, stage })
    }

    /// Its form: `vX.Y.Zrc{n}`.
    pub fn form(&self) -> String {
        let numbers = ["X", "Y", "Z"].iter().take(self.parts.len()).copied().collect::<Vec<_>>().join(".");
        let stage = self.stage.as_ref().map(|(before, _)| format!("{before}{{n}}")).unwrap_or_default();
        format!("{}{numbers}{stage}", self.prefix)
    }
}

/// What release branches start with.
const STEMS: [&str; 9] =
    ["release", "releases", "rel", "hotfix", "stable", "maint", "maintenance", "support", "branch"];

/// The pattern of a word that is called like a release branch, and why there is none where it holds no numbers.
pub(super) fn branch(word: &str) -> Option<Result<String, &'static str>> {
    let stem_end = word.find(['-', '/', '_', '.'])?;
    let stem = word[..stem_end].to_ascii_lowercase();
    if !STEMS.contains(&stem.as_str()) {
        return None;
    }
    let mut rest = &word[stem_end + 1..];
    let mut before = word[..=stem_end].to_owned();
    if let Some(after) = rest.strip_prefix('v').filter(|after| part(after).is_some()) {
        before.push('v');
        rest = after;
    }
    let opens = rest.starts_with(['<', '{', '$']);
    match numbers(rest) {
        Some((parts, "")) if parts.len() <= 3 && !matches!(parts.first(), Some(Part::Number(1900..))) => {
            Some(Ok(before + &fields(&parts)))
        }
        _ if opens || rest == "*" => Some(Err("it does not say which numbers the name holds")),
        _ => None,
    }
}

/// Numbers and letters as a pattern. A small x after a number, or beside capitals, is the letter itself.
pub(super) fn fields(parts: &[Part]) -> String {
    let capital =
        |part: &Part| matches!(part, Part::Word(word) if word.starts_with(|c: char| c.is_ascii_uppercase()));
    let literal = parts.iter().any(|part| matches!(part, Part::Number(_)) || capital(part));
    let named = parts.iter().any(|part| matches!(part, Part::Word(word) if word.len() > 1));
    let names = ["{major}", "{minor}", "{patch}"];
    let field = |(at, part): (usize, &Part)| {
        if at > 0 && part.is_small_x() && (literal || named) {
            "x"
        } else {
            names.get(at).copied().unwrap_or("x")
        }
    };
    parts.iter().enumerate().map(field).collect::<Vec<_>>().join(".")
}
