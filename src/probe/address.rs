//! Addresses that may be asked: https, and http on this machine.

use super::error::ProbeError;
use crate::release::text::shown;
use reqwest::Url;

/// Longest address.
const LONGEST: usize = 2000;

fn bad(url: &str, why: &'static str) -> ProbeError {
    ProbeError::Address { url: shown(url, 120), why }
}

/// An address that may be asked.
pub(super) fn parse(text: &str) -> Result<Url, ProbeError> {
    if text.len() > LONGEST {
        return Err(bad(text, "it is too long"));
    }
    let url = Url::parse(text.trim()).map_err(|_| bad(text, "it does not parse"))?;
    if !url.username().is_empty() || url.password().is_some() {
        // Not shown: it holds a login.
        return Err(bad(url.host_str().unwrap_or_default(), "the address holds a login"));
    }
    match url.scheme() {
        "https" if url.host_str().is_some() => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        "http" => Err(bad(text, "http is taken only on this machine; use https")),
        _ => Err(bad(text, "it takes https")),
    }
}

/// Where a redirect leads, when it may be followed: never from https to http, and to this machine only from it.
pub(super) fn redirected(from: &Url, to: &str) -> Result<Url, ProbeError> {
    let joined = from.join(to).map_err(|_| bad(to, "it is where a redirect leads, and does not parse"))?;
    let to = parse(joined.as_str())?;
    if is_loopback(&to) && !is_loopback(from) {
        return Err(bad(to.as_str(), "a redirect from elsewhere leads to this machine"));
    }
    if to.scheme() == "http" && from.scheme() == "https" {
        return Err(bad(to.as_str(), "a redirect leads from https to http"));
    }
    Ok(to)
}

/// An address below a base: each segment percent-encoded, so that a name asks for itself and nothing above it.
pub(super) fn below(base: &str, segments: &[&str]) -> Result<Url, ProbeError> {
    let mut url = parse(base)?;
    if segments.iter().any(|it| matches!(*it, "" | "." | "..")) {
        return Err(bad(base, "a part of the path is empty or leads up"));
    }
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    Ok(url)
}

/// The host and, where it is not the usual one, the port.
pub(super) fn host(url: &Url) -> String {
    let host = shown(url.host_str().unwrap_or_default(), 100);
    url.port().map_or(host.clone(), |port| format!("{host}:{port}"))
}

/// Whether an address is on this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    is_loopback_host(url.host_str().unwrap_or_default())
}

/// Whether a host is this machine.
pub(super) fn is_loopback_host(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || bare.parse::<std::net::IpAddr>().is_ok_and(|it| it.is_loopback())
}
