//! Errors as the person at the terminal reads them, in their language.
//!
//! Rooms say what went wrong in English, the language of logs; [`zh`] holds the same in Chinese, kind by kind, so that
//! a kind without words does not compile. Errors of the command line carry both.

pub(super) mod files;
mod rooms;
mod store;

use std::error::Error;
use std::io;

use kernel::{Lang, Told};

/// A fault with its words in both languages.
pub fn fault(zh: impl Into<String>, en: impl Into<String>) -> anyhow::Error {
    anyhow::Error::new(Told::new(zh, en))
}

/// Says in both languages what was being done when something failed.
pub trait While<T> {
    fn while_doing(self, words: impl FnOnce() -> (String, String)) -> anyhow::Result<T>;
}

impl<T, E: Error + Send + Sync + 'static> While<T> for Result<T, E> {
    fn while_doing(self, words: impl FnOnce() -> (String, String)) -> anyhow::Result<T> {
        self.map_err(|cause| {
            let (zh, en) = words();
            anyhow::Error::new(Told::new(zh, en).because(cause))
        })
    }
}

/// An error with everything that led to it, in one line.
pub fn told(error: &anyhow::Error, lang: Lang) -> String {
    let mut causes: Vec<String> = match lang {
        Lang::En => error.chain().map(ToString::to_string).collect(),
        Lang::Zh => error.chain().map(zh).collect(),
    };
    // A room that only hands a fault on says what the fault says.
    causes.dedup();
    causes.join(if lang == Lang::Zh { "：" } else { ": " })
}

/// One error of the chain; in English where no room of ours made it.
fn zh(cause: &(dyn Error + 'static)) -> String {
    macro_rules! of {
        ($($kind:ty => $words:path),* $(,)?) => {
            $(if let Some(fault) = cause.downcast_ref::<$kind>() { return $words(fault); })*
        };
    }
    of! {
        Told => own,
        cycle::CycleFault => rooms::cycle,
        registry::RegistryError => rooms::registry,
        registry::reading::ReadFault => rooms::read,
        registry::linking::DecisionFault => rooms::decision,
        performance::PerformanceError => rooms::performance,
        performance::document::DocumentFault => rooms::document,
        worklist::WorklistError => rooms::worklist,
        returns::ReturnError => rooms::returns,
        accounts::AccountsError => rooms::accounts,
        ::store::StoreError => store::store,
        ::store::MigrateError => store::migrate,
        ::store::UrlFault => store::url,
        ::store::KeyError => store::key,
        ::store::SealError => store::seal,
        ::store::audit::AuditError => store::audit,
        kernel::DateFault => files::date,
        kernel::DivisionFault => files::division,
        kernel::IdNumberFault => files::id_number,
        lake::LakeFault => files::lake,
        objects::ObjectFault => files::objects,
        synth::SynthFault => files::synth,
        linkage::command::LinkFault => files::link,
        linkage::files::FileFault => files::link_file,
        ::backup::Fault => rooms::backup,
        gate::Fault => files::listen,
        gate::TlsFault => files::certificate,
        io::Error => files::io,
    }
    cause.to_string()
}

fn own(told: &Told) -> String {
    told.words().zh.clone()
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    fn said(error: anyhow::Error) -> String {
        told(&error, Lang::Zh)
    }

    #[test]
    fn an_error_is_told_with_what_was_being_done_in_chinese() {
        let cause = io::Error::from(io::ErrorKind::PermissionDenied);
        let error = Err::<(), _>(cause).while_doing(|| ("建不了文件夹 x".into(), "could not create folder x".into()));
        let error = error.unwrap_err();
        assert_eq!(told(&error, Lang::En), "could not create folder x: permission denied");
        assert_eq!(said(error), "建不了文件夹 x：没有权限");
        let deep = cycle::CycleFault::from(registry::RegistryError::from(::store::StoreError::Nested));
        let deep = anyhow::Error::from(deep);
        assert_eq!(told(&deep, Lang::En), "a transaction is already open");
        assert_eq!(said(deep), "程序有误：事务里又开了事务");
        let outside = anyhow::anyhow!("strange").context("outer");
        assert_eq!(said(outside), "outer：strange");
        let one: anyhow::Result<()> = Err(::store::KeyError::Empty).context("keys");
        assert_eq!(said(one.unwrap_err()), "keys：没有密钥");
    }
}
