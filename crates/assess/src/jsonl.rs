//! Forms in, answers out: one JSON line for every line read, in the same order, with flat memory.
//!
//! The shape of a line is relied on by other programs; see the data dictionary, "Two commands with a fixed
//! face". A blank line, a line that is not UTF-8 and one beyond [`LONGEST_LINE`] are `bad_json` lines too, so
//! that line n of the output always answers line n of the input.

use std::io::{self, BufRead, Write};

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::form::FormFault;
use crate::json_form::{self, LineId};
use crate::scale::Scale;
use crate::score::Assessment;

/// A form takes about 1 kB; what is longer than this is not read into memory.
const LONGEST_LINE: usize = 1 << 20;

/// How many lines were answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JsonlSummary {
    pub scored: u64,
    pub faulty: u64,
}

/// Answers every line of `reader` on `writer`.
///
/// # Errors
/// Only those of reading and writing; a faulty line is answered, not raised.
pub fn jsonl(scale: &Scale, mut reader: impl BufRead, mut writer: impl Write) -> io::Result<JsonlSummary> {
    let mut summary = JsonlSummary::default();
    let mut line = Vec::new();
    let mut first = true;
    while let Some(fits) = next_line(&mut reader, &mut line)? {
        let bytes = if first { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line) } else { &line };
        first = false;
        let answer = if fits { answer(scale, bytes) } else { Answer::bad(LineId::None) };
        match answer {
            Answer::Scored { .. } => summary.scored += 1,
            Answer::Faulty { .. } => summary.faulty += 1,
        }
        serde_json::to_writer(&mut writer, &answer)?;
        writer.write_all(b"\n")?;
    }
    writer.flush()?;
    Ok(summary)
}

/// Reads up to the next line feed, without it. None at the end; false when the line was too long and dropped.
fn next_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Option<bool>> {
    line.clear();
    let (mut any, mut fits) = (false, true);
    loop {
        let chunk = match reader.fill_buf() {
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => continue,
            chunk => chunk?,
        };
        if chunk.is_empty() {
            return Ok(any.then_some(fits));
        }
        any = true;
        let end = chunk.iter().position(|b| *b == b'\n');
        let part = &chunk[..end.unwrap_or(chunk.len())];
        if line.len() + part.len() > LONGEST_LINE {
            fits = false;
            line.clear();
        } else if fits {
            line.extend_from_slice(part);
        }
        let used = end.map_or(chunk.len(), |end| end + 1);
        reader.consume(used);
        if end.is_some() {
            return Ok(Some(fits));
        }
    }
}

fn answer(scale: &Scale, line: &[u8]) -> Answer {
    match json_form::read(scale, line) {
        Err(id) => Answer::bad(id),
        Ok(line) => match scale.assess(&line.form) {
            Ok(assessment) => Answer::Scored(Scored::new(line.id, assessment)),
            Err(fault) => Answer::faulty(line.id, &fault),
        },
    }
}

/// One output line; the order of the fields is the order of the keys.
#[derive(Serialize)]
#[serde(untagged)]
enum Answer {
    Scored(Scored),
    Faulty { id: LineId, error: ErrorBody },
}

#[derive(Serialize)]
struct Scored {
    id: LineId,
    total: i64,
    subtotals: Subtotals,
    preliminary_level: i64,
    final_level: i64,
    adjustments: Vec<String>,
}

#[derive(Serialize)]
struct ErrorBody {
    code: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    items: Vec<String>,
}

/// An object in the scale's order of groups.
struct Subtotals(Vec<(String, i64)>);

impl Serialize for Subtotals {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (group, points) in &self.0 {
            map.serialize_entry(group, points)?;
        }
        map.end()
    }
}

impl Scored {
    fn new(id: LineId, assessment: Assessment) -> Self {
        let Assessment { total, subtotals, preliminary_level, final_level, adjustments } = assessment;
        Self { id, total, subtotals: Subtotals(subtotals), preliminary_level, final_level, adjustments }
    }
}

impl Answer {
    fn bad(id: LineId) -> Self {
        Self::Faulty { id, error: ErrorBody { code: "bad_json", items: Vec::new() } }
    }

    fn faulty(id: LineId, fault: &FormFault) -> Self {
        Self::Faulty { id, error: ErrorBody { code: fault.code(), items: fault.items().to_vec() } }
    }
}
