//! What a device is given of one person: as much as its owner's role may see, words in both languages.

use accounts::authz::{Principal, Target};
use care::assessments::{AssessmentLine, State, differences};
use care::edits::Edit;
use chrono::{DateTime, Utc};
use kernel::{PersonId, UserId};
use policy::Outcome;
use serde_json::{Map, Value as Json, json};
use worklist::Kind;

use super::answers;
use crate::desk::at_risk_groups;
use crate::edge::Problem;
use crate::opened::Opened;

/// One person for one device. `who` is the part of the card that says who they are.
pub struct Card {
    pub person: PersonId,
    pub card: Json,
    pub who: String,
    /// Name, phone and address go along.
    pub reveals: bool,
}

/// What is the same for everyone a pull is about.
pub struct Carrier<'c> {
    pub opened: &'c Opened<'c>,
    pub accounts: &'c accounts::Accounts,
    pub who: &'c Principal,
    /// When the night was run.
    pub night_at: DateTime<Utc>,
}

impl Carrier<'_> {
    fn may(&self, permission: &str, person: PersonId) -> bool {
        let target = Target::person(person, self.opened.desk.home(person));
        self.accounts.authz().decide(self.who, permission, &target).allowed
    }

    /// The card of a person; none: the night has no row of them.
    ///
    /// # Errors
    /// Those of the database and of seals.
    pub fn card(&self, person: PersonId) -> Result<Option<Card>, Problem> {
        let (opened, desk) = (self.opened, self.opened.desk);
        let Some(row) = desk.row(person) else { return Ok(None) };
        let reveals = self.may("person.reveal", person);
        let identity = opened.ask(|session| registry::people::identity(session, opened.keys(), person))?;
        let identity = identity.filter(|_| reveals);
        let name = identity.as_ref().map(|who| who.name.clone()).filter(|name| !name.is_empty());
        let (phone, address) = identity.map(|who| (who.phone, who.address)).unwrap_or_default();
        let name = name.unwrap_or_else(|| desk.masked_name(person));
        let who = format!("{name}\u{1f}{phone}\u{1f}{address}");
        let value = |key: &str| desk.people().map_or(policy::value::Value::Null, |table| table.get(row, key));
        let sees = self.may("person.see", person);
        let home = desk.home(person);
        let mut card = json!({
            "id": person.to_string(), "name": name, "masked": !reveals, "phone": phone, "address": address,
            "age": desk.age(person), "sex": value("sex").as_text(),
            "home": home.map(|code| code.to_string()), "where": desk.home_said(person),
            "dead": !value("death_date").is_null(),
            "may": {
                "visit": self.may("visit.record", person), "assess": self.may("assessment.record", person),
                "answer": self.may("fact.answer", person),
            },
            "due": self.due(person)?, "last": self.last(person)?,
        });
        let held = card.as_object_mut().expect("it was just made");
        if sees {
            held.insert("level".into(), json!(value("ability_level").as_units()));
            held.insert("classes".into(), self.classes(row));
            held.insert("needs".into(), self.needs(person)?);
        }
        if self.may("fact.answer", person) {
            held.insert("asked".into(), self.asked(person)?);
        }
        if self.may("visit.record", person) {
            self.fields(person, held)?;
        }
        if self.may("assessment.record", person) {
            held.insert("assessment".into(), self.assessment(person)?);
        }
        Ok(Some(Card { person, card, who, reveals }))
    }

    fn classes(&self, row: usize) -> Json {
        let desk = self.opened.desk;
        let risk = at_risk_groups(desk.pack);
        let groups = desk.pack.rules_of("group").filter(|rule| rule.entity == "person" && risk.contains(&rule.id));
        let met = groups.filter(|rule| desk.found.rule(&rule.id).is_some_and(|f| f.outcome(row) == Outcome::Met));
        met.map(|rule| json!({ "id": rule.id, "label": rule.label })).collect()
    }

    /// Visits due, less those the night could not know.
    fn due(&self, person: PersonId) -> Result<Json, Problem> {
        let (opened, desk) = (self.opened, self.opened.desk);
        let items = opened.ask(|session| worklist::of_person(session, person))?;
        let since = (desk.as_of, self.night_at);
        let made = opened.ask(|session| care::visits::visited_since(session, person, since))?;
        let visits = items.iter().filter(|item| item.wanted.kind == Kind::Visit && item.state == worklist::State::Open);
        let due = visits.filter_map(|item| {
            let rule = desk.pack.rule(&item.wanted.rule)?;
            let visit = rule.visit()?;
            let done = made.iter().any(|(kind, _)| visit.kinds.contains(kind));
            Some(json!({
                "rule": rule.id, "label": rule.label, "why": rule.summary, "kinds": visit.kinds,
                "due_on": item.wanted.due_on, "cause": item.wanted.cause, "done": done,
            }))
        });
        Ok(due.collect())
    }

    /// The last visit on record, ours with its note or a department's without.
    fn last(&self, person: PersonId) -> Result<Json, Problem> {
        let opened = self.opened;
        let ours = opened.ask(|session| care::visits::of_person(session, opened.keys(), person, 1))?;
        let listed = opened.ask(|session| registry::snapshot::visits_of(session, person))?;
        let listed = listed.last().map(|visit| (visit.on, visit.kind.clone()));
        let ours = ours.first();
        Ok(match (ours, listed) {
            (Some(visit), listed) if listed.as_ref().is_none_or(|(on, _)| *on <= visit.on) => json!({
                "on": visit.on, "kind": visit.kind, "met": visit.met, "note": visit.answers.note,
            }),
            (_, Some((on, kind))) => json!({ "on": on, "kind": kind, "met": true, "note": "" }),
            _ => Json::Null,
        })
    }

    fn needs(&self, person: PersonId) -> Result<Json, Problem> {
        let opened = self.opened;
        let needs = opened.ask(|session| care::visits::needs_of(session, opened.keys(), person))?;
        let open = needs.into_iter().filter(|need| need.state == "open");
        Ok(open.map(|need| json!({ "need": need.need, "found_on": need.found_on })).collect())
    }

    /// Facts that decide a rule and are not known, of those that may be told here.
    fn asked(&self, person: PersonId) -> Result<Json, Problem> {
        let world = &self.opened.published.world;
        let items = self.opened.ask(|session| worklist::of_person(session, person))?;
        let open = items.iter().filter(|i| i.wanted.kind == Kind::Ask && i.state == worklist::State::Open);
        let question = |key: &str| {
            let column = answers::column(&world.catalogue, key)?;
            Some(answers::question(world.pack.dictionary.get("person", key)?, column))
        };
        Ok(open.filter_map(|item| item.wanted.fact.as_deref().and_then(question)).collect())
    }

    /// What visitors keep for each other, and what they said differently.
    fn fields(&self, person: PersonId, held: &mut Map<String, Json>) -> Result<(), Problem> {
        let opened = self.opened;
        let edits = opened.ask(|session| care::edits::standing_of(session, opened.keys(), person))?;
        let mut names: Vec<(UserId, String)> = Vec::new();
        for edit in &edits {
            if !names.iter().any(|(user, _)| *user == edit.by) {
                let user = opened.ask(|session| self.accounts.user(session, edit.by))?;
                names.push((edit.by, user.display_name));
            }
        }
        let name = |edit: &Edit| names.iter().find(|(user, _)| *user == edit.by).map(|(_, name)| name.clone());
        let said = |edit: &Edit| {
            json!({
                "operation": edit.operation, "value": edit.value, "by": name(edit), "mine": edit.by == self.who.user,
                "at": edit.at,
            })
        };
        let mut fields = Map::new();
        let mut disputes = Map::new();
        for edit in &edits {
            if edit.is_disputed() {
                let both = disputes.entry(edit.field.clone()).or_insert_with(|| json!([]));
                both.as_array_mut().expect("a list").push(said(edit));
            } else {
                fields.insert(edit.field.clone(), said(edit));
            }
        }
        held.insert("fields".into(), Json::Object(fields));
        held.insert("disputes".into(), Json::Object(disputes));
        Ok(())
    }

    /// How far the assessment is. What the other answered stays hidden until both have.
    fn assessment(&self, person: PersonId) -> Result<Json, Problem> {
        let opened = self.opened;
        let all = opened.ask(|session| care::assessments::of_person(session, opened.keys(), person))?;
        let last = all.iter().find(|one| one.state == State::Done);
        let open = all.iter().find(|one| one.state != State::Done);
        let before = last.and_then(|one| Some((one.assessed_on?, one.sealed.outcome.as_ref()?)));
        Ok(json!({
            "open": open.map(|one| self.open_one(one)),
            "last": before.map(|(on, outcome)| json!({
                "on": on, "level": outcome.final_level, "total": outcome.total, "items": outcome.answers.items,
                "id": last.map(|one| one.id),
            })),
        }))
    }

    fn open_one(&self, one: &AssessmentLine) -> Json {
        let mine = one.sheets.iter().find(|sheet| sheet.by == self.who.user);
        let other = one.sheets.iter().find(|sheet| sheet.by != self.who.user);
        let mut said = json!({
            "id": one.id, "state": one.state, "opened_on": one.opened_on, "mine": mine.is_some(),
            "other": other.is_some(),
        });
        if let (Some(mine), Some(other)) = (mine, other) {
            let differ: Vec<Json> = differences(&mine.given.answers, &other.given.answers)
                .into_iter()
                .map(|d| json!({ "field": d.field, "mine": d.first, "theirs": d.second }))
                .collect();
            said["differences"] = json!(differ);
            said["answers"] = json!(mine.given.answers);
            said["proposal"] = json!(one.sealed.proposal.as_ref().map(|proposal| json!({
                "operation": proposal.operation, "mine": proposal.by == self.who.user.0, "answers": proposal.answers,
                "reason": proposal.reason,
            })));
        }
        said
    }
}
