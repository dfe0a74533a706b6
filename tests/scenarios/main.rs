//! x

mod line;
mod probe;
