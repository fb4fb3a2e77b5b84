//! Sources or periods side by side, as they are shown: what each holds, where it stands, and what differs by more than chance.

use serde::Serialize;

use super::profile::{AxisView, axes};
use super::words::count;
use crate::app::profile::{By, Compared, Difference, Part, Parts, RULE, differing_first};

/// All parts and their differences.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PartsView {
    pub by: By,
    pub parts: Vec<PartView>,
    /// Why there is nothing to compare; empty where there is.
    pub lacks: Vec<String>,
    /// The texts that belong to no period.
    pub undated: Option<String>,
    /// Every two sources, or the first period and the last.
    pub pairs: Vec<PairOfParts>,
    /// What stands where no difference is more than chance.
    pub nothing: &'static str,
    /// What a mark means.
    pub rule: String,
}

/// One part.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PartView {
    pub label: String,
    /// How much it holds, and from when.
    pub size: String,
    /// What it lacks to be measured, in a sentence.
    pub lack: Option<String>,
    /// Empty where it is not measured.
    pub axes: Vec<AxisView>,
}

/// Two parts compared.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PairOfParts {
    /// Their places among the parts.
    pub first: usize,
    pub second: usize,
    /// How many axes differ.
    pub summary: String,
    /// In the axes' order.
    pub axes: Vec<DifferenceView>,
    /// The places of the axes, what differs most first.
    pub order: Vec<usize>,
}

/// How two parts differ on an axis.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DifferenceView {
    /// The size of the difference of the coefficients.
    pub size: f64,
    pub differs: bool,
    pub sentence: String,
}

/// Parts as they are shown.
pub fn parts(parts: &Parts) -> PartsView {
    let few = parts.differences.iter().all(|compared| compared.axes.iter().all(Difference::is_unknown));
    PartsView {
        by: parts.by,
        parts: parts.parts.iter().map(|one| part(one, parts.by)).collect(),
        lacks: parts.lacks(),
        undated: (parts.undated > 0).then(|| format!("Omitted, because undated: {}.", count(parts.undated, "text"))),
        pairs: parts.differences.iter().map(|compared| pair(parts, compared)).collect(),
        nothing: match (few, parts.by) {
            (true, _) => "The parts have too few texts to tell a difference from chance.",
            (false, By::Source) => "No two of these differ by more than chance.",
            (false, By::Time) => "From the first period to the last, nothing changed by more than chance.",
        },
        rule: format!("Marks show what differs by more than chance: {RULE}."),
    }
}

impl PartsView {
    /// The sentences on what differs more than by chance, the largest difference first.
    pub fn differing(&self) -> Vec<&str> {
        let axes = self.pairs.iter().flat_map(|pair| &pair.axes);
        let mut found: Vec<&DifferenceView> = axes.filter(|difference| difference.differs).collect();
        found.sort_by(|a, b| b.size.total_cmp(&a.size));
        found.into_iter().map(|difference| difference.sentence.as_str()).collect()
    }

    /// Whether any two parts differ on the axis at this place.
    pub fn differs_on(&self, axis: usize) -> bool {
        self.pairs.iter().any(|pair| pair.axes.get(axis).is_some_and(|difference| difference.differs))
    }
}

fn part(part: &Part, by: By) -> PartView {
    let files = if part.files > 1 { format!(" from {}", count(part.files, "file")) } else { String::new() };
    // A period is called by its days.
    let days = part.days().filter(|_| by == By::Source).map(|days| format!(", {days}")).unwrap_or_default();
    PartView {
        label: part.label.clone(),
        size: format!("{}{files}, {}{days}", count(part.texts, "text"), count(part.words, "word")),
        lack: part.lack(),
        axes: axes(&part.axes),
    }
}

fn pair(parts: &Parts, compared: &Compared) -> PairOfParts {
    let (one, other) = (&parts.parts[compared.first], &parts.parts[compared.second]);
    let differences = &compared.axes;
    let differing = differences.iter().filter(|difference| difference.differs()).count();
    let summary = if differences.iter().all(Difference::is_unknown) {
        "too few texts to rule out chance".to_owned()
    } else {
        let what = match parts.by {
            By::Time => "changed",
            By::Source if differing == 1 => "differs",
            By::Source => "differ",
        };
        format!("{differing} of {} axes {what} by more than chance", differences.len())
    };
    PairOfParts {
        first: compared.first,
        second: compared.second,
        summary,
        axes: differences
            .iter()
            .map(|difference| DifferenceView {
                size: difference.coefficient.abs(),
                differs: difference.differs(),
                sentence: difference.sentence(parts.by, one, other),
            })
            .collect(),
        order: differing_first(differences),
    }
}
