//! Identities opened beside their reading: one thread takes sealed ones from the database, another opens them, and
//! whoever reads opens too when the other falls behind.

use std::sync::mpsc::{TrySendError, channel, sync_channel};
use std::thread;

use store::Keys;

use crate::RegistryError;
use crate::people::open_identity;

/// People handed over at a time, and how many times they may wait.
const AT_ONCE: usize = 1 << 10;
const WAITING: usize = 4;

/// An identity as it came.
#[derive(Clone, Copy)]
pub(super) enum Identity<'i> {
    /// From the database.
    Sealed(&'i [u8]),
    /// At hand.
    Open(&'i str),
}

/// Some people's identities.
#[derive(Default)]
struct Batch {
    people: Vec<One>,
    bytes: Vec<u8>,
}

struct One {
    id: i64,
    is_sealed: bool,
    /// Where its bytes end.
    to: usize,
}

impl Batch {
    fn push(&mut self, id: i64, identity: Identity<'_>) {
        let (is_sealed, bytes) = match identity {
            Identity::Sealed(bytes) => (true, bytes),
            Identity::Open(text) => (false, text.as_bytes()),
        };
        self.bytes.extend_from_slice(bytes);
        self.people.push(One { id, is_sealed, to: self.bytes.len() });
    }

    fn open<B: Default>(&self, keys: &Keys, make: &mut impl FnMut(&mut B, i64, &str)) -> Result<B, RegistryError> {
        let (mut made, mut from) = (B::default(), 0);
        for One { id, is_sealed, to } in &self.people {
            let bytes = &self.bytes[from..*to];
            if *is_sealed {
                make(&mut made, *id, &open_identity(keys, *id, bytes)?);
            } else {
                make(&mut made, *id, str::from_utf8(bytes).unwrap_or_default());
            }
            from = *to;
        }
        Ok(made)
    }
}

/// Opens the identities that `read` gives, by id. What `make` makes of some of them, `take` gets in no order.
pub(super) fn opened<B: Default + Send, M: FnMut(&mut B, i64, &str)>(
    keys: &Keys,
    make: impl Fn() -> M + Sync,
    mut take: impl FnMut(B),
    read: impl FnOnce(&mut dyn FnMut(i64, Identity<'_>) -> Result<(), RegistryError>) -> Result<(), RegistryError>,
) -> Result<(), RegistryError> {
    thread::scope(|scope| {
        let (to_open, waiting) = sync_channel::<Batch>(WAITING);
        let (opened, done) = channel::<Result<B, RegistryError>>();
        let (mut some, mut own) = (Batch::default(), None);
        let mut beside = Some((waiting, opened));
        let make = &make;
        read(&mut |id, identity| {
            some.push(id, identity);
            if some.people.len() < AT_ONCE {
                return Ok(());
            }
            if let Some((waiting, opened)) = beside.take() {
                scope.spawn(move || {
                    let mut make = make();
                    while let Ok(some) = waiting.recv() {
                        if opened.send(some.open(keys, &mut make)).is_err() {
                            return;
                        }
                    }
                });
            }
            match to_open.try_send(std::mem::take(&mut some)) {
                Ok(()) => {}
                Err(TrySendError::Full(some) | TrySendError::Disconnected(some)) => {
                    take(some.open(keys, own.get_or_insert_with(make))?);
                }
            }
            done.try_iter().try_for_each(|made| made.map(&mut take))
        })?;
        drop((to_open, beside));
        take(some.open(keys, own.get_or_insert_with(make))?);
        done.into_iter().try_for_each(|made| made.map(&mut take))
    })
}
