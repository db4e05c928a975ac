//! What an older person's life is like: ability, income, disability, survey answers, wishes, help received.

use kernel::Date;

use crate::ability::{self, Assessor};
use crate::ages::{before, marital, month_first};
use crate::dice::Dice;
use crate::family::{Family, Home, Maker};
use crate::land::Village;
use crate::person::{Arrangement, Disability, Income, Older, Person, Relation, SpecialFamily, Survey};

impl Maker<'_> {
    /// Fills in what is known of the older people of a family, and of disabled younger members.
    pub(crate) fn describe(&mut self, dice: &mut Dice, village: &Village, family: &mut Family, assessor: &Assessor) {
        let lives = Lives::of(family);
        let income = self.income(dice, village, family, &lives);
        let special = special_family(dice, family, self.on);
        let children = u32::try_from(lives.children).unwrap_or(0) + family.grandchildren.0;
        let near = u32::try_from(lives.near).unwrap_or(0) + family.grandchildren.1;
        let supporter = near > 0 && dice.chance(0.93) || near == 0 && dice.chance(0.35);
        let surveyed = before(self.on, dice.between(45, 160));
        let income_since = month_first(before(self.on, dice.between(70, 2400)));
        let adaptation = dice.chance(0.09);
        for index in family.elders.clone() {
            let person = &mut family.people[index];
            let age = person.age(self.on);
            let frailty = ability::frailty(dice, age);
            let dementia = ability::dementia(dice, age, frailty);
            person.disability =
                disability(dice, 0.055 + if frailty > 0.8 { 0.28 } else { 0.0 }, frailty, person.born, self.on);
            let survey = Survey {
                on: surveyed,
                arrangement: lives.arrangement(person, dice),
                children,
                children_in_village: near,
                all_away_since: lives.all_away_since,
                supporter_nearby: supporter,
                wants_institution: dice.chance(0.025 + 0.03 * frailty.max(0.0)),
                wants_home_adaptation: adaptation || frailty > 1.0 && dice.chance(0.3),
            };
            let insured = dice.chance(if village.urban { 0.5 } else { 0.24 });
            let mut older = Older {
                frailty,
                dementia,
                survey,
                income,
                income_since,
                special_family: special,
                great_contribution: age >= 70 && dice.chance(0.003),
                ltci_insured: insured,
                ltci_level: (insured && frailty > 0.9 && dice.chance(0.5)).then(|| ltci_level(dice, frailty)),
                assessments: assessments(dice, assessor, frailty, dementia, income, self.on),
                stay: None,
                needs_meals: None,
                health_managed_on: None,
                health_managed_before: None,
                family_doctor: dice.chance(0.5 + village.health_cover * 0.35),
                visits: Vec::new(),
                receives_institution_aid: false,
                receives_meals: false,
                home_adapted_on: (adaptation && dice.chance(0.3)).then(|| before(self.on, dice.between(60, 1200))),
            };
            health_years(dice, village, age, self.on, &mut older);
            meals(dice, &lives, &mut older);
            person.older = Some(Box::new(older));
        }
        for person in family.people.iter_mut().filter(|p| p.older.is_none()) {
            person.disability = disability(dice, 0.013, 0.5, person.born, self.on);
        }
    }

    fn income(&self, dice: &mut Dice, village: &Village, family: &Family, lives: &Lives) -> Income {
        let alone = lives.children == 0;
        let never = family.people[0].marital == marital::NEVER;
        let destitute = if never && alone {
            0.62
        } else if alone {
            0.14
        } else {
            0.0
        };
        let allowance = if village.urban { 0.06 } else { 0.12 } + if lives.near == 0 { 0.04 } else { 0.0 };
        match dice.weighted(&[destitute, allowance, 0.03, (0.97 - destitute - allowance).max(0.0)]) {
            0 => Income::Destitute,
            1 => Income::Allowance,
            2 => Income::Margin,
            _ => Income::Ordinary,
        }
    }
}

/// How a family lives, counted once for both partners.
struct Lives {
    children: usize,
    near: usize,
    with_child: bool,
    all_away_since: Option<Date>,
}

impl Lives {
    fn of(family: &Family) -> Self {
        let away = |home: &Home| if let Home::Away(since) = home { Some(*since) } else { None };
        let since: Option<Vec<Date>> = family.children.iter().map(away).collect();
        Self {
            children: family.children.len(),
            near: family.children.iter().filter(|home| home.in_village()).count(),
            with_child: family.children.contains(&Home::Household),
            all_away_since: since.and_then(|days| days.into_iter().max()),
        }
    }

    fn arrangement(&self, person: &Person, dice: &mut Dice) -> Arrangement {
        let married = person.kin.iter().any(|kin| kin.relation == Relation::Spouse);
        match (self.with_child, married) {
            (true, _) => Arrangement::WithChildren,
            (false, true) => Arrangement::WithSpouse,
            (false, false) if dice.chance(0.12) => Arrangement::WithOthers,
            (false, false) => Arrangement::Alone,
        }
    }
}

/// Han families of the one-child years only; the child is no longer there, or ill.
fn special_family(dice: &mut Dice, family: &Family, on: Date) -> SpecialFamily {
    let mother_of_that_time = family.people.iter().any(|p| !p.male && (60..=78).contains(&p.age(on)));
    let one_child_rule = family.people[0].ethnicity == crate::names::people::HAN;
    match (one_child_rule && mother_of_that_time, family.children.len()) {
        (true, 0) if dice.chance(0.3) => SpecialFamily::OnlyChildDied,
        (true, 1) if dice.chance(0.025) => SpecialFamily::OnlyChildDisabled,
        _ => SpecialFamily::No,
    }
}

pub(crate) fn disability(dice: &mut Dice, rate: f64, frailty: f64, born: Date, on: Date) -> Option<Disability> {
    if !dice.chance(rate) {
        return None;
    }
    let category = [4, 1, 2, 6, 5, 3, 7][dice.weighted(&[0.55, 0.14, 0.13, 0.05, 0.04, 0.02, 0.07])];
    let severe = if frailty > 1.0 { 0.3 } else { 0.0 };
    let grade = [1, 2, 3, 4][dice.weighted(&[0.10 + severe, 0.20 + severe, 0.33, 0.37])];
    let latest = (on - born).num_days().clamp(90, 6000);
    Some(Disability { category, grade, issued_on: before(on, dice.between(60, latest)) })
}

fn ltci_level(dice: &mut Dice, frailty: f64) -> u8 {
    let worse = usize::from(frailty > 1.6) + usize::from(frailty > 2.2);
    [1, 2, 3, 4, 5][(dice.below(2) + worse).min(4)]
}

/// A third of the old have been assessed, the frail and poor more often; some long ago, some twice.
fn assessments(
    dice: &mut Dice,
    assessor: &Assessor,
    frailty: f64,
    dementia: bool,
    income: Income,
    on: Date,
) -> Vec<crate::person::Assessment> {
    let poor = if income == Income::Ordinary { 0.0 } else { 0.15 };
    let rate = if frailty > 1.0 {
        0.82
    } else if frailty > 0.3 {
        0.42
    } else {
        0.2
    };
    if !dice.chance(rate + poor) {
        return Vec::new();
    }
    let ago = match dice.weighted(&[0.14, 0.10, 0.76]) {
        0 => dice.between(370, 760),
        1 => dice.between(325, 366),
        _ => dice.between(12, 324),
    };
    let mut days = vec![ago];
    if dice.chance(0.1) {
        days.insert(0, ago + dice.between(150, 400));
    }
    let earlier = |turn: usize| if turn + 1 < days.len() { 0.4 } else { 0.0 };
    days.iter()
        .enumerate()
        .map(|(turn, ago)| assessor.assess(dice, frailty - earlier(turn), dementia, before(on, *ago)))
        .collect()
}

/// The yearly health service: this year's or last year's, from 65.
fn health_years(dice: &mut Dice, village: &Village, age: i32, on: Date, older: &mut Older) {
    if age < 65 {
        return;
    }
    let this_year = i64::from(chrono::Datelike::ordinal(&on));
    older.health_managed_before =
        dice.chance(village.health_cover).then(|| before(on, this_year + dice.between(20, 330)));
    older.health_managed_on =
        dice.chance(village.health_cover * 0.9).then(|| before(on, dice.between(12, this_year - 10)));
}

/// Townships look first at the poor whom nobody helps, and bring meals mostly to them.
fn meals(dice: &mut Dice, lives: &Lives, older: &mut Older) {
    let helpless = older.frailty > 0.7 && lives.near == 0;
    let poor = older.income != Income::Ordinary;
    if dice.chance(if helpless { 0.7 } else { 0.03 }) {
        older.needs_meals = Some(dice.chance(if helpless { 0.8 } else { 0.15 }));
        let served = if poor { 0.6 } else { 0.04 };
        older.receives_meals = older.needs_meals == Some(true) && dice.chance(served) || dice.chance(0.01);
    }
}
