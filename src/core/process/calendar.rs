//! The calendar of a release: cycle, phases, windows, meetings.

use super::span::Span;
use serde::Deserialize;

/// `[calendar]`.
#[derive(Clone, PartialEq, Default, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Calendar {
    /// `cycle`: how long from one release to the next: `"26 weeks"`. The phases should add up to it.
    pub cycle: Option<Span>,
    /// `[[calendar.phases]]`: in order.
    pub phases: Vec<Phase>,
    /// `[[calendar.windows]]`: when a release may leave.
    pub windows: Vec<Window>,
}

/// `[[calendar.phases]]`.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    /// `id`: its name in other tables.
    pub id: String,
    /// `title`: for people; default the id.
    #[serde(default)]
    pub title: String,
    /// `about`: what happens in it.
    #[serde(default)]
    pub about: String,
    /// `lasts`: `"9 weeks"`; a phase without it is an event on one day.
    #[serde(default)]
    pub lasts: Option<Span>,
    /// `freeze`: whether features are frozen from its first day; default no.
    #[serde(default)]
    pub freeze: bool,
    /// `branch`: whether the release branch is made on its first day; default no.
    #[serde(default)]
    pub branch: bool,
    /// `cut`: whether the final version is tagged on its last day; default no.
    #[serde(default)]
    pub cut: bool,
    /// `starts_when`: the condition to begin, for people.
    #[serde(default)]
    pub starts_when: String,
    /// `serves`: ids of the written requirements it serves.
    #[serde(default)]
    pub serves: Vec<String>,
}

/// `[[calendar.windows]]`: when a release may leave.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// `id`: its name.
    pub id: String,
    /// `days`: days of the week: `["tue", "wed"]`.
    #[serde(default)]
    pub days: Vec<String>,
    /// `from`: first hour, UTC: `"09:00"`.
    #[serde(default)]
    pub from: Option<String>,
    /// `to`: last hour, UTC: `"16:00"`.
    #[serde(default)]
    pub to: Option<String>,
    /// `about`: for people.
    #[serde(default)]
    pub about: String,
}

/// `[[meetings]]`.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meeting {
    /// `id`: its name.
    pub id: String,
    /// `title`: for people; default the id.
    #[serde(default)]
    pub title: String,
    /// `every`: `"weekly"`, `"2 weeks"`; without it the meeting is held once.
    #[serde(default)]
    pub every: Option<Span>,
    /// `phases`: ids of the phases it is held in; default all.
    #[serde(default)]
    pub phases: Vec<String>,
    /// `led_by`: role id of who leads it.
    #[serde(default)]
    pub led_by: Option<String>,
    /// `agenda`: its items, in order.
    #[serde(default)]
    pub agenda: Vec<String>,
    /// `minutes_to`: where the minutes go.
    #[serde(default)]
    pub minutes_to: Option<String>,
    /// `serves`: ids of the written requirements it serves.
    #[serde(default)]
    pub serves: Vec<String>,
}
