//! A whole row: every cell read, every fault kept, the values put in the order of the statement.

use std::sync::Arc;

use kernel::{Date, IdNumber, IdNumberFault, parse_date};

use super::cell::{self, Context};
use super::{DivisionNames, FaultCode, RowFault, SEPARATOR, mask};
use crate::reading::{Cells, Header};
use crate::sources::{Column, Entity, Gives, Source};

/// Reads the rows of one list.
pub struct RowReader<'s> {
    source: &'s Source,
    divisions: Arc<DivisionNames>,
    list_date: Date,
    plain: Vec<usize>,
    sealed: Vec<usize>,
    sub_key: Vec<usize>,
    thing_key: Vec<usize>,
    birth_date: Option<usize>,
}

/// An ID number as a row gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum IdCell {
    /// The list has no such column.
    #[default]
    None,
    Sound(IdNumber),
    Faulty(FaultCode),
}

/// A row after checking. Values are canonical; empty is not known.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    pub row: u64,
    pub id: IdCell,
    pub kin: IdCell,
    pub name: String,
    pub kin_name: String,
    pub phone: String,
    pub address: String,
    /// Plain facts in the source's order, parted by [`SEPARATOR`].
    pub plain: String,
    /// Sealed facts likewise; empty when none is known.
    pub sealed: String,
    pub valid_from: Option<Date>,
    /// First day on which the row holds no more.
    pub valid_until: Option<Date>,
    /// What tells several rows of one subject apart.
    pub sub_key: String,
    pub thing_key: String,
    /// One bit for every column of the source that says something, the first column lowest.
    pub filled: u128,
    pub faults: Vec<RowFault>,
}

impl<'s> RowReader<'s> {
    #[must_use]
    pub fn new(source: &'s Source, divisions: &Arc<DivisionNames>, list_date: Date) -> Self {
        let gives_fact = |sealed: bool| {
            move |(_, column): &(usize, &Column)| {
                column.gives.iter().any(|g| matches!(g, Gives::Fact(fact) if fact.sealed == sealed))
            }
        };
        let indexed = || source.columns.iter().enumerate();
        let place = |given: &Gives| source.columns.iter().position(|c| c.gives.contains(given));
        let giving = |given: &[Gives]| given.iter().filter_map(place).collect();
        let of_relation = indexed().filter(|(_, c)| c.gives == [Gives::KinRelation]).map(|(i, _)| i);
        Self {
            source,
            divisions: Arc::clone(divisions),
            list_date,
            plain: indexed().filter(gives_fact(false)).map(|(i, _)| i).chain(of_relation).collect(),
            sealed: indexed().filter(gives_fact(true)).map(|(i, _)| i).collect(),
            sub_key: giving(&source.sub_key),
            thing_key: giving(&source.thing_key),
            birth_date: source.columns.iter().position(|c| c.gives.iter().any(|g| g.name() == "birth_date")),
        }
    }

    /// Keys of the plain values of a row, in order.
    pub fn plain_keys(&self) -> impl Iterator<Item = &str> + Clone {
        self.plain.iter().map(|i| fact_key(&self.source.columns[*i]))
    }

    /// Keys of the sealed values of a row, in order.
    pub fn sealed_keys(&self) -> impl Iterator<Item = &str> {
        self.sealed.iter().map(|i| fact_key(&self.source.columns[*i]))
    }

    /// Reads a row; what is wrong with it is among its faults.
    #[must_use]
    pub(crate) fn read(&self, header: &Header, row: u64, cells: Cells<'_>, values: &mut Values) -> Checked {
        let mut checked = Checked { row, ..Checked::default() };
        values.clear();
        if cells.iter().skip(header.names.len()).any(|cell| !cell.trim().is_empty()) {
            checked.faults.push(RowFault::new(row, "", String::new(), FaultCode::TooManyCells));
        }
        for (index, column) in self.source.columns.iter().enumerate() {
            let raw = header.cell_of[index].and_then(|cell| cells.get(cell)).unwrap_or("");
            if column.gives == [Gives::Ignore] {
                values.skip();
                continue;
            }
            self.read_cell(column, raw, values, &mut checked);
        }
        self.compare_birth_date(values, header, cells, &mut checked);
        checked.filled = values.filled;
        checked.plain = values.join(&self.plain);
        if self.sealed.iter().any(|i| !values.get(*i).is_empty()) {
            checked.sealed = values.join(&self.sealed);
        }
        checked.sub_key = values.join(&self.sub_key);
        checked.thing_key = values.join(&self.thing_key);
        checked
    }

    fn read_cell(&self, column: &Column, raw: &str, values: &mut Values, checked: &mut Checked) {
        let context = Context {
            divisions: &self.divisions,
            list_date: self.list_date,
            to_the_village: matches!(self.source.entity, Entity::Person),
        };
        let cell = match cell::clean(raw) {
            Ok(cell) => cell,
            Err(code) => {
                values.skip();
                checked.faults.push(fault(column, checked.row, raw, code));
                return;
            }
        };
        if !cell.is_empty() {
            values.count_filled();
        }
        if let [Gives::IdNumber | Gives::KinIdNumber, ..] = column.gives[..] {
            values.skip();
            let id = read_id(cell);
            if let IdCell::Faulty(code) = id {
                checked.faults.push(fault(column, checked.row, raw, code));
            }
            if column.gives[0] == Gives::IdNumber {
                checked.id = id
            } else {
                checked.kin = id
            }
            return;
        }
        if cell.is_empty() {
            values.skip();
            if column.required {
                checked.faults.push(fault(column, checked.row, raw, FaultCode::RequiredEmpty));
            }
            return;
        }
        let start = values.open();
        if let Err(code) = cell::canonical(column, cell, &context, &mut values.text) {
            values.text.truncate(start);
            let found = fault(column, checked.row, raw, code);
            let found = if code == FaultCode::UnknownCode { found.with_choices(&column.choices) } else { found };
            checked.faults.push(found);
        } else if cell::is_null(column, &values.text[start..]) {
            values.text.truncate(start);
            values.count_unknown();
        }
        values.close(start);
        self.put(column, &values.text[start..], checked);
    }

    /// Values that are no facts go to their own places.
    fn put(&self, column: &Column, form: &str, checked: &mut Checked) {
        if form.is_empty() {
            return;
        }
        for gives in &column.gives {
            match gives {
                Gives::Name => form.clone_into(&mut checked.name),
                Gives::KinName => form.clone_into(&mut checked.kin_name),
                Gives::Phone => form.clone_into(&mut checked.phone),
                Gives::Address => form.clone_into(&mut checked.address),
                Gives::ValidFrom => checked.valid_from = parse_date(form).ok(),
                Gives::EndedOn => checked.valid_until = parse_date(form).ok(),
                Gives::ValidUntil => checked.valid_until = parse_date(form).ok().and_then(|last| last.succ_opt()),
                Gives::Fact(_) | Gives::IdNumber | Gives::KinIdNumber | Gives::KinRelation | Gives::Ignore => {}
            }
        }
    }

    fn compare_birth_date(&self, values: &Values, header: &Header, cells: Cells<'_>, checked: &mut Checked) {
        let (Some(index), IdCell::Sound(id)) = (self.birth_date, &checked.id) else { return };
        let said = values.get(index);
        if !said.is_empty() && parse_date(said).is_ok_and(|date| date != id.birth_date()) {
            let raw = header.cell_of[index].and_then(|cell| cells.get(cell)).unwrap_or("");
            let column = &self.source.columns[index];
            checked.faults.push(fault(column, checked.row, raw, FaultCode::BirthDateDiffers));
        }
    }
}

fn fact_key(column: &Column) -> &str {
    column.gives.first().map_or("", Gives::name)
}

fn fault(column: &Column, row: u64, raw: &str, code: FaultCode) -> RowFault {
    RowFault::new(row, &column.name, mask(&column.gives, raw), code)
}

fn read_id(cell: &str) -> IdCell {
    if cell.is_empty() {
        return IdCell::Faulty(FaultCode::IdNumberMissing);
    }
    match IdNumber::parse(cell) {
        Ok(id) => IdCell::Sound(id),
        Err(_) if is_rounded(cell) => IdCell::Faulty(FaultCode::IdNumberRounded),
        Err(IdNumberFault::Length) => IdCell::Faulty(FaultCode::IdNumberLength),
        Err(IdNumberFault::Character) => IdCell::Faulty(FaultCode::IdNumberCharacter),
        Err(IdNumberFault::BirthDate) => IdCell::Faulty(FaultCode::IdNumberBirthDate),
        Err(IdNumberFault::Checksum) => IdCell::Faulty(FaultCode::IdNumberChecksum),
    }
}

/// `6.53001E+17`: what a spreadsheet makes of an ID number.
fn is_rounded(cell: &str) -> bool {
    let Some((digits, exponent)) = cell.split_once(['E', 'e']) else { return false };
    digits.parse::<f64>().is_ok()
        && exponent.trim_start_matches('+').parse::<u8>().is_ok_and(|e| (14..=17).contains(&e))
}

/// The canonical forms of a row's cells, one after the other in one text; used again for every row.
#[derive(Default)]
pub(crate) struct Values {
    text: String,
    spans: Vec<(usize, usize)>,
    /// One bit a column, as in [`Checked::filled`].
    filled: u128,
}

impl Values {
    fn clear(&mut self) {
        self.text.clear();
        self.spans.clear();
        self.filled = 0;
    }

    fn skip(&mut self) {
        self.spans.push((self.text.len(), self.text.len()));
    }

    /// The column being read says something in this row.
    fn count_filled(&mut self) {
        self.filled |= self.bit();
    }

    /// What it says is that nobody knows.
    fn count_unknown(&mut self) {
        self.filled &= !self.bit();
    }

    fn bit(&self) -> u128 {
        u32::try_from(self.spans.len()).ok().and_then(|column| 1_u128.checked_shl(column)).unwrap_or(0)
    }

    fn open(&self) -> usize {
        self.text.len()
    }

    fn close(&mut self, start: usize) {
        self.spans.push((start, self.text.len()));
    }

    fn get(&self, column: usize) -> &str {
        self.spans.get(column).map_or("", |(start, end)| &self.text[*start..*end])
    }

    fn join(&self, columns: &[usize]) -> String {
        // Room for one value more: what the registry knows of the row's name or relation.
        let mut out = String::with_capacity(self.text.len() + columns.len() + 8);
        for (at, column) in columns.iter().enumerate() {
            if at > 0 {
                out.push(SEPARATOR);
            }
            out.push_str(self.get(*column));
        }
        out
    }
}
