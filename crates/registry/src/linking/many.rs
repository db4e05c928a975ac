//! Questions to the database about many things, so many at a time.

use store::Value;

/// Things in one question.
const AT_ONCE: usize = 32;
/// The same where there are tens of thousands of them, and an answer costs less than asking.
const MANY: usize = 256;

/// The parameters of one question after the other; the last thing stands again where there are not enough.
pub(crate) fn at_once<T: Copy + Into<Value>>(all: &[T]) -> impl Iterator<Item = Vec<Value>> {
    of(all, AT_ONCE)
}

/// The same for questions about so many.
pub(crate) fn many_at_once<T: Copy + Into<Value>>(all: &[T]) -> impl Iterator<Item = Vec<Value>> {
    of(all, MANY)
}

fn of<T: Copy + Into<Value>>(all: &[T], at_once: usize) -> impl Iterator<Item = Vec<Value>> {
    all.chunks(at_once).map(move |some| {
        let again = some.last().copied().into_iter().cycle();
        some.iter().copied().chain(again).take(at_once).map(Into::into).collect()
    })
}
