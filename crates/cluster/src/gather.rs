//! Answers as they come, lake after lake and person after person; each lake is written when everyone in it has been
//! answered for, once.

use anyhow::{Context as _, Result};
use policy::Pack;
use policy::sql::Answer;

use crate::answers::Gathered;
use crate::cells::Cells;
use crate::people::Heads;
use crate::said::Asked;
use crate::told::fault;

/// One attempt at an answer.
pub struct Gathering<'a> {
    asked: &'a Asked,
    pack: &'a Pack,
    answers: &'a [Answer],
    heads: &'a Heads,
    open: Option<(String, Gathered)>,
    written: usize,
}

impl<'a> Gathering<'a> {
    pub const fn new(asked: &'a Asked, pack: &'a Pack, answers: &'a [Answer], heads: &'a Heads) -> Self {
        Self { asked, pack, answers, heads, open: None, written: 0 }
    }

    /// Takes a row of `policy::sql::print_apart`.
    ///
    /// # Errors
    /// When lakes or people do not follow each other: someone is told twice, or stages were mixed.
    pub fn take(&mut self, cells: &Cells<'_>, row: usize) -> Result<()> {
        let lake = cells.text(0, row)?.context("an answer without a lake")?;
        if self.open.as_ref().is_none_or(|(name, _)| name != lake) {
            let after = self.open.as_ref().is_none_or(|(name, _)| name.as_str() < lake);
            if !after {
                let words = (format!("{lake} 的回答断成几截"), format!("the answer for {lake} comes in pieces"));
                return Err(fault(words.0, words.1));
            }
            self.close()?;
            self.open = Some((lake.to_owned(), Gathered::new(self.answers)));
        }
        let Some((_, gathered)) = &mut self.open else { return Ok(()) };
        gathered.push(cells, row)
    }

    /// The last lake has been told.
    ///
    /// # Errors
    /// When a lake or someone in one is missing.
    pub fn end(mut self) -> Result<()> {
        self.close()?;
        let lakes = self.heads.len();
        if self.written == lakes {
            return Ok(());
        }
        let told = self.written;
        Err(fault(format!("{lakes} 个湖只回答了 {told} 个"), format!("{told} lakes of {lakes} are answered for")))
    }

    fn close(&mut self) -> Result<()> {
        let Some((lake, gathered)) = self.open.take() else { return Ok(()) };
        let (told, heads) = (gathered.people(), self.heads.get(&lake).copied().unwrap_or_default());
        if told != heads {
            return Err(fault(
                format!("{lake} 有 {heads} 人，回答了 {told} 人"),
                format!("{told} people of {heads} in {lake} are answered for"),
            ));
        }
        gathered.write(self.pack, self.asked.as_of, &self.asked.out.join(&lake))?;
        self.written += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use clap::Parser;
    use datafusion::arrow::array::{ArrayRef, Int64Array, StringArray};
    use datafusion::arrow::record_batch::RecordBatch;

    use anyhow::ensure;

    use super::*;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        asked: Asked,
    }

    /// Takes rows of lakes and ids as an answer about one person in `a` and two in `b`.
    fn told(rows: &[(&str, i64)]) -> Result<()> {
        let out = tempfile::tempdir()?;
        let out_text = out.path().to_string_lossy().into_owned();
        let words = ["x", "--pack", "p", "--lake", "l", "--as-of", "2026-10-31", "--out", &out_text];
        let asked = Cli::parse_from(words).asked;
        let heads = Heads::from([("a".to_owned(), 1), ("b".to_owned(), 2)]);
        let pack = Pack::default();
        let homes = || Arc::new(StringArray::from(vec!["653001001001"; rows.len()])) as ArrayRef;
        let lakes = StringArray::from_iter_values(rows.iter().map(|(lake, _)| lake));
        let ids = Int64Array::from_iter_values(rows.iter().map(|(_, id)| *id));
        let columns = [("lake", Arc::new(lakes) as ArrayRef), ("r", homes()), ("h", homes()), ("id", Arc::new(ids))];
        let batch = RecordBatch::try_from_iter(columns)?;
        let mut gathering = Gathering::new(&asked, &pack, &[], &heads);
        (0..rows.len()).try_for_each(|row| gathering.take(&Cells(&batch), row))?;
        gathering.end()?;
        ensure!(out.path().join("b/as_of=2026-10-31/county=653001/determination.parquet").exists(), "nothing written");
        Ok(())
    }

    #[test]
    fn an_answer_is_whole_or_refused() {
        let whole = [("a", 1), ("b", 1), ("b", 2)];
        told(&whole).unwrap();
        let refused = |rows: &[(&str, i64)], why: &str| {
            let fault = told(rows).expect_err(why).to_string();
            assert!(fault.contains(why), "{fault}");
        };
        refused(&whole[..2], "1 people of 2 in b");
        refused(&whole[1..], "1 lakes of 2");
        refused(&[("a", 1), ("b", 1), ("b", 1)], "told twice");
        refused(&[("a", 1), ("a", 2), ("b", 1), ("b", 2)], "2 people of 1 in a");
        refused(&[("b", 1), ("b", 2), ("a", 1)], "in pieces");
        refused(&[("a", 1), ("b", 1), ("b", 2), ("c", 1)], "1 people of 0 in c");
    }
}
