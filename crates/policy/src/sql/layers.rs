//! Facts, derived facts, rules, amounts and household figures in layers, each reading the layers below.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::Date;

use super::expr::{Columns, figure, text};
use super::{Answer, Apart, Dialect, dates, id_column, quoted};
use crate::column::{Population, Table};
use crate::engine::Dates;
use crate::engine::row::{At, RowEngine, Scalar};
use crate::expr::{Expr, Fold, Node};
use crate::program::{FactSpec, Program};
use crate::value::{ValueType, pow10};

/// What stands in a column.
#[derive(Clone, Debug, PartialEq)]
enum Item {
    Fact(usize),
    Rule(usize),
    Amount(usize),
    Figure(Fold, Expr),
    /// What an aggregate gathers, when that is not a column already.
    Value(Expr),
    /// An aggregate over the household: its text and the layer it reads.
    Window(String, usize),
}

/// A column of a layer.
struct Placed {
    item: Item,
    name: String,
    level: usize,
    text: String,
}

/// All columns, in the order in which they can be computed.
pub struct Layers<'a> {
    program: &'a Program,
    dialect: Dialect,
    entity: &'a str,
    dates: Dates,
    apart: Apart<'a>,
    placed: RefCell<Vec<Placed>>,
}

impl<'a> Layers<'a> {
    /// The columns of every rule of the entity.
    pub fn new(program: &'a Program, dialect: Dialect, entity: &'a str, as_of: Date, apart: Apart<'a>) -> Self {
        let layers = Self::empty(program, dialect, entity, Dates::on(as_of), apart);
        for rule in layers.rules() {
            layers.place(&Item::Rule(rule));
            if program.rules[rule].amount.is_some() {
                layers.place(&Item::Amount(rule));
            }
        }
        layers
    }

    /// No column yet.
    pub fn empty(program: &'a Program, dialect: Dialect, entity: &'a str, dates: Dates, apart: Apart<'a>) -> Self {
        Self { program, dialect, entity, dates, apart, placed: RefCell::default() }
    }

    /// The column of an expression.
    pub fn column_of(&self, expr: &Expr) -> String {
        quoted(&self.place(&item_of(expr).unwrap_or_else(|| Item::Value(expr.clone()))).0)
    }

    /// Rules of the entity that need nothing from inside a division.
    fn rules(&self) -> Vec<usize> {
        let rules = self.program.rules.iter().enumerate().filter(|(_, rule)| rule.entity == self.entity);
        rules.filter(|(index, _)| self.printable(*index)).map(|(index, _)| index).collect()
    }

    fn printable(&self, rule: usize) -> bool {
        let rule = &self.program.rules[rule];
        self.program.parts_of(rule).map(|part| &part.when).chain(&rule.amount).all(|expr| self.can_say(expr))
    }

    /// Whether an expression, and every rule it reads, needs nothing from inside a division.
    pub fn can_say(&self, expr: &Expr) -> bool {
        let mut can = true;
        expr.each(&mut |inner| match inner.node {
            Node::Inside(..) => can = false,
            Node::Rule(other) | Node::Amount(other) => can &= self.printable(other),
            _ => {}
        });
        can
    }

    /// Facts read from the table.
    pub fn facts(&self) -> impl Iterator<Item = &'a FactSpec> {
        let placed = self.placed.borrow();
        let mut facts: Vec<_> = placed
            .iter()
            .filter_map(|placed| match placed.item {
                Item::Fact(fact) => Some(&self.program.facts[fact]),
                _ => None,
            })
            .collect();
        let household = self.program.facts.iter().find(|f| f.entity == self.entity && f.key == "household_id");
        if placed.iter().any(|placed| matches!(placed.item, Item::Figure(..)))
            && let Some(household) = household
            && !facts.iter().any(|fact| fact.key == household.key)
        {
            facts.push(household);
        }
        facts.into_iter()
    }

    /// The columns of the first layer: what tells the rows apart, the id, the household, and every fact in the
    /// representation computed with.
    pub fn base(&self) -> impl Iterator<Item = String> {
        let id = quoted(&id_column(self.entity));
        let mut columns: Vec<_> = self.apart.columns().collect();
        columns.push(id.clone());
        if self.placed.borrow().iter().any(|placed| matches!(placed.item, Item::Figure(..))) {
            let text = self.dialect.type_name(ValueType::Text);
            let alone = format!("'p' || CAST({id} AS {text})");
            columns.push(format!("COALESCE('h' || CAST(\"household_id\" AS {text}), {alone}) AS \"household\""));
        }
        for fact in self.facts() {
            let column = quoted(&fact.key);
            let whole = self.dialect.type_name(ValueType::Int);
            let text = match fact.ty {
                ValueType::Bool => column.clone(),
                ValueType::Int | ValueType::Fen => format!("CAST({column} AS {whole})"),
                ValueType::Decimal(scale) => format!("CAST(ROUND({column} * {}) AS {whole})", pow10(scale)),
                ValueType::Float => format!("CAST({column} AS {})", self.dialect.type_name(ValueType::Float)),
                ValueType::Date => dates::days_of_column(self.dialect, &column),
                ValueType::Text if self.dialect == Dialect::Postgres => format!("{column} COLLATE \"C\""),
                ValueType::Text => column.clone(),
            };
            columns.push(format!("{text} AS {}", quoted(&given(&fact.key))));
        }
        columns.into_iter()
    }

    /// Every layer above the first: its number and columns.
    pub fn levels(&self) -> Vec<(usize, Vec<(String, String)>)> {
        let mut levels: BTreeMap<usize, Vec<(String, String)>> = BTreeMap::new();
        for placed in self.placed.borrow().iter().filter(|placed| placed.level > 0) {
            levels.entry(placed.level).or_default().push((placed.name.clone(), placed.text.clone()));
        }
        levels.into_iter().collect()
    }

    /// The columns asked for: outcomes and amounts.
    pub fn outputs(&self) -> impl Iterator<Item = String> {
        let mut outputs = Vec::new();
        for rule in self.rules() {
            let spec = &self.program.rules[rule];
            outputs.push(format!("{} AS {}", quoted(&self.place(&Item::Rule(rule)).0), quoted(&spec.id)));
            if let Some(amount) = &spec.amount {
                let column = quoted(&self.place(&Item::Amount(rule)).0);
                let column = match amount.ty {
                    Some(ValueType::Decimal(scale)) => {
                        let float = self.dialect.type_name(ValueType::Float);
                        format!("CAST({column} AS {float}) / {}", pow10(scale))
                    }
                    _ => column,
                };
                outputs.push(format!("{column} AS {}", quoted(&format!("{}__amount", spec.id))));
            }
        }
        outputs.into_iter()
    }

    /// The rules among the columns asked for.
    pub fn answers(&self) -> impl Iterator<Item = Answer> + '_ {
        self.rules().into_iter().map(|rule| {
            let spec = &self.program.rules[rule];
            let amount = spec.amount.as_ref().map(|amount| amount.ty.unwrap_or(ValueType::Fen));
            Answer { rule: Arc::clone(&spec.id), amount }
        })
    }

    /// The column of an item and its layer; made when there is none yet.
    fn place(&self, item: &Item) -> (String, usize) {
        if let Some(found) = self.placed.borrow().iter().find(|placed| placed.item == *item) {
            return (found.name.clone(), found.level);
        }
        let (name, level, text) = match item {
            Item::Fact(fact) => self.fact(*fact),
            Item::Rule(rule) => {
                let spec = &self.program.rules[*rule];
                let all: Vec<_> = self.program.parts_of(spec).map(|part| part.when.clone()).collect();
                let condition = Expr::bool(Node::And(all));
                (format!("r_{}", spec.id), self.level(&condition) + 1, text(self, &condition))
            }
            Item::Amount(rule) => self.amount(*rule),
            Item::Figure(fold, arg) => {
                let (value, level) = self.place(&item_of(arg).unwrap_or_else(|| Item::Value(arg.clone())));
                let value = quoted(&value);
                let window = |aggregate| quoted(&self.place(&Item::Window(aggregate, level)).0);
                let within = self.apart.within.map(quoted);
                let text = figure(self.dialect, *fold, arg, &value, within.as_deref(), window);
                (format!("h_{}", self.placed.borrow().len()), level + 2, text)
            }
            Item::Value(arg) => (format!("v_{}", self.placed.borrow().len()), self.level(arg) + 1, text(self, arg)),
            Item::Window(aggregate, level) => {
                (format!("w_{}", self.placed.borrow().len()), level + 1, aggregate.clone())
            }
        };
        self.placed.borrow_mut().push(Placed { item: item.clone(), name: name.clone(), level, text });
        (name, level)
    }

    /// A fact as given; when it can be derived, that where it is not given.
    fn fact(&self, fact: usize) -> (String, usize, String) {
        let spec = &self.program.facts[fact];
        match &spec.derive {
            None => (given(&spec.key), 0, String::new()),
            Some(derive) => {
                let derived = format!("COALESCE({}, {})", quoted(&given(&spec.key)), text(self, derive));
                (format!("d_{}", spec.key), self.level(derive) + 1, derived)
            }
        }
    }

    /// Nothing where the rule is not met, null where that is not known.
    fn amount(&self, rule: usize) -> (String, usize, String) {
        let spec = &self.program.rules[rule];
        let null = Expr::new(Node::Null, ValueType::Fen);
        let amount = spec.amount.as_ref().unwrap_or(&null);
        let ty = amount.ty.unwrap_or(ValueType::Fen);
        let met = Expr::bool(Node::Rule(rule));
        let zero = if ty == ValueType::Float { Node::Float(0.0) } else { Node::Whole(0) };
        let not_met = Expr::bool(Node::Not(Box::new(met.clone())));
        let paid = Expr::new(Node::Case(vec![(met, amount.clone()), (not_met, Expr::new(zero, ty))], None), ty);
        (format!("a_{}", spec.id), self.level(&paid) + 1, text(self, &paid))
    }

    /// The highest layer an expression reads.
    fn level(&self, expr: &Expr) -> usize {
        match item_of(expr) {
            Some(item) => self.place(&item).1,
            None => expr.children().into_iter().map(|child| self.level(child)).max().unwrap_or(0),
        }
    }
}

impl Columns for Layers<'_> {
    fn column(&self, expr: &Expr) -> String {
        item_of(expr).map(|item| quoted(&self.place(&item).0)).unwrap_or_default()
    }

    fn constant(&self, expr: &Expr) -> Option<Expr> {
        let mut constant = true;
        expr.each(&mut |inner| constant &= item_of(inner).is_none() && !matches!(inner.node, Node::Inside(..)));
        if !constant || matches!(expr.node, Node::Null | Node::Bool(_)) {
            return None;
        }
        let (population, table) = (Population::default(), Table::new(self.entity, vec![], BTreeMap::new()).ok()?);
        let node = match RowEngine::new(self.program, &population, self.dates).eval(expr, At { table: &table, row: 0 })
        {
            Scalar::Null => Node::Null,
            Scalar::Bit(b) => Node::Bool(b),
            Scalar::Whole(n) => Node::Whole(n),
            Scalar::Float(x) => Node::Float(x),
            Scalar::Text(text) => Node::Text(text),
        };
        Some(Expr { node, ty: expr.ty })
    }

    fn dialect(&self) -> Dialect {
        self.dialect
    }

    fn roots(&self) -> Vec<String> {
        self.program.roots.iter().map(ToString::to_string).collect()
    }
}

fn item_of(expr: &Expr) -> Option<Item> {
    Some(match &expr.node {
        Node::Fact(fact) => Item::Fact(*fact),
        Node::Rule(rule) => Item::Rule(*rule),
        Node::Amount(rule) => Item::Amount(*rule),
        Node::Household(fold, arg) => Item::Figure(*fold, (**arg).clone()),
        _ => return None,
    })
}

/// The name of a fact as given, apart from the names of the table's own columns.
fn given(key: &str) -> String {
    format!("f_{key}")
}
