//! What every question is asked with: pack, lakes, day, where it is computed, in which language is answered.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, ensure};
use kernel::{Date, parse_date};
use policy::{Pack, Program};

use crate::province::{Day, Province};
use crate::session::Machine;
use crate::stores;

/// Options of every question.
#[derive(clap::Args, Debug)]
pub struct Asked {
    /// The pack's folder name.
    #[arg(long)]
    pub pack: String,
    /// Folder that holds the policy packs.
    #[arg(long, env = "YILIAN_PACKS", default_value = "packs", value_name = "DIR")]
    packs: PathBuf,
    /// Where the counties' lakes are: a folder, or s3://bucket/prefix.
    #[arg(long, value_name = "ADDRESS")]
    lake: String,
    #[arg(long, value_parser = |text: &str| parse_date(text).map_err(|fault| fault.to_string()))]
    pub as_of: Date,
    /// The scheduler of a cluster; without it everything is computed in this process.
    #[arg(long, value_name = "HOST:PORT")]
    scheduler: Option<String>,
    /// Into how many parts rows are divided where households are gathered.
    #[arg(long, default_value_t = 16)]
    parts: usize,
    /// Go on where some lakes do not have the day.
    #[arg(long)]
    allow_missing: bool,
    /// Language of what is printed.
    #[arg(long, env = "YILIAN_LANG", value_enum, default_value = "zh")]
    lang: Lang,
    /// Folder to write to.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Lang {
    Zh,
    En,
}

impl Asked {
    /// The words of the language that was asked for.
    pub fn say<'w>(&self, zh: &'w str, en: &'w str) -> &'w str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// The pack and its compiled rules.
    pub fn program(&self) -> Result<(Pack, Program)> {
        let all = |faults: Vec<String>| anyhow!("pack {}: {}", self.pack, faults.join("; "));
        let told = |faults: Vec<policy::PackFault>| all(faults.iter().map(ToString::to_string).collect());
        let pack = policy::load(&self.packs, &self.pack).map_err(told)?;
        let program = Program::compile(&pack).map_err(told)?;
        let ended = pack.in_force_until.is_some_and(|until| self.as_of > until);
        ensure!(self.as_of >= pack.in_force_from && !ended, "pack {} is not in force on {}", pack.id, self.as_of);
        Ok((pack, program))
    }

    pub fn machine(&self) -> Result<Machine> {
        Ok(Machine { scheduler: self.scheduler.clone(), parts: self.parts.max(1), runtime: stores::runtime()? })
    }

    pub fn province(&self, machine: &Machine) -> Result<Province> {
        Province::open(&self.lake, &Arc::clone(&machine.runtime)).with_context(|| format!("lakes at {}", self.lake))
    }

    /// Refuses a day that lakes lack, unless that is meant.
    pub fn complete(&self, found: &Day, day: Date) -> Result<()> {
        ensure!(!found.sheets.is_empty(), "no lake has the day {day}");
        let without = found.without.join(", ");
        ensure!(self.allow_missing || without.is_empty(), "no day {day} in {without}; --allow-missing goes on without");
        if !without.is_empty() {
            eprintln!("{day}: {} {without}", self.say("没有这一天的湖：", "lakes without the day:"));
        }
        Ok(())
    }
}
