//! Host aliases of the user's ssh configuration: what `Host gh` stands for is asked of ssh itself.

use crate::git::{RemoteUrl, Transport};
use crate::spawn::{Call, Cancel, Program};
use std::time::Duration;

/// Whether the host of a remote may be an alias: it is reached by ssh, and it has no dot as hosts of forges have.
#[must_use]
pub fn may_be(url: &RemoteUrl) -> bool {
    url.transport == Transport::Ssh && !url.host.contains('.')
}

/// The host that ssh would go to. Nothing is connected to; the configuration read is the user's and the system's. None
/// when there is no ssh, or it knows no other name.
pub async fn host_of(alias: &str) -> Option<String> {
    let ssh = Program::find("ssh").ok()?;
    let call =
        Call::new(&ssh).args(["-G", "--", alias]).caps(64 << 10, 4 << 10).timeout(Duration::from_secs(5));
    let output = call.run(&Cancel::new()).await.ok().filter(|output| output.status.success())?;
    hostname(&String::from_utf8_lossy(&output.stdout)).filter(|host| host != alias)
}

/// The `hostname` of what `ssh -G` prints, when it is a host name.
#[must_use]
pub fn hostname(printed: &str) -> Option<String> {
    let host = printed.lines().find_map(|line| line.strip_prefix("hostname "))?.trim().to_ascii_lowercase();
    let fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    let is_name = !host.is_empty() && !host.starts_with('-') && host.chars().all(fine);
    is_name.then_some(host)
}

/// What to do about an alias that ssh does not know.
#[must_use]
pub fn advice(alias: &str) -> String {
    format!(
        "if {alias} is an alias, name its API in your config.toml: [api_urls] \"{alias}\" = \"https://api.github.com\""
    )
}
