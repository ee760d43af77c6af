//! One turn of the ring.
