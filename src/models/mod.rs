//! Which base models exist and how a verified copy gets onto this machine. Does not know how a model is run.
