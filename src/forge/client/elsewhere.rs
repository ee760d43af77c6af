//! What the API keeps elsewhere: logs and files, fetched through redirects without the token.

use super::{Client, ForgeError, JSON, Reply, as_text, network, text, whole};
use chrono::Utc;
use http::Method;

/// How the API is asked for the bytes of a file.
const BYTES: &str = "application/octet-stream";

impl Client {
    /// Fetches text that the API keeps elsewhere, such as a job's log. The token goes to the API only.
    pub(crate) async fn elsewhere(&self, url: &str) -> Result<String, ForgeError> {
        let reply = self.patiently(url, false).await?;
        self.follow(reply, url, JSON).await
    }

    /// Fetches a file of a release, as text. The token goes to the API only.
    pub(crate) async fn file(&self, url: &str) -> Result<String, ForgeError> {
        let _turn = self.gate.acquire().await;
        let request = self.request(Method::GET, url, BYTES);
        let reply = self.send(request, String::new(), Method::GET, url).await?;
        self.follow(reply, url, BYTES).await
    }

    async fn follow(&self, reply: Reply, url: &str, accept: &str) -> Result<String, ForgeError> {
        if !matches!(reply.status, 301 | 302 | 307 | 308) {
            return reply.good(self.token_name()).map(|reply| reply.body);
        }
        let to = text(&reply.headers, "location").unwrap_or_default();
        if self.api.owns(to) {
            let request = self.request(Method::GET, to, accept);
            let reply = self.send(request, String::new(), Method::GET, to).await?;
            return reply.good(self.token_name()).map(|reply| reply.body);
        }
        if !to.starts_with("https://") && !self.api.is_loopback() {
            return Err(self.address("it redirects to an address without https", Method::GET, url));
        }
        let trail = self.trail(&Method::GET, url);
        let broken = |err: reqwest::Error| network(&err, &trail);
        let reply = self.bare.get(to).send().await.map_err(broken)?;
        let status = reply.status().as_u16();
        let body = whole(reqwest::Body::from(reply)).await;
        let body = body.map_err(|_| ForgeError::Incomplete {
            why: "it broke off or is longer than 32 MiB".to_owned(),
            trail: Box::new(trail.clone()),
        })?;
        Reply {
            status,
            headers: http::HeaderMap::new(),
            body: as_text(body),
            unchanged: false,
            at: Utc::now(),
            trail: crate::forge::error::Trail { http: Some(status), ..trail },
        }
        .good("none is sent there")
        .map(|reply| reply.body)
    }
}
