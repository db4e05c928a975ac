//! The spec: which columns are compared how, which rows meet at all, what is written.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::compare::{Kind, swapped_levels};
use crate::keys::Transform;

/// A spec that was checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Spec {
    pub left_id: String,
    pub right_id: String,
    /// A column of the right file that says which source a row comes from; parameters are learned for each.
    pub source: Option<String>,
    /// Each left row is one person and each right row is one person: a row is linked at most once.
    pub one_to_one: bool,
    pub fields: Vec<Field>,
    pub blocks: Vec<Block>,
    /// Parts by which a block that is too large is split, one after the other.
    pub split: Vec<Part>,
    /// Left rows a block may hold before it is split.
    pub largest_block: usize,
    /// Pairs with at least this probability are written.
    pub report: f64,
    /// Pairs with at least this probability are one person.
    pub link: f64,
    /// Cells that mean "absent".
    pub absent: Vec<String>,
}

/// One comparison: a column of the left file against one of the right file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    pub kind: Kind,
    pub left: String,
    pub right: String,
    /// Relatives and housemates agree on it more often than strangers.
    pub shared: bool,
    /// A rare value says more than a common one.
    pub frequency: bool,
    /// The field whose column is sometimes filled with this one's value.
    pub swaps_with: Option<usize>,
    /// A field compared before that this one lies within, as an address in a village: what agreement means depends
    /// on whether that one agrees.
    pub within: Option<usize>,
}

/// Rows meet that agree on every part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    pub on: Vec<Part>,
}

/// A field, or something made from its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    pub field: usize,
    pub transform: Transform,
}

/// A fault of a spec, with its place and the remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {cause}; {remedy}")]
pub struct SpecFault {
    pub place: String,
    pub cause: String,
    pub remedy: String,
}

#[derive(Deserialize)]
struct Raw {
    id: Option<String>,
    left_id: Option<String>,
    right_id: Option<String>,
    source: Option<String>,
    #[serde(default)]
    one_to_one: bool,
    #[serde(default)]
    compare: Vec<RawField>,
    #[serde(default)]
    block: Vec<RawBlock>,
    #[serde(default)]
    split: Vec<String>,
    largest_block: Option<i64>,
    report: Option<f64>,
    link: Option<f64>,
    #[serde(default)]
    absent: Vec<String>,
    #[serde(flatten)]
    unknown: BTreeMap<String, toml::Value>,
}

#[derive(Deserialize)]
struct RawField {
    name: Option<String>,
    kind: Option<String>,
    column: Option<String>,
    left: Option<String>,
    right: Option<String>,
    #[serde(default)]
    shared: bool,
    frequency: Option<bool>,
    swaps_with: Option<String>,
    within: Option<String>,
    #[serde(flatten)]
    unknown: BTreeMap<String, toml::Value>,
}

#[derive(Deserialize)]
struct RawBlock {
    #[serde(default)]
    on: Vec<String>,
    #[serde(flatten)]
    unknown: BTreeMap<String, toml::Value>,
}

/// Gathers faults while the spec is read.
#[derive(Default)]
struct Faults(Vec<SpecFault>);

impl Faults {
    fn add(&mut self, place: impl Into<String>, cause: impl Into<String>, remedy: impl Into<String>) {
        self.0.push(SpecFault { place: place.into(), cause: cause.into(), remedy: remedy.into() });
    }

    fn unknown(&mut self, place: &str, unknown: &BTreeMap<String, toml::Value>, known: &str) {
        for key in unknown.keys() {
            self.add(place, format!("unknown key {key}"), format!("known keys are {known}"));
        }
    }
}

impl Spec {
    /// Reads and checks a spec.
    ///
    /// # Errors
    /// Every fault at once.
    pub fn parse(text: &str) -> Result<Self, Vec<SpecFault>> {
        let raw: Raw = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
            let cause = error.message().to_owned();
            vec![SpecFault { place: format!("line {line}"), cause, remedy: "write it as TOML".to_owned() }]
        })?;
        let mut faults = Faults::default();
        faults.unknown(
            "spec",
            &raw.unknown,
            "id, left_id, right_id, source, one_to_one, compare, block, split, largest_block, report, link, absent",
        );
        let fields = fields(&raw.compare, &mut faults);
        let names: BTreeMap<&str, usize> = fields.iter().enumerate().map(|(at, f)| (f.name.as_str(), at)).collect();
        let mut blocks = Vec::new();
        for (at, block) in raw.block.iter().enumerate() {
            let place = format!("block {}", at + 1);
            faults.unknown(&place, &block.unknown, "on");
            if block.on.is_empty() {
                faults.add(&place, "on names no field", "name at least one, as in on = [\"name\", \"birth:year\"]");
            }
            let on = block.on.iter().filter_map(|text| part(text, &names, &fields, &place, &mut faults)).collect();
            blocks.push(Block { on });
        }
        if raw.block.is_empty() {
            faults.add("spec", "no block is given", "add [[block]] with on = [fields two rows must agree on to meet]");
        }
        let split = raw.split.iter().filter_map(|text| part(text, &names, &fields, "split", &mut faults)).collect();
        let probability = |name: &str, value: Option<f64>, default: f64, faults: &mut Faults| {
            let value = value.unwrap_or(default);
            if !(0.0..=1.0).contains(&value) {
                faults.add(name, format!("{value} is no probability"), "give a number from 0 to 1");
            }
            value
        };
        let report = probability("report", raw.report, 0.01, &mut faults);
        let link = probability("link", raw.link, 0.5, &mut faults);
        let largest = raw.largest_block.unwrap_or(50);
        if !(1..=100_000).contains(&largest) {
            faults.add("largest_block", format!("{largest} rows"), "give a number from 1 to 100000");
        }
        let id = raw.id.unwrap_or_else(|| "id".to_owned());
        if !faults.0.is_empty() {
            return Err(faults.0);
        }
        Ok(Self {
            left_id: raw.left_id.unwrap_or_else(|| id.clone()),
            right_id: raw.right_id.unwrap_or(id),
            source: raw.source,
            one_to_one: raw.one_to_one,
            fields,
            blocks,
            split,
            largest_block: usize::try_from(largest).unwrap_or(50),
            report,
            link,
            absent: raw.absent,
        })
    }
}

fn fields(raw: &[RawField], faults: &mut Faults) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    let mut seen = BTreeSet::new();
    if raw.is_empty() {
        faults.add("spec", "nothing is compared", "add [[compare]] with name and kind");
    }
    if raw.len() > 32 {
        faults.add("spec", format!("{} columns are compared", raw.len()), "compare at most 32");
    }
    for (at, field) in raw.iter().enumerate() {
        let place = field.name.as_ref().map_or_else(|| format!("compare {}", at + 1), |name| format!("compare {name}"));
        faults.unknown(
            &place,
            &field.unknown,
            "name, kind, column, left, right, shared, frequency, swaps_with, within",
        );
        let name = field.name.clone().or_else(|| field.column.clone()).unwrap_or_default();
        if name.is_empty() || name.contains(':') {
            faults.add(&place, "a comparison needs a name without a colon", "add name = \"…\"");
        }
        if !seen.insert(name.clone()) {
            faults.add(&place, "two comparisons have this name", "give each its own");
        }
        let kind = field.kind.as_deref().and_then(|kind| toml::Value::String(kind.to_owned()).try_into::<Kind>().ok());
        if kind.is_none() {
            let cause =
                field.kind.as_ref().map_or("no kind is given".to_owned(), |kind| format!("unknown kind {kind}"));
            faults.add(&place, cause, format!("kinds are {}", Kind::NAMES.join(", ")));
        }
        let column = |side: &Option<String>| side.clone().or_else(|| field.column.clone()).unwrap_or(name.clone());
        fields.push(Field {
            left: column(&field.left),
            right: column(&field.right),
            kind: kind.unwrap_or(Kind::Exact),
            shared: field.shared,
            frequency: field.frequency.unwrap_or(true),
            swaps_with: None,
            within: None,
            name,
        });
    }
    for (at, field) in raw.iter().enumerate() {
        let Some(outer) = &field.within else { continue };
        let place = format!("compare {}", fields[at].name);
        match fields[..at].iter().position(|f| f.name == *outer) {
            Some(outer) if fields[outer].within.is_some() || field.swaps_with.is_some() => {
                let cause = "lies within a column that lies within another, or is one that is swapped";
                faults.add(&place, cause, "take within away");
            }
            Some(outer) => fields[at].within = Some(outer),
            None => faults.add(&place, format!("{outer} is not compared before it"), "name an earlier comparison"),
        }
    }
    for (at, field) in raw.iter().enumerate() {
        let Some(other) = &field.swaps_with else { continue };
        let place = format!("compare {}", fields[at].name);
        match fields.iter().position(|f| f.name == *other) {
            Some(other) if other == at => faults.add(&place, "swaps with itself", "name another comparison"),
            Some(other) if fields[other].kind != fields[at].kind || swapped_levels(fields[at].kind).is_none() => {
                faults.add(&place, "only two columns of kind name_latin can be swapped", "take swaps_with away");
            }
            Some(other) if fields[other].swaps_with.is_some_and(|back| back != at) => {
                faults.add(&place, "the other column swaps with a third", "pair columns two by two");
            }
            Some(other) => {
                fields[at].swaps_with = Some(other);
                fields[other].swaps_with = Some(at);
            }
            None => faults.add(&place, format!("swaps with {other}, which is not compared"), "name a comparison"),
        }
    }
    fields
}

fn part(text: &str, names: &BTreeMap<&str, usize>, fields: &[Field], place: &str, faults: &mut Faults) -> Option<Part> {
    let (name, transform) = text.split_once(':').map_or((text, None), |(name, rest)| (name, Some(rest)));
    let Some(field) = names.get(name).copied() else {
        faults.add(place, format!("{name} is not compared"), "name a comparison, as in \"name\" or \"name:first3\"");
        return None;
    };
    let transform = match transform {
        None => Some(Transform::Whole),
        Some(word) => Transform::parse(word).filter(|transform| transform.fits(fields[field].kind)),
    };
    if transform.is_none() {
        faults.add(
            place,
            format!("{text}: no such key of this kind"),
            format!("after the colon: {}", Transform::WORDS),
        );
    }
    Some(Part { field, transform: transform? })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
        id = "rec"
        one_to_one = true
        [[compare]]
        name = "given"
        kind = "name_latin"
        swaps_with = "surname"
        [[compare]]
        name = "surname"
        kind = "name_latin"
        shared = true
        [[compare]]
        name = "birth"
        kind = "date"
        left = "dob"
        right = "birthday"
        [[block]]
        on = ["given:first3", "birth:year"]
    "#;

    #[test]
    fn a_good_spec_is_read() {
        let spec = Spec::parse(GOOD).unwrap();
        assert_eq!(spec.left_id, "rec");
        assert_eq!((spec.fields[2].left.as_str(), spec.fields[2].right.as_str()), ("dob", "birthday"));
        assert_eq!(spec.fields[1].swaps_with, Some(0));
        assert_eq!(spec.blocks[0].on[1], Part { field: 2, transform: Transform::Year });
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let bad = r#"
            colour = "red"
            report = 3.0
            split = ["moon"]
            [[compare]]
            name = "given"
            kind = "name_klingon"
            [[compare]]
            name = "given"
            kind = "date"
            swaps_with = "nobody"
            within = "county"
            [[block]]
            on = ["given:sideways"]
            [[block]]
        "#;
        let faults: Vec<String> = Spec::parse(bad).unwrap_err().iter().map(ToString::to_string).collect();
        for part in [
            "colour",
            "3 is no",
            "moon",
            "klingon",
            "two comparisons",
            "nobody",
            "county",
            "sideways",
            "names no field",
        ] {
            assert!(faults.iter().any(|fault| fault.contains(part)), "{part}: {faults:#?}");
        }
    }

    #[test]
    fn what_is_no_toml_is_told_with_its_line() {
        assert_eq!(Spec::parse("id = \"a\"\n[[compare").unwrap_err()[0].place, "line 2");
    }
}
