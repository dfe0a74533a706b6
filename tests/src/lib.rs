//! Scenarios, faults and contracts, through the HTTP contract.
