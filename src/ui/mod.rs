//! The screens. Pure update, drawing apart, jobs on their own threads.
