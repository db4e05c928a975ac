//! The departments' lists as the packs describe them: columns, other names of columns, ways to write a value.
//!
//! Only what is needed to write a list is read; the registry's own reader checks the file in full.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::SynthFault;

/// `sources.toml` with the codes of `facts.toml`.
#[derive(Clone, Debug)]
pub struct Catalogue {
    sources: BTreeMap<String, Source>,
}

#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// Chinese.
    pub label: String,
    pub columns: Vec<Column>,
}

/// One column and the ways its values may be written.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub name: String,
    pub aliases: Vec<String>,
    pub gives: Vec<String>,
    /// Plain value -> other spellings, in the file's order of spelling.
    pub spellings: BTreeMap<String, Vec<String>>,
    /// Code -> Chinese label.
    pub labels: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct SourcesFile {
    source: Vec<RawSource>,
}

#[derive(Deserialize)]
struct RawSource {
    id: String,
    label: kernel::Bilingual,
    entity: String,
    #[serde(default)]
    column: Vec<RawColumn>,
}

#[derive(Deserialize)]
struct RawColumn {
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
    gives: Gives,
    #[serde(default)]
    values: toml::Table,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Gives {
    One(String),
    Several(Vec<String>),
}

#[derive(Deserialize)]
struct FactsFile {
    fact: Vec<RawFact>,
}

#[derive(Deserialize)]
struct RawFact {
    key: String,
    entity: String,
    #[serde(default)]
    codes: Vec<RawCode>,
}

#[derive(Deserialize)]
struct RawCode {
    value: toml::Value,
    zh: String,
}

impl Catalogue {
    /// Reads `national/sources.toml` and `national/facts.toml` under `packs`.
    ///
    /// # Errors
    /// `Pack` with the file and the cause.
    pub fn load(packs: &Path) -> Result<Self, SynthFault> {
        let sources: SourcesFile = read(&packs.join("national/sources.toml"))?;
        let facts: FactsFile = read(&packs.join("national/facts.toml"))?;
        let mut labels: BTreeMap<(String, String), BTreeMap<String, String>> = BTreeMap::new();
        for fact in facts.fact {
            let codes = fact.codes.into_iter().map(|code| (plain(&code.value), code.zh)).collect();
            labels.insert((fact.entity, fact.key), codes);
        }
        let sources = sources.source.into_iter().map(|source| {
            let columns = source.column.into_iter().map(|c| column(c, &source.entity, &labels)).collect();
            (source.id, Source { label: source.label.zh, columns })
        });
        Ok(Self { sources: sources.collect() })
    }

    pub(crate) fn source(&self, id: &str) -> Result<&Source, SynthFault> {
        self.sources.get(id).ok_or_else(|| SynthFault::NoSource { id: id.to_owned() })
    }
}

fn column(raw: RawColumn, entity: &str, labels: &BTreeMap<(String, String), BTreeMap<String, String>>) -> Column {
    let gives = match raw.gives {
        Gives::One(key) => vec![key],
        Gives::Several(keys) => keys,
    };
    let labels =
        gives.iter().find_map(|key| labels.get(&(entity.to_owned(), key.clone()))).cloned().unwrap_or_default();
    let mut spellings: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (written, value) in &raw.values {
        spellings.entry(plain(value)).or_default().push(written.clone());
    }
    Column { name: raw.name, aliases: raw.aliases, gives, spellings, labels }
}

fn plain(value: &toml::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, SynthFault> {
    let fault = |cause: String| SynthFault::Pack { path: path.to_owned(), cause };
    let text = std::fs::read_to_string(path).map_err(|e| fault(e.to_string()))?;
    toml::from_str(&text).map_err(|e| fault(e.message().to_owned()))
}
