//! performance
