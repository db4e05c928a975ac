//! Reading matters: one, a person's, a page of them, counts, what happened, awards.

use kernel::{Date, DivisionCode, MatterId, PersonId};
use registry::linking::Aliases;
use serde::Serialize;
use store::{Keys, Row, Session, Value};
use worklist::Scope;

use crate::BenefitsError;
use crate::model::{Deed, How, Matter, State, Verdict};
use crate::number;
use crate::write::{Written, context};

/// Which matters a page shows; empty or none: all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub scope: Scope,
    pub state: Option<State>,
    pub rule: String,
    /// The step that comes next.
    pub step: String,
    /// Only what is not closed.
    pub open: bool,
    /// Only what this user may decide: what they neither filed nor recommended.
    pub decidable_by: String,
    /// Only what is late on this day.
    pub late_on: Option<Date>,
    /// 0: the first fifty.
    pub limit: i64,
    pub offset: i64,
}

/// Matters of one state, benefit and next step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Count {
    pub state: State,
    pub rule: String,
    pub step: String,
    pub n: i64,
    pub late: i64,
}

/// One thing done to a matter, opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    pub sequence: i64,
    pub deed: Deed,
    pub on: Date,
    /// UTC, as stamped.
    pub at: String,
    pub actor: String,
    pub how: How,
    pub code: String,
    pub day: Option<Date>,
    pub state: State,
    pub written: Written,
}

/// What was granted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Award {
    pub id: i64,
    pub matter: MatterId,
    /// The matter's number; empty where one award is asked for.
    pub number: String,
    pub rule: String,
    pub benefit_kind: String,
    pub person: PersonId,
    pub village: DivisionCode,
    pub pack: String,
    pub pack_version: String,
    pub from_on: Date,
    /// First day on which it is given no more.
    pub until_on: Option<Date>,
    /// None: the pack states no amount.
    pub amount_fen: Option<i64>,
    /// `month`, `quarter`, `year`, `once`; empty: the pack doesn't say.
    pub per: String,
    pub act_key: Option<String>,
    pub delivered_on: Option<Date>,
}

/// Which awards: those that hold on some day of a span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwardFilter {
    pub scope: Scope,
    pub rule: String,
    /// `cash`, `service`, `in_kind`; empty: all.
    pub benefit_kind: String,
    pub first: Date,
    pub last: Date,
    pub limit: i64,
    pub offset: i64,
}

impl Event {
    /// Whether the person and the family see what was written: not what officers write to each other before the
    /// decision.
    #[must_use]
    pub fn is_public(&self) -> bool {
        !matches!(self.deed, Deed::Recommend | Deed::GiveBack | Deed::ProposeStop | Deed::KeepOn)
    }
}

/// One matter.
///
/// # Errors
/// Those of the store.
pub fn get(session: &mut Session, id: MatterId) -> Result<Option<Matter>, BenefitsError> {
    let row = session.query_opt(include_str!("../sql/matter_get.sql"), &[id.0.into()])?;
    row.map(|row| read(&row)).transpose()
}

/// The matter of a number, however it is typed. Whoever asks must show that they may.
///
/// # Errors
/// Those of the store.
pub fn by_number(session: &mut Session, typed: &str) -> Result<Option<Matter>, BenefitsError> {
    let row = session.query_opt(include_str!("../sql/matter_by_no.sql"), &[number::read(typed).into()])?;
    row.map(|row| read(&row)).transpose()
}

/// Everything about a person, merged entries included, newest first.
///
/// # Errors
/// Those of the store.
pub fn of_person(session: &mut Session, person: PersonId) -> Result<Vec<Matter>, BenefitsError> {
    let mut all = Vec::new();
    for entry in Aliases::around(session, person, None)?.members(person.0) {
        for row in session.query(include_str!("../sql/matter_of_person.sql"), &[entry.into()])? {
            all.push(read(&row)?);
        }
    }
    all.sort_by_key(|matter| std::cmp::Reverse(matter.id));
    Ok(all)
}

/// The matter about a benefit that is not closed.
///
/// # Errors
/// Those of the store.
pub fn under_way(session: &mut Session, person: PersonId, rule: &str) -> Result<Option<Matter>, BenefitsError> {
    for entry in Aliases::around(session, person, None)?.members(person.0) {
        let params = [entry.into(), rule.into()];
        if let Some(row) = session.query_opt(include_str!("../sql/matter_under_way.sql"), &params)? {
            return read(&row).map(Some);
        }
    }
    Ok(None)
}

/// A page of matters: open ones first, by their last day.
///
/// # Errors
/// Those of the store.
pub fn page(session: &mut Session, filter: &Filter) -> Result<Vec<Matter>, BenefitsError> {
    let (low, high) = filter.scope.bounds();
    let params: [Value; 10] = [
        filter.state.map_or("", State::name).into(),
        filter.rule.as_str().into(),
        filter.step.as_str().into(),
        low.into(),
        high.into(),
        i64::from(filter.open).into(),
        (if filter.limit > 0 { filter.limit } else { 50 }).into(),
        filter.offset.into(),
        filter.decidable_by.as_str().into(),
        filter.late_on.map(|day| day.to_string()).unwrap_or_default().into(),
    ];
    session.query(include_str!("../sql/matter_page.sql"), &params)?.iter().map(read).collect()
}

/// Matters by state, benefit and next step; late: the step's last day lies before `today`.
///
/// # Errors
/// Those of the store.
pub fn counts(session: &mut Session, scope: Scope, today: Date) -> Result<Vec<Count>, BenefitsError> {
    let (low, high) = scope.bounds();
    let params = [low.into(), high.into(), today.into()];
    let rows = session.query(include_str!("../sql/matter_counts.sql"), &params)?;
    let count = |row: &Row<'_>| {
        Ok(Count {
            state: row.text(0)?.parse()?,
            rule: row.text(1)?.to_owned(),
            step: row.text(2)?.to_owned(),
            n: row.int(3)?,
            late: row.opt_int(4)?.unwrap_or(0),
        })
    };
    rows.iter().map(count).collect()
}

/// Why people decline, as codes with how often, most often first. `rule` empty: whatever was offered.
///
/// # Errors
/// Those of the store.
pub fn declined(session: &mut Session, scope: Scope, rule: &str) -> Result<Vec<(String, i64)>, BenefitsError> {
    let (low, high) = scope.bounds();
    let rows = session.query(include_str!("../sql/declined.sql"), &[low.into(), high.into(), rule.into()])?;
    rows.iter().map(|row| Ok((row.text(0)?.to_owned(), row.int(1)?))).collect()
}

/// What happened to a matter, oldest first, with what was written.
///
/// # Errors
/// Those of the store and the keys.
pub fn history(session: &mut Session, keys: &Keys, matter: MatterId) -> Result<Vec<Event>, BenefitsError> {
    let rows = session.query(include_str!("../sql/event_of_matter.sql"), &[matter.0.into()])?;
    let event = |row: &Row<'_>| {
        let sequence = row.int(0)?;
        let written = match row.opt_blob(9)? {
            Some(blob) => {
                let text = keys.open(&context(matter, sequence), blob)?;
                serde_json::from_slice(&text).map_err(|_| BenefitsError::Stored("event"))?
            }
            None => Written::default(),
        };
        Ok(Event {
            sequence,
            deed: row.text(1)?.parse()?,
            on: row.date(2)?,
            at: row.text(3)?.to_owned(),
            actor: row.text(4)?.to_owned(),
            how: row.text(5)?.parse()?,
            code: row.text(6)?.to_owned(),
            day: row.opt_date(7)?,
            state: row.text(8)?.parse()?,
            written,
        })
    };
    rows.iter().map(event).collect()
}

/// Awards, by benefit and village, with the number of all.
///
/// # Errors
/// Those of the store.
pub fn awards(session: &mut Session, filter: &AwardFilter) -> Result<(Vec<Award>, i64), BenefitsError> {
    let (low, high) = filter.scope.bounds();
    let mut params: Vec<Value> = vec![
        low.into(),
        high.into(),
        filter.rule.as_str().into(),
        filter.benefit_kind.as_str().into(),
        filter.first.into(),
        filter.last.into(),
    ];
    let all = session.query_one(include_str!("../sql/award_count.sql"), &params)?.int(0)?;
    params.extend([filter.limit.into(), filter.offset.into()]);
    let rows = session.query(include_str!("../sql/award_page.sql"), &params)?;
    let award = |row: &Row<'_>| Ok(Award { number: row.text(15)?.to_owned(), ..read_award(row)? });
    Ok((rows.iter().map(award).collect::<Result<_, BenefitsError>>()?, all))
}

/// The award of a matter that is not void.
///
/// # Errors
/// Those of the store.
pub fn award_of(session: &mut Session, matter: MatterId) -> Result<Option<Award>, BenefitsError> {
    let row = session.query_opt(include_str!("../sql/award_of_matter.sql"), &[matter.0.into()])?;
    row.map(|row| read_award(&row)).transpose()
}

pub(crate) fn was_notified(session: &mut Session, matter: MatterId) -> Result<bool, BenefitsError> {
    Ok(session.query_one(include_str!("../sql/event_notified.sql"), &[matter.0.into()])?.int(0)? > 0)
}

fn read_award(row: &Row<'_>) -> Result<Award, BenefitsError> {
    Ok(Award {
        id: row.int(0)?,
        matter: MatterId(row.int(1)?),
        number: String::new(),
        rule: row.text(2)?.to_owned(),
        benefit_kind: row.text(3)?.to_owned(),
        person: PersonId(row.int(4)?),
        village: row.text(5)?.parse().map_err(|_| BenefitsError::Stored("village"))?,
        pack: row.text(6)?.to_owned(),
        pack_version: row.text(7)?.to_owned(),
        from_on: row.date(8)?,
        until_on: row.opt_date(9)?,
        amount_fen: row.opt_int(10)?,
        per: row.text(11)?.to_owned(),
        act_key: row.opt_text(12)?.map(str::to_owned),
        delivered_on: row.opt_date(13)?,
    })
}

fn read(row: &Row<'_>) -> Result<Matter, BenefitsError> {
    let text = |at: usize| -> Result<Option<String>, BenefitsError> { Ok(row.opt_text(at)?.map(str::to_owned)) };
    let papers = row.text(23)?.split(',').filter(|at| !at.is_empty());
    Ok(Matter {
        id: MatterId(row.int(0)?),
        number: row.text(1)?.to_owned(),
        rule: row.text(2)?.to_owned(),
        benefit_kind: row.text(3)?.to_owned(),
        pack: row.text(4)?.to_owned(),
        pack_version: row.text(5)?.to_owned(),
        person: PersonId(row.int(6)?),
        village: row.text(7)?.parse().map_err(|_| BenefitsError::Stored("village"))?,
        state: row.text(8)?.parse()?,
        step: text(9)?.filter(|step| !step.is_empty()),
        step_since: row.date(10)?,
        due_on: row.opt_date(11)?,
        opened_on: row.date(12)?,
        filed_on: row.opt_date(13)?,
        filed_by: text(14)?,
        filed_as: row.opt_text(15)?.map(str::parse::<How>).transpose()?,
        recommended_by: text(16)?,
        recommends: row.opt_text(17)?.map(str::parse::<Verdict>).transpose()?,
        decided_on: row.opt_date(18)?,
        decided_by: text(19)?,
        stop_by: text(20)?,
        stop_from: row.opt_date(21)?,
        closed_on: row.opt_date(22)?,
        papers: papers.map(str::parse).collect::<Result<_, _>>().map_err(|_| BenefitsError::Stored("papers"))?,
        events: row.int(24)?,
    })
}
