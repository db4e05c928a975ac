//! What a stranger may be due, from a few answers: which question comes next, and what the rules say.
//!
//! Which questions are asked follows from the rules: a question is put as long as one of its facts could still change
//! a benefit or a visit. The order is the pack's. Nothing is kept; the same answers give the same result.

use std::collections::BTreeSet;

use chrono::Months;
use kernel::{Date, DivisionCode};

use crate::column::{Population, Table, TableBuilder};
use crate::engine::Dates;
use crate::engine::row::{At, RowEngine};
use crate::explain::RuleAnswer;
use crate::model::{Answering, Pack, Question};
use crate::program::Program;
use crate::value::{Value, ValueType};

/// The answer of someone who doesn't know.
pub const DONT_KNOW: &str = "?";
/// Lives in no division of the plan.
pub const ELSEWHERE: &str = "-";
const OLDEST: u32 = 130;

/// Answers in the order in which they were given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers(Vec<(String, String)>);

/// The rules of a pack on a day, asked by somebody who gives answers instead of lists.
#[derive(Clone, Copy)]
pub struct Inquiry<'a> {
    pub pack: &'a Pack,
    pub program: &'a Program,
    pub as_of: Date,
}

/// Where an inquiry stands.
#[derive(Clone, Debug)]
pub struct Stand<'a> {
    /// None: nothing that could be asked would change anything.
    pub next: Option<&'a Question>,
    /// How many questions may come at most, the next one included.
    pub left: usize,
}

impl Answers {
    /// Reads `place=653001;age=82`. What is no answer of the pack's questions is left out.
    #[must_use]
    pub fn read(inquiry: Inquiry<'_>, text: &str) -> Self {
        let mut answers = Self::default();
        for (id, answer) in text.split(';').filter_map(|pair| pair.split_once('=')) {
            if let Some(question) = inquiry.pack.portal.question(id)
                && inquiry.accepts(question, answer)
            {
                answers.put(id, answer);
            }
        }
        answers
    }

    #[must_use]
    pub fn to_text(&self) -> String {
        self.0.iter().map(|(id, answer)| format!("{id}={answer}")).collect::<Vec<_>>().join(";")
    }

    /// Adds an answer, in place of an earlier one to the same question.
    pub fn put(&mut self, question: &str, answer: &str) {
        match self.0.iter_mut().find(|(id, _)| id == question) {
            Some((_, known)) => answer.clone_into(known),
            None => self.0.push((question.to_owned(), answer.to_owned())),
        }
    }

    /// Without the answer to a question and those given after it.
    #[must_use]
    pub fn back_to(&self, question: &str) -> Self {
        Self(self.0.iter().take_while(|(id, _)| id != question).cloned().collect())
    }

    #[must_use]
    pub fn get(&self, question: &str) -> Option<&str> {
        self.0.iter().find(|(id, _)| id == question).map(|(_, answer)| answer.as_str())
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(id, answer)| (id.as_str(), answer.as_str()))
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl<'a> Inquiry<'a> {
    /// Whether this is one of the question's answers.
    #[must_use]
    pub fn accepts(&self, question: &Question, answer: &str) -> bool {
        answer == DONT_KNOW
            || match &question.answering {
                Answering::Choices(choices) => choices.iter().any(|choice| choice.id == answer),
                Answering::Age { .. } => answer.parse::<u32>().is_ok_and(|age| age <= OLDEST),
                Answering::Division { .. } => answer == ELSEWHERE || self.division(answer).is_some(),
            }
    }

    /// The divisions a question may be answered with: those below the plan's own.
    #[must_use]
    pub fn divisions(&self) -> Vec<DivisionCode> {
        let below = |root: &DivisionCode| self.pack.divisions.children(*root).map(|d| d.code).collect::<Vec<_>>();
        let all: Vec<DivisionCode> = self.pack.roots.iter().flat_map(below).collect();
        if all.is_empty() { self.pack.roots.clone() } else { all }
    }

    fn division(&self, answer: &str) -> Option<DivisionCode> {
        let code: DivisionCode = answer.parse().ok()?;
        self.divisions().into_iter().find(|known| *known == code)
    }

    /// The next question, and how many may come.
    #[must_use]
    pub fn stand(&self, answers: &Answers) -> Stand<'a> {
        let mut missing = BTreeSet::new();
        for answer in self.results(answers) {
            missing.extend(answer.missing);
        }
        let could_matter = |question: &&Question| {
            answers.get(&question.id).is_none()
                && question.facts().iter().any(|fact| {
                    missing.contains(*fact)
                        || self.program.base_facts("person", fact).iter().any(|base| missing.contains(base))
                })
        };
        let open: Vec<&'a Question> = self.pack.portal.questions.iter().filter(could_matter).collect();
        Stand { next: open.first().copied(), left: open.len() }
    }

    /// Every benefit and visit, part by part, as for a person of whom only the answers are known.
    #[must_use]
    pub fn results(&self, answers: &Answers) -> Vec<RuleAnswer> {
        let population = self.population(answers);
        let all = self.program.explain(&population, None, "person", 0, self.as_of);
        all.into_iter().filter(|answer| matches!(answer.kind, "benefit" | "visit")).collect()
    }

    fn population(&self, answers: &Answers) -> Population {
        let blank = self.table(&[]);
        let blank = Population::new([blank]);
        let engine = RowEngine::new(self.program, &blank, Dates::on(self.as_of));
        let Some(table) = blank.table("person") else { return Population::new([]) };
        let value = |(fact, ty, expr): &(String, ValueType, crate::expr::Expr)| {
            (fact.clone(), engine.eval(expr, At { table, row: 0 }).value(*ty))
        };
        let mut own = Vec::new();
        for (id, answer) in answers.iter() {
            let Some(question) = self.pack.portal.question(id) else { continue };
            match &question.answering {
                _ if answer == DONT_KNOW => {}
                Answering::Age { fact } => {
                    let born =
                        answer.parse().ok().and_then(|age: u32| self.as_of.checked_sub_months(Months::new(age * 12)));
                    own.extend(born.map(|born| (fact.clone(), Value::Date(born))));
                }
                Answering::Division { fact } => own.push((fact.clone(), Value::text(answer))),
                Answering::Choices(_) => {
                    let spec = self.program.questions.iter().find(|spec| spec.id == id);
                    let choice = spec.and_then(|spec| spec.choices.iter().find(|choice| choice.id == answer));
                    own.extend(choice.into_iter().flat_map(|choice| choice.sets.iter().map(value)));
                }
            }
        }
        Population::new([self.table(&own)])
    }

    /// A table of one row.
    fn table(&self, facts: &[(String, Value)]) -> Table {
        let mut builder = TableBuilder::new("person", self.program.fields("person"));
        let facts: Vec<(&str, Value)> = facts.iter().map(|(fact, value)| (fact.as_str(), value.clone())).collect();
        builder.push_row(0, &facts).expect("values have the types the compiler gave them");
        builder.finish()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::Outcome;

    struct Asked {
        pack: Pack,
        program: Program,
    }

    impl Asked {
        fn new() -> Self {
            let packs = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs"));
            let pack = crate::load(packs, "kizilsu-2024").unwrap_or_else(|faults| panic!("{}", faults[0]));
            let program = Program::compile(&pack).unwrap_or_else(|faults| panic!("{}", faults[0]));
            Self { pack, program }
        }

        fn inquiry(&self) -> Inquiry<'_> {
            let as_of = kernel::parse_date("2026-11-20").unwrap();
            Inquiry { pack: &self.pack, program: &self.program, as_of }
        }
    }

    fn outcome(inquiry: Inquiry<'_>, answers: &str, rule: &str) -> Outcome {
        let answers = Answers::read(inquiry, answers);
        let found = inquiry.results(&answers).into_iter().find(|answer| &*answer.rule == rule);
        found.map(|answer| answer.outcome).unwrap()
    }

    #[test]
    fn nobody_is_asked_what_can_change_nothing() {
        let asked = Asked::new();
        let inquiry = asked.inquiry();
        let stand = inquiry.stand(&Answers::default());
        assert_eq!(stand.next.map(|question| question.id.as_str()), Some("place"));
        assert!(stand.left > 10);
        for text in ["place=-", "place=653001;age=59"] {
            let stand = inquiry.stand(&Answers::read(inquiry, text));
            assert!(stand.next.is_none(), "{text}: {:?}", stand.next.map(|q| &q.id));
        }
    }

    #[test]
    fn an_old_woman_alone_on_the_allowance_is_visited_and_has_her_home_adapted() {
        let asked = Asked::new();
        let inquiry = asked.inquiry();
        let told = "place=653001;age=82;income=allowance;children=elsewhere";
        assert_eq!(outcome(inquiry, told, "monthly_contact"), Outcome::Met);
        assert_eq!(outcome(inquiry, told, "home_adaptation"), Outcome::Met);
        assert_eq!(outcome(inquiry, told, "health_management"), Outcome::Met);
        assert_eq!(outcome(inquiry, told, "meal_delivery"), Outcome::Unknown);
        assert_eq!(
            outcome(inquiry, "place=653001;age=82;income=none;children=near", "home_adaptation"),
            Outcome::Unknown
        );
    }

    /// Whatever is answered, asking ends, "don't know" is never asked twice, and who answers all is told all: every
    /// fact that could matter has its question.
    #[test]
    fn asking_ends_whatever_is_answered() {
        let asked = Asked::new();
        let inquiry = asked.inquiry();
        for first in [0_usize, 1, 2, 3] {
            let mut answers = Answers::default();
            let mut left = usize::MAX;
            while let Some(question) = inquiry.stand(&answers).next {
                let answer = match &question.answering {
                    Answering::Choices(choices) if first < 3 => choices[first.min(choices.len() - 1)].id.clone(),
                    Answering::Age { .. } => "82".to_owned(),
                    Answering::Division { .. } => "653001".to_owned(),
                    Answering::Choices(_) => DONT_KNOW.to_owned(),
                };
                assert!(inquiry.accepts(question, &answer), "{}", question.id);
                answers.put(&question.id, &answer);
                let now = inquiry.stand(&answers).left;
                assert!(now < left, "{} after {}", now, answers.to_text());
                left = now;
            }
            assert!(answers.len() <= 20, "{}", answers.to_text());
            let open: Vec<_> =
                inquiry.results(&answers).into_iter().filter(|a| a.outcome == Outcome::Unknown).collect();
            let waits: Vec<_> = open.iter().map(|answer| (&answer.rule, &answer.missing)).collect();
            assert!(first == 3 || waits.is_empty(), "{} leaves {waits:?}", answers.to_text());
            assert_eq!(Answers::read(inquiry, &answers.to_text()), answers);
        }
    }

    #[test]
    fn strange_answers_are_left_out() {
        let asked = Asked::new();
        let inquiry = asked.inquiry();
        for text in
            ["age=-1", "age=999", "age=82x", "place=110105", "place=<b>", "x=1", "income=", "=;=", "income=rich"]
        {
            assert!(Answers::read(inquiry, text).is_empty(), "{text}");
        }
    }
}
