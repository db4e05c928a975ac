//! What is to be computed over one table: nodes, each written once however often it is used.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use crate::column::{Column, ColumnData, Table};
use crate::expr::{Arith, Comparison, DateCall, Fold, Repr, Rounding};

/// Index of a node; operands come before what uses them.
pub type Id = usize;

/// One computation. Floats stand as their bits, so that equal computations are found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    Null(Repr),
    Bit(bool),
    Whole(i64),
    Float(u64),
    /// Code into the node's own dictionary.
    Text(Arc<str>),
    Column(usize),
    /// A column of whole numbers or dates against a constant, in the column's own lanes.
    CompareColumn(usize, Comparison, i64),
    /// A column's texts against a table with one answer per dictionary entry.
    Test(Id, TextTest),
    Compare(Comparison, Id, Id),
    Not(Id),
    And(Vec<Id>),
    Or(Vec<Id>),
    IsNull(Id),
    Is(bool, Id),
    Arith(Arith, Id, Id),
    Least(Id, Id),
    Greatest(Id, Id),
    ToFloat(Id, u8),
    /// A column of whole numbers as floats.
    FloatColumn(usize),
    ScaleUp(Id, u8),
    Round(Rounding, Id),
    Date(DateCall, Id, Option<Id>),
    /// A date function of one column, looked up by day: index of the table.
    DateTable(Id, usize),
    /// The first arm whose condition is true, else the last.
    Case(Vec<(Id, Id)>, Id),
    Coalesce(Vec<Id>),
    /// What is paid to those who meet a rule; nothing to those who don't.
    Award(Id, Id),
    /// The same kept only for those who meet the rule: goes out, and is read by nothing.
    Pay(Id, Id),
    /// Floats added from left to right.
    Sum(Vec<Term>),
    /// The household's figure: index of the fold.
    Gather(usize),
    /// A count as a float.
    GatherFloat(usize),
}

/// What is added to a sum.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Term {
    Each(Id),
    /// Added where a condition is true; where that is not known, a `strict` one makes the sum unknown.
    Where {
        when: Id,
        value: Id,
        strict: bool,
    },
}

/// A question to a text that the dictionary can answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TextTest {
    Compare(Comparison, Arc<str>),
    In(Vec<Arc<str>>),
    StartsWith(Arc<str>),
    InDivisions,
}

/// A figure per household.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FoldSpec {
    pub fold: Fold,
    pub arg: Id,
    pub repr: Repr,
}

/// A date function of a column: its value for each day from the first.
#[derive(Clone, Debug)]
pub struct DateTable {
    pub first: i64,
    /// `i32::MIN` where the function is null.
    pub values: Vec<i32>,
}

/// Everything to be computed over a table.
pub struct Plan<'a> {
    pub table: &'a Table,
    pub ops: Vec<Op>,
    pub reprs: Vec<Repr>,
    /// How many rounds of household figures a node waits for.
    pub levels: Vec<usize>,
    pub columns: Vec<Cow<'a, Column>>,
    pub folds: Vec<FoldSpec>,
    pub date_tables: Vec<DateTable>,
    /// Dictionary of each text node.
    pub dictionaries: HashMap<Id, Arc<[Arc<str>]>>,
    /// Answers per dictionary entry of each test.
    pub answers: HashMap<Id, Vec<bool>>,
    found: HashMap<Op, Id>,
}

impl<'a> Plan<'a> {
    pub fn new(table: &'a Table) -> Self {
        Self {
            table,
            ops: Vec::new(),
            reprs: Vec::new(),
            levels: Vec::new(),
            columns: Vec::new(),
            folds: Vec::new(),
            date_tables: Vec::new(),
            dictionaries: HashMap::new(),
            answers: HashMap::new(),
            found: HashMap::new(),
        }
    }

    /// The node of a computation, made when there is none yet.
    pub fn node(&mut self, op: Op, repr: Repr) -> Id {
        if let Some(id) = self.found.get(&op) {
            return *id;
        }
        let id = self.ops.len();
        let level = match &op {
            Op::Gather(fold) | Op::GatherFloat(fold) => self.levels[self.folds[*fold].arg] + 1,
            _ => operands(&op).into_iter().map(|operand| self.levels[operand]).max().unwrap_or(0),
        };
        self.found.insert(op.clone(), id);
        self.ops.push(op);
        self.reprs.push(repr);
        self.levels.push(level);
        id
    }

    /// A node that stands for another computation, found under either.
    pub fn alias(&mut self, written: Op, computed: Op) -> Id {
        if let Some(id) = self.found.get(&written) {
            return *id;
        }
        let id = self.node(computed, Repr::Whole);
        self.found.insert(written, id);
        id
    }

    /// The household figure of a node.
    pub fn fold(&mut self, fold: Fold, arg: Id) -> Id {
        let spec = FoldSpec { fold, arg, repr: self.reprs[arg] };
        let index = self.folds.iter().position(|other| *other == spec).unwrap_or_else(|| {
            self.folds.push(spec.clone());
            self.folds.len() - 1
        });
        let repr = match fold {
            Fold::Count => Repr::Whole,
            Fold::Any | Fold::All => Repr::Bits,
            Fold::Sum | Fold::Min | Fold::Max => spec.repr,
        };
        self.node(Op::Gather(index), repr)
    }

    /// A column as a node.
    pub fn column(&mut self, column: Cow<'a, Column>) -> Id {
        let same = |other: &Cow<'a, Column>| std::ptr::eq(other.as_ref(), column.as_ref());
        let index = self.columns.iter().position(same).unwrap_or_else(|| {
            self.columns.push(column.clone());
            self.columns.len() - 1
        });
        let repr = Repr::of(column.ty());
        let id = self.node(Op::Column(index), repr);
        if let ColumnData::Text { dictionary, .. } = column.data() {
            self.dictionaries.insert(id, Arc::clone(dictionary));
        }
        id
    }

    /// The nodes needed for some, in order; household figures are taken as they are.
    pub fn needed(&self, roots: impl IntoIterator<Item = Id>) -> Vec<Id> {
        let mut wanted = vec![false; self.ops.len()];
        let mut open: Vec<_> = roots.into_iter().collect();
        while let Some(id) = open.pop() {
            if !std::mem::replace(&mut wanted[id], true) {
                open.extend(operands(&self.ops[id]));
            }
        }
        (0..wanted.len()).filter(|id| wanted[*id]).collect()
    }

    /// Bits that the numbers of a node can need, sign apart; 64 when nothing is known of them.
    pub fn bits(&self, id: Id) -> u32 {
        let most = |ids: &[Id]| ids.iter().map(|id| self.bits(*id)).max().unwrap_or(64);
        match &self.ops[id] {
            Op::Null(_) => 0,
            Op::Whole(n) => 64 - (n ^ (n >> 63)).leading_zeros(),
            Op::Column(index) => match self.columns[*index].data() {
                ColumnData::I8(_) => 7,
                ColumnData::I16(_) => 15,
                ColumnData::I32(_) | ColumnData::Date(_) => 31,
                _ => 64,
            },
            Op::Arith(Arith::Multiply, a, b) => self.bits(*a) + self.bits(*b) + 1,
            Op::Arith(_, a, b) => most(&[*a, *b]) + 1,
            Op::Least(a, b) | Op::Greatest(a, b) => most(&[*a, *b]),
            Op::Coalesce(all) => most(all),
            Op::Case(arms, last) => arms.iter().map(|(_, then)| self.bits(*then)).fold(self.bits(*last), u32::max),
            Op::Award(_, paid) => self.bits(*paid),
            Op::DateTable(..) => 31,
            Op::Gather(fold) if self.folds[*fold].fold == Fold::Count => 32,
            _ => 64,
        }
    }

    /// Whether a node needs no computing: a constant, lanes that can be read where they are, or what only goes out.
    pub fn is_given(&self, id: Id) -> bool {
        match &self.ops[id] {
            Op::Null(_) | Op::Bit(_) | Op::Whole(_) | Op::Float(_) | Op::Text(_) | Op::Pay(..) => true,
            Op::Column(index) => {
                let given = self.columns[*index].data();
                matches!(given, ColumnData::Bool(_) | ColumnData::I64(_) | ColumnData::F64(_) | ColumnData::Text { .. })
            }
            _ => false,
        }
    }
}

impl Term {
    fn operands(&self) -> Vec<Id> {
        match self {
            Self::Each(id) => vec![*id],
            Self::Where { when, value, .. } => vec![*when, *value],
        }
    }
}

/// What a computation reads.
pub fn operands(op: &Op) -> Vec<Id> {
    match op {
        Op::Null(_) | Op::Bit(_) | Op::Whole(_) | Op::Float(_) | Op::Text(_) => vec![],
        Op::Column(_) | Op::CompareColumn(..) | Op::FloatColumn(_) | Op::Gather(_) | Op::GatherFloat(_) => vec![],
        Op::Test(a, _) | Op::Not(a) | Op::IsNull(a) | Op::Is(_, a) | Op::ToFloat(a, _) | Op::ScaleUp(a, _) => vec![*a],
        Op::Round(_, a) | Op::DateTable(a, _) => vec![*a],
        Op::Compare(_, a, b) | Op::Arith(_, a, b) | Op::Least(a, b) | Op::Greatest(a, b) => vec![*a, *b],
        Op::Award(a, b) | Op::Pay(a, b) => vec![*a, *b],
        Op::Sum(terms) => terms.iter().flat_map(Term::operands).collect(),
        Op::Date(_, a, b) => std::iter::once(*a).chain(*b).collect(),
        Op::And(all) | Op::Or(all) | Op::Coalesce(all) => all.clone(),
        Op::Case(arms, last) => arms.iter().flat_map(|(when, then)| [*when, *then]).chain([*last]).collect(),
    }
}
