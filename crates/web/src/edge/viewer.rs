//! Who sends a request, and how far what they ask for reaches.

use std::sync::Arc;

use accounts::authz::{Scope, Target};
use accounts::signing::Signed;
use kernel::DivisionCode;

/// Who sends a request.
#[derive(Clone, Debug, Default)]
pub enum Viewer {
    /// Someone at this machine, while nobody has an account.
    #[default]
    Machine,
    Signed(Arc<Signed>),
}

/// How far the permission behind a page reaches for its viewer. `None`: everything.
#[derive(Clone, Debug, Default)]
pub struct Within(pub Option<Arc<Scope>>);

impl Viewer {
    #[must_use]
    pub fn signed(&self) -> Option<&Signed> {
        match self {
            Self::Machine => None,
            Self::Signed(signed) => Some(signed),
        }
    }

    /// As records and the audit trail name them.
    #[must_use]
    pub fn actor(&self) -> String {
        self.signed().map_or_else(|| "desk".to_owned(), |signed| signed.user.to_string())
    }
}

impl Within {
    #[must_use]
    pub fn admits(&self, target: &Target) -> bool {
        self.0.as_ref().is_none_or(|scope| scope.admits(target))
    }

    /// Whether the whole division lies within it.
    #[must_use]
    pub fn holds(&self, division: DivisionCode) -> bool {
        self.0.as_ref().is_none_or(|scope| scope.everything || scope.holds_division(division))
    }

    /// The divisions it is cut to; none: no cut.
    #[must_use]
    pub fn divisions(&self) -> Option<Vec<DivisionCode>> {
        let scope = self.0.as_ref().filter(|scope| !scope.everything)?;
        Some(scope.divisions.iter().copied().collect())
    }
}
