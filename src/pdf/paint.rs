//! Pages as a file, by PDF/UA-1: title, language, outline, structure, and what is ornament marked as
//! such. The writer refuses to give out a file that does not keep the standard.

use std::num::NonZeroU16;

use chrono::{Datelike, Timelike};
use krilla::color::rgb;
use krilla::configure::{Accessibility, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point};
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, Node as Part, SpanTag, TableHeaderScope, Tag, TagGroup, TagKind,
    TagTree,
};
use krilla::text::TextDirection;
use krilla::{Document, SerializeSettings};

use super::face::Face;
use super::layout::{HEIGHT, Kind, Line, MARGIN, Node, Page, Pages, WIDTH};
use super::{About, clean};

const LANGUAGE: &str = "en-GB";
const SMALL: f32 = 8.5;

pub fn paint(about: &About, pages: &Pages) -> Result<Vec<u8>, String> {
    let standard = ConfigurationBuilder::new().with_accessibility_validator(Accessibility::UA1).finish();
    let configuration = standard.map_err(|error| format!("{error:?}"))?;
    let mut document = Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    let title = match clean(&about.title) {
        title if title.is_empty() => "Document".to_owned(),
        title => title,
    };
    let mut outline = Outline::new();
    outline.push_child(OutlineNode::new(title.clone(), XyzDestination::new(0, Point::from_xy(0.0, 0.0))));
    let mut leaves: Vec<Option<Identifier>> = vec![None; pages.leaves];
    for (number, page) in pages.pages.iter().enumerate() {
        let size = PageSettings::from_wh(WIDTH, HEIGHT).ok_or("a page has no size")?;
        let mut sheet = document.start_page_with(size);
        let mut surface = sheet.surface();
        draw(&mut surface, page, &mut leaves)?;
        foot(&mut surface, &about.foot, number + 1, pages.count())?;
        surface.finish();
        sheet.finish();
        for (heading, y) in &page.headings {
            let place = XyzDestination::new(number, Point::from_xy(0.0, *y));
            outline.push_child(OutlineNode::new(heading.clone(), place));
        }
    }
    let mut tree = TagTree::new().with_lang(Some(LANGUAGE.to_owned()));
    for node in &pages.tree {
        tree.push(part(node, &leaves)?);
    }
    document.set_tag_tree(tree);
    document.set_outline(outline);
    let metadata = Metadata::new().title(title).language(LANGUAGE.to_owned()).creator("Cairn".to_owned());
    document.set_metadata(metadata.creation_date(date(about)));
    document.finish().map_err(|error| format!("{error:?}"))
}

/// Draws the lines of a page, and notes for the structure under what each can be found.
fn draw(surface: &mut Surface<'_>, page: &Page, leaves: &mut [Option<Identifier>]) -> Result<(), String> {
    for line in &page.lines {
        match line.leaf.and_then(|leaf| leaves.get_mut(leaf)) {
            // the stand-in stands for something: whoever listens or copies gets that
            Some(leaf) => {
                let differs = face(line.bold)?.shown(&line.text) != line.text;
                let span = SpanTag::empty().with_actual_text(differs.then_some(line.text.as_str()));
                *leaf = Some(surface.start_tagged(ContentTag::Span(span)));
            }
            None => {
                surface.start_tagged(ornament(ArtifactType::PaginationOther));
            }
        }
        write(surface, line)?;
        surface.end_tagged();
    }
    surface.start_tagged(ornament(ArtifactType::Layout));
    for y in page.rules.iter().copied().chain([HEIGHT - 52.0]) {
        let mut path = PathBuilder::new();
        path.move_to(MARGIN, y);
        path.line_to(WIDTH - MARGIN, y);
        let rule = path.finish().ok_or("a rule has no length")?;
        let paint = rgb::Color::new(176, 176, 176).into();
        surface.set_fill(None);
        surface.set_stroke(Some(Stroke { paint, width: 0.5, ..Stroke::default() }));
        surface.draw_path(&rule);
    }
    surface.set_stroke(None);
    surface.end_tagged();
    Ok(())
}

fn foot(surface: &mut Surface<'_>, foot: &str, number: usize, count: usize) -> Result<(), String> {
    let face = face(false)?;
    let pages = format!("Page {number} of {count}");
    let right = WIDTH - MARGIN - face.width(&pages, SMALL);
    let left = face.lines(&clean(foot), SMALL, right - MARGIN - 20.0).into_iter().next().unwrap_or_default();
    surface.start_tagged(ornament(ArtifactType::Footer));
    for (x, text) in [(MARGIN, left), (right, pages)] {
        write(surface, &Line { x, y: HEIGHT - 38.0, size: SMALL, bold: false, soft: true, text, leaf: None })?;
    }
    surface.end_tagged();
    Ok(())
}

fn write(surface: &mut Surface<'_>, line: &Line) -> Result<(), String> {
    let face = face(line.bold)?;
    let grey = if line.soft { 84 } else { 26 };
    surface.set_fill(Some(Fill { paint: rgb::Color::new(grey, grey, grey).into(), ..Fill::default() }));
    let start = Point::from_xy(line.x, line.y);
    let shown = face.shown(&line.text);
    surface.draw_text(start, face.font.clone(), line.size, &shown, false, TextDirection::LeftToRight);
    Ok(())
}

fn face(bold: bool) -> Result<&'static Face, String> {
    Face::get(bold).ok_or_else(|| "a font cannot be read".to_owned())
}

fn ornament(kind: ArtifactType) -> ContentTag<'static> {
    ContentTag::Artifact(Artifact::with_kind(kind))
}

/// A part of the structure with all that is under it.
fn part(node: &Node, leaves: &[Option<Identifier>]) -> Result<Part, String> {
    match node {
        Node::Leaf(leaf) => {
            let drawn = leaves.get(*leaf).copied().flatten();
            drawn.map(Part::Leaf).ok_or_else(|| "a line of the structure is on no page".to_owned())
        }
        Node::Group(kind, children) => {
            let children = children.iter().map(|child| part(child, leaves)).collect::<Result<_, _>>()?;
            Ok(Part::Group(TagGroup::with_children(tag(kind), children)))
        }
    }
}

fn tag(kind: &Kind) -> TagKind {
    match kind {
        Kind::Heading(level, title) => {
            Tag::Hn(NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN), Some(title.clone())).into()
        }
        Kind::Paragraph => Tag::P.into(),
        Kind::Table => Tag::Table.into(),
        Kind::Head => Tag::THead.into(),
        Kind::Body => Tag::TBody.into(),
        Kind::Row => Tag::TR.into(),
        Kind::HeadCell => Tag::TH(TableHeaderScope::Column).into(),
        Kind::Cell => Tag::TD.into(),
    }
}

fn date(about: &About) -> DateTime {
    let at = about.made_at;
    let small = |number: u32| u8::try_from(number).unwrap_or_default();
    DateTime::new(u16::try_from(at.year()).unwrap_or_default())
        .month(small(at.month()))
        .day(small(at.day()))
        .hour(small(at.hour()))
        .minute(small(at.minute()))
        .second(small(at.second()))
        .utc_offset_hour(0)
}
