//! Where an installation keeps its things, and how to open them.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use accounts::authz::Authz;
use accounts::{Accounts, BreachedList, SystemEntropy};
use anyhow::Result;
use clap::{Args, ValueEnum};
use kernel::{Date, Lang, SystemClock, parse_date};
use store::{Database, DatabaseUrl};

use super::told::{self, While, fault};

/// Options every command understands.
#[derive(Args, Clone, Debug)]
pub struct HomeArgs {
    /// Folder that holds the database, the key, the inbox and the lake.
    #[arg(long, global = true, env = "YILIAN_HOME", default_value = "yilian-home", value_name = "DIR")]
    pub home: PathBuf,
    /// A file or postgres://user@host/name; by default yilian.db in the home folder.
    #[arg(long, global = true, env = "YILIAN_DATABASE", value_name = "URL", hide_env_values = true)]
    pub database: Option<String>,
    /// File with the keys, readable by its owner only; by default `keys` in the home folder.
    #[arg(long, global = true, env = "YILIAN_KEY_FILE", value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// Folder that holds the policy packs.
    #[arg(long, global = true, env = "YILIAN_PACKS", default_value = "packs", value_name = "DIR")]
    pub packs: PathBuf,
    /// Folder that holds roles, purposes and the figures of signing in.
    #[arg(long, global = true, env = "YILIAN_AUTHZ", default_value = "authz", value_name = "DIR")]
    pub authz: PathBuf,
    /// Language of what is printed.
    #[arg(long, global = true, env = "YILIAN_LANG", value_enum, default_value = "zh")]
    pub lang: LangArg,
}

/// The two languages as written on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LangArg {
    Zh,
    En,
}

impl HomeArgs {
    pub fn lang(&self) -> Lang {
        match self.lang {
            LangArg::Zh => Lang::Zh,
            LangArg::En => Lang::En,
        }
    }

    pub fn inbox(&self) -> PathBuf {
        self.home.join("inbox")
    }

    pub fn archive(&self) -> PathBuf {
        self.home.join("archive")
    }

    pub fn lake(&self) -> PathBuf {
        self.home.join("lake")
    }

    pub fn out(&self) -> PathBuf {
        self.home.join("out")
    }

    /// Where the official documents of plans are kept.
    pub fn documents(&self) -> PathBuf {
        self.home.join("documents")
    }

    pub fn key_path(&self) -> PathBuf {
        self.key_file.clone().unwrap_or_else(|| self.home.join("keys"))
    }

    /// Opens the database and brings its tables up to date.
    pub fn open_database(&self) -> Result<Database> {
        std::fs::create_dir_all(&self.home)
            .while_doing(|| could("建不了文件夹", "could not create folder", &self.home))?;
        let url = match &self.database {
            Some(text) => DatabaseUrl::from_str(text)?,
            None => DatabaseUrl::file(self.home.join("yilian.db")),
        };
        let database = Database::open(&url)?;
        database.migrate(web::migrations())?;
        Ok(database)
    }

    /// Keeps other runs that take lists or publish a night off this home until the file is dropped.
    pub fn lock(&self) -> Result<std::fs::File> {
        std::fs::create_dir_all(&self.home)
            .while_doing(|| could("建不了文件夹", "could not create folder", &self.home))?;
        let path = self.home.join("lock");
        let file = std::fs::File::create(&path).while_doing(|| could("打不开", "could not open", &path))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(std::fs::TryLockError::WouldBlock) => Err(fault(
                format!("{} 上已经有一次导入或夜间计算在跑，等它结束再来", self.home.display()),
                format!("{} is in use by another import or cycle; wait until it has ended", self.home.display()),
            )),
            Err(std::fs::TryLockError::Error(cause)) => {
                Err(cause).while_doing(|| could("锁不住", "could not lock", &path))
            }
        }
    }

    /// The keys, from the environment or the key file, tied to the database.
    pub fn open_keys(&self, database: &Database) -> Result<store::Keys> {
        let ring = store::Keys::from_environment_or_file(&self.key_path())
            .while_doing(|| ("封存个人信息的密钥".into(), "the keys that seal personal data".into()))?;
        Ok(ring.attach(&mut database.session()?)?)
    }

    /// Roles and rules of signing in, or every fault of them in one error.
    pub fn load_authz(&self) -> Result<Authz> {
        Authz::load(&self.authz).map_err(|faults| {
            let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
            anyhow::anyhow!("{} has {} faults\n{}", self.authz.display(), lines.len(), lines.join("\n"))
        })
    }

    /// The accounts of this home. A file `known-passwords.txt` there is a list of passwords that became known.
    pub fn open_accounts(&self, database: &Database) -> Result<Accounts> {
        let (keys, authz) = (self.open_keys(database)?, Arc::new(self.load_authz()?));
        let accounts = Accounts::new(keys, authz, Arc::new(SystemClock), Arc::new(SystemEntropy));
        let known = self.home.join("known-passwords.txt");
        Ok(if known.exists() { accounts.with_breached(BreachedList::open(&known)?) } else { accounts })
    }

    /// The pack, or every fault of it in one error.
    pub fn load_pack(&self, id: &str) -> Result<policy::Pack> {
        policy::load(&self.packs, id).map_err(|faults| policy::PackFault::all(id, &faults).into())
    }
}

/// What can't be done with a place, in Chinese and English.
pub fn could(zh: &str, en: &str, place: &Path) -> (String, String) {
    (format!("{zh} {}", place.display()), format!("{en} {}", place.display()))
}

/// Reads a date argument. The language is not known yet: a fault is said in both.
pub fn date_argument(text: &str) -> Result<Date, String> {
    parse_date(text).map_err(|fault| format!("{} / {fault}", told::files::date(&fault)))
}
