//! Where everything stands: blocks broken into lines, lines put on pages, each under its place in
//! the structure that a screen reader follows.

use super::face::Face;
use super::{Block, Table, clean};

pub const WIDTH: f32 = 595.28;
pub const HEIGHT: f32 = 841.89;
pub const MARGIN: f32 = 50.0;
/// Where text ends and the foot begins.
const BOTTOM: f32 = HEIGHT - 64.0;
const INSIDE: f32 = WIDTH - 2.0 * MARGIN;
const GAP: f32 = 8.0;
const TEXT: f32 = 9.5;

/// A line of text on a page.
#[derive(Clone, Debug)]
pub struct Line {
    pub x: f32,
    pub y: f32,
    pub size: f32,
    pub bold: bool,
    pub soft: bool,
    pub text: String,
    /// Its number as a leaf of the structure; none for what a screen reader has heard already
    pub leaf: Option<usize>,
}

#[derive(Debug, Default)]
pub struct Page {
    pub lines: Vec<Line>,
    /// Heights at which a rule goes over the page
    pub rules: Vec<f32>,
    /// Headings and the heights at which they begin
    pub headings: Vec<(String, f32)>,
}

/// The structure of a document.
#[derive(Debug)]
pub enum Node {
    Group(Kind, Vec<Node>),
    Leaf(usize),
}

#[derive(Clone, Debug)]
pub enum Kind {
    Heading(u16, String),
    Paragraph,
    Table,
    Head,
    Body,
    Row,
    HeadCell,
    Cell,
}

#[derive(Debug)]
pub struct Pages {
    pub pages: Vec<Page>,
    pub tree: Vec<Node>,
    pub leaves: usize,
}

impl Pages {
    pub fn count(&self) -> usize {
        self.pages.len()
    }
}

struct Sheet {
    pages: Vec<Page>,
    y: f32,
    leaves: usize,
}

/// How text is set.
#[derive(Clone, Copy)]
struct Style {
    size: f32,
    bold: bool,
    soft: bool,
}

impl Style {
    fn leading(self) -> f32 {
        self.size * 1.35
    }
}

const PLAIN: Style = Style { size: TEXT, bold: false, soft: false };
const HEAD: Style = Style { size: TEXT, bold: true, soft: false };

pub fn pages(blocks: &[Block]) -> Option<Pages> {
    let mut sheet = Sheet { pages: vec![Page::default()], y: MARGIN, leaves: 0 };
    let mut tree = Vec::new();
    for block in blocks {
        let (kind, style, above, text) = match block {
            Block::Title(text) => {
                (Kind::Heading(1, clean(text)), Style { size: 22.0, bold: true, soft: false }, 0.0, text)
            }
            Block::Heading(text) => {
                (Kind::Heading(2, clean(text)), Style { size: 14.0, bold: true, soft: false }, 18.0, text)
            }
            Block::Text(text) => (Kind::Paragraph, Style { size: 10.5, ..PLAIN }, 6.0, text),
            Block::Small(text) => (Kind::Paragraph, Style { size: 8.5, bold: false, soft: true }, 6.0, text),
            Block::Table(table) => {
                tree.extend(sheet.table(table)?);
                continue;
            }
        };
        // a heading does not stand alone at the end of a page
        let room = if matches!(kind, Kind::Heading(..)) { 90.0 } else { style.leading() };
        sheet.y += above;
        sheet.room(room);
        if let Kind::Heading(2, title) = &kind
            && !title.is_empty()
        {
            let y = sheet.y;
            sheet.page()?.headings.push((title.clone(), y));
        }
        let leaves = sheet.paragraph(&clean(text), style)?;
        if !leaves.is_empty() {
            tree.push(Node::Group(kind, leaves));
        }
    }
    Some(Pages { pages: sheet.pages, tree, leaves: sheet.leaves })
}

impl Sheet {
    fn page(&mut self) -> Option<&mut Page> {
        self.pages.last_mut()
    }

    fn turn(&mut self) {
        self.pages.push(Page::default());
        self.y = MARGIN;
    }

    /// A new page unless so much is left of this one; true if there is one.
    fn room(&mut self, height: f32) -> bool {
        let turned = self.y + height > BOTTOM && self.y > MARGIN;
        if turned {
            self.turn();
        }
        turned
    }

    fn put(&mut self, x: f32, style: Style, text: String, leaf: Option<usize>) -> Option<()> {
        let Style { size, bold, soft } = style;
        let y = self.y + size;
        self.page()?.lines.push(Line { x, y, size, bold, soft, text, leaf });
        Some(())
    }

    fn leaf(&mut self) -> usize {
        self.leaves += 1;
        self.leaves - 1
    }

    fn paragraph(&mut self, text: &str, style: Style) -> Option<Vec<Node>> {
        let mut leaves = Vec::new();
        if text.is_empty() {
            return Some(leaves);
        }
        for line in flowing(Face::get(style.bold)?.lines(text, style.size, INSIDE)) {
            self.room(style.leading());
            let leaf = self.leaf();
            self.put(MARGIN, style, line, Some(leaf))?;
            leaves.push(Node::Leaf(leaf));
            self.y += style.leading();
        }
        Some(leaves)
    }

    fn table(&mut self, table: &Table) -> Option<Option<Node>> {
        if table.rows.is_empty() {
            return Some(None);
        }
        let shares: f32 = table.columns.iter().map(|(_, share)| share).sum();
        let widths: Vec<f32> = table.columns.iter().map(|(_, share)| INSIDE * share / shares).collect();
        let titles: Vec<String> = table.columns.iter().map(|(title, _)| clean(title)).collect();
        let head = broken(&titles, &widths, HEAD)?;
        self.y += GAP;
        self.room(tall(&head, HEAD) + 60.0);
        let cells = self.row(&head, &widths, HEAD, true)?;
        let head_row = Node::Group(Kind::Row, filled(Kind::HeadCell, cells));
        let mut body = Vec::new();
        for row in &table.rows {
            let texts: Vec<String> =
                (0..widths.len()).map(|n| row.get(n).map(|text| clean(text)).unwrap_or_default()).collect();
            let mut lines = broken(&texts, &widths, PLAIN)?;
            let mut cells: Vec<Vec<Node>> = Vec::new();
            cells.resize_with(widths.len(), Vec::new);
            // what is taller than a page goes on over several
            while lines.iter().any(|cell| !cell.is_empty()) {
                let whole = tall(&lines, PLAIN);
                if self.room(whole.min(BOTTOM - MARGIN - 60.0)) {
                    self.row(&head, &widths, HEAD, false)?;
                }
                let fit = fitting((BOTTOM - self.y) / PLAIN.leading());
                let part: Vec<Vec<String>> =
                    lines.iter_mut().map(|cell| cell.drain(..cell.len().min(fit)).collect()).collect();
                for (cell, more) in cells.iter_mut().zip(self.row(&part, &widths, PLAIN, true)?) {
                    cell.extend(more);
                }
            }
            body.push(Node::Group(Kind::Row, filled(Kind::Cell, cells)));
        }
        Some(Some(Node::Group(
            Kind::Table,
            vec![Node::Group(Kind::Head, vec![head_row]), Node::Group(Kind::Body, body)],
        )))
    }

    /// One row of cells that are broken into lines; the leaves of each cell. A heading that is
    /// repeated on a later page is no part of the structure.
    fn row(&mut self, cells: &[Vec<String>], widths: &[f32], style: Style, told: bool) -> Option<Vec<Vec<Node>>> {
        let top = self.y;
        let mut x = MARGIN;
        let mut leaves = Vec::new();
        for (lines, width) in cells.iter().zip(widths) {
            self.y = top;
            let mut own = Vec::new();
            for line in flowing(lines.clone()) {
                let leaf = told.then(|| self.leaf());
                self.put(x, style, line, leaf)?;
                own.extend(leaf.map(Node::Leaf));
                self.y += style.leading();
            }
            leaves.push(own);
            x += width;
        }
        self.y = top + tall(cells, style);
        let rule = self.y - 4.0;
        self.page()?.rules.push(rule);
        Some(leaves)
    }
}

/// A space at the end of each line but the last, so that words stay apart when they are read out.
fn flowing(mut lines: Vec<String>) -> Vec<String> {
    let last = lines.len().saturating_sub(1);
    for line in lines.iter_mut().take(last) {
        line.push(' ');
    }
    lines
}

fn filled(kind: Kind, cells: Vec<Vec<Node>>) -> Vec<Node> {
    cells.into_iter().map(|leaves| Node::Group(kind.clone(), leaves)).collect()
}

fn broken(texts: &[String], widths: &[f32], style: Style) -> Option<Vec<Vec<String>>> {
    let face = Face::get(style.bold)?;
    Some(texts.iter().zip(widths).map(|(text, width)| face.lines(text, style.size, width - GAP)).collect())
}

fn tall(cells: &[Vec<String>], style: Style) -> f32 {
    let lines = cells.iter().map(Vec::len).max().unwrap_or_default();
    (0..lines).fold(0.0, |sum, _| sum + style.leading()) + 9.0
}

/// Whole lines in a height; at least one, so that there is an end to it.
fn fitting(lines: f32) -> usize {
    let mut whole = 1;
    let mut height = 2.0;
    while height <= lines {
        whole += 1;
        height += 1.0;
    }
    whole
}
