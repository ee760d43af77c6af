//! `gonogo open`: the repository, the release, the process and the forge are found; then the cockpit runs.

use super::alias;
use super::args::{OpenArgs, Target};
use super::asked;
use super::exit::{Exit, Said};
use super::init::drafted;
use super::next::{self, Labels};
use super::set;
use super::setup::{Setup, no_repository, report, writing};
use super::token::{api_of, find_token};
use crate::announce::{Mailer, Outlet, Source};
use crate::config::{AddressFrom, AnnounceTo, Config, Origin};
use crate::engine::telling::{Posting, Postings};
use crate::engine::{Setting, cockpit};
use crate::forge::Api;
use crate::git::{Git, Repository};
use crate::journal::Place;
use crate::process::{Process, Resolved};
use crate::release::announce::{By, Route};
use crate::release::ids::{Login, ReleaseName, Repo};
use crate::release::text::shown;
use crate::version::{Bump, classify, next_final};
use crate::view::colour::Depth;
use crate::view::palette::{Ground, Palette};
use crate::view::parts::wrap;
use crate::view::theme::Theme;
use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::time::Duration;

/// Runs the cockpit on a repository.
pub async fn open(args: &OpenArgs) -> Said {
    begin(args, false).await
}

/// Runs the cockpit on a repository, in its meeting.
pub async fn meet(args: &OpenArgs) -> Said {
    begin(args, true).await
}

async fn begin(args: &OpenArgs, meet: bool) -> Said {
    let mut flags = args.options.look.flags();
    flags.extend(writing(args.options.read_only, args.options.dry_run));
    match prepare(args, flags).await {
        Ok((setup, setting)) => run(&setup, setting, meet).await,
        Err(said) => said,
    }
}

async fn prepare(args: &OpenArgs, flags: Vec<crate::config::Flag>) -> Result<(Setup, Setting), Said> {
    let target = &args.options.target;
    let setup = Setup::of(args.path.as_deref(), target, flags)?.sound()?;
    let set = match &args.options.set {
        Some(text) => Some(set::wanted(text, &setup, args.path.as_deref(), target).await?),
        None => None,
    };
    let setting = setting_of(&setup, target, set, Asking::Person).await?;
    Ok((setup, setting))
}

/// Takes the terminal.
pub(super) async fn run(setup: &Setup, setting: Setting, meet: bool) -> Said {
    let accessible = setup.loaded.config.accessible;
    if !accessible && (!std::io::stdout().is_terminal() || !std::io::stdin().is_terminal()) {
        return Said::err(
            Exit::Usage,
            "the cockpit needs a terminal; gonogo status prints the poll for scripts",
        );
    }
    if !accessible && std::env::var_os("TERM").is_some_and(|term| term == "dumb") {
        let why = "the terminal is dumb (TERM=dumb): it cannot show a full screen. Use --accessible or gonogo status";
        return Said::err(Exit::Usage, why);
    }
    let options = crate::screen::Options { meet, ..setup.loaded.config.options() };
    ended(cockpit::run(setting, options, looks(setup)).await)
}

/// What is said when the cockpit has ended.
pub(super) fn ended(result: Result<Vec<String>, crate::engine::EngineError>) -> Said {
    match result {
        Ok(said) => Said { err: said.join("\n"), ..Said::ok("") },
        Err(why) => Said::err(Exit::Unread, shown(&why.to_string(), 2000)),
    }
}

/// How the terminal draws, as the environment and the configuration say.
pub(super) fn looks(setup: &Setup) -> cockpit::Looks {
    let variable = |name: &str| std::env::var(name).ok();
    let editor = match &setup.loaded.config.editor[..] {
        [] => {
            let named = variable("VISUAL").or_else(|| variable("EDITOR")).unwrap_or_else(|| "vi".to_owned());
            let words = crate::spawn::words(&named).unwrap_or_default();
            words.iter().map(|word| word.to_string_lossy().into_owned()).collect()
        }
        set => set.to_vec(),
    };
    let colourless = setup.loaded.origins.get("theme") == Some(&Origin::Variable("TERM".to_owned()));
    let depth = if colourless { Depth::Mono } else { depth_of(&variable) };
    cockpit::Looks {
        depth,
        colorfgbg: variable("COLORFGBG"),
        editor,
        present: setup.loaded.present_palette.clone().or_else(|| {
            let name = &setup.loaded.config.present_theme;
            Palette::built_in(name, Ground::Dark).filter(|_| name != "present")
        }),
        custom: setup.loaded.palette.as_ref().map(|palette| Theme::new(palette, depth, Ground::Dark)),
        accessible: setup.loaded.config.accessible,
    }
}

/// How many colours the terminal shows. `NO_COLOR`: https://no-color.org; `COLORTERM`: the convention of terminals.
fn depth_of(variable: &dyn Fn(&str) -> Option<String>) -> Depth {
    let term = variable("TERM").unwrap_or_default();
    if variable("NO_COLOR").is_some_and(|value| !value.is_empty()) {
        Depth::Mono
    } else if variable("COLORTERM").is_some_and(|it| it == "truecolor" || it == "24bit")
        || term.ends_with("-direct")
    {
        Depth::TrueColor
    } else if term.contains("256color") {
        Depth::Ansi256
    } else {
        Depth::Ansi16
    }
}

/// Who may be asked which release is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asking {
    /// A person at the keys.
    Person,
    /// Nobody: a script runs.
    Nobody,
}

/// Everything that the engine needs, found without network.
pub(super) async fn setting(setup: &Setup, target: &Target, asking: Asking) -> Result<Setting, Said> {
    setting_of(setup, target, None, asking).await
}

/// The same of a release of a set, where one is asked for.
pub(super) async fn setting_of(
    setup: &Setup,
    target: &Target,
    set: Option<Vec<ReleaseName>>,
    asking: Asking,
) -> Result<Setting, Said> {
    let usage = |text: String| Said::err(Exit::Usage, text);
    let none = |why| Said::err(no_repository(why), why.to_string());
    let repository = setup.repository.as_ref().map_err(none)?.clone();
    let resolved = resolved(setup, &repository).await?;
    let state = Place::default_root().map_err(|why| usage(why.to_string()))?;
    let (host, repo) = forge_of(&repository, target).map_err(usage)?;
    let config = &setup.loaded.config;
    let api = match &host {
        Some(host) => Some(api_of(config, host).map_err(usage)?),
        None => config.api_url("").map(Api::of_url).transpose().map_err(|why| usage(why.to_string()))?,
    };
    let url = repository.remote().and_then(|remote| remote.forge());
    let alias = url.filter(|url| alias::may_be(url) && config.api_url(&url.host).is_none());
    let alias = alias.map(|url| url.host.clone());
    let release = match set.as_deref().filter(|set| !set.is_empty()) {
        Some(set) => set::first(set, &repository, target, &resolved.process).await?,
        None => release_of(&repository, target, &resolved.process, &state, asking).await?,
    };
    let by_git = repository.login_by_settings();
    let find_token = api.as_ref().map(|api| find_token(api, alias, config.clone()));
    Ok(Setting {
        postings: postings(config, repo.as_ref()),
        repository,
        state,
        cache: cache_dir(),
        release,
        set,
        profile: resolved.text,
        process: resolved.process.into(),
        written: setup.process_source(),
        note: None,
        host,
        repo,
        api,
        registries: setup.registries(),
        barred: setup.barred(),
        token: Err("no token was looked for".to_owned()),
        find_token,
        demo: false,
        user: setup.loaded.config.user.as_deref().and_then(|it| Login::parse(it).ok()).or(by_git),
        assets: setup.loaded.config.assets_dir.clone(),
        fetches: !setup.loaded.config.read_only,
    })
}

/// The process that is followed.
async fn resolved(setup: &Setup, repository: &Repository) -> Result<Resolved, Said> {
    let usage = |text: String| Said::err(Exit::Usage, text);
    match setup.followed() {
        Some(Ok(resolved)) => Ok(resolved),
        Some(Err(findings)) => Err(usage(report(&findings))),
        // Nothing says which process is followed: the one that `init` would write is, and is never written here.
        None => match drafted(repository).await {
            Ok(draft) => draft.process().map_err(|why| usage(format!("{why}\n{}", no_process()))),
            Err(why) => Err(usage(format!("{why}\n{}", no_process()))),
        },
    }
}

/// How announcements of a repository are posted.
pub(super) fn postings(config: &Config, repo: Option<&Repo>) -> Postings {
    let known = repo.and_then(|repo| config.announce.get(&repo.as_str().to_ascii_lowercase()));
    let one = |(id, to): (&String, &AnnounceTo)| {
        let (from, by) = match to.from.clone() {
            AddressFrom::Variable(name) => (Outlet::Webhook(Source::Variable(name)), By::Webhook),
            AddressFrom::Command(argv) => (Outlet::Webhook(Source::Command(argv)), By::Webhook),
            AddressFrom::Mailer(argv, to) => (Outlet::Mailer(Mailer { argv, to }), By::Mailer),
            AddressFrom::File(path) => (Outlet::File(path), By::File),
        };
        (id.as_str().into(), Posting { from, route: Route { thread: to.thread, by } })
    };
    known.into_iter().flatten().map(one).collect()
}

fn cache_dir() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "gonogo").map(|dirs| dirs.cache_dir().join("http"))
}

fn no_process() -> String {
    let names: Vec<_> =
        crate::process::PRESETS.iter().map(|(name, title, _)| format!("  {name:14} {title}")).collect();
    format!(
        "nothing says which release process this repository follows.\n\
         Write a gonogo.toml for it with `gonogo init`, or name a preset with --process:\n{}",
        names.join("\n")
    )
}

/// The forge's host and the repository there, by the options or by the remote.
pub(super) fn forge_of(
    repository: &Repository,
    target: &Target,
) -> Result<(Option<String>, Option<Repo>), String> {
    let url = repository.remote().and_then(|remote| remote.forge());
    let host = url.map(|url| match url.port {
        Some(port) if matches!(url.transport, crate::git::Transport::Https | crate::git::Transport::Http) => {
            format!("{}:{port}", url.host)
        }
        _ => url.host.clone(),
    });
    if let Some(name) = &target.repository {
        let repo = Repo::parse(name).map_err(|bad| format!("--repository: {bad}"))?;
        return Ok((host.or_else(|| Some("github.com".to_owned())), Some(repo)));
    }
    let repo = url.map(crate::git::RemoteUrl::repo).transpose().map_err(|bad| bad.to_string())?;
    Ok((host, repo))
}

/// The release: the one named, the one that was open last, or the one that a person picks.
async fn release_of(
    repository: &Repository,
    target: &Target,
    process: &Process,
    state: &std::path::Path,
    asking: Asking,
) -> Result<ReleaseName, Said> {
    let usage = |text: String| Said::err(Exit::Usage, text);
    let place = Place::at(state).map_err(|why| usage(why.to_string()))?;
    let known = place.lookup_clone(&repository.common_dir).map_err(|why| usage(why.to_string()))?;
    if let Some(name) = &target.release {
        // What was opened before opens again, whatever the process says by now.
        let old = |name: &ReleaseName| {
            let known = known.as_ref()?;
            place.existing(&known.repo, name, &known.writer).ok().flatten()
        };
        let name = ReleaseName::parse(name).map_err(|bad| usage(format!("--release: {bad}")))?;
        return match named(name.as_str(), process) {
            Err(why) if old(&name).is_none() => Err(usage(format!("--release: {why}"))),
            _ => Ok(name),
        };
    }
    if let Some(release) = known.as_ref().and_then(|known| known.release.clone()) {
        return Ok(release);
    }
    let mut offers = offers(repository, process).await;
    let nobody = asking == Asking::Nobody || !std::io::stdin().is_terminal();
    // What the changes ask for comes first.
    if let Some(first) = first_offer(repository, target, process, nobody).await {
        offers.retain(|(name, _)| *name != first.0);
        offers.insert(0, first);
    }
    if nobody {
        let listed: Vec<_> = offers.iter().map(|(name, why)| format!("  {name}  {why}")).collect();
        return Err(usage(format!("which release? Name it with --release NAME\n{}", listed.join("\n"))));
    }
    pick(&offers, process).map_err(usage)
}

/// The release that the trunk leads to, by the changes and the labels of their pull requests. A person at the keys waits
/// for the labels, but not for long.
async fn first_offer(
    repository: &Repository,
    target: &Target,
    process: &Process,
    nobody: bool,
) -> Option<(String, String)> {
    let late = || Err("the forge did not answer in time".to_owned());
    let forge = if nobody {
        Err("the forge is not asked for a list".to_owned())
    } else {
        let at = repository.work_tree.as_deref().unwrap_or(&repository.common_dir);
        let reached = tokio::time::timeout(LABELS, asked::reach(Some(at), target)).await;
        reached.map_or_else(|_| late(), |it| it.unwrap_or_else(|said| Err(said.err)))
    };
    next::of_trunk(repository, process, Labels::of(process, forge, Some(LABELS))).await
}

/// Releases that may be meant: the next of each stream, by the tags of the clone.
pub(super) async fn offers(repository: &Repository, process: &Process) -> Vec<(String, String)> {
    let Ok(git) = Git::locate().await else { return Vec::new() };
    let Ok(refs) = git.refs(repository).await else { return Vec::new() };
    let classes: Vec<_> = refs.tags.keys().map(|tag| classify(&process.version, tag.as_str())).collect();
    let mut offers: Vec<(String, String)> = vec![];
    for bump in [Bump::Patch, Bump::Minor, Bump::Major] {
        if let Ok(next) = next_final(&process.version, &classes, &[], None, bump)
            && !offers.iter().any(|(name, _)| *name == next.tag)
        {
            offers.push((next.tag, format!("next {}: {}", bump.word(), next.reasons.join("; "))));
        }
    }
    offers
}

/// How long a person waits for labels before the list of releases is shown without them.
const LABELS: Duration = Duration::from_secs(4);

/// Cells before the reason of a release that may be meant.
const PICK_INDENT: usize = 22;

/// Asks in lines, before the screen is taken, until a number of the list or a name is given.
fn pick(offers: &[(String, String)], process: &Process) -> Result<ReleaseName, String> {
    let mut out = std::io::stderr();
    let mut say = |text: String| {
        out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|why| why.to_string())
    };
    let columns = crossterm::terminal::size().map_or(80, |(columns, _)| usize::from(columns));
    say("Which release?\n".to_owned())?;
    for (number, (name, why)) in (1..).zip(offers) {
        // A long reason goes on under itself.
        for (at, line) in
            wrap(&shown(why, 200), columns.saturating_sub(PICK_INDENT).max(20)).iter().enumerate()
        {
            let number = if at == 0 { number.to_string() } else { String::new() };
            let name = if at == 0 { shown(name, 60) } else { String::new() };
            say(format!("  {number:1}  {name:16} {line}\n"))?;
        }
    }
    loop {
        let first =
            offers.first().map_or_else(String::new, |(name, _)| format!("enter for {}, ", shown(name, 60)));
        say(format!("A number, a name such as v1.2.0, {first}q to leave: "))?;
        let mut line = String::new();
        if std::io::stdin().lock().read_line(&mut line).map_err(|why| why.to_string())? == 0 {
            return Err("no release was named".to_owned());
        }
        let answer = match line.trim() {
            "q" => return Err("no release was named".to_owned()),
            "" if !offers.is_empty() => "1",
            answer => answer,
        };
        match picked(answer, offers, process) {
            Ok(name) => return Ok(name),
            Err(why) => say(format!("{why}\n"))?,
        }
    }
}

/// What an answer names: a number alone is one of the list, never the name of a release.
fn picked(answer: &str, offers: &[(String, String)], process: &Process) -> Result<ReleaseName, String> {
    let name = match answer.parse::<usize>() {
        Ok(number) => match number.checked_sub(1).and_then(|at| offers.get(at)) {
            Some((name, _)) => name,
            None => return Err(format!("{number} is not in the list")),
        },
        Err(_) => answer,
    };
    named(name, process)
}

/// A release by its name, which is a version as the process writes them.
pub(super) fn named(name: &str, process: &Process) -> Result<ReleaseName, String> {
    let bad =
        |why: String| format!("{} names no release of {}: {why}", shown(name, 100), shown(&process.name, 60));
    process.version.release(name).map_err(bad)?;
    ReleaseName::parse(name).map_err(|why| why.to_string())
}
