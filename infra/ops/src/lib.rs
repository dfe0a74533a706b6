//! The operator's tools for a shop on AWS: make tokens, set the policy, copy a restored table back, smoke-test a deployed
//! stack. They run in a terminal, not in a function, and need no local stack. An error is a text that says what to do.

pub mod policy;
pub mod restore;
pub mod smoke;
pub mod token;
