//! The command line: arguments in, text or JSON out. Holds no logic of its own.
