//! The two cuts of the letter that documents are set in: what they can show, and how wide it is.

use std::sync::LazyLock;

use krilla::text::Font;
use rustybuzz::{Direction, UnicodeBuffer};

static REGULAR: LazyLock<Option<Face>> = LazyLock::new(|| Face::read(include_bytes!("fonts/Roboto-Regular.ttf")));
static BOLD: LazyLock<Option<Face>> = LazyLock::new(|| Face::read(include_bytes!("fonts/Roboto-Bold.ttf")));

/// What stands for a character that the font has no glyph for; the text behind it stays what it is.
const STAND_IN: char = '\u{25ca}';

pub struct Face {
    pub font: Font,
    shaper: rustybuzz::Face<'static>,
}

impl Face {
    pub fn get(bold: bool) -> Option<&'static Self> {
        if bold { BOLD.as_ref() } else { REGULAR.as_ref() }
    }

    fn read(bytes: &'static [u8]) -> Option<Self> {
        Some(Self { font: Font::new(bytes.into(), 0)?, shaper: rustybuzz::Face::from_slice(bytes, 0)? })
    }

    /// The text as the font can show it.
    pub fn shown(&self, text: &str) -> String {
        text.chars().map(|c| if self.shaper.glyph_index(c).is_some() { c } else { STAND_IN }).collect()
    }

    /// In points.
    pub fn width(&self, text: &str, size: f32) -> f32 {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(&self.shown(text));
        buffer.guess_segment_properties();
        buffer.set_direction(Direction::LeftToRight);
        let shaped = rustybuzz::shape(&self.shaper, &[], buffer);
        let advances = shaped.glyph_positions().iter().filter_map(|glyph| i16::try_from(glyph.x_advance).ok());
        advances.map(f32::from).sum::<f32>() / self.font.units_per_em() * size
    }

    /// Lines of at most this width; a word that is wider is broken where it must.
    pub fn lines(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        let space = self.width(" ", size);
        let (mut lines, mut line, mut reach) = (Vec::new(), String::new(), 0.0);
        for word in text.split_whitespace() {
            let wide = self.width(word, size);
            if !line.is_empty() && reach + space + wide <= width {
                line.push(' ');
                line.push_str(word);
                reach += space + wide;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            (line, reach) =
                if wide <= width { (word.to_owned(), wide) } else { self.broken(word, size, width, &mut lines) };
        }
        lines.push(line);
        lines
    }

    /// Fills lines with a word that is wider than one; gives what is left of it, and how wide that is.
    fn broken(&self, word: &str, size: f32, width: f32, lines: &mut Vec<String>) -> (String, f32) {
        let (mut line, mut reach) = (String::new(), 0.0);
        for c in word.chars() {
            let wide = self.width(c.encode_utf8(&mut [0; 4]), size);
            if reach + wide > width && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                reach = 0.0;
            }
            line.push(c);
            reach += wide;
        }
        (line, reach)
    }
}
