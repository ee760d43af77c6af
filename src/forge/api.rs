//! Where the API of a host is, and addresses in it.

use super::error::{ForgeError, Trail};
use crate::release::text::{Untrusted, shown};
use http::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What stays as it is in a path segment or a query value: RFC 3986 section 2.3, unreserved.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Why an address cannot be the API's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} cannot be the address of an API: {why}")]
pub struct BadApi {
    /// The address, made safe to show.
    pub text: String,
    /// What is wrong with it.
    pub why: &'static str,
}

/// The API of one host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Api {
    scheme: String,
    authority: String,
    /// Path before every REST path: empty, or `/api/v3` on an Enterprise server.
    prefix: String,
    graphql: String,
}

impl Api {
    /// The API of a host that a remote names: `github.com`, a `*.ghe.com` tenant, or an Enterprise server.
    ///
    /// # Errors
    /// When the host is no host name.
    pub fn of_host(host: &str) -> Result<Self, BadApi> {
        let host = host.to_ascii_lowercase();
        if host == "github.com" || host == "www.github.com" || host == "ssh.github.com" {
            return Self::of_url("https://api.github.com");
        }
        if host.ends_with(".ghe.com") {
            return Self::of_url(&format!("https://api.{}", host.trim_start_matches("api.")));
        }
        Self::of_url(&format!("https://{host}/api/v3"))
    }

    /// The API at an address. Plain `http` is taken only on this machine, so that no token crosses a network in
    /// the clear.
    ///
    /// # Errors
    /// When it is no address, holds a login or a query, or would send the token unencrypted.
    pub fn of_url(url: &str) -> Result<Self, BadApi> {
        let bad = |why| BadApi { text: shown(url, 200), why };
        let uri: Uri = url.trim().parse().map_err(|_| bad("it does not parse"))?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(bad("it takes a scheme and a host, such as https://api.github.com"));
        };
        if authority.as_str().contains('@') {
            return Err(bad("it holds a login"));
        }
        if uri.query().is_some() {
            return Err(bad("it holds a query"));
        }
        match scheme {
            "https" => {}
            "http" if is_loopback(authority.host()) => {}
            "http" => return Err(bad("http is taken only on this machine; use https")),
            _ => return Err(bad("it takes https")),
        }
        let prefix = uri.path().trim_end_matches('/').to_owned();
        let origin = format!("{scheme}://{}", authority.as_str().to_ascii_lowercase());
        // Enterprise servers serve GraphQL beside /api/v3, not under it.
        let graphql = match prefix.strip_suffix("/v3") {
            Some(above) => format!("{origin}{above}/graphql"),
            None => format!("{origin}{prefix}/graphql"),
        };
        Ok(Self {
            scheme: scheme.to_owned(),
            authority: authority.as_str().to_ascii_lowercase(),
            prefix,
            graphql,
        })
    }

    /// Host and port.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The host whose token the API takes, as `gh` and remotes name it: `github.com` for `api.github.com`, a tenant
    /// for its `api.` name, and otherwise the API's own host and port.
    #[must_use]
    pub fn host(&self) -> &str {
        match self.authority.strip_prefix("api.") {
            Some("github.com") => "github.com",
            Some(tenant) if tenant.ends_with(".ghe.com") => tenant,
            _ => &self.authority,
        }
    }

    /// Scheme, host and port: what a token is sent to.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("{}://{}", self.scheme, self.authority)
    }

    /// Where GraphQL documents are posted.
    #[must_use]
    pub fn graphql(&self) -> &str {
        &self.graphql
    }

    /// The address of a path: each segment and each value percent-encoded, so that a branch `release/1.2#x` asks
    /// for that branch and no other.
    ///
    /// # Errors
    /// When a segment is empty, `.` or `..`: a URL library would take it for a step up and ask for something else.
    pub fn url(&self, segments: &[&str], query: &[(&str, &str)]) -> Result<String, ForgeError> {
        let mut url = format!("{}{}", self.origin(), self.prefix);
        for segment in segments {
            if matches!(*segment, "" | "." | "..") {
                let why = format!("{:?} cannot be part of a path", shown(segment, 40));
                return Err(ForgeError::Address {
                    why: Untrusted::from(why),
                    trail: Box::new(Trail::default()),
                });
            }
            url.push('/');
            url.extend(utf8_percent_encode(segment, SEGMENT));
        }
        for (at, (key, value)) in query.iter().enumerate() {
            url.push(if at == 0 { '?' } else { '&' });
            url.push_str(key);
            url.push('=');
            url.extend(utf8_percent_encode(value, SEGMENT));
        }
        Ok(url)
    }

    /// Whether an address is on the API's own host, port and scheme: the only place that the token goes to.
    #[must_use]
    pub fn owns(&self, url: &str) -> bool {
        url.parse::<Uri>().is_ok_and(|uri| {
            uri.scheme_str() == Some(&*self.scheme)
                && uri.authority().is_some_and(|it| it.as_str().eq_ignore_ascii_case(&self.authority))
        })
    }

    /// Where a file of a release is sent: the `upload_url` that the release names, on the host that takes uploads for
    /// this API and nowhere else, for the token goes with it. Source: GitHub's "Release assets": `uploads.github.com`,
    /// `uploads.` of a tenant, `/api/uploads` of an Enterprise server.
    ///
    /// # Errors
    /// When it is on another host, or not for the files of this release.
    pub fn upload_url(&self, template: &str, release: u64, name: &str) -> Result<String, ForgeError> {
        let refuse = |why: &str| {
            let what = format!("POST {}", shown(template, 200));
            let trail = Trail { what, http: None, request: None };
            Err(ForgeError::Address { why: Untrusted::from(why), trail: Box::new(trail) })
        };
        let url = template.split_once('{').map_or(template, |(url, _)| url);
        let Ok(uri) = url.parse::<Uri>() else { return refuse("its upload_url does not parse") };
        let (authority, prefix) = match self.authority.strip_prefix("api.") {
            Some(host) if host == "github.com" || host.ends_with(".ghe.com") => {
                (format!("uploads.{host}"), String::new())
            }
            _ => (self.authority.clone(), self.prefix.replace("/v3", "/uploads")),
        };
        let there = uri.authority().is_some_and(|it| it.as_str().eq_ignore_ascii_case(&authority));
        if uri.scheme_str() != Some(&*self.scheme) || !there {
            return refuse("its upload_url is on another host, which gets no token");
        }
        let path = uri.path().strip_prefix(&prefix).unwrap_or_default();
        let parts: Vec<&str> = path.split('/').collect();
        let of_it = matches!(parts[..], ["", "repos", owner, repo, "releases", id, "assets"]
            if !owner.is_empty() && !repo.is_empty() && id == release.to_string());
        if !of_it || uri.query().is_some() {
            return refuse("its upload_url is not for the files of this release");
        }
        Ok(format!("{url}?name={}", utf8_percent_encode(name, SEGMENT)))
    }

    /// Whether the API is on this machine: a test, or the embedded forge.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.authority.parse::<http::uri::Authority>().is_ok_and(|it| is_loopback(it.host()))
    }

    /// An address as a trail shows it: path and query without the host.
    #[must_use]
    pub fn path_of(&self, url: &str) -> String {
        let path = url.strip_prefix(&self.origin()).unwrap_or(url);
        shown(path.strip_prefix(self.prefix.as_str()).unwrap_or(path), 200)
    }
}

/// Whether a host is this machine.
pub(crate) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || bare.parse::<std::net::IpAddr>().is_ok_and(|it| it.is_loopback())
}
