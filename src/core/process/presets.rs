//! The five processes that come with gonogo.

use super::Process;
use super::parse::Parsed;

/// Name, title and text of each preset.
pub const PRESETS: [(&str, &str, &str); 5] = [
    (
        "dragonfly",
        "six-monthly releases, a release team, milestones in every repository",
        include_str!("presets/dragonfly.toml"),
    ),
    (
        "kubesphere",
        "a release group, x.y.z with fix-only z, metrics over releases",
        include_str!("presets/kubesphere.toml"),
    ),
    (
        "crossplane",
        "freeze, release branch, tag pipeline, channel promotion",
        include_str!("presets/crossplane.toml"),
    ),
    (
        "llama-stack",
        "three streams, vX.Y.ZrcN candidates, milestone criteria, testing windows",
        include_str!("presets/llama-stack.toml"),
    ),
    (
        "monthly-trunk",
        "four-week cycle, sign-offs, deployment, rollback, hotfix",
        include_str!("presets/monthly-trunk.toml"),
    ),
];

/// The text of a preset.
#[must_use]
pub fn preset(name: &str) -> Option<&'static str> {
    PRESETS.iter().find(|(id, _, _)| *id == name).map(|(_, _, text)| *text)
}

impl Process {
    /// The preset of this name, parsed; `None` when there is none of that name.
    ///
    /// # Errors
    /// What is wrong in the preset: none of those that come with gonogo has an error, which a test asserts.
    pub fn builtin(name: &str) -> Option<Parsed> {
        preset(name).map(|text| Self::parse(text, &format!("preset {name}")))
    }
}
