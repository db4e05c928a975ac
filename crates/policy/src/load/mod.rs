//! Reads a pack and everything it builds on; reports the faults of all files at once.
//!
//! The only place of this room that touches files. Whether the expressions make sense is `program`'s question,
//! whether the pack as a whole does is `check`'s.

mod cases;
mod clauses;
mod facts;
mod indicators;
mod pack_file;
mod parameters;
mod portal;
mod raw;
mod reader;
mod rules;
mod sources;
#[cfg(test)]
mod tests;
mod values;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use toml::de::DeTable;

use crate::fault::PackFault;
use crate::model::{Pack, Position};
use raw::FileText;
use reader::{Faults, Fields};
pub(crate) use values::decimal_units;

/// Reads the pack `pack_id` below `packs_dir`, with the packs it builds on merged in. A draft may lie elsewhere: then
/// `pack_id` is the path of its folder, and what it builds on is found below `packs_dir` all the same.
///
/// # Errors
/// Every fault of every file: syntax, unknown and missing keys, wrong types, ids given twice, references to
/// nothing, parameters without a value on a day the pack is in force.
pub fn load(packs_dir: &Path, pack_id: &str) -> Result<Pack, Vec<PackFault>> {
    let reading = read(packs_dir, pack_id);
    let mut faults = reading.faults;
    faults.extend(crate::check::references(&reading.pack, reading.whole));
    if faults.is_empty() { Ok(reading.pack) } else { Err(sorted(faults)) }
}

/// Names of the packs below a folder, sorted.
#[must_use]
pub fn pack_ids(packs_dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(packs_dir).into_iter().flatten().filter_map(Result::ok);
    let packs = entries.filter(|entry| entry.path().join("pack.toml").is_file());
    let mut ids: Vec<_> = packs.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    ids.sort();
    ids
}

/// What could be read, and what could not.
pub(crate) struct Reading {
    pub pack: Pack,
    pub faults: Vec<PackFault>,
    /// Every file could be read as TOML and every table had its keys; else references may point at what is lost.
    pub whole: bool,
}

/// Faults in the order a reader would meet them, each once.
pub(crate) fn sorted(mut faults: Vec<PackFault>) -> Vec<PackFault> {
    faults.sort();
    faults.dedup();
    faults
}

pub(crate) fn read(packs_dir: &Path, pack_id: &str) -> Reading {
    let mut loading = Loading { pack: Pack::default(), faults: Faults::default(), done: BTreeSet::new() };
    loading.main_folder(packs_dir, pack_id);
    let faults = loading.faults.into_inner();
    Reading { pack: loading.pack, whole: faults.is_empty(), faults }
}

struct Loading {
    pack: Pack,
    faults: Faults,
    /// Packs already merged, so that two that build on the same one take it once.
    done: BTreeSet<String>,
}

/// The files a pack folder may hold, in the order they are read.
const FILES: [&str; 13] = [
    "facts.toml",
    "sources.toml",
    "services.toml",
    "parameters",
    "clauses.toml",
    "groups.toml",
    "benefits.toml",
    "visits.toml",
    "reminders.toml",
    "standards.toml",
    "queues.toml",
    "indicators.toml",
    "portal.toml",
];
/// Further files, read elsewhere: the pack's own description, how rows are linked, which days of the lake stay, what goes
/// upward.
const OTHERS: [&str; 4] = ["pack.toml", "linkage.toml", "lake.toml", "returns.toml"];

impl Loading {
    fn main_folder(&mut self, packs_dir: &Path, pack: &str) {
        let below = packs_dir.join(pack);
        let draft = Path::new(pack);
        if !below.join("pack.toml").is_file() && draft.join("pack.toml").is_file() {
            self.folder(packs_dir, draft, pack.trim_end_matches(['/', '\\']), true);
        } else {
            self.folder(packs_dir, &below, pack, true);
        }
    }

    /// Merges one pack folder, `name` in faults; `main` for the pack asked for, whose title, dates and population
    /// count.
    fn folder(&mut self, packs_dir: &Path, dir: &Path, name: &str, main: bool) {
        if !self.done.insert(name.to_owned()) {
            return;
        }
        let file = format!("{name}/pack.toml");
        let Some(text) = self.text(&dir.join("pack.toml"), &file) else { return };
        let own_name = (dir.parent() == Some(packs_dir)).then_some(name);
        let mut base = Vec::new();
        self.table(&file, &text, |loading, fields| base = loading.pack_file(fields, main, own_name));
        for (below, at) in base {
            if packs_dir.join(&below).join("pack.toml").is_file() {
                self.folder(packs_dir, &packs_dir.join(&below), &below, false);
            } else {
                let fault = PackFault::at(
                    &at,
                    "unknown_pack",
                    format!("there is no pack `{below}` to build on"),
                    format!("add the folder {below}/ with a pack.toml, or correct the name"),
                );
                self.faults.borrow_mut().push(fault);
            }
        }
        self.divisions(dir, name);
        for file in FILES {
            self.file_or_folder(dir, name, file);
        }
        self.scales(dir);
        if main {
            self.file_or_folder(dir, name, "cases");
        }
        self.strangers(dir, name);
        if main {
            self.cut_divisions();
            self.own_first();
        } else {
            self.pack.made_of.push(name.to_owned());
        }
    }

    /// What the pack says itself comes before what it takes over.
    fn own_first(&mut self) {
        let taken_over = |pack: &Pack, at: &Position| !pack.is_own(at);
        let mut pack = std::mem::take(&mut self.pack);
        let head = Pack { at: pack.at.clone(), ..Pack::default() };
        pack.clauses.sort_by_key(|clause| taken_over(&head, &clause.at));
        pack.rules.sort_by_key(|rule| taken_over(&head, &rule.at));
        pack.queues.sort_by_key(|queue| taken_over(&head, &queue.at));
        pack.indicators.sort_by_key(|indicator| taken_over(&head, &indicator.at));
        self.pack = pack;
    }

    fn file_or_folder(&mut self, dir: &Path, id: &str, name: &str) {
        let path = dir.join(name);
        let mut files = Vec::new();
        if path.is_dir() {
            files.extend(toml_files(&path).into_iter().map(|f| format!("{name}/{f}")));
        } else if path.is_file() {
            files.push(name.to_owned());
        }
        for file in files {
            let shown = format!("{id}/{file}");
            let Some(text) = self.text(&dir.join(&file), &shown) else { continue };
            self.table(&shown, &text, |loading, mut fields| {
                match name {
                    "facts.toml" => loading.facts(&mut fields),
                    "sources.toml" => loading.sources(&mut fields),
                    "services.toml" => loading.services(&mut fields),
                    "parameters" => loading.parameters(&mut fields),
                    "clauses.toml" => loading.clauses(&mut fields),
                    "queues.toml" => loading.queues(&mut fields),
                    "indicators.toml" => loading.indicators(&mut fields),
                    "portal.toml" => loading.portal(&mut fields),
                    "cases" => loading.cases(&mut fields),
                    rules => loading.rules(rules, &mut fields),
                }
                fields.finish();
            });
        }
    }

    fn text(&self, path: &Path, shown: &str) -> Option<String> {
        match fs::read_to_string(path) {
            Ok(text) => Some(text),
            Err(cause) => {
                let fault = PackFault::of_file(
                    shown,
                    "unreadable",
                    format!("could not read the file: {cause}"),
                    "check that it exists, is UTF-8 and may be read",
                );
                self.faults.borrow_mut().push(fault);
                None
            }
        }
    }

    fn table(&mut self, name: &str, text: &str, take: impl FnOnce(&mut Self, Fields<'_>)) {
        let file = FileText::new(name, text);
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            let at = file.position(error.span().map_or(0, |span| span.start));
            let remedy = "see https://toml.io for how this is written";
            self.faults.borrow_mut().push(PackFault::at(&at, "syntax", error.message(), remedy));
        }
        if errors.is_empty() {
            let faults = Faults::default();
            take(self, Fields::new(table.get_ref(), name, 0..0, &file, &faults));
            self.faults.get_mut().append(&mut faults.into_inner());
        }
    }

    fn scales(&mut self, dir: &Path) {
        let files = toml_files(&dir.join("scales"));
        self.pack.scales.extend(files.iter().map(|f| f.trim_end_matches(".toml").to_owned()));
    }

    /// Files nobody reads are most often misspelt.
    fn strangers(&self, dir: &Path, id: &str) {
        for name in toml_files(dir) {
            if !OTHERS.contains(&name.as_str()) && !FILES.contains(&name.as_str()) {
                let fault = PackFault::of_file(
                    format!("{id}/{name}"),
                    "unknown_file",
                    "no part of a pack is read from a file of this name",
                    format!("rename it to one of: {}, {}", OTHERS.join(", "), FILES.join(", ")),
                );
                self.faults.borrow_mut().push(fault);
            }
        }
    }

    fn twice(&self, what: &str, id: &str, at: &Position, first: &Position) {
        let fault = PackFault::at(
            at,
            "duplicate_id",
            format!("{what} `{id}` stands already at {}:{}", first.file, first.line),
            "give each its own id",
        );
        self.faults.borrow_mut().push(fault);
    }
}

/// Names of the TOML files in a folder, sorted; none when there is no such folder.
fn toml_files(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(dir)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".toml"))
        .collect();
    names.sort();
    names
}
