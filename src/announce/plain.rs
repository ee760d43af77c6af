//! Webhooks that are posted to and give no link: Slack, Teams, and anything that takes JSON.

use super::client::Client;
use super::{Address, posted};
use crate::release::announce::Announce;
use crate::release::errand::{Outcome, Status};
use serde_json::{Value, json};

/// An incoming webhook of Slack. Its three control characters are escaped, so that no text is a mention. Source:
/// "Formatting text for app surfaces".
pub(super) async fn slack(client: &Client, it: &Announce, to: &Address) -> Outcome {
    let text = it.text.raw().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let body = match send(client, &json!({ "text": text }), to, "Slack").await {
        Ok(body) => body.unwrap_or_default(),
        Err(why) => return why,
    };
    // A webhook says `ok`, a workflow `{"ok":true}`.
    let said = String::from_utf8_lossy(&body);
    let yes = serde_json::from_str::<Value>(&said).is_ok_and(|it| it.get("ok") == Some(&Value::Bool(true)));
    if said.trim() == "ok" || yes {
        return posted(None);
    }
    Outcome::noted(Status::Unknown, "the reply is not one of Slack's: it may have been posted")
}

/// A workflow of Teams: a card with the text. Source: "Post a workflow when a webhook request is received".
pub(super) async fn teams(client: &Client, it: &Announce, to: &Address) -> Outcome {
    // A card joins lines that one line feed parts.
    let text = it.text.raw().replace('\n', "\n\n");
    let card = json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": "1.4",
                "body": [{ "type": "TextBlock", "text": text, "wrap": true }],
            },
        }],
    });
    send(client, &card, to, "Teams").await.map_or_else(|why| why, |_| posted(None))
}

/// Anything that takes JSON. A reply with a `link` of https says where it is read.
pub(super) async fn webhook(client: &Client, it: &Announce, to: &Address) -> Outcome {
    let link = it.link.as_ref().map(crate::release::text::Untrusted::raw);
    let body = json!({
        "text": it.text.raw(),
        "version": it.version.raw(),
        "tag": it.tag.raw(),
        "title": it.title.raw(),
        "link": link,
    });
    match send(client, &body, to, "the webhook").await {
        Ok(body) => posted(body.and_then(|body| said_link(&body)).filter(|link| to.scrub(link) == *link)),
        Err(why) => why,
    }
}

async fn send(client: &Client, body: &Value, to: &Address, whom: &str) -> Result<Option<Vec<u8>>, Outcome> {
    match to.url() {
        Some(url) => client.post(url, body).await.accepted(whom),
        None => Err(Outcome::noted(Status::Failed, "the address does not parse")),
    }
}

fn said_link(body: &[u8]) -> Option<String> {
    let said: Value = serde_json::from_slice(body).ok()?;
    let link = said.get("link")?.as_str()?;
    let plain =
        link.starts_with("https://") && link.len() <= 2048 && link.bytes().all(|b| b.is_ascii_graphic());
    plain.then(|| link.to_owned())
}
