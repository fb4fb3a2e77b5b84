//! Made-up conversations, and what was measured of them.

use crate::made_up::profile;
use xpert::app::write::{Score, Standing, Voice};
use xpert::store::{Answer, Conversation, ConversationSummary, Exchange, Found, Prompt, Tally, Written};
use xpert::style::AxisScore;

/// A kept conversation of two prompts; the second was answered by the base alone.
pub fn conversation() -> Conversation {
    let answer = |id, voice: &str, text: &str| Answer {
        id,
        created: 1_732_600_000,
        written: Written { text: text.into(), voice: voice.into(), temperature: 1.0, max_tokens: 512, tokens: 9 },
    };
    let prompt = |id, text: &str| Prompt { id, text: text.into(), created: 1_732_600_000 };
    Conversation {
        summary: found().remove(0).summary,
        exchanges: vec![
            Exchange {
                prompt: prompt(1, "Say hello to Ann."),
                answer: Some(answer(2, "warm", "Ann, dear! How good of you to write.")),
                alternatives: vec![answer(1, "base", "Hello Ann. How can I help you?")],
            },
            Exchange {
                prompt: prompt(2, "And to Bob."),
                answer: Some(answer(3, "base", "Hello Bob.")),
                alternatives: Vec::new(),
            },
        ],
    }
}

/// Conversations in a list, one with what was found in it.
pub fn found() -> Vec<Found> {
    let summary = |id, title: &str, prompts| ConversationSummary {
        id,
        title: title.into(),
        created: 1_732_600_000,
        changed: 1_732_600_000 + id * 86_400,
        prompts,
        answers: prompts,
        alternatives: 0,
    };
    vec![
        Found { summary: summary(3, "Say hello to Ann.", 2), matches: 0, excerpt: None },
        Found {
            summary: summary(2, "The lift on Friday", 14),
            matches: 2,
            excerpt: Some(
                "... be at the \u{1b}[31mlift\u{1b}[0m by noon, and bring the \u{65e5}\u{672c} tea ...".into(),
            ),
        },
    ]
}

pub fn tally(base: usize, warm: usize) -> Tally {
    Tally { voices: ["base".into(), "warm".into()], blind: true, preferred: [base, warm], last: 1_732_600_000 }
}

/// What two voices wrote, measured.
pub fn scores() -> Vec<(Voice, Score)> {
    let axes = |shift: f64| {
        let standing = |axis: AxisScore| Standing {
            percentile: axis.base_percentile + (axis.user_percentile - axis.base_percentile) * shift,
            base_percentile: axis.base_percentile,
            user: Some(axis.user_percentile),
            axis: axis.axis,
        };
        profile().axes.into_iter().map(standing).collect()
    };
    vec![
        (Voice::Base, Score { words: 310, missing_words: 0, axes: axes(-0.1) }),
        (Voice::Library("warm".into()), Score { words: 420, missing_words: 0, axes: axes(0.7) }),
    ]
}
