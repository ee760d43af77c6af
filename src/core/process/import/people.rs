//! Roles, what they do, who signs, and whose an item is.

use super::piece::{Document, Entry, Kind, Piece, has, place};
use std::collections::BTreeMap;

/// A role that the document names.
#[derive(Clone, Debug)]
pub(super) struct Role {
    pub id: String,
    pub title: String,
    /// The piece that names it first.
    pub by: usize,
    /// Lines of other mentions.
    pub also: Vec<usize>,
    /// What it does: pieces of its section or entry.
    pub duties: Vec<usize>,
    /// The sentence that says it comes from CODEOWNERS.
    pub codeowners: Option<usize>,
    /// The sentence that asks for an earlier turn as a shadow.
    pub shadowed: Option<usize>,
}

/// Somebody who signs.
#[derive(Clone, Debug)]
pub(super) struct Signs {
    pub title: String,
    pub by: usize,
}

/// Everybody.
#[derive(Default, Debug)]
pub(super) struct People {
    pub roles: Vec<Role>,
    pub signs: Vec<Signs>,
}

/// What a person is, behind what of.
const POSTS: [&str; 17] = [
    "manager",
    "owner",
    "lead",
    "leader",
    "captain",
    "shepherd",
    "coordinator",
    "engineer",
    "shadow",
    "master",
    "driver",
    "commander",
    "champion",
    "managers",
    "leads",
    "shadows",
    "owners",
];
/// What such a post is of, when it is one of a release.
const FIELDS: [&str; 20] = [
    "release",
    "build",
    "test",
    "testing",
    "qa",
    "docs",
    "documentation",
    "communications",
    "comms",
    "performance",
    "long-haul",
    "longhaul",
    "security",
    "engineering",
    "product",
    "branch",
    "triage",
    "signal",
    "enhancements",
    "publishing",
];
const CHINESE: [&str; 12] = [
    "发布经理",
    "发布负责人",
    "版本经理",
    "版本负责人",
    "发版负责人",
    "发布管理员",
    "测试负责人",
    "构建负责人",
    "文档负责人",
    "安全负责人",
    "运维负责人",
    "产品负责人",
];
/// Headings and labels below which roles are listed.
const LISTS: [&str; 9] =
    ["roles", "role", "release team", "responsibilities", "team", "team roles", "角色", "职责", "发布团队"];

/// Looks at every piece that says something.
pub(super) fn people(document: &Document) -> People {
    let mut people = People::default();
    for (at, piece) in document.said() {
        for title in listed(document, piece).into_iter().chain(named(&piece.text)) {
            people.see(&title, at, piece);
        }
        let lower = piece.text.to_lowercase();
        signatures(&mut people, document, piece, &lower, at);
    }
    for role in 0..people.roles.len() {
        duties(&mut people, document, role);
    }
    for (at, piece) in document.said() {
        says(&mut people, piece, at);
    }
    people
}

impl People {
    fn see(&mut self, title: &str, at: usize, piece: &Piece) {
        let title = singular(title);
        let id = id_of(&title);
        let same = |known: &str| {
            known == id
                || known.strip_prefix("release-") == Some(&id)
                || id.strip_prefix("release-") == Some(known)
        };
        if let Some(known) = self.roles.iter_mut().find(|role| same(&role.id)) {
            if known.by != at && known.also.last() != Some(&piece.lines.0) {
                known.also.push(piece.lines.0);
            }
            return;
        }
        if self.roles.len() >= 60 {
            return;
        }
        let role = Role {
            id,
            title,
            by: at,
            also: Vec::new(),
            duties: Vec::new(),
            codeowners: None,
            shadowed: None,
        };
        self.roles.push(role);
    }

    /// The role that this is the name of, in any case, with or without "release" in front.
    pub fn called(&self, name: &str) -> Option<&Role> {
        let name = name.trim().trim_start_matches('@').replace(['-', '_'], " ");
        let id = id_of(&singular(name.trim()));
        let with = format!("release-{id}");
        self.roles.iter().find(|role| role.id == id || role.id == with)
    }

    /// Whose an item is by its text: `Release lead: …`, `… (release lead)`, `… @release-lead`, `The release lead …`.
    pub fn owner(&self, text: &str) -> Option<&Role> {
        let inner =
            |open: char, close: char| text.rsplit_once(open)?.1.split_once(close).map(|(name, _)| name);
        let mut names: Vec<&str> =
            [inner('(', ')'), inner('[', ']'), inner('（', '）')].into_iter().flatten().collect();
        names.extend(text.split_once([':', '：']).map(|(name, _)| name));
        names.extend(
            text.split_whitespace()
                .filter(|word| word.starts_with('@'))
                .map(|word| word.trim_end_matches(|c: char| !c.is_alphanumeric())),
        );
        names.extend(
            [" — ", " – ", " - "].iter().filter_map(|dash| text.rsplit_once(dash)).map(|(_, name)| name),
        );
        if let Some(role) =
            names.into_iter().filter(|name| name.len() <= 60).find_map(|name| self.called(name))
        {
            return Some(role);
        }
        let lower = text.to_lowercase();
        let subject = lower.strip_prefix("the ").unwrap_or(&lower);
        let starts = |role: &&Role| {
            let title = role.title.to_lowercase();
            subject.strip_prefix(title.as_str()).is_some_and(|rest| {
                !title.is_ascii()
                    || rest.starts_with([' ', ',']) && !rest.trim_start().starts_with(['\'', '’'])
            })
        };
        self.roles.iter().filter(starts).max_by_key(|role| role.title.len())
    }
}

fn singular(title: &str) -> String {
    let title = title.replace("(s)", "");
    let title = title.trim();
    let plural = POSTS.iter().any(|post| post.ends_with('s') && title.to_lowercase().ends_with(post));
    if plural { title[..title.len() - 1].to_owned() } else { title.to_owned() }
}

fn id_of(title: &str) -> String {
    let id = super::slug(title, 6);
    if id.is_empty() || !title.is_ascii() {
        title.to_lowercase().split_whitespace().collect::<Vec<_>>().join("-")
    } else {
        id
    }
}

/// Roles that a text names by what they are called: a post of a field.
fn named(text: &str) -> Vec<String> {
    let mut found: Vec<String> =
        CHINESE.iter().filter(|name| text.contains(**name)).map(|name| (*name).to_owned()).collect();
    let words: Vec<&str> =
        text.split(|c: char| !(c.is_alphanumeric() || c == '-')).filter(|word| !word.is_empty()).collect();
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let mut at = 0;
    while at < words.len() {
        let field = |at: usize| lower.get(at).is_some_and(|word| FIELDS.contains(&word.as_str()));
        let post = |at: usize| lower.get(at).is_some_and(|word| POSTS.contains(&word.as_str()));
        let mut end = at;
        while field(end) && end < at + 3 {
            end += 1;
        }
        let fields = end - at;
        while post(end) && end < at + 5 {
            end += 1;
        }
        if fields > 0 && end > at + fields {
            let name = lower[at..end].join(" ");
            // "Test manager" in running text is a role; "test owner" of a bug is not ours to know.
            let title =
                if text.contains(&words[at..end].join(" ")) { first_capital(&name) } else { String::new() };
            found.push(title);
            at = end;
        } else {
            at += fields.max(1);
        }
    }
    found.retain(|name| !name.is_empty());
    found
}

fn first_capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default()
}

/// The role that an entry or a row of a list of roles begins with.
fn listed(document: &Document, piece: &Piece) -> Option<String> {
    let heading = document.sections.get(piece.section).map(|it| it.title.to_lowercase()).unwrap_or_default();
    let entry = piece.entry.and_then(|at| document.entries.get(at));
    let label = entry.and_then(|entry| entry.label).and_then(|at| document.pieces.get(at));
    let about = |text: &str| text.split_whitespace().count() <= 6 && has(text, &LISTS);
    let roles = about(&heading)
        || label.is_some_and(|label| has(&label.text.to_lowercase(), &["roles", "role", "角色", "职责"]));
    if piece.kind == Kind::Row {
        let column =
            piece.columns.iter().position(|name| has(&name.to_lowercase(), &["role", "角色", "职位"]))?;
        let cell = piece.cells.get(column)?.trim();
        return short(cell);
    }
    let first = entry.is_some_and(|entry| {
        entry.parent.is_none()
            && entry.task.is_none()
            && entry
                .text
                .first()
                .and_then(|at| document.pieces.get(*at))
                .is_some_and(|it| it.lines == piece.lines && it.text == piece.text)
    });
    if !(roles && first && piece.bold > 0) {
        return None;
    }
    let bold = piece.text.get(..piece.bold)?;
    short(bold.trim_end_matches(|c: char| !c.is_alphanumeric() && c != ')'))
}

fn short(name: &str) -> Option<String> {
    let words = name.split_whitespace().count();
    let fine =
        (1..=5).contains(&words) && name.chars().count() <= 40 && name.chars().any(char::is_alphabetic);
    (fine && !name.contains(['@', '/', '#', '<', '{'])).then(|| name.to_owned())
}

/// What a role does: the entries of the section that is called like it, or the rest of its own entry.
fn duties(people: &mut People, document: &Document, role: usize) {
    let Some(known) = people.roles.get_mut(role) else { return };
    let section = document.sections.iter().position(|it| id_of(&singular(&it.title)) == known.id);
    let mut found: Vec<usize> = Vec::new();
    if let Some(section) = section {
        let own = |entry: &&Entry| entry.section == section && entry.task.is_none();
        found.extend(document.entries.iter().filter(own).flat_map(|entry| entry.text.iter().copied()));
    }
    let name = |piece: &Piece| {
        let bold = piece.text.get(..piece.bold).unwrap_or_default();
        id_of(&singular(bold.trim_end_matches([':', '.', '：', ' '])))
    };
    let own = document.entries.iter().find(|entry| {
        let first = entry.text.first().and_then(|at| document.pieces.get(*at));
        entry.task.is_none() && first.is_some_and(|piece| piece.bold > 0 && name(piece) == known.id)
    });
    if let Some(entry) = own {
        found.extend(entry.text.iter().chain(&entry.details).copied());
    }
    found.dedup();
    known.duties = found;
}

/// What a sentence asks of the roles that it names.
fn says(people: &mut People, piece: &Piece, at: usize) {
    let lower = piece.text.to_lowercase();
    let codeowners = piece.text.contains("CODEOWNERS");
    let shadowed = has(&lower, &["shadow", "影子"])
        && has(
            &lower,
            &[
                "previously",
                "must have",
                "required to have",
                "requires to have",
                "have been",
                "having been",
                "before",
            ],
        );
    if !codeowners && !shadowed {
        return;
    }
    for role in &mut people.roles {
        let named = place(&lower, &role.title.to_lowercase()).is_some();
        let own = role.duties.contains(&at);
        if codeowners && named {
            role.codeowners.get_or_insert(at);
        }
        if shadowed && (own || named) && !role.id.contains("shadow") {
            role.shadowed.get_or_insert(at);
        }
    }
}

const SIGN: [&str; 9] =
    ["sign-off", "signoff", "sign off", "signs off", "approval", "sign-offs", "签字", "签核", "批准"];

/// Who signs: `QA sign-off`, `sign-off from Security`, or an entry below a heading of sign-offs.
fn signatures(people: &mut People, document: &Document, piece: &Piece, lower: &str, at: usize) {
    let Some(entry) = piece.entry.and_then(|at| document.entries.get(at)) else { return };
    let label = entry.label.and_then(|at| document.pieces.get(at)).map(|label| label.text.to_lowercase());
    let heading = document.sections.get(piece.section).map(|it| it.title.to_lowercase()).unwrap_or_default();
    let below = has(&heading, &SIGN) || label.is_some_and(|label| has(&label, &SIGN));
    let dco = has(lower, &["signed-off-by", "dco"]);
    if dco || !(below || has(lower, &SIGN)) || entry.text.first() != Some(&at) {
        return;
    }
    let mut name = piece.text.split([':', '：', '(', '（', '—']).next().unwrap_or_default().trim().to_owned();
    for word in ["sign-off", "signoff", "sign off", "approval", "signs off", "签字", "签核", "批准"] {
        if let Some(found) = place(&name.to_lowercase(), word).filter(|at| name.is_char_boundary(*at)) {
            let after = name.get(found + word.len()..).unwrap_or_default().trim().to_owned();
            let from = after.strip_prefix("from ").or_else(|| after.strip_prefix("by ")).map(str::to_owned);
            name = from.unwrap_or_else(|| name[..found].trim().to_owned());
        }
    }
    let name = name
        .trim_start_matches("the ")
        .trim_start_matches("Get ")
        .trim_start_matches("Obtain ")
        .trim()
        .to_owned();
    let words = name.split_whitespace().count();
    let title = (1..=3).contains(&words) && name.chars().all(|c| c.is_alphanumeric() || " -/&".contains(c));
    if title
        && name.chars().count() <= 40
        && !people.signs.iter().any(|known| known.title.eq_ignore_ascii_case(&name))
    {
        people.signs.push(Signs { title: name, by: at });
    }
}

/// Ids that are given once: a base, and a number behind it where it is taken.
#[derive(Default)]
pub(super) struct Ids(BTreeMap<String, usize>);

impl Ids {
    /// The id itself, or with the next number that is free.
    pub fn fresh(&mut self, base: &str) -> String {
        let mut id = base.to_owned();
        while self.0.contains_key(&id) {
            let next = self.0.entry(base.to_owned()).or_insert(1);
            *next += 1;
            id = format!("{base}-{next}");
        }
        self.0.insert(id.clone(), 1);
        id
    }
}
