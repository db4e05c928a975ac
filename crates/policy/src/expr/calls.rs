//! The functions of the rule language.

use std::sync::Arc;

use sqlparser::ast::{self, FunctionArg, FunctionArgExpr, FunctionArguments, Spanned};
use sqlparser::tokenizer::Span;

use super::parse::{Reader, name};
use super::typing::{MAX_SCALE, cast, scale_of};
use super::{DateCall, Expr, Fold, Inside, Node, Rounding, Today};
use crate::value::ValueType;

/// Every function: its name, how many arguments it takes, and what it is.
const FUNCTIONS: &[(&str, usize, usize, Call)] = &[
    ("group", 1, 1, Call::Rule(Some("group"))),
    ("benefit", 1, 1, Call::Rule(Some("benefit"))),
    ("visit", 1, 1, Call::Rule(Some("visit"))),
    ("standard", 1, 1, Call::Rule(Some("standard"))),
    ("rule", 1, 1, Call::Rule(None)),
    ("amount", 1, 1, Call::Amount),
    ("served", 1, 1, Call::Served),
    ("param", 1, 1, Call::Param),
    ("as_of", 0, 0, Call::Today(Today::AsOf)),
    ("period_start", 0, 0, Call::Today(Today::PeriodStart)),
    ("period_end", 0, 0, Call::Today(Today::PeriodEnd)),
    ("coalesce", 1, 99, Call::Coalesce),
    ("least", 1, 99, Call::Least),
    ("greatest", 1, 99, Call::Greatest),
    ("days_between", 2, 2, Call::Date(DateCall::DaysBetween)),
    ("months_between", 2, 2, Call::Date(DateCall::MonthsBetween)),
    ("years_between", 2, 2, Call::Date(DateCall::YearsBetween)),
    ("add_days", 2, 2, Call::Date(DateCall::AddDays)),
    ("add_months", 2, 2, Call::Date(DateCall::AddMonths)),
    ("month_start", 1, 1, Call::Date(DateCall::MonthStart)),
    ("month_end", 1, 1, Call::Date(DateCall::MonthEnd)),
    ("year_start", 1, 1, Call::Date(DateCall::YearStart)),
    ("year_end", 1, 1, Call::Date(DateCall::YearEnd)),
    ("starts_with", 2, 2, Call::StartsWith),
    ("in_divisions", 1, 1, Call::InDivisions),
    ("round_half_up", 1, 2, Call::Round { half_up: true }),
    ("round_down", 1, 2, Call::Round { half_up: false }),
    ("household_count", 1, 1, Call::Household(Fold::Count)),
    ("household_sum", 1, 1, Call::Household(Fold::Sum)),
    ("household_min", 1, 1, Call::Household(Fold::Min)),
    ("household_max", 1, 1, Call::Household(Fold::Max)),
    ("household_any", 1, 1, Call::Household(Fold::Any)),
    ("household_all", 1, 1, Call::Household(Fold::All)),
    ("places_count", 1, 1, Call::Inside(Inside::Places, Fold::Count)),
    ("places_sum", 1, 1, Call::Inside(Inside::Places, Fold::Sum)),
    ("persons_count", 1, 1, Call::Inside(Inside::Persons, Fold::Count)),
    ("persons_sum", 1, 1, Call::Inside(Inside::Persons, Fold::Sum)),
];

#[derive(Clone, Copy)]
enum Call {
    Rule(Option<&'static str>),
    Amount,
    Served,
    Param,
    Today(Today),
    Coalesce,
    Least,
    Greatest,
    Date(DateCall),
    StartsWith,
    InDivisions,
    Round { half_up: bool },
    Household(Fold),
    Inside(Inside, Fold),
}

impl Reader<'_> {
    pub(super) fn call(&mut self, call: &ast::Function) -> Option<Expr> {
        let span = call.span();
        let written = call.name.to_string().to_lowercase();
        let Some((name, least, most, kind)) = FUNCTIONS.iter().find(|(name, ..)| *name == written).copied() else {
            let near = FUNCTIONS.iter().find(|(name, ..)| name.starts_with(written.split('_').next().unwrap_or("")));
            let remedy =
                near.map_or_else(|| "docs/guides/packs.md lists them".into(), |n| format!("is {} meant?", n.0));
            self.fault(span, "unknown_function", format!("there is no function {written}"), &remedy);
            return None;
        };
        let args = self.args(call)?;
        if args.len() < least || args.len() > most {
            let takes = if least == most { least.to_string() } else { format!("{least} or more") };
            let message = format!("{name} takes {takes} arguments, not {}", args.len());
            self.fault(span, "wrong_arity", message, "give it that many");
            return None;
        }
        match kind {
            Call::Rule(wanted) => self.rule(args[0], wanted),
            Call::Amount => self.amount(args[0]),
            Call::Served => self.served(args[0]),
            Call::Param => self.parameter(args[0]),
            Call::Today(which) => self.today(span, which),
            Call::Coalesce => self.several(span, &args, Node::Coalesce),
            Call::Least => self.ordered(span, &args, Node::Least),
            Call::Greatest => self.ordered(span, &args, Node::Greatest),
            Call::Date(which) => self.date_call(&args, which),
            Call::StartsWith => self.starts_with(&args),
            Call::InDivisions => Some(Expr::bool(Node::InDivisions(Box::new(self.typed(args[0], ValueType::Text)?)))),
            Call::Round { half_up } => self.round(&args, half_up),
            Call::Household(fold) => self.household(span, name, fold, args[0]),
            Call::Inside(inside, fold) => self.inside(span, name, inside, fold, args[0]),
        }
    }

    fn args<'t>(&mut self, call: &'t ast::Function) -> Option<Vec<&'t ast::Expr>> {
        let plain = call.filter.is_none() && call.over.is_none() && call.within_group.is_empty();
        let args = match &call.args {
            FunctionArguments::None => Some(vec![]),
            FunctionArguments::List(list) if plain && list.duplicate_treatment.is_none() && list.clauses.is_empty() => {
                let each = list.args.iter().map(|arg| match arg {
                    FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
                    _ => None,
                });
                each.collect()
            }
            _ => None,
        };
        if args.is_none() {
            let message = format!("`{call}`: only plain arguments can be given");
            self.fault(call.span(), "not_in_language", message, "docs/guides/packs.md lists the functions");
        }
        args
    }

    /// The id given to `rule(x)`, `param(x)` and the like.
    fn id(&mut self, tree: &ast::Expr) -> Option<String> {
        match tree {
            ast::Expr::Identifier(name) => Some(name.value.clone()),
            ast::Expr::Value(value) => value.value.clone().into_string(),
            other => {
                self.fault(other.span(), "wrong_type", "an id belongs here".into(), "write its name without quotes");
                None
            }
        }
    }

    fn rule(&mut self, tree: &ast::Expr, wanted: Option<&'static str>) -> Option<Expr> {
        let id = self.id(tree)?;
        let what = wanted.unwrap_or("rule");
        let found = self.names.rule(&id).filter(|rule| wanted.is_none_or(|kind| rule.kind == kind));
        let Some((index, entity)) = found.map(|rule| (rule.index, rule.entity.to_owned())) else {
            self.fault(tree.span(), "unknown_rule", format!("there is no {what} {id}"), "check its id");
            return None;
        };
        self.same_entity(tree.span(), &id, &entity)?;
        Some(Expr::bool(Node::Rule(index)))
    }

    fn same_entity(&mut self, span: Span, id: &str, entity: &str) -> Option<()> {
        if entity == self.entity {
            return Some(());
        }
        let message = format!("{id} speaks of {entity}, this expression of {}", self.entity);
        self.fault(span, "wrong_entity", message, "refer to a rule of the same entity");
        None
    }

    fn amount(&mut self, tree: &ast::Expr) -> Option<Expr> {
        let id = self.id(tree)?;
        let found = self.names.rule(&id).and_then(|rule| Some((rule.index, rule.entity.to_owned(), rule.amount?)));
        let Some((index, entity, ty)) = found else {
            let message = format!("there is no benefit {id} with an amount");
            self.fault(tree.span(), "unknown_rule", message, "give the benefit an amount, or check its id");
            return None;
        };
        self.same_entity(tree.span(), &id, &entity)?;
        Some(Expr::new(Node::Amount(index), ty))
    }

    /// The condition under which a benefit is received already, put in its place. It cannot ask for that of another.
    fn served(&mut self, tree: &ast::Expr) -> Option<Expr> {
        let id = self.id(tree)?;
        let names = self.names;
        let entity = names.rule(&id).map(|rule| rule.entity.to_owned());
        let Some((entity, text)) = entity.zip(names.served(&id)) else {
            let message = format!("there is no benefit {id} that says when it is served");
            self.fault(tree.span(), "unknown_rule", message, "give the benefit `served`, or check its id");
            return None;
        };
        self.same_entity(tree.span(), &id, &entity)?;
        if text.text.to_lowercase().contains("served(") {
            let message = format!("`served` of {id} asks for another `served`");
            self.fault(tree.span(), "cycle", message, "write the condition itself there");
            return None;
        }
        self.condition_elsewhere(text)
    }

    fn parameter(&mut self, tree: &ast::Expr) -> Option<Expr> {
        let id = self.id(tree)?;
        match self.names.parameter(&id) {
            Ok((index, ty)) => Some(Expr::new(Node::Param(index), ty)),
            Err(fault) => {
                self.fault(tree.span(), fault.code, fault.message, &fault.remedy);
                None
            }
        }
    }

    fn today(&mut self, span: Span, which: Today) -> Option<Expr> {
        if which != Today::AsOf && !self.names.has_period() {
            let message = "only an indicator has a period".to_owned();
            self.fault(span, "not_in_language", message, "use as_of(), month_start(as_of()), month_end(as_of())");
            return None;
        }
        Some(Expr::new(Node::Today(which), ValueType::Date))
    }

    fn several(&mut self, span: Span, args: &[&ast::Expr], node: fn(Vec<Expr>) -> Node) -> Option<Expr> {
        let items: Vec<_> = args.iter().map(|arg| self.expr(arg)).collect();
        let items = self.same_type(span, items.into_iter().collect::<Option<_>>()?)?;
        let ty = items.first()?.ty?;
        Some(Expr::new(node(items), ty))
    }

    fn ordered(&mut self, span: Span, args: &[&ast::Expr], node: fn(Vec<Expr>) -> Node) -> Option<Expr> {
        let expr = self.several(span, args, node)?;
        if matches!(expr.ty, Some(ValueType::Bool | ValueType::Text)) {
            let message = format!("{} has no least and greatest here", name(&expr));
            self.fault(span, "wrong_type", message, "use numbers or dates");
            return None;
        }
        Some(expr)
    }

    fn typed(&mut self, tree: &ast::Expr, ty: ValueType) -> Option<Expr> {
        let expr = self.expr(tree)?;
        if expr.ty.is_none_or(|own| own == ty) {
            return Some(cast(expr, ty));
        }
        self.fault(tree.span(), "wrong_type", format!("expected {ty}, found {}", name(&expr)), "give another argument");
        None
    }

    fn date_call(&mut self, args: &[&ast::Expr], which: DateCall) -> Option<Expr> {
        use DateCall::{AddDays, AddMonths, DaysBetween, MonthsBetween, YearsBetween};
        let counts = matches!(which, DaysBetween | MonthsBetween | YearsBetween);
        let second = if matches!(which, AddDays | AddMonths) { ValueType::Int } else { ValueType::Date };
        let types = [ValueType::Date, second];
        let args: Vec<_> = args.iter().zip(types).map(|(arg, ty)| self.typed(arg, ty)).collect();
        let ty = if counts { ValueType::Int } else { ValueType::Date };
        Some(Expr::new(Node::Date(which, args.into_iter().collect::<Option<_>>()?), ty))
    }

    fn starts_with(&mut self, args: &[&ast::Expr]) -> Option<Expr> {
        let text = self.typed(args[0], ValueType::Text);
        let prefix = self.typed(args[1], ValueType::Text)?;
        let Node::Text(prefix) = prefix.node else {
            let message = "starts_with takes a text in quotes second".to_owned();
            self.fault(args[1].span(), "wrong_type", message, "write starts_with(division, '6530')");
            return None;
        };
        Some(Expr::bool(Node::StartsWith(Box::new(text?), Arc::clone(&prefix))))
    }

    fn round(&mut self, args: &[&ast::Expr], half_up: bool) -> Option<Expr> {
        let x = self.expr(args[0]);
        let digits = match args.get(1).map(|arg| self.typed(arg, ValueType::Int)) {
            None => 0,
            Some(None) => return None,
            Some(Some(Expr { node: Node::Whole(n), .. })) if (0..=i64::from(MAX_SCALE)).contains(&n) => {
                u8::try_from(n).unwrap_or(0)
            }
            Some(Some(_)) => {
                self.fault(args[1].span(), "wrong_number", "places are 0 to 9".into(), "write the number itself");
                return None;
            }
        };
        let x = x?;
        let places = |digits| if digits == 0 { ValueType::Int } else { ValueType::Decimal(digits) };
        let rounded = |rounding, x, ty| Some(Expr::new(Node::Round(rounding, Box::new(x)), ty));
        match x.ty {
            Some(ValueType::Float) if half_up => rounded(Rounding::FloatHalfUp(digits), x, places(digits)),
            Some(ValueType::Float) => rounded(Rounding::FloatDown(digits), x, places(digits)),
            Some(ty @ ValueType::Decimal(_)) if digits < scale_of(ty) => {
                let drop = scale_of(ty) - digits;
                let rounding = if half_up { Rounding::WholeHalfUp(drop) } else { Rounding::WholeDown(drop) };
                rounded(rounding, x, places(digits))
            }
            Some(ValueType::Int | ValueType::Fen | ValueType::Decimal(_)) => Some(x),
            _ => {
                let message = format!("expected a number, found {}", name(&x));
                self.fault(args[0].span(), "wrong_type", message, "round numbers only");
                None
            }
        }
    }

    fn household(&mut self, span: Span, name: &'static str, fold: Fold, arg: &ast::Expr) -> Option<Expr> {
        if self.entity != "person" {
            let message = format!("{name} is for people, this expression speaks of {}", self.entity);
            self.fault(span, "wrong_entity", message, "divisions have places_count, places_sum, persons_count");
            return None;
        }
        let arg = self.folded(name, fold, arg)?;
        let ty = folded_type(fold, &arg)?;
        Some(Expr::new(Node::Household(fold, Box::new(arg)), ty))
    }

    fn inside(&mut self, span: Span, name: &'static str, inside: Inside, fold: Fold, arg: &ast::Expr) -> Option<Expr> {
        if self.entity != "division" {
            let message = format!("{name} is for divisions, this expression speaks of {}", self.entity);
            self.fault(span, "wrong_entity", message, "people have household_count and its like");
            return None;
        }
        let outer = std::mem::replace(&mut self.entity, inside.entity().to_owned());
        let arg = self.folded(name, fold, arg);
        self.entity = outer;
        let arg = arg?;
        let ty = folded_type(fold, &arg)?;
        Some(Expr::new(Node::Inside(inside, fold, Box::new(arg)), ty))
    }

    /// What an aggregate gathers; an aggregate inside an aggregate must go through a group.
    fn folded(&mut self, name: &'static str, fold: Fold, arg: &ast::Expr) -> Option<Expr> {
        if let Some(outer) = self.within {
            let message = format!("{name} stands inside {outer}");
            self.fault(arg.span(), "nested_aggregate", message, "put the inner one into a group of its own");
            return None;
        }
        self.within = Some(name);
        let expr = match fold {
            Fold::Count | Fold::Any | Fold::All => self.condition(arg),
            Fold::Sum | Fold::Min | Fold::Max => self.expr(arg),
        };
        self.within = None;
        let expr = expr?;
        let dates = matches!(fold, Fold::Min | Fold::Max) && expr.ty == Some(ValueType::Date);
        let numbers = expr.ty.is_some_and(ValueType::is_numeric);
        if matches!(fold, Fold::Sum | Fold::Min | Fold::Max) && !numbers && !dates {
            let message = format!("{name} takes numbers, found {}", crate::expr::parse::name(&expr));
            self.fault(arg.span(), "wrong_type", message, "count conditions with household_count");
            return None;
        }
        Some(expr)
    }
}

fn folded_type(fold: Fold, arg: &Expr) -> Option<ValueType> {
    match fold {
        Fold::Count => Some(ValueType::Int),
        Fold::Any | Fold::All => Some(ValueType::Bool),
        Fold::Sum | Fold::Min | Fold::Max => arg.ty,
    }
}
