//! When artifacts are asked for: nobody before the tag, soon after it, ever more slowly, and at once by `r`.

use super::seat::Seat;
use crate::release::artifacts::{book, row, tag};
use crate::release::ground::text;
use gonogo::release::artifacts::ArtifactState;
use gonogo::release::ask::Effect;
use gonogo::release::candidates::TagRow;
use gonogo::release::looks::{LookKey, Topic};
use gonogo::release::observe::Sighting;
use gonogo::screen::fresh::Source;
use gonogo::screen::{Mode, Options};
use gonogo::turn::Event;

fn key(id: &str) -> LookKey {
    LookKey::new(Topic::Artifacts, id)
}

/// The artifacts that were asked for since the last time.
fn asked(seat: &mut Seat) -> Vec<String> {
    let out = std::mem::take(&mut seat.out);
    let keys = out.into_iter().filter_map(|it| if let Effect::Look(keys) = it { Some(keys) } else { None });
    let artifacts = keys.flatten().filter(|key| key.topic == Topic::Artifacts);
    artifacts.map(|key| key.scope.to_string()).collect()
}

fn say(seat: &mut Seat, sighting: Sighting) {
    seat.event(Event::Saw(Box::new(sighting), Source::Live));
    seat.settle();
}

fn answer(seat: &mut Seat, id: &str, of: &str, state: ArtifactState) {
    say(seat, Sighting::Artifact(row(id, of, state, "404")));
}

/// Seconds until an artifact is asked for again.
fn wait(seat: &Seat, id: &str) -> i64 {
    (seat.state.screen.fresh.0[&key(id)].due.unwrap() - seat.now).num_seconds()
}

/// A release whose final version is tagged, at work.
fn seat(options: Options) -> Seat {
    let mut book = book();
    tag(&mut book, "v1.2.0");
    let mut seat = Seat::on(&book, options, Mode::Live);
    seat.event(Event::Deadline);
    seat
}

#[test]
fn nobody_is_asked_before_the_tag_is_there() {
    let mut book = book();
    let mut seat = Seat::on(&book, Options::default(), Mode::Live);
    let looks: Vec<_> = seat.state.screen.fresh.0.keys().filter(|it| it.topic == Topic::Artifacts).collect();
    assert_eq!(looks, [&key("beta")], "the candidate alone is tagged");
    seat.out.clear();
    tag(&mut book, "v1.2.0");
    let rows = book.release.candidates.tags.values().cloned().collect::<Vec<TagRow>>();
    seat.event(Event::Saw(Box::new(Sighting::Git { lines: vec![], tags: rows }), Source::Live));
    seat.settle();
    let mut ids = asked(&mut seat);
    ids.sort();
    assert_eq!(ids, ["docs", "pypi"], "as soon as the tag is on record");
}

#[test]
fn the_pace_follows_what_was_seen_and_for_how_long() {
    let mut seat = seat(Options::default());
    answer(&mut seat, "pypi", "v1.2.0", ArtifactState::Absent);
    assert!((27..=33).contains(&wait(&seat, "pypi")), "{}", wait(&seat, "pypi"));
    for (after, least, most) in [(11 * 60, 108, 132), (50 * 60, 540, 660), (1500 * 60, 3240, 3960)] {
        seat.wait(after);
        answer(&mut seat, "pypi", "v1.2.0", ArtifactState::Absent);
        assert!((least..=most).contains(&wait(&seat, "pypi")), "{}", wait(&seat, "pypi"));
    }
    answer(&mut seat, "docs", "v1.2.0", ArtifactState::Present);
    assert!((3240..=3960).contains(&wait(&seat, "docs")), "once it is there: {}", wait(&seat, "docs"));
    say(&mut seat, Sighting::Failed(key("docs"), text("502")));
    let soon = wait(&seat, "docs");
    assert!((54..=66).contains(&soon), "its gate holds until it is read: {soon}");
    seat.wait(3 * 3600);
    say(&mut seat, Sighting::Failed(key("docs"), text("502")));
    assert!((540..=660).contains(&wait(&seat, "docs")), "trouble that lasts: {}", wait(&seat, "docs"));
    seat.event(Event::Focus(false));
    answer(&mut seat, "docs", "v1.2.0", ArtifactState::Wrong);
    assert!(wait(&seat, "docs") <= 660, "people look elsewhere while they wait: {}", wait(&seat, "docs"));
}

#[test]
fn the_first_failure_is_asked_again_after_a_minute() {
    let mut seat = seat(Options::default());
    say(&mut seat, Sighting::Failed(key("pypi"), text("pypi.org answers 500")));
    assert!((54..=66).contains(&wait(&seat, "pypi")), "{}", wait(&seat, "pypi"));
}

#[test]
fn r_asks_at_once_and_the_tries_are_counted() {
    let mut seat = seat(Options::default());
    for id in ["pypi", "docs", "beta"] {
        let of = if id == "beta" { "v1.2.0-rc.1" } else { "v1.2.0" };
        answer(&mut seat, id, of, ArtifactState::Absent);
    }
    asked(&mut seat);
    seat.wait(5).event(Event::Deadline);
    assert_eq!(asked(&mut seat), [""; 0], "not before it is due");
    seat.keys("r");
    assert_eq!(asked(&mut seat), ["pypi", "docs", "beta"]);
    let tries = &seat.state.screen.tries[&key("pypi")];
    assert_eq!((tries.times, tries.tag.as_str(), (seat.now - tries.since).num_seconds()), (2, "v1.2.0", 5));
    assert_eq!(seat.kinds(0).iter().filter(|kind| *kind == "obs.artifacts").count(), 3, "changes alone");
}

#[test]
fn a_paused_cockpit_asks_by_key_alone() {
    let mut seat = seat(Options { poll: None, ..Options::default() });
    answer(&mut seat, "pypi", "v1.2.0", ArtifactState::Absent);
    assert_eq!(seat.state.screen.fresh.0[&key("pypi")].due, None);
}

#[test]
fn the_next_candidate_is_asked_for_at_once_though_the_one_before_was_there() {
    let mut seat = seat(Options::default());
    answer(&mut seat, "beta", "v1.2.0-rc.1", ArtifactState::Present);
    asked(&mut seat);
    let mut tags: Vec<TagRow> = seat.state.release.candidates.tags.values().cloned().collect();
    let next = TagRow { tag: gonogo::release::ids::Tag::parse("v1.2.0-rc.2").unwrap(), ..tags[0].clone() };
    tags.push(next);
    let lines = seat.state.release.lines.0.values().cloned().collect();
    say(&mut seat, Sighting::Git { lines, tags });
    assert!(asked(&mut seat).contains(&"beta".to_owned()));
    let tries = &seat.state.screen.tries[&key("beta")];
    assert_eq!((tries.times, tries.tag.as_str()), (1, "v1.2.0-rc.2"));
    // An answer that was under way is about the candidate before: it is asked again at once.
    answer(&mut seat, "beta", "v1.2.0-rc.1", ArtifactState::Present);
    assert!(wait(&seat, "beta") <= 0 || asked(&mut seat).contains(&"beta".to_owned()));
}
