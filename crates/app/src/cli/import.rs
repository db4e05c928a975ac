//! `yilian import`: take lists in without running the night.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use kernel::{Clock, Date, Lang, SystemClock};
use registry::ingest::{IngestOptions, Ingester, ListReport, ListState};

use super::home::{HomeArgs, date_argument};
use super::say;

#[derive(clap::Args)]
pub struct Args {
    /// Files named SOURCE_DATE[_DIVISION].csv or .xlsx.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[arg(long, env = "YILIAN_PACK", default_value = "kizilsu-2024")]
    pack: String,
    /// Report what would happen and write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Take a full list although it closes more than its source's share.
    #[arg(long)]
    force: bool,
    #[arg(long, value_parser = date_argument)]
    received_on: Option<Date>,
    /// Take lists dated after the day they are received on.
    #[arg(long)]
    allow_future: bool,
    /// Print the reports as JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(home: &HomeArgs, args: &Args) -> Result<ExitCode> {
    let pack = home.load_pack(&args.pack)?;
    let catalogue = cycle::catalogue(&home.packs, &pack)?;
    let divisions = cycle::divisions(&home.packs)?;
    let _lock = home.lock()?;
    let database = home.open_database()?;
    let keys = home.open_keys(&database)?;
    let mut ingester = Ingester::new(&database, &keys, &catalogue, &divisions, &pack.roots);
    let received_on = args.received_on.unwrap_or_else(|| SystemClock.today());
    let how = IngestOptions {
        until: (!args.allow_future).then_some(received_on),
        dry_run: args.dry_run,
        force_close: args.force,
        at: SystemClock.now(),
        actor: "import".to_owned(),
        ..IngestOptions::on(received_on)
    };
    let mut sound = true;
    for file in ingester.in_order(&args.files) {
        let report = ingester.file(&file, &how)?;
        sound &= !matches!(report.state, ListState::Held | ListState::Refused | ListState::Rejected | ListState::Early);
        if args.json {
            println!("{}", serde_json::to_string(&report)?);
        } else {
            print(&report, home.lang());
        }
    }
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// One list's report in words: what became of it, then every fault that the report carries.
pub fn print(report: &ListReport, lang: Lang) {
    let state = match report.state {
        ListState::Accepted => say(lang, "已收", "accepted"),
        ListState::Held => say(lang, "先不用，等人定", "held, someone has to decide"),
        ListState::Released => say(lang, "已放行，下次收", "let in, taken the next time"),
        ListState::Rejected => say(lang, "已退回", "sent back"),
        ListState::Known => say(lang, "以前收过，没有变化", "known, nothing changed"),
        ListState::Dry => say(lang, "试读，没有写入", "dry run, nothing written"),
        ListState::Refused => say(lang, "读不了", "refused"),
        ListState::Superseded => say(lang, "已被后来的代替", "superseded"),
        ListState::Early => say(lang, "还没到日子，先不收", "dated ahead, left for its day"),
    };
    println!("{}  {state}  {}", report.file_name, report.encoding);
    if let Some(refusal) = &report.refusal {
        println!("  {}", refusal.cause.get(lang));
        println!("  {}", refusal.remedy.get(lang));
        return;
    }
    let ListReport { rows, good, faulty, unlinked, repeated, opened, changed, unchanged, closed, .. } = report;
    match lang {
        Lang::Zh => println!(
            "  {rows} 行：{good} 行已用，{faulty} 行有错，{unlinked} 行没对上人，{repeated} 行重复；\
             新 {opened}，变 {changed}，没变 {unchanged}，停 {closed}"
        ),
        Lang::En => println!(
            "  {rows} rows: {good} taken, {faulty} faulty, {unlinked} not linked, {repeated} repeated; \
             {opened} new, {changed} changed, {unchanged} unchanged, {closed} closed"
        ),
    }
    if report.kept > 0 {
        match lang {
            Lang::Zh => println!("  {} 人的原记录先不停：坏行里的姓名、出生日期或号码只可能是他们", report.kept),
            Lang::En => println!("  {} statements stay open: a faulty row can be about nobody else", report.kept),
        }
    }
    if let Some(closing) = &report.closing {
        match lang {
            Lang::Zh => println!(
                "  这份名单会停掉 {} / {} 人（{:.1}%，上限 {}%）。核对后放行（yilian lists release）或用 --force 再导。",
                closing.would_close, closing.in_scope, closing.percent, closing.limit_percent
            ),
            Lang::En => println!(
                "  This list would close {} of {} ({:.1} %, limit {} %). Check it, then let it in (yilian lists release) or import it with --force.",
                closing.would_close, closing.in_scope, closing.percent, closing.limit_percent
            ),
        }
    }
    for fault in &report.faults {
        print_fault(fault, lang);
    }
}

/// One fault: where, the masked value, the cause, the remedy.
pub fn print_fault(fault: &registry::rows::RowFault, lang: Lang) {
    let place = match lang {
        Lang::Zh => format!("第 {} 行 {}", fault.row, fault.column),
        Lang::En => format!("row {} {}", fault.row, fault.column),
    };
    println!("  {place}  {}  {}  → {}", fault.value, fault.cause.get(lang), fault.remedy.get(lang));
}
