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
    /// A column of single floats against a constant that is one.
    CompareFloats(usize, Comparison, u64),
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
    /// Of the rows for which the first is true, the second, one after the other.
    Chosen(Id, Id),
    /// The same of a column of whole numbers, as these or as floats.
    ChosenColumn(Id, usize, Repr),
    /// Floats added from left to right.
    Sum(Vec<Term>),
    /// The same of constants, and what is then done with the sum.
    SumThen(Vec<Term>, Arith, u64),
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
    /// Nodes that are known for every row, whatever the row: nothing of their known rows is kept.
    pub sure: Vec<bool>,
    /// The condition whose rows a node is computed for; none for all rows.
    pub chosen_by: Vec<Option<Id>>,
    pub columns: Vec<Cow<'a, Column>>,
    pub folds: Vec<FoldSpec>,
    /// Figures made of two others; they are counted after the folds.
    pub derived: Vec<(Arith, usize, usize)>,
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
            sure: Vec::new(),
            chosen_by: Vec::new(),
            columns: Vec::new(),
            folds: Vec::new(),
            derived: Vec::new(),
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
        self.sure.push(self.is_sure(&op));
        self.chosen_by.push(match &op {
            Op::Chosen(by, _) | Op::ChosenColumn(by, ..) => Some(*by),
            Op::Pay(..) => None,
            _ => operands(&op).into_iter().find_map(|operand| self.chosen_by[operand]),
        });
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

    /// The nodes needed for some, operands before what uses them; household figures are taken as they are.
    pub fn needed(&self, roots: impl IntoIterator<Item = Id>) -> Vec<Id> {
        let (mut seen, mut order) = (vec![false; self.ops.len()], Vec::new());
        for root in roots {
            let mut open = vec![(root, false)];
            while let Some((id, complete)) = open.pop() {
                if complete {
                    order.push(id);
                } else if !std::mem::replace(&mut seen[id], true) {
                    open.push((id, true));
                    open.extend(operands(&self.ops[id]).into_iter().rev().map(|operand| (operand, false)));
                }
            }
        }
        order
    }

    /// Whether an operation between sure operands is sure too.
    fn is_sure(&self, op: &Op) -> bool {
        let of = |id: &Id| self.sure[*id];
        let column = |index: &usize| self.columns[*index].known().is_none();
        match op {
            Op::Null(_) | Op::ScaleUp(..) | Op::Round(..) | Op::Date(..) | Op::Pay(..) => false,
            Op::Bit(_) | Op::Whole(_) | Op::Float(_) | Op::Text(_) | Op::IsNull(_) | Op::Is(..) => true,
            Op::Column(index) | Op::FloatColumn(index) => column(index),
            Op::CompareColumn(index, ..) | Op::CompareFloats(index, ..) => column(index),
            Op::ChosenColumn(_, index, _) => column(index),
            Op::Chosen(_, a) | Op::Test(a, _) | Op::Not(a) | Op::ToFloat(a, _) => of(a),
            Op::Arith(Arith::Divide, a, b) => {
                of(a) && matches!(self.ops[*b], Op::Float(bits) if f64::from_bits(bits) != 0.0)
            }
            Op::Arith(arith, a, b) if self.reprs[*a] == Repr::Whole => of(a) && of(b) && self.fits(*arith, *a, *b),
            Op::Arith(_, a, b) | Op::Compare(_, a, b) | Op::Least(a, b) | Op::Greatest(a, b) => of(a) && of(b),
            Op::And(all) | Op::Or(all) => all.iter().all(of),
            Op::DateTable(a, index) => of(a) && !self.date_tables[*index].values.contains(&i32::MIN),
            Op::Case(arms, last) => of(last) && arms.iter().all(|(_, then)| of(then)),
            Op::Coalesce(all) => all.iter().any(of),
            Op::Award(met, paid) => of(met) && of(paid),
            Op::Sum(terms) | Op::SumThen(terms, ..) => terms.iter().all(|term| match term {
                Term::Each(id) => of(id),
                Term::Where { when, value, strict } => of(value) && (!strict || of(when)),
            }),
            Op::Gather(fold) | Op::GatherFloat(fold) => {
                let spec = &self.folds[*fold];
                of(&spec.arg) && (spec.fold != Fold::Sum || spec.repr == Repr::Float)
            }
        }
    }

    /// Whether whole numbers can be added, subtracted or multiplied without leaving 64 bits.
    pub fn fits(&self, op: Arith, a: Id, b: Id) -> bool {
        let (a, b) = (self.bits(a), self.bits(b));
        match op {
            Arith::Add | Arith::Subtract => a.max(b) + 1 < 63,
            Arith::Multiply => a + b + 1 < 63,
            Arith::Divide => false,
        }
    }

    /// Bits that the numbers of a node can need, sign apart; 64 when nothing is known of them.
    pub fn bits(&self, id: Id) -> u32 {
        let most = |ids: &[Id]| ids.iter().map(|id| self.bits(*id)).max().unwrap_or(64);
        match &self.ops[id] {
            Op::Null(_) => 0,
            Op::Whole(n) => 64 - (n ^ (n >> 63)).leading_zeros(),
            Op::Chosen(_, a) => self.bits(*a),
            Op::Column(index) | Op::ChosenColumn(_, index, _) => match self.columns[*index].data() {
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
            Op::Gather(fold) if self.folds.get(*fold).is_some_and(|spec| spec.fold == Fold::Count) => 32,
            _ => 64,
        }
    }

    /// Whether a node is the same for all rows.
    pub fn is_constant(&self, id: Id) -> bool {
        matches!(self.ops[id], Op::Null(_) | Op::Bit(_) | Op::Whole(_) | Op::Float(_) | Op::Text(_))
    }

    /// Whether a node needs no computing: a constant, lanes that can be read where they are, or what only goes out.
    pub fn is_given(&self, id: Id) -> bool {
        match &self.ops[id] {
            _ if self.is_constant(id) => true,
            Op::Pay(..) => true,
            Op::Column(index) => {
                let given = self.columns[*index].data();
                matches!(given, ColumnData::Bool(_) | ColumnData::I64(_) | ColumnData::F64(_) | ColumnData::Text { .. })
            }
            _ => false,
        }
    }
}

impl Op {
    /// The same of other operands, where every row stands for itself.
    pub fn over(self, mut other: impl FnMut(Id) -> Id) -> Self {
        match self {
            Self::Arith(op, a, b) => Self::Arith(op, other(a), other(b)),
            Self::Least(a, b) => Self::Least(other(a), other(b)),
            Self::Greatest(a, b) => Self::Greatest(other(a), other(b)),
            Self::ToFloat(a, scale) => Self::ToFloat(other(a), scale),
            Self::ScaleUp(a, by) => Self::ScaleUp(other(a), by),
            Self::Round(rounding, a) => Self::Round(rounding, other(a)),
            op => op,
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
        Op::Column(_) | Op::CompareColumn(..) | Op::CompareFloats(..) | Op::FloatColumn(_) => vec![],
        Op::Gather(_) | Op::GatherFloat(_) => vec![],
        Op::Test(a, _) | Op::Not(a) | Op::IsNull(a) | Op::Is(_, a) | Op::ToFloat(a, _) | Op::ScaleUp(a, _) => vec![*a],
        Op::Round(_, a) | Op::DateTable(a, _) => vec![*a],
        Op::Compare(_, a, b) | Op::Arith(_, a, b) | Op::Least(a, b) | Op::Greatest(a, b) => vec![*a, *b],
        Op::Award(a, b) | Op::Pay(a, b) | Op::Chosen(a, b) => vec![*a, *b],
        Op::ChosenColumn(by, ..) => vec![*by],
        Op::Sum(terms) | Op::SumThen(terms, ..) => terms.iter().flat_map(Term::operands).collect(),
        Op::Date(_, a, b) => std::iter::once(*a).chain(*b).collect(),
        Op::And(all) | Op::Or(all) | Op::Coalesce(all) => all.clone(),
        Op::Case(arms, last) => arms.iter().flat_map(|(when, then)| [*when, *then]).chain([*last]).collect(),
    }
}
