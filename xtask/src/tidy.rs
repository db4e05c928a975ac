//! Compares the dependency table of ARCHITECTURE.md with `cargo metadata`, both ways, and keeps a few promises
//! of the code that a compiler can't.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

type Edges = BTreeMap<String, BTreeSet<String>>;

/// Names that say nothing about what a file holds.
const EMPTY_NAMES: [&str; 5] = ["common", "utils", "util", "helpers", "manager"];

/// Rooms with a workspace and a lock file of their own: nothing here builds or locks what they depend on.
const OUTSIDE: [&str; 1] = ["crates/cluster"];

/// Every disagreement found, in words.
pub fn run() -> Result<Vec<String>> {
    let root = workspace_root()?;
    let map = std::fs::read_to_string(root.join("ARCHITECTURE.md")).context("reading ARCHITECTURE.md")?;
    let mut edges = workspace_edges(&root)?;
    for outside in OUTSIDE {
        edges.extend(workspace_edges(&root.join(outside))?);
    }
    let mut faults = compare(&table_of(&map), &edges);
    for file in source_files(&root)? {
        faults.extend(file_faults(&root, &file)?);
    }
    Ok(faults)
}

fn workspace_root() -> Result<PathBuf> {
    // Of the checkout that cargo runs for, and not of the one for which this program was compiled: they share a cache.
    let here = std::env::var_os("CARGO_MANIFEST_DIR").context("run by cargo: cargo run -p xtask -- tidy")?;
    let here = PathBuf::from(here);
    Ok(here.parent().context("xtask lies in the workspace")?.to_owned())
}

/// Rows of the form `` | `room` | … | `dep` `dep` | `` between the two markers.
fn table_of(map: &str) -> Edges {
    let body = map.split_once("<!-- rooms -->").and_then(|(_, rest)| rest.split_once("<!-- /rooms -->"));
    let mut edges = Edges::new();
    for line in body.map_or("", |(table, _)| table).lines().filter(|l| l.starts_with("| `")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').collect();
        let (Some(room), Some(deps)) = (cells.first(), cells.last()) else { continue };
        edges.insert(ticked(room).into_iter().next().unwrap_or_default(), ticked(deps));
    }
    edges
}

fn ticked(cell: &str) -> BTreeSet<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn workspace_edges(workspace: &Path) -> Result<Edges> {
    let out = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--format-version", "1", "--no-deps", "--locked"])
        .current_dir(workspace)
        .output()
        .context("running cargo metadata")?;
    anyhow::ensure!(out.status.success(), "cargo metadata failed: {}", String::from_utf8_lossy(&out.stderr));
    let metadata: Value = serde_json::from_slice(&out.stdout)?;
    let mut edges = Edges::new();
    for package in metadata["packages"].as_array().context("packages")? {
        let room = room_name(package["name"].as_str().context("name")?);
        let deps = package["dependencies"].as_array().context("dependencies")?;
        let ours = deps
            .iter()
            .filter(|d| d["path"].is_string() && d["kind"].is_null())
            .filter_map(|d| d["name"].as_str())
            .map(room_name);
        edges.insert(room, ours.collect());
    }
    Ok(edges)
}

fn room_name(package: &str) -> String {
    package.strip_prefix("yilian-").unwrap_or(package).to_owned()
}

fn compare(map: &Edges, workspace: &Edges) -> Vec<String> {
    let mut faults = Vec::new();
    for (room, deps) in workspace {
        match map.get(room) {
            None => faults.push(format!("room `{room}` is missing from the table in ARCHITECTURE.md")),
            Some(drawn) if drawn != deps => {
                faults.push(format!("room `{room}` depends on {deps:?} but ARCHITECTURE.md draws {drawn:?}"))
            }
            Some(_) => {}
        }
    }
    for room in map.keys().filter(|room| !workspace.contains_key(*room)) {
        faults.push(format!("ARCHITECTURE.md draws room `{room}`, which does not exist"));
    }
    faults
}

fn source_files(root: &Path) -> Result<Vec<PathBuf>> {
    let out = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()?;
    let listing = String::from_utf8(out.stdout)?;
    Ok(listing.lines().map(PathBuf::from).filter(|p| p.extension().is_some_and(|e| e == "rs")).collect())
}

fn file_faults(root: &Path, file: &Path) -> Result<Vec<String>> {
    let Ok(text) = std::fs::read_to_string(root.join(file)) else { return Ok(Vec::new()) };
    let mut faults = Vec::new();
    let stem = file.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
    if EMPTY_NAMES.contains(&stem) {
        faults.push(format!("{}: the name says nothing about what it holds", file.display()));
    }
    let first = text.lines().next().unwrap_or_default();
    let is_test = file.components().any(|c| c.as_os_str() == "tests");
    if !is_test && !first.starts_with("//!") {
        faults.push(format!("{}: opens without a //! line that says what it holds", file.display()));
    }
    Ok(faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_edge_and_a_ghost_room_are_found() {
        let map =
            table_of("<!-- rooms -->\n| room | holds | uses |\n| `a` | x | `b` |\n| `ghost` | x | |\n<!-- /rooms -->");
        let workspace = Edges::from([("a".into(), BTreeSet::new()), ("b".into(), BTreeSet::new())]);
        assert_eq!(compare(&map, &workspace).len(), 3);
    }
}
