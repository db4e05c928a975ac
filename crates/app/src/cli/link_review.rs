//! `yilian link-review`: rows that may be about someone, for a person to decide. Names and numbers are masked.

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;
use kernel::{Clock, Lang, SystemClock};
use registry::ingest::{IngestOptions, Ingester};
use registry::linking::merge::By;
use registry::linking::{self, Choice, FIELDS, QuestionLine, State};

use super::home::HomeArgs;
use super::say;

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
    #[arg(long, default_value = "kizilsu-2024", global = true)]
    pack: String,
}

#[derive(Subcommand)]
enum Command {
    /// Every open question, the surest first.
    List,
    /// One row beside the persons it may be about: what agrees, and how much it weighs.
    Show { row: i64 },
    /// The row is about this person: it is linked.
    Same(Word),
    /// It is someone else: the pair is not asked again on the same evidence.
    Different(Word),
    /// Nobody can tell yet.
    Unsure(Word),
}

#[derive(clap::Args)]
struct Word {
    /// The pair's number, as `list` and `show` give it.
    pair: i64,
    /// Who decides.
    #[arg(long)]
    by: String,
    /// On what grounds; kept with the decision.
    #[arg(long)]
    reason: String,
}

pub fn run(home: &HomeArgs, args: &Args) -> Result<ExitCode> {
    let lang = home.lang();
    let database = home.open_database()?;
    let (verdict, word) = match &args.command {
        Command::List => {
            let lines = linking::open(&mut database.session()?)?;
            lines.iter().for_each(|line| print_line(line, lang));
            println!("{} {}", lines.len(), say(lang, "行待核对", "rows to review"));
            return Ok(ExitCode::SUCCESS);
        }
        Command::Show { row } => {
            let keys = home.open_keys(&database)?;
            let pack = home.load_pack(&args.pack)?;
            let (catalogue, divisions) = (cycle::catalogue(&home.packs, &pack)?, cycle::divisions(&home.packs)?);
            let seen = linking::show(&mut database.session()?, &keys, (&catalogue, &divisions), *row)?;
            print_line(&seen.line, lang);
            for choice in &seen.line.choices {
                print_choice(choice, &seen.row, seen.people.get(&choice.person), lang);
            }
            return Ok(ExitCode::SUCCESS);
        }
        Command::Same(word) => (State::Same, word),
        Command::Different(word) => (State::Different, word),
        Command::Unsure(word) => (State::Unsure, word),
    };
    let keys = home.open_keys(&database)?;
    let pack = home.load_pack(&args.pack)?;
    let (catalogue, divisions) = (cycle::catalogue(&home.packs, &pack)?, cycle::divisions(&home.packs)?);
    let today = SystemClock.today();
    let how = IngestOptions { actor: word.by.clone(), ..IngestOptions::on(today) };
    let by = By { who: &word.by, on: today, reason: &word.reason };
    let mut ingester = Ingester::new(&database, &keys, &catalogue, &divisions, &pack.roots);
    ingester.decide(&divisions, word.pair, verdict, by, &how)?;
    println!("{} {}", word.pair, verdict_word(verdict, lang));
    Ok(ExitCode::SUCCESS)
}

fn print_line(line: &QuestionLine, lang: Lang) {
    let row = say(lang, "行", "row");
    println!("{}  {} {}  {} {row} {}", line.held, line.source, line.list_date, line.list, line.row);
    for choice in &line.choices {
        let percent = choice.probability * 100.0;
        println!("    {} {}  {}  {percent:.0}%", say(lang, "对", "pair"), choice.candidate, choice.person);
    }
}

fn print_choice(choice: &Choice, row: &[String], person: Option<&[String; FIELDS.len()]>, lang: Lang) {
    println!("\n{} {}  {}", say(lang, "对", "pair"), choice.candidate, choice.person);
    for field in &choice.evidence.fields {
        let at = FIELDS.iter().position(|name| *name == field.field);
        let of = |record: &[String]| at.map(|at| record[at].clone()).unwrap_or_default();
        let known = person.map(|record| of(record)).unwrap_or_default();
        println!("  {:>+6.1}  {}: {} | {}  ({})", field.bits, field.field, of(row), known, field.level);
    }
    for moved in &choice.moved {
        let words = say(lang, "上次决定以后变了", "changed since it was decided");
        println!("  {words}: {}: {} → {}", moved.field, moved.before, moved.now);
    }
}

const fn verdict_word(verdict: State, lang: Lang) -> &'static str {
    match (verdict, lang) {
        (State::Same, Lang::Zh) => "同一人，已连上",
        (State::Same, Lang::En) => "same person, linked",
        (State::Different, Lang::Zh) => "不是同一人，不再问",
        (State::Different, Lang::En) => "someone else, not asked again",
        (_, Lang::Zh) => "拿不准，先等着",
        (_, Lang::En) => "unsure, it keeps waiting",
    }
}
