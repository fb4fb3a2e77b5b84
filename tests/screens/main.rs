//! The screens without a terminal and without an engine: keys go in, reports are given by hand, and what would be seen is compared
//! with the pictures in `snapshots`. Apart because these change whenever a screen does, and are built without the rest.

mod everywhere;
mod explain;
mod import;
mod library;
mod made_up;
mod made_up_talk;
mod mouse;
mod runs;
mod scenes;
mod states;
mod steps;
mod style;
mod train;
mod voices;
mod wild;
mod write;
