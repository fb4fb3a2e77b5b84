//! The screens without a terminal and without an engine: keys go in, acts are looked at, reports are given by hand, and what would be
//! seen is compared with the pictures in `snapshots`.

mod dummy;
mod explain;
mod frames;
mod guide;
mod harness;
mod import;
mod jobs;
mod library;
mod library_clicks;
mod library_keys;
mod made_up;
mod made_up_talk;
mod pieces;
mod runs;
mod scenes;
mod settings;
mod shell;
mod style;
mod text_area;
mod theme_files;
mod themes;
mod train;
mod widgets;
mod wild;
mod write;
mod write_blind;
mod write_saved;
mod write_voices;
