//! The configuration as typed values.

use crate::screen::Glyphs;
use crate::screen::keymap::Keymap;
use std::collections::BTreeMap;

/// The zone that times are shown in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Zone {
    /// The machine's.
    #[default]
    Local,
    /// UTC.
    Utc,
}

/// Where the address of a webhook is found. The address itself is a secret: it is written in no file of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AddressFrom {
    /// `url_env`: the environment variable that holds it.
    Variable(String),
    /// `url_command`: the program and arguments that print it.
    Command(Vec<String>),
    /// `mailer` with `to`: no webhook, but a program that takes a message, and the address it goes to.
    Mailer(Vec<String>, String),
    /// `file`: no webhook, but a file of its own for each version.
    File(String),
}

/// How an announcement is posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnounceTo {
    /// Where its address is found.
    pub from: AddressFrom,
    /// `thread`: whether the webhook belongs to a Discord forum, where each message opens a thread.
    pub thread: bool,
}

/// Every key of the configuration, all layers laid over each other. What a key means and its default are in
/// `config.example.toml`.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// `theme`: a built-in's name or that of a file in the user's `themes` directory.
    pub theme: String,
    /// `glyphs`
    pub glyphs: Glyphs,
    /// `animations`
    pub animations: bool,
    /// `mouse`
    pub mouse: bool,
    /// `accessible`
    pub accessible: bool,
    /// `time`
    pub time: Zone,
    /// `poll`: seconds between looks at what changes often; none when paused.
    pub poll: Option<u32>,
    /// `read_only`
    pub read_only: bool,
    /// `dry_run`
    pub dry_run: bool,
    /// `remote`: none to take git's choice.
    pub remote: Option<String>,
    /// `editor`: program and arguments; empty to take the environment's.
    pub editor: Vec<String>,
    /// `token_command`: program and arguments; empty for none.
    pub token_command: Vec<String>,
    /// `browser_hosts`, in lower case.
    pub browser_hosts: Vec<String>,
    /// `user`: the login of who sits here, where no token says it; none when it is not known.
    pub user: Option<String>,
    /// `assets_dir`: the directory below which the files of a release lie; none for the clone.
    pub assets_dir: Option<std::path::PathBuf>,
    /// `trusted`: hashes of repository files that may set every key.
    pub trusted: Vec<String>,
    /// `[api_urls]`: address by host in lower case.
    pub api_urls: BTreeMap<String, String>,
    /// `[announce]`: by repository in lower case, then by announcement.
    pub announce: BTreeMap<String, BTreeMap<String, AnnounceTo>>,
    /// `--api-url`: the address whatever the host.
    pub api_url: Option<String>,
    /// `[present] start`
    pub present: bool,
    /// `[present] theme`
    pub present_theme: String,
    /// `[keys]`, laid over the default keys.
    pub keymap: Keymap,
}

impl Config {
    /// Nothing set; the default is what `config.example.toml` lays over it.
    pub(super) fn blank() -> Self {
        Self {
            theme: String::new(),
            glyphs: Glyphs::Unicode,
            animations: false,
            mouse: false,
            accessible: false,
            time: Zone::Local,
            poll: None,
            read_only: false,
            dry_run: false,
            remote: None,
            editor: Vec::new(),
            token_command: Vec::new(),
            browser_hosts: Vec::new(),
            user: None,
            assets_dir: None,
            trusted: Vec::new(),
            api_urls: BTreeMap::new(),
            announce: BTreeMap::new(),
            api_url: None,
            present: false,
            present_theme: String::new(),
            keymap: Keymap::default(),
        }
    }

    /// What the screen needs to know.
    #[must_use]
    pub fn options(&self) -> crate::screen::Options {
        crate::screen::Options {
            keymap: std::sync::Arc::new(self.keymap.clone()),
            theme: self.theme.clone(),
            glyphs: self.glyphs,
            animations: self.animations,
            mouse: self.mouse,
            present: self.present,
            meet: false,
            read_only: self.read_only,
            dry_run: self.dry_run,
            fork: None,
            routes: BTreeMap::new(),
            barred: None,
            written: Box::default(),
            poll: self.poll,
            zone: match self.time {
                Zone::Local => *chrono::Local::now().offset(),
                Zone::Utc => chrono::Offset::fix(&chrono::Utc),
            },
            browser_hosts: self.browser_hosts.clone(),
        }
    }

    /// The address of the API for a host, when it is not the usual one.
    #[must_use]
    pub fn api_url(&self, host: &str) -> Option<&str> {
        let of_host = || self.api_urls.get(&host.to_ascii_lowercase());
        self.api_url.as_ref().or_else(of_host).map(String::as_str)
    }

    /// The command that prints the token, when one is set.
    #[must_use]
    pub fn token_command(&self) -> Option<&[String]> {
        (!self.token_command.is_empty()).then_some(self.token_command.as_slice())
    }
}
