//! `yilian duty`: what a plan asks of departments, and the evidence that it was done.

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;
use kernel::{Clock, Date, DivisionCode, DutyReportId, Lang, SystemClock};
use performance::{Duty, DutyReport, DutyState, NewReport, Recording};

use super::home::{HomeArgs, date_argument};
use super::{fault, say};

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
    #[arg(long, env = "YILIAN_PACK", default_value = "kizilsu-2024", global = true)]
    pack: String,
}

#[derive(Subcommand)]
enum Command {
    /// Every duty: done, due or overdue, with the evidence that was reported.
    List {
        /// The day overdue is judged by; today when absent.
        #[arg(long, value_parser = date_argument)]
        as_of: Option<Date>,
        #[arg(long)]
        json: bool,
    },
    /// Record that a duty was done.
    Report {
        /// The clause, as `list` gives it.
        clause: String,
        #[arg(long, value_parser = date_argument)]
        done_on: Date,
        /// The unit or officer that did it.
        #[arg(long)]
        done_by: String,
        /// What shows it.
        #[arg(long)]
        evidence: String,
        /// Where the evidence is kept: a file or a document number.
        #[arg(long, default_value = "")]
        file: String,
        #[arg(long, default_value = "")]
        note: String,
        /// Who records it.
        #[arg(long)]
        by: String,
    },
    /// Take a report back; it stays on record with the reason.
    Withdraw {
        /// The report's number, as `list` gives it.
        report: DutyReportId,
        #[arg(long)]
        reason: String,
        /// Who withdraws it.
        #[arg(long)]
        by: String,
    },
}

pub fn run(home: &HomeArgs, args: &Args) -> Result<ExitCode> {
    let lang = home.lang();
    let pack = home.load_pack(&args.pack)?;
    let division = whole(&pack)?;
    let database = home.open_database()?;
    let (now, today) = (SystemClock.now(), SystemClock.today());
    match &args.command {
        Command::List { as_of, json } => {
            let as_of = as_of.unwrap_or(today);
            let duties = performance::duties(&mut database.session()?, &pack, division, as_of)?;
            if *json {
                println!("{}", serde_json::to_string_pretty(&duties)?);
            } else {
                duties.iter().for_each(|duty| print(&pack, duty, as_of, lang));
            }
        }
        Command::Report { clause, done_on, done_by, evidence, file, note, by } => {
            let new = NewReport {
                done_on: *done_on,
                done_by: done_by.clone(),
                evidence: evidence.clone(),
                file: file.clone(),
                note: note.clone(),
            };
            let keys = home.open_keys(&database)?;
            let how = Recording { division, at: now, on: today, by };
            let id = performance::report(&mut database.session()?, &keys, &pack, clause, &new, &how)?;
            println!("{id} {clause} {}", say(lang, "已登记", "recorded"));
        }
        Command::Withdraw { report, reason, by } => {
            let keys = home.open_keys(&database)?;
            let how = Recording { division, at: now, on: today, by };
            let clause = performance::withdraw(&mut database.session()?, &keys, &pack, *report, reason, &how)?;
            println!("{report} {clause} {}", say(lang, "已撤回", "withdrawn"));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The division the plan speaks for.
fn whole(pack: &policy::Pack) -> Result<DivisionCode> {
    pack.roots.first().copied().ok_or_else(|| fault("这个政策包没有写适用的区划", "the pack names no division"))
}

fn print(pack: &policy::Pack, duty: &Duty, as_of: Date, lang: Lang) {
    let title = pack.clause(&duty.clause).map(|clause| clause.title.get(lang)).unwrap_or_default();
    let deadline = duty.deadline.map(|day| day.to_string());
    let deadline = deadline.unwrap_or_else(|| say(lang, "没写日期", "no date stated").to_owned());
    println!("{}  {title}  {}  {}", duty.clause, deadline, state(duty, as_of, lang));
    for report in &duty.reports {
        print_report(report, lang);
    }
}

fn state(duty: &Duty, as_of: Date, lang: Lang) -> String {
    match (duty.state, duty.done(), duty.days_late(as_of), lang) {
        (_, Some(done), None, Lang::Zh) => format!("{} 办成", done.done_on),
        (_, Some(done), None, Lang::En) => format!("done {}", done.done_on),
        (_, Some(done), Some(days), Lang::Zh) => format!("{} 办成，晚 {days} 天", done.done_on),
        (_, Some(done), Some(days), Lang::En) => format!("done {}, {days} days late", done.done_on),
        (DutyState::Overdue, None, days, Lang::Zh) => format!("过期 {} 天", days.unwrap_or(0)),
        (DutyState::Overdue, None, days, Lang::En) => format!("{} days overdue", days.unwrap_or(0)),
        (_, None, _, _) => say(lang, "还没办成", "not done yet").to_owned(),
    }
}

fn print_report(report: &DutyReport, lang: Lang) {
    let by = say(lang, "登记人", "recorded by");
    println!("    {}  {}  {}  {}", report.id, report.done_on, report.done_by, report.evidence);
    for (name, text) in [(say(lang, "文件", "file"), &report.file), (say(lang, "备注", "note"), &report.note)] {
        if !text.is_empty() {
            println!("        {name}: {text}");
        }
    }
    println!("        {by}: {} {}", report.reported_by, report.reported_on);
    if let Some(taken) = &report.withdrawn {
        println!("        {}: {} {}  {}", say(lang, "已撤回", "withdrawn"), taken.on, taken.by, taken.why);
    }
}
