//! The use cases that the command line and the screens both call. Knows nothing of terminals.
