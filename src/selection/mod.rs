//! The library of personalized models, and which of them fits the user. Does not know how they are trained.
