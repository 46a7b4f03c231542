//! Documents for people as tagged PDF (PDF/UA): headings, paragraphs and tables on A4, with a foot on
//! each page. Knows no feature, no database and no HTTP.

mod face;
mod layout;
mod paint;

use chrono::{DateTime, Utc};

/// What a document is, for whoever opens it.
#[derive(Clone, Debug)]
pub struct About {
    pub title: String,
    /// Stands at the foot of each page, beside "page 2 of 3"
    pub foot: String,
    pub made_at: DateTime<Utc>,
}

/// A piece of a document, from top to bottom.
#[derive(Clone, Debug)]
pub enum Block {
    Title(String),
    Heading(String),
    Text(String),
    /// Small print
    Small(String),
    Table(Table),
}

#[derive(Clone, Debug)]
pub struct Table {
    /// Heading of each column and its share of the width
    pub columns: Vec<(String, f32)>,
    pub rows: Vec<Vec<String>>,
}

/// The document as a file. Text may be anything: what must not stand in a document (controls, marks
/// that turn the direction of writing) is left out, what the font cannot show stands as a box.
pub fn render(about: &About, blocks: &[Block]) -> Result<Vec<u8>, String> {
    let pages = layout::pages(blocks).ok_or("the fonts cannot be read".to_owned())?;
    paint::paint(about, &pages)
}

/// Without what is no text.
fn clean(text: &str) -> String {
    let harmless = |c: &char| {
        (!c.is_control() || c.is_whitespace())
            && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}')
    };
    let kept: String = text.chars().filter(harmless).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    fn about(title: &str) -> About {
        let made_at = Utc.with_ymd_and_hms(2026, 6, 30, 12, 0, 0).unwrap();
        About { title: title.to_owned(), foot: title.to_owned(), made_at }
    }

    fn table(rows: Vec<Vec<String>>) -> Block {
        Block::Table(Table { columns: vec![("What".to_owned(), 2.0), ("When".to_owned(), 1.0)], rows })
    }

    #[test]
    fn any_text_makes_a_document() {
        let long = "n".repeat(300);
        for text in
            ["", " ", "Màiri NicIlleathain", "\u{202e}evil\u{202c}", "a\0b", "🦄 unicorn", "محمد", &long, "a\nb\tc"]
        {
            let rows = vec![vec![text.to_owned(), "1 March 2026".to_owned()], vec![]];
            let blocks = [Block::Title(text.to_owned()), Block::Text(text.to_owned()), table(rows), table(vec![])];
            let file = render(&about(text), &blocks).unwrap_or_else(|error| panic!("{text:?}: {error}"));
            assert!(file.starts_with(b"%PDF-"), "{text:?}");
        }
    }

    #[test]
    fn a_long_table_goes_over_pages() {
        let rows = (0..200).map(|n| vec![format!("Course {n}"), "1 March 2026".to_owned()]).collect();
        let pages = layout::pages(&[table(rows)]).unwrap();
        assert!(pages.count() > 3, "{}", pages.count());
        let tall = vec![vec!["word ".repeat(3000), String::new()]];
        assert!(layout::pages(&[table(tall)]).unwrap().count() > 1, "a row taller than a page goes on");
    }
}
