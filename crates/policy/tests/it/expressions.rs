//! Generated SQL expressions of each type, deep enough to nest everything the language has.

use crate::dice::Dice;

/// What may be referred to beside facts.
pub struct Scope {
    pub groups: Vec<String>,
    pub benefits: Vec<String>,
    /// Inside an aggregate no other may stand.
    pub in_household: bool,
}

pub fn condition(dice: &mut Dice, scope: &mut Scope, depth: usize) -> String {
    if depth == 0 || dice.chance(12) {
        return match dice.below(5) {
            0 if !scope.groups.is_empty() => {
                let at = dice.below(scope.groups.len());
                format!("rule({})", scope.groups[at])
            }
            0 | 1 => "rural".to_owned(),
            2 => "poor".to_owned(),
            3 => dice.pick(&["TRUE", "FALSE", "NULL"]).to_owned(),
            _ => format!("{} IS NULL", dice.pick(&["poor", "income", "birth_date", "sex", "area", "rate"])),
        };
    }
    let depth = depth - 1;
    match dice.below(15) {
        0..=2 => join(dice, scope, depth, "AND"),
        3 | 4 => join(dice, scope, depth, "OR"),
        5 => format!("NOT ({})", condition(dice, scope, depth)),
        6 => {
            let is = dice.pick(&["IS TRUE", "IS NOT TRUE", "IS FALSE", "IS NOT FALSE", "IS NULL", "IS NOT NULL"]);
            format!("({}) {is}", condition(dice, scope, depth))
        }
        7 | 8 => compare(dice, scope, depth),
        9 => {
            let (x, low, high) = (whole(dice, scope, depth), whole(dice, scope, 0), whole(dice, scope, 0));
            format!("({x}) {}BETWEEN {low} AND {high}", dice.pick(&["", "NOT "]))
        }
        10 => {
            let list: Vec<_> = (0..dice.below(3) + 1).map(|_| text_item(dice)).collect();
            format!("{} {}IN ({})", text(dice, scope, depth), dice.pick(&["", "NOT "]), list.join(", "))
        }
        11 => {
            let list: Vec<_> = (0..dice.below(3) + 1).map(|_| whole(dice, scope, 0)).collect();
            format!("({}) {}IN ({})", whole(dice, scope, depth), dice.pick(&["", "NOT "]), list.join(", "))
        }
        12 => match dice.below(3) {
            0 => format!("in_divisions({})", text(dice, scope, depth)),
            _ => format!("starts_with({}, '{}')", text(dice, scope, depth), dice.pick(&["", "65", "牧", "it''s", "1"])),
        },
        13 if !scope.in_household => {
            let which = dice.pick(&["household_any", "household_all"]);
            inside(scope, |scope| format!("{which}({})", condition(dice, scope, depth)))
        }
        _ => case(dice, scope, depth, condition),
    }
}

fn join(dice: &mut Dice, scope: &mut Scope, depth: usize, with: &str) -> String {
    let all: Vec<_> = (0..dice.below(2) + 2).map(|_| format!("({})", condition(dice, scope, depth))).collect();
    all.join(&format!(" {with} "))
}

fn compare(dice: &mut Dice, scope: &mut Scope, depth: usize) -> String {
    let op = dice.pick(&["=", "<>", "<", "<=", ">", ">="]);
    let (a, b) = match dice.below(8) {
        0 | 1 => (whole(dice, scope, depth), whole(dice, scope, depth)),
        2 => (money(dice, scope, depth), money(dice, scope, depth)),
        3 => (decimal(dice, scope, depth), whole(dice, scope, depth)),
        4 => (float(dice, scope, depth), decimal(dice, scope, depth)),
        5 => (text(dice, scope, depth), text(dice, scope, depth)),
        6 => (date(dice, scope, depth), date(dice, scope, depth)),
        _ if matches!(op, "=" | "<>") => {
            (condition(dice, scope, depth), format!("({})", condition(dice, scope, depth)))
        }
        _ => ("age".to_owned(), "param(old)".to_owned()),
    };
    format!("({a}) {op} ({b})").replace("(NULL)", "(1 = 2)")
}

/// A whole number of modest size.
pub fn whole(dice: &mut Dice, scope: &mut Scope, depth: usize) -> String {
    if depth == 0 || dice.chance(15) {
        return match dice.below(7) {
            0 => dice.between(-400, 400).to_string(),
            1 => dice.pick(&["0", "1", "-1", "60", "127", "128", "-129", "32768", "1000000000000"]).to_owned(),
            2 => "param(old)".to_owned(),
            3 => "age".to_owned(),
            4 => "grade".to_owned(),
            5 => "far".to_owned(),
            _ => "score".to_owned(),
        };
    }
    let depth = depth - 1;
    match dice.below(11) {
        0 | 1 => format!("({}) {} ({})", whole(dice, scope, depth), dice.pick(&["+", "-"]), whole(dice, scope, depth)),
        2 => format!("grade * ({})", whole(dice, scope, depth)),
        3 => format!("-({})", whole(dice, scope, depth)),
        4 => extreme(dice, scope, depth, whole),
        5 => coalesce(dice, scope, depth, whole),
        6 => {
            let between = dice.pick(&["days_between", "months_between", "years_between"]);
            format!("{between}({}, {})", date(dice, scope, depth), date(dice, scope, depth))
        }
        7 => format!("{}({})", dice.pick(&["round_half_up", "round_down"]), decimal(dice, scope, depth)),
        8 => format!("{}({})", dice.pick(&["round_half_up", "round_down"]), float(dice, scope, depth)),
        9 if !scope.in_household => {
            if dice.chance(50) {
                return inside(scope, |scope| format!("household_count({})", condition(dice, scope, depth)));
            }
            let which = dice.pick(&["household_sum", "household_min", "household_max"]);
            inside(scope, |scope| format!("{which}({})", whole(dice, scope, depth.min(1))))
        }
        _ => case(dice, scope, depth, whole),
    }
}

/// Money in fen.
pub fn money(dice: &mut Dice, scope: &mut Scope, depth: usize) -> String {
    if depth == 0 || dice.chance(15) {
        return match dice.below(4) {
            0 => "param(grant)".to_owned(),
            1 if !scope.benefits.is_empty() => {
                let at = dice.below(scope.benefits.len());
                format!("amount({})", scope.benefits[at])
            }
            2 => "pension".to_owned(),
            _ => "income".to_owned(),
        };
    }
    let depth = depth - 1;
    match dice.below(7) {
        0 | 1 => format!("({}) {} ({})", money(dice, scope, depth), dice.pick(&["+", "-"]), money(dice, scope, depth)),
        2 => format!("({}) * grade", money(dice, scope, depth)),
        3 => extreme(dice, scope, depth, money),
        4 => coalesce(dice, scope, depth, money),
        5 if !scope.in_household => {
            let which = dice.pick(&["household_sum", "household_min", "household_max"]);
            inside(scope, |scope| format!("{which}({})", money(dice, scope, depth.min(1))))
        }
        _ => case(dice, scope, depth, money),
    }
}

fn decimal(dice: &mut Dice, scope: &mut Scope, depth: usize) -> String {
    if depth == 0 || dice.chance(20) {
        return dice.pick(&["rate", "share", "0.1", "12.345", "-0.05", "param(part)"]).to_owned();
    }
    let depth = depth - 1;
    match dice.below(6) {
        0 => format!("({}) {} score", decimal(dice, scope, depth), dice.pick(&["+", "-"])),
        1 => format!("rate * {}", dice.pick(&["score", "grade", "(age - 3)"])),
        2 => format!("{}(rate * share, {})", dice.pick(&["round_half_up", "round_down"]), dice.below(4) + 1),
        3 => extreme(dice, scope, depth, decimal),
        4 => format!("{}({}, 2)", dice.pick(&["round_half_up", "round_down"]), float(dice, scope, depth)),
        _ => case(dice, scope, depth, decimal),
    }
}

fn float(dice: &mut Dice, scope: &mut Scope, depth: usize) -> String {
    if depth == 0 || dice.chance(20) {
        return dice.pick(&["area", "distance", "0.5e0", "1e3", "-2.25e0"]).to_owned();
    }
    let depth = depth - 1;
    match dice.below(7) {
        0 => format!("({}) {} ({})", float(dice, scope, depth), dice.pick(&["+", "-"]), decimal(dice, scope, depth)),
        1 => format!("area * ({})", decimal(dice, scope, depth)),
        2 | 3 => format!("({}) / ({})", whole(dice, scope, depth), whole(dice, scope, depth)),
        4 => format!("({}) / ({})", money(dice, scope, depth), float(dice, scope, depth)),
        5 if !scope.in_household => {
            format!(
                "{}({})",
                dice.pick(&["household_sum", "household_min", "household_max"]),
                dice.pick(&["area", "distance"])
            )
        }
        _ => case(dice, scope, depth, float),
    }
}

fn date(dice: &mut Dice, scope: &mut Scope, depth: usize) -> String {
    if depth == 0 || dice.chance(25) {
        return dice
            .pick(&["birth_date", "death_date", "moved_on", "as_of()", "DATE '2024-02-29'", "DATE '1966-11-20'"])
            .to_owned();
    }
    let depth = depth - 1;
    match dice.below(7) {
        0 => format!("add_days({}, {})", date(dice, scope, depth), whole(dice, scope, depth.min(1))),
        1 => format!("add_months({}, score)", date(dice, scope, depth)),
        2 => format!("add_months({}, {})", date(dice, scope, depth), dice.between(-30, 30)),
        3 => format!(
            "{}({})",
            dice.pick(&["month_start", "month_end", "year_start", "year_end"]),
            date(dice, scope, depth)
        ),
        4 => extreme(dice, scope, depth, date),
        5 => coalesce(dice, scope, depth, date),
        _ => case(dice, scope, depth, date),
    }
}

fn text(dice: &mut Dice, scope: &mut Scope, depth: usize) -> String {
    if depth == 0 || dice.chance(40) {
        return match dice.below(5) {
            0 => text_item(dice),
            _ => dice.pick(&["sex", "kind", "residence_division", "hukou_division"]).to_owned(),
        };
    }
    let depth = depth - 1;
    if dice.chance(50) { coalesce(dice, scope, depth, text) } else { case(dice, scope, depth, text) }
}

fn text_item(dice: &mut Dice) -> String {
    dice.pick(&["''", "'1'", "'10'", "'a'", "'牧场'", "'é'", "'it''s'", "'653001001001'"]).to_owned()
}

type Make = fn(&mut Dice, &mut Scope, usize) -> String;

fn extreme(dice: &mut Dice, scope: &mut Scope, depth: usize, make: Make) -> String {
    let all: Vec<_> = (0..dice.below(3) + 1).map(|_| make(dice, scope, depth.min(1))).collect();
    format!("{}({})", dice.pick(&["LEAST", "GREATEST"]), all.join(", "))
}

fn coalesce(dice: &mut Dice, scope: &mut Scope, depth: usize, make: Make) -> String {
    let all: Vec<_> = (0..dice.below(3) + 1).map(|_| make(dice, scope, depth.min(2))).collect();
    format!("COALESCE({})", all.join(", "))
}

fn case(dice: &mut Dice, scope: &mut Scope, depth: usize, make: Make) -> String {
    let mut arms = String::new();
    let simple = dice.chance(25);
    for _ in 0..dice.below(2) + 1 {
        let when = if simple { text_item(dice) } else { condition(dice, scope, depth.min(2)) };
        arms += &format!(" WHEN {when} THEN {}", make(dice, scope, depth.min(2)));
    }
    let otherwise = match dice.below(3) {
        0 => String::new(),
        1 => " ELSE NULL".to_owned(),
        _ => format!(" ELSE {}", make(dice, scope, depth.min(2))),
    };
    let case = format!("CASE{}{arms}{otherwise} END", if simple { " sex" } else { "" });
    // A case of nothing but NULLs has no type.
    case.replace("THEN NULL", "THEN (1 = 2)")
}

fn inside(scope: &mut Scope, make: impl FnOnce(&mut Scope) -> String) -> String {
    scope.in_household = true;
    let made = make(scope);
    scope.in_household = false;
    made
}
