//! The configuration in force, key by key, with where each value comes from.

use super::keys::{KEYS, variable};
use super::load::{Loaded, Owner};
use super::origin::Origin;
use super::value::{written, written_list};

/// The configuration as TOML, the origin of each value as its comment.
#[must_use]
pub fn explain(loaded: &Loaded) -> String {
    let mut lines: Vec<(String, String)> = Vec::new();
    for key in KEYS {
        let origin = loaded.origins.get(key.name).unwrap_or(&Origin::Default);
        lines.push((format!("{} = {}", key.name, (key.show)(&loaded.config)), origin.to_string()));
    }
    if let Some(address) = &loaded.config.api_url {
        lines.push((format!("# --api-url = {}", written(address)), "for every host".to_owned()));
    }
    for (name, keys, origin) in &loaded.bindings {
        lines.push((format!("{} = {}", quoted_path(name), written_list(keys)), origin.to_string()));
    }
    let width = lines.iter().map(|(left, _)| left.chars().count()).max().unwrap_or(0).min(60);
    let mut out = String::new();
    for file in &loaded.files {
        let state = match (&file.text, file.owner) {
            (None, _) => "not there".to_owned(),
            (Some(_), Owner::User) => "read".to_owned(),
            (Some(_), Owner::Repository) if file.trusted => format!("read, trusted ({})", file.hash),
            (Some(_), Owner::Repository) => format!("read, not trusted ({})", file.hash),
        };
        out.push_str(&format!("# {}: {state}\n", file.name));
    }
    for (left, origin) in lines {
        out.push_str(&format!("{left:width$}  # {origin}\n"));
    }
    out
}

/// A dotted path whose last part may need quotes.
fn quoted_path(path: &str) -> String {
    let bare = |part: &str| part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    let parts: Vec<_> =
        path.split('.').map(|part| if bare(part) { part.to_owned() } else { written(part) }).collect();
    parts.join(".")
}

/// The same as JSON: `{"files": […], "values": [{"key", "value", "origin", "variable"}, …]}`.
#[must_use]
pub fn explain_json(loaded: &Loaded) -> serde_json::Value {
    let value = |key: &super::keys::Key| {
        let origin = loaded.origins.get(key.name).unwrap_or(&Origin::Default);
        let text = (key.show)(&loaded.config);
        let value = text.parse::<toml::Value>().ok().and_then(|value| serde_json::to_value(value).ok());
        serde_json::json!({"key": key.name, "value": value, "origin": origin.to_string(), "variable": variable(key)})
    };
    let mut values: Vec<_> = KEYS.iter().map(value).collect();
    values.extend(loaded.bindings.iter().map(|(name, keys, origin)| {
        serde_json::json!({"key": name, "value": keys, "origin": origin.to_string(), "variable": null})
    }));
    let file = |file: &super::load::File| serde_json::json!({"file": file.name, "found": file.text.is_some(), "hash": file.hash, "trusted": file.trusted});
    serde_json::json!({"files": loaded.files.iter().map(file).collect::<Vec<_>>(), "values": values})
}
