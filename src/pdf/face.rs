//! The two cuts of the letter that documents are set in: what they can show, and how wide it is.
//! Reads just what that takes of the two fonts that lie beside this file.

use std::sync::LazyLock;

static REGULAR: LazyLock<Option<Face>> =
    LazyLock::new(|| Face::read("Roboto-Regular", include_bytes!("fonts/Roboto-Regular.ttf")));
static BOLD: LazyLock<Option<Face>> =
    LazyLock::new(|| Face::read("Roboto-Bold", include_bytes!("fonts/Roboto-Bold.ttf")));

/// What stands for a character that the font has no glyph for; the text behind it stays what it is.
pub const STAND_IN: char = '\u{25ca}';

pub struct Face {
    pub name: &'static str,
    pub bytes: &'static [u8],
    /// Character and glyph, in the order of characters
    glyphs: Vec<(char, u16)>,
    widths: Vec<u16>,
    em: f32,
    pub ascent: f32,
    pub descent: f32,
    pub bounds: [f32; 4],
}

impl Face {
    pub fn get(bold: bool) -> Option<&'static Self> {
        if bold { BOLD.as_ref() } else { REGULAR.as_ref() }
    }

    fn read(name: &'static str, bytes: &'static [u8]) -> Option<Self> {
        let table = |tag: &[u8; 4]| {
            let count = usize::from(u16_at(bytes, 4)?);
            let entry = (0..count).map(|n| 12 + n * 16).find(|at| bytes.get(*at..*at + 4) == Some(&tag[..]))?;
            let (at, length) = (u32_at(bytes, entry + 8)?, u32_at(bytes, entry + 12)?);
            bytes.get(at..at + length)
        };
        let (head, hhea, hmtx) = (table(b"head")?, table(b"hhea")?, table(b"hmtx")?);
        let em = f32::from(u16_at(head, 18)?);
        let of_em = |at| Some(f32::from(i16_at(head, at)?) / em * 1000.0);
        let metrics = usize::from(u16_at(hhea, 34)?);
        Some(Self {
            name,
            bytes,
            glyphs: glyphs(table(b"cmap")?)?,
            widths: (0..metrics).map(|n| u16_at(hmtx, n * 4)).collect::<Option<_>>()?,
            em,
            ascent: f32::from(i16_at(hhea, 4)?) / em * 1000.0,
            descent: f32::from(i16_at(hhea, 6)?) / em * 1000.0,
            bounds: [of_em(36)?, of_em(38)?, of_em(40)?, of_em(42)?],
        })
    }

    pub fn shows(&self, c: char) -> bool {
        self.glyphs.binary_search_by_key(&c, |(known, _)| *known).is_ok()
    }

    /// A glyph a character, without ligatures: what is copied from the page is what was written.
    pub fn glyph(&self, c: char) -> u16 {
        let find = |c| self.glyphs.binary_search_by_key(&c, |(known, _)| *known).ok().map(|at| self.glyphs[at].1);
        find(c).or_else(|| find(STAND_IN)).unwrap_or_default()
    }

    /// In thousandths of the size.
    pub fn advance(&self, glyph: u16) -> f32 {
        let last = self.widths.last().copied().unwrap_or_default();
        f32::from(self.widths.get(usize::from(glyph)).copied().unwrap_or(last)) / self.em * 1000.0
    }

    pub fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|c| self.advance(self.glyph(c)) * size / 1000.0).sum()
    }

    /// Lines of at most this width; a word that is wider is broken where it must.
    pub fn lines(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        for word in text.split_whitespace() {
            let wider = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if self.width(&wider, size) <= width {
                line = wider;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            for c in word.chars() {
                line.push(c);
                if self.width(&line, size) > width && line.chars().nth(1).is_some() {
                    line.pop();
                    lines.push(std::mem::take(&mut line));
                    line.push(c);
                }
            }
        }
        if !line.is_empty() || lines.is_empty() {
            lines.push(line);
        }
        lines
    }
}

/// The Unicode map of the font (format 4: the basic plane).
fn glyphs(cmap: &[u8]) -> Option<Vec<(char, u16)>> {
    let count = usize::from(u16_at(cmap, 2)?);
    let of_unicode = |n: &usize| u16_at(cmap, 4 + n * 8) == Some(3) && u16_at(cmap, 6 + n * 8) == Some(1);
    let entry = (0..count).find(of_unicode)?;
    let map = cmap.get(u32_at(cmap, 8 + entry * 8)?..)?;
    if u16_at(map, 0)? != 4 {
        return None;
    }
    let segments = usize::from(u16_at(map, 6)?);
    let mut glyphs = Vec::new();
    for at in (0..segments).step_by(2) {
        let (end, start) = (u16_at(map, 14 + at)?, u16_at(map, 16 + segments + at)?);
        let delta = u16_at(map, 16 + 2 * segments + at)?;
        let place = 16 + 3 * segments + at;
        let offset = usize::from(u16_at(map, place)?);
        for code in start..=end {
            let glyph = if offset == 0 {
                code.wrapping_add(delta)
            } else {
                match u16_at(map, place + offset + 2 * usize::from(code - start)) {
                    Some(0) | None => 0,
                    Some(glyph) => glyph.wrapping_add(delta),
                }
            };
            if let (Some(c), true) = (char::from_u32(u32::from(code)), glyph != 0) {
                glyphs.push((c, glyph));
            }
        }
    }
    glyphs.sort_unstable();
    Some(glyphs)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_be_bytes)
}

fn i16_at(bytes: &[u8], at: usize) -> Option<i16> {
    bytes.get(at..at + 2)?.try_into().ok().map(i16::from_be_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes).and_then(|n| usize::try_from(n).ok())
}
