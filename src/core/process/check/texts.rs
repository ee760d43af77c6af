//! Announcements in an order that works, placeholders that exist, one name for each channel.

use super::List;
use crate::process::Venue;
use crate::process::parse::nearest;
use std::collections::BTreeMap;

/// Announcements and channels that need something which comes after them.
pub(super) fn order(list: &mut List<'_>) {
    let p = list.process;
    for (at, announcement) in p.announcements.iter().enumerate() {
        let earlier = |id: &String| p.announcements.iter().take(at).any(|other| other.id == *id);
        for id in announcement.uses.iter().chain(&announcement.thread_of).chain(&announcement.copy_of) {
            if p.announcements.iter().any(|other| other.id == *id) && !earlier(id) {
                let message =
                    format!("announcement {} needs {id}, which does not come before it", announcement.id);
                list.error(&format!("announcements[{at}]"), message, "change the order");
            }
        }
    }
    for (at, announcement) in p.announcements.iter().enumerate() {
        let on_discord = |to: &Venue| matches!(to, Venue::Discord(_));
        let of = announcement.thread_of.as_ref();
        let of = of.and_then(|id| p.announcements.iter().find(|other| other.id == *id));
        if let Some(of) = of.filter(|of| !on_discord(&of.to) || !on_discord(&announcement.to)) {
            let message =
                format!("only Discord has threads: {} is not posted into one of {}", announcement.id, of.id);
            list.error(&format!("announcements[{at}].thread_of"), message, "use {link:ID} in the template");
        }
    }
    for (at, channel) in p.channels.iter().enumerate() {
        let earlier = |id: &String| p.channels.iter().take(at).any(|other| other.id == *id);
        if let Some(after) =
            channel.after.as_ref().filter(|id| p.channels.iter().any(|other| other.id == **id))
            && !earlier(after)
        {
            let message = format!("channel {} comes after {after}, which is listed later", channel.id);
            list.error(&format!("channels[{at}].after"), message, "change the order");
        }
    }
}

pub(super) const IN_VERSIONS: [&str; 5] = ["tag", "version", "major", "minor", "patch"];
const IN_TEMPLATES: [&str; 9] =
    ["tag", "version", "major", "minor", "patch", "title", "notes_url", "previous", "date"];
const IN_PICKS: [&str; 3] = ["branch", "major", "minor"];
const IN_BACKPORTS: [&str; 14] = [
    "branch",
    "line",
    "major",
    "minor",
    "number",
    "title",
    "author",
    "commit",
    "count",
    "numbers",
    "me",
    "picks",
    "approvers",
    "owners",
];
const IN_PICK_COMMENTS: [&str; 9] =
    ["branch", "major", "minor", "line", "decision", "why", "answers", "by", "number"];

/// The names in braces.
pub(super) fn braces(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}

/// Placeholders that nothing fills.
pub(super) fn placeholders(list: &mut List<'_>) {
    let p = list.process;
    let mut wrong = Vec::new();
    let mut look = |path: String, text: &str, known: &[&str]| {
        for name in braces(text).filter(|name| !known.contains(name)) {
            let near = nearest(name, known.iter().copied());
            let near = near.map(|near| format!("did you mean {{{near}}}? ")).unwrap_or_default();
            let hint = format!("{near}Known here: {}", known.join(", "));
            wrong.push((path.clone(), format!("{{{name}}} is no placeholder"), hint));
        }
    };
    for (path, text) in [
        ("milestone.title", &p.milestone.title),
        ("milestone.tracking_issue", &p.milestone.tracking_issue),
        ("notes.kept_at", &p.notes.kept_at),
    ] {
        look(path.to_owned(), text.as_deref().unwrap_or_default(), &IN_VERSIONS);
    }
    let body = p.milestone.tracking_body.as_deref().unwrap_or_default();
    let in_body: Vec<&str> = IN_VERSIONS.into_iter().chain(["due", "checklist"]).collect();
    look("milestone.tracking_body".to_owned(), body, &in_body);
    for (at, label) in p.picks.labels.iter().enumerate() {
        look(format!("picks.labels[{at}]"), label, &IN_PICKS);
    }
    for (at, command) in p.picks.commands.iter().enumerate() {
        look(format!("picks.commands[{at}]"), command, &IN_PICKS);
    }
    for (name, news) in p.picks.publish.each() {
        let path = format!("picks.publish.{name}");
        for (key, labels) in [("add_labels", &news.add_labels), ("remove_labels", &news.remove_labels)] {
            for (at, label) in labels.iter().enumerate() {
                look(format!("{path}.{key}[{at}]"), label, &IN_PICKS);
            }
        }
        look(format!("{path}.comment"), news.comment.as_deref().unwrap_or_default(), &IN_PICK_COMMENTS);
    }
    for (path, text) in p.picks.backport.each() {
        look(path, text, &IN_BACKPORTS);
    }
    for (at, announcement) in p.announcements.iter().enumerate() {
        let fields = announcement.fields.iter().map(|name| format!("field:{name}"));
        let links = announcement.uses.iter().map(|name| format!("link:{name}"));
        let more: Vec<String> = fields.chain(links).collect();
        let known: Vec<&str> = IN_TEMPLATES.into_iter().chain(more.iter().map(String::as_str)).collect();
        look(format!("announcements[{at}].template"), &announcement.template, &known);
    }
    for (path, message, hint) in wrong {
        list.error(&path, message, hint);
    }
}

/// Channels that are written in two ways, such as `#release` and `#releases`.
pub(super) fn channels(list: &mut List<'_>) {
    let p = list.process;
    let mut named: BTreeMap<String, String> = BTreeMap::new();
    let mut see = |path: String, text: &str| {
        for name in hashes(text) {
            named.entry(name.to_owned()).or_insert_with(|| path.clone());
        }
    };
    for (at, announcement) in p.announcements.iter().enumerate() {
        see(format!("announcements[{at}].to"), venue(&announcement.to));
        see(format!("announcements[{at}].template"), &announcement.template);
    }
    for (at, stage) in p.stages.iter().enumerate() {
        for (place, item) in stage.items.iter().enumerate() {
            see(format!("stages[{at}].items[{place}].text"), &item.text);
        }
    }
    for (at, role) in p.roles.iter().enumerate() {
        see(format!("roles[{at}].about"), &role.about);
    }
    for (at, group) in p.groups.iter().enumerate() {
        group.contact.iter().for_each(|contact| see(format!("groups[{at}].contact"), contact));
    }
    for (at, meeting) in p.meetings.iter().enumerate() {
        see(format!("meetings[{at}].minutes_to"), meeting.minutes_to.as_deref().unwrap_or_default());
    }
    let pairs: Vec<(String, String, String)> = named
        .iter()
        .filter_map(|(name, path)| {
            let plural = named.get_key_value(&format!("{name}s"))?;
            Some((name.clone(), plural.0.clone(), path.clone()))
        })
        .collect();
    for (one, other, path) in pairs {
        let line = |name: &str| {
            let place = named.get(name).and_then(|path| p.places.of(path));
            place.map_or(0, |place| place.line)
        };
        let message = format!(
            "the channel is called #{one} at line {} and #{other} at line {}",
            line(&one),
            line(&other)
        );
        list.warn(&path, message, "write one name, or say that they are two channels");
    }
}

/// The channels in a text: `#` and a name that starts with a letter.
fn hashes(text: &str) -> impl Iterator<Item = &str> {
    text.split('#').skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '-' && c != '_').unwrap_or(rest.len());
        let name = &rest[..end];
        name.starts_with(char::is_alphabetic).then_some(name)
    })
}

fn venue(to: &Venue) -> &str {
    match to {
        Venue::Discord(name)
        | Venue::Slack(name)
        | Venue::Teams(name)
        | Venue::Twitter(name)
        | Venue::Forum(name)
        | Venue::Mail(name)
        | Venue::Webhook(name)
        | Venue::Discussion(name) => name,
        Venue::TrackingIssue | Venue::Release | Venue::Clipboard => "",
    }
}
