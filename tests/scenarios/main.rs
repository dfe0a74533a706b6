//! One scenario for each promise of the shops, through the HTTP contract.


mod line;
