//! A selection as it is shown: the ranking with the recommended blend, the choice, why, and what would change it.

use serde::Serialize;

use super::profile::{AxisView, WordView, axes, size, words};
use super::words::{count, megabytes, probability, sentence, signed, thousands};
use crate::app::select::Selected;
use crate::app::verify::Verification;
use crate::selection::{AxisPair, Candidate, ChoiceKind, RunnerUp, Tie, blend_notation};
use crate::style::comparative;

/// A selection.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SelectionView {
    /// How much it rests on.
    pub size: String,
    pub kind: ChoiceKind,
    /// Whether the texts do not allow a choice.
    pub refused: bool,
    /// The choice in a few words.
    pub verdict: &'static str,
    /// The choice in a sentence or two.
    pub choice: String,
    /// What a refusal means for a training.
    pub refusal: Option<&'static str>,
    /// Why the first of the ranking is first, in one sentence, and in a paragraph with all numbers.
    pub short: Option<String>,
    pub explanation: Option<String>,
    pub cautions: Vec<String>,
    /// The blend first where one is proposed, then the ranking.
    pub candidates: Vec<CandidateView>,
    /// What would change the choice.
    pub change: String,
    /// What would put the second of the ranking first.
    pub turn: Option<Turn>,
    /// The user's axes, with what shows them.
    pub axes: Vec<AxisView>,
    pub words: Vec<WordView>,
    /// What it was worked out from, and how fast.
    pub basis: String,
    /// What the numbers on the axes are, and which style space they are of.
    pub scale: String,
}

/// A model of the library, or a blend of several, beside the user.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct CandidateView {
    /// As a training reads it.
    pub id: String,
    pub name: String,
    pub blend: bool,
    /// Whether selection proposes to start from it.
    pub proposed: bool,
    pub score: f64,
    pub score_text: String,
    /// That it is the closest of the library; none for a blend.
    pub probability: Option<f64>,
    pub probability_text: String,
    pub reason: String,
    /// What counts most for the score or against it comes first; empty for a blend whose axes were not worked out.
    pub pairs: Vec<PairView>,
    /// What likeness that no axis names adds.
    pub rest: f64,
    pub rest_text: String,
    /// What there is to load.
    pub bytes: u64,
    pub size: String,
}

/// User and model on one axis, as coefficients of their differences from the base model.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PairView {
    pub name: String,
    pub low: String,
    pub high: String,
    pub user: f64,
    pub interval: [f64; 2],
    pub model: f64,
    /// What the axis adds to the score.
    pub contribution: f64,
    pub user_text: String,
    pub interval_text: String,
    pub model_text: String,
    pub adds: String,
    /// How far to trust the axis: an area under the curve, 0.5 being chance.
    pub auc: Option<f64>,
}

/// The smallest step of the user's that would put the second of the ranking first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Turn {
    pub sentence: String,
    /// The axis, with the turning point in the place of the model.
    pub pair: PairView,
}

/// What is said where nothing makes the texts doubtful.
pub const NO_CAUTIONS: &str =
    "None: the texts were checked for other languages, quoted text, garbled words, repeats and other authors.";

const REFUSAL: &str = "Better no model than a wrong one. Training would start from scratch.";

/// The largest distance from the base that has to be drawn, at least 1.
pub fn scale<'p>(pairs: impl IntoIterator<Item = &'p PairView>) -> f64 {
    let values = pairs.into_iter().flat_map(|pair| [pair.user, pair.model, pair.interval[0], pair.interval[1]]);
    values.fold(1.0, |most: f64, value| most.max(value.abs()))
}

/// A selection as it is shown.
pub fn selection(selected: &Selected) -> SelectionView {
    let choice = &selected.choice;
    let refused = matches!(choice.kind, ChoiceKind::TooLittleText | ChoiceKind::Unmeasurable);
    let proposed = |id: &str| choice.blend.is_none() && choice.id.as_deref() == Some(id);
    let ranked = selected.candidates.iter().map(|candidate| model(selected, candidate, proposed(&candidate.id)));
    let runner_up = selected.explanation.as_ref().and_then(|explanation| explanation.runner_up.as_ref());
    SelectionView {
        size: size(selected.texts, selected.words),
        kind: choice.kind,
        refused,
        verdict: verdict(choice.kind),
        choice: sentence(&choice.reason),
        refusal: refused.then_some(REFUSAL),
        short: runner_up.and_then(|runner| short(selected, runner)),
        explanation: selected.explanation.as_ref().map(|explanation| explanation.paragraph.clone()),
        cautions: selected.cautions.iter().map(|caution| caution.message.clone()).collect(),
        candidates: blend(selected).into_iter().chain(ranked).collect(),
        change: change(selected, runner_up),
        turn: runner_up.and_then(|runner| turn(selected, runner)),
        axes: axes(&selected.axes),
        words: words(&selected.contrast_words),
        basis: format!("Compared with the library in {:.0} ms, from its cards alone.", selected.elapsed_ms),
        scale: format!(
            "Numbers on axes are coefficients of the difference from the base model; 1.0 is how much one writer varies between paragraphs. \
             Style space {}.",
            selected.space
        ),
    }
}

impl SelectionView {
    /// What is recommended to start from; none where that is from scratch.
    pub fn proposed(&self) -> Option<&CandidateView> {
        self.candidates.iter().find(|candidate| candidate.proposed)
    }

    /// The choice in one sentence.
    pub fn sentence(&self) -> &str {
        let short = self.short.as_ref().filter(|_| self.kind == ChoiceKind::Library);
        short.unwrap_or(&self.choice)
    }
}

impl CandidateView {
    /// The axis of this name, where it is known of this model.
    pub fn pair(&self, name: &str) -> Option<&PairView> {
        self.pairs.iter().find(|pair| pair.name == name)
    }
}

fn verdict(kind: ChoiceKind) -> &'static str {
    match kind {
        ChoiceKind::Library => "A clear match",
        ChoiceKind::Tie => "Two models too close to call",
        ChoiceKind::Blend => "A blend of several models",
        ChoiceKind::Scratch => "No model is close enough",
        ChoiceKind::TooLittleText => "Too little text",
        ChoiceKind::Unmeasurable => "Not measurable",
    }
}

fn model(selected: &Selected, candidate: &Candidate, proposed: bool) -> CandidateView {
    let Candidate { id, name, score, rest, adapter_bytes, .. } = candidate;
    CandidateView {
        id: id.clone(),
        name: name.clone(),
        blend: false,
        proposed,
        score: *score,
        score_text: format!("{score:.2}"),
        probability: Some(candidate.probability),
        probability_text: probability(candidate.probability),
        reason: candidate.reason.clone(),
        pairs: pairs(selected, &candidate.axes),
        rest: *rest,
        rest_text: signed(*rest, 2),
        bytes: *adapter_bytes,
        size: megabytes(*adapter_bytes),
    }
}

/// The blend that is proposed, if one is, shown as a model of its own.
fn blend(selected: &Selected) -> Option<CandidateView> {
    let blend = selected.choice.blend.as_ref()?;
    let id = blend_notation(&blend.parts);
    let models = selected.candidates.iter();
    let parts = models.filter(|candidate| blend.parts.iter().any(|part| part.id == candidate.id));
    let (axes, rest) = selected.blended.as_ref().map_or((Vec::new(), 0.0), |fit| (fit.axes.clone(), fit.rest));
    let candidate = Candidate {
        name: format!("The blend {id}"),
        id,
        score: blend.similarity,
        probability: 0.0,
        reason: format!(
            "Its score is an estimate from the cards of its parts; {} alone scores {:.2}.",
            selected.name(&blend.best_single),
            blend.single_similarity
        ),
        axes,
        rest,
        adapter_bytes: parts.map(|part| part.adapter_bytes).sum(),
    };
    let (probability, probability_text) = (None, "-".to_owned());
    Some(CandidateView { blend: true, probability, probability_text, ..model(selected, &candidate, true) })
}

/// What counts most comes first.
fn pairs(selected: &Selected, axes: &[AxisPair]) -> Vec<PairView> {
    let mut pairs: Vec<PairView> = axes.iter().map(|axis| pair(selected, axis)).collect();
    pairs.sort_by(|a, b| b.contribution.abs().total_cmp(&a.contribution.abs()));
    pairs
}

/// One axis of a model, or of a blend of the user's own making.
pub fn pair(selected: &Selected, axis: &AxisPair) -> PairView {
    let [low, high] = axis.user_interval.map(|end| signed(end, 1));
    PairView {
        name: axis.name.clone(),
        low: axis.low.clone(),
        high: axis.high.clone(),
        user: axis.user,
        interval: axis.user_interval,
        model: axis.model,
        contribution: axis.contribution,
        user_text: signed(axis.user, 1),
        interval_text: format!("{low} to {high}"),
        model_text: signed(axis.model, 1),
        adds: signed(axis.contribution, 2),
        auc: selected.evidence(&axis.name).and_then(|score| score.axis.evidence.as_ref()).map(|evidence| evidence.auc),
    }
}

/// By how much one score is above another, of both as they are shown.
fn margin(one: f64, other: f64) -> f64 {
    let shown = |score: f64| (score * 100.0).round() / 100.0;
    shown(one) - shown(other)
}

/// The first against the second, in one sentence.
fn short(selected: &Selected, runner: &RunnerUp) -> Option<String> {
    let [first, second, ..] = &selected.candidates[..] else { return None };
    Some(format!(
        "{} is {:.2} ahead of {}, mostly on {}.",
        first.name,
        margin(first.score, second.score),
        second.name,
        runner.axis
    ))
}

fn change(selected: &Selected, runner_up: Option<&RunnerUp>) -> String {
    let choice = &selected.choice;
    match choice.kind {
        ChoiceKind::TooLittleText => format!(
            "More of your writing: with about {}, it can be compared with the library.",
            count(choice.missing_words, "more word")
        ),
        ChoiceKind::Unmeasurable => {
            "Other texts: English prose that you wrote yourself. The cautions say what is wrong with these.".to_owned()
        }
        ChoiceKind::Scratch => {
            "A library with a model closer to you. None of the models in this one is close, so their order does not matter.".to_owned()
        }
        ChoiceKind::Library | ChoiceKind::Tie | ChoiceKind::Blend => {
            let tie = choice.tie.as_ref().map(|tie| more_text(selected, tie));
            let alone = if choice.kind == ChoiceKind::Blend { "Among single models: " } else { "" };
            let ahead = runner_up.and_then(|runner| short(selected, runner)).map(|short| format!("{alone}{short}"));
            let sentences: Vec<String> = tie.into_iter().chain(ahead).collect();
            if sentences.is_empty() { "There is no other model to choose.".to_owned() } else { sentences.join(" ") }
        }
    }
}

fn more_text(selected: &Selected, tie: &Tie) -> String {
    let (one, other) = (selected.name(&tie.one), selected.name(&tie.other));
    match tie.more_words {
        Some(words) => {
            format!(
                "About {} more of your words would decide between {one} and {other} (an estimate).",
                thousands(words)
            )
        }
        None => format!("{one} and {other} are too similar for more text to decide between them: try both."),
    }
}

fn turn(selected: &Selected, runner: &RunnerUp) -> Option<Turn> {
    let change = runner.change.as_ref()?;
    let first = selected.candidates.first()?;
    let axis = first.axes.iter().find(|axis| axis.name == change.axis)?;
    Some(Turn {
        sentence: format!(
            "If your texts were {} ({} instead of {} on {}), all else being equal, {} would come first.",
            comparative(&change.pole),
            signed(change.needed, 1),
            signed(change.user, 1),
            change.axis,
            selected.name(&runner.id)
        ),
        pair: pair(selected, &AxisPair { model: change.needed, ..axis.clone() }),
    })
}

/// A selection checked by the loss of the user's texts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VerificationView {
    pub about: String,
    /// (model, held-out loss), the base model first.
    pub rows: Vec<(String, String)>,
    pub verdict: String,
}

/// A verification as it is shown.
pub fn verification(verification: &Verification) -> VerificationView {
    let Verification { texts, tokens, base_loss, models, lowest, agrees, pairs, pairs_agreeing } = verification;
    let agrees = if *agrees { "The loss agrees with the choice" } else { "The loss does not agree with the choice" };
    let loss = |loss: f64| format!("{loss:.3}");
    VerificationView {
        about: format!(
            "Held-out loss in nats per token, on {} you wrote ({}).",
            count(*texts, "text"),
            count(*tokens, "token")
        ),
        rows: std::iter::once(("base".to_owned(), loss(*base_loss)))
            .chain(models.iter().map(|model| (model.id.clone(), loss(model.held_out_loss))))
            .collect(),
        verdict: format!("{agrees}: {lowest} has the lowest; pairs in the same order: {pairs_agreeing} of {pairs}."),
    }
}
