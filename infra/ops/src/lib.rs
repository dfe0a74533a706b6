//! What the person who runs the shop on AWS does from a terminal: makes tokens, sets the policy, brings a restored table back, tries a
//! deployed stack. Nothing here runs in a function.

pub mod policy;
pub mod restore;
pub mod smoke;
pub mod token;
