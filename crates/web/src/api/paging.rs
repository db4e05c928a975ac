//! Long answers in parts: each names a cursor for the next one.
//!
//! A cursor says which question it continues, from where, and on which night. It is opaque and carries a mark made with
//! the installation's key, so that nobody can make one up; one of an earlier night is refused, because the rows behind it
//! are no longer the same.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::Keys;

use crate::edge::Problem;
use crate::opened::Opened;

/// A part of a long answer.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// How many there are in all.
    pub total: u64,
    /// Give this as `cursor` for the next part; null on the last one.
    pub next: Option<String>,
}

/// How much of a long answer is asked for. Every list's query holds these two.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Paging {
    pub limit: Option<u16>,
    pub cursor: Option<String>,
}

const LEAST: u16 = 1;
const USUAL: u16 = 50;
const MOST: u16 = 200;

/// Characters of the mark: 96 bits.
const MARK: usize = 24;

/// Where a part begins and how long it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    pub from: usize,
    pub size: usize,
}

impl Paging {
    /// The part of the answer to `question` that is asked for.
    ///
    /// # Errors
    /// `Cursor` when it was made up, belongs to another question or to an earlier night.
    pub fn part(&self, opened: &Opened<'_>, question: &str) -> Result<Part, Problem> {
        let size = usize::from(self.limit.unwrap_or(USUAL).clamp(LEAST, MOST));
        let from = match &self.cursor {
            None => 0,
            Some(cursor) => read(opened.keys(), &about(opened, question), cursor).ok_or(Problem::Cursor)?,
        };
        Ok(Part { from, size })
    }
}

impl Part {
    /// The part with its items and the cursor after it.
    pub fn page<T>(self, opened: &Opened<'_>, question: &str, total: usize, items: Vec<T>) -> Page<T> {
        let next = self.from + items.len();
        let more = next < total && !items.is_empty();
        Page { items, total: total as u64, next: more.then(|| write(opened.keys(), &about(opened, question), next)) }
    }
}

/// A whole answer cut to the part asked for.
///
/// # Errors
/// `Cursor`.
pub fn cut<S, T>(
    opened: &Opened<'_>,
    paging: &Paging,
    question: &str,
    all: &[S],
    show: impl Fn(&S) -> Result<T, Problem>,
) -> Result<Page<T>, Problem> {
    let part = paging.part(opened, question)?;
    let items = all.iter().skip(part.from).take(part.size).map(show).collect::<Result<_, _>>()?;
    Ok(part.page(opened, question, all.len(), items))
}

fn about(opened: &Opened<'_>, question: &str) -> String {
    let who = opened.viewer.actor();
    format!("{question} {} {who}", opened.published.world.night.id)
}

fn write(keys: &Keys, about: &str, from: usize) -> String {
    URL_SAFE_NO_PAD.encode(format!("{}{from}", mark(keys, about, from)))
}

fn read(keys: &Keys, about: &str, cursor: &str) -> Option<usize> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let (given, from) = text.split_at_checked(MARK)?;
    let from: usize = from.parse().ok()?;
    (given == mark(keys, about, from)).then_some(from)
}

fn mark(keys: &Keys, about: &str, from: usize) -> String {
    let mut mark = hex::encode(keys.blind("api cursor", &format!("{from} {about}")));
    mark.truncate(MARK);
    mark
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_for_its_own_question_only() {
        let keys = Keys::generate();
        let cursor = write(&keys, "people q=a night 1", 50);
        assert_eq!(read(&keys, "people q=a night 1", &cursor), Some(50));
        assert_eq!(read(&keys, "people q=b night 1", &cursor), None);
        assert_eq!(read(&keys, "people q=a night 2", &cursor), None);
        assert_eq!(read(&Keys::generate(), "people q=a night 1", &cursor), None);
        for made_up in ["", "x", "NTA", &URL_SAFE_NO_PAD.encode("0".repeat(24) + "50"), "%00", "王"] {
            assert_eq!(read(&keys, "people q=a night 1", made_up), None, "{made_up}");
        }
    }
}
