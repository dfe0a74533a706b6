//! Invokes functions from the table's stream, the queues and the schedules. Each stream, each queue and the schedules have a
//! loop, which sleeps until a wakeup or a timeout.
//!
//! Invariant: the process may end at any instant and nothing is lost. A message stays in its queue until it is done. The stream's
//! position moves only after a batch has succeeded or was given up.

mod control;
mod events;
mod queues;
mod schedules;
mod settle;
mod stream;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::backend::Backend;
use crate::invoke::Functions;
pub use control::{Delivery, Disturbance, Source};
pub(crate) use schedules::CLOCK_OFFSET;
pub(crate) use stream::position_of;

impl Delivery {
    /// Starts the loops. Without `schedules`, schedules fire only when the clock is moved.
    pub(crate) fn start(backend: Arc<Backend>, functions: Arc<Functions>, schedules: bool) -> Self {
        let delivery = Self::new(backend, functions);
        let mut loops = Vec::new();
        for function in &delivery.inner.backend.template.functions {
            for mapping in &function.streams {
                loops.push(tokio::spawn(stream::run(delivery.clone(), function.name.clone(), mapping.clone())));
            }
            for mapping in &function.queues {
                loops.push(tokio::spawn(queues::run(delivery.clone(), function.name.clone(), mapping.clone())));
            }
        }
        if schedules {
            loops.push(tokio::spawn(schedules::run(delivery.clone())));
        }
        delivery.keep(loops);
        delivery
    }
}
