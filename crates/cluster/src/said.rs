//! What every question is asked with: pack, lakes, day, where it is computed, in which language is answered.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use kernel::{Date, Lang, parse_date};
use policy::{Pack, PackFault, Program};

use crate::province::{Day, Province};
use crate::session::Machine;
use crate::stores;
use crate::told::{While as _, fault};

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
    #[command(flatten)]
    pub tongue: Tongue,
    /// Folder to write to.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

/// In which language a command answers.
#[derive(clap::Args, Debug)]
pub struct Tongue {
    /// Language of what is printed.
    #[arg(long, env = "YILIAN_LANG", value_enum, default_value = "zh")]
    lang: LangArg,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum LangArg {
    Zh,
    En,
}

impl Tongue {
    pub const fn lang(&self) -> Lang {
        match self.lang {
            LangArg::Zh => Lang::Zh,
            LangArg::En => Lang::En,
        }
    }
}

impl Asked {
    /// The words of the language that was asked for.
    pub fn say<'w>(&self, zh: &'w str, en: &'w str) -> &'w str {
        match self.tongue.lang() {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// The pack and its compiled rules.
    pub fn program(&self) -> Result<(Pack, Program)> {
        let all = |faults: Vec<PackFault>| PackFault::all(&self.pack, &faults);
        let pack = policy::load(&self.packs, &self.pack).map_err(all)?;
        let program = Program::compile(&pack).map_err(all)?;
        pack.in_force_on(self.as_of)?;
        Ok((pack, program))
    }

    pub fn machine(&self) -> Result<Machine> {
        let (scheduler, lang) = (self.scheduler.clone(), self.tongue.lang());
        Ok(Machine { scheduler, parts: self.parts.max(1), runtime: stores::runtime()?, lang })
    }

    pub fn province(&self, machine: &Machine) -> Result<Province> {
        let place = &self.lake;
        let words = || (format!("{place} 那里的湖打不开"), format!("could not open the lakes at {place}"));
        Province::open(place, &Arc::clone(&machine.runtime)).while_doing(words)
    }

    /// Refuses a day that lakes lack, unless that is meant.
    pub fn complete(&self, found: &Day, day: Date) -> Result<()> {
        if found.sheets.is_empty() {
            return Err(fault(format!("哪个湖都没有 {day} 这一天"), format!("no lake has the day {day}")));
        }
        let without = found.without.join(", ");
        if !self.allow_missing && !without.is_empty() {
            return Err(fault(
                format!("{without} 没有 {day} 这一天；加 --allow-missing 就不等它们"),
                format!("no day {day} in {without}; --allow-missing goes on without"),
            ));
        }
        if !without.is_empty() {
            eprintln!("{day}: {} {without}", self.say("没有这一天的湖：", "lakes without the day:"));
        }
        Ok(())
    }
}
