//! What most commands begin with: the repository of a path, and the configuration with the options laid over it.

use super::args::{GlyphSet, Look, Target};
use super::exit::{Exit, Said};
use crate::config::{Chosen, Flag, Loaded, Owner, Places, followed, load, process};
use crate::git::{GitError, Repository, find};
use crate::probe::Reach;
use crate::process::{Finding, Resolved};
use crate::release::text::shown;
use std::path::Path;

/// The repository and the configuration.
#[derive(Debug)]
pub struct Setup {
    /// The repository, or why there is none.
    pub repository: Result<Repository, GitError>,
    /// The configuration and what is wrong with it.
    pub loaded: Loaded,
    /// Where the process comes from.
    pub chosen: Chosen,
}

impl Setup {
    /// Finds the repository of a path, the current directory unless given, and loads the configuration.
    ///
    /// # Errors
    /// When an option cannot be read.
    pub fn of(path: Option<&Path>, target: &Target, flags: Vec<Flag>) -> Result<Self, Said> {
        let mut repository = find(path.unwrap_or(Path::new(".")));
        let root = repository.as_ref().ok().and_then(|it| it.work_tree.clone());
        let mut all = target.flags()?;
        all.extend(flags);
        let places = Places::of(root.as_deref(), target.config.as_deref());
        let variable = |name: &str| std::env::var_os(name).map(|it| it.to_string_lossy().into_owned());
        let loaded = load(&places, &variable, &all);
        if let (Ok(repository), Some(remote)) = (&mut repository, &loaded.config.remote) {
            repository.chosen_remote = Some(remote.clone());
        }
        let named = target.process.clone().or_else(|| variable("GONOGO_PROCESS").filter(|it| !it.is_empty()));
        let chosen = loaded.chosen(named.as_deref());
        Ok(Self { repository, loaded, chosen })
    }

    /// The process that is followed; none when nothing says which.
    ///
    /// # Errors
    /// All that is wrong with it.
    #[must_use]
    pub fn process(&self) -> Option<Result<Resolved, Vec<Finding>>> {
        process(&self.loaded, &self.chosen)
    }

    /// The same where it is only to be followed, and its warnings are not asked for.
    ///
    /// # Errors
    /// All that is wrong with it.
    #[must_use]
    pub fn followed(&self) -> Option<Result<Resolved, Vec<Finding>>> {
        followed(&self.loaded, &self.chosen)
    }

    /// Where the process is written, in words; none when nothing says which is followed.
    #[must_use]
    pub fn process_source(&self) -> Option<String> {
        match &self.chosen {
            Chosen::Named(name) => Some(format!("the process {name}")),
            Chosen::Written(Owner::Repository) => Some("the process of gonogo.toml".to_owned()),
            Chosen::Written(_) => Some("the process of your own configuration".to_owned()),
            Chosen::Nowhere => None,
        }
    }

    /// Why programs of the process may not be run: it came with the repository, and nobody trusts it.
    #[must_use]
    pub fn barred(&self) -> Option<String> {
        let file = self.loaded.file(Owner::Repository).filter(|file| !file.trusted)?;
        let theirs = matches!(self.chosen, Chosen::Written(Owner::Repository));
        let why = "this process is the repository's own gonogo.toml, which you do not trust: its programs do not run";
        theirs.then(|| format!("{why} ({})", file.hash))
    }

    /// Whom artifacts may be asked of: a process that came with the repository may name no host unless it is trusted.
    #[must_use]
    pub fn registries(&self) -> Reach {
        let theirs = matches!(self.chosen, Chosen::Written(Owner::Repository));
        let trusted = self.loaded.file(Owner::Repository).is_some_and(|file| file.trusted);
        if theirs && !trusted { Reach::Known } else { Reach::Any }
    }

    /// Itself when the configuration has no mistake.
    ///
    /// # Errors
    /// The mistakes, for standard error, before the terminal is taken.
    pub fn sound(self) -> Result<Self, Said> {
        if self.loaded.findings.is_empty() {
            return Ok(self);
        }
        Err(Said::err(Exit::Usage, report(&self.loaded.findings)))
    }
}

/// How a command ends that has no repository: a path in none is a wrong argument, one that cannot be read is not.
#[must_use]
pub fn no_repository(why: &GitError) -> Exit {
    match why {
        GitError::NotRepository(_) => Exit::Usage,
        GitError::File { why, .. } if why.kind() == std::io::ErrorKind::NotFound => Exit::Usage,
        _ => Exit::Unread,
    }
}

/// Findings, one below the other, safe to show.
#[must_use]
pub fn report(findings: &[Finding]) -> String {
    let lines = findings.iter().flat_map(|finding| {
        finding.to_string().lines().map(|line| format!("{}\n", shown(line, 4000))).collect::<Vec<_>>()
    });
    lines.collect()
}

impl Target {
    /// The options as a layer of the configuration.
    ///
    /// # Errors
    /// When a command has an open quote.
    pub fn flags(&self) -> Result<Vec<Flag>, Said> {
        let mut flags = Vec::new();
        if let Some(command) = &self.token_command {
            let words = crate::spawn::words(command).ok_or_else(|| {
                Said::err(Exit::Usage, "--token-command: it is empty, or a quote in it is left open")
            })?;
            let words = words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
            flags.push(Flag::Command("token_command", "--token-command", words));
        }
        if let Some(url) = &self.api_url {
            flags.push(Flag::ApiUrl(url.clone()));
        }
        flags.extend(self.remote.iter().map(|name| Flag::Key("remote", "--remote", name.clone())));
        Ok(flags)
    }
}

impl Look {
    /// The options as a layer of the configuration.
    #[must_use]
    pub fn flags(&self) -> Vec<Flag> {
        let mut flags = Vec::new();
        let mut set = |key, option, text: &str| flags.push(Flag::Key(key, option, text.to_owned()));
        if let Some(theme) = &self.theme {
            set("theme", "--theme", theme);
        }
        match self.glyphs {
            Some(GlyphSet::Unicode) => set("glyphs", "--glyphs", "unicode"),
            Some(GlyphSet::Ascii) => set("glyphs", "--glyphs", "ascii"),
            Some(GlyphSet::Nerd) => set("glyphs", "--glyphs", "nerd"),
            None => {}
        }
        let switches = [
            (self.no_mouse, "mouse", "--no-mouse", "false"),
            (self.no_animations, "animations", "--no-animations", "false"),
            (self.present, "present.start", "--present", "true"),
            (self.accessible, "accessible", "--accessible", "true"),
        ];
        for (_, key, option, text) in switches.into_iter().filter(|(on, ..)| *on) {
            set(key, option, text);
        }
        flags
    }
}

/// `--read-only` and `--dry-run` as a layer of the configuration.
#[must_use]
pub fn writing(read_only: bool, dry_run: bool) -> Vec<Flag> {
    let switches = [(read_only, "read_only", "--read-only"), (dry_run, "dry_run", "--dry-run")];
    let on = switches.into_iter().filter(|(on, ..)| *on);
    on.map(|(_, key, option)| Flag::Key(key, option, "true".to_owned())).collect()
}
