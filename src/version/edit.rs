//! Where a project writes its version down: which file, and which value in it.

use serde::{Deserialize, Serialize};

/// A value in a file that becomes the version.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// `file`: path in the repository: `"pyproject.toml"`.
    pub file: String,
    /// `at`: which value: `{ toml = "project.version" }`, `{ json = "version" }`, `{ yaml = "version" }`, or
    /// `{ regex = "…(…)…" }` whose one group is the value.
    pub at: Place,
    /// `as`: what is written, with `{version}`, `{tag}`, `{major}`, `{minor}`, `{patch}`; default `"{version}"`.
    #[serde(default = "version", rename = "as")]
    pub text: String,
}

fn version() -> String {
    "{version}".to_owned()
}

/// Which value of a file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Place {
    /// A key of a TOML file, with dots: `project.version`.
    Toml(String),
    /// A key of a JSON file, with dots: `version`.
    Json(String),
    /// A key of a YAML file, with dots: `appVersion`.
    Yaml(String),
    /// What the one group of a regular expression matches. It must match exactly once.
    Regex(String),
}
