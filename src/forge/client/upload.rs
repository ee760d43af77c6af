//! Files of releases, sent to the host that takes them: the one place beside the API that gets the token.

use super::{AGENT, Client, ForgeError, JSON, Reply, as_text, network, text, whole};
use crate::forge::Sending;
use crate::forge::token::Token;
use crate::release::text::Untrusted;
use bytes::Bytes;
use chrono::Utc;
use futures_util::future::{Either, select};
use http::Method;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE};
use http_body_util::BodyExt as _;
use http_body_util::channel::{Channel, Sender};
use std::fs::File;
use std::io::Read as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::time::Instant;

/// The slowest upload that is waited for, in bytes a second.
const SLOWEST: u64 = 32 * 1024;
/// Bytes that are read at once.
const PIECE: usize = 256 * 1024;
/// Every file goes as what it is: bytes.
const BYTES: &str = "application/octet-stream";

/// How sending a file ended.
pub(crate) enum Sent {
    /// With an answer.
    Answered(Reply),
    /// A person stopped it when the connection had taken so many bytes.
    Stopped(u64),
}

impl Client {
    /// Sends a file once, from where it stands, to an address that [`crate::forge::Api::upload_url`] has checked. It is
    /// never sent again, and a redirect is not followed.
    pub(crate) async fn upload(
        &self,
        url: &str,
        file: File,
        size: u64,
        sending: Sending,
    ) -> Result<Sent, ForgeError> {
        let mut last = self.last_write.lock().await;
        if let Some(next) = last.map(|last| last + self.patience.between_writes) {
            tokio::time::sleep_until(next).await;
        }
        let sent = self.send_file(url, (file, size), sending).await;
        *last = Some(Instant::now());
        match sent? {
            Sent::Answered(reply) => Ok(Sent::Answered(reply.good(self.token_name())?)),
            stopped @ Sent::Stopped(_) => Ok(stopped),
        }
    }

    async fn send_file(
        &self,
        url: &str,
        (file, size): (File, u64),
        sending: Sending,
    ) -> Result<Sent, ForgeError> {
        let mut trail = self.trail(&Method::POST, url);
        self.holds.check(false, &trail)?;
        let (sender, body) = Channel::<Bytes, std::io::Error>::new(2);
        let handed = Arc::new(AtomicU64::new(0));
        let reading = tokio::spawn(read(file, size, sender));
        let body = counted(body, sending.told, Arc::clone(&handed));
        let patience = self.patience.whole + Duration::from_secs(size / SLOWEST);
        let mut request = self
            .slow()?
            .post(url)
            .timeout(patience)
            .header(ACCEPT, JSON)
            .header("x-github-api-version", super::VERSION)
            .header(CONTENT_TYPE, BYTES)
            .header(CONTENT_LENGTH, size)
            .body(body);
        if let Some(token) = self.token.as_ref().and_then(Token::header) {
            request = request.header(AUTHORIZATION, token);
        }
        // Without its future the request ends, and its connection with it.
        let ended = select(sending.stop, Box::pin(request.send())).await;
        reading.abort();
        let Either::Right((reply, _)) = ended else {
            return Ok(Sent::Stopped(handed.load(Ordering::Relaxed)));
        };
        let reply = reply.map_err(|err| network(&err, &trail))?;
        let (status, headers) = (reply.status().as_u16(), reply.headers().clone());
        trail.http = Some(status);
        trail.request = text(&headers, "x-github-request-id").map(Untrusted::from);
        let body = whole(reqwest::Body::from(reply)).await;
        let broken =
            |_| ForgeError::Incomplete { why: "the reply broke off".into(), trail: trail.clone().into() };
        let body = as_text(body.map_err(broken)?);
        let reply = Reply { status, headers, body, unchanged: false, trail, at: Utc::now() };
        self.holds.note(false, &reply);
        Ok(Sent::Answered(reply))
    }

    /// A client that waits for an answer as long as the file takes to leave.
    fn slow(&self) -> Result<reqwest::Client, ForgeError> {
        let closed = |err: reqwest::Error| ForgeError::Closed {
            why: Untrusted::from(format!("no HTTPS client: {}", crate::forge::network::plain(&err))),
        };
        reqwest::Client::builder()
            .connect_timeout(self.patience.connect)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(AGENT)
            .build()
            .map_err(closed)
    }
}

/// Counts what leaves. What waits here has not left: a piece counts when the connection takes it, which it does once it
/// stands.
fn counted(
    body: Channel<Bytes, std::io::Error>,
    told: Box<dyn Fn(u64) + Send + Sync>,
    count: Arc<AtomicU64>,
) -> reqwest::Body {
    let counted = body.map_frame(move |frame| {
        if let Some(piece) = frame.data_ref() {
            let taken = piece.len() as u64;
            told(count.fetch_add(taken, Ordering::Relaxed) + taken);
        }
        frame
    });
    reqwest::Body::wrap(counted)
}

/// Reads a file piece by piece as the network takes it. What cannot be read breaks the request off.
async fn read(mut file: File, size: u64, mut sender: Sender<Bytes, std::io::Error>) {
    let mut left = size;
    while left > 0 {
        let wanted = usize::try_from(left).map_or(PIECE, |left| left.min(PIECE));
        let piece = tokio::task::spawn_blocking(move || {
            let mut room = vec![0; wanted];
            let read = file.read_exact(&mut room).map(|()| room);
            (file, read)
        });
        let Ok((back, read)) = piece.await else { return };
        file = back;
        match read {
            Ok(room) => {
                left -= room.len() as u64;
                if sender.send_data(Bytes::from(room)).await.is_err() {
                    return;
                }
            }
            Err(why) => return sender.abort(why),
        }
    }
}
