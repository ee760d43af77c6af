//! Writes down what the forge was asked and what it answered, for the contract tests.

use super::call::{Asked, Content, Reply};
use serde_json::{Value, json};
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Mutex;

/// A file of exchanges, one JSON object a line.
#[derive(Debug)]
pub(super) struct Recorder {
    file: Mutex<File>,
}

impl Recorder {
    /// Opens the file to append to it: several forges may record into one.
    pub(super) fn open(path: &Path) -> std::io::Result<Self> {
        let file = File::options().create(true).append(true).open(path)?;
        Ok(Self { file: Mutex::new(file) })
    }

    /// Writes one exchange. A recording that fails must not fail the request.
    pub(super) fn write(&self, asked: &Asked, template: Option<&str>, reply: &Reply) {
        let request = serde_json::from_slice::<Value>(&asked.raw).ok();
        let body = match &reply.body {
            Content::Json(value) => value.clone(),
            Content::Text(text) => json!(text.chars().take(200).collect::<String>()),
            Content::Empty => Value::Null,
        };
        let json = matches!(reply.body, Content::Json(_));
        let query: serde_json::Map<String, Value> =
            asked.query.iter().map(|(key, value)| (key.clone(), json!(value))).collect();
        let headers: serde_json::Map<String, Value> =
            reply.headers.iter().map(|(key, value)| (key.clone(), json!(value))).collect();
        let line = json!({
            "method": asked.method, "path": asked.path, "template": template, "query": query, "request": request,
            "status": reply.status, "headers": headers, "json": json, "body": body,
        });
        if let Ok(mut file) = self.file.lock() {
            // One write a line, so that processes that record into one file do not mix their lines.
            let _ = file.write_all(format!("{line}\n").as_bytes());
        }
    }
}
