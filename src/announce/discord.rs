//! Webhooks of Discord. Source: "Execute Webhook" and "Get Webhook with Token" of its developer documentation.

use super::client::Client;
use super::{Address, posted};
use crate::release::announce::Announce;
use crate::release::errand::{Outcome, Status};
use serde_json::{Value, json};

/// Posts a message; where the webhook belongs to a forum, as a thread. The reply to a post does not say which server
/// it is on, and a link needs that: it is asked for first, and nothing is posted to a webhook that is not there.
pub(super) async fn post(client: &Client, it: &Announce, to: &Address) -> Outcome {
    let Some(mut url) = to.url() else { return Outcome::noted(Status::Failed, "the address does not parse") };
    let mut about = url.clone();
    about.set_query(None);
    let seen = match client.get(about).await.accepted("Discord") {
        Ok(body) => json_of(body),
        // Looking posts nothing: what is not known is known here.
        Err(why) if why.status == Status::Unknown => {
            let said = "Discord did not say which channel it is; nothing was posted";
            return Outcome { http: why.http, ..Outcome::noted(Status::Failed, said) };
        }
        Err(why) => return why,
    };
    let server = seen.as_ref().and_then(|seen| number(seen, "guild_id"));
    url.query_pairs_mut().append_pair("wait", "true");
    let mut body = json!({ "content": it.text.raw(), "allowed_mentions": { "parse": [] } });
    if let Some(id) = &it.thread_id {
        // Posted into a thread that is there; one with a name would open another.
        url.query_pairs_mut().append_pair("thread_id", id);
    } else if let Some(thread) = &it.thread {
        body["thread_name"] = json!(thread.raw());
    }
    match client.post(url, &body).await.accepted("Discord") {
        Ok(body) => {
            posted(link(json_of(body).as_ref(), server, it.thread.is_some() && it.thread_id.is_none()))
        }
        Err(why) => why,
    }
}

/// Where a browser finds what was posted.
fn link(message: Option<&Value>, server: Option<String>, is_thread: bool) -> Option<String> {
    let (message, server) = (message?, server?);
    let channel = number(message, "channel_id")?;
    // The channel of a message that opens a thread is the thread.
    let thread = format!("https://discord.com/channels/{server}/{channel}");
    if is_thread { Some(thread) } else { Some(format!("{thread}/{}", number(message, "id")?)) }
}

/// A number as Discord writes it: a text of digits.
fn number(of: &Value, name: &str) -> Option<String> {
    let text = of.get(name)?.as_str()?;
    let digits = (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.to_owned())
}

fn json_of(body: Option<Vec<u8>>) -> Option<Value> {
    serde_json::from_slice(&body?).ok()
}
