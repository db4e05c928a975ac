//! `yilian backup`: the installation put away while it runs; `yilian restore`: brought back into a new home.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;

use ::backup::{Folder, Manifest, What, bring_back, check, put_away};
use anyhow::Result;
use kernel::{Lang, SystemClock};
use store::DatabaseUrl;

use super::home::HomeArgs;
use super::say;
use super::told::fault;

#[derive(clap::Args)]
pub struct Args {
    /// Folder to put the backup into, as a folder of its own.
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// What goes along beside the database.
    #[arg(long, value_enum, value_delimiter = ',', default_value = "documents")]
    with: Vec<Part>,
}

#[derive(clap::Args)]
pub struct RestoreArgs {
    /// The backup's folder.
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// Only see whether it is whole; nothing is written.
    #[arg(long)]
    check: bool,
}

/// A folder of the home.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// Official documents of the plan.
    Documents,
    /// The lists that were taken, sealed.
    Archive,
    /// The population as Parquet; the next night makes it anew.
    Lake,
    /// Nothing but the database.
    None,
}

fn folders(home: &HomeArgs, parts: &[Part]) -> Vec<Folder> {
    let all = [
        (Part::Documents, "documents", home.documents()),
        (Part::Archive, "archive", home.archive()),
        (Part::Lake, "lake", home.lake()),
    ];
    all.into_iter().filter(|(part, ..)| parts.contains(part)).map(|(_, name, path)| Folder { name, path }).collect()
}

pub fn run(home: &HomeArgs, args: &Args) -> Result<ExitCode> {
    let lang = home.lang();
    let database = home.open_database()?;
    let keys = home.open_keys(&database)?;
    let folders = folders(home, &args.with);
    let what = What { database: &database, keys: &keys, folders: &folders, version: env!("CARGO_PKG_VERSION") };
    let (made, manifest) = put_away(&what, &args.to, &SystemClock)?;
    println!("{} {}", say(lang, "已备份到", "backed up to"), made.display());
    print(&manifest, lang);
    println!(
        "{}",
        say(
            lang,
            "密钥不在里面。没有密钥，这份备份打不开；请把密钥文件另外保存在别处：",
            "The keys are NOT in it. Without them this backup can't be opened: keep a copy of the key file elsewhere:"
        )
    );
    println!("  {}", home.key_path().display());
    Ok(ExitCode::SUCCESS)
}

fn print(manifest: &Manifest, lang: Lang) {
    let bytes: u64 = manifest.files.iter().map(|line| line.bytes).sum();
    let rows: i64 = manifest.rows.values().sum();
    println!(
        "  {} {} · {} KiB · {} {}",
        manifest.files.len(),
        say(lang, "个文件", "files"),
        bytes.div_ceil(1024),
        rows,
        say(lang, "行", "rows")
    );
    println!("  {} {}", say(lang, "密钥编号", "keys"), manifest.keys.join(", "));
}

pub fn restore(home: &HomeArgs, args: &RestoreArgs) -> Result<ExitCode> {
    let lang = home.lang();
    if args.check {
        let checked = check(&args.from, None)?;
        println!(
            "{}",
            say(lang, "备份完整，每个文件都和清单一样", "the backup is whole: every file is as its manifest says")
        );
        print(&checked.manifest, lang);
        return Ok(ExitCode::SUCCESS);
    }
    refuse_within(&home.home, &args.from)?;
    let ring = store::Keys::from_environment_or_file(&home.key_path()).map_err(|_| {
        let path = home.key_path().display().to_string();
        fault(
            format!("先把密钥文件放回 {path}（权限 600），再恢复"),
            format!("put the key file back at {path} (mode 600) first, then restore"),
        )
    })?;
    let url = match &home.database {
        Some(text) => DatabaseUrl::from_str(text)?,
        None => DatabaseUrl::file(home.home.join("yilian.db")),
    };
    let folders = folders(home, &[Part::Documents, Part::Archive, Part::Lake]);
    let back = bring_back(&args.from, &url, &folders, ring)?;
    println!("{} {}", say(lang, "已恢复到", "restored into"), home.home.display());
    print(&back.manifest, lang);
    println!(
        "  {} {}",
        back.audited,
        say(lang, "条留痕都核对过，没有被改动", "audit entries checked, none was changed")
    );
    Ok(ExitCode::SUCCESS)
}

/// A home brought back into its own backup would be part of the next one.
fn refuse_within(home: &Path, from: &Path) -> Result<()> {
    let whole = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    if whole(home).starts_with(whole(from)) {
        return Err(fault("不能恢复到备份文件夹里面", "can't restore into the backup's own folder"));
    }
    Ok(())
}
