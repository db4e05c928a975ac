//! `sources.toml` → [`Catalogue`], checked against the dictionary. All faults at once.

use std::collections::BTreeMap;

use kernel::Bilingual;
use policy::model::{Dictionary, Fact, Sensitivity};
use policy::value::{Value, ValueType};
use serde::Deserialize;

use super::{Catalogue, Column, Entity, FactColumn, Format, Gives, Mode, Own, ScopeBy, Source};

/// What is wrong with `sources.toml`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueFault {
    #[error("could not read {path}: {cause}")]
    File { path: String, cause: String },
    #[error("sources.toml: {0}")]
    Toml(String),
    #[error("source {source_id}: {cause}")]
    Source { source_id: String, cause: String },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    source: Vec<RawSource>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSource {
    id: String,
    label: Bilingual,
    department: String,
    entity: String,
    mode: String,
    order: i64,
    key: Vec<String>,
    scope_by: String,
    #[serde(default)]
    max_close_percent: f64,
    precedence: i64,
    #[serde(default)]
    creates: bool,
    #[serde(default)]
    stale_after_days: i64,
    #[serde(default)]
    list_date_from: String,
    #[serde(default)]
    own: bool,
    beside: Option<String>,
    #[serde(default)]
    presence: BTreeMap<String, toml::Value>,
    column: Vec<RawColumn>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawColumn {
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
    gives: OneOrMore,
    #[serde(default)]
    format: Option<String>,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    values: BTreeMap<String, toml::Value>,
    min: Option<toml::Value>,
    max: Option<toml::Value>,
    precedence: Option<i64>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl Catalogue {
    /// Reads `sources.toml` of the packs folder's national pack.
    ///
    /// # Errors
    /// Every fault of the file.
    pub fn load(path: &std::path::Path, dictionary: &Dictionary) -> Result<Self, Vec<CatalogueFault>> {
        let text = std::fs::read_to_string(path)
            .map_err(|e| vec![CatalogueFault::File { path: path.display().to_string(), cause: e.to_string() }])?;
        Self::parse(&text, dictionary)
    }

    /// As [`Catalogue::load`], from the text.
    ///
    /// # Errors
    /// As [`Catalogue::load`].
    pub fn parse(text: &str, dictionary: &Dictionary) -> Result<Self, Vec<CatalogueFault>> {
        let raw: RawFile = toml::from_str(text).map_err(|e| vec![CatalogueFault::Toml(e.to_string())])?;
        let mut faults = Vec::new();
        let mut sources: Vec<Source> = Vec::new();
        for raw in raw.source {
            let mut check = Check { id: raw.id.clone(), dictionary, faults: &mut faults };
            let source = check.source(raw);
            if sources.iter().any(|s| s.id == source.id) {
                check.fault("stands twice");
            }
            sources.push(source);
        }
        for source in &sources {
            let beside = source.own.as_ref().and_then(|own| own.beside.as_ref());
            let missing = beside.filter(|id| !sources.iter().any(|s| s.id == **id && s.entity == source.entity));
            if let Some(id) = missing {
                let cause = format!("beside names {id}, which is no list of the same entity");
                faults.push(CatalogueFault::Source { source_id: source.id.clone(), cause });
            }
        }
        sources.sort_by(|a, b| (a.order, &a.id).cmp(&(b.order, &b.id)));
        if faults.is_empty() { Ok(Self { sources }) } else { Err(faults) }
    }
}

/// Keys of own registers that no column gives.
const OWN_KEYS: [&str; 2] = ["person", "fact"];

struct Check<'a> {
    id: String,
    dictionary: &'a Dictionary,
    faults: &'a mut Vec<CatalogueFault>,
}

impl Check<'_> {
    fn fault(&mut self, cause: impl Into<String>) {
        self.faults.push(CatalogueFault::Source { source_id: self.id.clone(), cause: cause.into() });
    }

    fn source(&mut self, raw: RawSource) -> Source {
        let entity = match raw.entity.as_str() {
            "person" => Entity::Person,
            "kin" => Entity::Kin,
            "visit" => Entity::Visit,
            other => Entity::Thing(other.to_owned()),
        };
        if !raw.own && raw.list_date_from != "file_name" {
            self.fault("list_date_from must be file_name");
        }
        let own = self.own(&raw);
        let mode = match raw.mode.as_str() {
            "full" => Mode::Full,
            "delta" => Mode::Delta,
            other => {
                self.fault(format!("mode is full or delta, not {other}"));
                Mode::Delta
            }
        };
        let scope_by = match raw.scope_by.as_str() {
            "residence" => ScopeBy::Residence,
            "hukou" => ScopeBy::Hukou,
            "division" => ScopeBy::Division,
            "none" => ScopeBy::None,
            other => {
                self.fault(format!("scope_by is residence, hukou, division or none, not {other}"));
                ScopeBy::None
            }
        };
        let fact_entity = if entity == Entity::Kin { "person" } else { raw.entity.as_str() }.to_owned();
        let columns: Vec<Column> =
            raw.column.into_iter().map(|c| self.column(c, &entity, &fact_entity, raw.precedence)).collect();
        let presence = raw.presence.iter().filter_map(|(key, value)| {
            let fact = self.fact(&fact_entity, key, raw.precedence)?;
            let value = match value {
                toml::Value::Boolean(b) => Value::Bool(*b),
                toml::Value::Integer(n) => Value::Int(*n),
                toml::Value::String(s) => Value::text(s),
                _ => {
                    self.fault(format!("presence {key} is true, false, a number or a text"));
                    return None;
                }
            };
            Some(FactColumn { always: Some(value), ..fact })
        });
        let presence = presence.collect();
        let find = |key: &String| columns.iter().flat_map(|c| &c.gives).find(|g| g.name() == key).cloned();
        let named = |key: &&String| !(own.is_some() && OWN_KEYS.contains(&key.as_str()));
        let keys: Vec<Option<Gives>> = raw.key.iter().filter(named).map(find).collect();
        for (key, found) in raw.key.iter().filter(named).zip(&keys) {
            if found.is_none() {
                self.fault(format!("key {key} is given by no column"));
            }
        }
        let keys: Vec<Gives> = keys.into_iter().flatten().collect();
        let about_people = !matches!(entity, Entity::Thing(_));
        if about_people && own.is_none() && keys.first() != Some(&Gives::IdNumber) {
            self.fault("a list about people has id_number as its first key");
        }
        let subject = usize::from(own.is_none());
        let (sub_key, thing_key) =
            if about_people { (keys.into_iter().skip(subject).collect(), Vec::new()) } else { (Vec::new(), keys) };
        Source {
            id: raw.id,
            label: raw.label,
            department: raw.department,
            entity,
            mode,
            order: raw.order,
            sub_key,
            thing_key,
            scope_by,
            max_close_percent: raw.max_close_percent,
            precedence: raw.precedence,
            creates: raw.creates,
            stale_after_days: raw.stale_after_days,
            presence,
            columns,
            own,
        }
    }

    /// A register of the platform itself adds, creates nobody and says nothing by presence or silence.
    fn own(&mut self, raw: &RawSource) -> Option<Own> {
        if !raw.own {
            if raw.beside.is_some() {
                self.fault("beside belongs to own registers");
            }
            return None;
        }
        if !matches!(raw.entity.as_str(), "person" | "visit") {
            self.fault("an own register is about persons or their visits");
        }
        if raw.mode != "delta" || raw.scope_by != "none" || raw.creates || !raw.presence.is_empty() {
            self.fault("an own register has mode delta and scope_by none, and neither creates nor presence");
        }
        if raw.key.first().map(String::as_str) != Some("person") {
            self.fault("an own register has person as its first key");
        }
        let by_fact = raw.key.get(1).is_some_and(|key| key == "fact");
        Some(Own { by_fact, beside: raw.beside.clone() })
    }

    fn column(&mut self, raw: RawColumn, entity: &Entity, fact_entity: &str, precedence: i64) -> Column {
        let names = match raw.gives {
            OneOrMore::One(name) => vec![name],
            OneOrMore::More(names) => names,
        };
        let mut facts = Vec::new();
        let mut gives = Vec::new();
        for name in &names {
            let special = match name.as_str() {
                "id_number" => Some(Gives::IdNumber),
                "valid_from" => Some(Gives::ValidFrom),
                "valid_until" => Some(Gives::ValidUntil),
                "ended_on" => Some(Gives::EndedOn),
                "kin_id_number" => Some(Gives::KinIdNumber),
                "kin_name" => Some(Gives::KinName),
                "kin_relation" => Some(Gives::KinRelation),
                "ignore" => Some(Gives::Ignore),
                "name" if !matches!(entity, Entity::Thing(_)) => Some(Gives::Name),
                "phone" => Some(Gives::Phone),
                "address" => Some(Gives::Address),
                _ => None,
            };
            if let Some(special) = special {
                gives.push(special);
            } else if let Some(fact) = self.fact(fact_entity, name, raw.precedence.unwrap_or(precedence)) {
                facts.extend(self.dictionary.get(fact_entity, name));
                gives.push(Gives::Fact(fact));
            }
        }
        let format = self.format(&raw.name, raw.format.as_deref(), facts.first().copied());
        let (mut written, mut choices) = (BTreeMap::new(), Vec::new());
        if format == Format::Code {
            for code in facts.iter().flat_map(|f| &f.codes) {
                for form in [&code.value, &code.label.zh, &code.label.en] {
                    written.insert(form.clone(), code.value.clone());
                }
                choices.push(code.label.zh.clone());
            }
        }
        for (form, value) in raw.values {
            if choices.is_empty() || format != Format::Code || facts.is_empty() {
                choices.push(form.clone());
            }
            written.insert(form, canonical(&value));
        }
        if format == Format::Code && written.is_empty() {
            self.fault(format!("column {}: a code needs codes in facts.toml or values here", raw.name));
        }
        let not_after_list = raw.max.as_ref().and_then(toml::Value::as_str) == Some("list_date");
        let number = |value: Option<toml::Value>| match value {
            Some(toml::Value::Integer(n)) => Some(n as f64),
            Some(toml::Value::Float(x)) => Some(x),
            _ => None,
        };
        Column {
            name: raw.name,
            aliases: raw.aliases,
            gives,
            format,
            required: raw.required,
            written,
            choices,
            min: number(raw.min),
            max: number(raw.max),
            not_after_list,
        }
    }

    fn fact(&mut self, entity: &str, key: &str, precedence: i64) -> Option<FactColumn> {
        let Some(fact) = self.dictionary.get(entity, key) else {
            self.fault(format!("{key} is no fact of {entity} in facts.toml"));
            return None;
        };
        Some(FactColumn {
            key: key.to_owned(),
            value_type: fact.value_type,
            sealed: matches!(fact.sensitivity, Sensitivity::Answers | Sensitivity::Identity),
            precedence,
            always: None,
            nulls: fact.null_values.clone(),
        })
    }

    fn format(&mut self, column: &str, written: Option<&str>, fact: Option<&Fact>) -> Format {
        let of_type = match fact.map(|f| f.value_type) {
            Some(ValueType::Decimal(scale)) => Format::Decimal(scale),
            Some(ValueType::Float) => Format::Decimal(6),
            Some(ValueType::Date) => Format::Date,
            Some(ValueType::Bool) => Format::Bool,
            Some(ValueType::Int) => Format::Int,
            Some(ValueType::Fen) => Format::FenYuan,
            Some(ValueType::Text) | None => Format::Text,
        };
        match written {
            None => of_type,
            Some("text") => Format::Text,
            Some("int") => Format::Int,
            Some("decimal") => {
                if let Format::Decimal(scale) = of_type {
                    Format::Decimal(scale)
                } else {
                    Format::Decimal(2)
                }
            }
            Some("fen_yuan") => Format::FenYuan,
            Some("date") => Format::Date,
            Some("month") => Format::Month,
            Some("bool") => Format::Bool,
            Some("code") => Format::Code,
            Some("division") => Format::Division,
            Some("id_number") => Format::IdNumber,
            Some(other) => {
                self.fault(format!("column {column}: {other} is no format"));
                Format::Text
            }
        }
    }
}

/// The form a value has in a statement: `1`/`0` for truth, digits, text.
fn canonical(value: &toml::Value) -> String {
    match value {
        toml::Value::Boolean(b) => i64::from(*b).to_string(),
        toml::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
