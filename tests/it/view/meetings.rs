//! A meeting of the story: the item that is taken up, and the minutes.

use super::stories::Shown;
use super::story::{Story, ago, text};
use gonogo::release::Pane;
use gonogo::release::meeting::{Assigned, Attended, Closed, Noted, Opened, Ruled, Ruling, TakenUp};
use gonogo::screen::dialog::Dialog;
use gonogo::screen::meeting::{Paper, agenda};

/// A meeting in its third item, which has a Chinese title in its notes.
fn held() -> (Story, gonogo::screen::Screen) {
    let mut story = Story::full();
    story.add(
        "seb",
        ago(21),
        Opened { meeting: "community".into(), title: text("Community call"), gates: vec![] },
    );
    let who = ["seb", "ash", "li-ming"].map(text).to_vec();
    story.add("seb", ago(20), Attended { who, on: true });
    let mut story = story.fold();
    let screen = story.screen(120, 36);
    let topics = agenda(&story.release, &screen);
    for (at, topic) in topics.iter().take(3).enumerate() {
        let (item, title) = (topic.key.as_str().into(), text(&topic.title));
        let since = ago(18 - 6 * i64::try_from(at).unwrap_or(0));
        story.add("seb", since, TakenUp { item: Some(topic.key.as_str().into()), title: title.clone() });
        let ruling = [Ruling::Go, Ruling::Hold, Ruling::Defer][at];
        let why = Some(text("wait for the run on release-0.6.x"));
        story.add("seb", since, Ruled { item, title, ruling, why });
    }
    let (item, title) = (topics[2].key.as_str().into(), text(&topics[2].title));
    story.add("seb", ago(4), Noted { item, title, text: text("只有在 TLS 下才会出现，其他情况没有问题") });
    let (who, what) = (text("li-ming"), text("mend the import, and say so in the thread"));
    let due = chrono::NaiveDate::from_ymd_opt(2026, 11, 24);
    story.add("seb", ago(3), Assigned { action: 1, item: topics[2].key.as_str().into(), who, what, due });
    let story = story.fold();
    let mut screen = story.screen(120, 36);
    screen.tab = Pane::Overview;
    (story, screen)
}

pub fn meeting() -> Shown {
    let (story, mut screen) = held();
    screen.dialogs.push(Dialog::Meet { top: 0 });
    (story.release, screen)
}

pub fn minutes() -> Shown {
    let (mut story, mut screen) = held();
    story.add("seb", ago(1), Closed { gates: vec![] });
    screen.dialogs.push(Dialog::Minutes(Paper { status: false, top: 0 }));
    (story.fold().release, screen)
}
