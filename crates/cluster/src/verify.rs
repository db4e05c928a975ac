//! What was found, against what each county published for the same day: cell by cell.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use object_store::ObjectStoreExt as _;
use policy::Pack;
use policy::column::Table;

use crate::province::{Province, Sheet};
use crate::said::Asked;

const FILE: &str = "determination.parquet";

/// What a comparison came to.
#[derive(Default)]
struct Compared {
    files: usize,
    people: usize,
    cells: usize,
    differ: Vec<String>,
}

/// Compares every file a county published; fails on any difference, and where there is nothing to compare.
pub async fn run(asked: &Asked, province: &Province, pack: &Pack, left_out: &[&str]) -> Result<ExitCode> {
    let published = province.day(asked.as_of, "determination").await?;
    let folder = tempfile::tempdir()?;
    let mut compared = Compared::default();
    for (number, sheet) in published.sheets.iter().enumerate() {
        let theirs = folder.path().join(number.to_string());
        let got = province.store.get(&sheet.meta.location).await?.bytes().await?;
        std::fs::write(&theirs, &got)?;
        let own = [("pack", &pack.id), ("pack_version", &pack.version), ("as_of", &asked.as_of.to_string())];
        for (key, own) in own.map(|(key, own)| (format!("yilian.{key}"), own)) {
            let said = lake::note(&theirs, &key)?.unwrap_or_default();
            ensure!(said == *own, "{} was found under {key} {said}, not {own}", sheet.meta.location);
        }
        let place = asked.out.join(&sheet.lake).join(format!("as_of={}", asked.as_of)).join(&sheet.county);
        compared.file(sheet, &theirs, &place.join(FILE), left_out)?;
        std::fs::remove_file(&theirs)?;
    }
    ensure!(compared.files > 0, "no county published what it found");
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
    fn file(&mut self, sheet: &Sheet, theirs: &Path, ours: &Path, left_out: &[&str]) -> Result<()> {
        let read = |path: &Path| lake::read_table("person", &[path.to_owned()]);
        let theirs = read(theirs).with_context(|| format!("reading {}", sheet.meta.location))?;
        self.files += 1;
        self.people += theirs.rows();
        let at = format!("{}/{}", sheet.lake, sheet.county);
        if !ours.exists() {
            self.differ.push(format!("{at}: nothing was found for {} people", theirs.rows()));
            return Ok(());
        }
        let ours = read(ours)?;
        // The same people in the same order.
        if ours.ids() != theirs.ids() {
            self.differ.push(format!("{at}: other people, or another order"));
            return Ok(());
        }
        let known = |name: &str| left_out.iter().any(|rule| name == *rule || name == format!("{rule}_amount"));
        for name in theirs.columns().keys().filter(|name| !known(name)) {
            self.column(&at, name, &ours, &theirs);
        }
        for name in ours.columns().keys().filter(|name| theirs.column(name).is_none()) {
            self.differ.push(format!("{at}: {name} was not published"));
        }
        Ok(())
    }

    fn column(&mut self, at: &str, name: &str, ours: &Table, theirs: &Table) {
        if ours.column(name).is_none() {
            self.differ.push(format!("{at}: {name} was not found"));
            return;
        }
        for row in 0..theirs.rows() {
            self.cells += 1;
            let (own, published) = (ours.get(row, name), theirs.get(row, name));
            if own != published {
                self.differ.push(format!("{at}: person {} {name}: {own}, not {published}", theirs.ids()[row]));
            }
        }
    }
}
