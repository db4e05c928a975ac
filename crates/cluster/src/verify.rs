//! What was found, against what each county published for the same day: cell by cell.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use kernel::Lang;
use object_store::ObjectStoreExt as _;
use policy::Pack;
use policy::column::Table;

use crate::province::{Province, Sheet};
use crate::said::Asked;
use crate::told::{While as _, fault};

const FILE: &str = "determination.parquet";

/// What a comparison came to.
struct Compared {
    lang: Lang,
    files: usize,
    people: usize,
    cells: usize,
    differ: Vec<String>,
}

/// Compares every file a county published; fails on any difference, and where there is nothing to compare.
pub async fn run(asked: &Asked, province: &Province, pack: &Pack, left_out: &[&str]) -> Result<ExitCode> {
    let published = province.day(asked.as_of, "determination").await?;
    let folder = tempfile::tempdir()?;
    let mut compared = Compared::new(asked.tongue.lang());
    for (number, sheet) in published.sheets.iter().enumerate() {
        let theirs = folder.path().join(number.to_string());
        let got = province.store.get(&sheet.meta.location).await?.bytes().await?;
        std::fs::write(&theirs, &got)?;
        let own = [("pack", &pack.id), ("pack_version", &pack.version), ("as_of", &asked.as_of.to_string())];
        for (key, own) in own.map(|(key, own)| (format!("yilian.{key}"), own)) {
            let said = lake::note(&theirs, &key)?.unwrap_or_default();
            if said != *own {
                let place = &sheet.meta.location;
                return Err(fault(
                    format!("{place} 是按 {key} {said} 算的，不是 {own}"),
                    format!("{place} was found under {key} {said}, not {own}"),
                ));
            }
        }
        let place = asked.out.join(&sheet.lake).join(format!("as_of={}", asked.as_of)).join(&sheet.county);
        compared.file(sheet, &theirs, &place.join(FILE), left_out)?;
        std::fs::remove_file(&theirs)?;
    }
    if compared.files == 0 {
        return Err(fault("没有哪个县公布过认定结果", "no county published what it found"));
    }
    println!(
        "{} {} {}  {} {}  {} {}",
        asked.say("对过", "compared:"),
        compared.files,
        asked.say("份文件", "files"),
        compared.people,
        asked.say("人", "people"),
        compared.cells,
        asked.say("格", "cells")
    );
    compared.differ.iter().take(20).for_each(|line| eprintln!("{line}"));
    if compared.differ.is_empty() {
        println!("{}", asked.say("跟各县公布的一样", "the same as the counties published"));
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("{} {}", compared.differ.len(), asked.say("处不一样", "differences"));
    Ok(ExitCode::FAILURE)
}

impl Compared {
    const fn new(lang: Lang) -> Self {
        Self { lang, files: 0, people: 0, cells: 0, differ: Vec::new() }
    }

    fn differs(&mut self, zh: String, en: String) {
        self.differ.push(if self.lang == Lang::Zh { zh } else { en });
    }

    fn file(&mut self, sheet: &Sheet, theirs: &Path, ours: &Path, left_out: &[&str]) -> Result<()> {
        let read = |path: &Path| lake::read_table("person", &[path.to_owned()]);
        let theirs = read(theirs).while_doing(|| {
            let place = &sheet.meta.location;
            (format!("读不了 {place}"), format!("could not read {place}"))
        })?;
        self.files += 1;
        self.people += theirs.rows();
        let at = format!("{}/{}", sheet.lake, sheet.county);
        if !ours.exists() {
            let people = theirs.rows();
            self.differs(format!("{at}：{people} 人没有结果"), format!("{at}: nothing was found for {people} people"));
            return Ok(());
        }
        let ours = read(ours)?;
        // The same people in the same order.
        if ours.ids() != theirs.ids() {
            self.differs(format!("{at}：人或顺序不一样"), format!("{at}: other people, or another order"));
            return Ok(());
        }
        let known = |name: &str| left_out.iter().any(|rule| name == *rule || name == format!("{rule}_amount"));
        for name in theirs.columns().keys().filter(|name| !known(name)) {
            self.column(&at, name, &ours, &theirs);
        }
        for name in ours.columns().keys().filter(|name| theirs.column(name).is_none()) {
            self.differs(format!("{at}：县里没有公布 {name}"), format!("{at}: {name} was not published"));
        }
        Ok(())
    }

    fn column(&mut self, at: &str, name: &str, ours: &Table, theirs: &Table) {
        if ours.column(name).is_none() {
            self.differs(format!("{at}：没有算出 {name}"), format!("{at}: {name} was not found"));
            return;
        }
        for row in 0..theirs.rows() {
            self.cells += 1;
            let (own, published) = (ours.get(row, name), theirs.get(row, name));
            if own != published {
                let person = theirs.ids()[row];
                self.differs(
                    format!("{at}：{person} 号 {name}：算出 {own}，公布的是 {published}"),
                    format!("{at}: person {person} {name}: {own}, not {published}"),
                );
            }
        }
    }
}
