//! `yilian-cluster measure`: the indicators about people that SQL can say, by division, for each lake and for all of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use futures_util::StreamExt as _;
use kernel::{Date, DivisionCode};
use policy::sql::{Dialect, Sums, sums};
use policy::{Dates, IndicatorLine, Program, VillageSum};

use crate::cells::Cells;
use crate::people::{self, Heads, LAKE};
use crate::province::{Province, Sheet};
use crate::said::Asked;
use crate::session::Machine;
use crate::told::{While as _, fault, told};

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    pub asked: Asked,
}

/// What one lake says of one village.
type Villages = Vec<(Option<DivisionCode>, VillageSum)>;
/// By indicator, then by lake.
type Told = BTreeMap<String, BTreeMap<String, Villages>>;

pub async fn run(args: &Args) -> Result<ExitCode> {
    let asked = &args.asked;
    let (pack, program) = asked.program()?;
    let machine = asked.machine()?;
    let province = asked.province(&machine)?;
    // Indicators of one day and period are one statement.
    let mut together: BTreeMap<(Date, (Date, Date)), Vec<&str>> = BTreeMap::new();
    for indicator in &pack.indicators {
        let key = (indicator.population_day(asked.as_of), indicator.period_on(asked.as_of));
        together.entry(key).or_default().push(&indicator.id);
    }
    let mut table = String::from("lake,indicator,division,period_start,period_end,numerator,denominator,unknown\n");
    let mut left_out = String::from("indicator,why\n");
    for ((day, period), wanted) in together {
        let dates = Dates { as_of: day, period };
        let asking = sums(&program, Dialect::Datafusion, &wanted, dates, Some(LAKE));
        for id in wanted.iter().filter(|id| !asking.indicators.iter().any(|said| &**said == **id)) {
            let why = asked.say(
                "不是关于人的，或要看区划内部：留给引擎",
                "not of people or looks inside a division: left to the engine",
            );
            let _ = writeln!(left_out, "{id},{why}");
        }
        if asking.indicators.is_empty() {
            continue;
        }
        let found = province.day(day, "person").await?;
        if let Err(missing) = asked.complete(&found, day) {
            let why = told(&missing, asked.tongue.lang());
            for id in &asking.indicators {
                let _ = writeln!(left_out, "{id},\"{why}\"");
            }
            continue;
        }
        let told = ask(&machine, &province, &program, found.sheets, &asking).await?;
        for (id, lakes) in &told {
            write_lines(&mut table, &program, id, period, lakes);
        }
    }
    std::fs::create_dir_all(&asked.out).while_doing(|| {
        let path = asked.out.display();
        (format!("建不了文件夹 {path}"), format!("could not make {path}"))
    })?;
    for (name, text) in [("indicators.csv", &table), ("left_out.csv", &left_out)] {
        let path = asked.out.join(name);
        std::fs::write(&path, text).while_doing(|| {
            let path = path.display();
            (format!("写不了 {path}"), format!("could not write {path}"))
        })?;
    }
    println!("{} {}", asked.say("行数", "lines"), table.lines().count() - 1);
    print!("{}", left_out.split_once('\n').map_or("", |(_, lines)| lines));
    Ok(ExitCode::SUCCESS)
}

async fn ask(
    machine: &Machine,
    province: &Province,
    program: &Program,
    sheets: Vec<Sheet>,
    asking: &Sums,
) -> Result<Told> {
    let session = machine.session();
    let heads = people::register(&session, province, sheets, program).await?;
    let attempt = async || {
        let of_lakes = || heads.keys().map(|lake| (lake.clone(), Villages::new())).collect();
        let mut told: Told = asking.indicators.iter().map(|id| (id.to_string(), of_lakes())).collect();
        let (mut rows, mut persons) = (Heads::new(), Heads::new());
        let mut stream = machine.ask(&session, &asking.sql).await?;
        while let Some(batch) = stream.next().await {
            let batch = batch?;
            let cells = Cells(&batch);
            for row in 0..batch.num_rows() {
                let lake = cells.text(0, row)?.context("a sum without a lake")?;
                let village = cells.text(1, row)?.and_then(|code| code.parse().ok());
                *rows.entry(lake.to_owned()).or_default() += count(&cells, 2, row)?;
                *persons.entry(lake.to_owned()).or_default() += count(&cells, 3, row)?;
                for (number, id) in asking.indicators.iter().enumerate() {
                    let sum = sum(&cells, 4 + number * 5, row)?;
                    told.entry(id.to_string()).or_default().entry(lake.to_owned()).or_default().push((village, sum));
                }
            }
        }
        // Everyone once.
        if rows != heads || persons != heads {
            return Err(fault(
                format!("数到 {rows:?}，其中不同的人 {persons:?}，应有 {heads:?}"),
                format!("counted {rows:?}, of them different {persons:?}, of {heads:?}"),
            ));
        }
        Ok(told)
    };
    machine.until_whole(attempt).await
}

fn count(cells: &Cells<'_>, column: usize, row: usize) -> Result<usize> {
    Ok(usize::try_from(cells.whole(column, row)?.context("a count is missing")?)?)
}

fn sum(cells: &Cells<'_>, first: usize, row: usize) -> Result<VillageSum> {
    let number = |column: usize| cells.float(first + column, row)?.context("a sum is missing");
    Ok(VillageSum {
        counted: count(cells, first, row)?,
        untold: count(cells, first + 1, row)?,
        unknown: count(cells, first + 2, row)?,
        numerator: number(3)?,
        denominator: number(4)?,
    })
}

/// Each lake's own lines, then, where there are several, those of all: `*`.
///
/// Someone who lives in one county and is registered in another stands in both their lakes. So of a lake whose folder is
/// named by its county's code, the whole counts the people who live there and those of whom it is not known.
fn write_lines(
    table: &mut String,
    program: &Program,
    id: &str,
    period: (Date, Date),
    lakes: &BTreeMap<String, Villages>,
) {
    let mut whole = Villages::new();
    for (lake, villages) in lakes {
        write(table, program, lake, id, period, villages);
        let county: Option<DivisionCode> = lake.parse().ok();
        let own = |village: Option<DivisionCode>| {
            county.zip(village).is_none_or(|(county, village)| county.contains(village))
        };
        whole.extend(villages.iter().filter(|(village, _)| own(*village)));
    }
    if lakes.len() > 1 {
        write(table, program, "*", id, period, &whole);
    }
}

fn write(table: &mut String, program: &Program, lake: &str, id: &str, period: (Date, Date), villages: &Villages) {
    let mut lines = program.gathered(id, villages).unwrap_or_default();
    // As a night's own table has them.
    lines.sort_by_key(|line| line.division.to_string());
    for line in lines {
        let IndicatorLine { division, numerator, denominator, unknown, .. } = line;
        let denominator = denominator.map(|number| number.to_string()).unwrap_or_default();
        let (start, end) = period;
        let _ = writeln!(table, "{lake},{id},{division},{start},{end},{numerator},{denominator},{unknown}");
    }
}
