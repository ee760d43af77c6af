//! Reading what `git merge-tree -z --messages` answers, field by field.

use crate::order::Order as _;
use crate::release::ids::Oid;
use crate::release::predict::{Conflict, ConflictFile, ConflictKind, Side};
use crate::release::text::Untrusted;
use std::collections::BTreeMap;

/// What a merge came to, as git told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub clean: bool,
    pub tree: Oid,
    stages: Vec<(Side, u8, Vec<u8>)>,
    messages: Vec<Message>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Message {
    paths: Vec<Vec<u8>>,
    kind: String,
    text: String,
}

/// Which field comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Clean,
    Tree,
    Stage,
    Count,
    Path(usize),
    Kind,
    Text,
}

/// An answer that is being read.
#[derive(Debug)]
pub(super) struct Reader {
    next: Next,
    clean: bool,
    tree: Option<Oid>,
    stages: Vec<(Side, u8, Vec<u8>)>,
    messages: Vec<Message>,
}

impl Reader {
    /// For an answer of `--stdin`, which says first whether the merge is clean and ends with an empty field.
    pub(super) fn of_stream() -> Self {
        Self::new(Next::Clean, false)
    }

    /// For an answer of a process of its own, whose exit code said whether the merge is clean.
    pub(super) fn of_process(clean: bool) -> Self {
        Self::new(Next::Tree, clean)
    }

    fn new(next: Next, clean: bool) -> Self {
        Self { next, clean, tree: None, stages: Vec::new(), messages: Vec::new() }
    }

    /// Takes the next field; true when it ends the answer.
    ///
    /// # Errors
    /// What was unexpected.
    pub(super) fn take(&mut self, field: &[u8]) -> Result<bool, String> {
        let text = || String::from_utf8_lossy(field).into_owned();
        self.next = match self.next {
            Next::Clean => {
                self.clean = match field {
                    b"1" => true,
                    b"0" => false,
                    _ => {
                        return Err(format!(
                            "{} is neither clean nor a conflict",
                            Untrusted::from(text()).line()
                        ));
                    }
                };
                Next::Tree
            }
            Next::Tree => {
                self.tree = Some(Oid::parse(&text()).map_err(|why| why.to_string())?);
                Next::Stage
            }
            Next::Stage if field.is_empty() => Next::Count,
            Next::Stage => {
                self.stages.push(stage(field).ok_or("a conflicting file is not in git's form")?);
                Next::Stage
            }
            Next::Count if field.is_empty() => return Ok(true),
            Next::Count => {
                let count = text().parse().map_err(|_| "a message does not say how many paths it has")?;
                self.messages.push(Message { paths: Vec::new(), kind: String::new(), text: String::new() });
                if count == 0 { Next::Kind } else { Next::Path(count) }
            }
            Next::Path(left) => {
                self.message(|message| message.paths.push(field.to_vec()));
                if left == 1 { Next::Kind } else { Next::Path(left - 1) }
            }
            Next::Kind => {
                self.message(|message| message.kind = text());
                Next::Text
            }
            Next::Text => {
                self.message(|message| message.text = text().trim_end().to_owned());
                Next::Count
            }
        };
        Ok(false)
    }

    fn message(&mut self, change: impl FnOnce(&mut Message)) {
        if let Some(message) = self.messages.last_mut() {
            change(message);
        }
    }

    /// The answer, when it came to its end.
    pub(super) fn finish(self) -> Result<Answer, String> {
        let Self { next: Next::Stage | Next::Count, clean, tree: Some(tree), stages, messages } = self else {
            return Err("the answer is cut off".to_owned());
        };
        Ok(Answer { clean, tree, stages, messages })
    }
}

/// `100644 OID 2<TAB>path`
fn stage(field: &[u8]) -> Option<(Side, u8, Vec<u8>)> {
    let tab = field.iter().position(|b| *b == b'\t')?;
    let head = std::str::from_utf8(&field[..tab]).ok()?;
    let mut words = head.split(' ');
    let mode = u32::from_str_radix(words.next()?, 8).ok()?;
    let oid = Oid::parse(words.next()?).ok()?;
    Some((Side { mode, oid }, words.next()?.parse().ok()?, field[tab + 1..].to_vec()))
}

/// What a message says is the matter; none for one that only informs. The names are those of merge-ort.
fn kind(name: &str) -> Option<ConflictKind> {
    let inner = name.strip_prefix("CONFLICT").map(|rest| rest.trim_matches([' ', '(', ')']));
    Some(match inner {
        None if name.starts_with("ERROR") => ConflictKind::Other,
        None => return None,
        Some("contents") => ConflictKind::Content,
        Some("binary") => ConflictKind::Binary,
        Some("file/directory") => ConflictKind::FileDirectory,
        Some("distinct modes") => ConflictKind::Mode,
        Some("modify/delete") => ConflictKind::ModifyDelete,
        Some("rename/rename" | "rename involved in collision") => ConflictKind::RenameRename,
        Some("rename/delete") => ConflictKind::RenameDelete,
        Some(word) if word.starts_with("submodule") => ConflictKind::Submodule,
        Some(word) if word.contains("directory rename") => ConflictKind::DirectoryRename,
        Some(_) => ConflictKind::Other,
    })
}

/// Of two things that are the matter with a file, the one that says more: a renamed file often has conflicting
/// contents too, and a binary one always.
fn weight(kind: ConflictKind) -> u8 {
    match kind {
        ConflictKind::Binary | ConflictKind::Submodule => 9,
        ConflictKind::RenameRename => 8,
        ConflictKind::RenameDelete => 7,
        ConflictKind::FileDirectory => 6,
        ConflictKind::ModifyDelete => 5,
        ConflictKind::Mode => 4,
        ConflictKind::DirectoryRename => 3,
        ConflictKind::Other => 2,
        ConflictKind::AddAdd => 1,
        ConflictKind::Content => 0,
    }
}

impl Answer {
    /// The answer as a conflict. `labels` are what the merge called the two sides, each with what it is called
    /// instead: git writes them into its words, and into the path of a file that a directory is in the way of.
    pub(super) fn conflict(self, labels: &[[String; 2]; 2]) -> Conflict {
        let named =
            |text: String| labels.iter().fold(text, |text, [from, to]| text.replace(from.as_str(), to));
        let mut files: BTreeMap<Vec<u8>, ConflictFile> = BTreeMap::new();
        for (side, stage, path) in self.stages {
            let shown = || Untrusted::from(named(crate::git::run::lossy(path.clone())));
            let file = files.entry(path.clone()).or_insert_with(|| ConflictFile {
                path: shown(),
                kind: ConflictKind::Content,
                base: None,
                ours: None,
                theirs: None,
                said: Vec::new(),
                recorded: false,
            });
            match stage {
                1 => file.base = Some(side),
                2 => file.ours = Some(side),
                _ => file.theirs = Some(side),
            }
        }
        files.values_mut().for_each(|file| file.kind = by_sides(file));
        let mut said = Vec::new();
        for message in self.messages {
            let Some(kind) = kind(&message.kind) else { continue };
            let text = Untrusted::from(named(message.text));
            let mut told = false;
            for path in &message.paths {
                if let Some(file) = files.get_mut(path) {
                    file.kind = if weight(kind) >= weight(file.kind) { kind } else { file.kind };
                    file.said.push(text.clone());
                    told = true;
                }
            }
            if !told {
                said.push(text);
            }
        }
        let mut files: Vec<_> = files.into_values().collect();
        files.order_by(|a, b| a.path.cmp(&b.path));
        Conflict { files, said, tree: self.tree }
    }
}

fn by_sides(file: &ConflictFile) -> ConflictKind {
    match (file.base, file.ours, file.theirs) {
        (None, Some(_), Some(_)) => ConflictKind::AddAdd,
        (Some(_), None, Some(_)) | (Some(_), Some(_), None) => ConflictKind::ModifyDelete,
        _ => ConflictKind::Content,
    }
}
