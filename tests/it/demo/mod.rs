//! Tests of the `demo` room: the forge over real HTTP, its repository with real git.

mod actions;
mod graph;
mod limits;
mod pushes;
mod reading;
mod registry;
pub mod repository;
mod sweep;
mod trouble;
mod writing;

use chrono::{DateTime, Utc};
use gonogo::demo::{Clock, Demo, FULL, Options};
use serde_json::{Value, json};
use std::collections::HashMap;

/// The moment at which all tests stand.
pub fn moment() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-11-21T08:00:00Z").unwrap().to_utc()
}

/// A demo whose clock is held.
pub async fn demo() -> Demo {
    started(Options::default()).await
}

/// A demo with options of its own, and its clock held.
pub async fn started(options: Options) -> Demo {
    gonogo::demo::start(Options { clock: Clock::held_at(moment()), ..options }).await.unwrap()
}

/// What came back.
pub struct Answer {
    pub status: u16,
    pub headers: HashMap<String, String>,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// Asks with the full token.
pub async fn ask(demo: &Demo, method: &str, path: &str, body: Value) -> Answer {
    asked(demo, method, path, body, &[("authorization", &format!("Bearer {FULL}"))]).await.unwrap()
}

/// Reads with the full token.
pub async fn get(demo: &Demo, path: &str) -> Answer {
    ask(demo, "GET", path, Value::Null).await
}

/// Asks with these headers; an error when the connection was cut.
pub async fn asked(
    demo: &Demo,
    method: &str,
    path: &str,
    body: Value,
    headers: &[(&str, &str)],
) -> Result<Answer, reqwest::Error> {
    // A provider that is installed already is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
    let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", demo.api_url) };
    let mut request = client.request(method.parse().unwrap(), url).header("user-agent", "gonogo-test");
    for (key, value) in headers {
        request = request.header(*key, *value);
    }
    if body != Value::Null {
        request = request.header("content-type", "application/json").body(body.to_string());
    }
    let response = request.send().await?;
    let status = response.status().as_u16();
    let header = |(key, value): (&reqwest::header::HeaderName, &reqwest::header::HeaderValue)| {
        (key.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let headers = response.headers().iter().map(header).collect();
    let text = response.text().await?;
    Ok(Answer { status, headers, text })
}

/// The number of an issue by its title's beginning.
pub async fn numbered(demo: &Demo, title: &str) -> u64 {
    for page in 1..20 {
        let found =
            get(demo, &format!("/repos/octo/widget/issues?state=all&per_page=100&page={page}")).await.json();
        for issue in found.as_array().unwrap() {
            if issue["title"].as_str().unwrap().starts_with(title) {
                return issue["number"].as_u64().unwrap();
            }
        }
    }
    panic!("no issue starts with {title}");
}

/// A list of one field of each of a list's items.
pub fn each<'a>(list: &'a Value, field: &str) -> Vec<&'a Value> {
    list.as_array().unwrap().iter().map(|item| &item[field]).collect()
}

/// An empty body.
pub fn nothing() -> Value {
    json!({})
}
