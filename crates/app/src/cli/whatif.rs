//! `yilian whatif`: a draft pack against the one in force, over everybody.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use cycle::{CostChange, Effect, WhatIf, World};
use kernel::Lang;
use policy::PackFault;

use super::home::HomeArgs;
use super::say;

#[derive(clap::Args)]
pub struct Args {
    /// Folder of the draft pack; what it builds on is found beside it or in the packs folder.
    #[arg(long, value_name = "DIR")]
    pack: PathBuf,
    /// The pack in force.
    #[arg(long, env = "YILIAN_PACK", default_value = "kizilsu-2024")]
    against: String,
    #[arg(long)]
    json: bool,
}

pub fn run(home: &HomeArgs, args: &Args) -> Result<ExitCode> {
    let id = args.pack.to_string_lossy();
    let draft = policy::load(&home.packs, &id).map_err(|faults| PackFault::all(&id, &faults))?;
    let database = home.open_database()?;
    let keys = home.open_keys(&database)?;
    let world = World::load(&database, &keys, &home.packs, &args.against)?;
    let found = cycle::whatif(&world, &draft)?;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&found)?);
    } else {
        print(&world, &found, home.lang());
    }
    Ok(ExitCode::SUCCESS)
}

fn print(world: &World, found: &WhatIf, lang: Lang) {
    println!("{} → {}  {}", found.before, found.after, world.as_of());
    print!("{}", found.diff.to_text(lang));
    println!("{} {}", found.people_affected, say(lang, "人的结果会变", "people's answers would change"));
    if let Some(cost) = found.yearly_cost {
        println!("{} {}", say(lang, "一年的钱", "yearly cost"), money(cost, lang));
    }
    for rule in &found.rules {
        let effect = match rule.effect {
            Effect::Added => say(lang, "新增", "added"),
            Effect::Removed => say(lang, "取消", "removed"),
            Effect::Changed | Effect::Same => say(lang, "有变化", "changed"),
        };
        println!();
        println!("{}（{effect}）  {} → {}", rule.label.get(lang), rule.met_before, rule.met_after);
        println!("  +{}  -{}", rule.gains, rule.losses);
        if let Some(cost) = rule.yearly_cost {
            println!("  {} {}", say(lang, "一年的钱", "yearly cost"), money(cost, lang));
        }
        for place in &rule.townships {
            let cost = place.yearly_cost.map(|c| money(c, lang)).unwrap_or_default();
            println!(
                "    {:<14} +{:<6} -{:<6} {cost}",
                world.pack.divisions.name(place.township),
                place.gains,
                place.losses
            );
        }
    }
}

fn money(cost: CostChange, lang: Lang) -> String {
    format!("{} → {} {}", cost.before, cost.after, say(lang, "元", "yuan"))
}
