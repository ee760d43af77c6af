//! `gonogo demo`: the embedded forge is started, and the cockpit opened on it by the same way as on GitHub.

use super::args::{DemoArgs, Target};
use super::exit::{Exit, Said};
use super::open::{offers, run};
use super::setup::{Setup, writing};
use crate::demo::{Options, start};
use crate::engine::Setting;
use crate::forge::token::Origin;
use crate::forge::{Api, Token};
use crate::git::find;
use crate::release::ids::ReleaseName;
use crate::release::text::shown;

/// Starts the demo and opens the cockpit on it.
pub async fn demo(args: &DemoArgs) -> Said {
    let mut flags = args.look.flags();
    flags.extend(writing(args.read_only, args.dry_run));
    let process = args.process.clone().unwrap_or_else(|| "llama-stack".to_owned());
    let target = Target { process: Some(process.clone()), ..Target::default() };
    let options = Options {
        dir: args.dir.clone(),
        process,
        repo: args.repo.clone(),
        hostile: args.hostile,
        volume: args.volume.unwrap_or_default() as usize,
        record: std::env::var_os(crate::demo::RECORD).map(Into::into),
        ..Options::default()
    };
    // The process and the configuration are checked before anything is made.
    if let Err(said) =
        Setup::of(Some(std::path::Path::new("/")), &target, flags.clone()).and_then(Setup::sound)
    {
        return said;
    }
    let demo = match start(options).await {
        Ok(demo) => demo,
        Err(why) => return Said::err(Exit::Unread, shown(&why.to_string(), 2000)),
    };
    // The demo's journal lies beside its repository, and goes with it unless a directory was named.
    let prepared = Setup::of(Some(&demo.clone), &target, flags).and_then(Setup::sound);
    let setup = match prepared {
        Ok(setup) => setup,
        Err(said) => return said,
    };
    let setting = match setting(&setup, &demo).await {
        Ok(setting) => setting,
        Err(said) => return said,
    };
    let mut said = run(&setup, setting).await;
    if said.err.is_empty() && said.exit == Exit::Ok {
        said.out = format!("{}\n", shown(&demo.note, 400));
    }
    said
}

async fn setting(setup: &Setup, demo: &crate::demo::Demo) -> Result<Setting, Said> {
    let broken = |why: String| Said::err(Exit::Unread, shown(&why, 2000));
    let repository = find(&demo.clone).map_err(|why| broken(why.to_string()))?;
    let resolved = match setup.process() {
        Some(Ok(resolved)) => resolved,
        Some(Err(findings)) => return Err(Said::err(Exit::Usage, super::setup::report(&findings))),
        None => return Err(broken("the demo has no process".to_owned())),
    };
    let api = Api::of_url(&demo.api_url).map_err(|why| broken(why.to_string()))?;
    let token = Token::new(&demo.token, api.host(), Origin::Given).map_err(|why| broken(why.to_string()))?;
    // A clone that is served has no story: the next release by its tags is the one in progress.
    let offered = match demo.line {
        Some(_) => None,
        None => offers(&repository, &resolved.process).await.into_iter().next().map(|(name, _)| name),
    };
    let state = demo.clone.parent().map(|dir| dir.join("state")).unwrap_or_default();
    Ok(Setting {
        repository,
        state,
        cache: None,
        release: ReleaseName::parse(offered.as_ref().unwrap_or(&demo.release))
            .map_err(|why| broken(why.to_string()))?,
        profile: resolved.text,
        process: resolved.process.into(),
        written: setup.process_source(),
        host: Some("demo".to_owned()),
        repo: Some(demo.repo.clone()),
        api: Some(api),
        token: Ok(token),
        find_token: None,
        demo: true,
        fetches: true,
    })
}
