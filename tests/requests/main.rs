//! Bad requests: each gets its status, its code and its field, and changes nothing (R26, R27).
