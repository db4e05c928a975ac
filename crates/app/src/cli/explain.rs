//! `yilian explain`: what one person is due and why, in plain words.

use std::io::Write;
use std::process::ExitCode;

use anyhow::Result;
use cycle::World;
use kernel::{Date, DivisionCode, DivisionLevel, IdNumber, Lang, PersonId};
use policy::value::Value;
use policy::{Outcome, Reason, RuleAnswer};
use registry::snapshot::{self, FactLine, Moment, Subject, facts_of};

use super::home::{HomeArgs, date_argument};
use super::{fault, say};

#[derive(clap::Args)]
pub struct Args {
    /// A person id such as P00000012, or `-` to read an ID number from standard input.
    person: String,
    #[arg(long, env = "YILIAN_PACK", default_value = "kizilsu-2024")]
    pack: String,
    /// The day the answers speak of; that of the last night when absent.
    #[arg(long, value_parser = date_argument)]
    as_of: Option<Date>,
    /// Only lists received by this day count: the answer as it would have been given then.
    #[arg(long, value_parser = date_argument)]
    known_at: Option<Date>,
    /// Only what is met or unknown.
    #[arg(long)]
    short: bool,
}

pub fn run(home: &HomeArgs, args: &Args) -> Result<ExitCode> {
    let lang = home.lang();
    if args.person.chars().filter(char::is_ascii_digit).count() > 12 {
        // Other users of this machine see a command's arguments; the number is not repeated either.
        return Err(fault("证件号请从标准输入给：explain -", "give an ID number on standard input: explain -"));
    }
    let database = home.open_database()?;
    let keys = home.open_keys(&database)?;
    let world = World::load(&database, &keys, &home.packs, &args.pack)?;
    let mut session = database.session()?;
    let person = if args.person == "-" {
        let mut line = String::new();
        std::io::stdin().read_line(&mut line)?;
        let number = IdNumber::parse(line.trim())?;
        registry::people::by_id_number(&mut session, &keys, &number)?
            .ok_or_else(|| fault("登记里没有人用这个证件号", "nobody in the registry has this number"))?
    } else {
        args.person.parse::<PersonId>().map_err(|english| fault("不是 P00000001 这样的人员编号", english))?
    };
    // Unasked, the night's own answer: lists that came in since are left out as the night left them out.
    let of_the_night = args.as_of.is_none() && args.known_at.is_none();
    let asked = person;
    let person = registry::linking::Aliases::of_persons(&mut session)?.person(asked);
    if person != asked {
        println!("{asked} {} {person}", say(lang, "已并入", "was merged into"));
    }
    let as_of = args.as_of.unwrap_or_else(|| world.as_of());
    let moment = if of_the_night { world.moment() } else { Moment { known_at: args.known_at, ..Moment::on(as_of) } };
    let answers = if of_the_night {
        world.explain(person)
    } else {
        let then = snapshot::load(&mut session, &keys, &world.catalogue, &world.pack, &moment)?.population;
        let row = then.table("person").and_then(|people| people.row_of(person.0));
        row.map(|row| world.program.explain(&then, None, "person", row, as_of))
    };
    let Some(answers) = answers else {
        return Err(fault(format!("{as_of} 的登记里没有 {person}"), format!("{person} has no row on {as_of}")));
    };
    let facts = facts_of(&mut session, &keys, (&world.catalogue, &world.pack), Subject::Person(person), &moment)?;
    let words = Words { world: &world, facts: &facts, lang };
    let mut out = std::io::stdout().lock();
    writeln!(out, "{person}  {as_of}  {} {}", world.pack.id, world.pack.version)?;
    for answer in &answers {
        if !(args.short && answer.outcome == Outcome::NotMet) {
            words.rule(&mut out, answer)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

struct Words<'a> {
    world: &'a World,
    facts: &'a [FactLine],
    lang: Lang,
}

impl Words<'_> {
    fn rule(&self, out: &mut impl Write, answer: &RuleAnswer) -> Result<()> {
        writeln!(out)?;
        writeln!(out, "{} {}  {}", mark(answer.outcome), answer.label.get(self.lang), self.outcome(answer.outcome),)?;
        for clause in answer.clauses.iter().filter_map(|id| self.world.pack.clause(id)) {
            writeln!(out, "    {} {}", clause.id, clause.title.get(self.lang))?;
        }
        for reason in &answer.reasons {
            self.reason(out, reason)?;
        }
        if answer.outcome == Outcome::Unknown {
            let missing: Vec<String> = answer.missing.iter().map(|key| self.label(key)).collect();
            writeln!(
                out,
                "    {}: {}",
                say(self.lang, "要先问清", "to be found out"),
                missing.join(say(self.lang, "、", ", "))
            )?;
        }
        Ok(())
    }

    fn reason(&self, out: &mut impl Write, reason: &Reason) -> Result<()> {
        writeln!(out, "    {} {}", mark(reason.outcome), reason.label.get(self.lang))?;
        for (key, value) in &reason.facts {
            let shown = self.shown(key, value);
            writeln!(out, "        {}: {shown}{}", self.label(key), self.source(key))?;
            self.others(out, key)?;
        }
        for member in &reason.members {
            let facts =
                member.facts.iter().map(|(key, value)| format!("{}: {}", self.label(key), self.shown(key, value)));
            let facts: Vec<String> = facts.collect();
            let words = say(self.lang, "同户", "household");
            writeln!(out, "        {words} {}  {}", PersonId(member.id), facts.join(say(self.lang, "；", "; ")))?;
        }
        Ok(())
    }

    /// What other departments say of the same fact.
    fn others(&self, out: &mut impl Write, key: &str) -> Result<()> {
        let differing =
            self.facts.iter().filter(|line| line.key == key && line.in_force && !line.current && line.disputed);
        for line in differing {
            let shown = if line.value.is_null() {
                say(self.lang, "名单里还在", "still in the list").to_owned()
            } else {
                self.shown(key, &line.value)
            };
            let words = say(self.lang, "另一种说法", "also said");
            writeln!(out, "            {words}: {shown}{}", self.place_of(line))?;
        }
        Ok(())
    }

    fn shown(&self, key: &str, value: &Value) -> String {
        match (place(value), self.world.pack.dictionary.get("person", key)) {
            (Some(code), _) => self.world.divisions.path(code),
            (None, Some(fact)) => policy::fact_text(fact, value).get(self.lang).to_owned(),
            (None, None) => value.to_string(),
        }
    }

    /// Department, list and row of the value in force.
    fn source(&self, key: &str) -> String {
        let line = self.facts.iter().find(|line| line.key == key && line.current);
        line.map(|line| self.place_of(line)).unwrap_or_default()
    }

    fn place_of(&self, line: &FactLine) -> String {
        let source = self.world.catalogue.get(&line.source);
        let name = source.map_or(line.source.clone(), |s| s.label.get(self.lang).to_owned());
        let row = if line.absent {
            say(self.lang, "名单里没有", "not in the list").to_owned()
        } else if line.row == 0 {
            String::new()
        } else {
            format!("{} {}", say(self.lang, "第", "row"), line.row) + say(self.lang, " 行", "")
        };
        format!("  [{name} {} {row}]", line.list_date)
    }

    fn label(&self, key: &str) -> String {
        let fact = self.world.pack.dictionary.get("person", key);
        fact.map_or_else(|| key.to_owned(), |fact| fact.label.get(self.lang).to_owned())
    }

    fn outcome(&self, outcome: Outcome) -> &'static str {
        match outcome {
            Outcome::Met => say(self.lang, "符合", "met"),
            Outcome::NotMet => say(self.lang, "不符合", "not met"),
            Outcome::Unknown => say(self.lang, "还不知道", "unknown"),
        }
    }
}

/// The division a value names, if it is the code of a village or community.
fn place(value: &Value) -> Option<DivisionCode> {
    let Value::Text(text) = value else { return None };
    text.parse().ok().filter(|code: &DivisionCode| code.level() == DivisionLevel::Community)
}

fn mark(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Met => "✓",
        Outcome::NotMet => "✗",
        Outcome::Unknown => "?",
    }
}
