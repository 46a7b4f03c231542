//! What evidence may be, told by content.

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MediaType {
    Pdf,
    Png,
    Jpeg,
}

impl MediaType {
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }

    /// Without the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Jpeg => "jpg",
        }
    }
}

/// Why a file is not acceptable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    Empty,
    /// Begins as one of ours, but there is nothing in it: cut off, most likely
    CutOff(MediaType),
    /// A photograph as new telephones keep it, which many computers cannot open
    Heic,
    Other,
}

/// Readers look for the mark of a PDF in this many first bytes: some programs write a byte order
/// mark, line breaks or a header of their own before it.
const PDF_MARK_WITHIN: usize = 1_024;
/// What a file is, whatever its name says.
pub fn recognise(bytes: &[u8]) -> Result<MediaType, Unfit> {
    if bytes.is_empty() {
        return Err(Unfit::Empty);
    }
    let media = match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => MediaType::Png,
        [0xff, 0xd8, 0xff, ..] => MediaType::Jpeg,
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] if is_heic(brand) => return Err(Unfit::Heic),
        _ if is_pdf(bytes) => MediaType::Pdf,
        _ => return Err(Unfit::Other),
    };
    if is_whole(media, bytes) { Ok(media) } else { Err(Unfit::CutOff(media)) }
}

fn is_heic(brand: &[u8]) -> bool {
    let known: [&[u8]; 8] = [b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"];
    known.iter().any(|known| brand.starts_with(known))
}

/// The mark stands at the start, or after nothing that another reader could take for its own.
fn is_pdf(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(PDF_MARK_WITHIN)];
    let mark = |window: &[u8]| window.starts_with(b"%PDF-") && matches!(window.get(5), Some(b'1' | b'2'));
    let Some(at) = start.windows(6).position(mark) else { return false };
    let before = &start[..at];
    let before = before.strip_prefix(b"\xef\xbb\xbf").unwrap_or(before);
    before.iter().all(u8::is_ascii_whitespace)
}

/// Whether it has the least that makes a file of its kind: a PDF an object or an end, a picture the
/// start of what says its size.
fn is_whole(media: MediaType, bytes: &[u8]) -> bool {
    let has = |words: &[u8]| bytes.windows(words.len()).any(|window| window == words);
    match media {
        MediaType::Pdf => has(b"%%EOF") || has(b" obj"),
        MediaType::Png => bytes.get(12..16) == Some(b"IHDR") && bytes.len() >= 20,
        MediaType::Jpeg => matches!(bytes.get(3), Some(0xc0..=0xfe)) && bytes.len() >= 10,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides() {
        for (bytes, media) in [
            (&b"%PDF-1.7\n1 0 obj\n..."[..], Ok(MediaType::Pdf)),
            (b"%PDF-1.4\n%%EOF\n", Ok(MediaType::Pdf)),
            (b"\xef\xbb\xbf%PDF-1.4\n%%EOF\n", Ok(MediaType::Pdf)),
            (b"\r\n\r\n%PDF-2.0\n%%EOF\n", Ok(MediaType::Pdf)),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR....", Ok(MediaType::Png)),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", Ok(MediaType::Jpeg)),
            (b"", Err(Unfit::Empty)),
            (b"%PDF-1.7", Err(Unfit::CutOff(MediaType::Pdf))),
            (b"\xff\xd8\xff\xe0", Err(Unfit::CutOff(MediaType::Jpeg))),
            (b"\x89PNG\r\n\x1a\n", Err(Unfit::CutOff(MediaType::Png))),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Err(Unfit::Heic)),
            (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", Err(Unfit::Heic)),
            (b"\0\0\0\x18ftypmp42....", Err(Unfit::Other)),
            (b"<html>%PDF-1.7 1 0 obj", Err(Unfit::Other)),
            (b"%PDF", Err(Unfit::Other)),
            (b"GIF89a", Err(Unfit::Other)),
            (b"PK\x03\x04", Err(Unfit::Other)),
            (b"MZ", Err(Unfit::Other)),
        ] {
            assert_eq!(recognise(bytes), media, "{bytes:?}");
        }
    }

    #[test]
    fn the_mark_of_a_pdf_is_looked_for_within_its_first_kilobyte() {
        let after = |spaces: usize| [&vec![b' '; spaces][..], b"%PDF-1.4\n%%EOF\n"].concat();
        assert_eq!(recognise(&after(1_000)), Ok(MediaType::Pdf));
        assert_eq!(recognise(&after(1_030)), Err(Unfit::Other));
    }
}
