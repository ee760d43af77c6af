//! A buffer as an SVG picture: deterministic, so that a picture that is out of date is seen in a diff.

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};
use std::fmt::Write;

const CELL: (u32, u32) = (9, 19);
const PAD: u32 = 10;

/// What the terminal's own colours are taken for: background and text.
pub struct Paper {
    pub back: &'static str,
    pub text: &'static str,
}

pub const DARK: Paper = Paper { back: "#10141c", text: "#e6ebf2" };
pub const LIGHT: Paper = Paper { back: "#ffffff", text: "#161b24" };

/// The picture of a buffer, with what it shows as its title.
pub fn svg(buffer: &Buffer, paper: &Paper, title: &str) -> String {
    let (columns, rows) = (u32::from(buffer.area.width), u32::from(buffer.area.height));
    let (wide, high) = (columns * CELL.0 + 2 * PAD, rows * CELL.1 + 2 * PAD);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{wide}\" height=\"{high}\" viewBox=\"0 0 {wide} {high}\" \
         font-family=\"DejaVu Sans Mono, JetBrains Mono, Menlo, Consolas, WenQuanYi Zen Hei Mono, monospace\" \
         font-size=\"15\">\n<title>{}</title>\n<rect width=\"{wide}\" height=\"{high}\" rx=\"6\" fill=\"{}\"/>\n",
        escape(title),
        paper.back
    );
    for y in 0..buffer.area.height {
        row(&mut out, buffer, y, paper);
    }
    out.push_str("</svg>\n");
    out
}

fn row(out: &mut String, buffer: &Buffer, y: u16, paper: &Paper) {
    let mut x = 0;
    let mut texts = String::new();
    while x < buffer.area.width {
        let (text, back, bold, under) = look(buffer, x, y, paper);
        let start = x;
        let mut run = String::new();
        while x < buffer.area.width && look(buffer, x, y, paper) == (text.clone(), back.clone(), bold, under)
        {
            let symbol = buffer[(x, y)].symbol();
            let cells = unicode_width::UnicodeWidthStr::width(symbol).max(1);
            // A symbol that is no plain character stands alone, so that no font can push its neighbours.
            if !symbol.is_ascii() {
                if run.is_empty() {
                    run.push_str(symbol);
                    x += cells as u16;
                }
                break;
            }
            run.push_str(symbol);
            x += 1;
        }
        let cells = u32::from(x.saturating_sub(start)).max(1);
        x = x.max(start + 1);
        let (left, top) = (PAD + u32::from(start) * CELL.0, PAD + u32::from(y) * CELL.1);
        let width = cells * CELL.0;
        if back != paper.back {
            let _ = writeln!(
                out,
                "<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{}\" fill=\"{back}\"/>",
                CELL.1
            );
        }
        if block(&mut texts, &run, left, top, &text) || run.trim().is_empty() {
            continue;
        }
        let weight = if bold { " font-weight=\"bold\"" } else { "" };
        let line = if under { " text-decoration=\"underline\"" } else { "" };
        let _ = writeln!(
            texts,
            "<text x=\"{left}\" y=\"{}\" fill=\"{text}\"{weight}{line} textLength=\"{width}\" \
             lengthAdjust=\"spacingAndGlyphs\" xml:space=\"preserve\">{}</text>",
            top + 14,
            escape(&run)
        );
    }
    out.push_str(&texts);
}

/// Draws a block element as what it is, a rectangle: fonts leave gaps between them.
fn block(out: &mut String, run: &str, left: u32, top: u32, fill: &str) -> bool {
    let (w, h) = (f64::from(CELL.0), f64::from(CELL.1));
    let eighth = |c: char| f64::from(0x2590 - c as u32) / 8.0;
    let (width, height) = match run.chars().next() {
        Some(c @ '\u{2589}'..='\u{258f}') => (w * eighth(c), h),
        Some(c @ '\u{2581}'..='\u{2588}') => (w, h * f64::from(c as u32 - 0x2580) / 8.0),
        Some('░') => {
            let y = f64::from(top) + h * 0.4;
            let _ = writeln!(
                out,
                "<rect x=\"{left}\" y=\"{y:.1}\" width=\"{w}\" height=\"{:.1}\" fill=\"{fill}\"/>",
                h * 0.2
            );
            return true;
        }
        _ => return false,
    };
    let y = f64::from(top) + h - height;
    let _ = writeln!(
        out,
        "<rect x=\"{left}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"{fill}\"/>"
    );
    true
}

/// Text colour, background, bold, underlined.
fn look(buffer: &Buffer, x: u16, y: u16, paper: &Paper) -> (String, String, bool, bool) {
    let cell = &buffer[(x, y)];
    let (mut text, mut back) = (hex(cell.fg, paper.text), hex(cell.bg, paper.back));
    if cell.modifier.contains(Modifier::REVERSED) {
        std::mem::swap(&mut text, &mut back);
    }
    (text, back, cell.modifier.contains(Modifier::BOLD), cell.modifier.contains(Modifier::UNDERLINED))
}

fn hex(colour: Color, own: &str) -> String {
    match colour {
        Color::Rgb(r, g, b) => format!("#{r:02x}{g:02x}{b:02x}"),
        Color::Indexed(at) => {
            let [r, g, b] = gonogo::view::colour::of_256(at);
            format!("#{r:02x}{g:02x}{b:02x}")
        }
        _ => own.to_owned(),
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
