//! From typed expressions to a plan over one table: facts become columns, parameters and dates become constants.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::plan::{DateTable, Id, Op, Plan, Term, TextTest};
use super::row::{At, RowEngine, Scalar, in_divisions, texts};
use super::{Dates, calendar, inside};
use crate::column::{ColumnData, Population, Table};
use crate::expr::{Arith, Comparison, DateCall, Expr, Node, Repr};
use crate::program::Program;
use crate::value::pow10;

/// Longest stretch of days for which a table of a date function is made: 230 years.
const LONGEST_TABLE: i64 = 84_000;

/// Whole numbers of fewer bits are exact as floats, and so are their sums and products that stay below.
const EXACT_BITS: u32 = 52;

/// Binds expressions of one entity.
pub struct Binder<'a> {
    pub program: &'a Program,
    pub population: &'a Population,
    pub dates: Dates,
    pub plan: Plan<'a>,
    rules: HashMap<usize, Id>,
    facts: HashMap<usize, Id>,
}

impl<'a> Binder<'a> {
    pub fn new(program: &'a Program, population: &'a Population, table: &'a Table, dates: Dates) -> Self {
        Self { program, population, dates, plan: Plan::new(table), rules: HashMap::new(), facts: HashMap::new() }
    }

    /// A rule's outcome: the AND of its parts, the population's taken together.
    pub fn rule(&mut self, rule: usize) -> Id {
        if let Some(id) = self.rules.get(&rule) {
            return *id;
        }
        let spec = &self.program.rules[rule];
        let mut all: Vec<_> = spec.parts.iter().map(|part| self.bind(&part.when)).collect();
        if spec.entity == "person" && !self.program.population.is_empty() {
            let scope = self.program.population.iter().map(|part| self.bind(&part.when)).collect();
            let scope = self.all(scope);
            all.insert(0, scope);
        }
        let id = self.all(all);
        self.rules.insert(rule, id);
        id
    }

    /// The AND of conditions.
    pub fn all(&mut self, all: Vec<Id>) -> Id {
        match all.as_slice() {
            [] => self.plan.node(Op::Bit(true), Repr::Bits),
            [one] => *one,
            _ => self.plan.node(Op::And(all), Repr::Bits),
        }
    }

    /// What a rule pays: nothing where it isn't met, null where that is not known.
    pub fn amount(&mut self, rule: usize) -> Option<Id> {
        let amount = self.program.rules[rule].amount.as_ref()?;
        let (met, paid) = (self.rule(rule), self.bind(amount));
        let repr = self.plan.reprs[paid];
        Some(self.plan.node(Op::Award(met, paid), repr))
    }

    pub fn bind(&mut self, expr: &Expr) -> Id {
        let repr = expr.repr();
        if is_constant(expr) {
            return self.constant(expr);
        }
        let op = match &expr.node {
            Node::Null | Node::Bool(_) | Node::Whole(_) | Node::Float(_) | Node::Text(_) => {
                return self.constant(expr);
            }
            Node::Param(_) | Node::Today(_) => return self.constant(expr),
            Node::Fact(fact) => return self.fact(*fact, repr),
            Node::Rule(rule) => return self.rule(*rule),
            Node::Amount(rule) => match self.amount(*rule) {
                Some(id) => return id,
                None => Op::Null(repr),
            },
            Node::Not(a) => Op::Not(self.bind(a)),
            Node::And(all) => Op::And(self.every(all)),
            Node::Or(all) => Op::Or(self.every(all)),
            Node::Compare(op, a, b) => return self.compare(*op, a, b),
            Node::In(x, items) => return self.is_in(x, items),
            Node::IsNull(a) => Op::IsNull(self.bind(a)),
            Node::Is(wanted, a) => Op::Is(*wanted, self.bind(a)),
            Node::Case(arms, otherwise) => {
                let arms = arms.iter().map(|(when, then)| (self.bind(when), self.bind(then))).collect();
                let last = match otherwise {
                    Some(expr) => self.bind(expr),
                    None => self.plan.node(Op::Null(repr), repr),
                };
                Op::Case(arms, last)
            }
            Node::Coalesce(all) => Op::Coalesce(self.every(all)),
            Node::Least(all) => return self.chain(all, repr, Op::Least),
            Node::Greatest(all) => return self.chain(all, repr, Op::Greatest),
            Node::Arith(op, a, b) => {
                let (a, b) = (self.bind(a), self.bind(b));
                self.summed(*op, a, b).unwrap_or(Op::Arith(*op, a, b))
            }
            Node::ToFloat(a, scale) => {
                let a = self.bind(a);
                return self.float_of(a, *scale);
            }
            Node::ScaleUp(a, by) => Op::ScaleUp(self.bind(a), *by),
            Node::Round(rounding, a) => Op::Round(*rounding, self.bind(a)),
            Node::Date(which, args) => return self.date(*which, args),
            Node::StartsWith(a, prefix) => return self.test(a, TextTest::StartsWith(Arc::clone(prefix))),
            Node::InDivisions(a) => return self.test(a, TextTest::InDivisions),
            Node::Household(fold, a) => {
                let arg = self.bind(a);
                return self.plan.fold(*fold, arg);
            }
            Node::Inside(which, fold, a) => {
                let context = (self.program, self.population, self.plan.table, self.dates);
                let column = inside::column(context, *which, *fold, a, expr);
                return self.plan.column(Cow::Owned(column));
            }
        };
        self.text_node(op, repr)
    }

    fn every(&mut self, all: &[Expr]) -> Vec<Id> {
        all.iter().map(|expr| self.bind(expr)).collect()
    }

    /// A float of a whole number; of a choice between whole numbers, the choice between floats. Calculations whose
    /// numbers all stay below 2^52 are done with floats, which then are exact, and faster.
    #[expect(clippy::cast_precision_loss, reason = "a float is asked for")]
    fn float_of(&mut self, a: Id, scale: u8) -> Id {
        let unit = pow10(scale) as f64;
        let op = match self.plan.ops[a].clone() {
            Op::Whole(n) => Op::Float((n as f64 / unit).to_bits()),
            Op::Null(_) => Op::Null(Repr::Float),
            Op::Award(met, paid) => Op::Award(met, self.float_of(paid, scale)),
            Op::Case(arms, last) => {
                let arms = arms.into_iter().map(|(when, then)| (when, self.float_of(then, scale))).collect();
                Op::Case(arms, self.float_of(last, scale))
            }
            Op::Arith(op, x, y) if self.plan.bits(a) < EXACT_BITS => {
                let (x, y) = (self.float_of(x, 0), self.float_of(y, 0));
                let exact = self.summed(op, x, y).unwrap_or(Op::Arith(op, x, y));
                let exact = self.plan.node(exact, Repr::Float);
                if scale == 0 {
                    return exact;
                }
                let unit = self.plan.node(Op::Float(unit.to_bits()), Repr::Float);
                Op::Arith(Arith::Divide, exact, unit)
            }
            Op::Column(index) if scale == 0 && self.is_narrow(index) => Op::FloatColumn(index),
            Op::Gather(fold) if scale == 0 && self.plan.bits(a) < EXACT_BITS => Op::GatherFloat(fold),
            Op::Least(x, y) if scale == 0 => Op::Least(self.float_of(x, 0), self.float_of(y, 0)),
            Op::Greatest(x, y) if scale == 0 => Op::Greatest(self.float_of(x, 0), self.float_of(y, 0)),
            _ => Op::ToFloat(a, scale),
        };
        self.plan.node(op, Repr::Float)
    }

    /// Whether a column of single floats can be compared with a constant as it is.
    #[expect(clippy::cast_possible_truncation, clippy::float_cmp, reason = "asks whether anything is lost")]
    fn is_single(&self, column: usize, constant: f64) -> bool {
        matches!(self.plan.columns[column].data(), ColumnData::F32(_)) && f64::from(constant as f32) == constant
    }

    fn is_narrow(&self, column: usize) -> bool {
        matches!(self.plan.columns[column].data(), ColumnData::I8(_) | ColumnData::I16(_) | ColumnData::I32(_))
    }

    /// A sum of floats of which some are added only where a condition holds.
    fn summed(&mut self, op: Arith, a: Id, b: Id) -> Option<Op> {
        if self.plan.reprs[a] != Repr::Float || !matches!(op, Arith::Add | Arith::Subtract) {
            return None;
        }
        let added = self.conditional(b, op == Arith::Subtract);
        let first = self.conditional(a, false);
        let mut terms = match (&self.plan.ops[a], first) {
            (Op::Sum(terms), _) => terms.clone(),
            (_, Some(term)) => vec![term],
            (_, None) if added.is_some() => vec![Term::Each(a)],
            _ => return None,
        };
        match added {
            Some(term) => terms.push(term),
            None if op == Arith::Add => terms.push(Term::Each(b)),
            None => return None,
        }
        Some(Op::Sum(terms))
    }

    /// An award, or a choice between something and zero; `negative` only of constants.
    fn conditional(&mut self, id: Id, negative: bool) -> Option<Term> {
        let zero = Op::Float(0.0_f64.to_bits());
        let (when, value, strict) = match &self.plan.ops[id] {
            Op::Award(met, paid) => (*met, *paid, true),
            Op::Case(arms, last) if arms.len() == 1 && self.plan.ops[*last] == zero => (arms[0].0, arms[0].1, false),
            _ => return None,
        };
        if !negative {
            return Some(Term::Where { when, value, strict });
        }
        let Op::Float(bits) = self.plan.ops[value] else { return None };
        let value = self.plan.node(Op::Float((-f64::from_bits(bits)).to_bits()), Repr::Float);
        Some(Term::Where { when, value, strict })
    }

    fn chain(&mut self, all: &[Expr], repr: Repr, op: fn(Id, Id) -> Op) -> Id {
        let ids = self.every(all);
        let joined = ids.into_iter().reduce(|a, b| self.plan.node(op(a, b), repr));
        joined.unwrap_or_else(|| self.plan.node(Op::Null(repr), repr))
    }

    /// Makes the node; a text made of several others gets their dictionaries one after the other.
    fn text_node(&mut self, op: Op, repr: Repr) -> Id {
        let id = self.plan.node(op, repr);
        if repr == Repr::Text && !self.plan.dictionaries.contains_key(&id) {
            let mut joined: Vec<Arc<str>> = Vec::new();
            for source in text_sources(&self.plan.ops[id]) {
                joined.extend(self.dictionary(source).iter().cloned());
            }
            self.plan.dictionaries.insert(id, joined.into());
        }
        id
    }

    fn dictionary(&self, id: Id) -> Arc<[Arc<str>]> {
        self.plan.dictionaries.get(&id).cloned().unwrap_or_else(|| Arc::from([]))
    }

    fn constant(&mut self, expr: &Expr) -> Id {
        let repr = expr.repr();
        let engine = RowEngine::new(self.program, self.population, self.dates);
        let op = match engine.eval(expr, At { table: self.plan.table, row: 0 }) {
            Scalar::Null => Op::Null(repr),
            Scalar::Bit(b) => Op::Bit(b),
            Scalar::Whole(n) => Op::Whole(n),
            Scalar::Float(x) => Op::Float(x.to_bits()),
            Scalar::Text(text) => {
                let id = self.plan.node(Op::Text(Arc::clone(&text)), repr);
                self.plan.dictionaries.insert(id, Arc::from([text]));
                return id;
            }
        };
        self.plan.node(op, repr)
    }

    /// The column as given, else derived, row by row.
    fn fact(&mut self, fact: usize, repr: Repr) -> Id {
        if let Some(id) = self.facts.get(&fact) {
            return *id;
        }
        let spec = &self.program.facts[fact];
        let table = self.plan.table;
        let given = table
            .column(&spec.key)
            .filter(|column| spec.is_held_by(column) && column.known().is_none_or(|known| known.count_ones() > 0));
        let id = match (given, &spec.derive) {
            (Some(column), None) => self.plan.column(Cow::Borrowed(column)),
            (Some(column), Some(_)) if column.known().is_none() => self.plan.column(Cow::Borrowed(column)),
            (Some(column), Some(derive)) => {
                let all = vec![self.plan.column(Cow::Borrowed(column)), self.bind(derive)];
                self.text_node(Op::Coalesce(all), repr)
            }
            (None, Some(derive)) => self.bind(derive),
            (None, None) => self.plan.node(Op::Null(repr), repr),
        };
        self.facts.insert(fact, id);
        id
    }

    fn compare(&mut self, op: Comparison, a: &Expr, b: &Expr) -> Id {
        let (a, b) = (self.bind(a), self.bind(b));
        let (op, a, b) = if self.plan.is_constant(a) { (op.flipped(), b, a) } else { (op, a, b) };
        match (&self.plan.ops[a], &self.plan.ops[b]) {
            (Op::Column(column), Op::Whole(n)) => {
                let narrow = Op::CompareColumn(*column, op, *n);
                self.plan.node(narrow, Repr::Bits)
            }
            (Op::Column(column), Op::Float(bits)) if self.is_single(*column, f64::from_bits(*bits)) => {
                let narrow = Op::CompareFloats(*column, op, *bits);
                self.plan.node(narrow, Repr::Bits)
            }
            (Op::Gather(_), Op::Whole(n)) if self.plan.bits(a) < EXACT_BITS && n.unsigned_abs() < 1 << EXACT_BITS => {
                let (a, b) = (self.float_of(a, 0), self.float_of(b, 0));
                self.plan.node(Op::Compare(op, a, b), Repr::Bits)
            }
            (_, Op::Text(text)) => {
                let test = TextTest::Compare(op, Arc::clone(text));
                self.test_node(a, test)
            }
            _ => self.plan.node(Op::Compare(op, a, b), Repr::Bits),
        }
    }

    fn is_in(&mut self, x: &Expr, items: &[Expr]) -> Id {
        let texts: Option<Vec<_>> = items.iter().map(|item| text_of(&item.node)).collect();
        if let Some(texts) = texts {
            return self.test(x, TextTest::In(texts));
        }
        let all = items.iter().map(|item| self.compare(Comparison::Equal, x, item)).collect();
        self.plan.node(Op::Or(all), Repr::Bits)
    }

    fn test(&mut self, a: &Expr, test: TextTest) -> Id {
        let a = self.bind(a);
        self.test_node(a, test)
    }

    fn test_node(&mut self, a: Id, test: TextTest) -> Id {
        let dictionary = self.dictionary(a);
        let roots = texts(&self.program.roots);
        let answer = |text: &Arc<str>| match &test {
            TextTest::Compare(op, other) => op.holds(text.as_bytes().cmp(other.as_bytes())),
            TextTest::In(items) => items.contains(text),
            TextTest::StartsWith(prefix) => text.starts_with(&**prefix),
            TextTest::InDivisions => in_divisions(&roots, text),
        };
        let answers = dictionary.iter().map(answer).collect();
        let id = self.plan.node(Op::Test(a, test), Repr::Bits);
        self.plan.answers.insert(id, answers);
        id
    }

    fn date(&mut self, which: DateCall, args: &[Expr]) -> Id {
        let ids = self.every(args);
        let table = match (ids.as_slice(), ids.iter().map(|id| &self.plan.ops[*id]).collect::<Vec<_>>().as_slice()) {
            _ if matches!(which, DateCall::DaysBetween | DateCall::AddDays) => None,
            ([a], [Op::Column(column)]) => {
                self.date_table(*column, |day| calendar::call(which, day, 0)).map(|t| (*a, t))
            }
            ([a, _], [Op::Column(column), Op::Whole(b)]) => {
                self.date_table(*column, |day| calendar::call(which, day, *b)).map(|t| (*a, t))
            }
            ([_, b], [Op::Whole(a), Op::Column(column)]) if which != DateCall::AddMonths => {
                self.date_table(*column, |day| calendar::call(which, *a, day)).map(|t| (*b, t))
            }
            _ => None,
        };
        let Some((column, table)) = table else {
            return self.plan.node(Op::Date(which, ids[0], ids.get(1).copied()), Repr::Whole);
        };
        let direct = Op::Date(which, ids[0], ids.get(1).copied());
        let index = self.plan.date_tables.len();
        self.plan.date_tables.push(table);
        self.plan.alias(direct, Op::DateTable(column, index))
    }

    /// A table is worth making when there are as many rows as days.
    fn date_table(&self, column: usize, call: impl Fn(i64) -> Option<i64>) -> Option<DateTable> {
        let column = &self.plan.columns[column];
        let ColumnData::Date(days) = column.data() else { return None };
        let known = (0..days.len()).filter(|row| column.is_known(*row)).map(|row| i64::from(days[row]));
        let (first, last) = known.fold((i64::MAX, i64::MIN), |(low, high), day| (low.min(day), high.max(day)));
        let span = last.checked_sub(first)?;
        if !(0..LONGEST_TABLE).contains(&span) || span > 2 * i64::try_from(days.len()).ok()? {
            return None;
        }
        let value = |day| call(day).and_then(|v| i32::try_from(v).ok()).unwrap_or(i32::MIN);
        Some(DateTable { first, values: (first..=last).map(value).collect() })
    }
}

/// The texts a node chooses from, in the order of its joined dictionary.
pub fn text_sources(op: &Op) -> Vec<Id> {
    match op {
        Op::Case(arms, last) => arms.iter().map(|(_, then)| *then).chain([*last]).collect(),
        Op::Coalesce(all) => all.clone(),
        _ => vec![],
    }
}

fn text_of(node: &Node) -> Option<Arc<str>> {
    if let Node::Text(text) = node { Some(Arc::clone(text)) } else { None }
}

/// Whether an expression has one value for all rows.
fn is_constant(expr: &Expr) -> bool {
    let mut constant = true;
    expr.each(&mut |inner| {
        constant &= !matches!(
            inner.node,
            Node::Fact(_) | Node::Rule(_) | Node::Amount(_) | Node::Household(..) | Node::Inside(..)
        );
    });
    constant
}
