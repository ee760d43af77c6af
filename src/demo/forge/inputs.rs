//! Inputs of a workflow that is started by hand: what its file asks for, and what it is called by them.

use super::call::{Call, Refusal};
use std::collections::BTreeMap;

/// Most inputs of a dispatch. Source: "Create a workflow dispatch event" of GitHub's REST API.
const MOST: usize = 25;

/// An input that a workflow declares.
#[derive(Debug, Default)]
struct Declared {
    required: bool,
    default: Option<String>,
}

/// The inputs of the request, checked against those that the file declares. A file that cannot be read takes any.
pub(super) fn given(call: &Call<'_>, text: &str) -> Result<BTreeMap<String, String>, Refusal> {
    let asked = call.body.get("inputs").and_then(serde_json::Value::as_object);
    let plain = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut inputs: BTreeMap<String, String> =
        asked.into_iter().flatten().map(|(name, value)| (name.clone(), plain(value))).collect();
    if inputs.len() > MOST {
        return Err(Refusal::invalid(format!(
            "you may only define up to {MOST} `inputs` for a `workflow_dispatch` event"
        )));
    }
    if text.is_empty() {
        return Ok(inputs);
    }
    let declared = declared(text);
    let strange: Vec<String> =
        inputs.keys().filter(|name| !declared.contains_key(*name)).map(|name| format!("{name:?}")).collect();
    if !strange.is_empty() {
        return Err(Refusal::invalid(format!("Unexpected inputs provided: [{}]", strange.join(", "))));
    }
    for (name, input) in declared {
        match input.default {
            Some(default) => drop(inputs.entry(name).or_insert(default)),
            None if input.required && inputs.get(&name).is_none_or(String::is_empty) => {
                return Err(Refusal::invalid(format!("Required input '{name}' not provided")));
            }
            None => {}
        }
    }
    Ok(inputs)
}

/// The inputs below `workflow_dispatch` of a workflow in block style, as workflows are written.
fn declared(text: &str) -> BTreeMap<String, Declared> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut lines =
        text.lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
    let below = lines.by_ref().find(|line| line.trim() == "workflow_dispatch:").map(indent);
    let (mut found, mut name, mut level): (BTreeMap<_, Declared>, String, _) =
        (BTreeMap::new(), String::new(), None);
    let Some(below) = below else { return found };
    let mut within = None;
    for line in lines {
        let here = indent(line);
        if here <= below {
            break;
        }
        match within {
            None => within = (line.trim() == "inputs:").then_some(here),
            Some(inputs) if here <= inputs => break,
            Some(_) => {
                let (key, value) = line.trim().split_once(':').unwrap_or((line.trim(), ""));
                let level = *level.get_or_insert(here);
                if here == level {
                    name = key.trim_matches(['"', '\'']).to_owned();
                    found.insert(name.clone(), Declared::default());
                } else if let Some(input) = found.get_mut(&name) {
                    match key {
                        "required" => input.required = value.trim() == "true",
                        "default" => input.default = Some(value.trim().trim_matches(['"', '\'']).to_owned()),
                        _ => {}
                    }
                }
            }
        }
    }
    found
}

/// What `run-name` makes of the inputs; none when the file has no such line.
pub(super) fn title(text: &str, inputs: &BTreeMap<String, String>) -> Option<String> {
    let name = text.lines().find_map(|line| line.strip_prefix("run-name:"))?.trim();
    let mut name = name.trim_matches(['"', '\'']).to_owned();
    for (key, value) in inputs {
        for form in ["inputs", "github.event.inputs"] {
            name = name.replace(&format!("${{{{ {form}.{key} }}}}"), value);
        }
    }
    Some(name)
}
