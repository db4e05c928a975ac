//! Whether a pack as a whole makes sense, beyond each file being well formed.

mod references;

pub(crate) use references::references;
