//! The government's identity provider, asked for its configuration when the first reader needs it.

use std::sync::{Arc, Mutex, PoisonError};

use oidc::{OidcError, Provider, Settings};

/// A provider that is agreed with; whether it answers is seen when somebody signs in.
pub struct Agreed {
    settings: Settings,
    found: Mutex<Option<Arc<Provider>>>,
}

impl Agreed {
    pub fn new(settings: Settings) -> Self {
        Self { settings, found: Mutex::new(None) }
    }

    /// Waits for the provider the first time; to be called beside the server's threads.
    ///
    /// # Errors
    /// Those of the provider.
    pub fn provider(&self) -> Result<Arc<Provider>, OidcError> {
        if let Some(known) = &*self.found.lock().unwrap_or_else(PoisonError::into_inner) {
            return Ok(Arc::clone(known));
        }
        // Without the lock: a slow provider must not hold those who come after.
        let found = Arc::new(Provider::discover(self.settings.clone())?);
        *self.found.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&found));
        Ok(found)
    }

    /// What is known without asking.
    pub fn known(&self) -> Option<Arc<Provider>> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
