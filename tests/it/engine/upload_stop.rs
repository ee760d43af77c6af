//! A long file on its way to a slow forge: how far it is shows, it is stopped in mid-file, and goes on by a person's word.

use super::backport::{counts, text};
use super::cutting::{TAG, done, releases_of, type_tag};
use super::pty::{ENTER, Term};
use super::trouble::Site;
use gonogo::demo::Fault;
use std::path::Path;
use std::time::Duration;

const FILE: &str = "widget-4.6.2-rc.2.tar";
/// Far more than what the system takes in between two ends that are slow.
const SIZE: usize = 40 << 20;

/// A site whose process names one long file, and the words that open its clone with that process.
fn site() -> Site {
    let mut site = Site::of("kubesphere");
    let dir = site.dir.path();
    let built = dir.join("built/dist");
    std::fs::create_dir_all(&built).unwrap();
    std::fs::write(built.join(FILE), vec![7; SIZE]).unwrap();
    let config = dir.join("config/gonogo");
    std::fs::create_dir_all(&config).unwrap();
    std::fs::write(config.join("config.toml"), format!("assets_dir = {:?}\n", dir.join("built"))).unwrap();
    let own = dir.join("own.toml");
    let text =
        "[process]\npreset = \"kubesphere\"\n[process.cut]\nassets = [\"dist/widget-{version}.tar\"]\n";
    std::fs::write(&own, text).unwrap();
    let at = site.args.iter().position(|word| word == "--process").unwrap();
    site.args[at + 1] = own.to_str().unwrap().to_owned();
    site
}

fn open(site: &Site) -> Term {
    let mut term = site.open_with(&[]);
    term.see("v4.6.2");
    term.see("api ");
    term
}

fn parts(dir: &Path) -> Vec<(bool, u64)> {
    let found = releases_of(&dir.join("demo"), TAG);
    let files = found.iter().flat_map(|it| it["assets"].as_array().unwrap().clone());
    files.map(|it| (it["whole"].as_bool().unwrap(), it["size"].as_u64().unwrap())).collect()
}

#[test]
fn a_long_file_is_stopped_in_the_middle_and_replaced_by_a_persons_word() {
    let site = site();
    let dir = site.dir.path();
    let mut term = open(&site);
    type_tag(&mut term);
    site.faults.next(1, "POST", "/assets", Fault::SlowBody(Duration::from_millis(5)));
    term.press(ENTER);
    term.until("the upload under way", |screen| {
        let line = screen.lines().find(|line| line.contains(&format!("uploading {FILE}")));
        line.is_some_and(|line| {
            line.contains("/40.0 MiB") && !line.contains(" 0.0/") && line.contains("cancel")
        })
    });
    assert!(parts(dir).is_empty(), "it is not there yet");
    term.press("\x18");
    term.meanwhile("the stop", || counts(dir, "release.upload")[1] == 1);
    assert!(text(dir).contains("stopped by ctrl-x after "), "{}", text(dir));
    term.until("the end of the job", |screen| !screen.contains(&format!("uploading {FILE}")));
    assert_eq!(counts(dir, "release.publish"), [0, 0], "a release that lacks a file is not published");
    term.meanwhile("what came in part", || parts(dir) == [(false, 0)]);
    // Nothing is replaced unless a person says so: the next try finds it in its way, if this one did not.
    for _ in 0..2 {
        if text(dir).contains("\"starter\"") {
            break;
        }
        let ended = counts(dir, "release.upload")[1];
        term.unfinished(&["go on with"]);
        term.meanwhile("another try", || counts(dir, "release.upload")[1] > ended);
    }
    assert_eq!(parts(dir), [(false, 0)]);
    term.press("gu");
    term.see("replace what came in part");
    term.press("replace what");
    term.press(ENTER);
    term.meanwhile("the publication", || done(dir, "release.publish"));
    assert_eq!(parts(dir), [(true, SIZE as u64)]);
    assert!(term.leave().success());
}
