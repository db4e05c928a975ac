//! Pieces of work on several threads.

use std::sync::Mutex;
use std::thread;

/// What becomes of each piece, in their order; whichever thread is free takes the next one.
pub(super) fn in_threads<P: Send, T: Send>(threads: usize, pieces: Vec<P>, work: impl Fn(P) -> T + Sync) -> Vec<T> {
    if threads < 2 || pieces.len() < 2 {
        return pieces.into_iter().map(work).collect();
    }
    let count = pieces.len();
    let waiting = Mutex::new(pieces.into_iter().enumerate());
    let next = || waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner).next();
    let one_after_the_other = || {
        let mut done = Vec::new();
        while let Some((at, piece)) = next() {
            done.push((at, work(piece)));
        }
        done
    };
    let mut done: Vec<(usize, T)> = thread::scope(|scope| {
        let beside: Vec<_> = (1..threads.min(count)).map(|_| scope.spawn(one_after_the_other)).collect();
        let mut done = one_after_the_other();
        for thread in beside {
            done.extend(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        done
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, done)| done).collect()
}
