//! Anything with an address: it answers 200, and holds what it should.

use super::client::{Client, Request};
use super::error::ProbeError;
use super::{Found, address, nothing};
use crate::release::text::shown;

/// Most bytes of a page.
const PAGE: usize = 8 * 1024 * 1024;

/// Looks at an address.
pub(super) async fn look(client: &Client, url: &str, contains: Option<&str>) -> Result<Found, ProbeError> {
    let asked = address::parse(url)?;
    let reply = client.send(Request::get(asked.clone(), "*/*", PAGE)).await?;
    let moved = |said: String| {
        if reply.url == asked {
            said
        } else {
            format!("{said}, redirected to {}", shown(reply.url.as_str(), 120))
        }
    };
    match reply.status {
        200 => {}
        _ if reply.is_absent() => return Ok(nothing(reply.status, &reply.host())),
        201..300 => return Ok(Found::wrong(moved(format!("{}, not 200", reply.status)))),
        _ => return Err(reply.neither()),
    }
    let said = format!("200 at {}", reply.host());
    Ok(match contains {
        None => Found::present(moved(said)),
        Some(text) => {
            let text_shown = shown(text, 60);
            if String::from_utf8_lossy(&reply.body).contains(text) {
                Found::present(moved(format!("{said}, with “{text_shown}”")))
            } else {
                Found::wrong(moved(format!("{said}, without “{text_shown}”")))
            }
        }
    })
}
