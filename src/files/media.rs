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

/// None for everything that is not acceptable as evidence, whatever its name says.
/// A PDF must begin with its mark: readers that search for it further down let other files pose as one.
pub fn recognise(bytes: &[u8]) -> Option<MediaType> {
    match bytes {
        [b'%', b'P', b'D', b'F', b'-', b'1'..=b'2', b'.', ..] => Some(MediaType::Pdf),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', _, _, _, _, b'I', b'H', b'D', b'R', ..] => {
            Some(MediaType::Png)
        }
        [0xff, 0xd8, 0xff, 0xc0..=0xfe, ..] => Some(MediaType::Jpeg),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides() {
        for (bytes, media) in [
            (&b"%PDF-1.7\n..."[..], Some(MediaType::Pdf)),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR....", Some(MediaType::Png)),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", Some(MediaType::Jpeg)),
            (b"<html>%PDF-1.7", None),
            (b"%PDF", None),
            (b"\x89PNG\r\n\x1a\n", None),
            (b"GIF89a", None),
            (b"PK\x03\x04", None),
            (b"MZ", None),
            (b"", None),
        ] {
            assert_eq!(recognise(bytes), media, "{bytes:?}");
        }
    }
}
