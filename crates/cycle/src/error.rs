//! Why a night could not be run.

use std::path::PathBuf;

use kernel::Date;

/// A night that did not happen; the state is the one before.
#[derive(Debug, thiserror::Error)]
pub enum CycleFault {
    #[error("the pack has {count} faults; run `yilian pack check {pack}`\n{first}")]
    Pack { pack: String, count: usize, first: String },
    #[error("the description of lists or divisions in packs/national has faults:\n{faults}")]
    Catalogue { faults: String },
    #[error(
        "a later night ({latest}) is already published; a night before it can't be run, ask for it with explain --as-of"
    )]
    Earlier { latest: Date },
    #[error("nothing to work on: no population list has been taken in yet; put the lists into {inbox}")]
    Nobody { inbox: PathBuf },
    #[error("no night has been published yet; run `yilian cycle` first")]
    NotPublished,
    #[error("the database and the engine answer {rule} differently for {rows} people: nothing was published")]
    Engines { rule: String, rows: u64 },
    #[error("{what} can't be read back from the database")]
    Damaged { what: &'static str },
    #[error("could not {action} {path}: {cause}")]
    File { action: &'static str, path: PathBuf, cause: std::io::Error },
    #[error("{0}")]
    Store(#[from] store::StoreError),
    #[error("{0}")]
    Migrate(#[from] store::MigrateError),
    #[error("{0}")]
    Registry(#[from] registry::RegistryError),
    #[error("{0}")]
    Audit(#[from] store::audit::AuditError),
    #[error("{0}")]
    Worklist(#[from] worklist::WorklistError),
    #[error("{0}")]
    Performance(#[from] performance::PerformanceError),
    #[error(transparent)]
    Lake(#[from] lake::LakeFault),
}

impl CycleFault {
    /// Whether the database went away and the night may start over; `again`: it is known to have, and may not be back.
    pub(crate) fn is_lost(&self, again: bool) -> bool {
        use store::StoreError as S;
        let store = match self {
            Self::Store(cause)
            | Self::Registry(registry::RegistryError::Store(cause))
            | Self::Registry(registry::RegistryError::Audit(store::audit::AuditError::Store(cause)))
            | Self::Audit(store::audit::AuditError::Store(cause))
            | Self::Worklist(worklist::WorklistError::Store(cause))
            | Self::Performance(performance::PerformanceError::Store(cause)) => cause,
            _ => return false,
        };
        matches!(store, S::Lost { .. }) || again && matches!(store, S::Open { .. })
    }

    /// A file fault with its place.
    pub fn file(action: &'static str, path: impl Into<PathBuf>, cause: std::io::Error) -> Self {
        Self::File { action, path: path.into(), cause }
    }

    /// The first faults of a pack, the rest counted.
    pub fn pack(pack: &str, faults: &[policy::PackFault]) -> Self {
        let first: Vec<String> = faults.iter().take(5).map(ToString::to_string).collect();
        Self::Pack { pack: pack.to_owned(), count: faults.len(), first: first.join("\n") }
    }
}
