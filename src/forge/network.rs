//! What the network said when no reply came, as an error without addresses or secrets.

use super::error::{ForgeError, Trail};
use crate::release::text::Untrusted;

/// What octocrab said when no reply came.
pub(super) fn broken(err: &octocrab::Error, trail: &Trail) -> ForgeError {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(err);
    while let Some(err) = source {
        if let Some(err) = err.downcast_ref::<reqwest::Error>() {
            return network(err, trail);
        }
        source = err.source();
    }
    ForgeError::Dropped { why: Untrusted::from("the client gave up"), trail: Box::new(trail.clone()) }
}

/// What the network said.
pub(super) fn network(err: &reqwest::Error, trail: &Trail) -> ForgeError {
    let trail = Box::new(trail.clone());
    if err.is_timeout() {
        return ForgeError::Timeout { connecting: err.is_connect(), trail };
    }
    let why = Untrusted::from(plain(err));
    if err.is_connect() || err.is_builder() {
        ForgeError::Offline { why, trail }
    } else {
        ForgeError::Dropped { why, trail }
    }
}

/// The innermost cause in words, without the address: that may hold a proxy's password.
pub(super) fn plain(err: &reqwest::Error) -> String {
    super::token::scrub(&crate::release::text::innermost(err))
}
