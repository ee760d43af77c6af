//! From files, environment and command line to one configuration.

use super::EXAMPLE;
use super::layer::{Stack, Whose};
use super::origin::Origin;
use super::place::{Text, shown_char, shown_path};
use super::settings::Config;
use crate::order::Order as _;
use crate::process::Finding;
use crate::view::palette::{NAMES, Palette};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::io::Read as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// Longest configuration or process file that is read, in bytes.
pub const FILE_CAP: u64 = 1 << 20;

/// Name of the repository's file, in the root of its work tree.
pub const REPOSITORY_FILE: &str = "gonogo.toml";

/// Where configuration is looked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Places {
    /// The user's file.
    pub user: Option<PathBuf>,
    /// Whether the user named it, so that it must be there.
    pub named: bool,
    /// Root of the repository's work tree.
    pub root: Option<PathBuf>,
}

impl Places {
    /// The places for a repository: the user's file is the one given, else that of `GONOGO_CONFIG`, else
    /// `gonogo/config.toml` in the configuration directory.
    #[must_use]
    pub fn of(root: Option<&Path>, given: Option<&Path>) -> Self {
        let variable = || std::env::var_os("GONOGO_CONFIG").filter(|it| !it.is_empty()).map(PathBuf::from);
        let named = given.map(Path::to_owned).or_else(variable);
        let usual = || {
            directories::ProjectDirs::from("", "", "gonogo").map(|dirs| dirs.config_dir().join("config.toml"))
        };
        Self { named: named.is_some(), user: named.or_else(usual), root: root.map(Path::to_owned) }
    }
}

/// Something set on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flag {
    /// A key, the option's name, and the text given to it.
    Key(&'static str, &'static str, String),
    /// A key that takes a command, the option's name, and its words.
    Command(&'static str, &'static str, Vec<String>),
    /// `--api-url`
    ApiUrl(String),
}

/// Whose file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// The user's.
    User,
    /// The repository's.
    Repository,
}

/// A file that was looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Where.
    pub path: PathBuf,
    /// The path as findings name it, safe to show.
    pub name: String,
    /// Whose it is.
    pub owner: Owner,
    /// What it says; none when there is none.
    pub text: Option<String>,
    /// `sha256:…` of what it says; empty when there is none.
    pub hash: String,
    /// Whether the user trusts it as it is now.
    pub trusted: bool,
}

/// The configuration in force, and what is wrong with it.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The values. Where findings are errors, the layers below hold.
    pub config: Config,
    /// Where each key comes from, by its name.
    pub origins: BTreeMap<&'static str, Origin>,
    /// Where each override of a key binding comes from: name as in `keys.ci.rerun`, keys, place.
    pub bindings: Vec<(String, Vec<String>, Origin)>,
    /// The files that were looked for.
    pub files: Vec<File>,
    /// The theme, when it is one of the user's own.
    pub palette: Option<Palette>,
    /// The theme of presentation mode, when it is one of the user's own.
    pub present_palette: Option<Palette>,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

impl Loaded {
    /// The file of an owner, when it is there.
    #[must_use]
    pub fn file(&self, owner: Owner) -> Option<&File> {
        self.files.iter().find(|file| file.owner == owner && file.text.is_some())
    }

    /// Itself when nothing is wrong.
    ///
    /// # Errors
    /// All that is wrong.
    pub fn ready(self) -> Result<Self, Vec<Finding>> {
        if self.findings.is_empty() { Ok(self) } else { Err(self.findings) }
    }
}

/// Loads every layer: default, user, repository, environment, command line.
#[must_use]
pub fn load(places: &Places, variable: &dyn Fn(&str) -> Option<String>, flags: &[Flag]) -> Loaded {
    let mut stack = Stack::new();
    stack.file(Text { file: "config.example.toml", text: EXAMPLE }, Whose::User);
    stack.origins.values_mut().for_each(|origin| *origin = Origin::Default);
    let mut files = Vec::new();
    if let Some(path) = &places.user {
        files.push(user(&mut stack, path, places.named));
    }
    if let Some(root) = &places.root {
        let user = places.user.as_deref().map_or_else(|| "config.toml".to_owned(), shown_path);
        files.push(repository(&mut stack, root, &user));
    }
    stack.variables(variable);
    for flag in flags {
        match flag {
            Flag::Key(key, option, text) => stack.named(key, text, &Origin::Flag(option)),
            Flag::Command(key, option, words) => stack.command(key, words, &Origin::Flag(option)),
            Flag::ApiUrl(text) => stack.api_url(text, &Origin::Flag("--api-url")),
        }
    }
    let (palette, present_palette) = themes(&mut stack, places);
    match stack.bindings.keymap() {
        Ok(keymap) => stack.config.keymap = keymap,
        Err(findings) => stack.findings.extend(findings),
    }
    stack.findings.order_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
    let bindings = stack.bindings.0.into_iter().map(|((action, tab), it)| {
        let tab = tab.map(|tab| format!("{tab}.")).unwrap_or_default();
        (format!("keys.{tab}{action}"), it.keys, it.origin)
    });
    Loaded {
        config: stack.config,
        origins: stack.origins,
        bindings: bindings.collect(),
        files,
        palette,
        present_palette,
        findings: stack.findings,
    }
}

fn user(stack: &mut Stack, path: &Path, named: bool) -> File {
    let file = read(stack, path, None, Owner::User);
    match &file.text {
        Some(text) => stack.file(Text { file: &file.name, text }, Whose::User),
        None if named && stack.findings.is_empty() => {
            let place = Origin::File { file: file.name.clone(), line: 1, column: 1 };
            stack
                .findings
                .push(place.finding("there is no such file", "it was named by --config or GONOGO_CONFIG"));
        }
        None => {}
    }
    file
}

fn repository(stack: &mut Stack, root: &Path, user: &str) -> File {
    let mut file = read(stack, &root.join(REPOSITORY_FILE), Some(root), Owner::Repository);
    file.trusted = stack.config.trusted.contains(&file.hash);
    if let Some(text) = &file.text {
        let whose = Whose::Repository { hash: &file.hash, trusted: file.trusted, user };
        stack.file(Text { file: &file.name, text }, whose);
    }
    file
}

fn read(stack: &mut Stack, path: &Path, within: Option<&Path>, owner: Owner) -> File {
    let name = shown_path(path);
    let text = match text_of(path, within) {
        Ok(text) => text,
        Err(why) => {
            let place = Origin::File { file: name.clone(), line: 1, column: 1 };
            stack.findings.push(place.finding(format!("it cannot be read: {why}"), ""));
            None
        }
    };
    let hash = text.as_deref().map(hash).unwrap_or_default();
    File { path: path.to_owned(), name, owner, text, hash, trusted: false }
}

/// `sha256:…` of a text, as `trusted` lists it.
#[must_use]
pub fn hash(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().fold("sha256:".to_owned(), |out, byte| out + &format!("{byte:02x}"))
}

/// What a file says; none when there is none. `within` is a directory that it may not lead out of.
///
/// # Errors
/// Why it cannot be read, in words.
pub fn text_of(path: &Path, within: Option<&Path>) -> Result<Option<String>, String> {
    let missing = |why: &std::io::Error| {
        matches!(why.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory)
    };
    // Without NONBLOCK a FIFO in the file's place would hold us for ever.
    let flags = i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or(0);
    let file = match std::fs::OpenOptions::new().read(true).custom_flags(flags).open(path) {
        Ok(file) => file,
        Err(why) if missing(&why) => return Ok(None),
        Err(why) => return Err(why.to_string()),
    };
    if let Some(root) = within {
        let inside = path.canonicalize().and_then(|path| Ok(path.starts_with(root.canonicalize()?)));
        if !inside.map_err(|why| why.to_string())? {
            return Err("it is a link that leads out of the repository".to_owned());
        }
    }
    if !file.metadata().map_err(|why| why.to_string())?.is_file() {
        return Err("it is no regular file".to_owned());
    }
    let mut bytes = Vec::new();
    file.take(FILE_CAP + 1).read_to_end(&mut bytes).map_err(|why| why.to_string())?;
    if bytes.len() as u64 > FILE_CAP {
        return Err("it is longer than 1 MiB".to_owned());
    }
    String::from_utf8(bytes).map(Some).map_err(|_| "it is no UTF-8 text".to_owned())
}

/// Reads the themes that do not come with gonogo: they are files in the user's `themes` directory.
fn themes(stack: &mut Stack, places: &Places) -> (Option<Palette>, Option<Palette>) {
    let dir = places.user.as_deref().and_then(Path::parent).map(|dir| dir.join("themes"));
    let named = [stack.config.theme.clone(), stack.config.present_theme.clone()];
    let mut read = |key: &str, theme: &str| {
        if NAMES.contains(&theme) {
            return None;
        }
        let file = dir.as_ref().map(|dir| dir.join(format!("{theme}.toml")));
        let text = file.as_deref().map_or(Ok(None), |file| text_of(file, None));
        let shown = file.as_deref().map(shown_path).unwrap_or_default();
        match text {
            Ok(Some(text)) => return palette(stack, &text, &shown),
            Ok(None) => {
                let near = super::place::nearest(theme, NAMES.into_iter());
                let near = near.map(|near| format!("did you mean {near:?}? ")).unwrap_or_default();
                let looked = if file.is_some() { format!("; there is no {shown}") } else { String::new() };
                let hint = format!("{near}Themes: {}{looked}", NAMES.join(", "));
                let origin = stack.origins.get(key).cloned().unwrap_or(Origin::Default);
                stack.findings.push(origin.finding(format!("{key}: no theme is called {theme:?}"), hint));
            }
            Err(why) => {
                let place = Origin::File { file: shown, line: 1, column: 1 };
                stack.findings.push(place.finding(format!("it cannot be read: {why}"), ""));
            }
        }
        None
    };
    (read("theme", &named[0]), read("present.theme", &named[1]))
}

/// A theme of the user's own.
fn palette(stack: &mut Stack, text: &str, file: &str) -> Option<Palette> {
    match Palette::parse(text, file) {
        Ok(palette) => Some(palette),
        Err(errors) => {
            for error in errors {
                let place = Origin::File { file: file.to_owned(), line: error.line, column: 1 };
                let message: String = error.message.chars().flat_map(shown_char).collect();
                stack.findings.push(place.finding(message, error.hint));
            }
            None
        }
    }
}
