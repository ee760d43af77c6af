//! Trouble on demand: what a test tells the forge to do wrong next.

use axum::body::Body;
use http_body_util::BodyExt as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The largest request body that is read: an asset upload.
const BODY_CAP: usize = 64 << 20;

/// One kind of trouble.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Answers with this status and GitHub's form of an error, without doing anything.
    Status(u16),
    /// A secondary limit: 403 and `Retry-After` in seconds, without doing anything.
    SecondaryLimit(u64),
    /// The primary limit is used up: 403, no requests left, reset in this many seconds.
    RateLimited(i64),
    /// Cuts the connection before anything is done.
    Drop,
    /// Does what was asked, then cuts the connection.
    LostReply,
    /// Does what was asked, then cuts the connection in the middle of the reply's body.
    HalfReply,
    /// Takes half of the request's body, as when the connection of an upload breaks.
    HalfBody,
    /// Takes the request's body slowly: waits so long before each piece of it.
    SlowBody(Duration),
    /// Does what was asked, then answers with a page that is no JSON.
    NotJson,
    /// Waits before it does anything.
    Delay(Duration),
    /// Nulls every field of the answer that is not an id, a number or a name the client must know the thing by.
    Nulls,
}

#[derive(Debug, Clone)]
struct Planned {
    method: String,
    path: String,
    /// How many requests pass before.
    passes: u32,
    left: u32,
    fault: Fault,
}

/// The switchboard of faults. Clones share one board.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    planned: Arc<Mutex<Vec<Planned>>>,
}

impl Faults {
    /// Makes the next `times` requests of `method` (or `*`) whose path contains `path` fail.
    pub fn next(&self, times: u32, method: &str, path: &str, fault: Fault) {
        self.plan(0, times, method, path, fault);
    }

    /// Lets so many requests of `method` whose path contains `path` pass, and makes the one after them fail.
    pub fn after(&self, passes: u32, method: &str, path: &str, fault: Fault) {
        self.plan(passes, 1, method, path, fault);
    }

    fn plan(&self, passes: u32, left: u32, method: &str, path: &str, fault: Fault) {
        let planned = Planned { method: method.to_owned(), path: path.to_owned(), passes, left, fault };
        self.lock().push(planned);
    }

    /// Whether every fault that was planned was met.
    #[must_use]
    pub fn all_met(&self) -> bool {
        self.lock().is_empty()
    }

    /// Forgets all that is planned.
    pub fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Planned>> {
        self.planned.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the fault that is planned for this request.
    pub(super) fn take(&self, method: &str, path: &str) -> Option<Fault> {
        let mut planned = self.lock();
        let at =
            planned.iter().position(|p| (p.method == "*" || p.method == method) && path.contains(&p.path))?;
        if planned[at].passes > 0 {
            planned[at].passes -= 1;
            return None;
        }
        planned[at].left = planned[at].left.saturating_sub(1);
        let fault = planned[at].fault.clone();
        if planned[at].left == 0 {
            planned.remove(at);
        }
        Some(fault)
    }
}

/// The body of a request, as a fault lets it come.
pub(super) async fn taken(body: Body, fault: Option<&Fault>) -> Vec<u8> {
    if let Some(Fault::SlowBody(pause)) = fault {
        return slowly(body, *pause).await;
    }
    let whole = axum::body::to_bytes(body, BODY_CAP).await;
    let mut raw = whole.map(|bytes| bytes.to_vec()).unwrap_or_default();
    if fault == Some(&Fault::HalfBody) {
        raw.truncate(raw.len() / 2);
    }
    raw
}

/// A body piece by piece; one that breaks off as far as it came.
async fn slowly(mut body: Body, pause: Duration) -> Vec<u8> {
    let mut raw = vec![];
    while let Some(Ok(frame)) = body.frame().await {
        if let Ok(piece) = frame.into_data() {
            raw.extend_from_slice(&piece);
        }
        if raw.len() > BODY_CAP {
            break;
        }
        tokio::time::sleep(pause).await;
    }
    raw
}
