//! CSV in any of the encodings, decoded and parted as it streams.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use csv::ByteRecord;
use encoding_rs::{Decoder, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::probe::file_name;
use super::{Cells, Encoding, Probe, ReadFault};

/// Hands on every record with the line it begins in.
pub(super) fn each_record<E: From<ReadFault>>(
    path: &Path,
    probe: &Probe,
    each: &mut impl FnMut(u64, Cells<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let fault = |cause: String| ReadFault::Io { file: file_name(path), cause };
    let file = File::open(path).map_err(|e| fault(e.kind().to_string()))?;
    let decoder = match probe.encoding {
        Encoding::Gb18030 => GB18030.new_decoder_without_bom_handling(),
        Encoding::Utf16Le => UTF_16LE.new_decoder_with_bom_removal(),
        Encoding::Utf16Be => UTF_16BE.new_decoder_with_bom_removal(),
        Encoding::Utf8 | Encoding::Utf8WithMark | Encoding::Xlsx => UTF_8.new_decoder_with_bom_removal(),
    };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(probe.separator)
        .buffer_capacity(1 << 16)
        .from_reader(Decoding::new(BufReader::with_capacity(1 << 16, file), decoder));
    let (mut record, mut next, mut ends) = (ByteRecord::new(), ByteRecord::new(), Vec::new());
    let mut widest = 0;
    let mut waiting = read(&mut reader, &mut record).map_err(&fault)?;
    while let Some(line) = waiting {
        waiting = read(&mut reader, &mut next).map_err(&fault)?;
        widest = widest.max(record.len());
        let cells = cells(&record, &mut ends).map_err(&fault)?;
        if waiting.is_none() {
            check_end(line, cells, widest, probe)?;
        }
        each(line, cells)?;
        std::mem::swap(&mut record, &mut next);
    }
    Ok(())
}

const UNPARTED: &str = "the text can't be parted into cells";

fn read<R: Read>(reader: &mut csv::Reader<R>, into: &mut ByteRecord) -> Result<Option<u64>, String> {
    let more = reader.read_byte_record(into).map_err(|e| match e.kind() {
        csv::ErrorKind::Io(e) => e.kind().to_string(),
        _ => UNPARTED.to_owned(),
    })?;
    Ok(more.then(|| into.position().map_or(0, csv::Position::line)))
}

/// A record's cells. It was decoded, so it is text, looked at as a whole and not cell by cell.
fn cells<'r>(record: &'r ByteRecord, ends: &'r mut Vec<usize>) -> Result<Cells<'r>, String> {
    let text = simdutf8::basic::from_utf8(record.as_slice()).map_err(|_| UNPARTED.to_owned())?;
    ends.clear();
    ends.extend((0..record.len()).filter_map(|at| Some(record.range(at)?.end)));
    Ok(Cells::of(text, ends))
}

/// The last record tells whether the file was cut off: a quote left open, or too few cells and no line end.
fn check_end(line: u64, last: Cells<'_>, widest: usize, probe: &Probe) -> Result<(), ReadFault> {
    let swallowed = last.iter().any(|cell| cell.contains('\n'));
    let short = last.len() < widest && !probe.ends_with_line;
    if probe.odd_quotes && (swallowed || short || !probe.ends_with_line) {
        return Err(ReadFault::OpenQuote { row: line });
    }
    let cut_character = last.iter().last().is_some_and(|cell| cell.ends_with('\u{fffd}')) && !probe.ends_with_line;
    if short || cut_character {
        return Err(ReadFault::CutOff { row: line });
    }
    Ok(())
}

/// Bytes of some encoding as bytes of UTF-8, every line end as a line feed: what counts lines counts those.
struct Decoding<R> {
    input: R,
    decoder: Decoder,
    raw: Vec<u8>,
    raw_at: usize,
    raw_end: usize,
    finished: bool,
    /// The last byte was a carriage return, handed on as a line feed: one that follows belongs to it.
    after_return: bool,
}

impl<R: Read> Decoding<R> {
    /// Rewrites line ends in place; returns how many bytes are left.
    fn line_ends(&mut self, text: &mut [u8]) -> usize {
        if !self.after_return && !text.contains(&b'\r') {
            return text.len();
        }
        let mut kept = 0;
        for at in 0..text.len() {
            let byte = text[at];
            let dropped = byte == b'\n' && self.after_return;
            self.after_return = byte == b'\r';
            if !dropped {
                text[kept] = if byte == b'\r' { b'\n' } else { byte };
                kept += 1;
            }
        }
        kept
    }

    fn new(input: R, decoder: Decoder) -> Self {
        Self { input, decoder, raw: vec![0; 1 << 16], raw_at: 0, raw_end: 0, finished: false, after_return: false }
    }
}

impl<R: Read> Read for Decoding<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.len() < 16 {
            return Err(io::Error::other("the reading buffer is too small for a character"));
        }
        loop {
            if self.finished {
                return Ok(0);
            }
            let mut at_end = false;
            if self.raw_at == self.raw_end {
                self.raw_end = self.input.read(&mut self.raw)?;
                self.raw_at = 0;
                at_end = self.raw_end == 0;
            }
            let (result, read, written, _) =
                self.decoder.decode_to_utf8(&self.raw[self.raw_at..self.raw_end], out, at_end);
            self.raw_at += read;
            self.finished = at_end && result == encoding_rs::CoderResult::InputEmpty;
            let kept = self.line_ends(&mut out[..written]);
            if kept > 0 {
                return Ok(kept);
            }
        }
    }
}
