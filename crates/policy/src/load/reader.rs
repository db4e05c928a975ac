//! Reads one TOML table field by field and keeps every fault instead of stopping at the first.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;

use kernel::{Bilingual, Date};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::raw::FileText;
use crate::fault::PackFault;
use crate::model::{Count, Position, SqlText};

/// Faults of all files, in the order they are found.
pub type Faults = RefCell<Vec<PackFault>>;

/// A value of a TOML file with its place.
#[derive(Clone, Copy)]
pub struct Item<'a> {
    pub value: &'a Spanned<DeValue<'a>>,
    pub file: &'a FileText<'a>,
    pub faults: &'a Faults,
}

/// A table whose keys are ticked off as they are read; `finish` reports the rest as unknown.
pub struct Fields<'a> {
    table: &'a DeTable<'a>,
    /// What the table is, for messages: `[[group]]`.
    what: String,
    span: Range<usize>,
    file: &'a FileText<'a>,
    faults: &'a Faults,
    read: BTreeSet<&'static str>,
}

impl<'a> Item<'a> {
    pub fn at(&self) -> Position {
        self.file.position(self.value.span().start)
    }

    pub fn fault(&self, code: &'static str, message: impl Into<String>, remedy: impl Into<String>) {
        self.faults.borrow_mut().push(PackFault::at(&self.at(), code, message, remedy));
    }

    pub fn wrong_type(&self, wanted: &str) {
        let found = self.value.get_ref().type_str();
        self.fault("wrong_type", format!("{wanted} expected, found {found}"), format!("write {wanted}"));
    }

    pub fn text(&self) -> Option<String> {
        match self.value.get_ref() {
            DeValue::String(text) => Some(text.to_string()),
            _ => {
                self.wrong_type("a text in quotes");
                None
            }
        }
    }

    pub fn sql(&self) -> Option<SqlText> {
        self.text().map(|text| self.file.sql(self.value.span(), &text))
    }

    pub fn integer(&self) -> Option<i64> {
        if let DeValue::Integer(number) = self.value.get_ref()
            && let Ok(number) = i64::from_str_radix(number.as_str(), number.radix())
        {
            return Some(number);
        }
        self.wrong_type("a whole number");
        None
    }

    pub fn number(&self) -> Option<f64> {
        let text = match self.value.get_ref() {
            DeValue::Integer(number) if number.radix() == 10 => number.as_str(),
            DeValue::Float(number) => number.as_str(),
            _ => "",
        };
        let number = text.parse().ok().filter(|n: &f64| n.is_finite());
        if number.is_none() {
            self.wrong_type("a number");
        }
        number
    }

    pub fn boolean(&self) -> Option<bool> {
        if let DeValue::Boolean(value) = self.value.get_ref() {
            return Some(*value);
        }
        self.wrong_type("true or false");
        None
    }

    /// A TOML date, or the same in quotes.
    pub fn date(&self) -> Option<Date> {
        let text = match self.value.get_ref() {
            DeValue::Datetime(value) => value.to_string(),
            DeValue::String(text) => text.to_string(),
            _ => String::new(),
        };
        let date = kernel::parse_date(&text).ok();
        if date.is_none() {
            self.wrong_type("a date such as 2024-11-07");
        }
        date
    }

    pub fn list(&self) -> Vec<Item<'a>> {
        if let DeValue::Array(values) = self.value.get_ref() {
            return values.iter().map(|value| Item { value, ..*self }).collect();
        }
        self.wrong_type("a list in [ ]");
        Vec::new()
    }

    pub fn fields(&self, what: impl Into<String>) -> Option<Fields<'a>> {
        if let DeValue::Table(table) = self.value.get_ref() {
            return Some(Fields::new(table, what, self.value.span(), self.file, self.faults));
        }
        self.wrong_type("a table");
        None
    }

    pub fn label(&self) -> Option<Bilingual> {
        if let DeValue::Table(_) = self.value.get_ref() {
            let mut fields = self.fields("label")?;
            let label = fields.own_label();
            fields.finish();
            return Some(label);
        }
        self.wrong_type("a text in both languages { zh = \"…\", en = \"…\" }");
        None
    }

    /// A label, or one text that serves for both languages (a code, a proper name).
    pub fn words(&self) -> Option<Bilingual> {
        if let DeValue::String(text) = self.value.get_ref() {
            return Some(Bilingual { zh: text.to_string(), en: text.to_string() });
        }
        self.label()
    }

    pub fn count(&self) -> Option<Count> {
        match self.value.get_ref() {
            DeValue::String(id) => Some(Count::Parameter(id.to_string(), self.at())),
            DeValue::Integer(_) => self.integer().map(Count::Number),
            _ => {
                self.wrong_type("a whole number or the id of a parameter");
                None
            }
        }
    }
}

impl<'a> Fields<'a> {
    pub fn new(
        table: &'a DeTable<'a>,
        what: impl Into<String>,
        span: Range<usize>,
        file: &'a FileText<'a>,
        faults: &'a Faults,
    ) -> Self {
        Self { table, what: what.into(), span, file, faults, read: BTreeSet::new() }
    }

    pub fn at(&self) -> Position {
        self.file.position(self.span.start)
    }

    pub fn fault(&self, code: &'static str, message: impl Into<String>, remedy: impl Into<String>) {
        self.faults.borrow_mut().push(PackFault::at(&self.at(), code, message, remedy));
    }

    pub fn fault_at(&self, at: &Position, code: &'static str, message: impl Into<String>, remedy: impl Into<String>) {
        self.faults.borrow_mut().push(PackFault::at(at, code, message, remedy));
    }

    /// The value of a key that may be absent.
    pub fn opt(&mut self, key: &'static str) -> Option<Item<'a>> {
        self.read.insert(key);
        self.table.get(key).map(|value| Item { value, file: self.file, faults: self.faults })
    }

    /// The value of a key that must stand there.
    pub fn need(&mut self, key: &'static str) -> Option<Item<'a>> {
        let item = self.opt(key);
        if item.is_none() {
            self.fault("missing_key", format!("{} has no `{key}`", self.what), format!("add `{key} = …`"));
        }
        item
    }

    pub fn text(&mut self, key: &'static str) -> String {
        let item = self.need(key);
        let text = item.and_then(|i| i.text());
        if let (Some(item), Some("")) = (item, text.as_deref()) {
            item.fault("empty_text", format!("`{key}` is empty"), "write it or leave the line out");
        }
        text.unwrap_or_default()
    }

    pub fn opt_text(&mut self, key: &'static str) -> Option<String> {
        self.opt(key)?.text()
    }

    pub fn label(&mut self, key: &'static str) -> Bilingual {
        self.need(key).and_then(|i| i.label()).unwrap_or_default()
    }

    pub fn opt_label(&mut self, key: &'static str) -> Option<Bilingual> {
        self.opt(key)?.label()
    }

    /// `zh` and `en` that stand in this very table.
    pub fn own_label(&mut self) -> Bilingual {
        let mut one = |key| match self.opt(key) {
            Some(item) => {
                let text = item.text().unwrap_or_default();
                if text.trim().is_empty() {
                    item.fault("missing_label", format!("the label's `{key}` is empty"), "give both zh and en");
                }
                text
            }
            None => {
                self.fault("missing_label", format!("{} has no `{key}`", self.what), "give both zh and en");
                String::new()
            }
        };
        Bilingual { zh: one("zh"), en: one("en") }
    }

    pub fn texts(&mut self, key: &'static str) -> Vec<String> {
        self.items(key).iter().filter_map(Item::text).collect()
    }

    /// The elements of a list; none when the key is absent.
    pub fn items(&mut self, key: &'static str) -> Vec<Item<'a>> {
        self.opt(key).map(|i| i.list()).unwrap_or_default()
    }

    /// One of a fixed set of words.
    pub fn word<T: Copy>(&mut self, key: &'static str, words: &[(&str, T)]) -> Option<T> {
        let item = self.need(key)?;
        one_of(item, words)
    }

    pub fn opt_word<T: Copy>(&mut self, key: &'static str, words: &[(&str, T)]) -> Option<T> {
        let item = self.opt(key)?;
        one_of(item, words)
    }

    /// The keys in file order; for tables whose keys are ids.
    pub fn entries(&mut self) -> Vec<(String, Position, Item<'a>)> {
        let mut all: Vec<_> = self.table.iter().collect();
        all.sort_by_key(|(key, _)| key.span().start);
        all.into_iter()
            .map(|(key, value)| {
                let item = Item { value, file: self.file, faults: self.faults };
                (key.get_ref().to_string(), self.file.position(key.span().start), item)
            })
            .collect()
    }

    /// Reports the keys nobody asked for.
    pub fn finish(self) {
        for (key, _) in self.table {
            let name = key.get_ref().as_ref();
            if !self.read.contains(name) {
                let at = self.file.position(key.span().start);
                let known: Vec<_> = self.read.iter().copied().collect();
                let fault = PackFault::at(
                    &at,
                    "unknown_key",
                    format!("{} has no key `{name}`", self.what),
                    format!("remove it or use one of: {}", known.join(", ")),
                );
                self.faults.borrow_mut().push(fault);
            }
        }
    }
}

pub fn one_of<T: Copy>(item: Item<'_>, words: &[(&str, T)]) -> Option<T> {
    let text = item.text()?;
    let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
    if found.is_none() {
        let known: Vec<_> = words.iter().map(|(word, _)| *word).collect();
        item.fault("unknown_word", format!("`{text}` is not known here"), format!("use one of: {}", known.join(", ")));
    }
    found
}
