//! Where predictions are computed: the repository, its settings, its cut-off history, the quarantine.

use super::quarantine::Quarantine;
use super::settings::Settings;
use crate::git::run::Git;
use crate::git::{GitError, Repository, Trust};
use crate::release::ids::Oid;
use crate::spawn::{Call, Cancel};
use std::collections::{HashMap, HashSet};

/// All that a git process of a prediction needs to know.
#[derive(Debug)]
pub(super) struct Place {
    pub git: Git,
    pub at: Repository,
    pub trust: Trust,
    pub quarantine: Quarantine,
    pub settings: Settings,
    /// Commits at which a shallow clone ends.
    pub shallow: HashSet<Oid>,
    /// Commits whose parents are others than they say: git's old `info/grafts`.
    pub grafts: HashMap<Oid, Vec<Oid>>,
    /// What stops the work that is going on.
    pub cancel: Cancel,
}

impl Place {
    pub(super) async fn new(git: &Git, at: &Repository, trust: Trust) -> Result<Self, GitError> {
        let quarantine = Quarantine::new(at)?;
        let settings = Settings::read(git, at, trust, &quarantine).await?;
        let mut place = Self {
            git: git.clone(),
            at: at.clone(),
            trust,
            quarantine,
            settings,
            shallow: HashSet::new(),
            grafts: HashMap::new(),
            cancel: Cancel::new(),
        };
        place.read_cuts();
        Ok(place)
    }

    /// Reads where history is cut off or grafted, which a fetch may have changed.
    pub(super) fn read_cuts(&mut self) {
        let lines = |name: &str| std::fs::read_to_string(self.at.common_dir.join(name)).unwrap_or_default();
        let oids = |line: &str| line.split(' ').filter_map(|hex| Oid::parse(hex).ok()).collect::<Vec<_>>();
        self.shallow = lines("shallow").lines().flat_map(oids).collect();
        let grafts = lines("info/grafts");
        let grafts = grafts.lines().map(oids).filter_map(|oids| Some((*oids.first()?, oids[1..].to_vec())));
        self.grafts = grafts.collect();
    }

    /// A reading git process in the quarantine: it starts nothing, reaches nothing, and writes only there.
    pub(super) fn read(&self, command: &str) -> Call {
        self.with(&[], command)
    }

    /// The same with options of git itself before the subcommand.
    pub(super) fn with(&self, options: &[String], command: &str) -> Call {
        let mut call = self.quarantine.call(self.git.call(&self.at, crate::git::run::Access::Read));
        let told = &self.settings.told;
        call = call.env("GIT_CONFIG_COUNT", told.len().to_string());
        for (number, (key, value)) in told.iter().enumerate() {
            call = call
                .env(format!("GIT_CONFIG_KEY_{number}"), key)
                .env(format!("GIT_CONFIG_VALUE_{number}"), value);
        }
        call.args(options).arg(command)
    }
}
