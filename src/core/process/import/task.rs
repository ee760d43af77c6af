//! How a task is marked where Markdown itself reads no task list.

/// Boxes that people write instead of brackets.
const BOXES: [(char, bool); 5] = [('☐', false), ('□', false), ('⬜', false), ('☑', true), ('☒', true)];

/// The mark of a task at the start of a text, with or without the bullet in front: whether it is ticked, and how many
/// bytes it takes.
pub(super) fn marker(text: &str) -> Option<(bool, usize)> {
    let bullet = text.strip_prefix(['-', '*', '+']).unwrap_or(text);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let numbered = text.get(digits..).and_then(|rest| rest.strip_prefix(['.', ')'])).filter(|_| digits > 0);
    let rest = numbered.unwrap_or(bullet).trim_start();
    let (done, rest) = bare(rest)?;
    Some((done, text.len() - rest.len()))
}

/// The mark itself: brackets around a blank, nothing or a cross; or a box. Gives what follows it.
pub(super) fn bare(text: &str) -> Option<(bool, &str)> {
    let inner = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    if let Some((inside, rest)) = inner {
        let done = match inside.trim() {
            "" if inside.len() <= 3 => false,
            "x" | "X" | "✓" | "✔" => true,
            _ => return None,
        };
        // `[](…)` and `[x][y]` are links.
        return (!rest.starts_with(['(', '['])).then(|| (done, rest.trim_start()));
    }
    let first = text.chars().next()?;
    let (_, done) = BOXES.into_iter().find(|(mark, _)| *mark == first)?;
    let rest = text[first.len_utf8()..].trim_start_matches('\u{fe0f}');
    Some((done, rest.trim_start()))
}
