//! Questions to the database about many things, so many at a time.

use store::Value;

/// Things in one question.
const AT_ONCE: usize = 32;

/// The parameters of one question after the other; the last thing stands again where there are not enough.
pub(crate) fn at_once<T: Copy + Into<Value>>(all: &[T]) -> impl Iterator<Item = Vec<Value>> {
    all.chunks(AT_ONCE).map(|some| {
        let again = some.last().copied().into_iter().cycle();
        some.iter().copied().chain(again).take(AT_ONCE).map(Into::into).collect()
    })
}
