//! One list against what its source said before: which statements open, change, stay and end.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use foldhash::fast::RandomState as Fold;
use kernel::{Date, DivisionCode, ListId};
use store::{Keys, Session};

use super::batch::{Batch, NextIds, Target};
use super::held::{HeldContent, HeldRow};
use super::imprint::{Press, Recognised};
use super::kept::{Row, Suspects};
use super::layout::Layout;
use super::link::{HomeAt, LinkIndex};
use super::pending::{NewPerson, NewStatement, NewThing, NewVisit, Pending};
use super::prepare::{Blind, Prepared, with_said_name};
use crate::RegistryError;
use crate::reading::Records;
use crate::rows::{FaultCode, IdCell, RowFault, SEPARATOR};
use crate::sources::{Entity, Mode, Source};

/// The work on one list. Nothing is final before the transaction commits.
pub(crate) struct ListWork<'w> {
    pub source: &'w Source,
    pub keys: &'w Keys,
    pub index: &'w mut LinkIndex,
    pub layout: Layout,
    home_at: HomeAt,
    pub list: ListId,
    pub date: Date,
    /// Divisions the list speaks for.
    pub scope: Vec<DivisionCode>,
    /// The date of the next list of the source and scope, when this one comes late.
    pub later: Option<Date>,
    pub names: Vec<String>,
    pub counts: Counts,
    pub pending: Pending,
    pub(super) current: HashMap<(i64, String), Slot, Fold>,
    /// Subjects of whom that was read, when not all of it was.
    pub(super) loaded: HashSet<i64>,
    pub(super) said_by: Option<Vec<Layout>>,
    /// People whose row is faulty: not known anew, but not absent either.
    pub(super) spared: HashSet<i64>,
    /// Rows that wait without a person.
    pub(super) suspects: Suspects,
    /// Where the row at hand belongs.
    pub place: Option<DivisionCode>,
    /// Statements that the list ends, by township.
    pub closed_of: BTreeMap<Option<DivisionCode>, u64>,
    /// Divisions of things, as said before this list.
    pub(super) places: HashMap<i64, DivisionCode>,
    pub(super) visits: Vec<NewVisit>,
    /// Notes what the next list is recognised by, where it is.
    pub(super) press: Option<Press>,
    /// Rows of this list that were recognised.
    pub(super) recognised: Option<Recognised>,
    /// Whose statement the list ended by its silence.
    pub(super) ended: HashSet<i64>,
    next: NextIds,
    pub(super) hasher: RandomState,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub good: u64,
    pub repeated: u64,
    pub opened: u64,
    pub changed: u64,
    pub unchanged: u64,
    pub closed: u64,
    /// Statements that stay open because of a faulty row.
    pub kept: u64,
    pub in_scope: u64,
}

/// A statement in force before this list, or opened by it.
pub(super) struct Slot {
    /// 0: opened by this list.
    pub statement: i64,
    /// Of layout, payload, sealed values and last day: enough to see a change, and small for millions of rows.
    pub content: u64,
    pub from: Date,
    pub seen: bool,
}

/// What became of a row.
pub(crate) enum Taken {
    Good,
    Held(Box<HeldRow>),
}

/// Where and when a row is about to be written.
struct Said {
    subject: i64,
    sub_key: String,
    payload: Box<str>,
    sealed: String,
    digest: Option<Blind>,
    from: Option<Date>,
    until: Option<Date>,
    row: u64,
}

impl<'w> ListWork<'w> {
    pub fn begin(
        tx: &mut Session,
        source: &'w Source,
        keys: &'w Keys,
        index: &'w mut LinkIndex,
        layout: Layout,
        (list, date): (ListId, Date),
    ) -> Result<Self, RegistryError> {
        let work = Self {
            source,
            keys,
            index,
            home_at: HomeAt::of(&layout),
            layout,
            list,
            date,
            scope: Vec::new(),
            later: None,
            names: Vec::new(),
            counts: Counts::default(),
            pending: Pending::default(),
            current: HashMap::default(),
            loaded: HashSet::new(),
            said_by: None,
            spared: HashSet::new(),
            suspects: Suspects::default(),
            place: None,
            closed_of: BTreeMap::new(),
            places: HashMap::new(),
            visits: Vec::new(),
            press: None,
            recognised: None,
            ended: HashSet::new(),
            next: NextIds::read(tx)?,
            hasher: RandomState::new(),
        };
        if let Entity::Thing(_) = source.entity {
            work.index.load_things(tx, source)?;
        }
        Ok(work)
    }

    /// Whom a row is about, if that is someone known.
    pub(super) fn known(&self, row: &Prepared) -> Option<i64> {
        row.decided.or_else(|| row.id.and_then(|blind| self.index.person(&blind)))
    }

    /// Rows about these people were met before those that are taken next.
    pub(super) fn mark_seen(&mut self, subjects: impl IntoIterator<Item = i64>) {
        for subject in subjects {
            if let Some(slot) = self.current.get_mut(&(subject, String::new())) {
                slot.seen = true;
            }
        }
    }

    /// Takes a row, or says why it must wait. The database is not asked: see [`ListWork::hand_over`].
    pub fn take(&mut self, mut row: Prepared, raw: &Records) -> Result<Taken, RegistryError> {
        let known = self.known(&row);
        self.place = self.place_of(&row, known);
        if row.checked.faults.iter().any(|f| !f.code.is_link()) {
            self.spared.extend(known);
            return Ok(self.hold(row, raw, false, known));
        }
        if !row.checked.faults.is_empty() {
            self.spared.extend(known);
            return Ok(self.hold(row, raw, true, known));
        }
        let subject = if self.source.is_about_people() {
            match (known, row.id) {
                (Some(person), _) => person,
                (None, Some(blind)) if self.source.creates => self.create_person(blind, &mut row)?,
                (None, _) => {
                    let fault = self.unknown_number(&row);
                    row.checked.faults.push(fault);
                    return Ok(self.hold(row, raw, true, None));
                }
            }
        } else {
            self.thing(&row)
        };
        if self.source.entity == Entity::Visit {
            self.visits.push(self.visit(subject, &row));
            return Ok(Taken::Good);
        }
        let said = self.say(subject, &mut row);
        Ok(self.apply(said, row, raw))
    }

    fn say(&mut self, subject: i64, row: &mut Prepared) -> Said {
        let mut plain = std::mem::take(&mut row.checked.plain);
        let mut sealed = std::mem::take(&mut row.checked.sealed);
        let mut sub_key = std::mem::take(&mut row.checked.sub_key);
        let mut digest = row.sealed;
        let last = match self.source.entity {
            Entity::Person if !self.source.creates && !self.index.same_name(subject, row.name) => {
                let facts = self.layout.sealed.len().saturating_sub(3);
                sealed = with_said_name(facts, &sealed, &row.checked.name);
                digest = Some(self.keys.blind("statement", &sealed));
                Some("1".to_owned())
            }
            Entity::Person => Some(String::new()),
            Entity::Kin => {
                let kin = row.kin.and_then(|blind| self.index.person(&blind));
                sub_key = match (kin, row.kin) {
                    (Some(kin), _) => format!("P{kin}"),
                    (None, Some(blind)) => hex::encode(blind),
                    (None, None) => String::new(),
                };
                Some(kin.map(|id| id.to_string()).unwrap_or_default())
            }
            Entity::Visit | Entity::Thing(_) => None,
        };
        let payload = match last {
            Some(last) if self.layout.plain.len() == 1 => last,
            Some(last) => {
                plain.push(SEPARATOR);
                plain.push_str(&last);
                plain
            }
            None => plain,
        };
        Said {
            subject,
            sub_key,
            payload: payload.into_boxed_str(),
            sealed,
            digest,
            from: row.checked.valid_from,
            until: row.checked.valid_until,
            row: row.checked.row,
        }
    }

    fn apply(&mut self, said: Said, mut row: Prepared, raw: &Records) -> Taken {
        let key = (said.subject, said.sub_key.clone());
        let from = said.from.unwrap_or(self.date);
        let content = content(&self.hasher, (self.layout.id, &said.payload, said.digest.as_ref(), said.until));
        let Some(slot) = self.current.get_mut(&key) else {
            let slot = Slot { statement: 0, content, from, seen: true };
            self.current.insert(key, slot);
            self.counts.opened += 1;
            self.follow(said.subject, &mut row);
            return self.open(said, self.later);
        };
        let same = slot.content == content && said.from.is_none_or(|from| from == slot.from);
        if slot.seen {
            if same {
                self.counts.repeated += 1;
                return Taken::Good;
            }
            row.checked.faults.push(RowFault::new(said.row, "", String::new(), FaultCode::RowTwice));
            return self.hold(row, raw, false, Some(said.subject));
        }
        slot.seen = true;
        if same {
            self.counts.unchanged += 1;
            self.counts.good += 1;
            self.follow(said.subject, &mut row);
            return Taken::Good;
        }
        self.counts.changed += 1;
        let past = self.source.mode == Mode::Delta && from < slot.from;
        if past || self.later.is_some() {
            let ends = [self.later, (slot.from > from).then_some(slot.from)].into_iter().flatten().min();
            self.follow_identity(said.subject, &mut row);
            return self.open(said, ends);
        }
        if slot.statement > 0 {
            self.pending.closed.push((slot.statement, self.date));
        }
        (slot.content, slot.from) = (content, from);
        self.follow(said.subject, &mut row);
        self.open(said, None)
    }

    /// Follows a row that says what holds from now on; another one about the same person in the same list says nothing of
    /// who they are.
    fn follow(&mut self, subject: i64, row: &mut Prepared) {
        self.follow_identity(subject, row);
        if let Some(press) = &mut self.press {
            press.note(row.digest, subject, row.checked.filled, &row.said);
        }
    }

    fn open(&mut self, said: Said, closed_on: Option<Date>) -> Taken {
        self.counts.good += 1;
        if self.source.creates && self.source.entity == Entity::Person && self.later.is_none() {
            self.index.move_person(said.subject, self.home_at, &said.payload);
        }
        self.pending.statements.push(NewStatement {
            subject: said.subject,
            sub_key: said.sub_key,
            payload: said.payload,
            sealed: said.sealed,
            digest: said.digest,
            from: said.from.unwrap_or(self.date),
            until: said.until,
            row: said.row,
            closed_on,
        });
        Taken::Good
    }

    fn create_person(&mut self, blind: Blind, row: &mut Prepared) -> Result<i64, RegistryError> {
        let identity = row
            .identity
            .take()
            .ok_or(RegistryError::Damaged { table: "person", cause: "a row without identity makes no person" })?;
        let id = self.index.next_person();
        self.index.add_person(id, blind, identity.digest, row.name);
        self.index.bring(id, &identity.text);
        self.pending.persons.push(NewPerson { id, blind, identity, row: row.checked.row });
        Ok(id)
    }

    /// A source that creates people also says when name, phone or address changed.
    fn follow_identity(&mut self, person: i64, row: &mut Prepared) {
        if self.later.is_some() {
            return;
        }
        if let Some(identity) = row.identity.take().filter(|new| self.index.digest(person) != Some(&new.digest)) {
            self.index.rename_person(person, identity.digest, row.name);
            self.index.bring(person, &identity.text);
            self.pending.renamed.push((person, identity));
        }
    }

    fn thing(&mut self, row: &Prepared) -> i64 {
        let key = &row.checked.thing_key;
        let things = self.index.things(self.source);
        if let Some(id) = things.get(key) {
            return *id;
        }
        let id = self.next.thing();
        things.insert(key.clone(), id);
        self.pending.things.push(NewThing { id, key: key.clone(), row: row.checked.row });
        id
    }

    fn unknown_number(&self, row: &Prepared) -> RowFault {
        let column = self.source.columns.iter().find(|c| c.gives.iter().any(|g| g.name() == "id_number"));
        let masked = if let IdCell::Sound(id) = &row.checked.id { id.masked() } else { String::new() };
        RowFault::new(row.checked.row, column.map_or("", |c| &c.name), masked, FaultCode::IdNumberUnknown)
    }

    fn hold(&mut self, row: Prepared, raw: &Records, unlinked: bool, subject: Option<i64>) -> Taken {
        let cells: Vec<String> = raw.cells(row.raw).iter().map(str::to_owned).collect();
        if subject.is_none() && self.source.mode == Mode::Full && self.source.entity == Entity::Person {
            let checked = &row.checked;
            let noted = Row { number: checked.row, cells: &cells, name: &checked.name, name_hash: row.name };
            self.suspects.note(self.source, &self.names, (&self.layout.plain, &checked.plain), noted);
        }
        let id = if let IdCell::Sound(id) = &row.checked.id { Some(id.reveal().to_owned()) } else { None };
        let subject = subject.and_then(|subject| self.index.person_of(subject));
        Taken::Held(Box::new(HeldRow {
            row: row.checked.row,
            unlinked,
            subject,
            link: row.id.filter(|_| unlinked && subject.is_none()),
            division: self.place,
            content: HeldContent {
                id: id.filter(|_| unlinked && subject.is_none()),
                names: self.names.clone(),
                cells,
                faults: row.checked.faults,
            },
        }))
    }

    /// What has come together, sealed and ready to be written; the next rows start anew.
    pub fn hand_over(&mut self) -> Batch {
        std::mem::take(&mut self.pending).seal(self.keys, &mut self.next)
    }

    /// Everyone of whom a statement was read or made.
    pub fn subjects(&self) -> impl Iterator<Item = i64> {
        self.current.keys().map(|(subject, _)| *subject)
    }

    pub fn target(&self) -> Target<'w> {
        Target { keys: self.keys, list: self.list.0, layout: self.layout.id, entity: self.source.entity.name() }
    }
}

pub(super) fn content(hasher: &RandomState, of: (i64, &str, Option<&Blind>, Option<Date>)) -> u64 {
    hasher.hash_one(of)
}

impl Counts {
    pub fn into_report(self, report: &mut super::ListReport) {
        report.good = self.good;
        report.repeated = self.repeated;
        report.opened = self.opened;
        report.changed = self.changed;
        report.unchanged = self.unchanged;
        report.closed = self.closed;
        report.kept = self.kept;
        report.in_scope = self.in_scope;
    }
}
