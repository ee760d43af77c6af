//! Lengths of time and cadences in running text, in English and in Chinese.

use crate::process::{Span, Unit};

/// A length of time in a text.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Length {
    pub span: Span,
    /// Whether it comes again and again: `every 6 weeks`, `monthly`.
    pub every: bool,
    /// Whether it is a place and not a length: the week of `Week 4`, the weeks of `Weeks 2-3`.
    pub position: bool,
    /// Where it stands, in bytes.
    pub at: (usize, usize),
}

/// Every length of time in a text, in order.
pub(super) fn lengths(text: &str) -> Vec<Length> {
    let lower: String = text.chars().map(lowered).collect();
    // Lower case keeps the places: what would change its length is left as it is.
    let mut found = english(&lower);
    if !text.is_ascii() {
        found.extend(chinese(&lower));
    }
    found.sort_by_key(|length| length.at);
    found
}

/// The small letter of the same length; dashes of every kind are one.
fn lowered(c: char) -> char {
    let small = c.to_lowercase().next().unwrap_or(c);
    if small.len_utf8() == c.len_utf8() { small } else { c }
}

/// A word with where it stands.
type Word<'t> = (&'t str, usize, usize);

fn english(text: &str) -> Vec<Length> {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '–' | '—' | '\'');
    let mut words: Vec<Word<'_>> = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (part(c), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                words.push((&text[from..at], from, at));
                start = None;
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        match adverb(&words, at).or_else(|| position(&words, at)).or_else(|| counted(&words, at)) {
            Some((length, taken)) => {
                found.push(length);
                at += taken;
            }
            None => at += 1,
        }
    }
    found
}

fn word<'t>(words: &[Word<'t>], at: usize) -> &'t str {
    words.get(at).map_or("", |(word, _, _)| word)
}

fn made(words: &[Word<'_>], from: usize, to: usize, span: Span, every: bool) -> Length {
    let start = words.get(from).map_or(0, |word| word.1);
    let end = words.get(to).map_or(start, |word| word.2);
    Length { span, every, position: false, at: (start, end) }
}

/// `monthly`, `bi-weekly`.
fn adverb(words: &[Word<'_>], at: usize) -> Option<(Length, usize)> {
    let (count, unit) = match word(words, at) {
        "daily" => (1, Unit::Days),
        "weekly" => (1, Unit::Weeks),
        "biweekly" | "bi-weekly" | "fortnightly" => (2, Unit::Weeks),
        "monthly" => (1, Unit::Months),
        "bimonthly" | "bi-monthly" => (2, Unit::Months),
        "quarterly" => (3, Unit::Months),
        "semiannual" | "semi-annual" | "semiannually" | "semi-annually" | "biannual" | "biannually"
        | "half-yearly" => (6, Unit::Months),
        "yearly" | "annually" => (12, Unit::Months),
        _ => return None,
    };
    Some((made(words, at, at, Span { min: count, max: count, unit }, true), 1))
}

/// `Week 4`, `Weeks 2-3`.
fn position(words: &[Word<'_>], at: usize) -> Option<(Length, usize)> {
    if !matches!(word(words, at), "week" | "weeks" | "wk") {
        return None;
    }
    let (min, max, taken) =
        number(words, at + 1).filter(|_| word(words, at + 1).starts_with(|c: char| c.is_ascii_digit()))?;
    if unit(word(words, at + 1 + taken)).is_some() {
        return None;
    }
    let span = Span { min: max - min + 1, max: max - min + 1, unit: Unit::Weeks };
    let mut length = made(words, at, at + taken, span, false);
    length.position = true;
    Some((length, 1 + taken))
}

/// `6-8 months`, `every two weeks`, `26-week`, `once a month`, `every other week`.
fn counted(words: &[Word<'_>], at: usize) -> Option<(Length, usize)> {
    let repeats = matches!(word(words, at), "every" | "each" | "per");
    let once = word(words, at) == "once" && matches!(word(words, at + 1), "a" | "an" | "per" | "every");
    let from = at + usize::from(repeats) + 2 * usize::from(once);
    let from = from
        + usize::from(
            repeats && matches!(word(words, from), "approximately" | "about" | "roughly" | "around"),
        );
    if repeats || once {
        if let Some((each, unit)) = unit(word(words, from)) {
            return Some((made(words, at, from, span(1, 1, each, unit)?, true), from + 1 - at));
        }
        let second = match word(words, from) {
            "other" | "second" => 2,
            "third" => 3,
            "fourth" => 4,
            "sixth" => 6,
            _ => 0,
        };
        if second > 0
            && let Some((each, unit)) = unit(word(words, from + 1))
        {
            return Some((made(words, at, from + 1, span(second, second, each, unit)?, true), from + 2 - at));
        }
    }
    let (length, taken) = plain(words, from)?;
    if !(repeats || once) {
        return Some((length, taken));
    }
    let start = words.get(at).map_or(0, |word| word.1);
    Some((Length { every: true, at: (start, length.at.1), ..length }, from + taken - at))
}

/// A number and a unit.
fn plain(words: &[Word<'_>], at: usize) -> Option<(Length, usize)> {
    if let Some((min, max, each, unit)) = glued(word(words, at)) {
        return Some((made(words, at, at, span(min, max, each, unit)?, false), 1));
    }
    let (min, max, taken) = number(words, at)?;
    let next = word(words, at + taken);
    let skip = usize::from(matches!(next, "business" | "working" | "calendar" | "full"));
    let (each, unit) = unit(word(words, at + taken + skip))?;
    let last = at + taken + skip;
    Some((made(words, at, last, span(min, max, each, unit)?, false), last + 1 - at))
}

/// `26-week`, `6-8-week`, `two-week`, `9w`.
fn glued(word: &str) -> Option<(u32, u32, u32, Unit)> {
    let word = word.replace(['–', '—'], "-");
    let parts: Vec<&str> = word.split('-').collect();
    match parts.as_slice() {
        [low, high, last] => {
            let (each, unit) = unit(last)?;
            Some((small(low)?, small(high)?, each, unit))
        }
        [low, last] if unit(last).is_some() => {
            let (each, unit) = unit(last)?;
            Some((small(low)?, small(low)?, each, unit))
        }
        [low, last] => {
            let (high, each, unit) = attached(last)?;
            Some((small(low)?, high, each, unit))
        }
        [only] => {
            let (count, each, unit) = attached(only)?;
            Some((count, count, each, unit))
        }
        _ => None,
    }
}

/// `9w`, `2wks`, `30d`.
fn attached(word: &str) -> Option<(u32, u32, Unit)> {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let (count, rest) = word.split_at(digits);
    let (each, unit) = match rest {
        "w" | "wk" | "wks" | "weeks" | "week" => (1, Unit::Weeks),
        "d" | "days" => (1, Unit::Days),
        "mo" | "months" => (1, Unit::Months),
        _ => return None,
    };
    Some((count.parse().ok()?, each, unit))
}

/// A number, or a range of numbers, and how many words it takes.
fn number(words: &[Word<'_>], at: usize) -> Option<(u32, u32, usize)> {
    let dashed = word(words, at).replace(['–', '—'], "-");
    if let Some((low, high)) = dashed.split_once('-') {
        let (low, high) = (small(low)?, small(high)?);
        return (low <= high).then_some((low, high, 1));
    }
    let low = small(&dashed)?;
    let joined = matches!(word(words, at + 1), "to" | "or" | "-" | "–" | "—");
    match small(word(words, at + 2)).filter(|high| joined && *high >= low) {
        Some(high) => Some((low, high, 3)),
        None => Some((low, low, 1)),
    }
}

fn small(word: &str) -> Option<u32> {
    const NAMES: [&str; 13] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    let named = NAMES.iter().position(|name| *name == word).and_then(|at| u32::try_from(at).ok());
    let number =
        named.or_else(|| word.bytes().all(|b| b.is_ascii_digit()).then(|| word.parse().ok()).flatten());
    number.filter(|n| (1..=1000).contains(n))
}

/// A unit as a number of units that a process has.
fn unit(word: &str) -> Option<(u32, Unit)> {
    Some(match word {
        "day" | "days" => (1, Unit::Days),
        "week" | "weeks" | "wk" | "wks" | "w" => (1, Unit::Weeks),
        "fortnight" | "fortnights" => (2, Unit::Weeks),
        "month" | "months" => (1, Unit::Months),
        "quarter" | "quarters" => (3, Unit::Months),
        "year" | "years" => (12, Unit::Months),
        _ => return None,
    })
}

fn span(min: u32, max: u32, each: u32, unit: Unit) -> Option<Span> {
    let (min, max) = (min.checked_mul(each)?, max.checked_mul(each)?);
    (min <= max && max <= 10_000).then_some(Span { min, max, unit })
}

/// `每六个月`, `两周`, `2-3 周`, `第 1 周`.
fn chinese(text: &str) -> Vec<Length> {
    let chars: Vec<(usize, char)> = text.char_indices().filter(|(_, c)| *c != ' ').collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        match one_chinese(&chars, at) {
            Some((length, taken)) => {
                found.push(length);
                at += taken;
            }
            None => at += 1,
        }
    }
    found
}

fn one_chinese(chars: &[(usize, char)], at: usize) -> Option<(Length, usize)> {
    let get = |at: usize| chars.get(at).map(|(_, c)| *c);
    let nth = get(at) == Some('第');
    let every = matches!(get(at), Some('每' | '隔'));
    let other = every && (get(at) == Some('隔') || get(at + 1) == Some('隔'));
    let mut next = at + usize::from(nth || every) + usize::from(every && get(at + 1) == Some('隔'));
    next += usize::from(every && get(next) == Some('约'));
    let first = digits(chars, next);
    let (mut min, mut taken) = first.unwrap_or((1, 0));
    next += taken;
    let mut max = min;
    if taken > 0
        && matches!(get(next), Some('-' | '–' | '—' | '~' | '～' | '到' | '至'))
        && let Some((high, more)) = digits(chars, next + 1)
    {
        (max, taken) = (high, taken + more);
        next += 1 + more;
    }
    let measure = get(next) == Some('个');
    next += usize::from(measure);
    let (half, double) =
        (get(next) == Some('半') && first.is_none(), get(next) == Some('双') && first.is_none());
    next += usize::from(half || double);
    let (each, unit, long) = chinese_unit((get(next)?, get(next + 1)), (measure, every, half))?;
    let counted = taken > 0 || every || half || double;
    if !counted || (unit == Unit::Days && taken == 0 && !every) || min > 1000 {
        return None;
    }
    if (unit, each, measure) == (Unit::Months, 12, false) && min > 20 {
        return None;
    }
    if double || other {
        (min, max) = (2, 2);
    } else if nth {
        (min, max) = (max.checked_sub(min)? + 1, max.checked_sub(min)? + 1);
    }
    let last = next + long - 1;
    let (start, end) = (chars.get(at)?.0, chars.get(last).map(|(at, c)| at + c.len_utf8())?);
    let length =
        Length { span: span(min, max, each, unit)?, every: every || double, position: nth, at: (start, end) };
    Some((length, last + 1 - at))
}

/// A unit as a number of units that a process has, and how many characters it takes.
fn chinese_unit(
    pair: (char, Option<char>),
    (measure, every, half): (bool, bool, bool),
) -> Option<(u32, Unit, usize)> {
    Some(match pair {
        ('天', _) | ('日', _) => (1, Unit::Days, 1),
        ('星', Some('期')) | ('礼', Some('拜')) => (1, Unit::Weeks, 2),
        ('周', _) | ('週', _) => (1, Unit::Weeks, 1),
        ('月', _) if measure || every => (1, Unit::Months, 1),
        ('季', Some('度')) => (3, Unit::Months, 2),
        ('季', _) if every => (3, Unit::Months, 1),
        ('年', _) => (if half { 6 } else { 12 }, Unit::Months, 1),
        _ => return None,
    })
}

/// A number in digits or in characters, and how many characters it takes.
fn digits(chars: &[(usize, char)], at: usize) -> Option<(u32, usize)> {
    let value = |c: char| {
        "零一二三四五六七八九".chars().position(|known| known == c).and_then(|at| u32::try_from(at).ok())
    };
    let run: String = chars.iter().skip(at).map(|(_, c)| *c).take_while(char::is_ascii_digit).collect();
    if !run.is_empty() {
        return run.parse().ok().map(|number| (number, run.len()));
    }
    let get = |at: usize| chars.get(at).map(|(_, c)| *c);
    match (get(at)?, get(at + 1)) {
        ('两', _) => Some((2, 1)),
        ('十', Some(next)) if value(next).is_some() => Some((10 + value(next)?, 2)),
        ('十', _) => Some((10, 1)),
        (c, Some('十')) if value(c).is_some() => {
            let ones = get(at + 2).and_then(value);
            Some((value(c)? * 10 + ones.unwrap_or(0), 2 + usize::from(ones.is_some())))
        }
        (c, _) => value(c).filter(|n| *n > 0).map(|number| (number, 1)),
    }
}
