//! One pass over the bytes before anything is believed: digest, size, encoding.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use memchr::{memchr, memchr_iter};
use sha2::{Digest, Sha256};

use super::ReadFault;

/// How the bytes of a list become text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf8WithMark,
    Gb18030,
    Utf16Le,
    Utf16Be,
    Xlsx,
}

impl Encoding {
    /// The name shown and kept.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf8WithMark => "UTF-8 BOM",
            Self::Gb18030 => "GB18030",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Xlsx => "XLSX",
        }
    }
}

/// What one pass over a file tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// SHA-256 of the bytes, hexadecimal.
    pub digest: String,
    pub bytes: u64,
    pub encoding: Encoding,
    /// Whether the last byte ends a line.
    pub ends_with_line: bool,
    /// Whether the number of quotation marks is odd.
    pub odd_quotes: bool,
    /// What parts cells: a comma, else a tab, else a semicolon.
    pub separator: u8,
}

impl Probe {
    /// Reads the file once.
    ///
    /// # Errors
    /// `Io`, `Empty`, `NotText`, `OldOrLocked`.
    pub fn of(path: &Path) -> Result<Self, ReadFault> {
        let io = |e: std::io::Error| ReadFault::Io { file: file_name(path), cause: e.kind().to_string() };
        let mut file = File::open(path).map_err(io)?;
        let mut scan = Scan::default();
        let mut buffer = vec![0_u8; 256 * 1024];
        loop {
            let read = file.read(&mut buffer).map_err(io)?;
            if read == 0 {
                break;
            }
            scan.take(&buffer[..read]);
        }
        scan.finish()
    }
}

/// The last part of a path, the only one shown.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

#[derive(Default)]
struct Scan {
    hasher: Sha256,
    bytes: u64,
    head: Vec<u8>,
    last: u8,
    quotes: usize,
    has_zeros: bool,
    not_utf8: bool,
    /// The unfinished character at the end of the last piece.
    carry: Vec<u8>,
}

impl Scan {
    fn take(&mut self, piece: &[u8]) {
        self.hasher.update(piece);
        self.bytes += piece.len() as u64;
        if self.head.len() < 4096 {
            self.head.extend_from_slice(&piece[..piece.len().min(4096)]);
        }
        self.last = *piece.last().unwrap_or(&self.last);
        self.quotes += memchr_iter(b'"', piece).count();
        self.has_zeros = self.has_zeros || memchr(0, piece).is_some();
        if !self.not_utf8 {
            self.check_utf8(piece);
        }
    }

    fn check_utf8(&mut self, mut piece: &[u8]) {
        while !self.carry.is_empty()
            && let Some((next, rest)) = piece.split_first()
        {
            self.carry.push(*next);
            piece = rest;
            match simdutf8::compat::from_utf8(&self.carry) {
                Ok(_) => self.carry.clear(),
                Err(e) if e.error_len().is_none() => {}
                Err(_) => return self.not_utf8 = true,
            }
        }
        match simdutf8::compat::from_utf8(piece) {
            Ok(_) => {}
            Err(e) if e.error_len().is_none() => self.carry.extend_from_slice(&piece[e.valid_up_to()..]),
            Err(_) => self.not_utf8 = true,
        }
    }

    fn finish(self) -> Result<Probe, ReadFault> {
        if self.bytes == 0 {
            return Err(ReadFault::Empty);
        }
        let encoding = match self.head.as_slice() {
            [b'P', b'K', 3, 4, ..] => Encoding::Xlsx,
            [b'P', b'K', ..] if self.has_zeros => Encoding::Xlsx,
            [0xd0, 0xcf, 0x11, 0xe0, ..] => return Err(ReadFault::OldOrLocked),
            [0xff, 0xfe, ..] => Encoding::Utf16Le,
            [0xfe, 0xff, ..] => Encoding::Utf16Be,
            _ if self.has_zeros => return Err(ReadFault::NotText),
            [0xef, 0xbb, 0xbf, ..] if !self.not_utf8 => Encoding::Utf8WithMark,
            // A text cut inside its last character is still UTF-8; the cut shows in the last row.
            _ if !self.not_utf8 => Encoding::Utf8,
            _ => Encoding::Gb18030,
        };
        Ok(Probe {
            digest: hex::encode(self.hasher.finalize()),
            bytes: self.bytes,
            encoding,
            ends_with_line: matches!(self.last, b'\n' | b'\r'),
            odd_quotes: self.quotes % 2 == 1,
            separator: separator_of(&self.head),
        })
    }
}

/// Told by the first line that holds a comma or a tab. A semicolon parts cells where there is neither, or where a line
/// holds more of them than of commas: an address may hold a comma, a header of several columns has several separators.
fn separator_of(head: &[u8]) -> u8 {
    let count = |line: &[u8], byte| line.iter().filter(|b| **b == byte).count();
    for line in head.split(|b| matches!(b, b'\n' | b'\r')) {
        let (commas, tabs, semicolons) = (count(line, b','), count(line, b'\t'), count(line, b';'));
        if semicolons > commas + tabs {
            return b';';
        }
        if commas + tabs > 0 {
            return if commas > 0 { b',' } else { b'\t' };
        }
    }
    b','
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probe(pieces: &[&[u8]]) -> Result<Probe, ReadFault> {
        let mut scan = Scan::default();
        pieces.iter().for_each(|piece| scan.take(piece));
        scan.finish()
    }

    #[test]
    fn encodings_are_told_apart() {
        let text = "姓名,性别\n".as_bytes();
        let (first, second) = text.split_at(4);
        assert_eq!(probe(&[first, second]).unwrap().encoding, Encoding::Utf8);
        assert_eq!(probe(&[b"\xef\xbb\xbf", text]).unwrap().encoding, Encoding::Utf8WithMark);
        assert_eq!(probe(&[&encoding_rs::GB18030.encode("姓名,性别\n").0]).unwrap().encoding, Encoding::Gb18030);
        assert_eq!(probe(&[b"PK\x03\x04rest"]).unwrap().encoding, Encoding::Xlsx);
    }

    #[test]
    fn it_does_not_matter_where_pieces_end() {
        let text = "姓名,\"性别\",𠮷\n";
        let other = encoding_rs::GB18030.encode(text).0;
        for (bytes, encoding) in [(text.as_bytes(), Encoding::Utf8), (&*other, Encoding::Gb18030)] {
            let whole = probe(&[bytes]).unwrap();
            assert_eq!((whole.encoding, whole.odd_quotes), (encoding, false));
            for first in 0..bytes.len() {
                for second in first..bytes.len() {
                    let pieces = [&bytes[..first], &bytes[first..second], &bytes[second..]];
                    assert_eq!(probe(&pieces).as_ref(), Ok(&whole), "{first} {second}");
                }
            }
        }
    }

    #[test]
    fn the_separator_is_told_by_the_first_line_that_has_one() {
        let of = |text: &str| separator_of(text.as_bytes());
        assert_eq!(of("名单\n姓名,性别\n"), b',');
        assert_eq!(of("姓名\t性别\n甲,乙\t男"), b'\t');
        assert_eq!(of("名单\n姓名;性别;住址\n甲;男;喀什路, 2 号\n"), b';');
        assert_eq!(of("姓名,备注;说明\n"), b',');
        assert_eq!(of("姓名"), b',');
    }

    #[test]
    fn junk_is_no_list() {
        assert_eq!(probe(&[]), Err(ReadFault::Empty));
        assert_eq!(probe(&[b"\x7fELF\x00\x01"]), Err(ReadFault::NotText));
        assert_eq!(probe(&[b"\xd0\xcf\x11\xe0\xa1"]), Err(ReadFault::OldOrLocked));
    }
}
