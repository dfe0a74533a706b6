//! Crowds: many at once, on one product and on two, while goods arrive, draws are lost and messages come twice.
