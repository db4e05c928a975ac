//! What a file is, by its first bytes and nothing else.

use serde::Serialize;

/// What an attachment is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Photo,
    Voice,
    Signature,
}

impl Kind {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Voice => "voice",
            Self::Signature => "signature",
        }
    }

    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        [Self::Photo, Self::Voice, Self::Signature].into_iter().find(|kind| kind.name() == text)
    }

    /// Bytes at most; phones make them smaller before they send.
    #[must_use]
    pub const fn most(self) -> i64 {
        match self {
            Self::Photo => 2 << 20,
            Self::Voice => 3 << 20,
            Self::Signature => 256 << 10,
        }
    }

    /// The type of these first bytes, when this kind may have it.
    #[must_use]
    pub fn mime(self, head: &[u8]) -> Option<&'static str> {
        let found = sniff(head)?;
        let fits = match self {
            Self::Photo => matches!(found, "image/jpeg" | "image/png" | "image/webp"),
            Self::Voice => found.starts_with("audio/"),
            Self::Signature => found == "image/png",
        };
        fits.then_some(found)
    }
}

fn sniff(head: &[u8]) -> Option<&'static str> {
    let at = |offset: usize, bytes: &[u8]| head.get(offset..offset + bytes.len()) == Some(bytes);
    if at(0, &[0xff, 0xd8, 0xff]) {
        Some("image/jpeg")
    } else if at(0, b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if at(0, b"RIFF") && at(8, b"WEBP") {
        Some("image/webp")
    } else if at(0, &[0x1a, 0x45, 0xdf, 0xa3]) {
        Some("audio/webm")
    } else if at(0, b"OggS") {
        Some("audio/ogg")
    } else if at(4, b"ftyp") {
        Some("audio/mp4")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn a_file_is_what_its_bytes_say() {
        assert_eq!(Kind::Photo.mime(b"\xff\xd8\xff\xe0...."), Some("image/jpeg"));
        assert_eq!(Kind::Voice.mime(b"\x1a\x45\xdf\xa3...."), Some("audio/webm"));
        assert_eq!(Kind::Signature.mime(b"\xff\xd8\xff\xe0"), None, "a signature is a PNG");
        for bad in [&b"<svg onload=alert(1)>"[..], b"<html>", b"MZ", b"PK\x03\x04", b"%PDF-", b""] {
            assert_eq!(Kind::Photo.mime(bad).or(Kind::Voice.mime(bad)), None);
        }
    }
}
