//! What views are drawn on in tests: a buffer, its text, and a hash of its styles.

use gonogo::release::Release;
use gonogo::screen::Screen;
use gonogo::view::colour::Depth;
use gonogo::view::palette::Ground;
use gonogo::view::render;
use gonogo::view::theme::Theme;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;

/// The dark theme in 24 bits.
pub fn dark() -> Theme {
    Theme::built_in("dark", Depth::TrueColor, Ground::Dark)
}

/// Draws a screen at its own size, and gives the buffer and where the hardware cursor is.
pub fn draw(release: &Release, screen: &Screen, theme: &Theme) -> (Buffer, Position) {
    let (columns, rows) = screen.size;
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).expect("a terminal");
    terminal.draw(|frame| render(release, screen, theme, frame)).expect("a frame");
    let cursor = terminal.get_cursor_position().expect("a cursor");
    (terminal.backend().buffer().clone(), cursor)
}

/// The text of a buffer, a line a row, without blanks at the ends.
pub fn text(buffer: &Buffer) -> String {
    let wide = usize::from(buffer.area.width.max(1));
    let mut out = String::new();
    for row in buffer.content.chunks(wide) {
        let mut skip = 0;
        let mut line = String::new();
        for cell in row {
            if skip == 0 {
                line.push_str(cell.symbol());
                skip = unicode_width::UnicodeWidthStr::width(cell.symbol()).saturating_sub(1);
            } else {
                skip -= 1;
            }
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// The text with a hash of all styles under it, so that a changed colour is seen as well.
pub fn styled(buffer: &Buffer) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for cell in &buffer.content {
        for byte in format!("{:?}{:?}{:?}", cell.fg, cell.bg, cell.modifier).bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        }
    }
    format!("{}styles {hash:016x}\n", text(buffer))
}
