//! The forge, for commands that go on without it: reached with a token, or the reason why it is not asked.

use super::args::Target;
use super::exit::{Exit, Said};
use super::open::forge_of;
use super::setup::Setup;
use super::token::{api_of, find_token};
use crate::forge::{Github, Setup as ForgeSetup};
use crate::release::ids::Repo;
use crate::spawn::Cancel;
use std::path::Path;

/// The forge and the repository there.
pub(super) struct Asked {
    pub forge: Github,
    pub repo: Repo,
}

/// Reaches the forge of a repository; the reason where it cannot be asked: there is none, or no token.
pub(super) async fn reach(path: Option<&Path>, target: &Target) -> Result<Result<Asked, String>, Said> {
    let usage = |why: String| Said::err(Exit::Usage, why);
    let setup = Setup::of(path, target, vec![])?.sound()?;
    let repository = match &setup.repository {
        Ok(repository) => repository,
        Err(why) => return Ok(Err(why.to_string())),
    };
    let (host, repo) = forge_of(repository, target).map_err(usage)?;
    let (Some(host), Some(repo)) = (host, repo) else {
        return Ok(Err("this repository is on no forge".to_owned()));
    };
    let config = &setup.loaded.config;
    let api = api_of(config, &host).map_err(usage)?;
    let find = find_token(&api, None, config.clone());
    let reached = match tokio::task::spawn_blocking(move || find(Cancel::new())).await {
        Ok(reached) => reached,
        Err(_) => return Ok(Err("the search for a token ended early".to_owned())),
    };
    let token = match reached.token {
        Ok(token) => token,
        Err(why) => return Ok(Err(why)),
    };
    let forge = Github::new(ForgeSetup::new(api, Some(token)));
    let forge = forge.map_err(|why| Said::err(Exit::Unread, why.say()))?;
    Ok(Ok(Asked { forge, repo }))
}
