//! A machine of one's own for the built binary: a home, a state directory and a repository, all temporary.

use crate::git::yard::Yard;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the binary did.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// Output and errors hold nothing that a terminal obeys.
    pub fn is_clean(&self) {
        for text in [&self.out, &self.err] {
            let bad = text.chars().find(|c| {
                (c.is_control() && *c != '\n')
                    || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            });
            assert_eq!(bad, None, "{text:?}");
        }
    }
}

pub struct Bench {
    pub yard: Yard,
    variables: Vec<(String, String)>,
}

impl Bench {
    /// A repository with a trunk, a release line, tags and a remote on github.com.
    pub fn new() -> Self {
        let bench = Self::empty();
        let yard = &bench.yard;
        yard.commit("a", "1", "one");
        yard.git(&["tag", "v1.0.0"]);
        yard.git(&["branch", "release-1.0"]);
        yard.commit("b", "1", "two");
        yard.git(&["tag", "v1.1.0-rc.1"]);
        yard.git(&["remote", "add", "origin", "https://github.com/octo/widget.git"]);
        // A fetch gets no further than this machine.
        yard.git(&["config", "http.proxy", "http://127.0.0.1:1"]);
        bench
    }

    /// A repository without a commit.
    pub fn empty() -> Self {
        let yard = Yard::new();
        for dir in ["home", "config", "state", "cache"] {
            std::fs::create_dir(yard.root().join(dir)).unwrap();
        }
        Self { yard, variables: Vec::new() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.yard.root().join(name)
    }

    pub fn write(self, name: &str, text: &str) -> Self {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    pub fn variable(mut self, name: &str, text: &str) -> Self {
        self.variables.push((name.to_owned(), text.to_owned()));
        self
    }

    /// Runs the binary in the repository.
    pub fn run(&self, args: &[&str]) -> Ran {
        self.run_in(&self.yard.path(), args)
    }

    pub fn run_in(&self, dir: &Path, args: &[&str]) -> Ran {
        #[expect(clippy::disallowed_methods, reason = "a test starts the binary as a user would")]
        let mut command = Command::new(env!("CARGO_BIN_EXE_gonogo"));
        command.args(args).current_dir(dir).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap());
        command.env("HOME", self.path("home")).env("XDG_CONFIG_HOME", self.path("config"));
        command.env("XDG_STATE_HOME", self.path("state")).env("XDG_CACHE_HOME", self.path("cache"));
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        command.envs(self.variables.iter().cloned());
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).unwrap();
            text.replace(&format!("{}/", self.yard.root().canonicalize().unwrap().display()), "")
                .replace(&format!("{}/", self.yard.root().display()), "")
        };
        Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }
}
