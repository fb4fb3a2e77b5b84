//! Generating text with an adapter. Does not know how it was made.
