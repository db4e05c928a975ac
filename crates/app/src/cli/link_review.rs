//! `yilian link-review`: who is whom, for a person to decide, take back, merge and split. Names and numbers are
//! masked except where the two sides differ.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, anyhow};
use clap::Subcommand;
use kernel::{Clock, Lang, PersonId, SystemClock};
use registry::ingest::{IngestOptions, Ingester};
use registry::linking::merge::{self, Merge, Merging};
use registry::linking::{self, Beside, By, DecisionFault, Learned, OpenPair, Other, Outcome, Piece, Said, State};

use super::home::HomeArgs;
use super::say;

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
    #[arg(long, env = "YILIAN_PACK", default_value = "kizilsu-2024", global = true)]
    pack: String,
}

#[derive(Subcommand)]
enum Command {
    /// Every open question, the surest first.
    List,
    /// Both sides of a pair: what agrees, how much it weighs, what was decided.
    Show { pair: i64 },
    /// The row is about this person, or both are one: it is linked or merged.
    Same(Decision),
    /// It is someone else: the pair is not asked again on the same evidence.
    Different(Decision),
    /// Nobody can tell yet.
    Unsure(Decision),
    /// Takes a decision back, the engine's too: a linked row waits again and its facts leave the person.
    Undo(Decision),
    /// Two registered persons are one; where money hangs on it, this only proposes it.
    Merge {
        /// Who stays, such as P00000012.
        kept: PersonId,
        /// Who is read as them from now on.
        gone: PersonId,
        #[command(flatten)]
        word: Word,
    },
    /// The second person's word on a proposed merge.
    Confirm(OfMerge),
    /// Splits a merge, or refuses a proposed one: every fact is back where it came from.
    Split(OfMerge),
    /// All merges, the newest first.
    Journal,
    /// Learn from a list how its source keeps names, dates and addresses; the night uses it where learning settles.
    Learn {
        /// A list of a source, named as in the inbox; nothing of it is taken.
        list: PathBuf,
    },
    /// What was learned, by source.
    Learned,
    /// Go back to the stated parameters for a source.
    Forget { source: String },
}

#[derive(clap::Args)]
struct Decision {
    /// The pair's number, as `list` gives it.
    pair: i64,
    #[command(flatten)]
    word: Word,
}

#[derive(clap::Args)]
struct OfMerge {
    /// The merge's number, as `journal` gives it.
    merge: i64,
    #[command(flatten)]
    word: Word,
}

#[derive(clap::Args)]
struct Word {
    /// Who decides.
    #[arg(long)]
    by: String,
    /// On what grounds; kept in the open, so without names and numbers.
    #[arg(long)]
    reason: String,
}

pub fn run(home: &HomeArgs, args: &Args) -> Result<ExitCode> {
    let lang = home.lang();
    let done = match &args.command {
        Command::List => list(home, lang)?,
        Command::Show { pair } => show(home, args, *pair, lang)?,
        Command::Journal => journal(home, lang)?,
        Command::Same(said) => decide(home, args, said, Some(State::Same), lang)?,
        Command::Different(said) => decide(home, args, said, Some(State::Different), lang)?,
        Command::Unsure(said) => decide(home, args, said, Some(State::Unsure), lang)?,
        Command::Undo(said) => decide(home, args, said, None, lang)?,
        Command::Merge { kept, gone, word } => merge_two(home, args, (*kept, *gone), word, lang)?,
        Command::Confirm(of) => settle(home, of, false, lang)?,
        Command::Split(of) => settle(home, of, true, lang)?,
        Command::Learn { list } => learn(home, args, list, lang)?,
        Command::Learned => learned(home, lang)?,
        Command::Forget { source } => forget(home, args, source, lang)?,
    };
    println!("{done}");
    Ok(ExitCode::SUCCESS)
}

fn by<'w>(word: &'w Word) -> By<'w> {
    By { who: &word.by, at: SystemClock.now(), on: SystemClock.today(), reason: &word.reason }
}

fn how() -> IngestOptions {
    let now = SystemClock.now();
    IngestOptions { at: now, actor: "learn".to_owned(), ..IngestOptions::on(SystemClock.today()) }
}

fn learn(home: &HomeArgs, args: &Args, list: &Path, lang: Lang) -> Result<String> {
    let _lock = home.lock()?;
    let database = home.open_database()?;
    let keys = home.open_keys(&database)?;
    let pack = home.load_pack(&args.pack)?;
    let (catalogue, divisions) = (cycle::catalogue(&home.packs, &pack)?, cycle::divisions(&home.packs)?);
    let rules = cycle::linking(&home.packs, &catalogue)?;
    let ingester = Ingester::new(&database, &keys, &catalogue, &divisions, &pack.roots);
    Ok(learned_line(&ingester.learn(&rules, list, &how())?, lang))
}

fn learned(home: &HomeArgs, lang: Lang) -> Result<String> {
    let all = linking::learned(&mut home.open_database()?.session()?)?;
    if all.is_empty() {
        return Ok(say(lang, "各来源都用给定的参数", "stated parameters for every source").to_owned());
    }
    Ok(all.iter().map(|one| learned_line(one, lang)).collect::<Vec<_>>().join("\n"))
}

fn learned_line(one: &Learned, lang: Lang) -> String {
    let Learned { source, on, list, rows, rounds, .. } = one;
    match (lang, one.settled) {
        (Lang::Zh, true) => format!("{source}  {on}  从 {list} 的 {rows} 行学到，{rounds} 轮后稳定，夜间计算用"),
        (Lang::Zh, false) => format!("{source}  {on}  {list} 的 {rows} 行，{rounds} 轮，没有学成：用给定的参数"),
        (Lang::En, true) => {
            format!(
                "{source}  {on}  learned from {rows} rows of {list}, settled after {rounds} rounds; the night uses it"
            )
        }
        (Lang::En, false) => format!(
            "{source}  {on}  {rows} rows of {list}, {rounds} rounds: too few rows, or it did not settle; the stated \
             parameters are used"
        ),
    }
}

fn forget(home: &HomeArgs, args: &Args, source: &str, lang: Lang) -> Result<String> {
    let _lock = home.lock()?;
    let database = home.open_database()?;
    let keys = home.open_keys(&database)?;
    let pack = home.load_pack(&args.pack)?;
    let (catalogue, divisions) = (cycle::catalogue(&home.packs, &pack)?, cycle::divisions(&home.packs)?);
    let ingester = Ingester::new(&database, &keys, &catalogue, &divisions, &pack.roots);
    Ok(if linking::forget_learned(&ingester, source, &how())? {
        say(lang, "回到给定的参数", "back to the stated parameters").to_owned()
    } else {
        say(lang, "这个来源没有学过", "nothing was learned of this source").to_owned()
    })
}

fn list(home: &HomeArgs, lang: Lang) -> Result<String> {
    let database = home.open_database()?;
    let open = linking::open_pairs(&mut database.session()?)?;
    for OpenPair { pair, list } in &open {
        let about = match (pair.other, list) {
            (Other::Person(other), _) => other.to_string(),
            (Other::Row(held), Some((source, _, on))) => format!("{source} {on} #{held}"),
            (Other::Row(held), None) => format!("#{held}"),
        };
        println!("{}  {:>3.0}%  {}  {about}", pair.id, pair.probability * 100.0, pair.person);
    }
    Ok(format!("{} {}", open.len(), say(lang, "对待核对", "pairs to review")))
}

fn show(home: &HomeArgs, args: &Args, pair: i64, lang: Lang) -> Result<String> {
    let database = home.open_database()?;
    let keys = home.open_keys(&database)?;
    let pack = home.load_pack(&args.pack)?;
    let (catalogue, divisions) = (cycle::catalogue(&home.packs, &pack)?, cycle::divisions(&home.packs)?);
    let seen = linking::beside(&mut database.session()?, &keys, (&catalogue, &divisions), pair)?;
    let seen = seen.ok_or_else(|| anyhow!("{} {pair}", say(lang, "没有这一对", "there is no pair")))?;
    print_beside(&seen, lang);
    Ok(state_word(seen.pair.state, lang).to_owned())
}

fn print_beside(seen: &Beside, lang: Lang) {
    let other = match (&seen.row, seen.people.1) {
        (Some(row), _) => format!("{} {} {} {}", row.source, row.list_date, say(lang, "行", "row"), row.row),
        (None, Some(other)) => other.to_string(),
        (None, None) => String::new(),
    };
    println!("{} | {other}  {:.0}%", seen.people.0, seen.pair.probability * 100.0);
    let told = |pieces: &[Piece]| -> String {
        pieces.iter().map(|p| if p.differs { format!("[{}]", p.text) } else { p.text.clone() }).collect()
    };
    for field in &seen.fields {
        let (person, other) = (told(&field.person), told(&field.other));
        println!("  {:>+6.1}  {}: {person} | {other}  ({})", field.bits, field.field, field.level);
    }
    for moved in &seen.pair.moved {
        let words = say(lang, "上次决定以后变了", "changed since it was decided");
        println!("  {words}: {}: {} → {}", moved.field, moved.before, moved.now);
    }
    for Said { verdict, by, on, reason, .. } in &seen.said {
        println!("  {on} {by}: {} ({reason})", state_word(*verdict, lang));
    }
}

fn decide(home: &HomeArgs, args: &Args, said: &Decision, verdict: Option<State>, lang: Lang) -> Result<String> {
    let _lock = home.lock()?;
    let database = home.open_database()?;
    let keys = home.open_keys(&database)?;
    let pack = home.load_pack(&args.pack)?;
    let (catalogue, divisions) = (cycle::catalogue(&home.packs, &pack)?, cycle::divisions(&home.packs)?);
    let rules = cycle::linking(&home.packs, &catalogue)?;
    let mut ingester = Ingester::new(&database, &keys, &catalogue, &divisions, &pack.roots);
    let outcome = match verdict {
        None => ingester.take_back(said.pair, by(&said.word)),
        Some(verdict) => {
            let pair = linking::pair(&mut database.session()?, said.pair)?;
            let people = match pair.map(|pair| (pair.person, pair.other)) {
                Some((person, Other::Person(other))) if verdict == State::Same => vec![person, other],
                _ => Vec::new(),
            };
            let money = money_hangs_on(home, args, &database, &keys, &people)?;
            ingester.decide(&rules, said.pair, (verdict, money), by(&said.word))
        }
    };
    match outcome.map_err(|fault| told(fault, lang))? {
        Outcome::Noted => Ok(verdict
            .map_or(say(lang, "已撤回，重新待核", "taken back, asked again"), |v| state_word(v, lang))
            .to_owned()),
        Outcome::Linked => {
            Ok(say(lang, "同一人，已连上；今晚起计入资格", "same person, linked; counts from tonight's run").to_owned())
        }
        Outcome::Returned(rows) => Ok(format!(
            "{rows} {}",
            say(lang, "行退回待核，事实已离开此人", "rows wait again; their facts have left the person")
        )),
        Outcome::Merged(merge) => Ok(merge_line(&merge, lang)),
    }
}

fn merge_two(
    home: &HomeArgs,
    args: &Args,
    (kept, gone): (PersonId, PersonId),
    word: &Word,
    lang: Lang,
) -> Result<String> {
    let _lock = home.lock()?;
    let database = home.open_database()?;
    let keys = home.open_keys(&database)?;
    let pack = home.load_pack(&args.pack)?;
    let catalogue = cycle::catalogue(&home.packs, &pack)?;
    let rules = cycle::linking(&home.packs, &catalogue)?;
    let money = money_hangs_on(home, args, &database, &keys, &[kept, gone])?;
    let merging = Merging { kept, gone, money, pair: None };
    let done = database.session()?.transaction(|tx| merge::merge(tx, &keys, &rules, merging, by(word)));
    Ok(merge_line(&done.map_err(|fault| told(fault, lang))?, lang))
}

/// Whether the last night found cash due or paid to one of them; before the first night lists alone decide.
fn money_hangs_on(
    home: &HomeArgs,
    args: &Args,
    database: &store::Database,
    keys: &store::Keys,
    people: &[PersonId],
) -> Result<bool> {
    if people.is_empty() {
        return Ok(false);
    }
    match cycle::World::load(database, keys, &home.packs, &args.pack) {
        Ok(world) => Ok(people.iter().any(|person| world.money_hangs_on(*person))),
        Err(cycle::CycleFault::NotPublished) => Ok(false),
        Err(fault) => Err(fault.into()),
    }
}

fn settle(home: &HomeArgs, of: &OfMerge, split: bool, lang: Lang) -> Result<String> {
    let _lock = home.lock()?;
    let database = home.open_database()?;
    let keys = home.open_keys(&database)?;
    let done = database.session()?.transaction(|tx| {
        if split {
            merge::split(tx, &keys, of.merge, by(&of.word))
        } else {
            merge::confirm(tx, &keys, of.merge, by(&of.word))
        }
    });
    Ok(merge_line(&done.map_err(|fault| told(fault, lang))?, lang))
}

fn journal(home: &HomeArgs, lang: Lang) -> Result<String> {
    let database = home.open_database()?;
    let merges = merge::all(&mut database.session()?)?;
    merges.iter().rev().for_each(|merge| println!("{}", merge_line(merge, lang)));
    Ok(format!("{} {}", merges.len(), say(lang, "次合并", "merges")))
}

fn merge_line(merge: &Merge, lang: Lang) -> String {
    let state = match (merge.merged_on, merge.split_on) {
        (Some(on), None) => format!("{} {on}", say(lang, "合并于", "merged on")),
        (None, None) => {
            say(lang, "待另一人确认（涉及资金）", "waits for a second person (money hangs on it)").to_owned()
        }
        (Some(_), Some(on)) => format!("{} {on}", say(lang, "拆回于", "split on")),
        (None, Some(on)) => format!("{} {on}", say(lang, "未获确认，撤销于", "refused on")),
    };
    let mut who = vec![format!("{} {} ({})", merge.proposed_on, merge.proposed_by, merge.reason)];
    who.extend(merge.confirmed_by.as_ref().map(|by| format!("{} {by}", say(lang, "确认", "confirmed by"))));
    if let (Some(by), Some(why)) = (&merge.split_by, &merge.split_reason) {
        who.push(format!("{} {by} ({why})", say(lang, "拆回", "split by")));
    }
    format!("{}  {} ← {}  {state}  {}", merge.id, merge.kept, merge.gone, who.join("; "))
}

/// A refusal in the reader's language.
fn told(fault: DecisionFault, lang: Lang) -> anyhow::Error {
    if lang == Lang::En {
        return fault.into();
    }
    let words = match &fault {
        DecisionFault::NoPerson(person) => format!("没有 {person} 这个人"),
        DecisionFault::Merged(gone, kept) => format!("{gone} 已并入 {kept}，请用后者"),
        DecisionFault::Same => "两边是同一条".into(),
        DecisionFault::NoMerge(id) => format!("没有可确认或拆回的合并 {id}"),
        DecisionFault::SecondPerson => "涉及资金，提出的人不能自己确认，请另一人来".into(),
        DecisionFault::NoName => "写上谁决定的".into(),
        DecisionFault::NoReason => "写上依据，要留档".into(),
        DecisionFault::ReasonNames => "依据里不要写姓名、证件号、电话".into(),
        DecisionFault::NotOpen(id) => format!("第 {id} 对不在待核之列，先看已有的决定或撤回它"),
        DecisionFault::NotDecided(id) => format!("第 {id} 对没有决定，或那一行已不在等待，没有可撤回的"),
        DecisionFault::RowFaulty => "这一行还有别的错或重复，先更正".into(),
        DecisionFault::Registry(_) => return fault.into(),
    };
    anyhow!(words)
}

const fn state_word(state: State, lang: Lang) -> &'static str {
    match (state, lang) {
        (State::Open, Lang::Zh) => "待核",
        (State::Open, Lang::En) => "open",
        (State::Same, Lang::Zh) => "同一人",
        (State::Same, Lang::En) => "same person",
        (State::Different, Lang::Zh) => "不是同一人，不再问",
        (State::Different, Lang::En) => "someone else, not asked again",
        (State::Unsure, Lang::Zh) => "拿不准，先等着",
        (State::Unsure, Lang::En) => "unsure, it keeps waiting",
        (State::Settled, Lang::Zh) => "已无须决定",
        (State::Settled, Lang::En) => "nothing to decide any more",
        (State::Undone, Lang::Zh) => "决定已撤回",
        (State::Undone, Lang::En) => "decision taken back",
    }
}
