//! `gonogo demo`: the embedded forge is started, and the cockpit opened on it by the same way as on GitHub.

use super::args::{DemoArgs, Target};
use super::exit::{Exit, Said};
use super::init::drafted_as;
use super::open::{named as named_by, offers, run};
use super::setup::{Setup, no_repository, report, writing};
use crate::config::Flag;
use crate::demo::{Options, start};
use crate::engine::Setting;
use crate::forge::token::Origin;
use crate::forge::{Api, Token};
use crate::git::{Repository, find};
use crate::probe::Reach;
use crate::process::Resolved;
use crate::release::ids::{Login, ReleaseName, Repo};
use crate::release::text::shown;
use std::io::IsTerminal as _;
use std::path::Path;

/// The process of the made-up project, unless another is named.
const USUAL: &str = "llama-stack";

/// What is played: the configuration, the process, and where it comes from.
struct Play {
    setup: Setup,
    resolved: Resolved,
    options: Options,
    /// The release that is opened, when it is not the one that the story is at.
    release: Option<ReleaseName>,
    /// The set that it is opened with.
    set: Option<Vec<ReleaseName>>,
    /// What a person should know of the process; nothing when it was named or written down.
    note: Option<String>,
}

/// Starts the demo and opens the cockpit on it.
pub async fn demo(args: &DemoArgs) -> Said {
    let mut flags = args.look.flags();
    flags.extend(writing(args.read_only, args.dry_run));
    // The process and the configuration are checked before anything is made.
    let play = match &args.repo {
        Some(repo) => of_clone(args, repo, flags).await,
        None => of_story(args, &flags),
    };
    let mut play = match play {
        Ok(play) => play,
        Err(said) => return said,
    };
    if let (Some(repo), true) = (&args.repo, std::io::stderr().is_terminal()) {
        eprintln!("copying the branches and tags of {} …", shown(&repo.display().to_string(), 200));
    }
    let demo = match start(std::mem::take(&mut play.options)).await {
        Ok(demo) => demo,
        Err(why) => return Said::err(Exit::Unread, shown(&why.to_string(), 2000)),
    };
    let mut setting = match setting(&play, &demo) {
        Ok(setting) => setting,
        Err(said) => return said,
    };
    if let Some(set) = play.set.as_deref().filter(|set| !set.is_empty()) {
        let target = Target { release: args.release.clone(), ..Target::default() };
        setting.release = match super::set::first(set, &setting.repository, &target, &setting.process).await {
            Ok(release) => release,
            Err(said) => return said,
        };
    }
    let mut said = run(&play.setup, setting, false).await;
    if said.err.is_empty() && said.exit == Exit::Ok {
        let notes = [Some(demo.note.as_str()), play.note.as_deref()];
        said.out = notes.into_iter().flatten().map(|note| format!("{}\n", shown(note, 400))).collect();
    }
    said
}

fn options(args: &DemoArgs) -> Options {
    Options {
        dir: args.dir.clone(),
        process: args.process.clone().unwrap_or_else(|| USUAL.to_owned()),
        repo: args.repo.clone(),
        hostile: args.hostile,
        volume: args.volume.unwrap_or_default() as usize,
        record: std::env::var_os(crate::demo::RECORD).map(Into::into),
        ..Options::default()
    }
}

/// The release that is named.
fn named(args: &DemoArgs) -> Result<Option<ReleaseName>, Said> {
    let name = args.release.as_deref().map(ReleaseName::parse).transpose();
    name.map_err(|why| Said::err(Exit::Usage, shown(&why.to_string(), 400)))
}

/// The made-up project, which follows a preset.
fn of_story(args: &DemoArgs, flags: &[Flag]) -> Result<Play, Said> {
    let (mut options, release) = (options(args), named(args)?);
    let setup_of = |process: Option<String>| {
        let target = Target { process, ..Target::default() };
        Setup::of(Some(Path::new("/")), &target, flags.to_vec())?.sound()
    };
    // Without a name it is the process that the user's own configuration lays over a preset.
    let mut setup = setup_of(args.process.clone())?;
    let mut resolved = followed(&setup)?;
    if args.process.is_none() && resolved.as_ref().is_none_or(|it| it.preset.is_none()) {
        setup = setup_of(Some(options.process.clone()))?;
        resolved = followed(&setup)?;
    }
    let resolved = resolved.ok_or_else(|| Said::err(Exit::Unread, "the demo has no process".to_owned()))?;
    if let Some(name) = &args.release {
        named_by(name, &resolved.process)
            .map_err(|why| Said::err(Exit::Usage, format!("--release: {why}")))?;
    }
    // Branches and tags are called as the preset calls them that it starts from.
    options.process = resolved.preset.clone().unwrap_or_else(|| resolved.process.name.clone());
    let more = &resolved.process.milestone.repositories;
    options.beside = more.iter().filter_map(|name| Repo::parse(name).ok()).collect();
    let set = set_of(args, &resolved)?;
    Ok(Play { setup, resolved, options, release, set, note: None })
}

/// Another clone, by the process that is named, that it has, or that `gonogo init` would write for it.
async fn of_clone(args: &DemoArgs, path: &Path, flags: Vec<Flag>) -> Result<Play, Said> {
    let release = named(args)?;
    let target = Target { process: args.process.clone(), remote: args.remote.clone(), ..Target::default() };
    let setup = Setup::of(Some(path), &target, flags.clone())?.sound()?;
    let repository =
        setup.repository.as_ref().map_err(|why| Said::err(no_repository(why), why.to_string()))?;
    let repository = repository.clone();
    if let (Some(name), None) = (&repository.chosen_remote, repository.remote()) {
        let why = format!("this clone has no remote that is called {}", shown(name, 100));
        return Err(Said::err(Exit::Usage, why));
    }
    let (setup, resolved, note) = match followed(&setup)? {
        Some(resolved) => (setup, resolved, None),
        None => match guessed(&repository).await {
            Ok((resolved, note)) => (setup, resolved, Some(note)),
            Err(why) => {
                let target = Target { process: Some(USUAL.to_owned()), ..target };
                let setup = Setup::of(Some(path), &target, flags)?.sound()?;
                let resolved = followed(&setup)?.ok_or_else(|| Said::err(Exit::Unread, why.clone()))?;
                let note = format!("process: {USUAL}, because none can be guessed for this clone: {why}");
                (setup, resolved, Some(note))
            }
        },
    };
    let offered = offers(&repository, &resolved.process).await.into_iter().next();
    let options = Options {
        // Without a tag there is nothing to come after.
        release: Some(offered.map_or_else(|| "v0.1.0".to_owned(), |(name, _)| name)),
        remote: repository.remote().map(|remote| remote.name.clone()),
        follows: Some(resolved.process.clone().into()),
        ..options(args)
    };
    let set = set_of(args, &resolved)?;
    Ok(Play { setup, resolved, options, release, set, note })
}

/// The set that is named.
fn set_of(args: &DemoArgs, resolved: &Resolved) -> Result<Option<Vec<ReleaseName>>, Said> {
    let named = args.set.as_deref().map(|text| super::set::named(text, &resolved.process));
    named.transpose().map_err(|why| Said::err(Exit::Usage, why))
}

/// The process that is named or written down.
fn followed(setup: &Setup) -> Result<Option<Resolved>, Said> {
    setup.followed().transpose().map_err(|findings| Said::err(Exit::Usage, report(&findings)))
}

/// The process that `gonogo init` would write, and how to say otherwise.
async fn guessed(repository: &Repository) -> Result<(Resolved, String), String> {
    // A clone of a directory has no name on a forge: the directory's is the best guess.
    let directory = repository.dir().file_name().map(|name| name.to_string_lossy().into_owned());
    let draft = drafted_as(repository, directory.as_deref()).await.map_err(|why| why.to_string())?;
    let resolved = draft.process()?;
    let note = format!(
        "process: {}, guessed from this clone as gonogo init would write it; --process NAME plays a preset",
        shown(&resolved.process.name, 60)
    );
    Ok((resolved, note))
}

fn setting(play: &Play, demo: &crate::demo::Demo) -> Result<Setting, Said> {
    let broken = |why: String| Said::err(Exit::Unread, shown(&why, 2000));
    let repository = find(&demo.clone).map_err(|why| broken(why.to_string()))?;
    let api = Api::of_url(&demo.api_url).map_err(|why| broken(why.to_string()))?;
    let token = Token::new(&demo.token, api.host(), Origin::Given).map_err(|why| broken(why.to_string()))?;
    let release = match &play.release {
        Some(release) => release.clone(),
        None => ReleaseName::parse(&demo.release).map_err(|why| broken(why.to_string()))?,
    };
    // The demo's journal lies beside its repository, and goes with it unless a directory was named.
    let state = demo.clone.parent().map(|dir| dir.join("state")).unwrap_or_default();
    Ok(Setting {
        repository,
        state,
        cache: None,
        release,
        set: play.set.clone(),
        profile: play.resolved.text.clone(),
        process: play.resolved.process.clone().into(),
        written: play.setup.process_source(),
        note: play.note.clone(),
        host: Some("demo".to_owned()),
        repo: Some(demo.repo.clone()),
        api: Some(api),
        registries: Reach::StandIn(demo.api_url.clone()),
        barred: play.setup.barred(),
        token: Ok(token),
        find_token: None,
        demo: true,
        postings: super::open::postings(&play.setup.loaded.config, Some(&demo.repo)),
        user: play.setup.loaded.config.user.as_deref().and_then(|it| Login::parse(it).ok()),
        assets: play.setup.loaded.config.assets_dir.clone(),
        fetches: true,
    })
}
