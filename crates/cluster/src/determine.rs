//! `yilian-cluster determine`: every rule about people that SQL can say, for everyone in every lake.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;
use futures_util::StreamExt as _;
use policy::Program;
use policy::sql::{self, Apart, Dialect};

use crate::answers::HOMES;
use crate::cells::Cells;
use crate::gather::Gathering;
use crate::people::{self, LAKE};
use crate::said::Asked;
use crate::verify;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    pub asked: Asked,
    /// Compare with what each county published for the day under the same pack, cell by cell; any difference fails.
    #[arg(long)]
    verify: bool,
}

pub async fn run(args: &Args) -> Result<ExitCode> {
    let (asked, began) = (&args.asked, Instant::now());
    let (pack, program) = asked.program()?;
    let machine = asked.machine()?;
    let province = asked.province(&machine)?;
    let found = province.day(asked.as_of, "person").await?;
    asked.complete(&found, asked.as_of)?;
    let session = machine.session();
    let heads = people::register(&session, &province, found.sheets, &program).await?;
    let apart = Apart { within: Some(LAKE), carried: &HOMES };
    let statement = sql::print_apart(&program, Dialect::Datafusion, asked.as_of, apart);
    let answers = sql::answers(&program, "person", asked.as_of);
    machine
        .until_whole(async || {
            let mut gathering = Gathering::new(asked, &pack, &answers, &heads);
            let mut stream = machine.ask(&session, &statement).await?;
            while let Some(batch) = stream.next().await {
                let batch = batch?;
                (0..batch.num_rows()).try_for_each(|row| gathering.take(&Cells(&batch), row))?;
            }
            gathering.end()
        })
        .await?;
    println!(
        "{} {}  {} {}  {} {}  {:.1} s",
        asked.say("人", "people"),
        heads.values().sum::<usize>(),
        asked.say("湖", "lakes"),
        heads.len(),
        asked.say("条规则", "rules"),
        answers.len(),
        began.elapsed().as_secs_f64()
    );
    let left = left_out(&program, &answers);
    if !left.is_empty() {
        let words = asked.say("SQL 说不了、留给引擎的规则：", "rules SQL cannot say, left to the engine:");
        println!("{words} {}", left.join(" "));
    }
    if args.verify { verify::run(asked, &province, &pack, &left).await } else { Ok(ExitCode::SUCCESS) }
}

/// Rules that look inside a division.
fn left_out<'p>(program: &'p Program, answers: &[sql::Answer]) -> Vec<&'p str> {
    program.rules("person").filter(|id| !answers.iter().any(|answer| &*answer.rule == *id)).collect()
}
