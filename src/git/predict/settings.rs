//! The configuration that decides what a merge comes to, read once and watched.
//!
//! The settings are read where the user is, so that git's check of who owns the repository holds and conditional
//! includes apply, and are handed to the merges as they were read.

use super::quarantine::Quarantine;
use crate::git::run::{Git, stdout};
use crate::git::{GitError, Repository, Trust};
use crate::order::Order as _;
use crate::release::predict::Why;
use crate::release::text::Untrusted;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The modification time and length of a file; none when there is none.
type Stamp = Option<(SystemTime, u64)>;

/// What a merge is told, and when it is to be read again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Settings {
    /// Keys and values for every merge.
    pub told: Vec<(String, String)>,
    /// `diff.algorithm`, which merge-tree from 2.49 on does not read but cherry-pick does.
    pub algorithm: Option<String>,
    /// Whether attributes come from `attr.tree`, here as in a checkout.
    pub attr_tree: bool,
    /// Merge drivers and filters of the repository that are set aside, by their number in the marker file.
    pub set_aside: Vec<String>,
    /// Whether conflicts are looked up in what was resolved before.
    pub rerere: bool,
    /// Why nothing can be predicted at all.
    pub refused: Option<Why>,
    watched: Vec<(PathBuf, Stamp)>,
}

/// A key as it stands last.
struct Value {
    text: String,
    /// Whether it comes from the repository's own configuration.
    of_repository: bool,
}

impl Settings {
    /// Reads them.
    pub(super) async fn read(
        git: &Git,
        at: &Repository,
        trust: Trust,
        quarantine: &Quarantine,
    ) -> Result<Self, GitError> {
        let call = git.read(at, "config").args(["--list", "-z", "--show-scope", "--show-origin"]);
        let answer = stdout(&call, "config").await?;
        let mut files = vec![at.common_dir.join("config"), at.common_dir.join("info/attributes")];
        let mut values = BTreeMap::new();
        let mut fields = answer.split(|b| *b == 0).map(String::from_utf8_lossy);
        while let (Some(scope), Some(origin), Some(entry)) = (fields.next(), fields.next(), fields.next()) {
            if let Some(file) = origin.strip_prefix("file:") {
                files.push(at.dir().join(file));
            }
            let (key, text) = entry.split_once('\n').unwrap_or((&entry, "true"));
            // A worktree of one's own does not have the configuration of this one, nor our own command line.
            if scope != "worktree" && scope != "command" {
                let value = Value { text: text.to_owned(), of_repository: scope == "local" };
                values.insert(key.to_owned(), value);
            }
        }
        files.extend(values.get("core.attributesfile").map(|value| home(&value.text)));
        files.extend(["~/.gitconfig", "~/.config/git/config", "~/.config/git/attributes"].map(home));
        files.order();
        files.dedup();
        let watched = files.into_iter().map(|file| (stamp(&file), file)).map(|(stamp, file)| (file, stamp));
        let mut settings = Self { watched: watched.collect(), ..Self::default() };
        settings.take(git, at, &values);
        settings.tell(&values, trust, quarantine);
        Ok(settings)
    }

    /// Whether a file that they came from is another now.
    pub(super) fn are_stale(&self) -> bool {
        self.watched.iter().any(|(file, known)| stamp(file) != *known)
    }

    fn take(&mut self, git: &Git, at: &Repository, values: &BTreeMap<String, Value>) {
        let text = |key: &str| values.get(key).map(|value| value.text.as_str());
        let known = |name: &str| ["", "ort", "recursive"].contains(&name);
        if let Some(strategy) = text("pull.twohead").filter(|name| !known(name)) {
            let why = format!("pull.twohead = {strategy}: only the ort strategy is predicted");
            self.refused = Some(Why::Setting(why.into()));
        }
        if !git.tier().merge_tree {
            let why = format!("git {} cannot merge in memory: install 2.38 or later", git.tier().text());
            self.refused = Some(Why::Tier(why.into()));
        }
        self.algorithm = text("diff.algorithm").filter(|_| git.tier().stdin_merge_tree).map(str::to_owned);
        self.attr_tree =
            text("attr.tree").is_some_and(|tree| !tree.is_empty()) && git.tier().version >= (2, 43, 0);
        let unset = at.common_dir.join("rr-cache").is_dir();
        self.rerere = text("rerere.enabled").map_or(unset, is_true);
    }

    /// What merges are told: all that decides a merge, as it was read, and no command of a repository that is not
    /// trusted.
    fn tell(&mut self, values: &BTreeMap<String, Value>, trust: Trust, quarantine: &Quarantine) {
        let renormalize = values.get("merge.renormalize").is_some_and(|value| is_true(&value.text));
        let marker = shell_quoted(&quarantine.file("set-aside"));
        let mut filters = Vec::new();
        for (key, value) in values {
            let alone = trust == Trust::Unasked && value.of_repository;
            let filter = key.strip_prefix("filter.").and_then(|rest| rest.rsplit_once('.'));
            let driver = key.strip_prefix("merge.").and_then(|rest| rest.strip_suffix(".driver"));
            match (driver, filter) {
                (Some(name), _) if alone => {
                    let number = self.set_aside.len();
                    self.set_aside.push(format!("the merge driver {name}"));
                    self.told.push((key.clone(), format!("echo {number} >>{marker}; exit 1")));
                }
                (None, Some((name, how @ ("clean" | "smudge" | "process")))) if alone && renormalize => {
                    filters.push((name, how));
                }
                // Without renormalising, no filter is asked.
                (None, Some(_)) if alone => {}
                _ if decides(key) => self.told.push((key.clone(), value.text.clone())),
                _ => {}
            }
        }
        for (name, how) in filters {
            let number = self.set_aside.len();
            self.set_aside.push(format!("the filter {name}"));
            let command = match how {
                "clean" => format!("echo {number} >>{marker}; cat"),
                "smudge" => "cat".to_owned(),
                // One that speaks git's protocol is asked instead of the other two, also when it is empty.
                _ => format!("echo {number} >>{marker}; exit 1"),
            };
            self.told.push((format!("filter.{name}.{how}"), command));
            self.told.push((format!("filter.{name}.required"), "false".to_owned()));
        }
    }
}

/// Whether a key decides what a merge comes to.
fn decides(key: &str) -> bool {
    let keys = [
        "diff.renames",
        "diff.renamelimit",
        "diff.algorithm",
        "core.attributesfile",
        "core.autocrlf",
        "core.eol",
        "core.bigfilethreshold",
        "core.ignorecase",
    ];
    keys.contains(&key) || key.starts_with("merge.") || key.starts_with("filter.")
}

fn is_true(text: &str) -> bool {
    ["true", "yes", "on", "1"].contains(&text.to_ascii_lowercase().as_str())
}

fn stamp(file: &Path) -> Stamp {
    let meta = file.metadata().ok()?;
    Some((meta.modified().ok()?, meta.len()))
}

/// A path whose `~` is the home directory.
fn home(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ => PathBuf::from(path),
    }
}

/// A path as one word of a shell, in a command where git expands `%`.
fn shell_quoted(path: &Path) -> String {
    let text = path.display().to_string().replace('%', "%%").replace('\'', "'\\''");
    format!("'{text}'")
}

impl Settings {
    /// What was set aside and would have decided, since the marker was last looked at.
    pub(super) fn asked(&self, quarantine: &Quarantine) -> Option<Why> {
        if self.set_aside.is_empty() {
            return None;
        }
        let marker = quarantine.file("set-aside");
        let text = std::fs::read_to_string(&marker).ok()?;
        // When it cannot be removed, the next merge is unknown too: that errs on the safe side.
        let _gone = std::fs::remove_file(&marker);
        let number = text.lines().next()?.trim().parse::<usize>().ok()?;
        Some(Why::Untrusted(Untrusted::from(self.set_aside.get(number)?.as_str())))
    }
}
