//! Pulling the plug: for every single call that each function makes, it fails, loses its answer, or is the last one of its
//! process; afterwards everything is as after a clean run (R25, I5 to I8).
