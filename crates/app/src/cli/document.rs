//! `yilian pack document`: the official document that a plan is read against, kept below the home folder.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;
use kernel::{Clock, SystemClock};
use performance::document::{self, Attaching, DocumentKind};

use super::home::HomeArgs;
use super::{fault, say};

#[derive(Subcommand)]
pub enum Command {
    /// Keep a copy of a PDF or text file as the pack's official document.
    Attach {
        pack: String,
        file: PathBuf,
        /// The page of a PDF on which a clause stands, such as KZ-5=4; may be given many times.
        #[arg(long = "page", value_name = "CLAUSE=PAGE", value_parser = page_argument)]
        pages: Vec<(String, u32)>,
        /// Who attaches it.
        #[arg(long, default_value = "officer")]
        by: String,
    },
    /// What is attached, and where in it each clause stands.
    Show { pack: String },
}

pub fn run(home: &HomeArgs, command: &Command) -> Result<ExitCode> {
    let lang = home.lang();
    match command {
        Command::Attach { pack, file, pages, by } => {
            let pack = home.load_pack(pack)?;
            let database = home.open_database()?;
            let keys = home.open_keys(&database)?;
            let how = Attaching { at: SystemClock.now(), on: SystemClock.today(), by };
            let pages: BTreeMap<String, u32> = pages.iter().cloned().collect();
            let mut session = database.session()?;
            let done = document::attach((&mut session, &keys), &home.documents(), &pack, file, pages, &how)?;
            println!("{}  {}  {} B  SHA-256 {}", pack.id, done.file, done.bytes, done.digest);
            print_places(home, &pack, &done)?;
        }
        Command::Show { pack } => {
            let pack = home.load_pack(pack)?;
            let Some(attached) = document::attached_to(&home.documents(), &pack.id)? else {
                return Err(fault(
                    format!("还没有附上文件：yilian pack document attach {} 文件", pack.id),
                    format!("no document is attached: yilian pack document attach {} FILE", pack.id),
                ));
            };
            println!("{}  {}  {} B  SHA-256 {}", pack.id, attached.file, attached.bytes, attached.digest);
            println!("{} {} {}", say(lang, "附上", "attached"), attached.attached_on, attached.attached_by);
            print_places(home, &pack, &attached)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// How many clauses are found in the document, and which are not.
fn print_places(home: &HomeArgs, pack: &policy::Pack, attached: &document::Attached) -> Result<()> {
    let lang = home.lang();
    let anchored: Vec<(&str, &str)> =
        pack.clauses.iter().filter_map(|c| Some((c.id.as_str(), c.document_anchor.as_deref()?))).collect();
    let lost: Vec<&str> = match attached.kind {
        DocumentKind::Pdf => anchored.iter().filter(|(id, _)| attached.page(id).is_none()).map(|(id, _)| *id).collect(),
        DocumentKind::Text => {
            let text = document::text_of(&document::bytes_of(&home.documents(), &pack.id, attached)?);
            let lost = anchored.iter().filter(|(_, anchor)| document::find_place(&text, anchor).is_none());
            lost.map(|(id, _)| *id).collect()
        }
    };
    println!(
        "{} {} / {}",
        say(lang, "找到位置的条款", "clauses with a place"),
        anchored.len() - lost.len(),
        anchored.len()
    );
    if !lost.is_empty() {
        println!("{}: {}", say(lang, "没找到", "not found"), lost.join(" "));
    }
    Ok(())
}

/// Reads `KZ-5=4`.
fn page_argument(text: &str) -> Result<(String, u32), String> {
    let (clause, page) = text.split_once('=').ok_or("not of the form CLAUSE=PAGE")?;
    let page = page.parse().ok().filter(|page| *page > 0).ok_or("the page is no number from 1")?;
    Ok((clause.to_owned(), page))
}
