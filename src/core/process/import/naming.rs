//! How a document writes versions, tags, candidates, release branches and the trunk.

use super::piece::{Document, Kind, has};
use super::words::{Part, Written, branch, fields, numbers, words};
use crate::version::{CandidateForm, Grammar, Style, Version};
use std::collections::BTreeMap;

/// What was found in a piece: which, and the word that was meant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Sight {
    pub piece: usize,
    pub word: String,
}

/// A form with where it was seen: the first time, and the lines of all other times.
#[derive(Clone, Debug)]
pub(super) struct Form {
    pub form: String,
    pub first: Sight,
    pub also: Vec<usize>,
}

/// Forms in the order in which they are first seen.
#[derive(Default, Debug)]
pub(super) struct Forms(Vec<Form>, BTreeMap<String, usize>);

impl Forms {
    fn see(&mut self, form: String, piece: usize, line: usize, word: &str) {
        if let Some(known) = self.1.get(&form).and_then(|at| self.0.get_mut(*at)) {
            if known.also.last() != Some(&line) {
                known.also.push(line);
            }
            return;
        }
        self.1.insert(form.clone(), self.0.len());
        self.0.push(Form { form, first: Sight { piece, word: word.to_owned() }, also: vec![line] });
    }

    /// All of them.
    pub fn all(&self) -> &[Form] {
        &self.0
    }
}

/// Everything about names.
#[derive(Default, Debug)]
pub(super) struct Naming {
    /// Versions by form.
    pub versions: Forms,
    /// Candidate forms: `rc{n}`.
    pub candidates: Forms,
    /// The number zero of a candidate.
    pub zero: Option<Sight>,
    /// Branch patterns.
    pub branches: Forms,
    /// Branch names without numbers, and why.
    pub vague: Vec<(Sight, &'static str)>,
    /// Names of trunk.
    pub trunks: Forms,
    /// A sentence that names SemVer, and one that names PEP 440.
    pub semver: Option<usize>,
    pub pep440: Option<usize>,
}

const TRUNKS: [&str; 6] = ["main", "master", "trunk", "develop", "devel", "development"];

/// Looks at every piece; code is looked at for branches and tags, comments are not.
pub(super) fn naming(document: &Document) -> Naming {
    let mut naming = Naming::default();
    for (at, piece) in document.pieces.iter().enumerate() {
        let code = piece.kind == Kind::Code;
        if !piece.kind.says() && !code && piece.kind != Kind::FrontMatter {
            continue;
        }
        let lower = piece.text.to_lowercase();
        if piece.kind.says() {
            standards(&mut naming, &lower, &piece.links, at);
        }
        for (offset, line) in piece.text.lines().enumerate() {
            let number = if code { (piece.lines.0 + 1 + offset).min(piece.lines.1) } else { piece.lines.0 };
            line_of(&mut naming, line, (at, number), code);
        }
        if piece.kind.says() {
            trunks(&mut naming, piece, &lower, at);
        }
    }
    naming
}

fn standards(naming: &mut Naming, lower: &str, links: &[String], at: usize) {
    let linked = |site: &str| links.iter().any(|link| link.contains(site));
    if naming.semver.is_none()
        && (has(lower, &["semver", "semantic versioning", "语义化版本", "语义版本"]) || linked("semver.org"))
    {
        naming.semver = Some(at);
    }
    if naming.pep440.is_none() && (has(lower, &["pep 440", "pep440", "pep-440"]) || linked("pep-0440")) {
        naming.pep440 = Some(at);
    }
}

fn line_of(naming: &mut Naming, line: &str, (at, number): (usize, usize), code: bool) {
    let lower = line.to_lowercase();
    let tags = !code || lower.contains("git tag") || lower.contains("git push");
    let branchy = has(&lower, &["branch", "branches", "分支"]);
    for word in words(line) {
        if word.len() > 80 {
            continue;
        }
        match branch(word) {
            Some(Ok(pattern)) => naming.branches.see(pattern, at, number, word),
            Some(Err(why)) if !code => naming.vague.push((Sight { piece: at, word: word.to_owned() }, why)),
            Some(Err(_)) => {}
            None => bare(naming, word, (at, number), branchy),
        }
        let Some(version) = Written::read(word).filter(|_| tags) else { continue };
        if let Some((before, n)) = &version.stage
            && before.to_ascii_lowercase().contains("rc")
        {
            naming.candidates.see(format!("{before}{{n}}"), at, number, word);
            if *n == Some(0) && naming.zero.is_none() {
                naming.zero = Some(Sight { piece: at, word: word.to_owned() });
            }
        }
        let x = version.parts.last().is_some_and(Part::is_small_x);
        let form = if x { format!("{} (any patch)", version.form()) } else { version.form() };
        naming.versions.see(form, at, number, word);
    }
}

/// A branch that is called by its numbers alone, as in `1.2.x` or `v1.x`, where branches are spoken of.
fn bare(naming: &mut Naming, word: &str, (at, number): (usize, usize), branchy: bool) {
    let rest = word.strip_prefix('v').unwrap_or(word);
    let Some((parts, "")) = numbers(rest).filter(|_| branchy) else { return };
    let digits = matches!(parts.first(), Some(Part::Number(..1900)));
    if digits && (2..=3).contains(&parts.len()) && parts.last().is_some_and(Part::is_small_x) {
        let v = &word[..word.len() - rest.len()];
        naming.branches.see(format!("{v}{}", fields(&parts)), at, number, word);
    }
}

fn trunks(naming: &mut Naming, piece: &super::piece::Piece, lower: &str, at: usize) {
    for name in TRUNKS {
        let code = piece.codes.iter().any(|code| code == name || code.ends_with(&format!(" {name}")));
        let plain = ["branch", "分支"].iter().any(|branch| {
            lower.contains(&format!("{name} {branch}"))
                || lower.contains(&format!("{name}{branch}"))
                || lower.contains(&format!("{name}\" {branch}"))
        });
        let into = ["into", "from", "to", "on", "off", "against", "in"].iter().any(|word| {
            name != "development"
                && super::piece::place(lower, &format!("{word} {name}")).is_some()
                && super::piece::place(lower, &format!("{name} release")).is_none()
        });
        if code || plain || (into && name != "develop") {
            naming.trunks.see(name.to_owned(), at, piece.lines.0, name);
        }
    }
}

/// The grammar that the document shows: the style and why, the prefix, the candidate form.
pub(super) struct Grown {
    pub style: Style,
    /// The piece that says the style, and what it is taken from.
    pub style_by: Option<usize>,
    pub prefix: Option<Sight>,
    pub candidate: Option<Form>,
    /// Forms that are not used, with the reason.
    pub left: Vec<(Form, String)>,
    /// What contradicts itself, with the pieces that do.
    pub contradiction: Option<(String, usize, usize)>,
}

/// Chooses the first form that fits; says of the others why they are left.
pub(super) fn grammar(naming: &Naming) -> Grown {
    let fits = |style, form: &str| {
        let mut grammar = Grammar::new(style, "v");
        grammar.candidate = CandidateForm::parse(form).ok();
        grammar.candidate.is_some() && grammar.candidate(&Version::of(style, 1, 2, 3), 4).is_ok()
    };
    let mut grown = Grown {
        style: Style::Semver,
        style_by: naming.semver,
        prefix: prefix(naming),
        candidate: None,
        left: Vec::new(),
        contradiction: None,
    };
    if let (Some(at), true) = (naming.pep440, naming.semver.is_none_or(|semver| Some(semver) > naming.pep440))
    {
        (grown.style, grown.style_by) = (Style::Pep440, Some(at));
    }
    for form in naming.candidates.all() {
        let style = [Style::Semver, Style::Pep440].into_iter().find(|style| fits(*style, &form.form));
        match (style, &grown.candidate) {
            (None, _) => grown.left.push((form.clone(), "fits neither SemVer nor PEP 440".to_owned())),
            (Some(_), Some(first)) => {
                let why = format!("the first that is written, {:?}, is kept", first.form);
                grown.left.push((form.clone(), why));
            }
            (Some(style), None) => {
                grown.candidate = Some(form.clone());
                if fits(grown.style, &form.form) {
                    continue;
                }
                if let Some(said) = grown.style_by {
                    let text = format!(
                        "candidates are written as {:?}, which is {} and not {}",
                        form.first.word,
                        style.name(),
                        grown.style.name()
                    );
                    grown.contradiction = Some((text, said, form.first.piece));
                }
                (grown.style, grown.style_by) = (style, Some(form.first.piece));
            }
        }
    }
    grown
}

/// The first version that is written with a `v`, a candidate before all others.
fn prefix(naming: &Naming) -> Option<Sight> {
    let forms = naming.candidates.all().iter().chain(naming.versions.all());
    let starts = |form: &&Form| form.first.word.starts_with(['v', 'V']);
    forms.filter(starts).map(|form| form.first.clone()).next()
}
