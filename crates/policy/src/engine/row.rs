//! One row at a time: the meaning of every node written plainly.
//!
//! Explanations use it, and tests hold the column engine against it.

use std::cell::{OnceCell, RefCell};
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use kernel::DivisionCode;

use super::found::Found;
use super::{Dates, Determinations, calendar, whole};
use crate::column::{Column, ColumnData, Population, Table};
use crate::expr::{Expr, Fold, Inside, Node, Repr, Today};
use crate::program::{FactSpec, PartSpec, Program};
use crate::value::{Value, ValueType, days_of, pow10};

/// A value in the representation in which it is computed.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar {
    Null,
    Bit(bool),
    Whole(i64),
    Float(f64),
    Text(Arc<str>),
}

/// A row of a table.
#[derive(Clone, Copy)]
pub struct At<'a> {
    pub table: &'a Table,
    pub row: usize,
}

/// Evaluates single rows of a population on a date.
pub struct RowEngine<'a> {
    pub program: &'a Program,
    pub population: &'a Population,
    pub dates: Dates,
    /// The roots' codes as texts.
    roots: Vec<String>,
    /// The parameters' values on the day.
    parameters: OnceCell<Vec<Scalar>>,
    /// The column of each fact, where its entity's table has one.
    columns: OnceCell<Vec<Option<&'a Column>>>,
    /// Outcomes by rule and row, under what is assumed at the moment.
    outcomes: RefCell<BTreeMap<(usize, usize), Option<bool>>>,
    /// Parts (by class) taken as met for a row while asking what else could matter there.
    assumed: RefCell<Vec<(usize, u32)>>,
    /// What a run found of everyone, when nothing else is assumed.
    found: Option<Found<'a>>,
    /// What a household's members come to, by expression and household, under what is assumed at the moment.
    figures: RefCell<HashMap<(usize, u32), Scalar>>,
}

impl Scalar {
    #[must_use]
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(b) => Self::Bit(*b),
            Value::Int(n) | Value::Fen(n) | Value::Decimal { units: n, .. } => Self::Whole(*n),
            Value::Float(x) => Self::Float(*x),
            Value::Date(d) => Self::Whole(days_of(*d).into()),
            Value::Text(t) => Self::Text(Arc::clone(t)),
        }
    }

    /// A column's value of a row.
    fn read(column: &Column, row: usize) -> Self {
        if !column.is_known(row) {
            return Self::Null;
        }
        match column.data() {
            ColumnData::Bool(bits) => Self::Bit(bits.get(row)),
            ColumnData::I8(v) => Self::Whole(v[row].into()),
            ColumnData::I16(v) => Self::Whole(v[row].into()),
            ColumnData::I32(v) | ColumnData::Date(v) => Self::Whole(v[row].into()),
            ColumnData::I64(v) => Self::Whole(v[row]),
            ColumnData::F32(v) => Self::Float(v[row].into()),
            ColumnData::F64(v) => Self::Float(v[row]),
            ColumnData::Text { dictionary, codes } => Self::Text(Arc::clone(&dictionary[codes[row] as usize])),
        }
    }

    #[must_use]
    pub fn bit(&self) -> Option<bool> {
        if let Self::Bit(b) = self { Some(*b) } else { None }
    }

    #[must_use]
    pub fn is_null(&self) -> bool {
        *self == Self::Null
    }

    /// As a value of the type it was computed for.
    #[must_use]
    pub fn value(self, ty: ValueType) -> Value {
        match (self, ty) {
            (Self::Null, _) => Value::Null,
            (Self::Bit(b), _) => Value::Bool(b),
            (Self::Whole(n), ValueType::Fen) => Value::Fen(n),
            (Self::Whole(units), ValueType::Decimal(scale)) => Value::Decimal { units, scale },
            (Self::Whole(n), ValueType::Date) => {
                i32::try_from(n).map_or(Value::Null, |days| Value::Date(crate::value::date_of(days)))
            }
            (Self::Whole(n), _) => Value::Int(n),
            (Self::Float(x), _) => Value::Float(x),
            (Self::Text(t), _) => Value::Text(t),
        }
    }

    /// None when the two can't be compared: one is null, or not a number.
    fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Bit(a), Self::Bit(b)) => Some(a.cmp(b)),
            (Self::Whole(a), Self::Whole(b)) => Some(a.cmp(b)),
            (Self::Float(a), Self::Float(b)) => a.partial_cmp(b),
            (Self::Text(a), Self::Text(b)) => Some(a.as_bytes().cmp(b.as_bytes())),
            _ => None,
        }
    }
}

impl<'a> RowEngine<'a> {
    #[must_use]
    pub fn new(program: &'a Program, population: &'a Population, dates: Dates) -> Self {
        Self {
            program,
            population,
            dates,
            roots: texts(&program.roots),
            parameters: OnceCell::new(),
            columns: OnceCell::new(),
            outcomes: RefCell::default(),
            assumed: RefCell::default(),
            found: None,
            figures: RefCell::default(),
        }
    }

    /// The same where a run over this population on this day is at hand.
    #[must_use]
    pub fn knowing(program: &'a Program, population: &'a Population, found: &'a Determinations) -> Self {
        let new = Self::new(program, population, Dates::on(found.as_of));
        Self { found: Some(Found::new(program, population, found)), ..new }
    }

    /// Does the work with some parts taken as met for a row; groups that ask them again don't count them. What was
    /// found under other assumptions waits meanwhile.
    pub fn assuming<T>(&self, row: usize, classes: &[u32], work: impl FnOnce() -> T) -> T {
        if classes.is_empty() {
            return work();
        }
        let before = self.assumed.borrow().len();
        self.assumed.borrow_mut().extend(classes.iter().map(|class| (row, *class)));
        let (outcomes, figures) = (self.outcomes.take(), self.figures.take());
        let done = work();
        self.outcomes.replace(outcomes);
        self.figures.replace(figures);
        self.assumed.borrow_mut().truncate(before);
        done
    }

    /// Whether it is known that no rule stands inside a part.
    pub fn asks_no_rule(&self, part: &PartSpec) -> bool {
        self.found.as_ref().is_some_and(|found| found.asks_no_rule(part))
    }

    /// Whether it is known that a part is met, whatever is assumed of others.
    pub fn is_met_anyway(&self, part: &PartSpec, at: At<'_>) -> bool {
        self.asks_no_rule(part) && self.part(part, at) == Some(true)
    }

    pub fn is_assumed(&self, part: &PartSpec, at: At<'_>) -> bool {
        self.assumed.borrow().contains(&(at.row, part.class))
    }

    /// Forgets the outcomes of rows already answered; household figures stay.
    pub fn forget_rows(&self) {
        self.outcomes.borrow_mut().clear();
    }

    /// Three-valued outcome of a rule.
    pub fn outcome(&self, rule: usize, at: At<'_>) -> Option<bool> {
        let assuming = !self.assumed.borrow().is_empty();
        let found = self.found.as_ref().and_then(|found| found.outcome(rule, at, &self.assumed.borrow()));
        if let Some(outcome) = found {
            return outcome;
        }
        if let Some(known) = self.outcomes.borrow().get(&(rule, at.row)) {
            return *known;
        }
        let mut all = Some(true);
        for part in self.program.parts_of(&self.program.rules[rule]) {
            if assuming && self.is_assumed(part, at) {
                continue;
            }
            match self.part(part, at) {
                Some(false) => {
                    all = Some(false);
                    break;
                }
                Some(true) => {}
                None => all = None,
            }
        }
        self.outcomes.borrow_mut().insert((rule, at.row), all);
        all
    }

    /// Three-valued answer to a part of a rule.
    pub fn part(&self, part: &PartSpec, at: At<'_>) -> Option<bool> {
        let found = self.found.as_ref().and_then(|found| found.part(part, at, &self.assumed.borrow()));
        found.unwrap_or_else(|| self.eval(&part.when, at).bit())
    }

    /// A fact as given, else as derived.
    pub fn fact(&self, fact: usize, at: At<'_>) -> Scalar {
        let column =
            self.columns.get_or_init(|| self.program.facts.iter().map(|spec| self.column(spec)).collect())[fact];
        match column.map_or(Scalar::Null, |column| Scalar::read(column, at.row)) {
            Scalar::Null => {
                let derive = self.program.facts[fact].derive.as_ref();
                derive.map_or(Scalar::Null, |derive| self.eval(derive, at))
            }
            given => given,
        }
    }

    fn parameter(&self, index: usize) -> Scalar {
        let value = |index| Scalar::of(&self.program.parameter_on(index, self.dates.as_of));
        let all = || (0..self.program.parameters.len()).map(value).collect();
        self.parameters.get_or_init(all)[index].clone()
    }

    fn column(&self, spec: &FactSpec) -> Option<&'a Column> {
        self.population.table(&spec.entity)?.column(&spec.key).filter(|column| spec.is_held_by(column))
    }

    pub fn eval(&self, expr: &Expr, at: At<'_>) -> Scalar {
        match &expr.node {
            Node::Null => Scalar::Null,
            Node::Bool(b) => Scalar::Bit(*b),
            Node::Whole(n) => Scalar::Whole(*n),
            Node::Float(x) => Scalar::Float(*x),
            Node::Text(t) => Scalar::Text(Arc::clone(t)),
            Node::Fact(fact) => self.fact(*fact, at),
            Node::Param(index) => self.parameter(*index),
            Node::Today(which) => Scalar::Whole(days_of(self.dates.get(*which)).into()),
            Node::Rule(rule) => bit(self.outcome(*rule, at)),
            Node::Amount(rule) => self.amount(*rule, at),
            Node::Not(a) => bit(self.eval(a, at).bit().map(|b| !b)),
            Node::And(all) => self.kleene(all, at, false),
            Node::Or(all) => self.kleene(all, at, true),
            Node::Compare(op, a, b) => bit(self.eval(a, at).order(&self.eval(b, at)).map(|order| op.holds(order))),
            Node::In(x, items) => self.is_in(x, items, at),
            Node::IsNull(a) => Scalar::Bit(self.eval(a, at).is_null()),
            Node::Is(wanted, a) => Scalar::Bit(self.eval(a, at).bit() == Some(*wanted)),
            Node::Case(arms, otherwise) => {
                let arm = arms.iter().find(|(when, _)| self.eval(when, at).bit() == Some(true));
                let chosen = arm.map(|(_, then)| then).or(otherwise.as_deref());
                chosen.map_or(Scalar::Null, |expr| self.eval(expr, at))
            }
            Node::Coalesce(all) => {
                all.iter().map(|item| self.eval(item, at)).find(|value| !value.is_null()).unwrap_or(Scalar::Null)
            }
            Node::Least(all) => self.extreme(all, at, Ordering::Less),
            Node::Greatest(all) => self.extreme(all, at, Ordering::Greater),
            Node::Arith(op, a, b) => match (self.eval(a, at), self.eval(b, at)) {
                (Scalar::Whole(a), Scalar::Whole(b)) => whole(whole::arith(*op, a, b)),
                (Scalar::Float(a), Scalar::Float(b)) => {
                    whole::arith_float(*op, a, b).map_or(Scalar::Null, Scalar::Float)
                }
                _ => Scalar::Null,
            },
            Node::ToFloat(a, scale) => match self.eval(a, at) {
                #[expect(clippy::cast_precision_loss, reason = "a float is asked for")]
                Scalar::Whole(n) => Scalar::Float(n as f64 / pow10(*scale) as f64),
                _ => Scalar::Null,
            },
            Node::ScaleUp(a, by) => match self.eval(a, at) {
                Scalar::Whole(n) => whole(n.checked_mul(pow10(*by))),
                _ => Scalar::Null,
            },
            Node::Round(rounding, a) => match self.eval(a, at) {
                Scalar::Whole(n) => whole(whole::round_whole(*rounding, n)),
                Scalar::Float(x) => whole(whole::round_float(*rounding, x)),
                _ => Scalar::Null,
            },
            Node::Date(which, args) => {
                let a = self.eval(&args[0], at);
                let b = args.get(1).map_or(Scalar::Whole(0), |b| self.eval(b, at));
                match (a, b) {
                    (Scalar::Whole(a), Scalar::Whole(b)) => whole(calendar::call(*which, a, b)),
                    _ => Scalar::Null,
                }
            }
            Node::StartsWith(a, prefix) => self.on_text(a, at, |text| text.starts_with(&**prefix)),
            Node::InDivisions(a) => self.on_text(a, at, |text| in_divisions(&self.roots, text)),
            Node::Household(fold, a) => self.household(*fold, a, at),
            Node::Inside(inside, fold, a) => {
                let values = self.inside(*inside, at).into_iter().map(|row| self.eval(a, row));
                folded(*fold, a.repr(), values)
            }
        }
    }

    /// A household's figure; computed once for all its members, so that a dormitory of thousands is no burden.
    fn household(&self, fold: Fold, arg: &Expr, at: At<'_>) -> Scalar {
        let households = at.table.households();
        let members = households.with(at.row).iter();
        let figure = || folded(fold, arg.repr(), members.map(|row| self.eval(arg, At { row: *row as usize, ..at })));
        // Expressions live as long as their program, so that an address names one.
        let key = (std::ptr::from_ref(arg) as usize, households.group_of[at.row]);
        if let Some(known) = self.figures.borrow().get(&key) {
            return known.clone();
        }
        let figure = figure();
        self.figures.borrow_mut().insert(key, figure.clone());
        figure
    }

    /// The rows of another entity inside the division of this row.
    pub fn inside(&self, inside: Inside, at: At<'_>) -> Vec<At<'a>> {
        let (Some(table), Some(division)) = (self.population.table(inside.entity()), code_of(at)) else {
            return Vec::new();
        };
        let rows = (0..table.rows()).map(|row| At { table, row });
        rows.filter(|row| division_of(inside, *row).is_some_and(|own| division.contains(own))).collect()
    }

    fn amount(&self, rule: usize, at: At<'_>) -> Scalar {
        let Some(amount) = &self.program.rules[rule].amount else { return Scalar::Null };
        match self.outcome(rule, at) {
            Some(true) => self.eval(amount, at),
            Some(false) if amount.repr() == Repr::Float => Scalar::Float(0.0),
            Some(false) => Scalar::Whole(0),
            None => Scalar::Null,
        }
    }

    /// OR (`decides` true) or AND (false).
    fn kleene(&self, all: &[Expr], at: At<'_>, decides: bool) -> Scalar {
        let mut known = true;
        for expr in all {
            match self.eval(expr, at).bit() {
                Some(value) if value == decides => return Scalar::Bit(decides),
                Some(_) => {}
                None => known = false,
            }
        }
        if known { Scalar::Bit(!decides) } else { Scalar::Null }
    }

    fn is_in(&self, x: &Expr, items: &[Expr], at: At<'_>) -> Scalar {
        let x = self.eval(x, at);
        let mut known = !x.is_null();
        for item in items {
            match x.order(&self.eval(item, at)) {
                Some(Ordering::Equal) => return Scalar::Bit(true),
                Some(_) => {}
                None => known = false,
            }
        }
        if known { Scalar::Bit(false) } else { Scalar::Null }
    }

    fn extreme(&self, all: &[Expr], at: At<'_>, wanted: Ordering) -> Scalar {
        let mut values = all.iter().map(|expr| self.eval(expr, at));
        let first = values.next().unwrap_or(Scalar::Null);
        values.fold(first, |best, value| match value.order(&best) {
            None => Scalar::Null,
            Some(order) if order == wanted => value,
            Some(_) => best,
        })
    }

    fn on_text(&self, a: &Expr, at: At<'_>, test: impl Fn(&str) -> bool) -> Scalar {
        match self.eval(a, at) {
            Scalar::Text(text) => Scalar::Bit(test(&text)),
            _ => Scalar::Null,
        }
    }
}

impl Dates {
    pub(crate) fn get(&self, which: Today) -> kernel::Date {
        match which {
            Today::AsOf => self.as_of,
            Today::PeriodStart => self.period.0,
            Today::PeriodEnd => self.period.1,
        }
    }
}

/// Codes as they stand in columns.
pub fn texts(codes: &[DivisionCode]) -> Vec<String> {
    codes.iter().map(ToString::to_string).collect()
}

/// Whether a code lies inside one of the divisions; by its digits, so that databases can do the same.
pub fn in_divisions(roots: &[String], text: &str) -> bool {
    roots.iter().any(|root| text.starts_with(root.as_str()))
}

/// The facts that say where an entity's rows lie, the first known one counting: a person's residence, else hukou; a
/// division itself.
pub fn places_of(entity: &str) -> &'static [&'static str] {
    match entity {
        "person" => &["residence_division", "hukou_division"],
        "division" => &["code"],
        _ => &["division"],
    }
}

/// The code of a row of the division table.
pub fn code_of(at: At<'_>) -> Option<DivisionCode> {
    at.table.column("code")?.text(at.row)?.parse().ok()
}

/// In which division a row of another entity lies: a person's residence, else hukou; a place's division.
pub fn division_of(inside: Inside, at: At<'_>) -> Option<DivisionCode> {
    places_of(inside.entity())
        .iter()
        .find_map(|key| at.table.column(key)?.text(at.row))
        .and_then(|code| code.parse().ok())
}

/// The members' values as one.
pub fn folded(fold: Fold, repr: Repr, values: impl Iterator<Item = Scalar>) -> Scalar {
    let values: Vec<_> = values.collect();
    let unknown = values.iter().any(Scalar::is_null);
    let bits = |wanted: bool| values.iter().filter(|value| value.bit() == Some(wanted)).count();
    match fold {
        Fold::Any if bits(true) > 0 => Scalar::Bit(true),
        Fold::All if bits(false) > 0 => Scalar::Bit(false),
        _ if unknown => Scalar::Null,
        Fold::Any | Fold::All => Scalar::Bit(fold == Fold::All),
        Fold::Count => whole(i64::try_from(bits(true)).ok()),
        Fold::Sum if repr == Repr::Float => Scalar::Float(values.iter().map(float_of).sum()),
        Fold::Sum => whole(values.iter().try_fold(0_i64, |sum, value| sum.checked_add(whole_of(value)))),
        Fold::Min | Fold::Max => {
            let wanted = if fold == Fold::Min { Ordering::Less } else { Ordering::Greater };
            let better = |best: Scalar, value: Scalar| if value.order(&best) == Some(wanted) { value } else { best };
            values.into_iter().reduce(better).unwrap_or(Scalar::Null)
        }
    }
}

fn float_of(value: &Scalar) -> f64 {
    if let Scalar::Float(x) = value { *x } else { 0.0 }
}

fn whole_of(value: &Scalar) -> i64 {
    if let Scalar::Whole(n) = value { *n } else { 0 }
}

fn bit(value: Option<bool>) -> Scalar {
    value.map_or(Scalar::Null, Scalar::Bit)
}

fn whole(value: Option<i64>) -> Scalar {
    value.map_or(Scalar::Null, Scalar::Whole)
}
