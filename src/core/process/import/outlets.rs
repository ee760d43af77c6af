//! Where a release is told: channels, and the labels of its issues.

use super::artifacts::Artifacts;
use super::piece::{Document, Kind, Piece, has, place};

/// A place where people are told.
#[derive(Clone, Debug)]
pub(super) struct Outlet {
    /// The key of the process: `slack`, `discord`, `mail`, …; empty where the document does not say.
    pub key: &'static str,
    /// `#announcements`, an address, an account.
    pub name: String,
    pub by: usize,
    pub also: Vec<usize>,
    /// A piece that says that a release is announced there.
    pub announces: Option<usize>,
}

/// A label and the key of the process that it belongs to; empty where that is not clear.
#[derive(Clone, Debug)]
pub(super) struct Label {
    pub key: &'static str,
    pub name: String,
    pub by: usize,
}

/// All of them.
#[derive(Default, Debug)]
pub(super) struct Outlets {
    pub outlets: Vec<Outlet>,
    pub artifacts: Artifacts,
    pub labels: Vec<Label>,
}

const SERVICES: [(&str, &[&str]); 8] = [
    ("slack", &["slack"]),
    ("discord", &["discord"]),
    ("teams", &["microsoft teams", "ms teams"]),
    ("mail", &["mailing list", "mailing-list", "邮件列表", "邮件组"]),
    ("twitter", &["twitter", "tweet"]),
    ("forum", &["reddit", "forum", "discourse", "论坛"]),
    ("webhook", &["钉钉", "飞书", "企业微信", "mattermost", "matrix"]),
    ("discussion", &["github discussion", "github discussions"]),
];
const ANNOUNCES: [&str; 22] = [
    "announce",
    "announces",
    "announced",
    "announcing",
    "announcement",
    "announcements",
    "post",
    "posts",
    "posting",
    "notify",
    "notified",
    "tweet",
    "publish",
    "publicize",
    "tell",
    "send",
    "email",
    "公告",
    "通知",
    "宣布",
    "发布",
    "发送",
];

/// Looks at every piece that says something.
pub(super) fn outlets(document: &Document) -> Outlets {
    let mut outlets = Outlets::default();
    let services = everywhere(document);
    for (at, piece) in document.pieces.iter().enumerate() {
        if !piece.kind.says() && piece.kind != Kind::Definition {
            continue;
        }
        let lower = piece.text.to_lowercase();
        channels(&mut outlets, document, (piece, &lower, &services), at);
        outlets.artifacts.look(piece, &lower, at);
        if piece.kind.says() {
            labels(&mut outlets, piece, &lower, at);
        }
    }
    outlets
}

/// The chats that the document names anywhere: a channel without a chat belongs to the only one.
fn everywhere(document: &Document) -> Vec<&'static str> {
    let all = SERVICES
        .iter()
        .take(3)
        .filter(|(_, words)| document.said().any(|(_, piece)| has(&piece.text.to_lowercase(), words)));
    all.map(|(key, _)| *key).collect()
}

/// What a piece that may name a channel says beside it.
struct Said<'d> {
    piece: &'d Piece,
    lower: &'d str,
    /// The chats of the whole document.
    services: &'d [&'static str],
}

fn channels(outlets: &mut Outlets, document: &Document, said: (&Piece, &str, &[&'static str]), at: usize) {
    let (piece, lower, services) = said;
    let heading = document.sections.get(piece.section).map(|it| it.title.to_lowercase()).unwrap_or_default();
    let announces = (has(lower, &ANNOUNCES) || has(&heading, &ANNOUNCES)) && piece.kind != Kind::Definition;
    let said = Said { piece, lower, services };
    let mut found = said.chats();
    found.extend(said.mail());
    found.extend(piece.links.iter().filter_map(|link| account(link)));
    let rest = SERVICES.iter().skip(3).filter(|(key, words)| {
        announces && has(lower, words) && !found.iter().any(|(known, _)| known == key)
    });
    let rest: Vec<_> = rest
        .filter_map(|(key, words)| Some((*key, (*words.iter().find(|word| has(lower, &[word]))?).to_owned())))
        .collect();
    found.extend(rest);
    for (key, name) in found {
        outlets.outlet(key, name, at, piece.lines.0, announces);
    }
}

impl Said<'_> {
    /// The chat that a channel of this piece belongs to: one that the piece names or links, or the only one there is.
    fn chat(&self) -> &'static str {
        let named = |key: &str| SERVICES.iter().any(|(it, words)| *it == key && has(self.lower, words));
        let near = ["slack", "discord", "teams"].into_iter().find(|key| named(key));
        let linked = |key: &&str| self.piece.links.iter().any(|link| link.contains(&format!("{key}.")));
        let link = ["slack", "discord"].into_iter().find(linked);
        let only = self.services.first().copied().filter(|_| self.services.len() == 1);
        near.or(link).or(only).unwrap_or("")
    }

    fn chats(&self) -> Vec<(&'static str, String)> {
        let mut names: Vec<String> = hashes(&self.piece.text).collect();
        if has(self.lower, &["channel", "channels", "频道"]) {
            names.extend(quoted(&self.piece.text).map(|name| format!("#{}", name.trim_start_matches('#'))));
        }
        names.into_iter().map(|name| (self.chat(), name)).collect()
    }

    fn mail(&self) -> Vec<(&'static str, String)> {
        let words = self.piece.text.split([' ', '<', '>', '(', ')', ',', ';']);
        let words = words.chain(self.piece.links.iter().map(String::as_str));
        let mut found: Vec<(&'static str, String)> = Vec::new();
        for word in words {
            let address = word.trim_start_matches("mailto:").trim_end_matches(['.', ':']);
            let parts = address.split_once('@').filter(|(user, host)| !user.is_empty() && host.contains('.'));
            if parts.is_some()
                && !address.contains(['/', ' ', ':', '['])
                && !found.iter().any(|(_, known)| known == address)
            {
                found.push(("mail", address.to_owned()));
            }
        }
        found
    }
}

/// The list, account or board that a link goes to.
fn account(link: &str) -> Option<(&'static str, String)> {
    let bare = link.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
    let after = |site: &str| {
        bare.strip_prefix(site).map(|rest| rest.trim_matches('/')).filter(|rest| !rest.is_empty())
    };
    if let Some(list) = after("groups.google.com/") {
        let list = list.trim_start_matches("g/").trim_start_matches("forum/#!forum/");
        return Some(("mail", list.to_owned()));
    }
    let name = after("twitter.com/").or_else(|| after("x.com/")).filter(|name| !name.contains('/'));
    let board = after("reddit.com/r/").map(|name| ("forum", format!("r/{name}")));
    name.map(|name| ("twitter", format!("@{name}"))).or(board)
}

impl Outlets {
    fn outlet(&mut self, key: &'static str, name: String, by: usize, line: usize, announces: bool) {
        let same = |known: &&mut Outlet| {
            known.name == name && (known.key == key || key.is_empty() || known.key.is_empty())
        };
        if let Some(known) = self.outlets.iter_mut().find(same) {
            known.also.push(line);
            known.key = if known.key.is_empty() { key } else { known.key };
            known.announces = known.announces.or(announces.then_some(by));
            return;
        }
        if self.outlets.len() >= 200 {
            return;
        }
        let announces = announces.then_some(by);
        self.outlets.push(Outlet { key, name, by, also: Vec::new(), announces });
    }

    /// Channels that are written in two ways: `#release` and `#releases`.
    pub fn twins(&self) -> Vec<(&Outlet, &Outlet)> {
        let chats: Vec<&Outlet> = self.outlets.iter().filter(|it| it.name.starts_with('#')).collect();
        let twin = |a: &Outlet, b: &Outlet| {
            let (a, b) = (a.name.to_lowercase(), b.name.to_lowercase());
            b == format!("{a}s") || a.replace(['-', '_'], "") == b.replace(['-', '_'], "")
        };
        let pairs = chats.iter().flat_map(|a| chats.iter().map(move |b| (*a, *b)));
        pairs.filter(|(a, b)| a.name != b.name && (twin(a, b) && (!twin(b, a) || a.name < b.name))).collect()
    }
}

/// The channels in a text: `#` and a name that starts with a letter.
fn hashes(text: &str) -> impl Iterator<Item = String> {
    let parts = text.match_indices('#').filter(|(at, _)| {
        !text[..*at]
            .ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '#' | '&' | '$' | '='))
    });
    parts.filter_map(|(at, _)| {
        let rest = &text[at + 1..];
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '-' && c != '_').unwrap_or(rest.len());
        let name = rest[..end].trim_end_matches(['-', '_']);
        let fine = name.starts_with(char::is_alphabetic) && name.len() > 1 && name.is_ascii();
        fine.then(|| format!("#{name}"))
    })
}

/// What stands between quotation marks and could be the name of a channel.
fn quoted(text: &str) -> impl Iterator<Item = String> {
    let marks = |c: char| matches!(c, '“' | '”' | '"');
    let parts: Vec<String> = text.split(marks).skip(1).step_by(2).map(str::to_owned).collect();
    parts
        .into_iter()
        .filter(|name| !name.is_empty() && name.len() <= 30 && !name.contains(' ') && name.is_ascii())
}

const LABELS: [&str; 6] = ["label", "labels", "labeled", "labelled", "labeling", "标签"];
const MEANINGS: [(&str, &[&str]); 7] = [
    ("blockers", &["blocker", "blocking", "critical", "p0", "blocks"]),
    ("nominated", &["nominate", "candidate", "cherry-pick", "cherrypick", "backport"]),
    ("triage", &["triage"]),
    ("breaking", &["breaking"]),
    ("security", &["security", "cve"]),
    ("bugs", &["bug"]),
    ("features", &["feature", "enhancement"]),
];

/// Code near the word label.
fn labels(outlets: &mut Outlets, piece: &Piece, lower: &str, at: usize) {
    if !has(lower, &LABELS) {
        return;
    }
    for code in piece
        .codes
        .iter()
        .filter(|code| !code.is_empty() && code.len() <= 60 && !code.contains("--") && !code.starts_with('.'))
    {
        let near = place(lower, &code.to_lowercase());
        let close = LABELS
            .iter()
            .filter_map(|word| place(lower, word))
            .any(|label| near.is_some_and(|at| at.abs_diff(label) < 120));
        if !close || outlets.labels.iter().any(|known| known.name == *code) {
            continue;
        }
        let small = code.to_lowercase();
        let ask = super::words::words(code).any(|word| super::words::branch(word).is_some())
            || small.contains('<')
            || small.contains('{');
        let key = if ask && (small.contains("backport") || small.contains("pick")) {
            "picks"
        } else {
            MEANINGS
                .iter()
                .find(|(_, words)| words.iter().any(|word| small.contains(word)))
                .map_or("", |(key, _)| *key)
        };
        outlets.labels.push(Label { key, name: code.clone(), by: at });
    }
}
