//! Seeded randomness: the calls that fail and the choices of each actor.

use std::sync::Mutex;

use tests::{Call, Fault, World};

/// The seed of a test: its own, or `CONCURRENCY_SEED` at build time.
pub fn seed(test: &str, own: u64) -> u64 {
    let seed = option_env!("CONCURRENCY_SEED").and_then(|seed| seed.parse().ok()).unwrap_or(own);
    println!("{test}: seed {seed}");
    seed
}

/// The random generator of one actor. No two actors share a generator.
pub fn of_actor(seed: u64, actor: usize) -> fastrand::Rng {
    fastrand::Rng::with_seed(seed.wrapping_mul(1_000_003).wrapping_add(actor as u64))
}

/// From now on a share of calls fails. `meant` names the faults that may hit a call.
pub fn strike_some(
    world: &World,
    seed: u64,
    share: f64,
    meant: impl Fn(&Call) -> &'static [Fault] + Send + Sync + 'static,
) {
    let chance = Mutex::new(fastrand::Rng::with_seed(seed));
    world.tap().fault_where(move |call| {
        let faults = meant(call);
        let mut chance = chance.lock().unwrap();
        if chance.f64() < share { chance.choice(faults).copied() } else { None }
    });
}

/// Draws whose outcome the caller never learns.
pub fn lost_draws(call: &Call) -> &'static [Fault] {
    match (call.function.as_str(), call.operation.as_str()) {
        ("place-order", "UpdateItem") => &[Fault::Lost, Fault::RequestLost, Fault::Died],
        _ => &[],
    }
}
