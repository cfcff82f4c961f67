//! Work that leaves the processor to whoever answers questions.

use std::panic::resume_unwind;
use std::thread;

use crate::invariant;

/// Does some work on a thread of its own, which gives way to all others, as those do that it starts. What
/// others wait for is none: they would wait for a thread that lets everybody go first.
pub(super) fn run<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| {
        let worker = scope.spawn(|| {
            give_way();
            invariant::observe(work)
        });
        invariant::joined(worker.join().unwrap_or_else(|panic| resume_unwind(panic)))
    })
}

/// Lets every other thread go first from now on, when there are more than processors. There is no way
/// back without privileges.
#[cfg(target_os = "linux")]
fn give_way() {
    /// Steps of niceness: a thread gets a tenth of what one that has none gets beside it.
    const STEPS: i32 = 10;
    // Linux counts niceness by thread (setpriority(2), "C library/kernel differences").
    if let Err(error) = rustix::process::nice(STEPS) {
        tracing::debug!("this thread does not give way to others: {error}");
    }
}

/// Where niceness is that of the whole process, nothing.
#[cfg(not(target_os = "linux"))]
fn give_way() {}
