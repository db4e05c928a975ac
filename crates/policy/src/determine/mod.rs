//! Answers for people given as JSON lines, without database or key.

mod input;
