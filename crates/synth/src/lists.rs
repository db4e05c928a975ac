//! What each department's list says about a person: the row before faults and spelling.

use kernel::{Date, DivisionCode, DivisionLevel};

use crate::ages::{before, month_first};
use crate::cell::{Cell, Row, code};
use crate::dice::Dice;
use crate::person::{Income, Older, Person, Relation, SpecialFamily};
use crate::places::Place;

/// What the rows of a list depend on.
pub(crate) struct Asked<'a> {
    pub source: &'a str,
    /// The list's date.
    pub on: Date,
    /// The day for which the people were invented.
    pub invented_on: Date,
    /// Deltas hold what happened after this day.
    pub after: Option<Date>,
    /// Only older people, as the year-end list of the police has it.
    pub older_only: bool,
    pub places: &'a [Place],
    pub seed: u64,
}

/// The rows of `source` about `person`; `village` holds everyone the person may be kin to.
pub(crate) fn rows(asked: &Asked, person: &Person, village: &[Person]) -> Vec<Row> {
    let mut rows = match asked.source {
        "population" => population(asked, person),
        "kin" => kin(person, village),
        "deaths" => deaths(asked, person),
        "disability" => disability(asked, person),
        _ => person.older.as_deref().map_or_else(Vec::new, |older| of_older(asked, person, older)),
    };
    for row in &mut rows {
        row.insert("id_number", person.id_number.as_str().into());
        row.insert("name", person.name.as_str().into());
    }
    rows
}

/// The county whose list a person stands in: of residence, else of registration.
pub(crate) fn county(region: DivisionCode, person: &Person, by_hukou: bool) -> Option<DivisionCode> {
    let order = if by_hukou { [person.hukou, person.residence] } else { [person.residence, person.hukou] };
    order.into_iter().find(|code| region.contains(*code)).and_then(|code| code.at(DivisionLevel::County))
}

fn of_older(asked: &Asked, person: &Person, older: &Older) -> Vec<Row> {
    match asked.source {
        "low_income" => low_income(asked, person, older),
        "destitute" => allowance(asked, older, Income::Destitute),
        "low_income_margin" => allowance(asked, older, Income::Margin),
        "special_families" => special_families(asked, person, older),
        "great_contribution" => register(asked, person, older.great_contribution),
        "dementia_diagnoses" => register(asked, person, older.dementia && !person.number.is_multiple_of(5)),
        "family_doctors" => family_doctors(asked, person, older),
        "health_management" => health_management(asked, older),
        "village_survey" => survey(person, older),
        "ltci" => ltci(asked, person, older),
        "ability_assessments" => assessments(asked, older),
        "institution_stays" => stays(asked, person, older),
        "meal_delivery_needs" => one(older.needs_meals.map(|needs| Row::from([("needs_meal_delivery", needs.into())]))),
        "benefit_recipients" => recipients(older),
        "visit_returns" => visits(asked, older),
        _ => Vec::new(),
    }
}

fn one(row: Option<Row>) -> Vec<Row> {
    row.into_iter().collect()
}

/// A day the person has been in a register since, the same in every night's list.
fn since(asked: &Asked, person: &Person) -> Date {
    let mut dice = Dice::keyed(asked.seed, asked.source, u64::from(person.number));
    month_first(before(asked.invented_on, dice.between(100, 2400)))
}

fn register(asked: &Asked, person: &Person, holds: bool) -> Vec<Row> {
    one(holds.then(|| Row::from([("valid_from", since(asked, person).into())])))
}

fn allowance(asked: &Asked, older: &Older, kind: Income) -> Vec<Row> {
    let holds = older.income == kind && older.income_since <= asked.on;
    one(holds.then(|| Row::from([("valid_from", older.income_since.into())])))
}

fn low_income(asked: &Asked, person: &Person, older: &Older) -> Vec<Row> {
    let mut rows = allowance(asked, older, Income::Allowance);
    for row in &mut rows {
        row.insert("保障类别", ["A类", "B类", "C类"][person.number as usize % 3].into());
        row.insert("月保障金额", i64::from(380 + person.number % 30 * 10).into());
    }
    rows
}

fn population(asked: &Asked, person: &Person) -> Vec<Row> {
    let older_there = person.older.is_some() && person.residence_since <= asked.on;
    if person.born > asked.on || asked.older_only && !older_there {
        return Vec::new();
    }
    vec![Row::from([
        ("sex", code(person.sex())),
        ("birth_date", person.born.into()),
        ("ethnicity", code(person.ethnicity)),
        ("marital_status", code(person.marital)),
        ("hukou_division", person.hukou.into()),
        ("residence_division", person.residence.into()),
        ("residence_since", person.residence_since.into()),
        ("address", person.address.as_str().into()),
        ("household_id", person.household.as_str().into()),
        ("phone", person.phone.clone().into()),
    ])]
}

fn kin(person: &Person, village: &[Person]) -> Vec<Row> {
    let row = |kin: &crate::person::Kin| {
        // numbers rise within a village
        let other = &village[village.binary_search_by_key(&kin.number, |p| p.number).ok()?];
        let word = match (kin.relation, other.male) {
            (Relation::Spouse, _) => "配偶",
            (Relation::Child, true) => "子",
            (Relation::Child, false) => "女",
            (Relation::Grandchild, true) => "孙子",
            (Relation::Grandchild, false) => "孙女",
            (Relation::Parent, true) => "父亲",
            (Relation::Parent, false) => "母亲",
        };
        Some(Row::from([
            ("kin_id_number", other.id_number.as_str().into()),
            ("kin_name", other.name.as_str().into()),
            ("kin_relation", word.into()),
        ]))
    };
    person.kin.iter().filter_map(row).collect()
}

fn deaths(asked: &Asked, person: &Person) -> Vec<Row> {
    let told = person.died.filter(|died| *died <= asked.on && asked.after.is_none_or(|after| *died > after));
    one(told.map(|died| Row::from([("death_date", died.into())])))
}

fn disability(asked: &Asked, person: &Person) -> Vec<Row> {
    one(person.disability.filter(|d| d.issued_on <= asked.on).map(|d| {
        Row::from([
            ("disability_category", code(&d.category.to_string())),
            ("disability_grade", code(&d.grade.to_string())),
            ("valid_from", d.issued_on.into()),
            ("marital_status", if person.older.is_some() { code(person.marital) } else { Cell::Empty }),
            ("残疾证号", format!("{}{}{}", person.id_number, d.category, d.grade).into()),
        ])
    }))
}

fn special_families(asked: &Asked, person: &Person, older: &Older) -> Vec<Row> {
    let kind = match older.special_family {
        SpecialFamily::No => return Vec::new(),
        SpecialFamily::OnlyChildDied => "only_child_died",
        SpecialFamily::OnlyChildDisabled => "only_child_disabled",
    };
    vec![Row::from([("special_family", code(kind)), ("valid_from", since(asked, person).into())])]
}

fn family_doctors(asked: &Asked, person: &Person, older: &Older) -> Vec<Row> {
    one(older.family_doctor.then(|| {
        let from = before(asked.invented_on, i64::from(person.number % 300) + 40);
        // most contracts run to the year's end after next; a few have lapsed
        let until = before(from, if person.number.is_multiple_of(40) { -200 } else { -729 });
        Row::from([("valid_from", from.into()), ("valid_until", until.into())])
    }))
}

fn health_management(asked: &Asked, older: &Older) -> Vec<Row> {
    let last = [older.health_managed_on, older.health_managed_before].into_iter().flatten();
    one(last.filter(|day| *day <= asked.on).max().map(|day| Row::from([("health_managed_on", day.into())])))
}

fn survey(person: &Person, older: &Older) -> Vec<Row> {
    let survey = &older.survey;
    vec![Row::from([
        ("residence_division", person.residence.into()),
        ("living_arrangement", code(survey.arrangement.code())),
        ("marital_status", code(person.marital)),
        ("children_count", i64::from(survey.children).into()),
        ("children_in_village", i64::from(survey.children_in_village).into()),
        ("children_all_away", if survey.children == 0 { Cell::Empty } else { survey.all_away_since.is_some().into() }),
        ("children_all_away_since", survey.all_away_since.into()),
        ("capable_supporter_nearby", survey.supporter_nearby.into()),
        ("wants_institution", survey.wants_institution.into()),
        ("wants_home_adaptation", survey.wants_home_adaptation.into()),
        ("valid_from", survey.on.into()),
        ("phone", person.phone.clone().into()),
    ])]
}

fn ltci(asked: &Asked, person: &Person, older: &Older) -> Vec<Row> {
    one(older.ltci_insured.then(|| {
        let level = older.ltci_level.map(|level| code(&level.to_string())).unwrap_or_default();
        Row::from([("valid_from", since(asked, person).into()), ("ltci_level", level)])
    }))
}

fn assessments(asked: &Asked, older: &Older) -> Vec<Row> {
    let told = |on: Date| on <= asked.on && asked.after.is_none_or(|after| on > after);
    let row = |a: &crate::person::Assessment| {
        let points = |group: usize| Cell::from(a.subtotals.get(group).map(|n| i64::from(*n)));
        Row::from([
            ("ability_assessed_on", a.on.into()),
            ("ability_level", code(&a.level.to_string())),
            ("ability_valid_until", a.valid_until.into()),
            ("ability_total", i64::from(a.total).into()),
            ("ability_self_care", points(0)),
            ("ability_mobility", points(1)),
            ("ability_mental", points(2)),
            ("ability_social", points(3)),
            ("dementia", older.dementia.into()),
        ])
    };
    older.assessments.iter().filter(|a| told(a.on)).map(row).collect()
}

fn stays(asked: &Asked, person: &Person, older: &Older) -> Vec<Row> {
    let stay = older.stay.as_ref().filter(|stay| stay.since <= asked.on);
    one(stay.map(|stay| {
        let place = &asked.places[stay.place];
        Row::from([
            ("institution_id", place.id.as_str().into()),
            ("机构名称", place.name.as_str().into()),
            ("institution_since", stay.since.into()),
            ("ended_on", person.died.filter(|died| *died <= asked.on).into()),
            ("institution_contract", stay.contract.into()),
            ("institution_paid", stay.paid.into()),
        ])
    }))
}

fn recipients(older: &Older) -> Vec<Row> {
    let any = older.receives_institution_aid || older.receives_meals || older.home_adapted_on.is_some();
    one(any.then(|| {
        Row::from([
            ("receives_institution_aid", older.receives_institution_aid.into()),
            ("receives_meal_delivery", older.receives_meals.into()),
            ("home_adapted_on", older.home_adapted_on.into()),
        ])
    }))
}

fn visits(asked: &Asked, older: &Older) -> Vec<Row> {
    let told = |on: Date| on <= asked.on && asked.after.is_none_or(|after| on > after);
    let row = |v: &crate::person::Visit| Row::from([("kind", code(v.kind)), ("on", v.on.into()), ("by", code(v.by))]);
    older.visits.iter().filter(|v| told(v.on)).map(row).collect()
}
