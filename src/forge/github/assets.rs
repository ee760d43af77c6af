//! Files of releases: looked for by name, sent once, and compared by size and digest with what arrived.

use super::settle::{Found, Stand, declined, marked, unsent};
use super::{Github, PER_PAGE, Pages};
use crate::forge::Sending;
use crate::forge::client::Sent;
use crate::forge::error::ForgeError;
use crate::forge::wire::release::{Asset, Release};
use crate::release::cut::UploadAsset;
use crate::release::errand::{Outcome, Status};
use crate::release::ids::Repo;
use crate::release::text::{Untrusted, shown};
use chrono::{DateTime, TimeDelta, Utc};
use http::Method;
use serde_json::json;
use std::fs::File;

/// How a release stands before a file goes up.
struct Shelf {
    repo: Repo,
    id: u64,
    release: Release,
    /// The file of this name that is there.
    there: Option<Asset>,
}

impl Github {
    /// Uploads a file. Nothing is sent when it is there already, or something else is.
    pub(super) async fn upload_asset(&self, it: &UploadAsset, file: File, sending: Sending) -> Outcome {
        let shelf = match self.shelf(it).await {
            Ok(Ok(shelf)) => shelf,
            Ok(Err(what)) => return Outcome::noted(Status::Conflict, format!("nothing was sent: {what}")),
            Err(error) => return unsent(&error),
        };
        if let Some(asset) = &shelf.there {
            if !is_whole(asset) && asset.id.is_some() && asset.id == it.replaces {
                if let Err(outcome) = self.remove_part(&shelf, asset).await {
                    return outcome;
                }
            } else {
                return told(asset, it).by_probe();
            }
        }
        if shelf.release.draft == Some(false) {
            let note = "nothing was sent: the release is published already, without this file";
            return Outcome::noted(Status::Conflict, note);
        }
        let template = shelf.release.upload_url.as_deref().unwrap_or_default();
        let url = match self.client.api.upload_url(template, shelf.id, it.file.name()) {
            Ok(url) => url,
            Err(error) => return unsent(&error),
        };
        match self.client.upload(&url, file, it.file.size, sending).await {
            Ok(Sent::Answered(reply)) => match reply.json::<Asset>() {
                Ok(asset) => {
                    let mut outcome = told(&asset, it);
                    outcome.http = Some(reply.status);
                    outcome.req.clone_from(&reply.trail.request);
                    outcome
                }
                Err(error) => self.look_after(it, &error).await,
            },
            Ok(Sent::Stopped(bytes)) => self.look_after_stop(it, bytes).await,
            Err(error) if error.is_unsent() => self.refused(it, &error).await,
            Err(error) => self.look_after(it, &error).await,
        }
    }

    /// GitHub said no. One of the name that came meanwhile is compared like one that was there before.
    async fn refused(&self, it: &UploadAsset, error: &ForgeError) -> Outcome {
        if matches!(error, ForgeError::Validation { .. })
            && let Ok(Ok(Shelf { there: Some(asset), .. })) = self.shelf(it).await
        {
            return marked(told(&asset, it).by_probe(), error);
        }
        declined(error)
    }

    /// No answer that could be read: what is there now tells.
    async fn look_after(&self, it: &UploadAsset, error: &ForgeError) -> Outcome {
        let why = format!("no answer that could be read: {}; ", error.say());
        let outcome = match self.shelf(it).await {
            Ok(Ok(Shelf { there: Some(asset), .. })) if is_whole(&asset) => told(&asset, it).by_probe(),
            Ok(Ok(_)) => Found::new(Stand::Before).settled(&why),
            Ok(Err(what)) => Found::new(Stand::Other(what)).settled(&why),
            Err(second) => {
                let note = format!("{why}and it could not be looked for: {}", second.say());
                Outcome::noted(Status::Unknown, note)
            }
        };
        marked(outcome, error)
    }

    /// A person stopped it in the middle: what is there now is what came of it. What has left as a whole may still
    /// arrive, so that stays in doubt until it is there or old.
    async fn look_after_stop(&self, it: &UploadAsset, bytes: u64) -> Outcome {
        let all = it.file.size;
        let why = format!("stopped by ctrl-x after {bytes} of {all} bytes; ");
        match self.shelf(it).await {
            Ok(Ok(Shelf { there: Some(asset), .. })) => {
                let mut outcome = told(&asset, it).by_probe();
                let note = outcome.note.as_ref().map(Untrusted::line).unwrap_or_default();
                outcome.note = Some(Untrusted::from(format!("{why}{note}")));
                outcome
            }
            Ok(Ok(_)) if bytes < all => {
                let note = format!("{why}no file of this name was there then");
                Outcome::noted(Status::Failed, note).by_probe()
            }
            Ok(Ok(_)) => Found::new(Stand::Before).settled(&why),
            Ok(Err(what)) => Found::new(Stand::Other(what)).settled(&why),
            Err(error) => {
                let note = format!("{why}and it could not be looked for: {}", error.say());
                marked(Outcome::noted(Status::Unknown, note), &error)
            }
        }
    }

    /// Looks whether a file in doubt was uploaded. Sends nothing.
    pub(super) async fn look_for_asset(&self, it: &UploadAsset, since: DateTime<Utc>) -> Outcome {
        let old = Utc::now() - since > TimeDelta::minutes(2);
        match self.shelf(it).await {
            Ok(Ok(Shelf { there: Some(asset), .. })) if is_whole(&asset) || old => {
                told(&asset, it).by_probe()
            }
            Ok(Ok(Shelf { there: None, .. })) if old => {
                Outcome::noted(Status::Failed, "no file of this name is there: it did not happen").by_probe()
            }
            Ok(Ok(_)) => Found::new(Stand::Before).settled(""),
            Ok(Err(what)) => Found::new(Stand::Other(what)).settled(""),
            Err(error) => {
                let note = format!("it could not be looked for: {}", error.say());
                marked(Outcome::noted(Status::Unknown, note), &error)
            }
        }
    }

    /// Takes away what was uploaded in part, because a person said so.
    async fn remove_part(&self, shelf: &Shelf, asset: &Asset) -> Result<(), Outcome> {
        let id = asset.id.unwrap_or_default().to_string();
        let url = self.url(&shelf.repo, &["releases", "assets", &id], &[]).map_err(|error| unsent(&error))?;
        match self.client.write(Method::DELETE, &url, &json!({})).await {
            Ok(_) | Err(ForgeError::NotFound { .. }) => Ok(()),
            Err(error) if error.is_unsent() => Err(declined(&error)),
            // Whether it is gone shows at the next try, which looks first.
            Err(error) => {
                let note = format!("what came in part may be gone, nothing was uploaded: {}", error.say());
                Err(marked(Outcome::noted(Status::Failed, note), &error))
            }
        }
    }

    /// The release, and its file of this name; the inner error says why nothing may be uploaded to it.
    async fn shelf(&self, it: &UploadAsset) -> Result<Result<Shelf, String>, ForgeError> {
        let Some(id) = it.release else { return Ok(Err("the draft is not known".to_owned())) };
        let repo = self.name_now(&it.repo).await?;
        let number = id.to_string();
        let release: Release = match self.client.fresh(&self.url(&repo, &["releases", &number], &[])?).await {
            Ok(reply) => reply.json()?,
            Err(ForgeError::NotFound { .. }) => {
                return Ok(Err(format!(
                    "the release {id} is not there any more, or the token may not see it"
                )));
            }
            Err(error) => return Err(error),
        };
        let tag = release.tag_name.as_deref().unwrap_or_default();
        if tag != it.target.as_str() {
            return Ok(Err(format!("it is of the tag {} by now", shown(tag, 80))));
        }
        let url = self.url(&repo, &["releases", &number, "assets"], &[PER_PAGE])?;
        let listed: Pages<Asset> = self.list(url).await?;
        let there = listed.rows.into_iter().find(|row| row.name.as_deref() == Some(it.file.name()));
        Ok(Ok(Shelf { repo, id, release, there }))
    }
}

/// Whether a file was uploaded to its end.
fn is_whole(asset: &Asset) -> bool {
    asset.state.as_deref().is_none_or(|state| state == "uploaded")
}

/// What a file of the name that is there comes to.
fn told(asset: &Asset, it: &UploadAsset) -> Outcome {
    let name = Untrusted::from(it.file.name()).line();
    let size = asset.size.unwrap_or_default();
    let digest = asset.digest.as_deref().map(|it| it.strip_prefix("sha256:").unwrap_or(it));
    let same =
        size == it.file.size && digest.is_none_or(|digest| digest.eq_ignore_ascii_case(&it.file.sha256));
    let mut outcome = if !is_whole(asset) {
        let note =
            format!("{name} is there in part: an upload of it broke off. gu replaces it, if you say so");
        Outcome::noted(Status::Failed, note)
    } else if !same {
        let said = digest.map_or_else(|| "no digest".to_owned(), |it| format!("sha256 {}…", shown(it, 12)));
        let note = format!("another {name} is there: {size} bytes, {said}; it is not replaced");
        Outcome::noted(Status::Conflict, note)
    } else if digest.is_none() {
        Outcome::noted(Status::Ok, format!("{size} bytes; the forge says no digest of it"))
    } else {
        Outcome::noted(Status::Ok, format!("{size} bytes, the digest is that of the file"))
    };
    let mut add = |key: &str, text: String| drop(outcome.after.insert(key.into(), Untrusted::from(text)));
    if let Some(id) = asset.id {
        add(if is_whole(asset) { "asset" } else { "starter" }, id.to_string());
    }
    if let Some(digest) = digest {
        add("sha256", digest.to_owned());
    }
    outcome
}
