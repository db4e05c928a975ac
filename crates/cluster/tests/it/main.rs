//! Two counties' lakes, a scheduler and workers, all as processes: whoever computes, the answers are the counties' own.

mod counties;
mod failing;
mod machines;
mod measuring;
mod on_s3;
mod same;
