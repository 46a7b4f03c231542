//! Pages as a file, by PDF/UA-1: title, language, structure, and what is ornament marked as such.

use std::collections::BTreeMap;
use std::io::Write as _;

use chrono::{Datelike, Timelike};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::{
    ArtifactType, CidFontType, FontFlags, StructRole, SystemInfo, TabOrder, TableHeaderScope, UnicodeCmap,
};
use pdf_writer::{Content, Date, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};

use super::face::Face;
use super::layout::{HEIGHT, Kind, Line, MARGIN, Node, Page, Pages, WIDTH};
use super::{About, clean};

const LANGUAGE: &str = "en-GB";
const INK: [f32; 3] = [0.1, 0.1, 0.1];
const SOFT: [f32; 3] = [0.33, 0.33, 0.33];
const RULE: [f32; 3] = [0.69, 0.69, 0.69];
const IDENTITY: SystemInfo<'_> = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// Numbers of objects, in the order in which they are asked for.
struct Refs(i32);

impl Refs {
    fn next(&mut self) -> Ref {
        self.0 += 1;
        Ref::new(self.0)
    }
}

/// Where a line of text stands for the structure: its page and its number there.
#[derive(Clone, Copy)]
struct Place {
    page: Ref,
    on_page: i32,
}

pub fn paint(about: &About, pages: &Pages) -> Option<Vec<u8>> {
    let mut refs = Refs(0);
    let (catalog, tree, info, metadata, root) = (refs.next(), refs.next(), refs.next(), refs.next(), refs.next());
    let mut pdf = Pdf::new();
    pdf.set_version(1, 7);
    let regular = font(&mut pdf, &mut refs, Face::get(false)?, pages, false, about);
    let bold = font(&mut pdf, &mut refs, Face::get(true)?, pages, true, about);

    let mut places: Vec<Option<Place>> = vec![None; pages.leaves];
    let mut kids = Vec::new();
    for (number, page) in pages.pages.iter().enumerate() {
        let (id, content) = (refs.next(), refs.next());
        let stream = packed(&drawn(about, page, (number + 1, pages.count()), id, &mut places)?)?;
        pdf.stream(content, &stream).filter(Filter::FlateDecode);
        let mut sheet = pdf.page(id);
        sheet.media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT)).parent(tree).contents(content);
        sheet.struct_parents(i32::try_from(number).ok()?).tab_order(TabOrder::StructureOrder);
        sheet.resources().fonts().pair(Name(b"R"), regular).pair(Name(b"B"), bold);
        sheet.finish();
        kids.push(id);
    }
    pdf.pages(tree).count(i32::try_from(kids.len()).ok()?).kids(kids.iter().copied());

    let mut parents: Vec<Option<Ref>> = vec![None; pages.leaves];
    let document = refs.next();
    let mut of_document = Vec::new();
    for node in &pages.tree {
        of_document.extend(element(&mut pdf, &mut refs, node, document, &places, &mut parents));
    }
    let mut whole = pdf.struct_element(document);
    whole.kind(StructRole::Document).parent(root);
    whole.children().items(of_document.iter().copied());
    whole.finish();

    write_root(&mut pdf, &mut refs, (root, document), &kids, (&places, &parents))?;
    let title = match clean(&about.title) {
        title if title.is_empty() => "Document".to_owned(),
        title => title,
    };
    pdf.document_info(info).title(TextStr(&title)).creator(TextStr("Cairn")).creation_date(date(about));
    let xmp = described(about, &title);
    pdf.metadata(metadata, xmp.as_bytes());
    let mut start = pdf.catalog(catalog);
    start.pages(tree).lang(TextStr(LANGUAGE)).metadata(metadata);
    start.mark_info().marked(true);
    start.viewer_preferences().display_doc_title(true);
    start.pair(Name(b"StructTreeRoot"), root);
    start.finish();
    Some(pdf.finish())
}

/// A font whole, with the widths of what is used and the characters behind it.
fn font(pdf: &mut Pdf, refs: &mut Refs, face: &Face, pages: &Pages, bold: bool, about: &About) -> Ref {
    let (whole, part, descriptor, file, map) = (refs.next(), refs.next(), refs.next(), refs.next(), refs.next());
    let lines = pages.pages.iter().flat_map(|page| &page.lines).filter(|line| line.bold == bold);
    let said = lines.map(|line| line.text.as_str()).chain([about.foot.as_str(), "Page 0123456789 of \u{25ca}"]);
    let mut used: BTreeMap<u16, char> = BTreeMap::new();
    for c in said.flat_map(str::chars) {
        let shown = if face.shows(c) { c } else { super::face::STAND_IN };
        used.insert(face.glyph(shown), shown);
    }
    let name = Name(face.name.as_bytes());
    pdf.type0_font(whole)
        .base_font(name)
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(part)
        .to_unicode(map);
    let mut cid = pdf.cid_font(part);
    cid.subtype(CidFontType::Type2).base_font(name).system_info(IDENTITY).font_descriptor(descriptor);
    cid.default_width(0.0).cid_to_gid_map_predefined(Name(b"Identity"));
    let mut widths = cid.widths();
    for glyph in used.keys() {
        widths.same(*glyph, *glyph, face.advance(*glyph));
    }
    widths.finish();
    cid.finish();
    let [left, low, right, high] = face.bounds;
    pdf.font_descriptor(descriptor)
        .name(name)
        .flags(FontFlags::NON_SYMBOLIC)
        .bbox(Rect::new(left, low, right, high))
        .italic_angle(0.0)
        .ascent(face.ascent)
        .descent(face.descent)
        .cap_height(711.0)
        .stem_v(if bold { 140.0 } else { 80.0 })
        .font_file2(file);
    let bytes = packed(face.bytes).unwrap_or_default();
    let length = i32::try_from(face.bytes.len()).unwrap_or_default();
    let mut stream = pdf.stream(file, &bytes);
    stream.filter(Filter::FlateDecode).pair(Name(b"Length1"), length);
    stream.finish();
    let mut characters = UnicodeCmap::new(Name(b"Cairn"), IDENTITY);
    for (glyph, c) in used {
        characters.pair(glyph, c);
    }
    pdf.cmap(map, &characters.finish());
    whole
}

/// What is drawn on a page; notes where each line of text stands.
fn drawn(
    about: &About,
    page: &Page,
    (number, count): (usize, usize),
    id: Ref,
    places: &mut [Option<Place>],
) -> Option<Vec<u8>> {
    let mut content = Content::new();
    let mut told = 0;
    for line in &page.lines {
        let face = Face::get(line.bold)?;
        match line.leaf.and_then(|leaf| places.get_mut(leaf)) {
            Some(place) => {
                *place = Some(Place { page: id, on_page: told });
                let mut mark = content.begin_marked_content_with_properties(Name(b"Span"));
                let mut properties = mark.properties();
                properties.identify(told);
                // the box stands for something: whoever listens or copies gets that
                if line.text.chars().any(|c| !face.shows(c)) {
                    properties.actual_text(TextStr(&line.text));
                }
                properties.finish();
                mark.finish();
                told += 1;
            }
            None => ornament(&mut content),
        }
        text(&mut content, face, line);
        content.end_marked_content();
    }
    ornament(&mut content);
    for y in page.rules.iter().copied().chain([HEIGHT - 52.0]) {
        content.set_stroke_rgb(RULE[0], RULE[1], RULE[2]).set_line_width(0.5);
        content.move_to(MARGIN, HEIGHT - y).line_to(WIDTH - MARGIN, HEIGHT - y).stroke();
    }
    let face = Face::get(false)?;
    let pages = format!("Page {number} of {count}");
    let right = WIDTH - MARGIN - face.width(&pages, 8.5);
    let left = face.lines(&clean(&about.foot), 8.5, right - MARGIN - 20.0).into_iter().next().unwrap_or_default();
    for (x, said) in [(MARGIN, left), (right, pages)] {
        let line = Line { x, y: HEIGHT - 38.0, size: 8.5, bold: false, soft: true, text: said, leaf: None };
        text(&mut content, face, &line);
    }
    content.end_marked_content();
    Some(content.finish().to_vec())
}

fn ornament(content: &mut Content) {
    let mut mark = content.begin_marked_content_with_properties(Name(b"Artifact"));
    mark.properties().artifact().kind(ArtifactType::Pagination);
    mark.finish();
}

fn text(content: &mut Content, face: &Face, line: &Line) {
    let [red, green, blue] = if line.soft { SOFT } else { INK };
    let glyphs: Vec<u8> = line.text.chars().flat_map(|c| face.glyph(c).to_be_bytes()).collect();
    content.begin_text().set_font(Name(if line.bold { b"B" } else { b"R" }), line.size);
    content.set_fill_rgb(red, green, blue).next_line(line.x, HEIGHT - line.y);
    content.show(Str(&glyphs)).end_text();
}

/// Writes a part of the structure with all that is under it.
fn element(
    pdf: &mut Pdf,
    refs: &mut Refs,
    node: &Node,
    parent: Ref,
    places: &[Option<Place>],
    parents: &mut [Option<Ref>],
) -> Option<Ref> {
    let Node::Group(kind, children) = node else { return None };
    let id = refs.next();
    let mut under = Vec::new();
    for child in children {
        match child {
            Node::Group(..) => under.push(Under::Part(element(pdf, refs, child, id, places, parents)?)),
            Node::Leaf(leaf) => {
                *parents.get_mut(*leaf)? = Some(id);
                under.push(Under::Text(places.get(*leaf).copied().flatten()?));
            }
        }
    }
    let mut part = pdf.struct_element(id);
    part.parent(parent).kind(role(kind));
    if let Kind::Heading(_, title) = kind {
        part.title(TextStr(title));
    }
    if matches!(kind, Kind::HeadCell) {
        part.attributes().push().table().scope(TableHeaderScope::Column);
    }
    let mut list = part.children();
    for one in under {
        match one {
            Under::Part(id) => list.struct_element(id),
            Under::Text(place) => {
                list.marked_content_ref().page(place.page).marked_content_id(place.on_page);
                &mut list
            }
        };
    }
    list.finish();
    part.finish();
    Some(id)
}

enum Under {
    Part(Ref),
    Text(Place),
}

fn role(kind: &Kind) -> StructRole {
    match kind {
        Kind::Heading(1, _) => StructRole::H1,
        Kind::Heading(..) => StructRole::H2,
        Kind::Paragraph => StructRole::P,
        Kind::Table => StructRole::Table,
        Kind::Head => StructRole::THead,
        Kind::Body => StructRole::TBody,
        Kind::Row => StructRole::TR,
        Kind::HeadCell => StructRole::TH,
        Kind::Cell => StructRole::TD,
    }
}

/// The top of the structure, and for each page the parts to which its lines belong.
fn write_root(
    pdf: &mut Pdf,
    refs: &mut Refs,
    (root, document): (Ref, Ref),
    pages: &[Ref],
    (places, parents): (&[Option<Place>], &[Option<Ref>]),
) -> Option<()> {
    let mut lists = Vec::new();
    for page in pages {
        let mut of_page: Vec<(i32, Ref)> = places
            .iter()
            .zip(parents)
            .filter_map(|(place, parent)| {
                place.filter(|place| place.page == *page).map(|place| (place.on_page, *parent))
            })
            .map(|(at, parent)| parent.map(|parent| (at, parent)))
            .collect::<Option<_>>()?;
        of_page.sort_unstable_by_key(|(at, _)| *at);
        let id = refs.next();
        pdf.indirect(id).array().items(of_page.into_iter().map(|(_, parent)| parent));
        lists.push(id);
    }
    let next = i32::try_from(lists.len()).ok()?;
    let mut top = pdf.indirect(root).start::<pdf_writer::writers::StructTreeRoot<'_>>();
    top.child(document).parent_tree_next_key(next);
    let mut tree = top.parent_tree();
    let mut entries = tree.nums();
    for (key, list) in (0..next).zip(lists) {
        entries.insert(key, list);
    }
    entries.finish();
    tree.finish();
    top.finish();
    Some(())
}

fn date(about: &About) -> Date {
    let at = about.made_at;
    let small = |number: u32| u8::try_from(number).unwrap_or_default();
    Date::new(u16::try_from(at.year()).unwrap_or_default())
        .month(small(at.month()))
        .day(small(at.day()))
        .hour(small(at.hour()))
        .minute(small(at.minute()))
        .second(small(at.second()))
        .utc_offset_hour(0)
}

/// The same as XMP, which PDF/UA asks for.
fn described(about: &About, title: &str) -> String {
    let title = title.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let made = about.made_at.format("%Y-%m-%dT%H:%M:%SZ");
    format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\">\
         <dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{title}</rdf:li></rdf:Alt></dc:title>\
         <dc:language><rdf:Bag><rdf:li>{LANGUAGE}</rdf:li></rdf:Bag></dc:language>\
         <xmp:CreateDate>{made}</xmp:CreateDate><xmp:CreatorTool>Cairn</xmp:CreatorTool>\
         <pdfuaid:part>1</pdfuaid:part></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end=\"r\"?>"
    )
}

fn packed(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}
