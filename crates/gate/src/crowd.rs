//! How many connections stand open, in all and from one source.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// Counts connections; clones share the count.
#[derive(Clone, Default)]
pub(crate) struct Crowd(Arc<Mutex<Counts>>);

#[derive(Default)]
struct Counts {
    all: usize,
    of: HashMap<IpAddr, usize>,
}

/// One connection of the count; gone with it.
pub(crate) struct Place {
    crowd: Crowd,
    of: IpAddr,
}

impl Crowd {
    /// A place for one more from there, unless there is none. Whom `many` names may take all.
    pub fn enter(&self, from: IpAddr, (most, of_one): (usize, usize), many: bool) -> Option<Place> {
        let of = block(from);
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let held = counts.of.get(&of).copied().unwrap_or(0);
        if counts.all >= most || (held >= of_one && !many) {
            return None;
        }
        counts.all += 1;
        *counts.of.entry(of).or_default() += 1;
        Some(Place { crowd: self.clone(), of })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.crowd.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.all -= 1;
        if let Some(held) = counts.of.get_mut(&self.of) {
            *held -= 1;
            if *held == 0 {
                counts.of.remove(&self.of);
            }
        }
    }
}

/// A household has a whole /64 of IPv6 addresses: they are one source.
fn block(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) & (u128::MAX << 64)).into()),
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_source_does_not_take_every_place() {
        let crowd = Crowd::default();
        let enter = |from: &str, many| crowd.enter(from.parse().unwrap(), (4, 2), many);
        let first = enter("1.1.1.1", false);
        let _second = enter("1.1.1.1", false);
        assert!(first.is_some() && enter("1.1.1.1", false).is_none());
        drop(first);
        let _third = enter("1.1.1.1", false);
        let _home = (enter("2001:db8::1", false), enter("2001:db8::2", false));
        assert!(enter("2.2.2.2", true).is_none(), "four in all");
        assert!(enter("2001:db8::3", false).is_none());
    }
}
