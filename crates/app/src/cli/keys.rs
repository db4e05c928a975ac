//! `yilian keys`: make the key file, move the sealed data to a fresh key.

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;
use store::keys;

use super::home::HomeArgs;
use super::say;

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a key file, readable by its owner only. An existing one is never replaced.
    Create,
    /// Add a fresh key, seal everything anew, forget the old keys. Stop the service first; may be run again after a
    /// break.
    Rotate,
}

pub fn run(home: &HomeArgs, args: &Args) -> Result<ExitCode> {
    let (path, lang) = (home.key_path(), home.lang());
    match args.command {
        Command::Create => {
            std::fs::create_dir_all(&home.home)?;
            keys::create_key_file(&path)?;
            println!(
                "{} {}",
                say(lang, "已生成密钥文件，请另外保存一份：", "made key file, keep a copy:"),
                path.display()
            );
        }
        Command::Rotate => {
            let database = home.open_database()?;
            let ring = keys::add_key_to_file(&path)?;
            let mut session = database.session()?;
            let ring = ring.attach(&mut session)?;
            let resealers = [
                registry::RESEALERS,
                accounts::RESEALERS,
                benefits::RESEALERS,
                care::RESEALERS,
                community::RESEALERS,
                exchange::RESEALERS,
            ]
            .concat();
            let done = keys::rotate(&mut session, &ring, &resealers, &mut |table, rows| {
                eprint!("\r{table} {rows}   ");
            })?;
            eprintln!();
            let files = registry::archive::seal_anew(&home.archive(), &ring)?;
            keys::keep_newest_in_file(&path)?;
            let words = say(
                lang,
                "已换密钥。重新封存 / 重建索引 / 存档文件",
                "Key changed. Sealed anew / indexes rebuilt / archived files",
            );
            println!("{words}: {} / {} / {files}", done.resealed, done.indexed);
        }
    }
    Ok(ExitCode::SUCCESS)
}
