//! `yilian return`: what a county publishes upward, and what the level above holds of it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;
use kernel::{Clock, Date, DivisionCode, DivisionLevel, Divisions, Lang, SystemClock};
use returns::{
    Agreement, BesideLine, CountyLine, Figures, Making, MeasuredLakes, ReturnError, Signer, Standing, Verdict,
};
use store::Session;

use super::home::{HomeArgs, date_argument};
use super::pack::compile;
use super::{fault, say};

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make the key a county signs with; prints its public part, to be told to the level above by telephone.
    Key {
        /// By default `return.key` in the home folder.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Make the returns of a published night, one folder a county.
    Make {
        #[arg(long, default_value = "kizilsu-2024")]
        pack: String,
        /// The night; the last published one when absent.
        #[arg(long, value_parser = date_argument)]
        as_of: Option<Date>,
        /// Only this county; every county of the pack when absent.
        #[arg(long)]
        county: Option<DivisionCode>,
        /// The key to sign with; by default `return.key` in the home folder.
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
        /// By default `returns-out` in the home folder.
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// Believe a county's public key, or believe it no longer.
    Trust {
        #[arg(long)]
        county: DivisionCode,
        /// Hexadecimal, as the county reads it out.
        #[arg(long)]
        key: String,
        /// Believe it no longer.
        #[arg(long)]
        withdraw: bool,
        /// Who decides it.
        #[arg(long)]
        by: String,
    },
    /// Hold returns against signature, manifest and agreement; changes nothing.
    Verify {
        #[arg(required = true)]
        folders: Vec<PathBuf>,
    },
    /// Verify returns and load them.
    Load {
        #[arg(required = true)]
        folders: Vec<PathBuf>,
    },
    /// Hold what counties published against what `yilian-cluster measure` found in their lakes; fails where they differ.
    Beside {
        /// Its `indicators.csv`.
        measured: PathBuf,
        #[command(flatten)]
        asked: Counties,
    },
    /// What every county has returned, and what is missing or behind.
    Status(Counties),
}

/// Which counties are asked of, and how it is told.
#[derive(clap::Args)]
struct Counties {
    /// A province or prefecture.
    #[arg(long)]
    region: DivisionCode,
    /// Today when absent.
    #[arg(long, value_parser = date_argument)]
    as_of: Option<Date>,
    #[arg(long)]
    json: bool,
}

pub fn run(home: &HomeArgs, args: &Args) -> Result<ExitCode> {
    let lang = home.lang();
    match &args.command {
        Command::Key { out } => {
            std::fs::create_dir_all(&home.home)?;
            let key = returns::create_key_file(&out.clone().unwrap_or_else(|| home.home.join("return.key")))?;
            println!("{} {key}", say(lang, "公钥", "public key"));
            Ok(ExitCode::SUCCESS)
        }
        Command::Make { pack, as_of, county, key, out } => {
            let signer = Signer::read(&key.clone().unwrap_or_else(|| home.home.join("return.key")))?;
            let out = out.clone().unwrap_or_else(|| home.home.join("returns-out"));
            make(home, pack, *as_of, *county, &signer, &out)
        }
        Command::Trust { county, key, withdraw, by } => {
            let database = home.open_database()?;
            let keys = home.open_keys(&database)?;
            let (session, when) = (&mut database.session()?, (SystemClock.today(), SystemClock.now(), by.as_str()));
            if *withdraw {
                returns::withdraw(session, &keys, (*county, key), when)?;
            } else {
                returns::trust(session, &keys, (*county, key), when)?;
            }
            println!("{county} {}", say(lang, "已记下", "noted"));
            Ok(ExitCode::SUCCESS)
        }
        Command::Verify { folders } => take(home, folders, false),
        Command::Load { folders } => take(home, folders, true),
        Command::Beside { measured, asked } => beside(home, measured, asked),
        Command::Status(asked) => {
            let (lines, divisions) = status(home, &mut home.open_database()?.session()?, asked)?;
            if asked.json {
                println!("{}", serde_json::to_string_pretty(&lines)?);
            } else {
                lines.iter().for_each(|line| println!("{}", told(line, &divisions.name(line.county), lang)));
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn agreement(home: &HomeArgs) -> Result<Agreement> {
    Ok(Agreement::load(&home.packs, &home.load_pack("national")?.dictionary)?)
}

/// How the counties stand, and what divisions are called.
fn status(home: &HomeArgs, session: &mut Session, asked: &Counties) -> Result<(Vec<CountyLine>, Divisions)> {
    let divisions = cycle::divisions(&home.packs)?;
    let today = asked.as_of.unwrap_or_else(|| SystemClock.today());
    Ok((returns::status(session, &divisions, &agreement(home)?, (asked.region, today))?, divisions))
}

fn beside(home: &HomeArgs, measured: &Path, asked: &Counties) -> Result<ExitCode> {
    let lang = home.lang();
    let lakes = MeasuredLakes::read(measured)?;
    let database = home.open_database()?;
    let mut session = database.session()?;
    let (counties, divisions) = status(home, &mut session, asked)?;
    let mut all: Vec<BesideLine> = Vec::new();
    for county in &counties {
        let lines = lakes.beside(&mut session, county)?;
        if !asked.json {
            println!("{}", beside_told(county, &divisions.name(county.county), &lines, lang));
            lines
                .iter()
                .filter(|line| line.verdict == Verdict::Differs)
                .for_each(|line| println!("{}", differs(line, lang)));
        }
        all.extend(lines);
    }
    if asked.json {
        println!("{}", serde_json::to_string_pretty(&all)?);
    }
    let differ = all.iter().any(|line| line.verdict == Verdict::Differs);
    Ok(if differ { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn beside_told(county: &CountyLine, name: &str, lines: &[BesideLine], lang: Lang) -> String {
    let code = county.county;
    let Some(day) = county.as_of else {
        return format!("{code}  {name}  {}", say(lang, "没有报过", "nothing returned"));
    };
    let count = |verdict| lines.iter().filter(|line| line.verdict == verdict).count();
    let [same, differs, untold, unmeasured] =
        [Verdict::Same, Verdict::Differs, Verdict::Untold, Verdict::Unmeasured].map(count);
    match lang {
        Lang::Zh => format!(
            "{code}  {name}  {day}  {same} 个数一致，{differs} 个不一致，{untold} 个人数太少没报，{unmeasured} 个没有测"
        ),
        Lang::En => format!(
            "{code}  {name}  {day}  {same} the same, {differs} different, {untold} too small to be told, {unmeasured} not measured"
        ),
    }
}

/// A figure that differs: what the county says, and what its lake does.
fn differs(line: &BesideLine, lang: Lang) -> String {
    let figures = |figures: Option<Figures>| {
        let number = |number: Option<f64>| number.map_or_else(|| "–".to_owned(), |number| number.to_string());
        let Some(Figures { numerator, denominator, unknown }) = figures else { return "–".to_owned() };
        let unknown = unknown.map_or_else(|| "–".to_owned(), |unknown| unknown.to_string());
        let of = denominator.map_or_else(String::new, |denominator| format!("/{denominator}"));
        format!("{}{of} ({} {unknown})", number(numerator), say(lang, "不明", "not known"))
    };
    let BesideLine { indicator, division, period_start, period_end, .. } = line;
    let (told, measured) = (figures(Some(line.told)), figures(line.measured));
    let (says, found) = (say(lang, "县里报", "the county says"), say(lang, "湖里测得", "its lake says"));
    format!("    {indicator}  {division}  {period_start}..{period_end}  {says} {told}  {found} {measured}")
}

fn make(
    home: &HomeArgs,
    pack: &str,
    as_of: Option<Date>,
    county: Option<DivisionCode>,
    signer: &Signer,
    out: &std::path::Path,
) -> Result<ExitCode> {
    let lang = home.lang();
    let pack = home.load_pack(pack)?;
    let program = compile(&pack)?;
    let database = home.open_database()?;
    let keys = home.open_keys(&database)?;
    let mut session = database.session()?;
    let as_of = match as_of {
        Some(day) => day,
        None => cycle::latest_night(&mut session, &pack.id)?.ok_or(cycle::CycleFault::NotPublished)?.as_of,
    };
    let agreement = Agreement::load(&home.packs, &pack.dictionary)?;
    let measured = performance::measured_on(&mut session, &pack.id, as_of)?;
    let counties: Vec<DivisionCode> = match county {
        Some(county) => vec![county],
        None => {
            let inside = |code: DivisionCode| pack.roots.iter().any(|root| root.contains(code) || code.contains(*root));
            pack.divisions.of_level(DivisionLevel::County).map(|d| d.code).filter(|code| inside(*code)).collect()
        }
    };
    if counties.is_empty() {
        return Err(fault("这个政策包里没有县", "the pack has no county"));
    }
    let lake = home.lake();
    for county in counties {
        let making = Making {
            lake: &lake,
            county,
            as_of,
            pack: &pack,
            program: &program,
            agreement: &agreement,
            measured: &measured,
            keys: &keys,
            signer,
            made_at: store::stamp(SystemClock.now()),
        };
        let made = returns::make(&making, out)?;
        let state =
            if made.unchanged { say(lang, "和上次一样", "as before") } else { say(lang, "已生成", "made") };
        let (people, places) = (made.manifest.people, made.manifest.places);
        match lang {
            Lang::Zh => println!("{}  {people} 人  {places} 个场所  {state}", made.folder.display()),
            Lang::En => println!("{}  {people} people  {places} places  {state}", made.folder.display()),
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Verifies each folder, and loads it when asked; one that fails does not keep the others out.
fn take(home: &HomeArgs, folders: &[PathBuf], load: bool) -> Result<ExitCode> {
    let lang = home.lang();
    let database = home.open_database()?;
    let keys = home.open_keys(&database)?;
    let dictionary = home.load_pack("national")?.dictionary;
    let agreement = Agreement::load(&home.packs, &dictionary)?;
    let trusted = returns::trusted(&mut database.session()?)?;
    let kept = home.home.join("returns");
    let mut sound = true;
    for folder in folders {
        let done = returns::verify(folder, &agreement, &dictionary, &trusted).map_err(ReturnError::Faults);
        let done = done.and_then(|verified| {
            if !load {
                return Ok(say(lang, "没有问题", "sound"));
            }
            let when = (SystemClock.today(), SystemClock.now(), "returns");
            let loaded = returns::load(&mut database.session()?, &keys, &verified, &kept, when)?;
            Ok(if loaded.known { say(lang, "以前收过", "loaded before") } else { say(lang, "已收", "loaded") })
        });
        match done {
            Ok(word) => println!("{}  {word}", folder.display()),
            Err(error) => {
                sound = false;
                println!("{}  {}", folder.display(), super::told(&error.into(), lang));
            }
        }
    }
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn told(line: &CountyLine, name: &str, lang: Lang) -> String {
    let county = line.county;
    let key = if line.trusted { "" } else { say(lang, "  没有登记公钥", "  no key is believed") };
    match (line.standing, line.as_of, lang) {
        (Standing::Missing, ..) | (_, None, _) => {
            format!("{county}  {name}  {}{key}", say(lang, "没有报过", "nothing returned"))
        }
        (standing, Some(day), Lang::Zh) => {
            let late = if standing == Standing::Stale { "，过期" } else { "" };
            let days = line.days_behind.unwrap_or(0);
            format!("{county}  {name}  {day}（{days} 天前{late}）  {} 人  {} 个场所{key}", line.people, line.places)
        }
        (standing, Some(day), Lang::En) => {
            let late = if standing == Standing::Stale { ", behind" } else { "" };
            let days = line.days_behind.unwrap_or(0);
            format!(
                "{county}  {name}  {day} ({days} days ago{late})  {} people  {} places{key}",
                line.people, line.places
            )
        }
    }
}
