//! The configuration: defaults, layers, and mistakes with file, line and column.
mod defaults;
mod layers;
mod mistakes;
mod process;
mod repository;

use gonogo::config::{Flag, Loaded, Places, load};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A user's directory and a repository, both empty.
struct Home {
    dir: tempfile::TempDir,
    variables: BTreeMap<String, String>,
    flags: Vec<Flag>,
}

impl Home {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("user")).unwrap();
        std::fs::create_dir(dir.path().join("repo")).unwrap();
        Self { dir, variables: BTreeMap::new(), flags: Vec::new() }
    }

    fn user(self, text: &str) -> Self {
        self.write("user/config.toml", text)
    }

    fn repository(self, text: &str) -> Self {
        self.write("repo/gonogo.toml", text)
    }

    fn write(self, name: &str, text: &str) -> Self {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    fn variable(mut self, name: &str, text: &str) -> Self {
        self.variables.insert(name.to_owned(), text.to_owned());
        self
    }

    fn flag(mut self, flag: Flag) -> Self {
        self.flags.push(flag);
        self
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn load(&self) -> Loaded {
        let places =
            Places { user: Some(self.path("user/config.toml")), named: false, root: Some(self.path("repo")) };
        load(&places, &|name| self.variables.get(name).cloned(), &self.flags)
    }

    /// The findings, each as `FILE:LINE:COLUMN: severity: message` and its hint, the directory left out.
    fn findings(&self) -> Vec<String> {
        self.load().findings.iter().map(|finding| self.short(&finding.to_string())).collect()
    }

    fn short(&self, text: &str) -> String {
        let dir = format!("{}/", self.dir.path().display());
        text.replace(&dir, "").replace("\n  hint: ", " | ")
    }
}
