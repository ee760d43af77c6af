//! A release window: when it is, and whether it lies within the days and hours of the process.

use super::Scheduled;
use super::deciding::some;
use crate::process::Window;
use crate::release::ask::Refusal;
use crate::release::text::{Untrusted, shown};
use crate::release::{Fact, Release};
use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, Utc};

impl Release {
    pub(super) fn decide_window(
        &self,
        window: Box<str>,
        when: &Untrusted,
        now: DateTime<Utc>,
    ) -> Result<Fact, Refusal> {
        let refuse = |why: String| Refusal::new("schedule a window", shown(&window, 60), why);
        let windows = self.process.iter().flat_map(|process| &process.calendar.windows);
        let known = windows.into_iter().find(|it| *it.id == *window);
        let known = known.ok_or_else(|| refuse("the process has no such window".to_owned()))?.clone();
        if when.raw().trim().is_empty() {
            if self.votes.windows.get(&window).is_none_or(|it| it.what.span.is_none()) {
                return Err(refuse("none is scheduled".to_owned()));
            }
            return Ok(Scheduled { window, span: None, why: None }.into());
        }
        let (span, why) =
            span_of(when.raw()).map_err(|why| refuse(why).hint("2026-11-24 09:00-12:00, in UTC"))?;
        if span.1 <= now {
            return Err(refuse("it is over already".to_owned()));
        }
        if let Some(said) = outside(&known, span)
            && why.is_none()
        {
            return Err(refuse(said).hint("say why behind the hours, and it is taken all the same"));
        }
        Ok(Scheduled { window, span: Some(span), why }.into())
    }
}

/// From when to when, and the words behind it.
type Span = ((DateTime<Utc>, DateTime<Utc>), Option<Untrusted>);

/// Reads `2026-11-24 09:00-12:00 why`, in UTC.
fn span_of(text: &str) -> Result<Span, String> {
    let mut words = text.trim().splitn(3, char::is_whitespace);
    let day = words.next().unwrap_or_default();
    let day =
        NaiveDate::parse_from_str(day, "%Y-%m-%d").map_err(|_| format!("{} is no day", shown(day, 20)))?;
    let hours = words.next().unwrap_or_default();
    let (from, to) = hours.split_once(['-', '–']).ok_or("say from which hour to which")?;
    let time = |text: &str| {
        NaiveTime::parse_from_str(text, "%H:%M").map_err(|_| format!("{} is no time of day", shown(text, 20)))
    };
    let (from, to) = (time(from)?, time(to)?);
    if to <= from {
        return Err("it ends before it begins".to_owned());
    }
    let at = |time| day.and_time(time).and_utc();
    Ok(((at(from), at(to)), words.next().and_then(|why| some(Untrusted::from(why.trim())))))
}

/// What puts a span outside of the days and hours of the process; none when it lies inside.
fn outside(window: &Window, (from, to): (DateTime<Utc>, DateTime<Utc>)) -> Option<String> {
    let day = from.format("%a").to_string().to_lowercase();
    let fits = |it: &String| it.to_lowercase().starts_with(&day);
    if !window.days.is_empty() && !window.days.iter().any(fits) {
        return Some(format!(
            "{} is not one of its days: {}",
            from.weekday(),
            shown(&window.days.join(", "), 60)
        ));
    }
    let hour = |text: &Option<String>| NaiveTime::parse_from_str(text.as_deref()?, "%H:%M").ok();
    let early = hour(&window.from).is_some_and(|first| from.time() < first);
    let late = hour(&window.to).is_some_and(|last| to.time() > last);
    if !early && !late {
        return None;
    }
    let bound = |text: &Option<String>, none: &str| text.as_ref().map_or(none.to_owned(), |it| shown(it, 10));
    Some(format!("its hours are {} to {}, UTC", bound(&window.from, "00:00"), bound(&window.to, "24:00")))
}
