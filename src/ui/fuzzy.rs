//! Finding things by a few letters of what they are called. Knows neither commands nor models.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// What is typed, ready to be looked for in many names.
pub struct Finder {
    pattern: Pattern,
    matcher: Matcher,
    characters: Vec<char>,
}

impl Finder {
    pub fn new(typed: &str) -> Self {
        let pattern = Pattern::parse(typed, CaseMatching::Ignore, Normalization::Smart);
        Self { pattern, matcher: Matcher::new(Config::DEFAULT), characters: Vec::new() }
    }

    /// How well a name matches; none where it does not. Everything matches where nothing is typed.
    pub fn score(&mut self, name: &str) -> Option<u32> {
        self.pattern.score(Utf32Str::new(name, &mut self.characters), &mut self.matcher)
    }
}
